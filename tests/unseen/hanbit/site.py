"""한빛나루: the whole list is drawn anew at every turn; the counsellors have gone home."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_CONNECT = "상담원 연결"
_LEAVE = "문의 남기기"


class Hanbit(HoldOut):
    pages: ClassVar[dict[str, str]] = {"/help": "help.html"}
    person = r"상담|사람|직원|담당자|연결"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "안녕하세요, 한빛나루 챗봇 ‘나루’입니다.\n무엇을 도와드릴까요?", name="나루")

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text == _LEAVE:
            await self.say(talk, "답변 받으실 이메일 주소와 문의 내용을 적어 주세요.", name="나루")
        elif self.wants_person(text):
            self.ends("closed")
            await self.say(
                talk,
                "지금은 상담 시간이 아니에요. 🌙\n"
                "상담원은 평일 오전 9시부터 오후 6시까지 (점심 12~13시 제외) 답변드립니다.",
                name="나루",
                options=(_LEAVE,),
            )
        else:
            await self.say(talk, "죄송해요, 질문을 이해하지 못했어요.", name="나루", options=(_CONNECT,))


SITE = Hanbit
