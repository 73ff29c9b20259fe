// A page of its own with Semi Design's Chat; a message is posted and answered as JSON, later news come by long poll.
import { createRoot } from "react-dom/client";
import { useEffect, useRef, useState } from "react";
import { Chat, LocaleProvider } from "@douyinfe/semi-ui";
import enUS from "@douyinfe/semi-ui/lib/es/locale/source/en_US";
import zhCN from "@douyinfe/semi-ui/lib/es/locale/source/zh_CN";
import "./app.css";

// Semi shows an avatar for every role; these are drawn here so that no picture is fetched from anywhere.
const dot = (colour) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="${colour}"/></svg>`)}`;

let count = 0;
const id = () => `m${++count}`;

function Support({ desk }) {
  const [chats, setChats] = useState([]);
  const [hints, setHints] = useState([]);
  const polling = useRef(false);

  const tell = (news) => {
    const role = news.author === "bot" ? "assistant" : news.author;
    setChats((before) => [
      ...before.filter((chat) => chat.status !== "loading"),
      { role, id: id(), createAt: Date.now(), content: news.text, name: news.name || undefined },
    ]);
    setHints(news.options);
  };

  const send = async (text) => {
    setHints([]);
    setChats((before) => [...before, { role: "assistant", id: id(), createAt: Date.now(), status: "loading" }]);
    const answer = await fetch("/api/message", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ visitor: desk.visitor, text }),
    });
    const { news } = await answer.json();
    if (news.length === 0) setChats((before) => before.filter((chat) => chat.status !== "loading"));
    news.forEach(tell);
  };

  useEffect(() => {
    if (polling.current) return;
    polling.current = true;
    desk.greeting.forEach(tell);
    const listen = async () => {
      for (;;) {
        const answer = await fetch(`/api/poll?visitor=${desk.visitor}`);
        if (!answer.ok) return;
        (await answer.json()).news.forEach(tell);
      }
    };
    listen();
  }, []);

  const roles = {
    user: { name: desk.you, avatar: dot("#6a6f7a") },
    assistant: { name: desk.bot_name, avatar: dot("#3b82c4") },
    system: { name: desk.company, avatar: dot("#b0b4bb") },
    agent: { name: chats.findLast((chat) => chat.role === "agent")?.name, avatar: dot("#c4763b") },
  };

  return (
    <LocaleProvider locale={desk.locale === "en" ? enUS : zhCN}>
      <Chat
        style={{ height: "100%" }}
        align="leftRight"
        mode="bubble"
        chats={chats}
        onChatsChange={setChats}
        onMessageSend={send}
        hints={hints}
        onHintClick={send}
        roleConfig={roles}
        placeholder={desk.placeholder}
        chatBoxRenderConfig={{ renderChatBoxAction: () => null }}
        enableUpload={false}
      />
    </LocaleProvider>
  );
}

const place = document.getElementById("support-chat");
fetch("/api/desk")
  .then((answer) => answer.json())
  .then((desk) => {
    document.title = desk.title;
    document.getElementById("support-title").textContent = desk.title;
    createRoot(place).render(<Support desk={desk} />);
  });
