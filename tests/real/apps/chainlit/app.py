"""The chat page of a help centre as a chainlit app. It only passes on what the desk's server says."""

from __future__ import annotations

import asyncio
import os

import chainlit as cl
import httpx

DESK = os.environ["DESK"]


async def tell(news: dict) -> None:
    if news["author"] == "system":
        await cl.Message(content=news["text"], author="system", type="system_message").send()
        return
    actions = [cl.Action(name="option", payload={"say": label}, label=label) for label in news["options"]]
    author = news["name"] or cl.user_session.get("bot_name")
    await cl.Message(content=news["text"], author=author, actions=actions).send()


async def ask(text: str) -> None:
    async with httpx.AsyncClient(base_url=DESK, timeout=60, trust_env=False) as client:
        answer = await client.post("/api/message", json={"visitor": cl.user_session.get("visitor"), "text": text})
    for news in answer.json()["news"]:
        await tell(news)


async def listen(visitor: str) -> None:
    """Later news: the queue, a person."""
    async with httpx.AsyncClient(base_url=DESK, timeout=60, trust_env=False) as client:
        while True:
            answer = await client.get("/api/poll", params={"visitor": visitor})
            if answer.status_code != 200:
                return
            for news in answer.json()["news"]:
                await tell(news)


@cl.on_chat_start
async def start() -> None:
    async with httpx.AsyncClient(base_url=DESK, timeout=60, trust_env=False) as client:
        desk = (await client.get("/api/desk")).json()
    cl.user_session.set("visitor", desk["visitor"])
    cl.user_session.set("bot_name", desk["bot_name"])
    for news in desk["greeting"]:
        await tell(news)
    cl.user_session.set("listener", asyncio.create_task(listen(desk["visitor"])))


@cl.on_message
async def message(said: cl.Message) -> None:
    await ask(said.content)


@cl.action_callback("option")
async def option(action: cl.Action) -> None:
    await cl.Message(content=action.payload["say"], author="User", type="user_message").send()
    await ask(action.payload["say"])


@cl.on_chat_end
async def end() -> None:
    listener = cl.user_session.get("listener")
    if listener is not None:
        listener.cancel()
