"""枫桥云盘: a phone site with hash routing; 转人工 appears after the first message and is asked once more."""

from __future__ import annotations

import asyncio
import re
from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_CONFIRMED = "/transfer"


class Fengqiao(HoldOut):
    help_path = "/m/"
    pages: ClassVar[dict[str, str]] = {"/m/": "app.html"}
    person = r"人工|真人|客服|转接|找人|接人|专员"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "嗨,我是智能助理小枫。请用一句话描述您遇到的问题~", name="小枫")

    def note(self, kind: str, what: str, at: float | None = None) -> None:
        """The confirmation comes over the same line, but was a press of the page and is logged as one already."""
        if not re.fullmatch(_CONFIRMED, what):
            super().note(kind, what, at)

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text == _CONFIRMED:
            talk.put("msg", who="system", name="", text="正在为您转接人工客服,您前面还有 2 人", options=[])
            self.ends("handoff")
            await asyncio.sleep(5)
            talk.put("msg", who="system", name="", text="客服专员(工号 1027)为您服务", options=[])
            self.ends("human")
            await self.say(talk, "您好,我是1027号,马上帮您看一下。", who="human", name="1027")
        elif self.wants_person(text):
            talk.put("confirm")
        else:
            await self.say(talk, "这个问题小枫还在学习中,您可以看看「新手上路」里的说明。", name="小枫", pause=1.3)
            talk.put("chip", text="转人工")


SITE = Fengqiao
