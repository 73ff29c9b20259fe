"""The few verbs every walker uses: open, look, press, go back, and waiting for a page to come to rest; typist.py types.

Trusted input only, through the browser. What to press is the policies' business; what counts is the counter's.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from playwright.async_api import ElementHandle, Error, Frame, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from tohuman.results.events import Wait

from . import deadlines as d
from .session import Session
from .sight import Control, Field, Sight, element, look
from .typist import Typist


class Unreachable(Exception):
    """The site could not be opened; `reason` is a slug, str() one sentence."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class NotPressable(Exception):
    """The control is gone or something lies over it; `covered` tells which."""

    def __init__(self, control: str, covered: bool) -> None:
        super().__init__(
            f"“{control}” could not be pressed: {'something lies over it' if covered else 'it is no longer there'}"
        )
        self.covered = covered


@dataclass
class Effect:
    """What a press did: the gesture's event number, and whether page, address or content changed."""

    gesture: int
    popup: bool
    moved: bool
    changed: bool


#: The header by which the guard on the wire (runners/egress.py) marks what it answers itself.
GUARD = "x-tohuman-guard"
MAX_SCROLLS = 12
#: Height and number of elements: what a page that loads more on scrolling changes.
_EXTENT = "() => [document.documentElement.scrollHeight, document.getElementsByTagName('*').length].join()"
_LOADED = "() => document.readyState === 'complete'"
_WHOLE = """() => document.readyState === 'loading' ? 'loading'
  : window.__tohuman && window.__tohuman.tampered() ? 'tampered' : 'whole'"""
_REFUSED = {
    "ERR_NAME_NOT_RESOLVED": ("name_not_resolved", "the name does not resolve"),
    "ERR_CONNECTION_REFUSED": ("refused", "the connection was refused"),
    "ERR_CONNECTION_RESET": ("reset", "the connection was reset"),
    "ERR_CONNECTION_CLOSED": ("closed", "the connection was closed"),
    "ERR_EMPTY_RESPONSE": ("empty", "the server closed the connection without an answer"),
    "ERR_TOO_MANY_REDIRECTS": ("redirects", "it redirects for ever"),
    "ERR_TUNNEL_CONNECTION_FAILED": ("refused", "the connection was refused"),
    "ERR_ABORTED": ("download", "it is a download, not a page"),
    "ERR_INVALID_RESPONSE": ("invalid", "the answer is not valid HTTP"),
    "ERR_CERT": ("certificate", "its certificate is not valid"),
    "ERR_SSL": ("tls", "a secure connection could not be made"),
    "ERR_BLOCKED": ("blocked_request", "the request was refused by the guard"),
}


class Shopper(Typist):
    """Acts in one session. All methods raise deadlines.Overdue when the browser does not come back in time."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.depth: dict[Page, int] = {}
        self.endless: set[Page] = set()  # pages whose document is still coming after all patience: not waited for again
        self._stirred: tuple[Page, list[int]] | None = None
        self.hasty = False  # a press that does not work at once is not worth waiting for
        self.first = ""  # the address the start page came to rest at

    # ---- opening
    async def open(self, url: str) -> None:
        """Open the start page; raises Unreachable with one sentence."""
        page = self.s.page
        begun = self.s.clock()
        try:
            response = await d.within(
                d.OPEN, page.goto(url, wait_until="commit", timeout=d.OPEN.seconds * 1000), d.OPEN.seconds + 1
            )
        except (PlaywrightTimeout, d.Overdue) as e:
            raise Unreachable("timeout", f"{url} did not answer within {d.OPEN.seconds:g} s.") from e
        except Error as e:
            for mark, (reason, sentence) in _REFUSED.items():
                if mark in e.message:
                    raise Unreachable(reason, f"{url} could not be opened: {sentence}.") from e
            raise Unreachable("network", f"{url} could not be opened: {e.message.splitlines()[0][:160]}.") from e
        stopped = response.headers.get(GUARD, "") if response is not None else ""
        if stopped.startswith("403"):
            raise Unreachable("refused_by_guard", f"{url} leads to an address that must not be visited.")
        if stopped:
            raise Unreachable("refused", f"{url} could not be opened: the connection was refused or broke off.")
        if response is not None and response.status >= 400:
            reason = "blocked" if response.status in (401, 403, 429) else "http_error"
            raise Unreachable(f"{reason}_{response.status}", f"{url} answered with HTTP status {response.status}.")
        await self.rest()
        self.first = self.s.page.url
        self.s.emit(Wait(kind="page", seconds=round(self.s.clock() - begun, 3)))

    async def picture(self, of: int) -> None:
        """Take the picture of this step, where the run keeps pictures."""
        if self.s.camera is not None:
            await d.within(d.ACTION_HARD, self.s.camera(self.s.page, of))

    # ---- waiting
    async def _pulse(self, frame: Frame) -> tuple[int, float, str, bool]:
        try:
            raw = await d.within(
                d.EVALUATE,
                frame.evaluate(
                    "() => window.__tohuman ? window.__tohuman.beat() : [0, 1e9, document.readyState, false]"
                ),
            )
            return int(raw[0]), float(raw[1]) / 1000.0, str(raw[2]), bool(raw[3])
        except Error:
            return 0, 0.0, "loading", False

    async def rest(self, page: Page | None = None) -> bool:
        """Wait until the page rests (document ready, nothing changing or under way); False: it never did."""
        page = page or self.s.page
        end = self.s.clock() + d.SETTLE.seconds
        while self.s.clock() < end:
            if page.is_closed():
                return True
            near = [page.main_frame, *page.main_frame.child_frames[:4]]
            deeper = [f for f in page.frames[:12] if f not in near]
            pulses = await asyncio.gather(*(self._pulse(f) for f in (*near, *deeper)))
            beats = pulses[: len(near)]
            ready = page in self.endless or all(b[2] != "loading" for b in beats)
            # a conversation that is already there keeps changing by itself: its words are waited for in talking.py
            talking = any(b[3] for b in pulses)
            quiet = talking or min(b[1] for b in beats) >= d.QUIET.seconds
            answered = self.s.clock() - self.s.last_answer_at
            if ready and quiet and (talking or (not self.s.under_way() and answered > 0.12)):
                return True
            await asyncio.sleep(d.POLL.seconds)
        self.endless.add(page)
        return False

    async def look(self) -> Sight:
        """See the page in front; journals the view when it is new."""
        sight = await look(self.s.page)
        if sight.talk_box and await self.searches(sight):
            sight = await look(self.s.page)
        if not self.s.locale and sight.all_text.strip():
            self.s.locale = self.s.reader.language(sight.all_text, sight.lang)
            self.s.note("language of the page", declared=sight.lang, read=self.s.locale)
        new = sight.view_key() not in self.s.views
        n = self.s.view(sight)
        if new:
            await self.picture(n)
        return sight

    async def searches(self, sight: Sight) -> bool:
        """Is the message box a search by its name? Then it is none from now on."""
        number, name = sight.talk_field
        frame = sight.talk_frame
        if not name or frame is None or self.s.says("message_box", name):
            return False
        if self.s.reader.control(name, self.s.locale).signal != "search":
            return False
        handle = await element(frame, number)
        if handle is None:
            return False
        await d.within(d.EVALUATE, handle.evaluate("el => window.__tohuman.disown(el)"))
        return True

    async def loaded(self) -> bool:
        """Has the document in front loaded, with its scripts?"""
        try:
            return bool(await d.within(d.EVALUATE, self.s.page.main_frame.evaluate(_LOADED)))
        except Error:
            return False

    async def stirred(self) -> bool:
        """Has the page in front, or a frame in it, changed since the last call?"""
        page = self.s.page
        beats = await asyncio.gather(*(self._pulse(f) for f in page.frames[:8]))
        before, self._stirred = self._stirred, (page, [b[0] for b in beats])
        return before != self._stirred

    async def unread(self) -> str:
        """Why what was seen of the page in front may not be all of it; '' when it came whole and can be read."""
        page = self.s.page
        try:
            state = str(await d.within(d.EVALUATE, page.main_frame.evaluate(_WHOLE)))
        except Error:
            return "went away while it was looked at"
        if state == "loading" or page in self.s.cut:
            return "did not come whole"
        return "has changed the language its scripts are written in" if state == "tampered" else ""

    # ---- pressing
    async def _activate(self, handle: ElementHandle, force: bool = False) -> None:
        limit = d.PRESS_HASTY if self.hasty else d.PRESS
        how: dict[str, Any] = {"timeout": (limit.seconds - 1) * 1000, "no_wait_after": True, "force": force}
        spot = await d.within(d.EVALUATE, handle.evaluate("el => window.__tohuman.spot(el)"))
        if spot == "inside":
            within = await d.within(d.EVALUATE, handle.evaluate_handle("el => window.__tohuman.body(el)"))
            handle = within.as_element() or handle
        elif isinstance(spot, dict):
            how["position"] = spot
        elif spot == "around":
            how["force"] = True
        self.s.activated()
        await d.within(limit, handle.tap(**how) if self.s.mobile else handle.click(**how))

    async def press(self, control: Control, *, free: bool = False) -> Effect:
        """Press a control as a person would. `free`: it closes an obstacle and needs no budget. Raises NotPressable."""
        if not free:
            self.s.afford(turn=control.place != "outside")
        handle = await element(control.frame, control.id)
        if handle is None:
            raise NotPressable(control.label, covered=False)
        page, counted = self.s.page, self.counted
        address, pages = page.url, len(self.s.pages)
        before = (await self._pulse(page.main_frame))[0]
        frame_before = (await self._pulse(control.frame))[0] if control.frame is not page.main_frame else before
        begun = self.s.clock()
        try:
            await self._activate(handle)
        except (PlaywrightTimeout, d.Overdue) as e:
            covered = control.covered or "intercepts pointer events" in str(e)
            # what the browser does not come back from in time may have been pressed all the same: the counter knows
            if covered or not await self.gesture(counted):
                raise NotPressable(control.label, covered=covered) from e
        except Error as e:
            if "Target" not in e.message and "detached" not in e.message:
                raise NotPressable(control.label, covered=False) from e
        # a widget may need a moment before it shows the first sign of what was pressed
        late = self.s.clock() + d.LATE.seconds
        changed = False
        while self.s.clock() < late and not changed:
            await asyncio.sleep(d.POLL.seconds)
            if page.is_closed() or len(self.s.pages) != pages or page.url != address or self.s.under_way():
                changed = True
                break
            changed = (await self._pulse(page.main_frame))[0] != before or (
                control.frame is not page.main_frame and (await self._pulse(control.frame))[0] != frame_before
            )
        if control.place == "outside":
            await self.rest()  # inside the conversation the reply is waited for by talking.py
        popup = len(self.s.pages) > pages
        if control.place == "outside":
            self.s.emit(Wait(kind="page", seconds=round(self.s.clock() - begun, 3)))
        gesture = await self.gesture(counted)
        await self.picture(gesture)
        moved = page.is_closed() or page.url != address
        if moved and not popup:
            self.depth[page] = self.depth.get(page, 0) + 1
        return Effect(gesture=gesture, popup=popup, moved=moved, changed=changed or popup or moved)

    async def gesture(self, before: int = -1) -> int:
        """The event number of the gesture just made, once the counter has settled it; 0 when it was none."""
        if self.s.counter is None:
            return 0
        await self.s.counter.settled()
        return self.s.counter.last if self.s.counter.last != before else 0

    @property
    def counted(self) -> int:
        return self.s.counter.last if self.s.counter is not None else 0

    async def pause(self) -> None:
        """The wait between two looks."""
        await asyncio.sleep(d.POLL.seconds)

    async def back(self) -> bool:
        """Go back as a person would: close the popup or tab, else the back button. False: there is nothing behind."""
        page = self.s.page
        if not self.depth.get(page, 0) and page.url == self.first and page is self.s.pages[0]:
            return False
        self.s.afford(turn=False)
        begun = self.s.clock()
        alive = [p for p in self.s.pages if not p.is_closed()]
        if len(alive) > 1 and not self.depth.get(page, 0):
            await d.within(d.CLOSE, page.close())
        else:
            address = page.url
            try:
                await d.within(d.ACTION_HARD, page.go_back(wait_until="commit", timeout=8000))
            except (Error, d.Overdue):
                return False
            if page.url == address:
                return False
            self.depth[page] = max(0, self.depth.get(page, 0) - 1)
        await self.rest()
        self.s.emit(Wait(kind="page", seconds=round(self.s.clock() - begun, 3)))
        await self.gesture()
        return True

    async def scroll_down(self) -> bool:
        """Scroll to the page's end while it grows; True when something came that was not there before."""
        page = self.s.page
        grew = False
        end = self.s.clock() + d.SCROLL.seconds
        for _ in range(MAX_SCROLLS):
            if self.s.clock() > end:
                return grew
            try:
                before = await d.within(d.EVALUATE, page.main_frame.evaluate(_EXTENT))
                await d.within(d.ACTION_HARD, page.mouse.wheel(0, 20000))
                await self.pause()
                await self.rest()
                after = await d.within(d.EVALUATE, page.main_frame.evaluate(_EXTENT))
            except Error:
                return grew
            if after == before:
                return grew
            grew = True
        return grew

    async def search(self, box: Field, text: str) -> Effect | None:
        """Type into a help search and submit it with Enter (1 click, method 2a.5)."""
        self.s.afford(turn=False)
        page, pages = self.s.page, len(self.s.pages)
        handle = await element(box.frame, box.id)
        if handle is None or not await self.retype(handle, text):
            return None
        address = page.url
        before = (await self._pulse(box.frame))[0]
        if not await self.enter(handle):
            return None
        await asyncio.sleep(d.POLL.seconds)
        await self.rest()
        gesture = await self.gesture()
        moved = page.url != address
        if moved:
            self.depth[page] = self.depth.get(page, 0) + 1
        return Effect(gesture, len(self.s.pages) > pages, moved, moved or (await self._pulse(box.frame))[0] != before)
