"""山岚网盘 (practice, phone): whatever is said, the same sentence comes back. A sheet over the page, long polling.

The one sentence is the whole bot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk

GREETING = "山岚小管家上线啦,存储与分享的知识随时为您播报。"
SENTENCE = "小管家目前掌握的知识有:空间扩容、会员续费、文件找回、分享链接。"


class Shanlan(Site):
    help_path = "/h5/help"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/h5/help", self.help),
            web.put("/h5/im/{key}", self.put),
            web.get("/h5/im/{key}/{seen}", self.get),
            web.post("/h5/point", self.beacon),
        ]

    async def help(self, _request: web.Request) -> web.Response:
        return self.page("h5.html")

    async def get(self, request: web.Request) -> web.Response:
        talk, new = self.talk(request.match_info["key"])
        if new:
            talk.put("text", bot=True, text=GREETING)
        seen = int(as_number(request.match_info["seen"]) or 0)
        return web.json_response({"items": await talk.after(seen, 9.0)})

    async def put(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.match_info["key"])
        body = await read_json(request)
        text = str(body.get("t", "")).strip()
        if text:
            self.note("message", text, as_number(body.get("at")))
            talk.put("text", bot=False, text=text)
            talk.go(self.parrot(talk))
        return web.Response(status=204)

    async def parrot(self, talk: Talk) -> None:
        await asyncio.sleep(0.75)
        talk.put("text", bot=True, text=SENTENCE)


SITE = Shanlan
