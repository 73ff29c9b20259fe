"""Verdejante: the help page is the chat; every answer comes in bubbles a second apart; then a queue."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_SUBJECTS = ("Meu pedido", "Pagamentos", "Devoluções", "Outro assunto")


class Verdejante(HoldOut):
    help_path = "/ajuda/conversa"
    pages: ClassVar[dict[str, str]] = {"/ajuda/conversa": "chat.html"}
    person = r"atendente|human|pessoa|algu[ée]m|agente|consultor|operador|especialista"

    async def bubbles(self, talk: Talk, *texts: str, options: tuple[str, ...] = (), card: str = "") -> None:
        for place, text in enumerate(texts):
            last = place == len(texts) - 1
            await self.say(talk, text, options=options if last else (), pause=0.4 if place == 0 else 1.0)
            if card and place == 0:
                talk.put("card", title=card)

    async def greet(self, talk: Talk) -> None:
        await self.bubbles(
            talk,
            "Olá! 👋",
            "Eu sou a Bia, assistente virtual da Verdejante.",
            "Sobre qual assunto você quer falar?",
            options=_SUBJECTS,
        )

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if self.wants_person(text):
            await self.bubbles(talk, "Certo!", "Vou transferir você agora mesmo.")
            talk.put("msg", who="system", name="", text="Você entrou na fila de atendimento. Posição: 3", options=[])
            self.ends("handoff")
            for place in (2, 1):
                await asyncio.sleep(7)
                talk.put("msg", who="system", name="", text=f"Sua posição na fila: {place}", options=[])
        elif text in _SUBJECTS:
            await self.bubbles(talk, "Entendi!", "Conte em poucas palavras: qual é o problema?")
        elif text == "Não":
            await self.bubbles(
                talk, "Poxa, sinto muito. 😕", "Nossa equipe pode continuar com você.", options=("Falar com atendente",)
            )
        elif text == "Sim":
            await self.bubbles(talk, "Que bom!", "Até a próxima. 🌱")
        else:
            await self.bubbles(
                talk,
                "Encontrei este artigo:",
                "Ele explica o passo a passo.",
                "Isso resolveu a sua dúvida?",
                options=("Sim", "Não"),
                card="Perguntas mais comuns sobre a sua conta",
            )


SITE = Verdejante
