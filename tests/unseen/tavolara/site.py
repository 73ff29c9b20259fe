"""Tavolara Energia: help on another host, a pre-chat form in a component with slots, an operator who joins."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_OPERATOR, _GUIDES = "Parla con un operatore", "Leggi le guide"


class Tavolara(HoldOut):
    help_path = "/aiuto"
    home_path = "/"
    help_elsewhere = True
    pages: ClassVar[dict[str, str]] = {
        "/": "home.html",
        "/aiuto": "aiuto.html",
        "/offerte": "offerte.html",
        "/lavora": "offerte.html",
    }
    person = r"operator|persona|uman[oa]|agente|qualcuno|addett|consulent|assistente reale|dal vivo|rappresentant"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "Ciao, sono Volta, l'assistente virtuale di Tavolara. Come posso aiutarti?", name="Volta")

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text == _GUIDES:
            await self.say(talk, "Trovi le guide nella pagina di aiuto, sotto «Bolletta e contatore».", name="Volta")
        elif self.wants_person(text):
            if talk.memory.get("passed"):
                return
            talk.memory["passed"] = True
            await self.say(talk, "Certo, ti metto in contatto con un operatore.", name="Volta")
            self.ends("handoff")
            await asyncio.sleep(3)
            talk.put("msg", who="system", name="", text="Giulia è entrata nella chat", options=[])
            await self.say(
                talk, "Ciao, sono Giulia del servizio clienti. Eccomi.", who="human", name="Giulia", pause=1.4
            )
            self.ends("human")
        else:
            await self.say(
                talk, "Non sono sicuro di aver capito.", name="Volta", options=(_OPERATOR, _GUIDES), pause=1.6
            )


SITE = Tavolara
