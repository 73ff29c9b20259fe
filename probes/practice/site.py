"""What every practice site has: its folder, its pages, its own log of what it received, its conversations.

The log is fed by the site's own listeners (beacons of its scripts, posts of its forms), never by the project's counter.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, Literal, TypedDict

import jinja2
from aiohttp import web

from .talk import Talk, Talks
from .truth import Truth

Kind = Literal["press", "message", "field", "obstacle"]
Stage = Literal["way", "offered", "joined", "over"]

_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_KINDS: dict[str, Kind] = {"press": "press", "message": "message", "field": "field", "obstacle": "obstacle"}


class LogEntry(TypedDict):
    """`what`: label or text. `at`: seconds since the epoch, by the page's clock where it told. `stage`: what the site
    had stated at that moment — way: nothing yet; offered: a person is being connected or a queue; joined: a person
    came; over: the platform ended it."""

    kind: Kind
    what: str
    at: float
    stage: Stage


class Site:
    """Base of the sites. A site overrides `routes` and, if it has a second origin, sets `two_origins`."""

    help_path: ClassVar[str] = "/help"
    home_path: ClassVar[str | None] = None
    two_origins: ClassVar[bool] = False

    def __init__(self, folder: Path, truth: Truth) -> None:
        self.folder = folder
        self.truth = truth
        self.origin = ""
        self.other_origin = ""
        self.stage: Stage = "way"
        self.talks = Talks()
        self._log: list[LogEntry] = []
        self._stated: list[tuple[float, Stage]] = []
        self._pages = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True)

    # -- for the site
    def routes(self) -> Iterable[web.AbstractRouteDef]:
        raise TypeError(f"{type(self).__name__} has no routes")

    def page(self, name: str, **values: Any) -> web.Response:
        """A page of the folder, filled in; every value is escaped."""
        html = self._pages.get_template(name).render(
            brand=self.truth.name, lang=self.truth.locale, origin=self.origin, other=self.other_origin, **values
        )
        return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})

    def note(self, kind: Kind, what: str, at: float | None = None) -> None:
        """Write down what was received. `at` in milliseconds, as a page's Date.now().

        A beacon of a page that has gone to the background may come seconds late: where the page told its moment, that
        moment decides which stage the entry belongs to, not the arrival.
        """
        seconds = time.time() if at is None else at / 1000.0
        stage = self.stage if at is None else self._stage_at(seconds)
        self._log.append({"kind": kind, "what": " ".join(what.split()), "at": seconds, "stage": stage})

    def _stage_at(self, seconds: float) -> Stage:
        return next((stage for since, stage in reversed(self._stated) if since <= seconds), "way")

    async def beacon(self, request: web.Request) -> web.Response:
        """Receives {k: press|field|obstacle, w: label, at: Date.now()} from the site's own listeners."""
        body = await read_json(request)
        kind = _KINDS.get(str(body.get("k")))
        if kind is not None:
            self.note(kind, str(body.get("w", "")), as_number(body.get("at")))
        return web.Response(status=204)

    def reached(self, stage: Stage) -> None:
        """The site has just stated that a person is being connected, has come, or that it is over."""
        self.stage = stage
        self._stated.append((time.time(), stage))

    def talk(self, talk_id: str) -> tuple[Talk, bool]:
        return self.talks.open(talk_id or "none")

    # -- for the server
    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024)
        app.add_routes(self.routes())
        app.add_routes([web.get("/favicon.ico", _no_content), web.get("/files/{name}", self._file)])
        return app

    async def _file(self, request: web.Request) -> web.Response:
        path = self.folder / Path(request.match_info["name"]).name
        if path.suffix not in _TYPES or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8")

    def log(self) -> list[LogEntry]:
        """What was received, in the order in which it happened in the pages."""
        return sorted((LogEntry(**entry) for entry in self._log), key=lambda entry: entry["at"])

    def reset(self) -> None:
        """Forget the log and end all conversations."""
        self._log.clear()
        self._stated.clear()
        self.stage = "way"
        self.talks.clear()


async def _no_content(_request: web.Request) -> web.Response:
    return web.Response(status=204)


async def read_json(request: web.Request) -> dict[str, Any]:
    """The JSON object of a body (beacons come as text/plain); an empty one for anything else."""
    try:
        body = json.loads(await request.text())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def as_number(value: Any) -> float | None:
    """The number a page or form sent, or None."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
