"""谷仓优选: hash routes on a phone; a person only for those who have an order number."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_TIPS = {
    "怎么修改收货地址": "未发货的订单可以在“我的订单-修改地址”中更改一次。",
    "生鲜坏了怎么赔": "签收 24 小时内拍照,在订单里申请“坏单包赔”。",
    "优惠券为什么用不了": "请查看券面说明:部分优惠券限品类、限时段使用。",
    "自提点几点关门": "多数自提点营业到晚上九点,以页面显示为准。",
}


class Gucang(HoldOut):
    help_path = "/m/help"
    pages: ClassVar[dict[str, str]] = {"/m/help": "app.html"}
    person = r"人工|真人|找人|客服|转接|人员|专员|坐席"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "Hi,我是谷仓智能客服小谷🌾", name="小谷", pause=0.7)
        await self.say(talk, "猜您想问:", name="小谷", pause=0.6, options=tuple(_TIPS))

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text in _TIPS:
            await self.say(talk, _TIPS[text], name="小谷")
        elif self.wants_person(text):
            self.ends("gated")
            await self.say(
                talk,
                "人工客服仅为有订单的顾客服务。请先填写订单编号,核对成功后才能为您接入人工客服。",
                name="小谷",
                order=True,
            )
        else:
            await self.say(talk, "小谷还在学习中,没有听懂您的问题。", name="小谷", pause=1.2)


SITE = Gucang
