// vue-beautiful-chat's own launcher floats on every page of the help centre; messages are posted, news come by long poll.
import Vue from "vue";
import Chat from "vue-beautiful-chat";

Vue.use(Chat);
Vue.config.productionTip = false;

const colours = (strong) => ({
  header: { bg: strong, text: "#ffffff" },
  launcher: { bg: strong },
  messageList: { bg: "#ffffff" },
  sentMessage: { bg: strong, text: "#ffffff" },
  receivedMessage: { bg: "#eaeaea", text: "#222222" },
  userInput: { bg: "#f4f7f9", text: "#565867" },
});
const dot =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='40' height='40' viewBox='0 0 8 8'%3E%3Ccircle cx='4' cy='4' r='4' fill='%23888'/%3E%3C/svg%3E";

const start = (desk) => new Vue({
  el: "#support-chat",
  data: {
    messageList: [],
    participants: [{ id: "bot", name: desk.bot_name, imageUrl: dot }],
    isOpen: false,
    typing: "",
    unread: 0,
    begun: false,
  },
  methods: {
    tell(news) {
      this.typing = "";
      if (news.author === "system") {
        this.messageList = [...this.messageList, { type: "system", author: "bot", data: { text: news.text } }];
        return;
      }
      const author = news.name || "bot";
      if (!this.participants.some((one) => one.id === author)) {
        this.participants = [...this.participants, { id: author, name: author, imageUrl: dot }];
      }
      const message = { type: "text", author, data: { text: news.text } };
      if (news.options.length) message.suggestions = news.options;
      this.messageList = [...this.messageList, message];
      if (!this.isOpen) this.unread += 1;
    },
    async send(message) {
      this.messageList = [...this.messageList, message];
      this.typing = "bot";
      const answer = await fetch("/api/message", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ visitor: desk.visitor, text: message.data.text }),
      });
      (await answer.json()).news.forEach(this.tell);
      this.typing = "";
    },
    async listen() {
      for (;;) {
        const answer = await fetch(`/api/poll?visitor=${desk.visitor}`);
        if (!answer.ok) return;
        (await answer.json()).news.forEach(this.tell);
      }
    },
    open() {
      this.isOpen = true;
      this.unread = 0;
      if (this.begun) return;
      this.begun = true;
      desk.greeting.forEach(this.tell);
      this.listen();
    },
    close() {
      this.isOpen = false;
    },
  },
  render(h) {
    return h("beautiful-chat", {
      props: {
        participants: this.participants,
        titleImageUrl: dot,
        title: desk.title,
        onMessageWasSent: this.send,
        messageList: this.messageList,
        newMessagesCount: this.unread,
        isOpen: this.isOpen,
        close: this.close,
        open: this.open,
        placeholder: desk.placeholder,
        showEmoji: false,
        showFile: false,
        showTypingIndicator: this.typing,
        colors: colours("#2f7d4f"),
        alwaysScrollToBottom: true,
        messageStyling: false,
      },
    });
  },
});

// Above the help centre's own header, which sticks to the top.
const style = document.createElement("style");
style.textContent = ".sc-chat-window, .sc-launcher { z-index: 10 }";
document.head.append(style);

const place = document.createElement("div");
place.id = "support-chat";
document.body.append(place);
fetch("/api/desk").then((answer) => answer.json()).then(start);
