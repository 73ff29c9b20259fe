"""Thistlewick: a community for a help centre; a messenger with tiles and tabs; Rowan joins."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_PERSON, _BROWSE = "Talk to a person", "Keep browsing"


class Thistle(HoldOut):
    help_path = "/community"
    home_path = "/"
    pages: ClassVar[dict[str, str]] = {
        "/": "home.html",
        "/community": "community.html",
        "/community/thread": "thread.html",
        "/contact": "contact.html",
        "/contact/ways": "ways.html",
        "/plans": "plans.html",
        "/careers": "plans.html",
        "/m/frame": "messenger.html",
    }
    person = r"human|person|agent|representative|someone|somebody|advis|operator|staff|\blive\b|teammate"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "Hi 👋 You've reached Burr, Thistlewick's AI helper.", name="Burr", pause=0.7)
        await self.say(talk, "What can I help you with?", name="Burr", pause=0.6)

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text == _BROWSE:
            await self.say(talk, "Enjoy your stay!", name="Burr")
        elif self.wants_person(text):
            if talk.memory.get("passed"):
                return
            talk.memory["passed"] = True
            await self.say(talk, "Sure. I'm passing you on to one of our teammates now.", name="Burr")
            self.ends("handoff")
            await asyncio.sleep(3)
            talk.put("msg", who="system", name="", text="Rowan joined the conversation", options=[])
            await self.say(talk, "Hello, Rowan from the support team here.", who="human", name="Rowan", pause=1.5)
            self.ends("human")
        else:
            await self.say(talk, "Here is what I found in the community:", name="Burr", card=True, pause=1.4)
            await self.say(
                talk, "There may be more to it than I know.", name="Burr", options=(_PERSON, _BROWSE), pause=0.6
            )


SITE = Thistle
