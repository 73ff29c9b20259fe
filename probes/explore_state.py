"""What the search remembers: ways, states recognised when met again, what was found, and the limits it keeps.

No page is opened and no control judged here (explore.py, explore_moves.py).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter as Tally
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from tohuman.results.vocabulary import REACHED, WALLS, Outcome

from .alike import norm
from .sight import Control, Sight, page_of, plain_address

Step = dict[str, Any]


@dataclass(frozen=True)
class Limits:
    """`pages`: views looked at. `conversations`: begun. `spare_…`: what may still be spent on unlikely moves once a
    person was found (a shorter way was found in a conversation then, hardly ever on a page); `walled_…`: once a
    conversation that was asked ended at a wall. `gap`: seconds between two pages. On live sites one conversation, one
    lane and a gap of 5 s; on loopback there is no such rule."""

    pages: int = 60
    conversations: int = 16
    spare_pages: int = 6
    spare_conversations: int = 4
    walled_conversations: int = 3
    walled_pages: int = 28
    lanes: int = 6
    gap: float = 0.0
    actions: int = 20
    turns: int = 12


@dataclass(frozen=True)
class State:
    """A point on a way: the steps that lead there from the start page and what they cost.

    `base` is the address the last link led to; `steps[replay:]` lead from there. `lines`: what stood on the view before
    the last press. `promised`: the last press promised a person or a contact, or leads on where one did; `named`: it
    did so itself.
    """

    steps: tuple[Step, ...] = ()
    clicks: int = 0
    turns: int = 0
    fields: int = 0
    base: str = ""
    replay: int = 0
    lines: frozenset[str] = frozenset()
    promised: bool = False
    named: bool = False
    entry: str = ""  # the presses that opened the conversation, once it has begun
    blind: int = 0  # presses on the way that promised nothing
    trail: tuple[tuple[str, int], ...] = ()  # the addresses on the way, each with the actions that led there

    def at(self, address: str) -> State:
        """The same state, standing at an address."""
        if any(known == address for known, _ in self.trail):
            return self
        return replace(self, trail=(*self.trail, (address, self.actions)))

    @property
    def actions(self) -> int:
        return self.clicks + self.turns

    @property
    def path(self) -> list[str]:
        return [told(step) for step in self.steps if step["do"] != "wait_for"]


def told(step: Step) -> str:
    """A step as a short phrase for a list of alternatives and the trace."""
    if step["do"] == "say":
        what = (
            "scenario"
            if step.get("scenario")
            else f"ladder {step['ladder']}"
            if step.get("ladder")
            else step.get("text") or step["contact"]
        )
        return f"say {what}"
    return f"{step['do']} {step.get('name') or '(no name)'}"


@dataclass(frozen=True)
class Move:
    """Something that could be done in a state. `guess`: actions thought to remain after it (orders the search);
    `least`: actions that remain at the very least (prunes it)."""

    steps: tuple[Step, ...]
    guess: float
    least: int
    cls: str
    why: str
    score: float = 0.0
    href: str = ""  # where a link leads, without its volatile parameters: what tells it from others
    address: str = ""  # the same as it stands in the page: what is opened
    turn: bool = False
    fields: int = 0
    unlikely: bool = False
    known: bool = False  # stood there before the last press: no new move

    @property
    def branch(self) -> bool:
        """A choice of a menu by a press, that promises no more than the others."""
        return self.option and self.unlikely and self.steps[-1]["do"] == "press"

    @property
    def option(self) -> bool:
        """A choice of a menu: from the same menu it does the same, whatever was said before."""
        return self.turn and not any(self.steps[-1].get(what) for what in ("ladder", "scenario", "contact"))


@dataclass(frozen=True)
class Found:
    """The end of a way: how it would end, as the search saw it."""

    outcome: Outcome
    state: State
    gate: str = ""
    to: str = ""

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Least first: a person, then nobody who tells, then the walls, nearest first; then actions, turns, fields."""
        s = self.state
        return (distance(self.outcome), s.actions, s.turns, s.fields)


def distance(outcome: Outcome) -> int:
    """How far from a person an outcome is; 0 is reached."""
    if outcome in REACHED:
        return 0
    if outcome is Outcome.UNCLEAR:
        return 1
    return 2 + WALLS.index(outcome) if outcome in WALLS else 99


#: What the numbers of a page that is one of many look like: dates, ids, hashes, counters.
_NUMBER = re.compile(r"[0-9a-f]{12,}|\d+", re.I)


def shape(address: str) -> str:
    """The address with its numbers and last name struck out: pages made by one template have one shape."""
    parts = urlsplit(address)
    route = parts.fragment.lstrip("!") if parts.fragment[:1] in ("/", "!") else ""
    path = [_NUMBER.sub("#", p) for p in (parts.path + "/" + route).split("/") if p]
    keys = sorted(pair.split("=")[0] for pair in parts.query.split("&") if pair)
    return "|".join((parts.netloc, "/".join(path[:-1]), str(len(path)), ",".join(keys)))


def control_key(c: Control) -> tuple[str, str]:
    return (c.role, norm(c.label))


def page_controls(sight: Sight) -> set[tuple[str, str]]:
    return {control_key(c) for c in sight.controls if c.place == "outside" and c.label}


def view_key(sight: Sight) -> str:
    """Tells a state when it is met again: address, open dialogs, the set of controls."""
    dialogs = ",".join(sorted(o.key() for o in sight.overlays if o.dialog or o.modal))
    controls = ",".join(sorted(f"{role}:{name}" for role, name in page_controls(sight)))
    talk = "" if sight.talk_frame is None else "talk"
    return f"{page_of(plain_address(sight.url))}|{dialogs}|{talk}|{hash_text(controls)}"


def content_key(sight: Sight) -> str:
    """The same content under another address (sessions in paths, mazes of equal pages)."""
    controls = ",".join(sorted(f"{role}:{_NUMBER.sub('#', name)}" for role, name in page_controls(sight)))
    words = _NUMBER.sub("#", f"{sight.title}|{' '.join(sight.headings)}|{sight.text[:2000]}")
    return hash_text(f"{urlsplit(sight.url).netloc}|{words}|{controls}")


def hash_text(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


@dataclass
class Landing:
    """A view that was looked at, or a conversation's state after a turn, with what could be done next."""

    state: State
    kind: str  # view, talk
    key: str
    content: str = ""
    address: str = ""
    moves: list[Move] = field(default_factory=list)
    taken: Move | None = None
    menu: str = ""  # tells the menu a conversation shows, '' for a view
    elements: int = 0


@dataclass
class Result:
    """What one visitor brought back; merged into the memory in the order of the search."""

    landings: list[Landing] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    conversations: int = 0
    openings: list[tuple[str, int]] = field(default_factory=list)
    error: str = ""
    late: bool = False  # nothing was seen in time
    seconds: float = 0.0
    failure: tuple[str, str, str] | None = None


@dataclass
class Memory:
    """What one exploration has met."""

    pages: int = 0  # addresses opened and other views that were new
    arounds: int = 0
    looks: int = 0  # with the presses that showed nothing new
    conversations: int = 0
    views: dict[str, int] = field(default_factory=dict)  # view key → fewest actions that led there
    contents: dict[str, int] = field(default_factory=dict)
    talks: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)  # on the list or seen → fewest actions that lead there
    worth: dict[str, tuple[int, int]] = field(default_factory=dict)  # address → (distance, actions) of what is beyond
    chrome: dict[tuple[str, ...], int] = field(
        default_factory=dict
    )  # controls of header, nav, footer already on the list
    shapes: Tally[str] = field(default_factory=Tally)
    labels: Tally[tuple[str, str]] = field(default_factory=Tally)
    families: Tally[tuple[str, str]] = field(default_factory=Tally)  # the same, by what their names have in common
    made: dict[tuple[str, str], int] = field(
        default_factory=dict
    )  # controls pressed, as met again: after how many actions
    useless: set[tuple[str, str]] = field(
        default_factory=set
    )  # controls whose press showed nothing new, by role and name
    turned: Tally[str] = field(default_factory=Tally)  # turns that have been tried, by what was said or pressed
    menus: dict[tuple[str, str], int] = field(
        default_factory=dict
    )  # options of menus on the list: (menu, option) → actions
    waiting: float = 1e9  # the actions the best move still on the list is thought to take
    openings: dict[str, int] = field(default_factory=dict)
    had: list[list[str]] = field(default_factory=list)  # views whose conversation has been begun, by their way
    found: list[Found] = field(default_factory=list)
    refuted: set[tuple[tuple[str, ...], str]] = field(default_factory=set)  # (way, outcome it was thought to have)
    dropped: int = 0  # moves left because of the bound
    closed_by: str = ""  # which limit ended the search, '' when nothing was left
    locale: str = ""
    failure: tuple[str, str, str] | None = None  # outcome, reason, sentence: the start page itself could not be seen

    def first(self, table: dict[Any, int], key: Any, actions: int) -> bool:
        """Is this state new, or reached with fewer actions than before?"""
        if key in table and table[key] <= actions:
            return False
        table[key] = actions
        return True

    def ranking(self) -> list[Found]:
        """What was found and not refuted, best first."""
        open_ways = [f for f in self.found if (tuple(f.state.path), f.outcome.value) not in self.refuted]
        return sorted(open_ways, key=lambda f: f.rank)

    @property
    def best(self) -> Found | None:
        ranking = self.ranking()
        return ranking[0] if ranking else None
