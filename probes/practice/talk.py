"""One conversation on a practice platform: a feed of events that any transport can read, and its delayed answers.

No words and no bot live here: what is said, and when, is each site's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

Event = dict[str, Any]


class Talk:
    """A growing list of events. Readers ask for what came after the n-th, waiting if they like."""

    def __init__(self, talk_id: str) -> None:
        self.id = talk_id
        self.events: list[Event] = []
        #: Whatever a bot wants to remember of this conversation (requests counted, menu level …).
        self.memory: dict[str, Any] = {}
        self.closed = False
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, kind: str, **fields: Any) -> Event:
        """Append an event and wake the readers."""
        event: Event = {"n": len(self.events) + 1, "kind": kind, **fields}
        self.events.append(event)
        self._wake()
        return event

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def after(self, n: int, wait: float = 0.0) -> list[Event]:
        """Events after number n; waits up to `wait` seconds for the first. Empty when closed or nothing came."""
        if len(self.events) <= n and wait > 0 and not self.closed:
            try:
                await asyncio.wait_for(self._news.wait(), wait)
            except TimeoutError:
                pass
        return self.events[n:]

    def go(self, script: Coroutine[Any, Any, None]) -> None:
        """Run a script of delayed answers beside; it ends with the conversation."""
        if self.closed:
            script.close()
            return
        task = asyncio.ensure_future(script)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop_scripts(self) -> None:
        """End what is still to be said (a cancelled queue); the conversation stays open."""
        current = asyncio.current_task() if _in_loop() else None
        for task in list(self._tasks):
            if task is not current:
                task.cancel()

    def close(self) -> None:
        self.closed = True
        self.stop_scripts()
        self._wake()


class Talks:
    """The conversations of a site, made when first asked for."""

    def __init__(self, on_open: Callable[[Talk], Awaitable[None] | None] | None = None) -> None:
        self._on_open = on_open
        self._talks: dict[str, Talk] = {}

    def open(self, talk_id: str) -> tuple[Talk, bool]:
        """The conversation of that id, and whether it is new."""
        talk = self._talks.get(talk_id)
        if talk is not None:
            return talk, False
        talk = self._talks[talk_id] = Talk(talk_id)
        return talk, True

    def clear(self) -> None:
        for talk in self._talks.values():
            talk.close()
        self._talks.clear()


def _in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
