// A button on the contact page opens a drawer with Ant Design X's Bubble.List and Sender; both directions over one
// WebSocket. What the desk says and when is the server's.
import { createRoot } from "react-dom/client";
import { useEffect, useRef, useState } from "react";
import { Bubble, Prompts, Sender } from "@ant-design/x";
import { Button, ConfigProvider, Drawer, Form, Input } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";

const roles = (desk) => ({
  ai: { placement: "start", variant: "outlined", header: desk.bot_name },
  agent: (item) => ({ placement: "start", variant: "filled", header: item.extraInfo?.name }),
  user: { placement: "end" },
});

function Ask({ form }) {
  return (
    <Form layout="vertical" style={{ minWidth: 260 }}>
      <p>{form.title}</p>
      {form.fields.map((field) => (
        <Form.Item key={field.label} name={field.label} label={field.label} rules={[{ required: field.required }]}>
          <Input />
        </Form.Item>
      ))}
      <Button type="primary" htmlType="submit">{form.submit}</Button>
    </Form>
  );
}

function Support({ desk }) {
  const [open, setOpen] = useState(false);
  const [items, setItems] = useState([]);
  const [waiting, setWaiting] = useState(false);
  const [draft, setDraft] = useState("");
  const socket = useRef(null);
  const count = useRef(0);

  const add = (item) => setItems((before) => [...before, { key: ++count.current, ...item }]);

  const tell = (news) => {
    setWaiting(false);
    if (news.author === "system") add({ role: "system", content: news.text });
    else add({ role: news.author === "agent" ? "agent" : "ai", content: news.text, extraInfo: { name: news.name } });
    if (news.options.length || news.form) {
      add({ role: "ai", variant: "borderless", header: null, content: news, contentRender: extra });
    }
  };

  const say = (text) => {
    add({ role: "user", content: text });
    setDraft("");
    setWaiting(true);
    socket.current.send(JSON.stringify({ text }));
  };

  const extra = (news) => (
    <>
      {news.options.length > 0 && (
        <Prompts
          wrap
          items={news.options.map((label) => ({ key: label, label }))}
          onItemClick={({ data }) => say(data.label)}
        />
      )}
      {news.form && <Ask form={news.form} />}
    </>
  );

  useEffect(() => {
    if (!open || socket.current) return;
    socket.current = new WebSocket(`ws://${location.host}/api/socket?visitor=${desk.visitor}`);
    socket.current.onmessage = (event) => {
      const news = JSON.parse(event.data);
      if (!news.typing) tell(news);
    };
    desk.greeting.forEach(tell);
  }, [open]);

  const shown = waiting ? [...items, { key: "waiting", role: "ai", loading: true, content: "" }] : items;
  return (
    <ConfigProvider locale={desk.locale === "en" ? enUS : zhCN}>
      <Button type="primary" size="large" onClick={() => setOpen(true)}>{desk.launcher}</Button>
      <Drawer title={desk.title} open={open} onClose={() => setOpen(false)} size={420}>
        <div data-seen="conversation" style={{ display: "flex", flexDirection: "column", height: "100%" }}>
          <Bubble.List role={roles(desk)} items={shown} style={{ flex: 1, minHeight: 0 }} />
          <Sender
            value={draft}
            onChange={setDraft}
            onSubmit={say}
            loading={waiting}
            placeholder={desk.placeholder}
          />
        </div>
      </Drawer>
    </ConfigProvider>
  );
}

const place = document.getElementById("support-chat");
fetch("/api/desk")
  .then((answer) => answer.json())
  .then((desk) => createRoot(place).render(<Support desk={desk} />));
