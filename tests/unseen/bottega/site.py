"""Bottega Lumen: redirected by language; the chat's operator is for those who log in."""

from __future__ import annotations

from typing import ClassVar

from aiohttp import web

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_OPERATOR = "Parla con un operatore"


class Bottega(HoldOut):
    help_path = "/assistenza"
    pages: ClassVar[dict[str, str]] = {
        "/it-it/assistenza/": "aiuto.html",
        "/it-it/contatti/": "contatti.html",
        "/en-gb/help/": "help_en.html",
        "/it-it/accedi/": "accedi.html",
    }
    person = r"operator|persona|uman|agente|qualcuno|addett|consulent|assistente in carne"

    def more_routes(self) -> list[web.RouteDef]:
        async def by_language(request: web.Request) -> web.Response:
            first = request.headers.get("Accept-Language", "").split(",")[0].strip().lower()
            raise web.HTTPFound("/it-it/assistenza/" if first.startswith("it") else "/en-gb/help/")

        return [web.get("/assistenza", by_language)]

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "Ciao! Sono Lumi, l'assistente virtuale. Come posso aiutarti?")

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if self.wants_person(text):
            self.ends("gated")
            await self.say(
                talk,
                "Per parlare con un operatore devi prima accedere al tuo account Bottega Lumen.",
                login="Accedi",
                pause=1.2,
            )
        else:
            await self.say(talk, "Mi dispiace, non ho capito la tua richiesta.", options=(_OPERATOR,))


SITE = Bottega
