"""Kestrel Parcel Post (practice): the team has gone home, whatever the clock says. Answers stream word by word.

One POST per line; its response is a server-sent stream that the page appends to one growing message.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json

PERSON = re.compile(
    r"\b(human|person|people|agent|advis[oe]r|representative|rep|operator|someone|somebody|anyone|staff|team|colleague|"
    r"real|live|customer (service|support|care)|specialist|supervisor|employee)s?\b",
    re.IGNORECASE,
)
CLOSED = (
    "Our customer team has finished for today. They are here Monday to Friday, 9:00 to 17:00, and back tomorrow. "
    "If you like, leave a message in the meantime."
)
KNOWS = {
    "track": "Type the fourteen signs of your parcel number into the box on our front page.",
    "damag": "Keep the wrapping, take a picture, and send both with the claim sheet.",
    "redeliver": "A second attempt is made the next working day without your doing anything.",
}


class Kestrelpost(Site):
    help_path = "/support/"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/support/", self.support),
            web.get("/support/leave-a-message", self.leave),
            web.post("/support/ask", self.ask),
            web.post("/support/ping", self.beacon),
        ]

    async def support(self, _request: web.Request) -> web.Response:
        return self.page("support.html")

    async def leave(self, _request: web.Request) -> web.Response:
        return self.page("leave.html")

    async def ask(self, request: web.Request) -> web.StreamResponse:
        body = await read_json(request)
        text = str(body.get("text", "")).strip()
        if text:
            self.note("message", text, as_number(body.get("at")))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        try:
            await self.stream(response, text)
        except ConnectionError:
            pass
        return response

    async def stream(self, response: web.StreamResponse, text: str) -> None:
        shut = bool(PERSON.search(text))
        known = next((reply for stem, reply in KNOWS.items() if stem in text.lower()), None)
        if not text:
            words = "Welcome to Kestrel. I am Kit, the parcel bot, and I know about tracking, damage and redelivery."
        else:
            words = CLOSED if shut else known or "That is beyond a parcel bot, I fear."
        await asyncio.sleep(0.6)
        for word in words.split(" "):
            await response.write(f"data: {json.dumps({'word': word})}\n\n".encode())
            await asyncio.sleep(0.055)
        await response.write(f"data: {json.dumps({'end': True, 'closed': shut})}\n\n".encode())


SITE = Kestrelpost
