"""Typing: into fields, into a conversation's message box, and whether what was typed was sent.

Trusted input only. Pressing, looking and going back are shopper.py's; waiting for the reply is talking.py's.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from playwright.async_api import ElementHandle, Error, Frame
from playwright.async_api import TimeoutError as PlaywrightTimeout

from . import deadlines as d
from .session import Session
from .sight import element

#: A busy page is looked at so often, however long that takes, before a message counts as not sent.
LOOKS = 3


#: What a field or an element that can be written in holds.
HELD = "(box) => String(box.value || box.innerText || box.textContent || '')"


class Refused(Exception):
    """A message box that lets nothing stand in it: it is locked while the conversation wants a choice."""


class Typist:
    """Types in one session. All methods raise deadlines.Overdue when the browser does not come back in time."""

    def __init__(self, session: Session) -> None:
        self.s = session

    async def put(self, frame: Frame, id: int, text: str) -> bool:
        """Type a value into a field (not a click). False when the field would not take it."""
        handle = await element(frame, id)
        if handle is None:
            return False
        return await self.retype(handle, text)

    async def retype(self, handle: ElementHandle, text: str) -> bool:
        try:
            await d.within(d.PRESS, handle.fill(text, timeout=3000))
            return True
        except (Error, d.Overdue):
            try:
                await d.within(d.PRESS, handle.type(text, timeout=4000))
                return True
            except (Error, d.Overdue):
                return False

    # ---- what stands in the conversation
    async def marks(self, *frames: Frame) -> tuple[list[str], list[str]]:
        """The addresses and the names of elements in these frames by which a vendor's software is known."""
        urls: list[str] = []
        ids: list[str] = []
        for frame in dict.fromkeys(frames):
            try:
                found = await d.within(d.EVALUATE, frame.evaluate("() => window.__tohuman.marks()"))
                urls += [frame.url, *map(str, found["urls"])]
                ids += map(str, found["ids"])
            except (Error, d.Overdue, KeyError, TypeError):
                continue
        return urls, ids

    async def talk(self, frame: Frame) -> dict[str, Any] | None:
        """The conversation as the agent in `frame` sees it now; None when there is none (any more)."""
        try:
            raw = await d.within(
                d.EVALUATE,
                frame.evaluate(
                    "() => window.__tohuman ? window.__tohuman.native.stringify(window.__tohuman.talk()) : 'null'"
                ),
            )
        except Error:
            return None
        value: dict[str, Any] | None = json.loads(raw)
        return value

    async def box(self, frame: Frame) -> ElementHandle | None:
        try:
            handle = await d.within(d.EVALUATE, frame.evaluate_handle("() => window.__tohuman.boxElement()"))
        except Error:
            return None
        return handle.as_element()

    async def type_message(self, frame: Frame, text: str, before: int | None = None) -> bool:
        """Put `text` into the message box and press Enter; True when it was sent. `before`: its echoes until now."""
        handle = await self.box(frame)
        before = echoes(await self.talk(frame), text) if before is None else before
        if handle is None or not await self.retype(handle, text):
            return False
        if not await self.took(frame, handle, text, before):
            raise Refused
        if not await self.enter(handle):
            return False
        return await self.sent(frame, text, before)

    async def took(self, frame: Frame, handle: ElementHandle, text: str, before: int) -> bool:
        """Does what was typed stand in the box? Some scripts throw away what is set, and take what is typed by keys."""
        try:
            for attempt in range(2):
                for _ in range(LOOKS):
                    stands = await d.within(d.EVALUATE, handle.evaluate(HELD))
                    if stands.strip() or echoes(await self.talk(frame), text) > before:
                        return True
                    await asyncio.sleep(d.POLL.seconds)
                if attempt == 0:
                    await d.within(d.PRESS, handle.type(text, timeout=4000))
        except Error:
            return True  # the box is gone: that is another matter
        return False

    async def sent_late(self, frame: Frame, text: str, before: int) -> bool:
        """The page did not come back from Enter in time: what was pressed still waits in it, and must not be pressed
        again before the page answers. One that does not answer is Overdue: nobody knows whether the line was sent."""
        end = self.s.clock() + d.REPLY.seconds
        while True:
            try:
                return await self.sent(frame, text, before)
            except d.Overdue:
                if self.s.clock() >= end:
                    raise

    async def enter(self, handle: ElementHandle) -> bool:
        """Press Enter in a box; False when it is gone. A page that never comes back from it is Overdue."""
        self.s.activated()
        try:
            await d.within(d.PRESS, handle.press("Enter", timeout=(d.PRESS.seconds - 1) * 1000, no_wait_after=True))
        except PlaywrightTimeout as e:
            raise d.Overdue(d.PRESS) from e
        except Error:
            return False
        return True

    async def sent(self, frame: Frame, text: str, before: int) -> bool:
        """Did the box let go of `text`, or the log show it once more than `before`, in the time a press has?"""
        late, looks = self.s.clock() + d.LATE.seconds, 0
        probe = text.strip()[:40]
        while self.s.clock() < late or looks < LOOKS:
            looks += 1
            view = await self.talk(frame)
            if view is None or not view["boxText"].strip().startswith(probe) or echoes(view, text) > before:
                return True
            await asyncio.sleep(d.POLL.seconds)
        return False


def echoes(view: dict[str, Any] | None, text: str) -> int:
    """How often the log shows this text as a message."""
    own = "".join(text.split()).casefold()
    return sum(1 for m in (view or {"messages": []})["messages"] if own in "".join(m["text"].split()).casefold())
