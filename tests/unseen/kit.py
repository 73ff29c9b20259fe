"""What every hold-out site has: pages, a log of what it received itself, conversations fed over long polling.

No site lives here and no word of a language; nothing here knows the program that walks the sites.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypedDict

import jinja2
from aiohttp import web

from tohuman.probes.practice.talk import Talk, Talks

from .truth import SiteTruth

COMMON = Path(__file__).parent / "common"
_POLL_SECONDS = 20.0
_TYPES = {".js": "text/javascript", ".css": "text/css"}


class LogEntry(TypedDict):
    """`kind`: press, message, option, field, obstacle. `over`: the site had stated how it ends by then."""

    kind: str
    what: str
    at: float
    over: bool


class HoldOut:
    """Base of the sites: a site sets the paths and `pages`, and answers in `greet` and `hear`."""

    help_path: ClassVar[str] = "/help"
    home_path: ClassVar[str | None] = None
    #: A second address of the same site under the name localhost; the help start lies there.
    help_elsewhere: ClassVar[bool] = False
    #: path -> template; anything that needs more goes into `more_routes`.
    pages: ClassVar[dict[str, str]] = {}
    #: What a request for a person looks like in the site's language.
    person: ClassVar[str] = r"(?!)"

    def __init__(self, folder: Path, truth: SiteTruth) -> None:
        self.folder = folder
        self.truth = truth
        self.origin = ""
        self.elsewhere = ""
        self.ended_as = ""
        self.talks = Talks()
        self._log: list[LogEntry] = []
        self._open_talks: list[Talk] = []
        self._env = jinja2.Environment(loader=jinja2.FileSystemLoader([folder, COMMON]), autoescape=True)

    # -- what a site answers
    async def greet(self, talk: Talk) -> None:
        """The first words of a conversation."""

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        """Answer a message; `via` is typed, option or form."""

    def more_routes(self) -> Iterable[web.AbstractRouteDef]:
        return ()

    # -- what a bot needs
    async def say(
        self,
        talk: Talk,
        text: str,
        *,
        options: Sequence[str] = (),
        who: str = "bot",
        name: str = "",
        pause: float = 0.9,
        **extra: Any,
    ) -> None:
        """A typing sign, a pause, the message."""
        if pause and who != "system":
            talk.put("typing", on=True)
        await asyncio.sleep(pause)
        if pause and who != "system":
            talk.put("typing", on=False)
        talk.put("msg", who=who, name=name, text=text, options=list(options), **extra)

    def wants_person(self, text: str) -> bool:
        return re.search(self.person, text, re.IGNORECASE) is not None

    def ends(self, outcome: str) -> None:
        """The site has just stated what makes this the outcome."""
        self.ended_as = outcome

    def note(self, kind: str, what: str, at: float | None = None) -> None:
        seconds = time.time() if at is None else at / 1000.0
        self._log.append({"kind": kind, "what": " ".join(what.split()), "at": seconds, "over": bool(self.ended_as)})

    def page(self, name: str, **values: Any) -> web.Response:
        html = self._env.get_template(name).render(
            brand=self.truth.name, lang=self.truth.locale, origin=self.origin, elsewhere=self.elsewhere, **values
        )
        return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})

    # -- for the server
    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024)
        app.add_routes(self.more_routes())
        app.add_routes([web.get(path, self._page_at(name)) for path, name in self.pages.items()])
        app.add_routes(
            [
                web.post("/_b", self._beacon),
                web.post("/_t/open", self._open),
                web.post("/_t/say", self._say),
                web.get("/_t/feed", self._feed),
                web.get("/_s/{name}", self._file),
                web.get("/favicon.ico", _nothing),
            ]
        )
        return app

    def _page_at(self, name: str) -> Callable[[web.Request], Any]:
        async def answer(_request: web.Request) -> web.Response:
            return self.page(name)

        return answer

    async def _file(self, request: web.Request) -> web.Response:
        name = Path(request.match_info["name"]).name
        for folder in (self.folder, COMMON):
            path = folder / name
            if path.suffix in _TYPES and path.is_file():
                return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8")
        raise web.HTTPNotFound

    async def _beacon(self, request: web.Request) -> web.Response:
        body = await _json(request)
        at = body.get("at")
        if body.get("k") in ("press", "obstacle", "field"):
            self.note(str(body["k"]), str(body.get("w", "")), at if isinstance(at, int | float) else None)
        return web.Response(status=204)

    async def _open(self, request: web.Request) -> web.Response:
        talk, new = self.talks.open(str((await _json(request)).get("talk") or "none"))
        if new:
            self._open_talks.append(talk)
            talk.go(self.greet(talk))
        return web.json_response({"ok": True})

    async def _say(self, request: web.Request) -> web.Response:
        body = await _json(request)
        talk, _ = self.talks.open(str(body.get("talk") or "none"))
        text, via = str(body.get("text", "")), str(body.get("via", "typed"))
        self.note("option" if via == "option" else "message", text)
        talk.go(self.hear(talk, text, via))
        return web.json_response({"ok": True})

    async def _feed(self, request: web.Request) -> web.Response:
        talk, _ = self.talks.open(request.query.get("talk", "none"))
        return web.json_response(await talk.after(int(request.query.get("after", "0")), _POLL_SECONDS))

    def log(self) -> list[LogEntry]:
        """What was received, in the order in which it happened in the pages."""
        return sorted((LogEntry(**entry) for entry in self._log), key=lambda entry: entry["at"])

    def said(self) -> int:
        """How many events all conversations hold: for a driver that waits until a bot has finished."""
        return sum(len(talk.events) for talk in self._open_talks)

    def reset(self) -> None:
        self._open_talks.clear()
        self._log.clear()
        self.ended_as = ""
        self.talks.clear()


async def _nothing(_request: web.Request) -> web.Response:
    return web.Response(status=204)


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.text())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
