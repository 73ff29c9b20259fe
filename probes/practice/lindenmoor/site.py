"""Lindenmoor Savings (practice): the helpful one. A single question with three options, and a person within seconds.

The launcher acts on pointerdown and is gone before the click; a home screen with tiles lies before the conversation.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk

OPTIONS = ("A payment", "My card", "Something else")
ASKED = re.compile(
    r"human|person|people|agent|advis[eo]r|represent|operator|some(one|body)|any(one|body)|staff|team|colleague|banker|"
    r"real|live|customer (service|support|care)|specialist|talk|speak",
    re.IGNORECASE,
)
PLAIN = {
    "rate": "Easy Saver pays 3.1 % a year, paid out every quarter.",
    "card": "A lost card can be frozen in two taps under Cards.",
}


class Lindenmoor(Site):
    help_path = "/help-and-guides"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/help-and-guides", self.guides),
            web.get("/messenger/{who}/events", self.events),
            web.post("/messenger/{who}", self.heard),
            web.post("/messenger/{who}/option", self.option),
            web.post("/m", self.beacon),
        ]

    async def guides(self, _request: web.Request) -> web.Response:
        return self.page("guides.html")

    async def events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        talk, new = self.talk(request.match_info["who"])
        if new:
            talk.go(self.lindy(talk, "Hello, this is Lindy, the bank’s bot."))
        seen = int(as_number(request.headers.get("Last-Event-ID")) or 0)
        try:
            while not talk.closed:
                for event in await talk.after(seen, 4.0):
                    seen = event["n"]
                    await response.write(f"id: {seen}\ndata: {json.dumps(event)}\n\n".encode())
                await response.write(b":\n\n")
        except ConnectionError:
            pass
        return response

    async def lindy(self, talk: Talk, text: str, options: tuple[str, ...] = ()) -> None:
        talk.put("dots")
        await asyncio.sleep(0.7)
        talk.put("part", author="Lindy", text=text, options=list(options))

    async def heard(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.match_info["who"])
        body = await read_json(request)
        text = str(body.get("text", "")).strip()
        if text:
            self.note("message", text, as_number(body.get("at")))
            talk.put("part", author="", text=text, options=[])
            talk.go(self.reply(talk, text))
        return web.Response(status=204)

    async def reply(self, talk: Talk, text: str) -> None:
        if talk.memory.get("passed"):
            return
        if ASKED.search(text):
            await self.lindy(talk, "Gladly. Please choose what it is about:", OPTIONS)
            return
        known = next((line for stem, line in PLAIN.items() if stem in text.lower()), "That is not in my books.")
        await self.lindy(talk, known)

    async def option(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.match_info["who"])
        body = await read_json(request)
        label = str(body.get("label", ""))
        if label in OPTIONS and not talk.memory.get("passed"):
            talk.memory["passed"] = True
            self.note("press", label, as_number(body.get("at")))
            talk.put("part", author="", text=label, options=[])
            talk.go(self.pass_on(talk))
        return web.Response(status=204)

    async def pass_on(self, talk: Talk) -> None:
        await self.lindy(talk, "Thank you, I am passing you to a colleague.")
        self.reached("offered")
        await asyncio.sleep(2.2)
        talk.put("event", text="Priya Nair joined the conversation")
        self.reached("joined")
        await asyncio.sleep(1.2)
        talk.put("part", author="Priya Nair", text="Morning, Priya here. I can see your messages above.", options=[])


SITE = Lindenmoor
