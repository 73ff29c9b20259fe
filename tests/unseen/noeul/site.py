"""노을상회: a phone's talk that fills the screen; its choices are links in a strip."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_STAFF, _FIRST = "상담직원 연결", "처음으로"
_TIPS = {
    "배송 문의": "결제하신 다음 날 출고되며, 보통 이틀 안에 도착해요.",
    "결제 문의": "카드, 계좌이체, 노을페이로 결제하실 수 있어요.",
    "교환·반품": "받으신 날부터 7일 안에 마이페이지에서 신청해 주세요.",
}
_OTHER = "기타 문의"


class Noeul(HoldOut):
    help_path = "/m/cs"
    pages: ClassVar[dict[str, str]] = {"/m/cs": "cs.html", "/m/talk": "talk.html", "/m/app": "app.html"}
    person = r"상담|사람|직원|담당자|연결|매니저"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "안녕하세요! 노을상회 챗봇 노리예요 🌇", name="노리", pause=0.6)
        await self.menu(talk)

    async def menu(self, talk: Talk) -> None:
        await self.say(talk, "어떤 문의인지 골라 주세요.", name="노리", options=(*_TIPS, _OTHER), pause=0.7)

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text == _FIRST:
            await self.menu(talk)
        elif text == _OTHER:
            await self.say(
                talk, "자주 찾는 문의가 아니시군요.", name="노리", options=(_STAFF, _FIRST), pause=1.0, picture=True
            )
        elif text in _TIPS:
            await self.say(talk, _TIPS[text], name="노리", options=(_FIRST,))
        elif self.wants_person(text):
            await self.say(talk, "네, 상담직원에게 연결해 드릴게요.", name="노리", pause=0.8)
            self.ends("handoff")
            waiting = "상담직원 연결을 기다리고 있습니다. 내 앞 대기 5명"
            talk.put("msg", who="system", name="", text=waiting, options=[])
        else:
            await self.say(talk, "음… 무슨 말씀인지 잘 모르겠어요.", name="노리", options=(_FIRST,), pause=1.3)


SITE = Noeul
