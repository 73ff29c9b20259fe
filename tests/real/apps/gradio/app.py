"""The chat of a help centre as a gradio ChatInterface. It only passes on what the desk's server says."""

from __future__ import annotations

import os
from collections.abc import Iterator

import gradio as gr
import httpx

DESK, PORT = os.environ["DESK"], int(os.environ["PORT"])
desk = httpx.Client(base_url=DESK, timeout=60, trust_env=False)
about = desk.get("/api/desk").json()
visitors: dict[str, str] = {}


def shown(news: dict) -> dict:
    return {"role": "assistant", "content": news["text"]}


def answer(text: str, history: list, request: gr.Request) -> Iterator[list[dict]]:
    """The reply, and while the visitor waits in a queue what is said later, message by message."""
    if request.session_hash not in visitors:
        visitors[request.session_hash] = desk.get("/api/desk").json()["visitor"]
    visitor = visitors[request.session_hash]
    told = desk.post("/api/message", json={"visitor": visitor, "text": text}).json()
    said = [shown(news) for news in told["news"]]
    yield said
    coming = told["later"]
    while coming:
        for news in desk.get("/api/poll", params={"visitor": visitor}).json()["news"]:
            coming -= 1
            said = [*said, shown(news)]
            yield said


options = [option for news in about["greeting"] for option in news["options"]]
greeting = [] if options else [{"role": "assistant", "content": news["text"]} for news in about["greeting"]]
fonts = ["system-ui", "sans-serif"]
theme = gr.themes.Default(font=fonts, font_mono=["monospace"])

chat = gr.ChatInterface(
    answer,
    title=about["title"],
    chatbot=gr.Chatbot(value=greeting, show_label=False, height=380, buttons=["copy"]),
    textbox=gr.Textbox(placeholder=about["placeholder"], show_label=False, container=False, scale=7),
    examples=options or None,
    concurrency_limit=None,
    analytics_enabled=False,
)
chat.launch(
    server_name="127.0.0.1",
    server_port=PORT,
    share=False,
    quiet=True,
    theme=theme,
    footer_links=[],
    head=f'<script src="{DESK}/site/seen.js"></script>',
)
