"""麦芽到家 (practice): bot and hotline refer to each other. A single-page app with hash routes; the chat stands beside.

One HTML shell; app.js renders the routes #/help, #/contact and #/a/<n> and keeps the chat across them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk

HOTLINE = "400-000-0623"
STAFF = re.compile("人工|真人|活人|客服|[坐座]席|专员|师傅|工作人员|接线|转接|找.{0,3}人|有人|人[来吗聊]")
#: Facts of daily life, by what they are about.
FACTS = (
    (re.compile("保洁|打扫"), "保洁阿姨会在预约时段前十分钟到小区门口。"),
    (re.compile("搬家"), "搬家订单需提前一天锁定车型。"),
    (re.compile("维修|修"), "家电维修先上门检测,检测费可抵扣。"),
    (re.compile("取消"), "服务开始前四小时取消不收费用。"),
)


class Maiya(Site):
    help_path = "/#/help"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/", self.shell),
            web.post("/api/chat/{conversation}", self.say),
            web.get("/api/chat/{conversation}", self.read),
            web.post("/api/trace", self.beacon),
        ]

    async def shell(self, _request: web.Request) -> web.Response:
        return self.page("index.html", hotline=HOTLINE)

    async def read(self, request: web.Request) -> web.Response:
        talk, new = self.talk(request.match_info["conversation"])
        if new:
            talk.put("bubble", from_="ya", text="嗨,我是麦芽家的机器人芽芽,家政预约的流程我最清楚。")
        return web.json_response(await talk.after(int(as_number(request.query.get("since")) or 0)))

    async def say(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.match_info["conversation"])
        body = await read_json(request)
        text = str(body.get("text", "")).strip()
        if text:
            self.note("message", text, as_number(body.get("at")))
            talk.put("bubble", from_="you", text=text)
            talk.go(self.think(talk, text))
        return web.json_response({"accepted": bool(text)}, status=202)

    async def think(self, talk: Talk, text: str) -> None:
        talk.put("state", typing=True)
        await asyncio.sleep(1.0)
        talk.put("state", typing=False)
        if STAFF.search(text):
            reply = f"网页端没有人工服务,需要人工请拨打客服热线 {HOTLINE}。"
        else:
            reply = next((fact for pattern, fact in FACTS if pattern.search(text)), "芽芽的知识库里没有这一条。")
        talk.put("bubble", from_="ya", text=reply)


SITE = Maiya
