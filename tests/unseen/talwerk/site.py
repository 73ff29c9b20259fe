"""Talwerk Energie: one page with history routing; the bot gives in at the second request."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from aiohttp import web

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_SUBJECTS = ("Rechnung", "Vertrag", "Zählerstand", "Etwas anderes")


class Talwerk(HoldOut):
    help_path = "/hilfe"
    pages: ClassVar[dict[str, str]] = dict.fromkeys(
        ("/hilfe", "/hilfe/kontakt", "/hilfe/stoerung", "/hilfe/umzug", "/hilfe/tarife", "/karriere"), "app.html"
    )
    person = r"mensch|person|mitarbeiter|berater|jemand|agent|kundenservice|kundendienst|betreuer|verbinden"

    def more_routes(self) -> list[web.RouteDef]:
        async def slow(_request: web.Request) -> web.Response:
            await asyncio.sleep(0.4)
            return web.json_response({"ok": True})

        return [web.get("/api/inhalt", slow)]

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "Hallo! Ich bin Tali, der Chatbot von Talwerk. Worum geht es?", options=_SUBJECTS)

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text in _SUBJECTS:
            await self.say(talk, "Alles klar. Beschreiben Sie mir bitte kurz Ihr Anliegen.")
        elif text == "Ja":
            await self.say(talk, "Das freut mich!")
        elif text == "Nein":
            await self.say(talk, "Schade. Ich lerne jeden Tag dazu.")
        elif self.wants_person(text):
            asked = talk.memory["asked"] = talk.memory.get("asked", 0) + 1
            if asked == 1:
                await self.say(talk, "Das habe ich leider nicht verstanden.", pause=1.5)
                return
            await self.say(talk, "In Ordnung, ich leite Sie an unser Team weiter.")
            await self.say(talk, "Sie sind auf Platz 2 der Warteschlange.", who="system", pause=0.6)
            self.ends("handoff")
        else:
            await self.say(talk, "Dazu passt unser Artikel „Fragen und Antworten rund um Ihr Konto“.", pause=1.2)
            await self.say(talk, "Hat Ihnen das weitergeholfen?", options=("Ja", "Nein"), pause=0.8)


SITE = Talwerk
