"""云雀通信 (practice, phone): a queue whose position falls from four to one, then a person.

The chat is a page of its own, polled by fetch once a second; the queue's line is one message that changes in place.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk

#: Seconds between two positions; four of them, and the walk to the desk, are about twenty.
STEP = 4.6
PERSON = re.compile("人工|真人|活人|客服|[坐座]席|专员|话务员|营业员|工作人员|转接|找.{0,2}人|有人|人来|人吗|人聊|人说")
BILL = re.compile("话费|余额|账单|扣费")
DATA = re.compile("流量|网速|断网")


class Yunque(Site):
    help_path = "/m/service"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/m/service", self.service),
            web.get("/m/service/{key}", self.entry),
            web.get("/m/chat", self.chat),
            web.post("/m/api/open", self.open),
            web.post("/m/api/send", self.send),
            web.post("/m/api/quit", self.quit),
            web.get("/m/api/pull", self.pull),
            web.post("/m/api/tap", self.beacon),
        ]

    async def service(self, _request: web.Request) -> web.Response:
        return self.page("service.html")

    async def entry(self, request: web.Request) -> web.Response:
        return self.page("entry.html", key=request.match_info["key"])

    async def chat(self, _request: web.Request) -> web.Response:
        return self.page("chat.html")

    async def open(self, request: web.Request) -> web.Response:
        body = await read_json(request)
        talk, new = self.talk(str(body.get("sid", "")))
        if new:
            talk.go(self.first(talk))
        return web.json_response({})

    async def first(self, talk: Talk) -> None:
        await asyncio.sleep(0.7)
        talk.put("msg", role="robot", text="云雀智能客服小雀为您服务,话费、流量、宽带业务都能查。")

    async def pull(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.query.get("sid", ""))
        return web.json_response(await talk.after(int(as_number(request.query.get("n")) or 0)))

    async def send(self, request: web.Request) -> web.Response:
        body = await read_json(request)
        talk, _ = self.talk(str(body.get("sid", "")))
        text = str(body.get("text", "")).strip()
        if text:
            self.note("message", text, as_number(body.get("at")))
            talk.go(self.answer(talk, text))
        return web.json_response({})

    async def quit(self, request: web.Request) -> web.Response:
        body = await read_json(request)
        talk, _ = self.talk(str(body.get("sid", "")))
        if talk.memory.pop("queued", None):
            talk.stop_scripts()
            talk.put("queue", text="您已取消排队", live=False)
            self.reached("over")
        return web.json_response({})

    async def answer(self, talk: Talk, text: str) -> None:
        if talk.memory.get("queued") or talk.memory.get("staff"):
            return
        await asyncio.sleep(0.8)
        if PERSON.search(text):
            talk.memory["queued"] = True
            await self.queue(talk)
        elif BILL.search(text):
            talk.put("msg", role="robot", text="您可在首页「我的套餐」里看到本月账单与余额。")
        elif DATA.search(text):
            talk.put("msg", role="robot", text="重启手机后再试,多数网络异常可以恢复。")
        else:
            talk.put("msg", role="robot", text="小雀没有理解您的意思。")

    async def queue(self, talk: Talk) -> None:
        for position in (4, 3, 2, 1):
            text = f"正在排队接入人工坐席,您前面还有 {position} 位用户,预计等待 {position * 5} 秒"
            talk.put("queue", text=text, live=True)
            self.reached("offered")
            await asyncio.sleep(STEP)
        talk.put("queue", text="排队结束", live=False)
        talk.memory.pop("queued", None)
        talk.memory["staff"] = True
        talk.put("tip", text="工号 5512 的坐席 沈佳 已接入,为您服务")
        self.reached("joined")
        await asyncio.sleep(1.2)
        talk.put("msg", role="seat", text="您好,我是沈佳,工号 5512,很高兴为您服务。")


SITE = Yunque
