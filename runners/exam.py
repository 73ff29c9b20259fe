"""Subjects whose truth is known, walked again and again: what was measured, what the site received, what is true.

A subject is a practice platform or a real one (tests/real). Prints nothing; cli/exam.py does.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tohuman.results.events import AnyEvent, Gesture
from tohuman.results.ids import journal_path
from tohuman.results.journal import read
from tohuman.results.measures import Measures
from tohuman.runners.order import Order

StopName = Literal["offered", "answered"]
COUNTED = ("clicks", "turns", "fields", "obstacle_clicks")
COMPARED = ("outcome", "gate", "to", *COUNTED)


@dataclass(frozen=True)
class Subject:
    """A subject being served. `received`: the site's own count of clicks + turns ("actions") and obstacle clicks."""

    name: str
    order: Callable[[StopName], Order]
    truth: Callable[[StopName], dict[str, Any]]
    received: Callable[[], dict[str, int]]
    reset: Callable[[], None]


@dataclass
class Answer:
    """How one subject did under one stop rule: runs that agreed in everything, and what the others differed in."""

    subject: str
    stop: StopName
    runs: int = 0
    right: int = 0
    differences: list[str] = field(default_factory=list)


def compare(truth: dict[str, Any], measures: Measures, received: dict[str, int], unseen: int) -> list[str]:
    """What differs: measured from true, then the site's own count from the measured one. `unseen`: counted actions that
    no site can receive, such as going back."""
    found = [
        f"{name} {getattr(measures, name) or '-'} instead of {truth[name] or '-'}"
        for name in COMPARED
        if getattr(measures, name) != truth[name]
    ]
    for name, count in received.items():
        measured = measures.actions - unseen if name == "actions" else getattr(measures, name)
        if measured != count:
            found.append(f"the site received {count} {name}, {measured} were counted")
    return found


def _unseen(events: Iterable[AnyEvent], measures: Measures) -> int:
    counted = {step.event for step in measures.path}
    return sum(
        1
        for e in events
        if isinstance(e, Gesture) and e.n in counted and e.gesture in ("back", "popup_closed", "dialog")
    )


async def practice_subjects(stack: AsyncExitStack, names: Iterable[str]) -> list[Subject]:
    """Practice platforms, served until the stack closes."""
    from tohuman.probes.practice import serve

    practice = await stack.enter_async_context(serve(only=list(names)))
    return [_practice(practice, served) for served in practice.platforms.values()]


def _practice(practice: Any, served: Any) -> Subject:
    from tohuman.results.vocabulary import Stop
    from tohuman.runners.orders import practice_order

    def truth(stop: StopName) -> dict[str, Any]:
        counts = served.truth.naive(Stop(stop))
        return {name: str(getattr(counts, name) or "") for name in ("outcome", "gate", "to")} | {
            name: getattr(counts, name) for name in COUNTED
        }

    def received() -> dict[str, int]:
        # Words of leaving and the press of a queue's cancel control come after the way (their stage tells).
        kinds = [entry["kind"] for entry in served.log() if entry["stage"] == "way"]
        presses = kinds.count("press") + kinds.count("message")
        return {"actions": presses, "obstacle_clicks": kinds.count("obstacle")}

    return Subject(
        served.id,
        lambda stop: practice_order(served, stop=stop),
        truth,
        received,
        lambda: practice.reset(served.id),
    )


async def real_subjects(stack: AsyncExitStack, module: Any, names: Iterable[str]) -> list[Subject]:
    """Real subjects (built if need be), served until the stack closes."""
    found = []
    for name in names:
        found.append(_real(await stack.enter_async_context(module.serve_subject(name))))
    return found


def _real(served: Any) -> Subject:
    from tohuman.runners.orders import subject_order

    def truth(stop: StopName) -> dict[str, Any]:
        told = served.truth("naive", stop)
        return {name: getattr(told, name) for name in COMPARED}

    def received() -> dict[str, int]:
        counted = served.counted()
        return {
            "actions": counted["clicks"] + counted["turns"],
            "obstacle_clicks": counted["obstacle_clicks"],
        }

    return Subject(served.name, lambda stop: subject_order(served, stop=stop), truth, received, served.reset)


async def examine(
    subjects: list[Subject],
    data: Path,
    *,
    rounds: int,
    stops: Iterable[StopName],
    jobs: int,
    seed: int,
    told: Callable[[str], None],
) -> list[Answer]:
    """Every subject `rounds` times under each stop rule, in an order drawn from the seed, `jobs` at a time.

    Within a round each subject is walked once, so that its log is of one run alone.
    """
    from tohuman.runners.supervisor import run_orders

    answers = {(subject.name, stop): Answer(subject.name, stop) for stop in stops for subject in subjects}
    drawn = random.Random(seed)
    for number in range(1, rounds + 1):
        for stop in dict.fromkeys(stop for _, stop in answers):
            order = drawn.sample(subjects, len(subjects))
            for subject in order:
                subject.reset()
            outcomes = await run_orders([subject.order(stop) for subject in order], data, jobs)
            for subject, outcome in zip(order, outcomes, strict=True):
                answer = answers[subject.name, stop]
                answer.runs += 1
                if outcome.measures is None:
                    found = [str(outcome.error or "no measures")]
                else:
                    unseen = _unseen(read(journal_path(data, outcome.run_id)), outcome.measures)
                    found = compare(subject.truth(stop), outcome.measures, subject.received(), unseen)
                answer.right += not found
                answer.differences += [f"{what} ({outcome.run_id})" for what in found]
                told(f"{number}/{rounds} {subject.name} {stop}: {'; '.join(found) or 'right'}")
    return list(answers.values())
