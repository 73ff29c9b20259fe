"""Bruma Calzados: talk to an adviser is a click-to-chat page on another host, which wants the telephone's app."""

from __future__ import annotations

from typing import ClassVar

from aiohttp import web

from tests.unseen.kit import HoldOut


class Bruma(HoldOut):
    help_path = "/ayuda"
    help_elsewhere = True
    pages: ClassVar[dict[str, str]] = {
        "/ayuda": "ayuda.html",
        "/contacto": "contacto.html",
        "/tiendas": "tiendas.html",
        "/empleo": "tiendas.html",
    }

    def more_routes(self) -> list[web.RouteDef]:
        return [web.get("/wa/34600000017", self._click_to_chat)]

    async def _click_to_chat(self, _request: web.Request) -> web.Response:
        self.ends("diverted")
        return self.page("wa.html")


SITE = Bruma
