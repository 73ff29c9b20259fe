"""What the browser itself tells of a walk: dialogs, back, jumps, popups opened and closed, navigations begun.

Reported to the counter through `Sink`; gestures inside a page come from the agent, and nothing is counted here.

How a `goto` is told from a page's own navigation (measured, Chromium 156, Playwright 1.65): the request of a navigation
the browser began carries `Sec-Fetch-Site: none`; links, scripts, forms, meta refresh, frames of other sites that lead
the whole page away, and openers that lead their popup, all carry another value. The header is sent to https and
loopback addresses only; elsewhere `Page.frameStartedNavigating` without a `Page.frameRequestedNavigation` tells (which
alone would call it a jump when a cross-site frame navigates the top). `frameStartedNavigating` also tells back and
forward (`history…`) and reloads (never counted). A page's own history.back() looks the same there: the agent tells it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from playwright.async_api import BrowserContext, CDPSession, Dialog, Error, Frame, Page, Request

from .channel import Channel, Message

Sign = Literal["navigation", "popup", "tab", "download", "dialog", "network"]
#: What a caller wants done with a native dialog: its type and message → answer. `leave`: somebody else answers it.
Answer = Literal["accept", "dismiss", "leave"]
DialogPolicy = Callable[[str, str], Answer]

HEADERS = 3.0  # seconds for a request's headers to be known: on a busy machine more than one
ASKED = 2.0  # seconds in which a page's call of history.back() leads to the navigation
ONE_TRAVERSE = 0.4  # seconds in which the frames of one page follow one step back
TOGETHER = 0.05  # seconds between what two channels say of one navigation
CLOSING = 0.25  # seconds after which a closed popup is not just the first page of a closing context
FRAMES = 5000  # frames of one page that are kept in mind
CDP = 3.0  # seconds for a debugging session to come up


def dismiss(kind: str, message: str) -> Answer:
    """The default: no commits to nothing; an alert has only one button, and leaving a page needs a yes."""
    return "accept" if kind in ("alert", "beforeunload") else "dismiss"


class Sink(Protocol):
    """What the counter does with the browser's facts."""

    def sign(self, page: Page, frame: Frame | None, what: Sign) -> None: ...
    def gone(self, page: Page, frame: Frame | None, led_away: bool) -> None: ...
    def jumped(self, page: Page, frame: Frame, url: str) -> Callable[[bool], None]: ...
    def went_back(self, page: Page, url: str) -> None: ...
    def popup_closed(self, page: Page, url: str, born: float) -> Callable[[bool], None]: ...
    def dialog(self, page: Page | None, kind: str, message: str, answer: str) -> bool: ...


@dataclass
class _Seat:
    """One page: whether a page opened it, what it announced, what the browser is about to load in it."""

    page: Page
    popup: bool = False  # opened by a page: by its script, or by a link pressed for a new tab
    loaded: bool = False
    born: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    main_id: str = ""
    asked: float = -1e9  # when the page last asked for its history
    self_closed: bool = False
    back_at: float = -1e9
    back_frames: dict[str, str] = field(default_factory=dict)  # frames that moved in that step → their load
    # Frames that have been at an address, and so have where to go back to → the load that first brought them there.
    known: dict[str, str] = field(default_factory=dict)
    historic: dict[str, float] = field(default_factory=dict)  # addresses the browser goes back to or reloads → when
    unasked: dict[str, float] = field(default_factory=dict)  # addresses it began to load, nobody in the page asking
    by_walker: bool = False


class Browser:
    """Watches one context for the counter. `start()` before the first page is opened, `stop()` before it is closed."""

    def __init__(self, context: BrowserContext, sink: Sink, policy: DialogPolicy = dismiss) -> None:
        self.context = context
        self.sink = sink
        self.policy = policy
        self.seats: dict[Page, _Seat] = {}
        self.over = False
        self._started_up = False
        self._requested: dict[str, str] = {}  # frame id → address the page asked for
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, channel: Channel) -> None:
        channel.on("history", self._history_asked)
        channel.on("selfclose", self._self_closed)
        self.context.on("page", self._page)
        self.context.on("dialog", self._dialog)
        self.context.on("request", self._request)
        self.context.on("close", lambda _: self.stop())
        for page in self.context.pages:
            self._page(page)
        self._started_up = True

    def stop(self) -> None:
        """What closes from now on is the end of the run."""
        self.over = True

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ---- pages
    def _page(self, page: Page) -> None:
        if page in self.seats:
            return
        seat = self.seats[page] = _Seat(page)
        if page.url not in ("", "about:blank") and self._started_up:
            self._opened_by_page(seat)  # what a walker opens begins empty
        page.on("popup", lambda popup: self._popup(page, popup))
        page.on("close", self._closed)
        page.on("crash", lambda p: self.sink.gone(p, None, False))
        page.on("download", lambda _: self.sink.sign(page, None, "download"))
        page.on("framedetached", lambda frame: self.sink.gone(page, frame, True))
        page.on("framenavigated", self._frame_navigated)
        self._later(self._debug(page, page))

    def _opened_by_page(self, seat: _Seat) -> None:
        seat.popup = seat.loaded = True
        for other in self.seats:
            if other is not seat.page:
                self.sink.sign(other, None, "tab")

    def _popup(self, opener: Page, popup: Page) -> None:
        self._page(popup)
        self.seats[popup].popup = True
        self.sink.sign(opener, None, "popup")

    def forget(self, page: Page) -> None:
        """A window that is shut as unasked for: its closing is told to nobody."""
        if seat := self.seats.get(page):
            seat.popup = False

    def _closed(self, page: Page) -> None:
        seat = self.seats.pop(page, None)
        self.sink.gone(page, None, seat is not None and seat.self_closed)
        if seat is None or self.over or not seat.popup:
            return
        if seat.self_closed:
            for other in self.seats:
                self.sink.sign(other, None, "tab")
            return
        decide = self.sink.popup_closed(page, page.url, seat.born)

        async def soon() -> None:
            await asyncio.sleep(CLOSING)
            decide(not self.over and not seat.self_closed)

        self._later(soon())

    def _self_closed(self, message: Message) -> None:
        if seat := self.seats.get(message.page):
            seat.self_closed = True

    def _history_asked(self, message: Message) -> None:
        if seat := self.seats.get(message.page):
            seat.asked = time.monotonic()

    # ---- the debugging protocol
    async def _debug(self, page: Page, where: Page | Frame) -> None:
        try:
            session: CDPSession = await asyncio.wait_for(self.context.new_cdp_session(where), CDP)
            session.on("Page.frameRequestedNavigation", lambda e: self._requested_by_page(page, e))
            session.on("Page.frameStartedNavigating", lambda e: self._started(page, e))
            session.on("Page.frameNavigated", lambda e: self._committed(page, e))
            session.on("Page.windowOpen", lambda e: self._window_asked(page, e))
            session.on("Page.frameDetached", lambda e: self._detached(page, e))
            await asyncio.wait_for(session.send("Page.enable"), CDP)
            tree = (await asyncio.wait_for(session.send("Page.getFrameTree"), CDP))["frameTree"]
            if seat := self.seats.get(page):
                seat.known.update({f: "" for f in _at_an_address(tree) if f not in seat.known})
                if where is page and not seat.main_id:
                    seat.main_id = tree["frame"]["id"]
        except (Error, TimeoutError, KeyError):
            return  # a frame of the page's own process has no session of its own; a closing page has none any more

    def _frame_navigated(self, frame: Frame) -> None:
        page, parent = frame.page, frame.parent_frame
        if parent is not None and frame.url.split("/")[:3] != parent.url.split("/")[:3] and frame.url[:4] == "http":
            self._later(self._debug(page, frame))  # steps back inside a frame of another site are seen only there

    def _requested_by_page(self, page: Page, event: dict[str, Any]) -> None:
        if event.get("disposition") in ("newTab", "newWindow"):
            # A middle click: the tab stands at once, but is told of only when what it shows has begun to answer.
            self.sink.sign(page, None, "tab")
            return
        self._requested[event["frameId"]] = str(event.get("url", ""))
        seat = self.seats.get(page)
        if seat is not None and event["frameId"] == seat.main_id and event.get("disposition") == "currentTab":
            self.sink.sign(page, page.main_frame, "navigation")

    def _window_asked(self, page: Page, event: dict[str, Any]) -> None:
        # Told at once; the window itself is told of when it stands, which for another site's, on a busy machine, can
        # take longer than a press is waited for.
        if event.get("userGesture") is True:
            self.sink.sign(page, None, "popup")

    def _started(self, page: Page, event: dict[str, Any]) -> None:
        seat = self.seats.get(page)
        if seat is None:
            return
        frame, url, kind = str(event["frameId"]), str(event.get("url", "")), str(event.get("navigationType", ""))
        load = str(event.get("loaderId", ""))  # the same in the words of every session that sees the frame
        new = frame != seat.main_id and seat.known.get(frame, load) == load
        if len(seat.known) < FRAMES:
            seat.known.setdefault(frame, load)
        asked = self._requested.pop(frame, None)
        by_page = asked is not None and _plain(asked) == _plain(url)
        if frame == seat.main_id:
            seat.by_walker = not by_page
        if kind.startswith("history"):
            seat.historic[_plain(url)] = time.monotonic()
            # A frame that comes with its parent out of the history is loaded from there too, when the parent stands,
            # however late that is: the step back was its parent's.
            if not by_page and not new:
                self._traversed(seat, frame, url, load)
        elif kind.startswith(("reload", "restore")):
            seat.historic[_plain(url)] = time.monotonic()
        elif by_page or frame != seat.main_id:
            return
        elif kind == "sameDocument":
            self.sink.jumped(page, page.main_frame, url)(True)
        else:
            seat.unasked[_plain(url)] = time.monotonic()

    def _detached(self, page: Page, event: dict[str, Any]) -> None:
        if (seat := self.seats.get(page)) and event.get("reason") != "swap":
            seat.known.pop(str(event["frameId"]), None)

    def _traversed(self, seat: _Seat, frame: str, url: str, load: str) -> None:
        now = time.monotonic()
        if seat.back_frames.get(frame) == load:
            return  # told by another session already
        if now - seat.asked < ASKED:
            seat.by_walker = False
            if frame == seat.main_id:
                seat.asked = -1e9
            return
        if now - seat.back_at < ONE_TRAVERSE and frame not in seat.back_frames:
            seat.back_frames[frame] = load
            return
        seat.back_at, seat.back_frames = now, {frame: load}
        self.sink.went_back(seat.page, url)

    def _committed(self, page: Page, event: dict[str, Any]) -> None:
        frame = event.get("frame", {})
        seat = self.seats.get(page)
        if seat is not None and not frame.get("parentId"):
            seat.main_id = str(frame.get("id", seat.main_id))
            self.sink.gone(page, None, not seat.by_walker)

    # ---- requests
    def _request(self, request: Request) -> None:
        try:
            frame = request.frame
            page = frame.page
        except Error:
            return  # a worker's request, or a page that is not there yet
        if not request.is_navigation_request() and request.resource_type != "document":
            if request.resource_type in ("fetch", "xhr", "eventsource", "websocket", "script"):
                self.sink.sign(page, frame, "network")
            return
        if request.redirected_from is not None:
            return
        self._page(page)
        seat = self.seats[page]
        url = request.url
        first = frame.parent_frame is None and not seat.loaded
        seat.loaded = seat.loaded or first
        decide = self.sink.jumped(page, frame, url)
        self._later(self._judge(request, seat, frame, first, decide))

    async def _judge(
        self, request: Request, seat: _Seat, frame: Frame, first: bool, decide: Callable[[bool], None]
    ) -> None:
        url, begun = _plain(request.url), time.monotonic()
        site: str | None = None
        try:
            site = (await asyncio.wait_for(request.all_headers(), HEADERS)).get("sec-fetch-site")
        except (Error, TimeoutError):
            pass
        if site in (None, "none"):
            await asyncio.sleep(TOGETHER)  # the debugging session's word on the same navigation may come a little later
        again = abs(seat.historic.pop(url, -1e9) - begun) < ASKED
        unasked = abs(seat.unasked.pop(url, -1e9) - begun) < ASKED
        by_browser = (site == "none" if site else unasked) and not again
        decide(by_browser)
        if by_browser or again:
            return
        self.sink.sign(seat.page, frame, "navigation")
        # what nobody has told of is nobody's new page
        if first and not seat.popup and site is not None and seat.page in self.seats:
            self._opened_by_page(seat)  # a middle click: a new page, and no popup event

    # ---- dialogs
    def _dialog(self, dialog: Dialog) -> None:
        page = dialog.page
        if page is not None:
            self.sink.sign(page, None, "dialog")
        answer = "leave" if _others_listen(page) else self.policy(dialog.type, dialog.message)
        self.sink.dialog(page, dialog.type, dialog.message, answer)
        if answer != "leave":
            self._later(_answer(dialog, answer))


async def _answer(dialog: Dialog, answer: Answer) -> None:
    try:
        await (dialog.accept() if answer == "accept" else dialog.dismiss())
    except Error:
        return  # the page closed, or a script of the walker was quicker


def _others_listen(page: Page | None) -> bool:
    """Whether a walker's own script answers the dialogs of this page (Playwright keeps no public list of listeners)."""
    listeners = getattr(getattr(page, "_impl_obj", None), "listeners", None)
    return bool(listeners and listeners("dialog"))


def _at_an_address(tree: dict[str, Any]) -> list[str]:
    """The ids of the frames in a frame tree whose document came from somewhere."""
    own, inner = tree["frame"], [f for child in tree.get("childFrames", []) for f in _at_an_address(child)]
    return [own["id"], *inner] if str(own.get("url", ""))[:4] == "http" else inner


def _plain(url: str) -> str:
    return url.split("#", 1)[0]
