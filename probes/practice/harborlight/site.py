"""Harborlight Broadband (practice): an assistant that hands over at the first request, over a WebSocket.

Pages home.html, help.html, article.html; the chat is drawn by chat.js.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Any

from aiohttp import WSMsgType, web

from tohuman.probes.practice.site import Site, as_number
from tohuman.probes.practice.talk import Talk

BOT = {"who": "bot", "name": "Beacon"}
MAYA = {"who": "crew", "name": "Maya R."}
WANTS_PERSON = re.compile(
    r"\b(humans?|persons?|people|agents?|advis[eo]rs?|represent\w*|reps?|operators?|someone|somebody|staff|crew|"
    r"team members?|colleagues?|real|live|customer (service|support|care)|specialists?|supervisors?|employees?)\b",
    re.IGNORECASE,
)
TOPICS = {
    "bill": "Your bill is ready on the 4th of each month. The article “Reading your bill” explains every line of it.",
    "router": "Hold the small button on the back for ten seconds. The light turns amber, then white.",
    "mov": "Tell us your new postcode four weeks ahead under My Harborlight, Moving home.",
    "outage": "There are no known outages on our network right now.",
}
ARTICLES = {
    "reading-your-bill": ("Reading your bill", "Line rental, usage and one-off items are listed in that order."),
    "restart-your-router": ("Restarting your router", "Ten seconds on the small button, two minutes of patience."),
    "moving-home": ("Moving home", "Give us the new postcode four weeks before the day."),
    "service-status": ("Service status", "All regions are working normally."),
    "wifi-upstairs": ("Better wifi upstairs", "Lift the router off the floor and away from the aquarium."),
    "cancelling": ("Ending your contract", "Contracts end on the last day of the month after the notice."),
}


class Harborlight(Site):
    home_path = "/"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/", self.home),
            web.get("/help", self.help),
            web.get("/help/{slug}", self.article),
            web.get("/ws", self.socket),
            web.post("/pulse", self.beacon),
        ]

    async def home(self, _request: web.Request) -> web.Response:
        return self.page("home.html")

    async def help(self, _request: web.Request) -> web.Response:
        return self.page("help.html", articles=ARTICLES)

    async def article(self, request: web.Request) -> web.Response:
        found = ARTICLES.get(request.match_info["slug"])
        if found is None:
            raise web.HTTPNotFound
        return self.page("article.html", title=found[0], text=found[1])

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(heartbeat=20)
        await ws.prepare(request)
        talk, new = self.talk(request.query.get("c", ""))
        if new:
            talk.go(self.greet(talk))
        reader = asyncio.ensure_future(self.receive(ws, talk))
        seen = 0
        try:
            while not ws.closed and not talk.closed and not reader.done():
                for event in await talk.after(seen, 1.0):
                    seen = event["n"]
                    await ws.send_json(event)
        except ConnectionError:
            pass
        finally:
            reader.cancel()
        return ws

    async def receive(self, ws: web.WebSocketResponse, talk: Talk) -> None:
        async for frame in ws:
            if frame.type is not WSMsgType.TEXT:
                return
            body: dict[str, Any] = frame.json()
            text = str(body.get("say", "")).strip()
            if text:
                self.note("message", text, as_number(body.get("at")))
                talk.put("line", who="me", name="You", text=text)
                talk.go(self.answer(talk, text))

    async def greet(self, talk: Talk) -> None:
        await self.bubble(talk, BOT, "Hi there! I’m Beacon, Harborlight’s virtual assistant.", 0.5)
        await self.bubble(talk, BOT, "I know a lot about bills, routers and moving home.", 0.6)

    async def bubble(self, talk: Talk, author: dict[str, str], text: str, pause: float) -> None:
        talk.put("typing", on=True, **author)
        await asyncio.sleep(pause)
        talk.put("typing", on=False, **author)
        talk.put("line", text=text, **author)

    async def answer(self, talk: Talk, text: str) -> None:
        if talk.memory.get("crew"):
            return
        if WANTS_PERSON.search(text):
            talk.memory["crew"] = True
            await self.bubble(talk, BOT, "Of course. I’m connecting you with a member of our care crew now.", 0.8)
            self.reached("offered")
            await asyncio.sleep(2.4)
            talk.put("line", who="note", name="", text="Maya R. has joined the chat")
            self.reached("joined")
            await self.bubble(talk, MAYA, "Hello, this is Maya in the Swansea office. I’ve read the above.", 1.4)
            return
        for stem, reply in TOPICS.items():
            if stem in text.lower():
                await self.bubble(talk, BOT, reply, 0.9)
                return
        await self.bubble(talk, BOT, "Sorry, that one went over my head. A few plain words work best with me.", 0.7)


SITE = Harborlight
