// The contact page's chat with chatscope's kit (MessageList, MessageInput, TypingIndicator) over one WebSocket.
import { createRoot } from "react-dom/client";
import { useEffect, useRef, useState } from "react";
import {
  ChatContainer, ConversationHeader, MainContainer, Message, MessageInput, MessageList, MessageSeparator,
  TypingIndicator,
} from "@chatscope/chat-ui-kit-react";
import "@chatscope/chat-ui-kit-styles/dist/default/styles.min.css";

function Ask({ form }) {
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <p>{form.title}</p>
      {form.fields.map((field) => (
        <p key={field.label}>
          <label>{field.label}{field.required ? " *" : ""}<br /><input name={field.label} required={field.required} /></label>
        </p>
      ))}
      <button type="submit">{form.submit}</button>
    </form>
  );
}

function Support({ desk }) {
  const [said, setSaid] = useState(desk.greeting);
  const [typing, setTyping] = useState(false);
  const socket = useRef(null);

  useEffect(() => {
    socket.current = new WebSocket(`ws://${location.host}/api/socket?visitor=${desk.visitor}`);
    socket.current.onmessage = (event) => {
      const news = JSON.parse(event.data);
      if (news.typing) return setTyping(true);
      setTyping(false);
      return setSaid((before) => [...before, news]);
    };
    return () => socket.current.close();
  }, []);

  const send = (html, text) => {
    setSaid((before) => [...before, { author: "me", text }]);
    socket.current.send(JSON.stringify({ text }));
  };

  const shown = said.map((news, i) => {
    if (news.author === "system") return <MessageSeparator key={i} content={news.text} />;
    const mine = news.author === "me";
    const sender = mine ? desk.you : news.name || desk.bot_name;
    return (
      <Message
        key={i}
        model={{
          direction: mine ? "outgoing" : "incoming", position: "single", sender, type: "custom",
        }}
      >
        {!mine && <Message.Header sender={sender} />}
        <Message.CustomContent>{news.text}{news.form && <Ask form={news.form} />}</Message.CustomContent>
      </Message>
    );
  });

  return (
    <MainContainer>
      <ChatContainer>
        <ConversationHeader><ConversationHeader.Content userName={desk.title} /></ConversationHeader>
        <MessageList typingIndicator={typing ? <TypingIndicator content={desk.typing} /> : null}>{shown}</MessageList>
        <MessageInput placeholder={desk.placeholder} onSend={send} attachButton={false} />
      </ChatContainer>
    </MainContainer>
  );
}

const place = document.getElementById("support-chat");
place.style.cssText = "position: relative; height: 560px; max-width: 720px";
fetch("/api/desk")
  .then((answer) => answer.json())
  .then((desk) => createRoot(place).render(<Support desk={desk} />));
