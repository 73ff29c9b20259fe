"""How a run ended: the outcome of METHOD §3, the finding or failure that decided it, and where the way to it was over.

Pure. What was counted on that way is counting.py's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tohuman.results.events import (
    AnyEvent,
    Failure,
    Finding,
    Gesture,
    Left,
    Message,
    Queue,
    RunEnded,
    RunStarted,
    Spent,
)
from tohuman.results.vocabulary import WALLS, Diversion, Gate, Outcome

_GATES = {gate.value for gate in Gate}
_DIVERSIONS = {diversion.value for diversion in Diversion}


@dataclass(frozen=True)
class Verdict:
    """`key` names the sentence that tells the end in a reader's language, `why` is what was said or recorded there,
    `of` the numbers of the events that prove it.

    `offered`: an offer stood, or it was a queue that dropped the consumer; `answered`: a person joined and showed.
    `end`: position (in the sequence, not the number) of the event at which the way was over, None if it never was.
    """

    outcome: Outcome
    key: str
    why: str = ""
    of: tuple[int, ...] = ()
    gate: str = ""
    to: str = ""
    offered: bool = False
    answered: bool = False
    taken_back: bool = False
    end: int | None = None
    offered_of: tuple[int, ...] = ()
    answered_of: tuple[int, ...] = ()
    taken_back_of: tuple[int, ...] = ()


@dataclass
class _Course:
    """The findings of a run, gone through in order."""

    offer: tuple[int, Finding] | None = None  # the first finding of the offer that stands, with its position
    joined: Finding | None = None
    answered: Finding | None = None
    unclear: tuple[int, Finding] | None = None
    dropped: Finding | None = None
    taken_back: list[Finding] = field(default_factory=list)
    walls: list[tuple[Outcome, Finding]] = field(default_factory=list)
    no_way_left: Finding | None = None
    queued: bool = False
    left: bool = False  # while an offer stood

    def take(self, position: int, event: Finding) -> None:
        kind = event.finding
        if kind in ("offered", "joined", "answered"):
            self.offer = self.offer or (position, event)
            if kind == "joined":
                self.joined = self.joined or event
            elif kind == "answered":
                self.answered = self.answered or event
        elif kind == "unclear":
            self.unclear = self.unclear or (position, event)
        elif kind == "no_way_left":
            self.no_way_left = self.no_way_left or event
        elif not self.left and kind in ("taken_back", "dropped", "wall"):
            # After leaving what was offered: what a platform says because *we* left takes nothing back.
            self._lose(event)

    def _lose(self, event: Finding) -> None:
        wall = next((outcome for outcome in WALLS if outcome.value == event.outcome), None)
        if event.finding == "dropped":
            wall = Outcome.DROPPED
        elif event.finding == "taken_back":
            self.taken_back.append(event)
            if wall is None and self.queued:
                wall = Outcome.DROPPED  # out of the queue and back to the bot, the form or the start
        if wall == Outcome.DROPPED:
            self.dropped = self.dropped or event
        if event.finding != "wall":
            self.offer = self.joined = self.answered = None
            self.queued = False
        if wall:
            self.walls.append((wall, event))


def verdict(events: Sequence[AnyEvent]) -> Verdict:
    """The end of a run, from a journal or any beginning of one.

    The reading of METHOD §3 and §4a, in this order:

    1. A failure is the outcome, whatever was found before it: a failed measurement says nothing about the platform.
       A journal without `run_ended` and without a failure is `interrupted`.
    2. A person joined *and* showed (a message, a name, a staff number): `human`. An offer, or a join notice alone,
       that was neither taken back nor dropped: `handoff`. That certainty stands against an earlier or later `unclear`.
    3. `unclear`: a person may have answered. Stands against walls.
    4. The budget was used up: `exhausted`, because a way was still open, and a wall met does not end a walk. Only
       `dropped` stands against it: that a queue threw the consumer out is known, whatever else was tried after.
    5. The wall nearest to a person. An offer taken back is the wall it became; without one named it is `dropped` when
       there was a queue, and no wall otherwise. Of several of one kind, the first that a conversation said stands
       before what a page on the way showed.
    6. No way left and no wall: `dead_end`.
    7. None of these: nothing tells how it ended. A written way (script, informed) that leads nowhere is `broken`, a
       walk of the program's own is an `error`. Both are missing, never "no human".
    """
    events = up_to_the_end(events)
    course = _Course()
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    failure = next((event for event in events if isinstance(event, Failure)), None)
    spent = next((event for event in events if isinstance(event, Spent)), None)
    leaving = {event.gesture for event in events if isinstance(event, Left)}
    for position, event in enumerate(events):
        if isinstance(event, Finding):
            course.take(position, event)
        elif isinstance(event, Queue):
            course.queued = course.queued or event.state == "joined"
        elif isinstance(event, Left) or (isinstance(event, Gesture) and event.n in leaving):
            course.left = course.left or course.offer is not None

    outcome, key, why, of, gate, to, end = _decide(events, course, started, failure, spent)
    proven = bool(course.joined and course.answered)
    standing = course.offer[1] if course.offer else course.dropped
    return Verdict(
        outcome=outcome,
        key=key,
        why=why,
        of=of,
        gate=gate,
        to=to,
        offered=standing is not None,
        answered=proven,
        taken_back=bool(course.taken_back),
        end=end,
        offered_of=_numbers(standing),
        answered_of=_numbers(course.joined, course.answered) if proven else (),
        taken_back_of=_numbers(*course.taken_back),
    )


_Decided = tuple[Outcome, str, str, tuple[int, ...], str, str, int | None]


def _decide(
    events: Sequence[AnyEvent],
    course: _Course,
    started: RunStarted | None,
    failure: Failure | None,
    spent: Spent | None,
) -> _Decided:
    end = course.offer[0] if course.offer else None
    if failure:
        outcome = Outcome(failure.outcome)
        return outcome, f"failure.{outcome.value}", failure.sentence, (failure.n,), "", "", end
    if not events or not isinstance(events[-1], RunEnded):
        last = (events[-1].n,) if events else ()
        return Outcome.INTERRUPTED, "interrupted.no_end", "", last, "", "", end
    if course.joined and course.answered:
        both = _numbers(course.joined, course.answered)
        return Outcome.HUMAN, "human", course.answered.text or course.joined.text, both, "", "", end
    if course.offer:
        shown = course.joined or course.answered or course.offer[1]
        key = "handoff.joined" if course.joined or course.answered else "handoff"
        return Outcome.HANDOFF, key, shown.text, _numbers(course.offer[1], shown), "", "", end
    if course.unclear:
        position, finding = course.unclear
        return Outcome.UNCLEAR, "unclear", finding.text, _numbers(finding), "", "", position
    if spent and not course.dropped:
        return Outcome.EXHAUSTED, f"exhausted.{spent.which}", "", (spent.n,), "", "", None
    if course.walls:
        said = {event.n for event in events if isinstance(event, Message)}
        return _nearest(course.walls, said)
    if course.no_way_left:
        found = course.no_way_left
        return Outcome.DEAD_END, "dead_end.no_way_left", found.text, _numbers(found), "", "", None
    written = started is not None and started.probe.policy in ("script", "informed")
    return Outcome.BROKEN if written else Outcome.ERROR, "no_finding", "", (events[-1].n,), "", "", None


def _nearest(walls: Sequence[tuple[Outcome, Finding]], said: set[int]) -> _Decided:
    """`said`: numbers of the messages of conversations."""
    outcome = min((wall for wall, _ in walls), key=WALLS.index)
    met = [finding for wall, finding in walls if wall == outcome]
    # what the platform answers to a request for a person is nearer to one than what stands on a page by the way
    met = [finding for finding in met if said.intersection(finding.of)] or met
    first = met[0]
    gate = to = ""
    if outcome == Outcome.GATED:
        first = next((finding for finding in met if finding.gate in _GATES), first)
        gate = first.gate if first.gate in _GATES else ""
    elif outcome == Outcome.DIVERTED:
        first = next((finding for finding in met if finding.to in _DIVERSIONS), first)
        to = first.to if first.to in _DIVERSIONS else ""
    key = ".".join(part for part in (outcome.value, gate or to) if part)
    if first.finding == "taken_back":
        key = f"taken_back.{outcome.value}"
    return outcome, key, first.text, _numbers(first), gate, to, None


def up_to_the_end(events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
    """The events up to and with the first `run_ended`: what comes after it is no part of the run."""
    for position, event in enumerate(events):
        if isinstance(event, RunEnded):
            return events[: position + 1]
    return events


def _numbers(*findings: Finding | None) -> tuple[int, ...]:
    found: Iterable[Finding] = (finding for finding in findings if finding)
    return tuple(sorted({number for finding in found for number in (*finding.of, finding.n)}))
