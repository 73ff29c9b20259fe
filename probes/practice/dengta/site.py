"""灯塔缴费 (practice): menus of numbered keys, three deep; the person is a key of the third.

The chat is a frame in a frame. menu.yaml holds the menus; the inner frame is of another origin and long-polls for rows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import yaml
from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk


class Dengta(Site):
    two_origins = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.menu: dict[str, Any] = yaml.safe_load((self.folder / "menu.yaml").read_text(encoding="utf-8"))

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/help", self.show("fuwu.html")),
            web.get("/desk", self.show("desk.html")),
            web.get("/keys", self.show("keys.html")),
            web.get("/keys/rows", self.rows),
            web.post("/keys/press", self.press),
            web.post("/keys/type", self.type),
            web.post("/keys/log", self.beacon),
        ]

    def show(self, name: str) -> Any:
        async def handler(_request: web.Request) -> web.Response:
            return self.page(name, notices=self.menu["notices"])

        return handler

    async def rows(self, request: web.Request) -> web.Response:
        talk, new = self.talk(request.query.get("k", ""))
        if new:
            talk.memory["level"] = "first"
            talk.go(self.offer(talk))
        return web.json_response(await talk.after(int(as_number(request.query.get("n")) or 0), 6.0))

    async def offer(self, talk: Talk) -> None:
        level = self.menu[talk.memory["level"]]
        await asyncio.sleep(0.6)
        talk.put("menu", text=level["text"], keys=[f"按{key['key']} {key['name']}" for key in level["keys"]])

    async def press(self, request: web.Request) -> web.Response:
        body = await read_json(request)
        talk, _ = self.talk(str(body.get("k", "")))
        label = str(body.get("label", ""))
        level = self.menu.get(talk.memory.get("level", ""))
        key = next((k for k in level["keys"] if f"按{k['key']} {k['name']}" == label), None) if level else None
        self.note("press", label, as_number(body.get("at")))
        talk.put("mine", text=label)
        if key is not None:
            talk.go(self.follow(talk, key))
        return web.json_response({})

    async def follow(self, talk: Talk, key: dict[str, Any]) -> None:
        if "says" in key:
            await asyncio.sleep(0.7)
            talk.put("his", text=key["says"])
            await self.offer(talk)
        elif key["to"] == "seat":
            talk.memory["level"] = ""
            await self.seat(talk)
        else:
            talk.memory["level"] = key["to"]
            await self.offer(talk)

    async def type(self, request: web.Request) -> web.Response:
        body = await read_json(request)
        talk, _ = self.talk(str(body.get("k", "")))
        text = str(body.get("text", "")).strip()
        if text:
            self.note("message", text, as_number(body.get("at")))
            talk.put("mine", text=text)
            if talk.memory.get("level"):
                talk.go(self.insist(talk))
        return web.json_response({})

    async def insist(self, talk: Talk) -> None:
        await asyncio.sleep(0.5)
        talk.put("his", text=self.menu["insist"])
        await self.offer(talk)

    async def seat(self, talk: Talk) -> None:
        await asyncio.sleep(0.8)
        talk.put("his", text=self.menu["connecting"])
        self.reached("offered")
        await asyncio.sleep(2.6)
        talk.put("note", text=self.menu["joined"])
        self.reached("joined")
        await asyncio.sleep(1.1)
        talk.put("person", text=self.menu["hello"])


SITE = Dengta
