"""Kesselring Haushalt: the chat hides behind "not helpful"; the bot is awake, the staff are not."""

from __future__ import annotations

from typing import ClassVar

from aiohttp import web

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_STAFF, _NO, _LEAVE = "Mit Mitarbeiter sprechen", "Nein, danke", "Nachricht hinterlassen"
_TOPICS = {
    "lieferung": ("Lieferung", "Pakete kommen nach zwei bis drei Werktagen an, Möbel nach Absprache."),
    "rueckgabe": ("Rückgabe", "Sie können Ware dreißig Tage lang zurückgeben, auch ohne Karton."),
    "zahlung": ("Zahlung", "Rechnung, Lastschrift und Karte sind möglich, bei Neukunden bis 500 Euro."),
    "garantie": ("Garantie", "Auf Töpfe und Pfannen geben wir zehn Jahre, auf Elektrogeräte zwei."),
    "pflege": ("Pflege", "Gusseisen nur mit Wasser und Bürste reinigen und danach einölen."),
    "konto": ("Kundenkonto", "Anschrift und Passwort ändern Sie im Kundenkonto unter „Meine Daten“."),
    "gutschein": ("Gutscheine", "Gutscheine gelten drei Jahre und lassen sich teilweise einlösen."),
    "sonstiges": ("Sonstige Fragen", "Messer schleifen wir zweimal im Jahr kostenlos in jeder Filiale."),
}


class Kessel(HoldOut):
    help_path = "/hilfe"
    pages: ClassVar[dict[str, str]] = {"/karriere": "karriere.html", "/impressum": "karriere.html"}
    person = r"mensch|mitarbeit|person|agent|berater|kundenservice|kundendienst|jemand|vertreter|operator|weiterleit"

    def more_routes(self) -> list[web.RouteDef]:
        return [web.get("/hilfe", self._help), web.get("/hilfe/{slug}", self._topic)]

    async def _help(self, _request: web.Request) -> web.Response:
        return self.page("hilfe.html", topics=[(slug, title) for slug, (title, _) in _TOPICS.items()])

    async def _topic(self, request: web.Request) -> web.Response:
        if request.match_info["slug"] not in _TOPICS:
            raise web.HTTPNotFound
        title, text = _TOPICS[request.match_info["slug"]]
        return self.page("thema.html", title=title, text=text)

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "Guten Tag, ich bin Mia, die digitale Assistentin.", name="Mia", pause=0.6)
        await self.say(talk, "Wie kann ich Ihnen helfen?", name="Mia", pause=0.6)

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text == _LEAVE:
            await self.say(talk, "Bitte schreiben Sie Ihre Nachricht und Ihre E-Mail-Adresse.", name="Mia")
        elif text == _NO:
            await self.say(talk, "Alles klar.", name="Mia")
        elif self.wants_person(text):
            self.ends("closed")
            await self.say(
                talk,
                "Unser Kundenservice ist montags bis freitags von 9 bis 17 Uhr für Sie da. "
                "Zurzeit ist der Chat leider nicht besetzt.",
                name="Mia",
                options=(_LEAVE,),
                pause=1.2,
            )
        else:
            await self.say(
                talk, "Dazu habe ich leider keine Antwort gefunden.", name="Mia", options=(_STAFF, _NO), pause=1.8
            )


SITE = Kessel
