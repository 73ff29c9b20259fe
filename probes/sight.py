"""Seeing: one pass over the frames of a page → controls, fields, overlays and the conversation, as Python objects.

No choosing and no pressing; what the agent in the page reports is only merged and put into page coordinates.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from playwright.async_api import ElementHandle, Error, Frame, Page

from . import deadlines as d
from .alike import norm

MAX_FRAMES = 24
RETRIES = 8
_VOLATILE = (
    "utm_",
    "_ga",
    "sid",
    "session",
    "token",
    "ts",
    "timestamp",
    "_t",
    "t",
    "cache",
    "cb",
    "rnd",
    "rand",
    "nonce",
    "gclid",
    "fbclid",
    "spm",
    "jsessionid",
    "phpsessid",
    "_",
    "v",
    "csrf",
)


_INDEX = re.compile(r"/(index|default)\.(html?|php|aspx?|jsp)$", re.I)


@lru_cache(maxsize=16_384)
def plain_address(url: str) -> str:
    """The address without its volatile parameters (session, tracking, cache, time stamp)."""
    parts = urlsplit(url)
    path = parts.path.split(";jsessionid")[0] or "/"
    path = _INDEX.sub("/", path)  # a folder and its index page are one
    kept = [
        (k, v)
        for k, v in parse_qsl(parts.query, keep_blank_values=True)
        if not k.lower().startswith("utm_") and k.lower() not in _VOLATILE
    ]
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(kept), parts.fragment))


def page_of(url: str) -> str:
    """The address of the page itself: without a fragment, unless that is the route of a page made by scripts."""
    page, mark, fragment = url.partition("#")
    return url if mark and fragment.startswith(("/", "!")) else page


class NotSeen(Exception):
    """The page can not be looked at (no document that answers): the measurement failed, nobody is missing."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url[:200]} shows no document that can be read")


@dataclass
class Control:
    """Something a person could press. Coordinates are page pixels of the outermost viewport."""

    frame: Frame
    id: int
    role: str
    name: str
    href: str
    region: str
    place: str
    overlay: int  # index into Sight.overlays, -1 none
    fixed: bool
    disabled: bool
    covered: bool
    in_view: bool
    prose: bool
    x: float
    y: float
    w: float
    h: float
    heading: str = ""
    context: str = ""
    tag: str = ""
    why: str = ""
    target: str = ""
    expanded: str = ""
    selected: str = ""
    submit: bool = False
    form: int = 0
    round: bool = False
    tokens: str = ""
    in_talk: bool = False  # in the panel of a conversation, outside its log and box (its header, its foot)
    textless: bool = False  # an icon: its name, if any, is not on show
    shown: str = ""  # the words on show; the name may say more or other
    lead: str = ""  # the first line of several: the title of a card
    order: int = 0

    @property
    def label(self) -> str:
        return self.name or self.context

    @property
    def leaves(self) -> bool:
        """A link to another page, or to another view of a page that keeps its views behind a «#/»."""
        if self.tag != "a" or not self.href.startswith("http"):
            return False
        to, _, view = self.href.partition("#")
        here, _, now = self.frame.url.partition("#")
        return to != here or (view.startswith(("/", "!")) and view != now)

    def key(self) -> tuple[str, str, str]:
        """What identifies the control when it is met again."""
        return (
            plain_address(self.href) if self.href.startswith("http") else self.href,
            self.name.casefold(),
            self.region if not self.href else "",
        )


@dataclass
class Field:
    frame: Frame
    id: int
    kind: str
    tag: str
    label: str
    required: bool
    filled: bool
    form: int
    search: bool
    place: str
    region: str
    overlay: int
    disabled: bool
    box: bool
    options: list[str]
    h: float = 0.0
    group: int = 0
    submits: tuple[int, ...] = ()
    hint: str = ""  # the example that stands in it


@dataclass
class Overlay:
    frame: Frame
    id: int
    dialog: bool
    modal: bool
    text: str
    name: str
    share: float  # of the viewport
    fixed: bool
    tokens: str
    h: float = 0.0

    def key(self) -> str:
        """What tells it from another overlay of the page."""
        return f"{self.name}|{self.text[:80]}|{self.tokens[:60]}"


@dataclass
class Sight:
    """One view of one page, all frames."""

    page: Page
    url: str = ""
    title: str = ""
    lang: str = ""
    controls: list[Control] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    overlays: list[Overlay] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    text: str = ""
    all_text: str = ""
    images: list[dict[str, Any]] = field(default_factory=list)
    talk_frame: Frame | None = None
    talk_box: bool = False
    talk_field: tuple[int, str] = (0, "")  # the message box: its number and its name
    weak_boxes: list[tuple[Frame, int, float, str]] = field(default_factory=list)
    viewport: tuple[float, float] = (0.0, 0.0)
    frame_texts: list[str] = field(default_factory=list)
    hung: bool = False
    elements: int = 0

    def lines(self) -> set[str]:
        """Everything readable in the view, line by line."""
        return set("\n".join([self.text, self.all_text, *self.frame_texts]).split("\n"))

    @property
    def dialog(self) -> str:
        """Name of an open dialog, for telling views apart."""
        for o in self.overlays:
            if o.dialog or o.modal:
                return (o.name or o.text)[:60]
        return ""

    def view_key(self) -> tuple[str, str]:
        return (plain_address(self.url), self.dialog)

    @cached_property
    def namesakes(self) -> dict[str, list[Control]]:
        """The controls by what a person calls them (`label`), each in page order."""
        alike: dict[str, list[Control]] = {}
        for c in self.controls:
            alike.setdefault(norm(c.label), []).append(c)
        return alike


async def _see(frame: Frame) -> dict[str, Any] | None:
    try:
        raw = await d.within(
            d.LOOK,
            frame.evaluate("() => window.__tohuman ? window.__tohuman.native.stringify(window.__tohuman.see()) : ''"),
        )
    except Error:
        return None  # the frame went away or is not a document
    return json.loads(raw) if raw else None


async def element(frame: Frame, id: int) -> ElementHandle | None:
    """The live element behind a control's id, or None when it is gone. Works in closed shadow trees too."""
    try:
        handle = await d.within(d.EVALUATE, frame.evaluate_handle("id => window.__tohuman.element(id)", id))
    except Error:
        return None
    return handle.as_element()


async def _frame_id(frame: Frame) -> int:
    try:
        handle = await d.within(d.EVALUATE, frame.frame_element())
        return int(await d.within(d.EVALUATE, handle.evaluate("el => window.__tohuman.idOf(el)")))
    except (Error, d.Overdue):
        return 0


async def look(page: Page) -> Sight:
    """See the page. Frames that are hidden or do not answer are left out; raises Overdue when the main frame hangs."""
    sight = Sight(page=page, url=page.url)
    main = await _see(page.main_frame)
    for _ in range(RETRIES):
        if main is not None:
            break
        await asyncio.sleep(d.POLL.seconds * 4)  # the document is being replaced: the next one will answer
        main = await _see(page.main_frame)
    if main is None:
        if page.is_closed():
            return sight
        raise NotSeen(page.url)
    order = 0
    queue: list[tuple[Frame, dict[str, Any], float, float, bool, int]] = [(page.main_frame, main, 0.0, 0.0, False, -1)]
    best_talk = -1.0
    while queue and order < 60000:
        frame, data, dx, dy, fixed, over = queue.pop(0)
        top = frame is page.main_frame
        if top:
            sight.title, sight.lang = data["title"], data["lang"]
            sight.viewport = (data["viewport"]["w"], data["viewport"]["h"])
            sight.text, sight.all_text = data["text"], data["all"]
        elif data["all"]:
            sight.frame_texts.append(data["all"])
            sight.text = (sight.text + "\n" + data["all"])[:12000]
        sight.elements += data["elements"]
        sight.headings += data["headings"]
        sight.images += data["images"]
        base = len(sight.overlays)
        if over >= 0 and not data["conversation"]:
            # an overlay that is a frame (consent managers do that): its words and controls are the frame's
            sight.overlays[over].text = (sight.overlays[over].text + " " + data["all"])[:700]
        elif over >= 0:
            over = -1
        for o in data["overlays"]:
            sight.overlays.append(
                Overlay(
                    frame,
                    o["id"],
                    o["dialog"],
                    o["modal"],
                    o["text"],
                    o["name"],
                    o["share"],
                    o["fixed"],
                    o["tokens"],
                    o["rect"]["h"],
                )
            )
        for c in data["controls"]:
            r = c["rect"]
            sight.controls.append(
                Control(
                    frame=frame,
                    id=c["id"],
                    role=c["role"],
                    name=c["name"],
                    href=c["href"],
                    region=c["region"],
                    place=c["place"],
                    overlay=base + c["overlay"] if c["overlay"] >= 0 else over,
                    fixed=c["fixed"] or fixed,
                    disabled=c["disabled"],
                    covered=c["covered"],
                    in_view=c["inView"],
                    prose=c["prose"],
                    x=r["x"] + dx,
                    y=r["y"] + dy,
                    w=r["w"],
                    h=r["h"],
                    heading=c["heading"],
                    context=c["context"],
                    tag=c["tag"],
                    why=c["why"],
                    target=c["target"],
                    expanded=c["expanded"],
                    selected=c["selected"],
                    submit=c["submit"],
                    form=c["form"],
                    round=c["round"],
                    tokens=c["tokens"],
                    textless=c["textless"],
                    shown=c["shown"],
                    lead=c["lead"],
                    in_talk=c["inTalk"] or (bool(data["conversation"]) and not top),
                    order=order,
                )
            )
            order += 1
        for f in data["fields"]:
            sight.fields.append(
                Field(
                    frame,
                    f["id"],
                    f["kind"],
                    f["tag"],
                    f["label"],
                    f["required"],
                    f["filled"],
                    f["form"],
                    f["search"],
                    f["place"],
                    f["region"],
                    base + f["overlay"] if f["overlay"] >= 0 else -1,
                    f["disabled"],
                    f["box"],
                    f["options"],
                    f["rect"]["h"],
                    f["group"],
                    tuple(f["submits"]),
                    f["hint"],
                )
            )
        if data["conversation"]:
            worth = 2.0 if data["conversation"]["box"] else 1.0
            if data["conversation"]["log"]:
                worth += 0.5
            if not top:
                worth += 0.1
            if worth > best_talk:
                best_talk, sight.talk_frame, sight.talk_box = worth, frame, data["conversation"]["box"]
                sight.talk_field = (data["conversation"]["id"], data["conversation"]["label"])
        sight.weak_boxes += [(frame, w["id"], w["score"], w["label"]) for w in data["weak"] if w["enabled"]]
        children = frame.child_frames[:MAX_FRAMES]
        if not children:
            continue
        places = {f["id"]: f for f in data["frames"]}
        shown = [
            (child, places.get(i))
            for child, i in zip(children, await asyncio.gather(*(_frame_id(c) for c in children)), strict=True)
        ]
        visible = [(c, p) for c, p in shown if p and p["visible"] and p["rect"]["w"] >= 8 and p["rect"]["h"] >= 8]
        for (child, placed), seen in zip(
            visible, await asyncio.gather(*(_see_safely(c) for c, _ in visible)), strict=True
        ):
            if seen is None or placed is None:
                continue
            queue.append(
                (
                    child,
                    seen,
                    dx + placed["rect"]["x"],
                    dy + placed["rect"]["y"],
                    fixed or placed["fixed"],
                    base + placed["overlay"] if placed["overlay"] >= 0 else over,
                )
            )
            if placed["fixed"] and placed["title"]:
                for c in seen["controls"]:
                    if not c["name"] and not c["context"]:
                        c["context"] = placed["title"]
    return sight


async def _see_safely(frame: Frame) -> dict[str, Any] | None:
    try:
        return await _see(frame)
    except d.Overdue:
        return None
