"""Serves the hostile sites on 127.0.0.1, a free port for each, and says what truth.yaml demands of a walk there.

What the sites do is in sites.py.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from tohuman.results.events import Budget
from tohuman.runners.order import Order

from .pages import ARTICLE, html
from .sites import SITES, Site

SECONDS = 40.0
QUEUE_SECONDS = 10.0


@dataclass(frozen=True)
class Truth:
    """How a walk must end: one of `outcomes`; `clicks` and `turns` where they must be as if nothing were wrong."""

    id: str
    story: str
    outcomes: tuple[str, ...]
    clicks: int | None = None
    turns: int | None = None
    seconds: float = SECONDS


@cache
def truths() -> dict[str, Truth]:
    """Every case by its id. TypeError for a key that is none."""
    told: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "truth.yaml").read_text("utf-8"))
    found = {}
    for name, entry in told.items():
        outcome = entry.pop("outcome")
        found[name] = Truth(id=name, outcomes=(outcome,) if isinstance(outcome, str) else tuple(outcome), **entry)
    return found


@dataclass
class Hostile:
    """A hostile site being served."""

    truth: Truth
    url: str
    site: Site = field(repr=False)

    def order(self, **more: Any) -> Order:
        """The naive walk from its start page within its small budget."""
        budget = Budget(seconds=self.truth.seconds, queue_seconds=QUEUE_SECONDS)
        name = f"hostile-{self.truth.id.replace('_', '-')}"
        return Order(platform=name, url=self.url, locale="en", budget=budget, simulated=True, **more)


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.bind(("127.0.0.1", 0))
    return made


def _app(site: Site) -> web.Application:
    async def start(_request: web.Request) -> web.StreamResponse:
        return _html(site.help, site)

    async def chat(_request: web.Request) -> web.StreamResponse:
        return _html(site.chat, site)

    async def article(_request: web.Request) -> web.StreamResponse:
        return _html(ARTICLE, site)

    async def say(request: web.Request) -> web.StreamResponse:
        turn = int(await request.text() or 1)
        site.received.append(str(turn))
        return web.Response(text=site.answers[min(turn, len(site.answers)) - 1])

    async def nothing(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    ordinary = {"/": start, "/chat": chat, "/article": article, "/favicon.ico": nothing} | site.routes
    app = web.Application()
    app.add_routes([web.get(path, handler) for path, handler in ordinary.items() if path != "/say"])
    app.add_routes([web.post("/say", site.routes.get("/say", say))])
    return app


def _html(body: str, site: Site) -> web.Response:
    return web.Response(text=html(body, site.head), content_type="text/html", headers={"Cache-Control": "no-store"})


@asynccontextmanager
async def _served(name: str) -> AsyncIterator[Hostile]:
    site, listening = SITES[name](), _socket()
    hostile = Hostile(truths()[name], f"http://127.0.0.1:{listening.getsockname()[1]}/", site)
    async with AsyncExitStack() as stack:
        stack.callback(listening.close)
        if site.raw is not None:
            raw = site.raw

            async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await reader.read(1)
                writer.write(raw)
                try:
                    await writer.drain()
                except OSError:
                    pass  # the visitor had enough
                writer.close()

            server = await asyncio.start_server(answer, sock=listening)
            stack.callback(server.close)
        elif site.listens:
            runner = web.AppRunner(_app(site), access_log=None, shutdown_timeout=0.2)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.SockSite(runner, listening).start()
        yield hostile


@asynccontextmanager
async def serve_hostile(only: Iterable[str] | None = None) -> AsyncIterator[dict[str, Hostile]]:
    """The hostile sites, or those in `only`, by id; KeyError for an unknown one."""
    async with AsyncExitStack() as stack:
        names = list(SITES) if only is None else list(only)
        yield {name: await stack.enter_async_context(_served(name)) for name in names}
