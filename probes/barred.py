"""What bars the way in a conversation: the wall a reply states, and what a press in it has put on the page.

Which reply states one is conversation.py's; what a wall is, walls.py's.
"""

from __future__ import annotations

from tohuman.results.events import FormField
from tohuman.results.vocabulary import Barrier, Gate, Outcome, Signal

from . import deadlines as d
from .answering import DEMANDS, Answering
from .ends import End
from .hearing import QUEUE_STATED
from .reading import Reading as Read
from .rows import Bubble
from .shopper import Shopper
from .sight import Sight
from .talking import Talk
from .walls import Form, Wall, journal_wall, judge


class Barred(Answering):
    """The walls of one conversation."""

    def __init__(self, shopper: Shopper, talk: Talk, tried: set[str]) -> None:
        super().__init__(shopper, talk, tried)
        self.page_lines: set[str] = set()  # what stood on the page before the conversation

    def waits_after(self, rest: list[tuple[Bubble, Read, int]]) -> bool:
        """Does the same reply state afterwards that one waits for a person? What seemed to bar the way did not."""
        return any(r.signal == Signal.QUEUED and r.certainty >= QUEUE_STATED for _, r, _ in rest)

    def instead(self, rest: list[tuple[Bubble, Read, int]]) -> tuple[Bubble, Read, int] | None:
        """What the same reply offers after «nobody here»: the nearer wall (method 3)."""
        for b, r, n in rest:
            for signal in self.signals(r):
                nearer = signal.signal in (Signal.GATED, Signal.MESSAGE_FORM, Signal.DIVERTED)
                if nearer and self.counts_as_wall(signal):
                    return b, signal, n
        return None

    async def wall(self, outcome: Outcome, r: Read, b: Bubble, n: int) -> End | None:
        s = self.s
        shown = await self.shopper.look()
        if r.signal in (Signal.NO_HUMAN, Signal.MESSAGE_FORM, Signal.DIVERTED) and self.human_controls(shown):
            return None  # a person is offered beside it
        gate = str(r.values.get("gate", ""))
        demanded = outcome is Outcome.GATED and gate in DEMANDS
        if demanded and not self.state.without and self.without(shown) is not None:
            self.state.without = gate
            return None
        if demanded and gate == Gate.ORDER and self.shown_to_choose(b):
            return None  # which of the orders shown below it is no value to give
        wall = Wall(
            outcome,
            gate=str(r.values.get("gate", "")) if outcome is Outcome.GATED else "",
            to=str(r.values.get("to", "")) if outcome is Outcome.DIVERTED else "",
            text=b.text,
        )
        if outcome is Outcome.GATED and not wall.gate:
            wall.gate = "login"
        if outcome is Outcome.DIVERTED and not wall.to:
            wall.to = "phone"
        if outcome is Outcome.MESSAGE_FORM:
            wall.form = await self.form_coming(shown)
        if wall.gate in DEMANDS:
            wall.form = self.form_of(shown)
        if wall.gate in DEMANDS and wall.form is None:
            # asked for in words, it is a value one must give all the same (method 2: field)
            s.emit(FormField(label=wall.gate, kind=wall.gate, required=True, filled=False, where="wall"))
        if self.state.pressed_human and outcome is Outcome.MESSAGE_FORM:
            s.barrier(Barrier.FAKE_HUMAN_BUTTON.value, [self.state.pressed_human, n], b.text)
        if outcome is Outcome.MESSAGE_FORM and "promise_seconds" in r.values:
            s.barrier(Barrier.PROMISE_WITHOUT_REFERENCE.value, [n], b.text)
        journal_wall(s, wall, [n, b.event])
        if outcome is Outcome.MESSAGE_FORM or outcome is Outcome.CLOSED:
            for other in judge(s, shown, self.page_lines, contact=True):
                if other.outcome is not outcome and other.form is not None:
                    journal_wall(s, other, [n])
        return End("wall", outcome)

    async def form_coming(self, sight: Sight) -> Form | None:
        """The form that was spoken of; it may come a moment after the words."""
        end = self.s.clock() + d.PROMISE.seconds
        while (form := self.form_of(sight)) is None and self.s.clock() < end:
            await self.shopper.pause()
            sight = await self.shopper.look()
        return form

    def behind(self, sight: Sight) -> End | None:
        """What a press in the conversation has put on the page: a form, a log-in, a number."""
        if not self.state.asked_person:
            return None
        walls = judge(self.s, sight, self.page_lines, contact=bool(self.state.pressed_human) or not sight.talk_box)
        walls = [w for w in walls if w.form is not None] or ([] if sight.talk_frame is not None else walls)
        if not walls:
            return None
        n = 0
        for w in walls:
            n = journal_wall(self.s, w, [self.state.pressed_human])
        if self.state.pressed_human and any(w.outcome is Outcome.MESSAGE_FORM for w in walls):
            self.s.barrier(Barrier.FAKE_HUMAN_BUTTON.value, [self.state.pressed_human, n])
        return End("wall", walls[0].outcome)
