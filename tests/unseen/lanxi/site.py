"""兰溪文具: the hosted page of a chat vendor; the way to a person stands among the icons of the box."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_TRANSFER = "转人工"
_ANSWERS = {
    "物流": "一般付款后 24 小时内发货,江浙沪次日达,其余地区两到四天。",
    "发票": "确认收货后,在“我的订单-申请发票”里填写抬头,电子发票当天开具。",
    "退": "签收七天内、不影响二次销售的商品可以退换,运费见售后说明。",
    "钢笔": "新笔第一次上墨前请用清水冲洗笔尖,长期不用请清洗后存放。",
}


class Lanxi(HoldOut):
    help_path = "/s/8f21ac"
    pages: ClassVar[dict[str, str]] = {"/s/8f21ac": "page.html"}
    person = r"人工|真人|找人|客服|转接|人员|专员|坐席"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "您好,欢迎光临兰溪文具!我是智能助理“小溪”,请问有什么可以帮您?", name="小溪", pause=0.6)

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if self.wants_person(text):
            if talk.memory.get("queued"):
                return
            talk.memory["queued"] = True
            await self.say(talk, "好的,正在为您转接人工客服,请稍候…", name="小溪", pause=0.8)
            self.ends("handoff")
            talk.put("msg", who="system", name="", text="当前排队人数较多,您前面还有 3 位,请耐心等待", options=[])
            return
        for word, answer in _ANSWERS.items():
            if word in text:
                await self.say(talk, answer, name="小溪")
                return
        await self.say(talk, "小溪没有找到相关的答案,您可以换个说法试试哦~", name="小溪", pause=1.5)


SITE = Lanxi
