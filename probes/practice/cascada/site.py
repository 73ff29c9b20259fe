"""Cascada Viajes (practice, Spanish): nobody in the chat, but a person behind Contacto.

Two conversations, one of them in a new tab: ayuda.html with the first chat, contacto.html, agente.html with the second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk

PERSONA = (
    "persona", "humano", "humana", "agente", "asesor", "operador", "representante", "alguien", "empleado", "personal",
    "atención", "atencion", "cliente", "ser real", "gestor",
)  # fmt: skip
DATOS = {
    "equipaje": "Una maleta de mano de ocho kilos va incluida en todas las tarifas.",
    "cambio": "Los cambios de fecha se hacen en «Mis viajes» hasta la víspera.",
    "mascota": "Viajan en cabina los animales de menos de seis kilos.",
}


class Cascada(Site):
    help_path = "/ayuda"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/ayuda", self.ayuda),
            web.get("/ayuda/contacto", self.contacto),
            web.get("/ayuda/agente", self.agente),
            web.post("/hilo/{tipo}/{clave}", self.decir),
            web.get("/hilo/{tipo}/{clave}", self.leer),
            web.post("/huella", self.beacon),
        ]

    async def ayuda(self, _request: web.Request) -> web.Response:
        return self.page("ayuda.html")

    async def contacto(self, _request: web.Request) -> web.Response:
        return self.page("contacto.html")

    async def agente(self, _request: web.Request) -> web.Response:
        return self.page("agente.html")

    async def leer(self, request: web.Request) -> web.Response:
        tipo = request.match_info["tipo"]
        talk, new = self.talk(tipo + request.match_info["clave"])
        if new:
            talk.go(self.saludo(talk, tipo))
        return web.json_response(await talk.after(int(as_number(request.query.get("desde")) or 0), 3.0))

    async def saludo(self, talk: Talk, tipo: str) -> None:
        await asyncio.sleep(0.5)
        if tipo == "bot":
            talk.put("texto", de="Gota", texto="¡Hola! Soy Gota, el asistente automático de Cascada.")
        else:
            texto = "Antes de pasarle con un agente, describa su consulta en una frase."
            talk.put("texto", de="Recepción automática", texto=texto)

    async def decir(self, request: web.Request) -> web.Response:
        tipo = request.match_info["tipo"]
        talk, _ = self.talk(tipo + request.match_info["clave"])
        body = await read_json(request)
        texto = str(body.get("texto", "")).strip()
        if texto:
            self.note("message", texto, as_number(body.get("at")))
            talk.put("texto", de="", texto=texto)
            talk.go(self.gota(talk, texto) if tipo == "bot" else self.paso(talk))
        return web.Response(status=204)

    async def gota(self, talk: Talk, texto: str) -> None:
        await asyncio.sleep(0.8)
        for palabra, dato in DATOS.items():
            if palabra in texto.lower():
                talk.put("texto", de="Gota", texto=dato)
                return
        if any(palabra in texto.lower() for palabra in PERSONA):
            talk.put("texto", de="Gota", texto="En este chat no atienden personas, solo respuestas automáticas.")
            return
        talk.put("texto", de="Gota", texto="No he entendido esa frase.")

    async def paso(self, talk: Talk) -> None:
        if talk.memory.get("paso"):
            return
        talk.memory["paso"] = True
        await asyncio.sleep(1.0)
        talk.put("texto", de="Recepción automática", texto="Gracias. Le paso ahora mismo con un agente.")
        self.reached("offered")
        await asyncio.sleep(3.4)
        talk.put("aviso", texto="Lucía (agente) se ha unido a la conversación.")
        self.reached("joined")
        await asyncio.sleep(1.3)
        talk.put("texto", de="Lucía", texto="Buenas, soy Lucía. Ya he leído lo que me cuenta.")


SITE = Cascada
