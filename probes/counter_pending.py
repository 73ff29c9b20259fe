"""One gesture between its first word and its event: what the agent and the browser said of it, and what that makes it.

Pure bookkeeping; collecting and telling are counter.py's.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from playwright.async_api import Frame, Page

from tohuman.results.events import Gesture, Place

Made = Literal["pointer", "key", "dialog", "back", "popup_closed", "jump", "scripted"]
PLACES = get_args(Place)


@dataclass
class Pending:
    """`said` is the agent's last description; `signs` what the browser did that may be the answer; `t` run seconds,
    `made` loop seconds."""

    kind: Made
    t: float
    made: float
    page: Page | None = None
    frame: Frame | None = None
    said: dict[str, Any] = field(default_factory=dict)
    signs: set[str] = field(default_factory=set)
    led_away: bool = False
    verdict: bool = False
    event: Gesture | None = None
    ready: bool = False
    timer: asyncio.TimerHandle | None = None

    @property
    def press(self) -> bool:
        return self.kind in ("pointer", "key")

    @property
    def key(self) -> tuple[Frame | None, str]:
        return self.frame, text(self.said.get("id"), 60)

    def judge(self) -> tuple[bool, bool, bool | None]:
        """activation, field, changed: the page's verdict, corrected by what the browser saw and the page could not."""
        said, signs, cls = self.said, self.signs, self.said.get("cls")
        led = self.led_away or bool(signs & {"led", "popup", "tab", "dialog", "download"})
        act, is_field = said.get("act") is True, said.get("field") is True
        changed: bool | None = said["changed"] if isinstance(said.get("changed"), bool) else None
        if not self.verdict:
            # The document went away, or hangs, before it could tell.
            act, is_field = cls in ("strong", "weak"), cls == "field"
            changed = True if said.get("effect") is True else None
            if cls == "none":
                act = said.get("near") is True and said.get("clicked") is True
            elif cls == "option":
                is_field = not led
            elif cls == "text" and self.kind == "key":
                act = said.get("submitted") is True
        clicked = said.get("clicked") is True
        if (cls == "none" and clicked and "near" in signs) or (cls == "faint" and clicked and signs):
            act = True
        if led and (cls in ("none", "faint", "option") or (cls == "text" and self.kind == "key")):
            act, is_field = True, False
        if led or "elsewhere" in signs or "navigation" in signs:
            changed = True
        elif changed is False and "network" in signs:
            changed = None
        return act, is_field, changed

    def describe(self, name: str, **facts: Any) -> Gesture:
        """The event of this gesture; `name` names its page, `facts` are the judged ones."""
        said, place = self.said, self.said.get("place")
        inner = self.frame is not None and self.frame.parent_frame is not None
        return Gesture(
            gesture=self.kind,
            t=self.t,
            place=cast(Place, place) if place in PLACES else "outside",
            label=text(said.get("label"), 200),
            role=text(said.get("role"), 40),
            tag=text(said.get("tag"), 40),
            key="Space" if said.get("key") == " " else text(said.get("key"), 20),
            href=text(said.get("href"), 2000),
            page=name,
            frame=self.frame.url[:2000] if self.frame is not None and inner else "",
            **facts,
        )


def text(value: Any, limit: int) -> str:
    """A string of at most `limit` characters, whatever a page has sent."""
    return value[:limit] if isinstance(value, str) else ""


def same_address(one: str, other: str) -> bool:
    return one.split("#")[0] == other.split("#")[0]
