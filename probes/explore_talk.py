"""Talking on in the search: while a conversation goes well, its likeliest move is made; the rest is brought back.

Getting to a conversation and looking at pages is explore_visit.py's; what could be said explore_moves.py's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter as Tally
from dataclasses import replace

from playwright.async_api import Frame

from tohuman.results.events import AnyEvent, Finding
from tohuman.results.vocabulary import ControlClass, Outcome

from .alike import norm
from .choosing import WAYS
from .explore_lines import talk_moves
from .explore_moves import crowding, page_moves, press_step
from .explore_state import Found, Landing, Limits, Memory, Move, Result, State, distance, told
from .hearing import same_reply
from .informed import Informed
from .session import Session
from .shopper import Shopper
from .sight import Sight, plain_address

#: A conversation is gone on with while it looks at most this much longer than what else is waiting: beginning another
#: one takes longer than a turn.
SLACK = 1.6
#: A choice this near to a person is pressed at once.
ON_SHOW = 0.5


class Talks(ABC):
    """The talking half of a visitor. `later`: other choices of this menu have been pressed in this conversation;
    `stale`: the choices that stood in it before the last turn."""

    s: Session
    shopper: Shopper
    informed: Informed
    memory: Memory
    limits: Limits
    events: list[AnyEvent]
    later: bool
    stale: Tally[str]

    @abstractmethod
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
    ) -> None: ...

    async def heard(
        self, state: State, result: Result, old: set[tuple[str, str]], depth: int = 0, *, brief: bool = False
    ) -> None:
        """After a turn: did that end it, lead elsewhere, or does the conversation go on?"""
        inf = self.informed
        if not inf.done and inf.conversation is None:
            if depth < 4:
                await self.land(state, result, old, may_talk=True, depth=depth + 1)
            return
        await self.talk(state, result, old, opening=False, depth=depth, brief=brief)

    async def talk(
        self,
        state: State,
        result: Result,
        old: set[tuple[str, str]],
        *,
        opening: bool,
        depth: int = 0,
        brief: bool = False,
    ) -> None:
        """Talk on by the likeliest move as long as it is worth it; what was not done is brought back as moves. `brief`:
        only to a person on show."""
        inf, limits = self.informed, self.limits
        if opening:
            state = replace(state, entry=" › ".join(state.path) or "-")
        menus = dict(self.memory.menus)
        aside = [1e9, 1e9]  # what the moves left aside on the way here are thought to take
        while True:
            if inf.done:
                self._ended(state, result)
                return
            assert inf.conversation is not None
            sight = await self.shopper.look()
            moves = talk_moves(
                self.s, sight, inf.conversation, inf.heard, state.steps, opening=opening, stood=set(self.stale)
            )
            if self.later:  # what the choices pressed before have brought is not this one's
                new = choices(sight) - self.stale
                moves = [m for m in moves if m.steps[-1]["do"] != "press" or norm(str(m.steps[-1].get("name"))) in new]
            asked = inf.conversation.card_due()
            moves += [m for m in page_moves(self.s, sight, old, asked=asked) if m.cls in WAYS and not m.known]
            if (agreed := inf.conversation.confirmation(sight)) is not None:
                step = press_step(sight, agreed, {})
                moves = [Move((step,), 0.0, 0, ControlClass.ASK_HUMAN, "a dialog stands before the person", 100.0)]
            reply = same_reply(inf.reply.bubbles) if inf.reply else ""
            said = sum(1 for x in state.steps if x["do"] == "say")
            options = ",".join(sorted({norm(c.label) for c in sight.controls if c.place in ("log", "between")}))
            key = f"{state.entry}|{reply}|{options}|{said}|{len(old)}"
            menu = f"{state.entry}|{options or reply}"
            landing = Landing(state, "talk", key, address=plain_address(sight.url), moves=moves, menu=menu)
            result.landings.append(landing)
            if self.memory.talks.get(key, 1 << 30) <= state.actions or not moves:
                return
            fresh = [
                m for m in moves if not m.option or menus.get((menu, told(m.steps[-1])), 1 << 30) > state.actions + 1
            ]
            if not fresh:
                return
            best = min(fresh, key=lambda m: (self._guess(m), -m.score))
            for m in fresh:
                if m.option:
                    menus[(menu, told(m.steps[-1]))] = state.actions + 1
            if not (best.turn or agreed) or state.turns >= limits.turns or state.actions >= limits.actions:
                return
            goal = self.memory.best
            reached = goal is not None and distance(goal.outcome) == 0
            if goal is not None and reached:
                least = (state.actions + 1 + best.least, state.turns + 1)
                if least >= (goal.state.actions, goal.state.turns):
                    return
            if brief and self._guess(best) > ON_SHOW:
                return
            ahead = state.actions + 1 + self._guess(best)
            if not reached and ahead > min(self.memory.waiting, *aside) + SLACK:
                return
            aside += [state.actions + 1 + self._guess(m) for m in moves if m is not best]
            landing.taken = best
            self.stale = choices(sight)
            self.later = inf.conversation.talk.hurried = False
            for number, step in enumerate(best.steps, len(state.steps) + 1):
                await inf.take(number, step)
            state = replace(
                state,
                steps=state.steps + best.steps,
                turns=state.turns + best.turn,
                clicks=state.clicks + (not best.turn),
            )
            opening = False
            if not inf.done and inf.conversation is None:
                if depth < 4:
                    await self.land(state, result, old, may_talk=True, depth=depth + 1)
                return

    def _guess(self, move: Move) -> float:
        return move.guess + (crowding(self.memory, move) if move.turn else 0.0)

    def _ended(self, state: State, result: Result) -> None:
        """What the end of a conversation means for the search."""
        end = self.informed.end
        if end is None:
            return
        outcome = end.outcome or Outcome.DEAD_END
        if self.later and distance(outcome) > 0:
            result.late = True  # it may have ended for what was said before
            return
        finding = next(
            (e for e in reversed(self.events) if isinstance(e, Finding) and e.outcome == outcome.value), None
        )
        result.found.append(Found(outcome, state, finding.gate if finding else "", finding.to if finding else ""))


def choices(sight: Sight) -> Tally[str]:
    """The choices that stand in the conversation, by label."""
    return Tally(norm(c.label) for c in sight.controls if c.place in ("log", "between", "toolbar") and not c.disabled)
