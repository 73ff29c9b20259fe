"""What one run knows while it walks: the browser context, the reader, the budget, what was emitted, what is under way.

No pressing (shopper.py) and no deciding; counts here only guard the budget, the published ones come from the journal.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from playwright.async_api import BrowserContext, Error, Page, Request

from tohuman.results.events import AnyEvent, BarrierMet, Budget, Gesture, Note, Obstacle, Reading, View

from .reading import Reader
from .sight import Sight, plain_address

#: Seconds in which what a press led to may open a window: the transient activation of browsers.
ACTIVATION = 5.0
#: Requests of one address after which the next ones are polling and say nothing about work under way.
POLLED = 3

Emit = Callable[[AnyEvent], int]

#: What a pre-chat form is given on loopback and practice sites; a live run takes the operator's declared contact.
PLACEHOLDER_CONTACT = {"name": "Test Visitor", "email": "visitor@example.org", "topic": ""}


class Uncounted(Exception):
    """A message was sent and no gesture was told: the number of turns is not known, and the run says so."""


class Spend(Exception):
    """A budget is used up; `which` names it as in the `spent` event."""

    def __init__(self, which: str) -> None:
        super().__init__(which)
        self.which = which


class CounterLike(Protocol):
    """The part of the counter the shopper needs."""

    @property
    def last(self) -> int: ...

    async def settled(self) -> None: ...

    def ignore(self, page: Page) -> None: ...

    def autoconsent(self) -> AbstractContextManager[None]: ...


class ConsentLike(Protocol):
    """The part of the consent library's driver that clearing obstacles needs."""

    async def refuse(self, page: Page, *, heuristics: bool) -> bool: ...


@dataclass
class Session:
    context: BrowserContext
    reader: Reader
    journal: Emit
    locale: str = "en"
    scenario: str = "general"
    stop: str = "offered"
    budget: Budget = field(default_factory=Budget)
    mobile: bool = False
    contact: dict[str, str] = field(default_factory=lambda: dict(PLACEHOLDER_CONTACT))
    clock: Callable[[], float] = time.monotonic
    counter: CounterLike | None = None
    consent: ConsentLike | None = None
    camera: Callable[[Page, int], Awaitable[None]] | None = None
    started: float = 0.0
    clicks: int = 0
    turns: int = 0
    pages: list[Page] = field(default_factory=list)
    pending: dict[Request, float] = field(default_factory=dict)
    views: dict[tuple[str, str], int] = field(default_factory=dict)
    page_names: dict[Page, str] = field(default_factory=dict)
    barriers: set[str] = field(default_factory=set)
    last_answer_at: float = 0.0
    asked_for: dict[str, int] = field(default_factory=dict)  # address without query → how often it was requested
    cut: set[Page] = field(default_factory=set)  # pages whose document broke off once
    blocks_popups: bool = True
    blocked_popups: int = 0
    _active_at: float = -1e9
    _wanted: int = 0
    _shutting: set[asyncio.Task[None]] = field(default_factory=set)
    undone: str = ""  # what a visitor would have done and the page was too busy to take
    sent: list[tuple[str, int]] = field(default_factory=list)  # (text, gesture) of what was put into the conversation

    def __post_init__(self) -> None:
        self.started = self.clock()
        self.context.on("page", self._page)
        self.context.on("request", self._request)
        self.context.on("requestfinished", self._done)
        self.context.on("requestfailed", self._failed)
        for page in self.context.pages:
            self._page(page)

    # ---- pages and traffic
    def activated(self) -> None:
        """The consumer is about to press or type: what opens now is wanted."""
        self._active_at, self._wanted = self.clock(), 1

    def _page(self, page: Page) -> None:
        if self.blocks_popups and self.pages:
            # as browsers do: a window nobody's press asked for does not open, and a press opens one
            if self._wanted < 1 or self.clock() - self._active_at > ACTIVATION:
                self.blocked_popups += 1
                task = asyncio.ensure_future(self._shut(page))
                self._shutting.add(task)
                task.add_done_callback(self._shutting.discard)
                return
            self._wanted -= 1
        if page not in self.pages:
            self.pages.append(page)
            self.page_names[page] = f"p{len(self.page_names) + 1}"

    async def _shut(self, page: Page) -> None:
        if self.counter is not None:
            self.counter.ignore(page)
        with contextlib.suppress(Error):
            await page.close()

    def _request(self, request: Request) -> None:
        if request.resource_type in ("document", "script", "stylesheet", "xhr", "fetch"):
            path = request.url.split("?")[0]
            self.asked_for[path] = self.asked_for.get(path, 0) + 1
            if self.asked_for[path] <= POLLED:
                self.pending[request] = self.clock()

    def _done(self, request: Request) -> None:
        if self.pending.pop(request, None) is not None:
            self.last_answer_at = self.clock()

    def under_way(self, younger_than: float = 2.5) -> int:
        """Requests begun and not answered; those older than `younger_than` seconds are long polls and streams."""
        now = self.clock()
        for request, at in list(self.pending.items()):
            if now - at > 60:
                del self.pending[request]
        return sum(1 for at in self.pending.values() if now - at < younger_than)

    def _failed(self, request: Request) -> None:
        self._done(request)
        try:
            if request.is_navigation_request() and request.frame.parent_frame is None:
                self.cut.add(request.frame.page)
        except Error:
            return  # a request of no page

    @property
    def page(self) -> Page:
        """The page a person would be looking at: the one opened last that is still open."""
        alive = [p for p in self.pages if not p.is_closed()]
        return alive[-1] if alive else self.pages[-1]

    # ---- what goes into the journal
    def emit(self, event: AnyEvent) -> int:
        if (
            isinstance(event, Gesture)
            and event.trusted
            and event.activation
            and not event.field
            and event.by == "consumer"
            and not event.double
        ):
            if event.place == "outside" and not event.posted:
                self.clicks += 1
            elif event.place != "box" or event.said:
                self.turns += 1
        if isinstance(event, Obstacle) and event.gesture:
            self.clicks -= 1
        n = self.journal(event)
        if isinstance(event, Gesture) and (
            event.said or event.posted or (event.activation and event.place in ("log", "between"))
        ):
            self.sent.append((event.said or event.label, n))
        return n

    def barrier(self, slug: str, of: list[int] | None = None, text: str = "") -> None:
        """Record a barrier once per run."""
        if slug not in self.barriers:
            self.barriers.add(slug)
            self.emit(BarrierMet(barrier=slug, of=[n for n in of or [] if n], text=text[:300]))

    def read(self, text: str, subject: str, of: int = 0) -> int:
        """Journal how a text was read."""
        how = {"control": self.reader.control, "message": self.reader.message}.get(subject, self.reader.notice)
        r = how(text, self.locale)
        return self.emit(
            Reading(
                of=of,
                subject="control" if subject == "control" else "message" if subject == "message" else "page",
                text=text[:300],
                signal=r.signal,
                certainty=round(r.certainty, 3),
                rule=r.rule,
                phrase=r.phrase,
                values=dict(r.values),
            )
        )

    def says(self, kind: str, text: str) -> bool:
        """Does `text` say `kind` (a helper word of the lexicon)?"""
        try:
            return bool(text) and self.reader.says(kind, text, self.locale)
        except KeyError:
            return False

    def view(self, sight: Sight) -> int:
        """Journal a view the first time it is shown; returns its event number."""
        key = sight.view_key()
        if key not in self.views:
            self.views[key] = self.emit(
                View(
                    page=self.page_names.get(sight.page, ""),
                    address=plain_address(sight.url),
                    title=sight.title[:200],
                    dialog=sight.dialog,
                )
            )
        return self.views[key]

    def note(self, text: str, **data: object) -> None:
        self.emit(Note(text=text, data=dict(data)))

    # ---- budget
    @property
    def elapsed(self) -> float:
        return self.clock() - self.started

    def afford(self, *, turn: bool) -> None:
        """Raise Spend when one more action (or turn) would leave the budget."""
        if self.elapsed > self.budget.seconds:
            raise Spend("seconds")
        if self.clicks + self.turns >= self.budget.actions:
            raise Spend("actions")
        if turn and self.turns >= self.budget.turns:
            raise Spend("turns")
