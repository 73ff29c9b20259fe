"""The consent library (DuckDuckGo's autoconsent, unmodified): refuses a banner that our own words do not close.

Driven through its message interface, in the main frame only, by rules; its heuristics only while no way to a person has
been pressed (measured: they refuse a chat's own consent). It presses by script: its own total is what counts. When it
is asked at all is obstacles.py's business.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Error, Frame, Page

from tohuman.results.events import Note, Obstacle

from . import deadlines as d
from .session import Session

BINDING = "autoconsentSendMessage"
PACKAGE = Path("node_modules/@duckduckgo/autoconsent")
#: A person refuses a banner in one press, or in three behind "settings"; a rule that presses on for ever is no person.
MOST_CLICKS = 20
_LOGS = ("lifecycle", "rulesteps", "detectionsteps", "evals", "errors", "messages", "waits")


@dataclass(frozen=True)
class Library:
    """The library's files as they were installed."""

    version: str
    script: str
    rules: dict[str, Any]


@lru_cache(maxsize=4)
def installed(folder: Path | None = None) -> Library | None:
    """The library where set-up put it, or where TOHUMAN_AUTOCONSENT names its folder; None: own patterns only."""
    named = os.environ.get("TOHUMAN_AUTOCONSENT", "")
    place = folder or (Path(named) if named else Path(__file__).parent / "consent_library" / PACKAGE)
    try:
        version = str(json.loads((place / "package.json").read_text("utf-8"))["version"])
        script = (place / "dist" / "autoconsent.playwright.js").read_text("utf-8")
        rules = json.loads((place / "rules" / "rules.json").read_text("utf-8"))
    except (OSError, ValueError, KeyError):
        return None
    return Library(version, script, rules)


def config(*, heuristics: bool) -> dict[str, Any]:
    """What the library is told: find banners, hide nothing, and press only when it is asked to."""
    return {
        "enabled": True,
        "autoAction": None,
        "disabledCmps": [],
        "enablePrehide": False,
        "enableCosmeticRules": False,
        "enableGeneratedRules": True,
        "detectRetries": 3,
        "isMainWorld": True,
        "prehideTimeout": 1000,
        "enableHeuristicDetection": heuristics,
        "enablePopupMutationObserver": False,
        "heuristicMode": "reject" if heuristics else "off",
        "heuristicPopupSearchTimeout": 200,
        "visualTest": False,
        "performanceLoggingEnabled": False,
        "logs": dict.fromkeys(_LOGS, False),
    }


class Consent:
    """The library in one browser context. What a page says through its binding is believed only for the page that is
    being dealt with, and only in the shapes of the library's messages."""

    def __init__(self, library: Library, session: Session) -> None:
        self.library, self.s = library, session
        self.tried: set[tuple[Page, str]] = set()
        self.heuristics = True
        self._page: Page | None = None
        self._heard_of = asyncio.Event()  # a word of the library, whichever
        self._found = asyncio.Event()
        self._done = asyncio.Event()
        self._clicks = 0
        self._cmp = ""
        self._refused = False

    @classmethod
    async def attach(cls, context: BrowserContext, session: Session) -> Consent | None:
        """Ready in every page of the context; None where the library is not installed."""
        library = installed()
        if library is None:
            return None
        consent = cls(library, session)
        await context.expose_binding(BINDING, consent._heard)
        return consent

    async def refuse(self, page: Page, *, heuristics: bool) -> bool:
        """Ask the library once per document of this page. True: it refused a banner, which is journalled."""
        key = (page, page.url.split("#")[0])
        if key in self.tried:
            return False
        self.tried.add(key)
        self._page, self.heuristics = page, heuristics
        self._clicks, self._cmp, self._refused = 0, "", False
        self._found.clear()
        self._done.clear()
        counter = self.s.counter
        try:
            with counter.autoconsent() if counter is not None else contextlib.nullcontext():
                await d.within(d.EVALUATE, page.main_frame.evaluate(self.library.script))
                await d.within(d.CONSENT_DONE, self._searched())
                if self._cmp:
                    await d.within(d.EVALUATE, page.main_frame.evaluate(_TELL, {"type": "optOut"}))
                    await d.within(d.CONSENT_DONE, self._done.wait())
                if counter is not None:
                    await counter.settled()
        except (d.Overdue, Error):
            pass  # no banner it knows, or a page that went away: nothing was closed
        finally:
            self._page = None
        if not self._refused:
            return False
        self.s.emit(
            Obstacle(kind="cookie", gesture=None, clicks=max(1, self._clicks), by="autoconsent", label=self._cmp[:120])
        )
        self.s.emit(Note(text="consent library", data={"rule": self._cmp[:120], "version": self.library.version}))
        return True

    async def _searched(self) -> None:
        """Until the library has found a banner or none; while it goes on telling of its search it is waited for."""
        while not self._found.is_set():
            self._heard_of.clear()
            await d.within(d.CONSENT_FOUND, self._heard_of.wait())

    # ---- what the library says
    async def _heard(self, source: Any, said: Any = None) -> None:
        frame: Frame = source["frame"]
        if self._page is None or frame is not self._page.main_frame or not isinstance(said, dict):
            return
        self._heard_of.set()
        kind = said.get("type")
        if kind == "init":
            told = {"type": "initResp", "rules": self.library.rules, "config": config(heuristics=self.heuristics)}
            await self._tell(frame, told)
        elif kind == "eval":
            await self._tell(frame, {"type": "evalResp", "id": said.get("id"), "result": False})
        elif kind == "popupFound":
            self._cmp = str(said.get("cmp", ""))
            self._found.set()
        elif kind == "report" and isinstance(state := said.get("state"), dict):
            if state.get("lifecycle") == "nothingDetected":
                self._found.set()
        elif kind == "optOutResult" and said.get("result") is not True:
            self._done.set()
        elif kind == "autoconsentDone":
            clicks = said.get("totalClicks")
            self._clicks = min(MOST_CLICKS, clicks) if isinstance(clicks, int) and clicks > 0 else 0
            self._refused = True
            self._done.set()

    async def _tell(self, frame: Frame, message: dict[str, Any]) -> None:
        try:
            await d.within(d.EVALUATE, frame.evaluate(_TELL, message))
        except (Error, d.Overdue):
            return


_TELL = "m => window.autoconsentReceiveMessage && window.autoconsentReceiveMessage(m)"
