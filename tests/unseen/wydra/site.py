"""Wydra Sport: sent on by language; the bot points at the knowledge base in the same words, whatever one says."""

from __future__ import annotations

from typing import ClassVar

from aiohttp import web

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_OTHER = "Inny temat"
_TIPS = {
    "Dostawa": "Paczki wysyłamy codziennie o 15.00, kurier przyjeżdża następnego dnia.",
    "Zwroty": "Towar można odesłać w ciągu trzydziestu dni, etykieta jest w paczce.",
    "Płatności": "Przyjmujemy karty, przelewy i płatność przy odbiorze.",
    _OTHER: "Pozostałe tematy opisaliśmy na stronie pomocy.",
}
_WORDINGS = 4


class Wydra(HoldOut):
    help_path = "/pomoc"
    pages: ClassVar[dict[str, str]] = {
        "/pl-pl/pomoc": "pomoc.html",
        "/en-gb/help": "english.html",
        "/praca": "praca.html",
        "/cz/okno": "okno.html",
    }

    def more_routes(self) -> list[web.RouteDef]:
        return [web.get("/pomoc", self._by_language)]

    async def _by_language(self, request: web.Request) -> web.Response:
        polish = request.headers.get("Accept-Language", "").lower().startswith("pl")
        raise web.HTTPFound("/pl-pl/pomoc" if polish else "/en-gb/help")

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "Cześć! Tu Wydruś, automatyczny pomocnik.", name="Wydruś", pause=0.6)
        await self.say(talk, "Wybierz temat:", name="Wydruś", options=tuple(_TIPS), pause=0.5)

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text in _TIPS:
            await self.say(talk, _TIPS[text], name="Wydruś")
            return
        said = talk.memory["said"] = [*talk.memory.get("said", []), " ".join(text.lower().split())]
        if len(set(said)) >= _WORDINGS:
            self.ends("loop")
        await self.say(
            talk, "Odpowiedź znajdziesz w naszej bazie wiedzy.", name="Wydruś", pause=0.5 + 0.4 * (len(said) % 4)
        )


SITE = Wydra
