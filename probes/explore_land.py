"""Where a click of an exploration led: its walls, what could be done next, and the conversation that stands there.

The half of a visitor (explore_visit.py) that looks; talking on is explore_talk.py's.
"""

from __future__ import annotations

from abc import ABC
from dataclasses import replace

from playwright.async_api import Frame

from tohuman.results.events import Failure
from tohuman.results.vocabulary import Outcome

from . import deadlines as d
from .alike import norm
from .asked import hands_in, open_lists
from .choosing import WAYS
from .explore_moves import hand_in, page_moves, search_move
from .explore_state import (
    Found,
    Landing,
    Move,
    Result,
    State,
    Step,
    content_key,
    distance,
    page_controls,
    view_key,
)  # fmt: skip
from .explore_talk import Talks
from .hearing import same_reply
from .lingering import adopt_box
from .sight import Sight, plain_address
from .walls import judge

#: Scrolling and resting the pointer on menus: worth it before leaving for pages that only may lead on.
AROUND = "around"
AROUND_MOVE = Move((), 1.8, 0, AROUND, "what is not in sight at once", unlikely=True)
AROUND_LATER = replace(AROUND_MOVE, guess=2.8)
#: Lists a contact page may ask by before it shows its ways.
MAX_LISTS = 6
#: Walls that words of an article can be taken for, and the concepts of a sentence that is about reaching somebody.
TOLD = (Outcome.GATED, Outcome.DIVERTED)
CONTACT = frozenset(
    {
        "person", "desk", "in_touch", "talk_to", "call_us", "email_us",
        "control_contact", "control_open_chat", "control_ask_human",
    }
)  # fmt: skip


class Lands(Talks, ABC):
    """`long`: launchers that come some seconds after their page are waited for; `fields`, `labels`: what stood before
    the last press, by kind and label, and what could be pressed then; `apart`: controls that stand over the page now,
    or in a frame of their own; `hasty`: the last press promised nothing of its own."""

    long: bool
    hasty: bool
    fields: set[tuple[str, str]]
    labels: set[str]
    apart: set[tuple[object, str]]

    async def glance(self, state: State, result: Result) -> bool:
        """Look at the start page as it stands. False: what it leads to is told only by staying: a conversation, a wall,
        nothing yet."""
        sight = await adopt_box(self.shopper, await self.informed.look(), promised=False)
        moves = page_moves(self.s, sight)
        if not moves or sight.talk_frame is not None or self.informed.judge.shut(sight):
            return False
        state = replace(state, lines=frozenset(sight.lines())).at(plain_address(sight.url))
        where = (view_key(sight), content_key(sight), plain_address(sight.url))
        moves += [AROUND_MOVE, *(m for m in [search_move(sight)] if m is not None)]
        result.landings.append(Landing(state, "view", *where, moves, elements=sight.elements))
        return True

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
        begun = s.clock()
        late = begun + 2 * d.PROMISE.seconds
        while not every and not sight.controls and sight.talk_frame is None and s.clock() < late:
            # a page with nothing to press is still being made
            if not await inf.judge.something_comes(sight):
                break
            sight = await adopt_box(self.shopper, await inf.look(), promised=state.promised)
            every = page_moves(s, sight, old, promised=chat)
        if self.hasty:  # one of many on a page that promised somebody: what it shows it shows at once
            late = begun + d.LATE.seconds
        page = old is None and bool(state.steps)  # a contact page of its own has been looked at for its launcher
        while state.promised and not page and not self._shown(sight, every, opened) and s.clock() < late:
            # a person waits a moment for what a press has promised before turning away; it may come piece by piece
            if self._new_wall(sight, old):
                cleared = await inf.look()  # what laid itself over the page meanwhile is no wall of the page
                if len(cleared.overlays) >= len(sight.overlays):
                    break
            elif not await inf.judge.something_comes(sight, min(d.PROMISE.seconds, late - begun)):
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
            # what hangs in the menus of one page hangs in those of the next
            moves.append(AROUND_MOVE if state.promised or not state.steps else AROUND_LATER)
        moves += [m for m in [search_move(sight)] if m is not None]
        landing = Landing(
            state, "view", view_key(sight), content_key(sight), plain_address(sight.url), moves, elements=sight.elements
        )
        result.landings.append(landing)
        self._walls(state, sight, every, result, old)
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

    def _walls(
        self, state: State, sight: Sight, moves: list[Move], result: Result, old: set[tuple[str, str]] | None
    ) -> None:
        """The nearest wall of this view. Words alone are none while a chat or a person is offered beside them, and a
        form that asks for what may not be given none while it only stands where it stood before the press."""
        walls = judge(self.s, sight, self.informed.judge.m.lines, contact=state.promised)
        if old:
            stood = [w for w in walls if w.form and {(f.kind, f.label) for f in w.form.fields} <= self.fields]
            walls = [w for w in walls if w not in stood or w.outcome is not Outcome.GATED]
        offered = any(m.cls in ("ask_human", "open_chat") for m in moves) or sight.talk_frame is not None
        labels = {c.label for c in sight.controls}
        if not state.named:  # an article of the help centre tells what its own subject takes
            walls = [w for w in walls if w.form or w.text in labels or w.outcome not in TOLD or self._contacts(w.text)]
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

    def _contacts(self, text: str) -> bool:
        return not CONTACT.isdisjoint(self.s.reader.mentions(text, self.s.locale))

    def _failure(self) -> tuple[str, str, str] | None:
        for e in reversed(self.events):
            if isinstance(e, Failure):
                return e.outcome, e.reason, e.sentence
        return None
