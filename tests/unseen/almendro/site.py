"""Almendro Viajes: home on one host, help on another; the chat is a popup; thumbs, then a confirmation."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_UP, _DOWN, _YES, _NO = "Me ha servido", "No me ha servido", "Sí, por favor", "No, gracias"


class Almendro(HoldOut):
    help_path = "/centro"
    home_path = "/"
    help_elsewhere = True
    pages: ClassVar[dict[str, str]] = {
        "/": "home.html",
        "/centro": "centro.html",
        "/centro/contacto": "contacto.html",
        "/centro/articulo": "articulo.html",
        "/empresas": "empresas.html",
        "/ventana": "ventana.html",
    }
    person = r"persona|agente|human|asesor|operador|alguien|representante|ejecutiv"

    async def transfer(self, talk: Talk) -> None:
        await self.say(talk, "Enseguida te paso con un agente. Espera un momento, por favor.", name="Alma")
        self.ends("handoff")
        await asyncio.sleep(4)
        talk.put("msg", who="system", name="", text="Lucía se ha unido al chat", options=[])
        self.ends("human")
        await self.say(talk, "¡Hola! Soy Lucía, del equipo de atención.", who="human", name="Lucía")

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "¡Hola! Soy Alma, la asistente virtual de Almendro. ¿En qué te puedo ayudar?", name="Alma")

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text == _DOWN:
            await self.say(
                talk, "Lo siento. ¿Quieres que te pase con una persona del equipo?", name="Alma", options=(_YES, _NO)
            )
        elif text == _UP:
            await self.say(talk, "¡Genial! Buen viaje.", name="Alma")
        elif text == _NO:
            await self.say(talk, "De acuerdo.", name="Alma")
        elif text == _YES or self.wants_person(text):
            await self.transfer(talk)
        else:
            await self.say(
                talk,
                "Puedes cambiar o anular tu viaje hasta 48 horas antes desde «Mis reservas».",
                name="Alma",
                card="Cambios y anulaciones",
                pause=1.3,
            )
            await self.say(talk, "¿Te ha sido útil esta respuesta?", name="Alma", options=(_UP, _DOWN), thumbs=True)


SITE = Almendro
