"""Talhof Versand (practice, German): a form before the chat, the matter asked for, then a person.

The chat column is HTML of the server: each poll brings the whole column, put in place when it changed.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number
from tohuman.probes.practice.talk import Talk

MENSCH = re.compile(
    r"mensch|person|mitarbeiter|berater|kolleg|jemand|kundendienst|kundenservice|kundenbetreu|ansprechpartner|agent|"
    r"sachbearbeiter|support|live|verbind|sprechen|durchstell",
    re.IGNORECASE,
)
AUSKUNFT = {
    "liefer": "Ware auf Lager ist nach zwei bis drei Werktagen bei Ihnen.",
    "retoure": "Das Rücksendeetikett liegt jedem Paket bei.",
    "größe": "Unsere Größentabelle finden Sie auf jeder Artikelseite.",
}


class Talhof(Site):
    help_path = "/hilfe"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/hilfe", self.hilfe),
            web.post("/hilfe/chat", self.beginn),
            web.get("/hilfe/chat/{nummer}", self.verlauf),
            web.post("/hilfe/chat/{nummer}", self.zeile),
            web.post("/hilfe/merk", self.beacon),
        ]

    async def hilfe(self, _request: web.Request) -> web.Response:
        return self.page("hilfe.html")

    async def beginn(self, request: web.Request) -> web.Response:
        form = await request.post()
        if not form.get("name") or not form.get("mail"):
            raise web.HTTPBadRequest
        talk, _ = self.talk(secrets.token_hex(5))
        talk.go(self.gruss(talk))
        return self.page("chat.html", nummer=talk.id)

    async def gruss(self, talk: Talk) -> None:
        await asyncio.sleep(0.6)
        talk.put("zeile", von="Tilo", text="Guten Tag! Ich bin Tilo, der digitale Assistent von Talhof.")

    async def verlauf(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.match_info["nummer"])
        await talk.after(int(as_number(request.query.get("stand")) or 0), 3.0)
        zeilen = [event for event in talk.events if event["kind"] != "tippt"]
        tippt = bool(talk.events) and talk.events[-1]["kind"] == "tippt"
        return self.page("verlauf.html", zeilen=zeilen, tippt=tippt, stand=len(talk.events))

    async def zeile(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.match_info["nummer"])
        form = await request.post()
        text = str(form.get("text", "")).strip()
        if text:
            self.note("message", text, as_number(form.get("at")))
            talk.put("zeile", von="", text=text)
            talk.go(self.antwort(talk, text))
        return web.Response(status=204)

    async def antwort(self, talk: Talk, text: str) -> None:
        stufe = talk.memory.get("stufe", 0)
        if stufe == 2:
            return
        talk.put("tippt")
        await asyncio.sleep(1.0)
        if stufe == 1:
            talk.memory["stufe"] = 2
            talk.put("zeile", von="Tilo", text="Vielen Dank. Ich verbinde Sie jetzt mit einer Mitarbeiterin.")
            self.reached("offered")
            await asyncio.sleep(3.0)
            talk.put("hinweis", text="Frau Brandt ist dem Chat beigetreten.")
            self.reached("joined")
            await asyncio.sleep(1.2)
            talk.put("zeile", von="Frau Brandt", text="Grüß Gott, Brandt hier. Ich habe Ihr Anliegen gelesen.")
            return
        if MENSCH.search(text):
            talk.memory["stufe"] = 1
            talk.put("zeile", von="Tilo", text="Sehr gern. Bitte beschreiben Sie mir zuerst kurz Ihr Anliegen.")
            return
        reply = next((satz for stamm, satz in AUSKUNFT.items() if stamm in text.lower()), None)
        talk.put("zeile", von="Tilo", text=reply or "Das habe ich leider nicht verstanden.")


SITE = Talhof
