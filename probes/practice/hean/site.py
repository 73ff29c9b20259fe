"""禾岸生鲜 (practice): 人工客服 in the chat leads to a message form only. The chat is an iframe of another origin.

Everything is rendered here as HTML: the frame posts its forms and puts the fragments that come back into place.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number
from tohuman.probes.practice.talk import Talk

ANSWERS = {
    "配送": "当日 16 点前下单,次日早上 7 点前送到家门口。",
    "坏": "签收后 48 小时内拍照上传,系统自动审核赔付。",
    "优惠": "会员日是每月 8 号,全场满 99 减 20。",
    "自提": "自提柜保留 24 小时,冷藏格保留 12 小时。",
}
#: What this shop understands as asking for a person; it then names its button.
PERSON = ("人工", "真人", "活人", "客服", "坐席", "专员", "工作人员", "找人", "有人", "转接", "人来", "人吗", "接线")
SHELF = [
    ("冷链配送时效", "一般为次日早晨七点前。"),
    ("坏果包赔怎么申请", "签收后 48 小时内在订单页拍照上传。"),
    ("自提柜使用方法", "凭六位取货码开柜。"),
    ("会员等级与积分", "每消费一元积一分,积分次年三月清零。"),
    ("预售商品说明", "预售商品按页面标注日期发货。"),
    ("企业福利采购", "五十份起订,提供统一开票。"),
]


class Hean(Site):
    two_origins = True

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/help", self.help),
            web.get("/help/{item}.html", self.item),
            web.get("/im/frame", self.frame),
            web.get("/im/lines", self.lines),
            web.post("/im/post", self.post),
            web.get("/im/leave", self.leave),
            web.post("/im/leave", self.sent),
            web.post("/stat", self.beacon),
        ]

    async def help(self, _request: web.Request) -> web.Response:
        return self.page("help.html", shelf=SHELF)

    async def item(self, request: web.Request) -> web.Response:
        item = request.match_info["item"]
        if not item.isdigit() or not 1 <= int(item) <= len(SHELF):
            raise web.HTTPNotFound
        return self.page("item.html", entry=SHELF[int(item) - 1])

    async def frame(self, _request: web.Request) -> web.Response:
        visit = secrets.token_hex(6)
        talk, _ = self.talk(visit)
        talk.go(self.hello(talk))
        return self.page("frame.html", visit=visit)

    async def hello(self, talk: Talk) -> None:
        await asyncio.sleep(0.4)
        talk.put("line", by="bot", text="欢迎光临禾岸生鲜,我是机器人小禾🌾")
        await asyncio.sleep(0.6)
        talk.put("line", by="bot", text="配送时效、坏果包赔、自提柜,这些我都熟。")

    async def lines(self, request: web.Request) -> web.Response:
        """The lines after the n-th, as HTML; 204 when there are none yet."""
        talk, _ = self.talk(request.query.get("visit", ""))
        seen = int(as_number(request.query.get("n")) or 0)
        events = await talk.after(seen, 5.0)
        if not events:
            return web.Response(status=204)
        return self.page("lines.html", events=events)

    async def post(self, request: web.Request) -> web.Response:
        form = await request.post()
        talk, _ = self.talk(str(form.get("visit", "")))
        text = str(form.get("words", "")).strip()
        if text:
            self.note("message", text, as_number(form.get("at")))
            talk.put("line", by="me", text=text)
            talk.go(self.reply(talk, text))
        return web.Response(status=204)

    async def reply(self, talk: Talk, text: str) -> None:
        talk.put("wait")
        await asyncio.sleep(0.9)
        for word, answer in ANSWERS.items():
            if word in text:
                talk.put("line", by="bot", text=answer)
                return
        if any(word in text for word in PERSON):
            talk.put("line", by="bot", text="输入框上方的按钮可以找到人工客服哦。")
            return
        talk.put("line", by="bot", text="小禾还在学习中,这个说法暂时没看懂。")

    async def leave(self, _request: web.Request) -> web.Response:
        return self.page("leave.html", done=False)

    async def sent(self, request: web.Request) -> web.Response:
        await request.post()
        return self.page("leave.html", done=True)


SITE = Hean
