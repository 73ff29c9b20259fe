// The contact page's chat: TDesign's ChatBot in the page, answers streamed over SSE, later news (queue, agent) pushed
// by the server. No logic of a conversation lives here: what the desk says and when is the server's.
import { createRoot } from "react-dom/client";
import { useEffect, useMemo, useRef } from "react";
import { ChatBot } from "@tdesign-react/chat";
import "@tdesign-react/chat/es/style/index.js";
import "./app.css";

const content = (news) => {
  const parts = [{ type: "text", data: news.text }];
  if (news.options?.length) {
    parts.push({ type: "suggestion", data: news.options.map((title) => ({ title, prompt: title })) });
  }
  return parts;
};

function Support({ desk }) {
  const chat = useRef(null);

  const defaultMessages = useMemo(
    () => desk.greeting.map((news, i) => ({
      id: `hello-${i}`, role: "assistant", status: "complete", content: content(news),
    })),
    [desk],
  );

  useEffect(() => {
    const source = new EventSource(`/api/push?visitor=${desk.visitor}`);
    source.onmessage = (event) => {
      const news = JSON.parse(event.data);
      if (news.author === "system") chat.current.sendSystemMessage(news.text);
      else {
        const id = `news-${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
        const said = { id, role: "assistant", status: "complete", content: content(news), ext: { name: news.name } };
        chat.current.setMessages([said], "append");
      }
    };
    return () => source.close();
  }, [desk]);

  const service = useMemo(() => ({
    endpoint: "/api/stream",
    stream: true,
    onRequest: ({ prompt }) => ({
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ visitor: desk.visitor, text: prompt }),
    }),
    onMessage: (chunk) => {
      const { type, data } = chunk.data;
      if (type === "text") return { type: "text", data };
      if (type === "suggestion") return { type: "suggestion", data: data.map((title) => ({ title, prompt: title })) };
      return null;
    },
  }), [desk]);

  return (
    <ChatBot
      ref={chat}
      defaultMessages={defaultMessages}
      messageProps={(message) => (message.role === "assistant" ? {
        name: message.ext?.name || desk.bot_name,
        variant: "outline",
        placement: "left",
        actions: false,
        chatContentProps: { suggestion: { directSend: true } },
      } : message.role === "user" ? { variant: "base", placement: "right" } : {})}
      senderProps={{ placeholder: desk.placeholder, actions: ["send"] }}
      chatServiceConfig={service}
    />
  );
}

const place = document.getElementById("support-chat");
fetch("/api/desk")
  .then((answer) => answer.json())
  .then((desk) => createRoot(place).render(<Support desk={desk} />));
