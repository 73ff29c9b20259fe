"""One visitor of an exploration: a fresh browser context that is brought to a state and made to do one move more.

Walks with the very steps of informed.py, so that what is found here is what the confirming walk does. Which move to
make is explore.py's business, talking on explore_talk.py's.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from playwright.async_api import BrowserContext, Error, Frame

from tohuman.results.events import AnyEvent, Budget, Failure, Message
from tohuman.results.vocabulary import Outcome

from . import deadlines as d
from .alike import norm
from .around import sights
from .asked import hands_in, open_lists
from .channel import Channel
from .choosing import WAYS
from .consent import Consent
from .counter import Counter
from .explore_moves import hand_in, page_moves
from .explore_state import (
    Found,
    Landing,
    Limits,
    Memory,
    Move,
    Result,
    State,
    Step,
    content_key,
    distance,
    page_controls,
    view_key,
)  # fmt: skip
from .explore_talk import Talks, choices
from .hearing import same_reply
from .informed import Broken, Informed, Undone
from .lingering import adopt_box
from .meant import fitting
from .reading import Reader
from .session import Session, Spend, Uncounted
from .shopper import NotPressable, Shopper, Unreachable
from .sight import NotSeen, Sight, plain_address
from .walls import judge

#: Seconds a stated transfer is watched in the search; the confirming walk watches as the method says.
WATCH = 2.0
#: Scrolling and resting the pointer on menus: worth it before leaving for pages that only may lead on.
AROUND = "around"
AROUND_MOVE = Move((), 1.8, 0, AROUND, "what is not in sight at once", unlikely=True)
#: Lists a contact page may ask by before it shows its ways.
MAX_LISTS = 6
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


class Visitor(Talks):
    """A fresh visitor. `events` is what would be the journal; nothing of it is kept."""

    def __init__(self, setting: Setting, memory: Memory) -> None:
        self.setting, self.memory, self.limits = setting, memory, setting.limits
        self.context: BrowserContext
        self.events: list[AnyEvent] = []
        self.visits = 0
        self.long = False  # launchers that come some seconds after their page are waited for
        self.later = False  # other choices of this menu have been pressed in this conversation
        self.stale: Tally[str] = Tally()  # the choices that stood in the conversation before the last turn
        self.fields: set[tuple[str, str]] = set()  # the fields that stood before the last press, by kind and label
        self.labels: set[str] = set()  # the labels of what could be pressed then
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
        self.later = standing and move.turn
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
            steps = tuple(step for step in move.steps if step["do"] != "wait_for")
            if inf.done or fitting(sight, steps[0], talking=True) is None:
                result.late = True  # gone with the choice before: pressed in a conversation of its own
                return False
        self.stale = choices(sight) if begun else Tally()
        if inf.conversation is not None:
            inf.conversation.talk.hurried = move.branch
        try:
            for number, step in enumerate(steps, len(state.steps) + 1):
                await inf.take(number, step)
        except Broken:
            if fresh and await self.came_late(state, result, await self.shopper.look()):
                return False  # what was to be pressed is the conversation's own by now
            raise
        if move.turn or (begun and inf.conversation is not None):
            if move.turn and not self.later:
                result.conversations += 1
            later = self.later
            await self.heard(after, result, before, brief=more and move.branch)
            if later and self.silent(result):
                result.late = True  # dead since another was pressed, it may be: pressed in a conversation of its own
                result.landings.clear()
                return False
            return more and move.branch and not inf.done and inf.conversation is not None and len(result.landings) == 1
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

    async def land(
        self,
        state: State,
        result: Result,
        old: set[tuple[str, str]] | None,
        *,
        may_talk: bool,
        stood: Frame | None = None,
        opened: bool = False,
        depth: int = 0,
    ) -> None:
        """Look at where a click led: walls, moves, and the conversation that stands there. `stood`: the conversation
        that was there before the click; the search has had it. `opened`: the click was to open a chat."""
        inf, s = self.informed, self.s
        lingered = 0.0
        if old is None and not state.steps:
            lingered = d.LAUNCHER.seconds
            await inf.linger()  # conversations that open by themselves come some seconds after their page
        sight = await adopt_box(self.shopper, await inf.look(), promised=state.promised)
        if old is None and not state.steps and inf.judge.blocked(sight):
            result.failure = self._failure()
            return
        waits = not state.steps or state.promised or self.long
        if not old and waits:
            await inf.judge.chat_comes(sight, lingered)  # what came is no chat by its words, it may be
            sight = await adopt_box(self.shopper, await inf.look(), promised=state.promised)
        chat, asked = state.promised and sight.talk_frame is None, state.fields
        every = page_moves(s, sight, old, promised=chat)
        late = s.clock() + 2 * d.PROMISE.seconds
        while not every and not sight.controls and sight.talk_frame is None and s.clock() < late:
            # a page with nothing to press is still being made
            if not await inf.judge.something_comes(sight):
                break
            sight = await adopt_box(self.shopper, await inf.look(), promised=state.promised)
            every = page_moves(s, sight, old, promised=chat)
        page = old is None and bool(state.steps)  # a contact page of its own has been looked at for its launcher
        while state.promised and not page and not self._shown(sight, every, opened) and s.clock() < late:
            # a person waits a moment for what a press has promised before turning away; it may come piece by piece
            if self._new_wall(sight, old):
                cleared = await inf.look()  # what laid itself over the page meanwhile is no wall of the page
                if len(cleared.overlays) >= len(sight.overlays):
                    break
            elif not await inf.judge.something_comes(sight):
                break
            sight = await adopt_box(self.shopper, await inf.look(), promised=True)
            every = page_moves(s, sight, old, promised=chat)
        if state.promised and sight.talk_frame is None:
            state, sight = await self.answer_lists(state, sight)
            if state.fields > asked:
                every = page_moves(s, sight, old, promised=chat)
                every += [hand_in(sight, c) for c in [hands_in(s, sight, inf.judge.m.filled)] if c is not None]
        state = replace(state, lines=frozenset(sight.lines())).at(plain_address(sight.url))
        moves = [m for m in every if not m.known]
        own = sight.page.main_frame
        self.apart = {(c.role or "generic", norm(c.label)) for c in sight.controls if c.fixed or c.frame is not own}
        if state.replay == len(state.steps) and (old is None or not old):
            moves.append(AROUND_MOVE)
        landing = Landing(
            state, "view", view_key(sight), content_key(sight), plain_address(sight.url), moves, elements=sight.elements
        )
        result.landings.append(landing)
        self._walls(state, sight, every, result)
        if sight.talk_frame is None or not may_talk or sight.talk_frame is stood:
            return
        self.memory.had.append(state.path)
        place = self._place(sight, state)
        if place and self.memory.openings.get(place, 1 << 30) <= state.actions:
            return
        result.conversations += 1
        await inf.converse(len(state.steps))
        # a launcher of one name on many pages opens one conversation; another name may open another of equal words
        pressed = state.promised and bool(state.steps) and state.replay < len(state.steps)
        by = norm(str(state.steps[-1].get("name", ""))) if pressed else ""
        opening = f"{place}|{by}|{same_reply(inf.reply.bubbles) if inf.reply else ''}"
        if self.memory.openings.get(opening, 1 << 30) <= state.actions:
            return
        result.openings += [(place, state.actions), (opening, state.actions)] if place else [(opening, state.actions)]
        await self.talk(state, result, page_controls(sight), opening=True, depth=depth)

    async def answer_lists(self, state: State, sight: Sight) -> tuple[State, Sight]:
        """A contact page that asks by lists what it is about has them answered: values given on the way, no press."""
        inf = self.informed
        for _ in range(MAX_LISTS):
            asks = [f for f, _ in open_lists(sight) if (f.frame, f.id) not in inf.judge.m.filled]
            if not asks:
                break
            step: Step = {"do": "fill", "role": "combobox", "name": asks[0].label, "contact": "topic"}
            await inf.take(len(state.steps) + 1, step)
            state = replace(state, steps=(*state.steps, step), fields=state.fields + 1)
            sight = await adopt_box(self.shopper, await inf.look(), promised=True)
        return state, sight

    def _new_wall(self, sight: Sight, old: set[tuple[str, str]] | None) -> bool:
        """Did the press lead to a wall: words, or a form, that did not stand here before?"""
        walls = judge(self.s, sight, self.informed.judge.m.lines, contact=True)
        if not old:
            return bool(walls)
        stood = self.fields
        return any(
            w.text not in self.labels if w.form is None else not {(f.kind, f.label) for f in w.form.fields} <= stood
            for w in walls
        )

    def _shown(self, sight: Sight, moves: list[Move], opened: bool) -> bool:
        """Has the press shown a conversation or a new way? What reads like one while a chat is just being opened may
        be its own title."""
        ways = [m for m in moves if m.cls in WAYS and not m.known]
        if opened and self.s.under_way() > 0:
            ways = []
        return sight.talk_frame is not None or any(not opened or m.steps[-1].get("role") != "generic" for m in ways)

    def _place(self, sight: Sight, state: State) -> str:
        """Where a conversation stands, when that alone tells which one it is: its own frame, or a page of its own."""
        assert sight.talk_frame is not None
        if sight.talk_frame is not sight.page.main_frame and sight.talk_frame.url.startswith("http"):
            return plain_address(sight.talk_frame.url)
        return "" if state.steps and state.replay < len(state.steps) else plain_address(sight.url)

    def _walls(self, state: State, sight: Sight, moves: list[Move], result: Result) -> None:
        """The nearest wall of this view. Words alone are none while a chat or a person is offered beside them."""
        walls = judge(self.s, sight, self.informed.judge.m.lines, contact=state.promised)
        offered = any(m.cls in ("ask_human", "open_chat") for m in moves) or sight.talk_frame is not None
        labels = {c.label for c in sight.controls}
        if offered:
            walls = [w for w in walls if w.form is not None or w.text in labels]
        if not state.promised:
            walls = [w for w in walls if w.outcome is Outcome.GATED and state.steps and w.gate != "login"]
        if walls:
            nearest = min(walls, key=lambda w: distance(w.outcome))
            result.found.append(Found(nearest.outcome, state, nearest.gate, nearest.to))
            return
        changed = state.lines != frozenset(self.informed.judge.m.lines)
        if state.promised and state.steps and changed and not offered and not any(m.cls in WAYS for m in moves):
            # a contact was promised and there is none: as near as one gets where nothing else is found
            steps = (*state.steps[:-1], {**state.steps[-1], "ends": Outcome.DEAD_END.value})
            result.found.append(Found(Outcome.DEAD_END, replace(state, steps=steps)))

    def _failure(self) -> tuple[str, str, str] | None:
        for e in reversed(self.events):
            if isinstance(e, Failure):
                return e.outcome, e.reason, e.sentence
        return None

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
