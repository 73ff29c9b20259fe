"""洛神花妆 (practice): a transfer announced, and taken back for a message form. The chat is a window of its own.

Each answer comes as several bubbles; the popup polls.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk

#: Seconds between the announcement and its being taken back; well within the watch.
TAKEN_BACK = 4.0
PEOPLE = (
    "人工", "真人", "活人", "客服", "坐席", "座席", "专员", "美容顾问", "导购", "工作人员", "转接", "找人", "找个人",
)  # fmt: skip
MORE_PEOPLE = ("有人", "人吗", "人来", "人聊", "人说")
TRADE = {
    "色号": ["口红试色图在商品页第三屏。", "黄皮推荐暖棕系。"],
    "过敏": ["请立即停用。", "保留瓶身批号,备查。"],
    "保质期": ["未开封三年。", "开封后十二个月内用完最佳。"],
}


class Luoshen(Site):
    help_path = "/care"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/care", self.care),
            web.get("/care/window", self.window),
            web.post("/care/talk", self.speak),
            web.get("/care/talk", self.listen),
            web.post("/care/form", self.thanks),
            web.post("/care/e", self.beacon),
        ]

    async def care(self, _request: web.Request) -> web.Response:
        return self.page("care.html")

    async def window(self, _request: web.Request) -> web.Response:
        return self.page("window.html", token=f"{random.getrandbits(40):x}")

    async def listen(self, request: web.Request) -> web.Response:
        talk, new = self.talk(request.query.get("token", ""))
        if new:
            talk.go(
                self.bubbles(talk, ["洛神花妆欢迎您🌺", "我是智能美妆助手洛洛。", "色号、保质期这些小事都难不倒我。"])
            )
        return web.json_response(await talk.after(int(as_number(request.query.get("last")) or 0)))

    async def bubbles(self, talk: Talk, texts: list[str]) -> None:
        pace = random.Random(talk.id)
        for text in texts:
            await asyncio.sleep(pace.uniform(0.3, 0.8))
            talk.put("in", text=text)

    async def speak(self, request: web.Request) -> web.Response:
        body = await read_json(request)
        talk, _ = self.talk(str(body.get("token", "")))
        text = str(body.get("text", "")).strip()
        if text and not talk.memory.get("done"):
            self.note("message", text, as_number(body.get("at")))
            talk.put("out", text=text)
            talk.go(self.react(talk, text))
        return web.json_response(None)

    async def react(self, talk: Talk, text: str) -> None:
        if any(word in text for word in PEOPLE + MORE_PEOPLE):
            talk.memory["done"] = True
            await self.bubbles(talk, ["好的亲~", "正在为您转接人工坐席,马上就来。"])
            self.reached("offered")
            await asyncio.sleep(TAKEN_BACK)
            talk.put("in", text="抱歉,坐席忙,请留言,我们会尽快与您联系。")
            talk.put("form")
            self.reached("over")
            return
        for word, texts in TRADE.items():
            if word in text:
                await self.bubbles(talk, texts)
                return
        await self.bubbles(talk, ["嗯…", "洛洛没能理解这句话。"])

    async def thanks(self, request: web.Request) -> web.Response:
        await request.post()
        return self.page("thanks.html")


SITE = Luoshen
