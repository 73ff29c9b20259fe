"""半夏健康 (practice): the chat appears only after 没有解决 under an article; then it asks for the problem first.

Pages of several addresses; halfsummer.js is a small reactive component kit of the site's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk

TOPICS = {
    "guahao": ("预约挂号", "挂号成功后请按时段到院取号,迟到三十分钟自动作废。"),
    "peisong": ("药品配送", "处方药需药师审核,审核通过后两小时内发出。"),
    "tuikuan": ("退款进度", "退款原路返回,储蓄卡一至三天。"),
    "qita": ("其他问题", "您也许遇到了网络波动。请退出页面后重新进入,或更换浏览器再试一次。"),
}


class Banxia(Site):
    help_path = "/bangzhu"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/bangzhu", self.front),
            web.get("/bangzhu/lianxi", self.topics),
            web.get("/bangzhu/lianxi/{topic}", self.article),
            web.post("/jiezhen/{room}", self.said),
            web.get("/jiezhen/{room}", self.heard),
            web.post("/jilu", self.beacon),
        ]

    async def front(self, _request: web.Request) -> web.Response:
        return self.page("front.html")

    async def topics(self, _request: web.Request) -> web.Response:
        return self.page("topics.html", topics=TOPICS)

    async def article(self, request: web.Request) -> web.Response:
        topic = TOPICS.get(request.match_info["topic"])
        if topic is None:
            raise web.HTTPNotFound
        return self.page("article.html", title=topic[0], text=topic[1])

    async def heard(self, request: web.Request) -> web.Response:
        talk, new = self.talk(request.match_info["room"])
        if new:
            talk.go(self.start(talk))
        return web.json_response(await talk.after(int(as_number(request.query.get("from")) or 0), 4.0))

    async def start(self, talk: Talk) -> None:
        await asyncio.sleep(0.5)
        talk.put("say", by="分诊机器人", text="请先用一句话描述您遇到的问题,方便我们为您安排客服。")

    async def said(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.match_info["room"])
        body = await read_json(request)
        text = str(body.get("text", "")).strip()
        if text:
            self.note("message", text, as_number(body.get("at")))
            talk.put("say", by="", text=text)
            if not talk.memory.get("told"):
                talk.memory["told"] = True
                talk.go(self.hand_over(talk))
        return web.Response(status=204)

    async def hand_over(self, talk: Talk) -> None:
        await asyncio.sleep(0.9)
        talk.put("say", by="分诊机器人", text="问题已记录,现在为您转接人工客服。")
        self.reached("offered")
        await asyncio.sleep(3.2)
        talk.put("event", text="客服 唐果(工号 0319)进入对话")
        self.reached("joined")
        await asyncio.sleep(1.5)
        talk.put("say", by="唐果 0319", text="您好,看到您的描述了,我来跟进。")


SITE = Banxia
