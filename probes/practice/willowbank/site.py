"""Willowbank Garden Supply (practice): somebody answers, and nothing tells whether it is a person.

No greeting, no name, no join notice; the typing sign outlasts its message by two seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk

#: Free of template and punctuation, as somebody types between two other jobs.
ANSWERS = (
    "hiya yep sorry was out in the yard with a delivery",
    "right had a quick look out back theres loads left on the second bench so dont worry",
    "no bother ta ra",
)
SIGN_OUTLASTS = 2.0


class Willowbank(Site):
    help_path = "/shop/questions"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/shop/questions", self.questions),
            web.post("/shop/m/{thread}", self.post),
            web.get("/shop/m/{thread}", self.get),
            web.post("/shop/tally", self.beacon),
        ]

    async def questions(self, _request: web.Request) -> web.Response:
        return self.page("questions.html")

    async def get(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.match_info["thread"])
        return web.json_response(await talk.after(int(as_number(request.query.get("n")) or 0), 2.0))

    async def post(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.match_info["thread"])
        body = await read_json(request)
        text = str(body.get("text", "")).strip()
        if text:
            self.note("message", text, as_number(body.get("at")))
            said = talk.memory["said"] = talk.memory.get("said", 0) + 1
            if said <= len(ANSWERS):
                talk.go(self.answer(talk, said))
        return web.Response(status=204)

    async def answer(self, talk: Talk, number: int) -> None:
        await asyncio.sleep(0.9)
        talk.put("sign", on=True)
        await asyncio.sleep(1.5)
        talk.put("text", text=ANSWERS[number - 1])
        if number == 2:
            # Whoever it is has now been occupied: what the visitor says from here on is leaving.
            self.reached("joined")
        await asyncio.sleep(SIGN_OUTLASTS)
        talk.put("sign", on=False)


SITE = Willowbank
