"""Lingering: what the naive visitor remembers, and what they wait for and look out for before pressing or turning away.

Choosing and pressing ways is naive.py's work; nothing here takes one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tohuman.results.events import Failure
from tohuman.results.vocabulary import ControlClass

from . import deadlines as d
from .choosing import CHATS, WAYS, WORTH_GOING_BACK, Scored, candidates
from .leading import Key
from .obstacles import Before
from .session import Session
from .shopper import Shopper
from .sight import Control, Field, Sight, element, page_of, plain_address


@dataclass
class Memory:
    """What a visitor remembers of the way."""

    tried: set[Key] = field(default_factory=set)
    said: set[str] = field(default_factory=set)  # labels pressed in conversations
    pending: dict[Key, Scored] = field(default_factory=dict)  # ways seen and not taken
    talked: list[tuple[object, str]] = field(default_factory=list)  # conversations finished: (frame, page address)
    own: set[str] = field(default_factory=set)  # what was said in them, normalised
    walls: set[tuple[str, str, str]] = field(default_factory=set)
    everywhere: set[tuple[str, str, str]] = field(default_factory=set)  # those of them that stood there before a press
    filled: set[tuple[object, int]] = field(default_factory=set)
    articles: int = 0
    steps: int = 0  # answered of a page that asks step by step what it is about
    expanders: int = 0
    menus: int = 0  # menus opened because nothing else was left
    missed: Counter[Key] = field(default_factory=Counter)  # ways that could not be pressed though nothing lay over them
    searched: bool = False
    lines: set[str] = field(default_factory=set)  # lines read before the last press
    reached_by: Scored | None = None
    unfolded: bool = False  # the last press opened a menu or showed more
    gesture: int = 0
    sent: int = 0  # the gesture that sent a pre-chat form
    barred: int = -1  # the gesture that led to a gate, or to a page with a wall: what else stands there is no answer
    backs: int = 0
    opened: set[str] = field(default_factory=set)  # names of chat controls pressed: its title reads alike
    scrolled: set[tuple[str, str]] = field(default_factory=set)
    doubted: set[tuple[str, str]] = field(default_factory=set)  # views that seemed to keep machines out, waited at
    fresh: bool = False  # a way was just pressed
    pressed_at: float = 0.0  # when, by the session's clock
    topics: int = 0  # choices of topics that may still be answered since then
    fields: set[tuple[str, str]] = field(default_factory=set)  # (label, kind) of those that stood there too
    overlays: set[str] = field(default_factory=set)  # those that stood before the last press
    stood: set[Key] = field(default_factory=set)  # controls that stood before the last press
    address: str = ""  # where the last press was made
    contact_page: str = ""  # where the last press of a way led
    subject: str = ""  # where a subject of a contact page, or an article of that, led
    waited: set[str] = field(default_factory=set)  # pages that were given time to show a launcher

    def before(self) -> Before:
        return Before(frozenset(self.overlays), frozenset(self.stood), self.address)


#: Does something fixed, which the box is no part of, lie over its middle? A press would not come to it.
_UNDER_A_SHEET = """el => {
  const r = el.getBoundingClientRect();
  const at = el.getRootNode().elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
  for (let n = at; n; n = n.parentElement) if (getComputedStyle(n).position === 'fixed') return !n.contains(el);
  return false;
}"""


def looks_up(s: Session, sight: Sight, me: Field | None, label: str) -> bool:
    """«Enter the question you look for», or «search» on its button: it asks the help pages, whatever it takes."""
    names = [label]
    if me is not None:
        names += [c.name for c in sight.controls if c.frame is me.frame and c.id in me.submits and c.name]
    return any(s.reader.control(name, s.locale).signal == ControlClass.SEARCH for name in names)


async def adopt_box(shopper: Shopper, sight: Sight, *, promised: bool) -> Sight:
    """A lone text box that says it takes messages, or that a control promising a chat led to, is a conversation.

    A weak box that stands among other fields belongs to a form and is not adopted, nor one that a sheet lies over.
    """
    s = shopper.s
    if sight.talk_frame is not None:
        return sight
    fields = {(id(f.frame), f.id): f for f in sight.fields if not f.search}
    searches = {(id(f.frame), f.id) for f in sight.fields if f.search}
    lone = []
    for box in sight.weak_boxes:
        me = fields.get((id(box[0]), box[1]))
        if looks_up(s, sight, me, box[3]) or ((id(box[0]), box[1]) in searches and not promised):
            continue
        mates = [f for f in fields.values() if me is not None and f is not me and f.frame is me.frame]
        if not any(f.group == me.group for f in mates if me is not None):
            lone.append(box)
    if not lone:
        return sight
    frame, number, points, label = max(lone, key=lambda w: (s.says("message_box", w[3]), w[2]))
    # beside a button that hands something in, a box of no known name is that form's (method 5: nothing is said there)
    letter = any(
        c.place == "outside"
        and c.frame is frame
        and {"leave_message", "form", "decoy"} & s.reader.mentions(c.name, s.locale)
        for c in sight.controls
        if c.name and not c.href
    )
    if s.says("message_box", label) or (promised and points >= 1 and len(fields) == 1 and not letter):
        handle = await element(frame, number)
        if handle is not None:
            if await d.within(d.EVALUATE, handle.evaluate(_UNDER_A_SHEET)):
                return sight
            await d.within(d.EVALUATE, handle.evaluate("el => window.__tohuman.adopt(el)"))
            return await shopper.look()
    return sight


class Lingering:
    """A visitor's memory and patience. `m` is what they remember of the way."""

    def __init__(self, shopper: Shopper) -> None:
        self.shopper = shopper
        self.s: Session = shopper.s
        self.m = Memory()

    async def shut_window(self) -> bool:
        """A window in front that offers nothing is shut, once each, when something else stands behind it."""
        behind = [p for p in self.s.pages if not p.is_closed()]
        return len(behind) > 1 and self.shopper.depth.get(self.s.page, 0) == 0 and await self.shopper.back()

    async def unread(self) -> bool:
        """Nothing was found, but the page did not come whole or hides itself from being read: that is no dead end."""
        why = await self.shopper.unread()
        if self.s.undone:
            sentence = f"{self.s.undone} on {self.s.page.url[:200]}; where it leads is not known."
            self.s.emit(Failure(outcome="unavailable", reason="undone", sentence=sentence, step="pressing"))
            return True
        if why:
            sentence = f"{self.s.page.url[:200]} {why}; nothing can be said about it."
            self.s.emit(Failure(outcome="unavailable", reason="incomplete", sentence=sentence, step="looking"))
        return bool(why)

    async def never_whole(self) -> bool:
        """The time was spent on a page that is still coming: nothing can be said about it."""
        try:
            return await self.unread()
        except d.Overdue:
            return False

    def own_overlays(self) -> Before | None:
        """After a press that promised a person or a menu, what newly lies over the page is its answer, no obstacle."""
        by = self.m.reached_by
        return self.m.before() if self.m.unfolded or (by is not None and by.cls in WAYS) else None

    async def chat_comes(self, sight: Sight, lingered: float = 0.0) -> bool:
        """Chat launchers come some seconds after their page: a page that shows none is looked at that long, once.
        `lingered`: the seconds it has been looked at already.

        True when one has come, or something that lies over the page. Only the first page of a host is waited on where
        another way stands already.
        """
        m = self.m
        address = page_of(sight.page.url)
        if address in m.waited or sight.talk_frame is not None:
            return False
        host = urlsplit(address).netloc
        first = not lingered and all(urlsplit(known).netloc != host for known in m.waited)
        m.waited.add(address)
        seen = {known for known, _ in self.s.views}
        found = [c for c in candidates(self.s, sight, m.tried) if not self.leads_round(c.control, seen)]
        ways = {c.cls for c in found if c.cls in CHATS or c.score >= WORTH_GOING_BACK}
        if first and ways & set(CHATS):
            return await self.looks_on()
        stands = bool(ways & set(WAYS))
        if ways & set(CHATS) or (stands and not first):
            return False
        moved = False
        by = m.reached_by
        asked = not stands and by is not None and by.cls == ControlClass.CONTACT
        enough = d.LAUNCHER_CONTACT if asked else d.LAUNCHER
        begun = self.s.clock() - lingered
        while (waited := self.s.clock() - begun) < d.LAUNCHER_LOADING.seconds:
            if waited >= enough.seconds and await self.shopper.loaded() and not self.s.under_way():
                break
            await self.shopper.pause()
            if not await self.shopper.stirred():
                continue
            moved = True
            await self.shopper.rest()
            if self.shows_chat(await self.shopper.look()):
                return True
        if not moved:
            return False
        # what slid in has come to rest by now; what laid itself over the page is cleared away first
        last = await self.shopper.look()
        return self.shows_chat(last) or bool({o.key() for o in last.overlays} - {o.key() for o in sight.overlays})

    async def looks_on(self) -> bool:
        """Nobody presses in the first moment: what opens by itself on a first page has by then. Did anything move?"""
        moved, begun = False, self.s.clock()
        while self.s.clock() - begun < d.LAUNCHER.seconds:
            await self.shopper.pause()
            moved = await self.shopper.stirred() or moved
        if moved:
            await self.shopper.rest()
        return moved

    def leads_round(self, c: Control, seen: set[str]) -> bool:
        """A link to a page that has been seen."""
        return c.href.startswith("http") and c.href == page_of(c.href) and plain_address(c.href) in seen

    def shows_chat(self, sight: Sight) -> bool:
        """A conversation, or a control that promises one, stands in the view."""
        near = CHATS
        return sight.talk_frame is not None or any(c.cls in near for c in candidates(self.s, sight, self.m.tried))

    async def something_comes(self, before: Sight, within: float = d.PROMISE.seconds) -> bool:
        """Wait for the view to change after a press that showed nothing yet, at most `within` seconds; False: it stays
        as it is."""
        shown = (len(before.controls), len(before.fields), len(before.all_text), before.talk_frame is not None)
        end = self.s.clock() + within
        while self.s.clock() < end:
            await self.shopper.pause()
            await self.shopper.rest()
            sight = await self.shopper.look()
            if (len(sight.controls), len(sight.fields), len(sight.all_text), sight.talk_frame is not None) != shown:
                return True
        return False

    async def scrolled(self, sight: Sight) -> bool:
        """Scroll to the end (no click): pages that grow while one scrolls may hold the way further down."""
        if sight.view_key() in self.m.scrolled:
            return False
        self.m.scrolled.add(sight.view_key())
        return await self.shopper.scroll_down()

    async def blocked_for_good(self, sight: Sight) -> bool:
        """Like `blocked`, once what a frame still brings has had its time: beside a chat one is warned about codes."""
        key = sight.view_key()
        if self.shut(sight) and key not in self.m.doubted:
            self.m.doubted.add(key)
            if await self.something_comes(sight):
                return False
        return self.blocked(sight)

    def shut(self, sight: Sight) -> str:
        """What the view says that keeps machines out: captcha or bot_wall; '' when it is no such wall."""
        s = self.s
        # what links are called is told on their own pages: «no code in your text message?»
        rows = {c.name for c in sight.controls if c.name and c.role not in ("button", "checkbox")}
        text = "\n".join(line for line in sight.text[:1200].split("\n") if line.strip() not in rows)
        ways = len([c for c in sight.controls if c.label])
        # a bot wall is short and leads nowhere; «price blocked for two years» stands on a page that does
        if len(sight.text) >= 1500 or sight.talk_frame:
            return ""
        if ways <= 15 and s.says("captcha", text):
            return "captcha"
        return "bot_wall" if ways <= 4 and s.says("blocked", text) else ""

    def blocked(self, sight: Sight) -> bool:
        """A bot wall or CAPTCHA stands in the view: it is recorded, never solved."""
        reason = self.shut(sight)
        if reason:
            self.s.emit(
                Failure(
                    outcome="blocked",
                    reason=reason,
                    sentence="The site asks to prove that no machine is visiting; this is not attempted.",
                    step=sight.url[:200],
                )
            )
        return bool(reason)

    def remember(self, sight: Sight) -> None:
        """What stood here before a press, so that what it brings can be told apart."""
        m = self.m
        m.lines = sight.lines()
        m.overlays = {o.key() for o in sight.overlays}
        m.fields = {(f.label, f.kind) for f in sight.fields}
        m.stood = {c.key() for c in sight.controls}
        m.address = page_of(sight.page.url)
