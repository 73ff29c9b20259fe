"""One visitor of an exploration: a fresh browser context that is brought to a state and made to do one move more.

Walks with the very steps of informed.py, so that what is found here is what the confirming walk does. Which move to
make is explore.py's business, talking on explore_talk.py's.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from playwright.async_api import BrowserContext, Error

from tohuman.results.events import AnyEvent, Budget, Message

from . import deadlines as d
from .alike import norm
from .around import sights
from .channel import Channel
from .choosing import WAYS
from .consent import Consent
from .counter import Counter
from .explore_land import AROUND, Lands
from .explore_lines import asks_person
from .explore_moves import page_moves, press_step
from .explore_state import (
    Landing,
    Limits,
    Memory,
    Move,
    Result,
    State,
    Step,
    content_key,
    page_controls,
    view_key,
)  # fmt: skip
from .explore_talk import choices
from .informed import Informed
from .informed_page import Broken, Undone
from .lingering import adopt_box
from .meant import fitting
from .reading import Reader
from .session import Session, Spend, Uncounted
from .shopper import NotPressable, Shopper, Unreachable
from .sight import NotSeen, Sight, plain_address

#: Seconds a stated transfer is watched in the search; the confirming walk watches as the method says.
WATCH = 2.0
#: Seconds one visitor may take for one move, conversation included.
PATIENCE = 150.0
#: Seconds a control that stood here before may be in coming back: the search has other moves, the walk waits longer.
#: What promises much is waited for longer: launchers come after their page, later still on a busy machine.
ABSENT, ABSENT_LIKELY = 2.0, 8.0


@dataclass
class Setting:
    """What all visitors of an exploration share."""

    new_context: Callable[[str], Awaitable[BrowserContext]]
    url: str
    reader: Reader
    locale: str
    scenario: str
    mobile: bool
    limits: Limits


class Visitor(Lands):
    """A fresh visitor. `events` is what would be the journal; nothing of it is kept."""

    def __init__(self, setting: Setting, memory: Memory) -> None:
        self.setting, self.memory, self.limits = setting, memory, setting.limits
        self.context: BrowserContext
        self.events: list[AnyEvent] = []
        self.visits = 0
        self.long = False  # launchers that come some seconds after their page are waited for
        self.hasty = False  # the last press promised nothing of its own
        self.later = False  # other choices of this menu have been pressed in this conversation
        self.stale: Tally[str] = Tally()  # the choices that stood in the conversation before the last turn
        self.fields: set[tuple[str, str]] = set()  # the fields that stood before the last press, by kind and label
        self.labels: set[str] = set()  # the labels of what could be pressed then
        self.choice: State | None = None  # the choice that was pressed before in this conversation
        self.shown: Tally[str] = Tally()  # the choices that stood there when it had been answered
        self.apart: set[tuple[object, str]] = set()  # controls that stand over the page, or in a frame of their own

    async def start(self) -> Visitor:
        s = self.setting
        self.context = await s.new_context(s.locale)
        self.s = Session(
            context=self.context,
            reader=s.reader,
            journal=self._emit,
            locale=s.locale,
            scenario=s.scenario,
            stop="answered",
            budget=Budget(actions=1000, turns=1000, seconds=PATIENCE, queue_seconds=WATCH),
            mobile=s.mobile,
        )
        self.counter = Counter(self.context, self.s.emit, channel=Channel(), clock=lambda: self.s.elapsed)
        self.s.counter = self.counter
        await self.counter.attach(self.context)
        self.s.consent = await Consent.attach(self.context, self.s)
        self.shopper = Shopper(self.s)
        await self.context.new_page()
        self.informed = self.walker()
        return self

    def walker(self) -> Informed:
        return Informed(self.shopper, [])

    def _emit(self, event: AnyEvent) -> int:
        if len(self.events) < 5000:
            self.events.append(event)
        return len(self.events)

    async def close(self) -> None:
        try:
            await d.within(d.CLOSE, self.context.close())
        except (Error, d.Overdue):
            return

    # ---- getting there
    async def goto(self, address: str) -> None:
        """Open an address: allowed in the search, where nothing counts."""
        self.counter.pardon()
        self.s.started = self.s.clock()
        self.visits += 1
        await self.shopper.open(address)

    async def reach(self, state: State) -> bool:
        """Be where `state` is. False: the way ended before its end this time."""
        await self.goto(state.base)
        for number, step in enumerate(state.steps[state.replay :], state.replay + 1):
            await self.informed.take(number, step)
            if self.informed.done:
                return False
        return True

    # ---- one move
    async def make(
        self, state: State, move: Move, result: Result, *, may_talk: bool, standing: bool = False, more: bool = False
    ) -> bool:
        """Do `move` in `state`, look where that led, and talk on if a conversation stands there.

        `standing`: the visitor is in that state already, or in its conversation with other choices of its menu pressed
        since. `more`: other moves of this state follow. True when they still can: the press changed nothing, or the
        conversation is open."""
        self.belated: list[Landing] = []
        if not standing:
            self.choice = None
        try:
            return await self.done(state, move, result, may_talk=may_talk, standing=standing, more=more)
        finally:
            result.landings += self.belated

    async def done(
        self, state: State, move: Move, result: Result, *, may_talk: bool, standing: bool, more: bool
    ) -> bool:
        """The move itself; see `make`."""
        self.later = standing and move.turn
        self.hasty = move.unlikely and not move.turn and not move.href
        if standing and not move.turn:
            self.informed = self.walker()
        inf = self.informed
        inf.patience = ABSENT if move.unlikely else ABSENT_LIKELY
        after = replace(
            state,
            steps=state.steps + move.steps,
            clicks=state.clicks + (0 if move.turn else 1),
            turns=state.turns + (1 if move.turn else 0),
            fields=state.fields + move.fields,
            promised=move.cls in WAYS or (state.promised and move.cls in ("other", "not_helpful")),
            named=move.cls in WAYS,
            blind=state.blind + (move.unlikely and not move.turn),
        )
        if move.href and move.cls not in ("ask_human", "open_chat"):
            inf.judge.m.lines = set(state.lines)
            await self.goto(move.address)
            await self.land(replace(after, base=move.address, replay=len(after.steps)), result, None, may_talk=may_talk)
            return False
        if not standing and not await self.reach(state):
            result.error = "the way to it ended earlier this time"
            return False
        if move.cls == AROUND:
            await self.look_around(state, result)
            return False
        begun = inf.conversation is not None
        sight = await self.shopper.look()
        fresh = may_talk and not begun and not move.turn and not standing
        if fresh and not state.promised and await self.came_late(state, result, sight):
            result.late = True  # what was to be pressed waits
            return False
        before, stood = page_controls(sight), sight.talk_frame
        self.fields, self.labels = {(f.kind, f.label) for f in sight.fields}, {c.label for c in sight.controls}
        address = plain_address(self.s.page.url)
        steps = move.steps
        if self.later:
            self.belong(sight, choices(sight) - self.shown)
            steps = tuple(step for step in move.steps if step["do"] != "wait_for")
            if inf.done or fitting(sight, steps[0], talking=True) is None:
                result.late = True  # gone with the choice before: pressed in a conversation of its own
                return False
        self.stale = choices(sight) if begun else Tally()
        if inf.conversation is not None:
            inf.conversation.talk.hurried = move.branch
        self.shopper.hasty = move.unlikely and not move.turn
        try:
            for number, step in enumerate(steps, len(state.steps) + 1):
                await inf.take(number, step)
        except Broken:
            if fresh and await self.came_late(state, result, await self.shopper.look()):
                return False  # what was to be pressed is the conversation's own by now
            raise
        finally:
            self.shopper.hasty = False
        if move.turn or (begun and inf.conversation is not None):
            if move.turn and not self.later:
                result.conversations += 1
            later = self.later
            await self.heard(after, result, before, brief=more and move.branch)
            if later and self.silent(result):
                result.late = True  # dead since another was pressed, it may be: pressed in a conversation of its own
                result.landings.clear()
                return False
            open_still = not inf.done and inf.conversation is not None and len(result.landings) == 1
            if more and move.branch and open_still:
                sight = await self.shopper.look()
                if later:
                    self.belong(sight, choices(sight) - self.stale)
                self.choice, self.shown = after, choices(sight)
                # with a person on show already nobody can tell what the next choice brings
                open_still = not self.persons(sight, self.shown)
            return more and move.branch and open_still
        moved = plain_address(self.s.page.url).split("#")[0] != address.split("#")[0]
        if move.href and plain_address(self.s.page.url) == move.href != address:
            after = replace(after, base=move.address, replay=len(after.steps))
            before = set()
        elif moved:
            before = set()
        pages = len(self.s.pages)
        opened = move.cls in ("ask_human", "open_chat")
        await self.land(after, result, before, may_talk=may_talk, stood=None if moved else stood, opened=opened)
        same = bool(result.landings) and result.landings[-1].content == content_key(sight)
        if not moved and move.unlikely:
            self.come_by_itself(state, result)
        return same and not moved and not result.conversations and len(self.s.pages) == pages

    def belong(self, sight: Sight, new: Tally[str]) -> None:
        """A person on offer since the last choice may be the answer to the one before, come late: tried there too."""
        if self.choice is None:
            return
        steps = self.persons(sight, new)
        moves = [Move((x,), 0.0, 0, "ask_human", "offered late, it may be", 100.0, turn=True) for x in steps]
        if moves:
            key = f"late|{' › '.join(self.choice.path)}"
            self.belated.append(Landing(self.choice, "talk", key, moves=moves, menu=key))

    def persons(self, sight: Sight, among: Tally[str]) -> list[Step]:
        """The choices of the conversation, of these, that offer a person."""
        standing = [c for c in sight.controls if c.place in ("log", "between", "toolbar") and not c.disabled]
        steps = [press_step(sight, c, {}) for c in standing if norm(c.label) in among]
        return [step for step in steps if asks_person(self.s, step)]

    def silent(self, result: Result) -> bool:
        """Has the last choice brought neither a word nor another choice?"""
        inf = self.informed
        brought = any(m.steps[-1]["do"] == "press" for landing in result.landings for m in landing.moves)
        return not (inf.done or inf.heard or result.found or brought)

    def come_by_itself(self, state: State, result: Result) -> None:
        """A launcher that was there after a press may have come by itself meanwhile: it is tried without the press."""
        landing = result.landings[-1] if result.landings else None
        if landing is None or landing.kind != "view":
            return
        moves = [m for m in landing.moves if m.cls in WAYS and not m.href and len(m.steps) == 1]
        late = [m for m in moves if (m.steps[0]["role"], norm(str(m.steps[0]["name"]))) in self.apart]
        if late:
            key = f"{landing.key}|late"
            result.landings.append(Landing(state, "around", key, key, landing.address, late))

    async def came_late(self, state: State, result: Result, sight: Sight) -> bool:
        """Does a conversation stand here that came after this view was looked at? It is had first."""
        sight = await adopt_box(self.shopper, sight, promised=state.promised)
        if sight.talk_frame is None or state.path in self.memory.had:
            return False
        self.memory.had.append(state.path)
        await self.land(state, result, None, may_talk=True)
        return True

    async def look_around(self, state: State, result: Result) -> None:
        """What scrolling and resting the pointer on the menus brings into sight; it costs no click."""
        sight = await self.informed.look()
        known = page_controls(sight)
        async for other in sights(self.shopper, sight):
            moves = [m for m in page_moves(self.s, other, known) if not m.known]
            known |= page_controls(other)
            if moves:
                key = f"{view_key(other)}|around"
                result.landings.append(Landing(state, "around", key, key, plain_address(other.url), moves))

    def transcript(self) -> list[str]:
        """What was said, for the trace."""
        return [f"{e.author}: {e.text[:160]}" for e in self.events if isinstance(e, Message)]


#: What a site may do to a visitor; the move is given up, the search goes on.
MISHAPS: tuple[type[BaseException], ...] = (
    Broken, Undone, NotPressable, NotSeen, Unreachable, Spend, Uncounted, d.Overdue, Error, TimeoutError,
)  # fmt: skip

#: Those of them that a busy machine does.
LATE: tuple[type[BaseException], ...] = (d.Overdue, NotSeen, TimeoutError)

Trace = Callable[[dict[str, Any]], None]
