"""A plain Playwright script as a walker: `async def walk(page)` in a Python file, with no call of ours inside.

The counter counts it like anybody; when the script has returned, the conversation and the page it ended on are judged.
"""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Error, Page

from tohuman.probes.conversation import Conversation
from tohuman.probes.deadlines import Overdue
from tohuman.probes.naive import Naive
from tohuman.probes.shopper import Shopper, Unreachable
from tohuman.probes.talking import Reply, Talk
from tohuman.results.events import Failure, Finding

from .errors import MalformedFile
from .order import Order

Walk = Callable[[Page], Awaitable[Any]]


def load_script(path: Path) -> Walk:
    """The file's `async def walk(page)`. MalformedFile with one sentence."""
    try:
        spec = importlib.util.spec_from_file_location("tohuman_walk_script", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except Exception as error:
        raise MalformedFile(
            f"The script can not be loaded: {type(error).__name__}: {str(error)[:200]}",
            where=str(path),
            do="correct it and run again",
        ) from error
    walk = getattr(module, "walk", None)
    if not inspect.iscoroutinefunction(walk):
        raise MalformedFile(
            "The script has no `async def walk(page)`",
            where=str(path),
            do="define it; it gets a Playwright page that stands on the start page",
        )
    return walk


async def walk_script(shopper: Shopper, page: Page, order: Order) -> None:
    """Run the script on the opened start page, watch the conversation while it acts, judge where it ended."""
    s = shopper.s
    walk = load_script(Path(order.script))
    try:
        await shopper.open(order.url)
    except Unreachable as e:
        s.emit(
            Failure(
                outcome="blocked" if e.reason.startswith("blocked") else "unavailable",
                reason=e.reason,
                sentence=str(e),
                step="opening",
            )
        )
        return
    s.blocks_popups = False  # a script opens what it likes
    listener = Listener(shopper)
    task = asyncio.ensure_future(listener.run())
    try:
        await asyncio.wait_for(walk(page), order.budget.seconds)
    except TimeoutError:
        s.emit(
            Failure(
                outcome="error",
                reason="script_overdue",
                sentence="The script did not return within the run's budget.",
                step="walk",
            )
        )
        return
    except Exception as e:
        kind: Literal["broken", "error"] = "broken" if isinstance(e, Error) else "error"
        s.emit(
            Failure(
                outcome=kind,
                reason="script_failed",
                sentence=f"The script stopped: {str(e).splitlines()[0][:240] if str(e) else type(e).__name__}.",
                step="walk",
            )
        )
        return
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await judge(shopper, listener)


class Listener:
    """Keeps the transcript while somebody else acts."""

    def __init__(self, shopper: Shopper) -> None:
        self.shopper = shopper
        self.talk: Talk | None = None
        self.reply = Reply()
        self.said = 0

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self.hear()
            except (Overdue, Error):
                self.talk = None
            await self.shopper.pause()

    async def hear(self) -> None:
        """One look: find the conversation, or take in what is new in it."""
        if self.talk is None:
            sight = await self.shopper.look()
            if sight.talk_frame is not None:
                self.talk = Talk(self.shopper, sight.talk_frame)
                self.talk.announce(sight)
            return
        view = await self.talk.view()
        if view is None:
            self.talk = None
            return
        sent = self.shopper.s.sent
        for text, gesture in sent[self.said :]:
            self.talk.transcript.said(text, gesture)
        self.said = len(sent)
        for bubble in self.talk.transcript.merge(view):
            if bubble not in self.reply.bubbles:
                self.reply.bubbles.append(bubble)


async def judge(shopper: Shopper, listener: Listener) -> None:
    """How the run ended: by the last reply, else by what stands on the page."""
    s = shopper.s
    await shopper.gesture()
    await listener.hear()
    if listener.talk is None:
        await listener.hear()
    if listener.talk is not None:
        conversation = Conversation(shopper, listener.talk, set())
        conversation.state.asked_person = 1
        late = await listener.talk.wait()
        bubbles = listener.reply.bubbles + [b for b in late.bubbles if b not in listener.reply.bubbles]
        end = await conversation.digest(conversation.read(bubbles), Reply(bubbles=bubbles), False)
        if end is not None:
            return
    page = Naive(shopper)
    page.promised = True
    page.notice_walls(await shopper.look())
    if not page.m.walls:
        s.emit(Finding(finding="no_way_left", of=[s.counter.last] if s.counter and s.counter.last else []))
