"""Brackwater Power: one fallback in many costumes of punctuation and emoji."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_COSTUMES = (
    "Sorry, I didn't quite catch that.",
    "🤔 Sorry… I didn't quite catch that!",
    "sorry – I didn't quite catch that 🙈🙈",
    "Sorry, I didn't quite catch that?! ⚡",
    "Sorry!! I didn't quite catch that…",
    "😅 Sorry, I didn’t quite catch that.",
    "SORRY, I didn't quite catch that ✨",
)


class Brackwater(HoldOut):
    pages: ClassVar[dict[str, str]] = {"/help": "help.html", "/messenger": "messenger.html"}

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "Hi there ⚡ I'm Pip, the automated assistant of Brackwater Power.", name="Pip")

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        turn = talk.memory["turn"] = talk.memory.get("turn", -1) + 1
        if turn >= 3:
            self.ends("loop")
        await self.say(talk, _COSTUMES[turn % len(_COSTUMES)], name="Pip", pause=0.6 + 0.5 * (turn % 3))


SITE = Brackwater
