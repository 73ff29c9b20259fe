"""Corvane: a mega-menu opened by pressing, a pre-chat form, a bot that hands over to Priya."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_PERSON, _AGAIN = "Talk to a person", "Try another question"


class Corvane(HoldOut):
    help_path = "/support"
    home_path = "/"
    pages: ClassVar[dict[str, str]] = {
        "/": "home.html",
        "/support": "support.html",
        "/support/contact": "contact.html",
        "/product/ledger": "product.html",
        "/demo": "sales.html",
        "/sales": "sales.html",
        "/careers": "careers.html",
        "/status": "status.html",
        "/embed/messenger": "messenger.html",
    }
    person = r"human|person|agent|representative|someone|somebody|advis|operator|staff|\blive\b"

    async def greet(self, talk: Talk) -> None:
        await self.say(
            talk, "Thanks! I'm Cory, Corvane's virtual assistant. What can I help you with today?", name="Cory"
        )

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text == _AGAIN:
            await self.say(talk, "Sure, what would you like to know?", name="Cory")
        elif self.wants_person(text):
            await self.say(talk, "OK, I'm connecting you with our support team now.", name="Cory")
            talk.put("msg", who="system", name="", text="You're number 1 in line · wait under a minute", options=[])
            self.ends("handoff")
            await asyncio.sleep(4)
            talk.put("msg", who="system", name="", text="Priya S. joined the chat", options=[])
            self.ends("human")
            await self.say(talk, "Hello, Priya here. Let me read what you wrote.", who="human", name="Priya S.")
        else:
            await self.say(
                talk, "I may not be the best one to answer that.", name="Cory", options=(_PERSON, _AGAIN), pause=1.4
            )


SITE = Corvane
