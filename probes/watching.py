"""Watching after a queue or transfer was stated (METHOD §4a): taken back, joined, answered, dropped, or standing.

`--stop offered` watches ten seconds and leaves; `--stop answered` watches the queue to its budget. Nothing is said in
between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tohuman.results.events import Finding, Left, Queue, Step, Wait
from tohuman.results.vocabulary import Barrier, Outcome, Signal

from . import deadlines as d
from .ends import End
from .protocol import MEANS, NO_QUEUE_NAMED, SURE
from .reading import Reading as Read
from .rows import Bubble
from .shopper import NotPressable
from .walls import Wall, forms, journal_wall, record_fields, writes_message

if TYPE_CHECKING:
    from .conversation import Conversation

#: What a line without a sender is read as when whoever joined has written it: widgets may write a name above it.
TALKS = (Signal.GREETING, Signal.ASKS_PROBLEM, Signal.HUMAN_MESSAGE)


class Watch:
    """One watch; `run` returns the end of the conversation."""

    def __init__(self, conversation: Conversation, read: list[tuple[Bubble, Read, int]]) -> None:
        self.c = conversation
        self.s = conversation.s
        self.read = read
        self.queue = False
        self.positions: list[int] = []
        self.joined = 0
        self.joined_by = ""
        self.answered = 0
        self.offer = 0
        self.dropping: tuple[int, str, float] | None = None  # the statement that the queue ended, and when

    async def run(self) -> End:
        s, c = self.s, self.c
        begun = s.clock()
        s.emit(Step(state="watching", rule="4a", action="watch", detail=s.stop))
        end = self.take(self.read)
        limit = d.WATCH.seconds if s.stop == "offered" else s.budget.queue_seconds
        seen_gone = 0
        while end is None and s.clock() - begun < limit:
            if self.answered or (self.joined and self.joined_by):
                break
            end = self.dropped(d.AFTER_QUEUE.seconds)
            if end is not None:
                break
            reply = await c.talk.wait(seconds=min(0.5, max(0.1, limit - (s.clock() - begun))))
            fresh = c.read(reply.bubbles)
            end = self.take(fresh)
            if end is None and reply.gone:
                seen_gone += 1
                if seen_gone >= 2:
                    end = await self.structure()
                if seen_gone >= 2 and end is None:
                    end = self.back(
                        Outcome.DROPPED if self.queue else Outcome.DEAD_END,
                        0,
                        "the conversation vanished",
                        Barrier.AUTO_DISCONNECT,
                    )
        if end is None:
            end = self.dropped(0.0) or await self.structure()
        elif end in (Outcome.MESSAGE_FORM, Outcome.GATED):
            await self.record_form()
        if self.queue:
            s.emit(Wait(kind="queue", seconds=round(s.clock() - begun, 3)))
        if end is not None:
            return End("wall", end)
        if self.joined or self.answered:
            n = s.emit(Finding(finding="touch", of=[x for x in (self.joined, self.answered) if x]))
            s.note("a person was reached; the fixed sentence is said and the conversation left", touch=n)
            await c.leave(c.lines.leave)
            return End("reached", Outcome.HUMAN)
        await self.leave_queue()
        return End("reached", Outcome.HANDOFF)

    def take(self, read: list[tuple[Bubble, Read, int]]) -> Outcome | None:
        """Digest messages in their order; returns the outcome when the offer was taken back or the queue dropped us."""
        s = self.s
        for b, r, n in read:
            if r.certainty < SURE:
                if self.joined and not b.options and b.author != "system":
                    self.answer(b)
                continue
            for x in (
                r,
                *(a for a in r.also if a.certainty >= 0.75 and a.signal in (Signal.QUEUED, Signal.HANDOFF_OFFER)),
            ):
                standing = MEANS[Signal(x.signal)].standing
                named = r.rule not in NO_QUEUE_NAMED or "eta_seconds" in r.values
                if (x is r and x.signal == Signal.QUEUED and named) or (
                    x.signal in (Signal.QUEUED, Signal.HANDOFF_OFFER) and "position" in x.values
                ):
                    self.enqueue(x, n)
                if standing == "offers" and not self.offer:
                    self.offer = s.emit(Finding(finding="offered", of=[n, b.event], text=b.text[:300]))
                    self.c.state.offered = self.offer
                    self.c.state.asked_person += 1
                # who says after the offer, in so many words, that a person writes has come without a notice
                elif (
                    standing == "joins" or (standing == "answers" and self.offer and self.writes(b))
                ) and not self.joined:
                    if not self.offer:
                        self.offer = s.emit(Finding(finding="offered", of=[n, b.event], text=b.text[:300]))
                        self.c.state.offered = self.offer
                    self.joined = s.emit(Finding(finding="joined", of=[n, b.event], text=b.text[:300]))
                    self.c.talk.transcript.service_human = True
                    if standing == "answers" or self.names_someone(x, b):
                        self.joined_by = b.text
                        self.answered = s.emit(Finding(finding="answered", of=[n, b.event], text=b.text[:300]))
                elif (standing == "answers" and self.joined) or (
                    self.joined
                    and x is r
                    and standing not in ("drops", "joins", "offers")
                    and not b.options
                    and (b.author != "system" or x.signal in TALKS)
                    and x.signal not in (Signal.ENDED, Signal.CLOSED)
                ):
                    self.answer(b)
                elif standing == "drops" and x is r and not self.joined:
                    # «the queue is over» may be said to one who is served next: a moment decides
                    self.dropping = self.dropping or (n, b.text, self.s.clock())
                elif standing == "wall" and x is r and x.signal != Signal.PROMISE and not self.joined:
                    outcome = MEANS[Signal(x.signal)].outcome or Outcome.DEAD_END
                    if self.queue or x.signal == Signal.ENDED:
                        return self.back(
                            Outcome.DROPPED, n, b.text, Barrier.AUTO_DISCONNECT if x.signal == Signal.ENDED else None
                        )
                    gate = str(x.values.get("gate", "")) if outcome is Outcome.GATED else ""
                    to = str(x.values.get("to", "")) if outcome is Outcome.DIVERTED else ""
                    return self.back(outcome, n, b.text, None, gate=gate, to=to)
                elif (
                    x is r
                    and x.signal in (Signal.BOT_FALLBACK, Signal.ASKS_CATEGORY)
                    and self.offer
                    and not self.joined
                ):
                    return self.back(Outcome.DROPPED if self.queue else Outcome.LOOP, n, b.text, Barrier.BACK_TO_START)
        return None

    def dropped(self, after: float) -> Outcome | None:
        """The queue was said to be over `after` seconds ago and nobody joined: dropped."""
        if self.dropping is None or self.joined or self.s.clock() - self.dropping[2] < after:
            return None
        n, text, _ = self.dropping
        return self.back(Outcome.DROPPED, n, text, Barrier.AUTO_DISCONNECT)

    def writes(self, b: Bubble) -> bool:
        """May it be a person's: no notice, nothing to press in it, nothing the vendor's marks give to a bot?"""
        return b.author != "system" and not b.options and b.told != "bot"

    def names_someone(self, r: Read, b: Bubble) -> bool:
        """Does the join notice itself give a name or staff number?"""
        return bool(r.values.get("name") or r.values.get("staff"))

    def answer(self, b: Bubble) -> None:
        if not self.answered:
            self.answered = self.s.emit(Finding(finding="answered", of=[b.event], text=b.text[:300]))

    def enqueue(self, r: Read, n: int) -> None:
        position = r.values.get("position")
        eta = r.values.get("eta_seconds")
        first = not self.queue
        self.queue = True
        self.c.state.queued = True
        if position is not None:
            self.positions.append(int(position))
        self.s.emit(
            Queue(
                state="joined" if first else "moved",
                position=int(position) if position is not None else None,
                eta_seconds=float(eta) if eta is not None else None,
                of=n,
            )
        )

    def back(
        self, outcome: Outcome, n: int, text: str, barrier: Barrier | None, *, gate: str = "", to: str = ""
    ) -> Outcome:
        """Journal that the offer did not stand."""
        s = self.s
        of = [x for x in (n, self.offer) if x]
        if self.queue and outcome is Outcome.DROPPED:
            s.emit(Queue(state="dropped", of=n))
        if outcome is Outcome.DROPPED:
            f = s.emit(Finding(finding="dropped", outcome=outcome.value, of=of, text=text[:300]))
        else:
            f = s.emit(Finding(finding="taken_back", outcome=outcome.value, gate=gate, to=to, of=of, text=text[:300]))
            s.barrier(Barrier.FAKE_HANDOFF.value, [f, *of], text)
        if outcome is Outcome.CLOSED:
            s.barrier(Barrier.CLOSED_HOURS.value, [f], text)
        if barrier is not None:
            s.barrier(barrier.value, [f], text)
        return outcome

    async def structure(self) -> Outcome | None:
        """After the watch: has a form or an empty start taken the conversation's place without a word?"""
        if self.joined:
            return None
        try:
            sight = await self.c.shopper.look()
        except d.Overdue:
            return None
        form = next((f for f in forms(sight) if writes_message(f)), None)
        if form is None:
            return None
        n = journal_wall(
            self.s,
            Wall(Outcome.MESSAGE_FORM, form=form, text=" / ".join(x.label for x in form.fields)[:200]),
            [self.offer],
        )
        return self.back(
            Outcome.DROPPED if self.queue else Outcome.MESSAGE_FORM,
            n,
            "a form stands where a person was announced",
            None,
        )

    async def record_form(self) -> None:
        """Journal what the form asks for that took a person's place."""
        try:
            sight = await self.c.shopper.look()
        except d.Overdue:
            return
        form = await self.c.form_coming(sight)
        if form is not None:
            record_fields(self.s, form, "wall", self.s.page_names.get(sight.page, ""))

    async def leave_queue(self) -> None:
        """Cancel the queue where there is a control for it; presses made to leave are not part of the way."""
        s = self.s
        if self.queue and not self.positions:
            s.barrier(Barrier.QUEUE_WITHOUT_POSITION.value, [self.offer])
        try:
            sight = await self.c.shopper.look()
        except d.Overdue:
            s.emit(Left(how="closed"))
            return
        for says in ("cancel_queue", "end_chat"):
            for control in sight.controls:
                if not control.disabled and control.label and s.says(says, control.label):
                    try:
                        effect = await self.c.shopper.press(control, free=True)
                    except NotPressable:
                        continue
                    s.emit(Left(how="cancelled", gesture=effect.gesture or None, text=control.label[:120]))
                    if self.queue:
                        s.emit(Queue(state="left"))
                    return
        s.emit(Left(how="closed"))
