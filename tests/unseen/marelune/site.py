"""Marelune: streams its answers word by word; gives in when asked for an adviser."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_LONG = (
    "Merci pour votre message. Les conseillers de Marelune sont disponibles du lundi au vendredi de 9 h à 18 h, "
    "mais la plupart des réponses se trouvent déjà ici : vous pouvez modifier une commande depuis la rubrique "
    "« Mes achats », suivre un colis depuis le courriel de confirmation, et télécharger vos factures à tout moment. "
    "Est-ce que cela répond à votre question ?"
)


class Marelune(HoldOut):
    pages: ClassVar[dict[str, str]] = {"/help": "help.html"}
    person = r"conseill|humain|personne|agent|quelqu|opérat|vrai|téléconseill"

    async def stream(self, talk: Talk, text: str, options: tuple[str, ...] = ()) -> None:
        number = talk.memory["streams"] = talk.memory.get("streams", 0) + 1
        talk.put("typing", on=True)
        await asyncio.sleep(0.7)
        talk.put("typing", on=False)
        words = text.split(" ")
        for place, word in enumerate(words):
            talk.put("piece", id=number, text=word + " ", first=place == 0)
            await asyncio.sleep(1.1 if word.endswith((",", ":")) else 0.06)
        talk.put("streamed", id=number, options=list(options))

    async def greet(self, talk: Talk) -> None:
        await self.stream(
            talk, "Bonjour 👋 Je suis Nino, l'assistant virtuel de Marelune. Que puis-je faire pour vous ?"
        )

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if via == "option":
            if text == "Oui":
                await self.stream(talk, "Parfait ! Bonne journée à vous.")
            else:
                await self.stream(
                    talk, "Merci, c'est noté. Je transmets votre avis à l'équipe qui rédige nos articles."
                )
        elif self.wants_person(text):
            await self.stream(
                talk, "Très bien, je vous mets en relation avec un conseiller. Un instant, s'il vous plaît."
            )
            self.ends("handoff")
            await asyncio.sleep(3.5)
            talk.put("msg", who="system", name="", text="Camille a rejoint la conversation", options=[])
            self.ends("human")
            await self.say(
                talk, "Bonjour, Camille à votre écoute. Que puis-je faire ?", who="human", name="Camille", pause=1.2
            )
        else:
            await self.stream(talk, _LONG, ("Oui", "Non"))


SITE = Marelune
