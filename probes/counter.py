"""The counter: gestures as the browser saw them, whoever made them, as `Gesture` events in the order they were made.

The agent's messages (page/counter.js) and the browser's facts (counter_browser.py) meet here and become one event per
gesture. Which gesture counts, and as what, is decided in results; nothing is pressed here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Literal

from playwright.async_api import BrowserContext, Error, Frame, Page

from tohuman.results.events import AnyEvent, Gesture, Note

from .channel import Channel, Message
from .counter_browser import Browser, DialogPolicy, Sign, dismiss
from .counter_pending import Made, Pending, same_address, text

Emit = Callable[[AnyEvent], int]

# Seconds after the last word of a gesture in which its page must have told the effect. It does in 1.0, on a busy
# machine in 3; one that is gone is known to be, so that only a page that hangs is waited for.
SETTLE = 6.0
TOLD = 7.0  # seconds in which every gesture made so far must be told
HELD = 9.0  # seconds a key or button may be held down
ATTRIBUTE = 1.2  # seconds in which what the browser does is an answer to the press before it
ANSWER = 0.4  # seconds in which a request is an answer to it: later ones are the page's own polling
ASK = 1.5  # seconds for another frame to say whether anything moved there
DIALOGS = 20  # told one by one in a run; beyond that they are dismissed and only summed
SCRIPTED = 50
CLOSE = 0.3  # seconds in which a popup that closes was closed by the press in its opener
LEAVE = 0.15  # seconds between a document's last word and the browser's word that it is gone
BARRIER = 0.03  # seconds in which the words of a press that has returned arrive from a frame of another process
STIRRED = "wall => window.__tohuman && window.__tohuman.stirred ? window.__tohuman.stirred(wall) : ''"


class Counter:
    """Counts in one browser context.

    `emit` gets each event once and returns its number. `clock` gives seconds since the run began: the time a gesture
    was made (without it the journal's clock stamps it when it is told, up to 1.2 s later). `name_page` names a page as
    the journal's views do. What `emit` raises is raised again by `settled()`.
    """

    def __init__(
        self,
        context: BrowserContext,
        emit: Emit,
        *,
        channel: Channel | None = None,
        clock: Callable[[], float] | None = None,
        name_page: Callable[[Page], str] | None = None,
        dialogs: DialogPolicy = dismiss,
    ) -> None:
        self.context = context
        self.channel = channel or Channel()
        self.browser = Browser(context, self, dialogs)
        self.last = 0  # the number of the last gesture's event
        self.capped: dict[str, int] = {}  # what was only summed: dialogs, scripted
        self._emit = emit
        self._clock = clock
        self._name = name_page or (lambda page: page.url[:2000])
        self._queue: deque[Pending] = deque()
        self._open: dict[tuple[Frame | None, str], Pending] = {}
        self._just: tuple[Frame | None, str] | None = None  # the last gesture told, unless it repeated the one before
        self._idle = asyncio.Event()
        self._idle.set()
        self._start = ""  # the address of the first load
        self._pardons = 0
        self._pressed = False
        self._dialogs = 0
        self._scripted = 0
        self._autoconsent = False
        self._failure: BaseException | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def attach(self, context: BrowserContext | None = None) -> None:
        """Begins to count. Call it before the first page is opened; a page already at an address is the start page."""
        assert context is None or context is self.context
        self.channel.on("gesture", self._gesture)
        self.channel.on("scripted", self._fake)
        self.channel.on("scripted_more", self._fakes)
        self.channel.on("field", self._field)
        await self.channel.attach(self.context)
        await self.browser.start(self.channel)
        for page in self.context.pages:
            if page.url[:4] == "http" and not self._start:
                self._start = page.url

    def pardon(self) -> None:
        """The next address opened is no jump: the start page once more, or the like."""
        self._pardons += 1

    def ignore(self, page: Page) -> None:
        """This page opened unasked and is shut again: neither is anybody's gesture."""
        self.browser.forget(page)

    @contextlib.contextmanager
    def autoconsent(self) -> Iterator[None]:
        """Scripted presses inside are the consent library's (`by: autoconsent`), not faked ones."""
        self._autoconsent = True
        try:
            yield
        finally:
            self._autoconsent = False

    async def settled(self, timeout: float = TOLD) -> None:
        """Waits until every gesture made so far is told; after `timeout` seconds they are told as they stand."""
        await asyncio.sleep(BARRIER)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), timeout)
        for pending in list(self._queue):
            if not pending.ready and pending.press:
                self._conclude(pending)
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    async def finish(self) -> None:
        """Tells what is still open or only summed; what closes afterwards is the end of the run. Idempotent."""
        if self.browser.over:
            return
        await self.settled()
        self.browser.stop()
        if self.capped:
            self._emit(Note(text="gestures summed, not told one by one", data=dict(self.capped)))

    # ---- words of the agent
    def _gesture(self, message: Message) -> None:
        said, key = message.payload, (message.frame, text(message.payload.get("id"), 60))
        pending = self._open.get(key)
        phase = said.get("phase")
        if pending is None:
            if phase != "open" or len(self._open) > 200:
                return
            kind: Made = "key" if said.get("kind") == "key" else "pointer"
            pending = self._begin(kind, message.page, message.frame)
            self._open[key] = pending
        pending.said = {**pending.said, **said}
        self._rearm(pending, SETTLE if said.get("clicked") or pending.kind == "key" else HELD)
        if phase == "done":
            pending.verdict = True
            if said.get("leaving") is True:
                # Whether the page or the walker wanted it the browser tells in a moment, for a main frame.
                pending.led_away = message.frame.parent_frame is not None
                self._rearm(pending, LEAVE)
            elif said.get("changed") is False and not pending.signs and len(message.page.frames) > 1:
                self._run(self._ask_the_others(pending))
            else:
                self._conclude(pending)

    async def _ask_the_others(self, pending: Pending) -> None:
        """A press in one frame may show its effect in another: a launcher's frame beside the chat's frame."""
        page, wall = pending.page, pending.said.get("wall")
        frames = [f for f in page.frames if f is not pending.frame][:12] if page else []

        async def one(frame: Frame) -> str:
            try:
                return str(await frame.evaluate(STIRRED, wall))
            except Error:
                return ""

        # who answers in time is heard, whoever else is too busy to
        asked = [asyncio.ensure_future(one(f)) for f in frames]
        told, silent = await asyncio.wait(asked, timeout=ASK) if asked else (set(), set())
        found = [task.result() for task in told] + ["?"] * bool(silent)
        for task in silent:
            task.cancel()
        if "near" in found:
            pending.signs |= {"near", "elsewhere"}
        elif "late" in found:
            pending.signs.add("elsewhere")
        elif "?" in found:
            pending.signs.add("network")
        self._conclude(pending)

    def _fake(self, message: Message) -> None:
        self._scripted += 1
        if self._scripted > SCRIPTED:
            self.capped["scripted"] = self.capped.get("scripted", 0) + 1
            return
        self._told(message, "scripted", trusted=False, activation=True)

    def _fakes(self, message: Message) -> None:
        total = message.payload.get("total")
        if isinstance(total, int) and 0 < total < 10**9:
            self.capped["scripted"] = max(self.capped.get("scripted", 0), total)

    def _field(self, message: Message) -> None:
        # A value chosen with no press of the field itself: a select by keyboard or by script, a typed date.
        trusted = message.payload.get("trusted") is True
        self._told(
            message, "pointer" if trusted else "scripted", trusted=trusted, field=True, changed=True, activation=False
        )

    def _told(self, message: Message, kind: Made, **facts: Any) -> None:
        pending = self._begin(kind, message.page, message.frame)
        pending.said = message.payload
        by: Literal["consumer", "autoconsent"] = (
            "autoconsent" if self._autoconsent and kind == "scripted" else "consumer"
        )
        pending.event = pending.describe(self._named(pending.page), by=by, **facts)
        self._release(pending)

    # ---- facts of the browser
    def sign(self, page: Page, frame: Frame | None, what: Sign) -> None:
        now = asyncio.get_running_loop().time()
        for pending in reversed(self._queue):
            if pending.page is page and pending.press and not pending.ready:
                age = now - pending.made
                if age < (ANSWER if what == "network" else ATTRIBUTE):
                    pending.signs.add(what)
                    if what == "navigation" and (frame is None or frame is page.main_frame or frame is pending.frame):
                        pending.signs.add("led")
                    if what == "popup" and pending.said.get("place") == "outside" and pending.said.get("clicked"):
                        self._rearm(pending, LEAVE)  # a window opened: the rest of the page's second tells nothing more
                return

    def gone(self, page: Page, frame: Frame | None, led_away: bool) -> None:
        """A document is gone, and with it whoever could have told the effects of the gestures made there."""
        mine = [
            p for p in self._queue if p.page is page and not p.ready and (frame is None or p.frame is frame) and p.press
        ]
        for pending in mine:
            pending.led_away = pending.led_away or (led_away and pending is mine[-1])
            self._conclude(pending)

    def jumped(self, page: Page, frame: Frame, url: str) -> Callable[[bool], None]:
        pending = self._begin("jump", page, frame)
        starts = not self._start  # nothing can have asked for the first load but who walks, however late that is known
        self._start = self._start or url

        def decide(by_browser: bool) -> None:
            if by_browser and not starts and not self._pardoned() and url[:6] != "about:":
                pending.event = Gesture(
                    gesture="jump",
                    t=pending.t,
                    href=url[:2000],
                    page=self._name(page),
                    frame=frame.url[:2000] if frame.parent_frame else "",
                )
            self._release(pending)

        return decide

    def _pardoned(self) -> bool:
        if self._pardons:
            self._pardons -= 1
            return True
        return False

    def went_back(self, page: Page, url: str) -> None:
        pending = self._begin("back", page, None)
        pending.event = Gesture(gesture="back", t=pending.t, href=url[:2000], page=self._name(page))
        self._release(pending)

    def popup_closed(self, page: Page, url: str, born: float) -> Callable[[bool], None]:
        # An opener of another site closes its popup without a word from the popup's agent: a press just before did it.
        now = asyncio.get_running_loop().time()
        by_press = [p for p in self._queue if p.page is not page and p.press and born < p.made and now - p.made < CLOSE]
        if by_press:
            by_press[-1].signs.add("tab")
        pending = self._begin("popup_closed", page, None)
        name = self._name(page)

        def decide(by_walker: bool) -> None:
            if by_walker and not by_press:
                pending.event = Gesture(gesture="popup_closed", t=pending.t, href=url[:2000], page=name)
            self._release(pending)

        return decide

    def dialog(self, page: Page | None, kind: str, message: str, answer: str) -> bool:
        self._dialogs += 1
        if self._dialogs > DIALOGS:
            self.capped["dialogs"] = self.capped.get("dialogs", 0) + 1
            return False
        pending = self._begin("dialog", page, None)
        pending.event = Gesture(
            gesture="dialog",
            t=pending.t,
            label=text(message, 200),
            role=kind,
            key=answer,
            page=self._named(page),
        )
        self._release(pending)
        return True

    # ---- from pending to event
    def _named(self, page: Page | None) -> str:
        return self._name(page) if page is not None else ""

    def _begin(self, kind: Made, page: Page | None, frame: Frame | None) -> Pending:
        t = self._clock() if self._clock else 0.0
        pending = Pending(kind, t, asyncio.get_running_loop().time(), page, frame)
        self._queue.append(pending)
        self._idle.clear()
        return pending

    def _rearm(self, pending: Pending, seconds: float) -> None:
        if pending.timer is not None:
            pending.timer.cancel()
        if not pending.ready:
            pending.timer = asyncio.get_running_loop().call_later(seconds, self._conclude, pending)

    def _conclude(self, pending: Pending) -> None:
        if pending.ready:
            return
        act, is_field, changed = pending.judge()
        if pending.press:
            said = text(pending.said.get("said"), 4000)
            if act or is_field or said:
                posted = pending.said.get("posted") is True
                pending.event = pending.describe(
                    self._named(pending.page), activation=act, field=is_field, changed=changed, said=said, posted=posted
                )
        self._release(pending)

    def _release(self, pending: Pending) -> None:
        pending.ready = True
        if pending.timer is not None:
            pending.timer.cancel()
        while self._queue and self._queue[0].ready:
            self._tell(self._queue.popleft())
        if not self._queue:
            self._idle.set()

    def _tell(self, pending: Pending) -> None:
        event = pending.event
        if pending.press:
            self._open.pop(pending.key, None)
        if event is None or (event.gesture == "jump" and not self._pressed and same_address(event.href, self._start)):
            return  # the start page once more, before anything was done there, is still the start
        # A double press is the same control again, with nothing else done between.
        twin = text(pending.said.get("twin"), 60)
        if pending.press and twin and self._just == (pending.frame, twin):
            event = event.model_copy(update={"double": True})
        else:
            self._just = pending.key if pending.press else None
        self._pressed = True
        try:
            self.last = self._emit(event)
        except BaseException as failure:
            self._failure = self._failure or failure

    def _run(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
