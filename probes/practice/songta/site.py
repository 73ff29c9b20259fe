"""松塔商城 (practice): a queue without a position that throws the customer out. Table layout, script of the old school.

The chat window kefu.html asks chat.do for new rows twice a second by XMLHttpRequest.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number
from tohuman.probes.practice.talk import Talk

#: Seconds in the queue before the platform gives up on the customer.
PATIENCE = 21.0
KEYS_PERSON = (
    "人工", "真人", "活人", "客服", "坐席", "座席", "专员", "小二", "工作人员", "服务员", "转接", "找人", "找个人",
    "有人", "人吗", "人来", "人聊",
)  # fmt: skip
KEYS_OTHER = {
    "物流": "【物流】包裹出库后,在「我的订单」点开物流详情可见轨迹。",
    "快递": "【物流】包裹出库后,在「我的订单」点开物流详情可见轨迹。",
    "退货": "【退货】签收七日内可在订单页提交退货单。",
    "发票": "【发票】下单时勾选即可,邮箱接收。",
    "优惠券": "【优惠券】每个账号每日限领一张。",
}
WELCOME = "欢迎来到松塔商城!我是机器人塔塔,物流、退货、发票、优惠券都归我管。"
RULES = {
    "1": ("七日无理由退货细则", "商品完好即可,运费由买家承担。"),
    "2": ("价格保护说明", "付款后十五日内降价,可申请差价。"),
    "3": ("大件商品送装", "预约后三日内上门。"),
    "4": ("违规店铺公示", "本周公示 4 家。"),
}


class Songta(Site):
    help_path = "/help.html"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._numbers = itertools.count(1000)

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/help.html", self.help),
            web.get("/rule_{number}.html", self.rule),
            web.get("/kefu.html", self.kefu),
            web.get("/chat.do", self.rows),
            web.post("/chat.do", self.said),
            web.post("/hit.do", self.beacon),
        ]

    async def help(self, _request: web.Request) -> web.Response:
        return self.page("help.html", rules=RULES)

    async def rule(self, request: web.Request) -> web.Response:
        rule = RULES.get(request.match_info["number"])
        if rule is None:
            raise web.HTTPNotFound
        return self.page("rule.html", rule=rule)

    async def kefu(self, _request: web.Request) -> web.Response:
        talk, _ = self.talk(str(next(self._numbers)))
        # The first row is rendered with the page: nobody has to wait for the welcome.
        talk.put("row", speaker="松塔机器人", mine=False, text=WELCOME)
        return self.page("kefu.html", number=talk.id, rows=talk.events)

    async def rows(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.query.get("no", ""))
        return web.json_response(await talk.after(int(as_number(request.query.get("from")) or 0)))

    async def said(self, request: web.Request) -> web.Response:
        form = await request.post()
        talk, _ = self.talk(str(form.get("no", "")))
        text = str(form.get("content", "")).strip()
        if not text or talk.memory.get("over"):
            return web.Response(text="0")
        self.note("message", text, as_number(form.get("at")))
        talk.put("row", speaker="我", mine=True, text=text)
        if not talk.memory.get("queued"):
            talk.go(self.machine(talk, text))
        return web.Response(text="1")

    async def machine(self, talk: Talk, text: str) -> None:
        await asyncio.sleep(1.1)
        if any(key in text for key in KEYS_PERSON):
            await self.line_up(talk)
            return
        for key, reply in KEYS_OTHER.items():
            if key in text:
                talk.put("row", speaker="松塔机器人", mine=False, text=reply)
                return
        talk.put("row", speaker="松塔机器人", mine=False, text="塔塔没有找到对应的说明。")

    async def line_up(self, talk: Talk) -> None:
        talk.memory["queued"] = True
        talk.put("row", speaker="系统提示", mine=False, text="正在为您排队等待人工客服,请勿离开本页面。")
        self.reached("offered")
        await asyncio.sleep(PATIENCE)
        talk.memory["over"] = True
        talk.put("row", speaker="系统提示", mine=False, text="当前无客服应答,您已被移出排队队列,本次会话结束。")
        talk.put("end")
        self.reached("over")


SITE = Songta
