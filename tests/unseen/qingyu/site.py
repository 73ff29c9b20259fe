"""晴嶼生活: offers to connect, then shows a form. Launcher and messenger are frames of their own."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk


class Qingyu(HoldOut):
    pages: ClassVar[dict[str, str]] = {
        "/help": "help.html",
        "/w/launcher": "launcher.html",
        "/w/messenger": "messenger.html",
    }
    person = r"真人|專員|客服|人工|轉接|找人|人員"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "哈囉~我是線上小幫手「阿晴」,請問您遇到什麼問題呢?", name="阿晴")

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text == "是":
            self.ends("message_form")
            await self.say(
                talk,
                "很抱歉,線上客服人員目前皆在忙線中。請填寫以下表單,我們會在 1~2 個工作天內以電子郵件回覆您。",
                name="阿晴",
                form=True,
            )
        elif text == "否":
            await self.say(talk, "好的,那我先不打擾您。", name="阿晴")
        elif text == "有,謝謝":
            await self.say(talk, "太好了,祝您有美好的一天!", name="阿晴")
        elif text == "沒有" or self.wants_person(text):
            await self.say(talk, "需要為您轉接真人客服嗎?", name="阿晴", options=("是", "否"))
        else:
            await self.say(
                talk,
                "為您找到以下文章:",
                name="阿晴",
                cards=["運費怎麼計算?", "如何更改收件地址?", "發票什麼時候開立?"],
            )
            await self.say(talk, "請問以上內容有解決您的問題嗎?", name="阿晴", options=("有,謝謝", "沒有"), pause=0.5)


SITE = Qingyu
