"""The wire between the agent in the page and Python: one init script, one binding, handlers by message type.

What arrives was written by a page that may be hostile: shapes are checked here, meaning is the handlers' business.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import BrowserContext, Frame, Page

from .page import init_script

BINDING = "__tohuman_emit"
#: Messages heard in one run; a page that says more than this is shouting on purpose.
FLOOD = 20_000


@dataclass(frozen=True)
class Message:
    """One message of the agent: which page and frame it came from, its type, what it says, the frame's address."""

    page: Page
    frame: Frame
    type: str
    payload: dict[str, Any]
    url: str
    top: bool


Handler = Callable[[Message], None]


class Channel:
    """Carries messages of the agent to those who asked for their type. Attach it before the first page is opened."""

    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = {}
        self._attached: list[BrowserContext] = []
        self._word = secrets.token_hex(16)  # what tells the agent's messages from a page's forgeries
        self.heard = 0
        self.refused = 0

    def on(self, type: str, handler: Handler) -> None:
        """Calls `handler` for every message of this type. It must not raise and must not wait."""
        self._handlers.setdefault(type, []).append(handler)

    async def attach(self, context: BrowserContext) -> None:
        """Puts the agent into every document this context opens from now on; a second call does nothing."""
        if context in self._attached:
            return
        self._attached.append(context)
        # The binding first: Playwright installs both as init scripts, in the order in which they were asked for.
        await context.expose_binding(BINDING, self._receive)
        await context.add_init_script(init_script(self._word))

    def _receive(self, source: Any, said: Any = None) -> None:
        if not isinstance(said, dict) or said.get("word") != self._word:
            self.refused += 1
            return
        self.heard += 1
        if self.heard > FLOOD:
            self.refused += 1
            return
        kind, payload = said.get("type"), said.get("payload")
        handlers = self._handlers.get(kind) if isinstance(kind, str) else None
        if not handlers or not isinstance(payload, dict):
            self.refused += 1
            return
        url = said.get("url")
        message = Message(
            page=source["page"],
            frame=source["frame"],
            type=str(kind),
            payload=payload,
            url=url[:2000] if isinstance(url, str) else "",
            top=said.get("top") is True,
        )
        for handler in handlers:
            handler(message)
