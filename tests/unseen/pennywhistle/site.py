"""Pennywhistle Bank: the messenger shows on the third help page only; decoys everywhere."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_PERSON = "Talk to a person"
_TIPS = ("Card", "Transfer")


class Pennywhistle(HoldOut):
    home_path = "/"
    pages: ClassVar[dict[str, str]] = {
        "/": "home.html",
        "/help": "topics.html",
        "/help/cards": "cards.html",
        "/help/transfers": "transfers.html",
        "/help/other": "other.html",
        "/help/other/still": "still.html",
        "/business": "business.html",
        "/jobs": "jobs.html",
    }
    person = r"human|person|agent|representative|someone|somebody|advis|operator|staff|\blive\b"

    async def greet(self, talk: Talk) -> None:
        await self.say(
            talk, "Hello, I'm Otto, an AI agent 🤖 Pick a topic or type your question.", options=(*_TIPS, _PERSON)
        )

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if self.wants_person(text):
            await self.say(talk, "No problem. I'm passing you over to the team.")
            self.ends("handoff")
            await self.say(talk, "You're number 3 in the queue. Please stay on this page.", who="system", pause=0.5)
        elif text in _TIPS:
            await self.say(talk, "You can manage that in the app under Settings.", options=(_PERSON,))
        else:
            await self.say(talk, "Here is what I found: “Five ways to keep your account safe”.", options=(_PERSON,))


SITE = Pennywhistle
