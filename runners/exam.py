"""Subjects whose truth is known, walked again and again: what was measured, what the site received, what is true.

A subject is a practice platform or a real one (tests/real). Prints nothing; cli/exam.py does.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
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
#: Seconds for the last word of a page to reach its site: presses are told by beacon, which outlives the page.
TOLD = 2.0


@dataclass(frozen=True)
class Received:
    """What a site itself received on the way. `way`: its entries as text, in order, where the truth names them too."""

    actions: int
    obstacle_clicks: int
    way: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One probe of a subject under one stop rule, being served. `way`: what the site must receive, `*` any words."""

    subject: str
    start: str
    stop: StopName
    order: Order
    truth: dict[str, Any]
    received: Callable[[], Received]
    reset: Callable[[], None]
    way: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        return f"{self.subject}/{self.start}/{self.stop}"

    @property
    def presses(self) -> int:
        """How many actions and obstacle clicks the site must receive."""
        if self.way is not None:
            return sum(not step.startswith("field: ") for step in self.way)
        return int(self.truth["clicks"] + self.truth["turns"] + self.truth["obstacle_clicks"])


@dataclass
class Answer:
    """How one case did: runs that agreed in everything, and what the others differed in, each with its run id."""

    subject: str
    start: str
    stop: StopName
    runs: int = 0
    right: int = 0
    differences: list[str] = field(default_factory=list)
    run_ids: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.subject}/{self.start}/{self.stop}"


def compare(case: Case, measures: Measures, received: Received, unseen: int) -> list[str]:
    """What differs: the measured from the true, what the site received from the true way and from what was counted.

    `unseen`: counted actions that no site can receive, such as going back.
    """
    found = [
        f"{name} {getattr(measures, name) or '-'} instead of {case.truth[name] or '-'}"
        for name in COMPARED
        if (getattr(measures, name) or "") != (case.truth[name] or "")
    ]
    if measures.why and measures.outcome != case.truth["outcome"]:
        found[0] += f" ({measures.why})"
    if received.actions != measures.actions - unseen:
        found.append(f"the site received {received.actions} actions, {measures.actions - unseen} were counted")
    if received.obstacle_clicks != measures.obstacle_clicks:
        found.append(
            f"the site received {received.obstacle_clicks} obstacle clicks, {measures.obstacle_clicks} were counted"
        )
    if case.way is not None and not fits(received.way, case.way):
        found.append(f"the site received [{', '.join(received.way)}] instead of [{', '.join(case.way)}]")
    return found


def fits(received: Sequence[str], way: Sequence[str]) -> bool:
    """Is this the true way? A step `kind: *` takes any words of its kind."""
    return len(received) == len(way) and all(
        got == wanted or (wanted.endswith(": *") and got.startswith(wanted[:-1]))
        for got, wanted in zip(received, way, strict=True)
    )


def unseen(events: Iterable[AnyEvent], measures: Measures) -> int:
    """Counted actions no site receives."""
    counted = {step.event for step in measures.path}
    return sum(
        1
        for e in events
        if isinstance(e, Gesture) and e.n in counted and e.gesture in ("back", "popup_closed", "dialog", "jump")
    )


# ---- where cases come from -----------------------------------------------------------------------------------------


def practice_cases(practice: Any, names: Iterable[str], stops: Sequence[StopName]) -> list[Case]:
    """Every start of the served practice platforms under each stop rule."""
    return [
        _practice(practice, practice.platforms[name], str(start), stop)
        for name in names
        for start in practice.platforms[name].truth.starts
        for stop in stops
    ]


def _practice(practice: Any, served: Any, start: str, stop: StopName) -> Case:
    from tohuman.results.vocabulary import Start, Stop
    from tohuman.runners.orders import practice_key, practice_order

    counts, way = served.truth.starts[Start(start)].naive.at(Stop(stop))
    steps = [next(iter(step.items())) for step in way]

    def received() -> Received:
        # Words of leaving and the press of a queue's cancel control come after the way (their stage tells).
        log = [entry for entry in served.log() if entry["stage"] == "way"]
        kinds = [entry["kind"] for entry in log]
        told = tuple(f"{entry['kind']}: {entry['what']}" for entry in log)
        return Received(kinds.count("press") + kinds.count("message"), kinds.count("obstacle"), told)

    return Case(
        served.id,
        start,
        stop,
        practice_order(served, practice_key(served.id, start), stop=stop),
        {name: str(getattr(counts, name) or "") for name in ("outcome", "gate", "to")}
        | {name: getattr(counts, name) for name in COUNTED},
        received,
        lambda: practice.reset(served.id),
        tuple(f"{kind}: {what}" for kind, what in steps if kind != "back"),
    )


@asynccontextmanager
async def serving_practice(names: Sequence[str], stops: Sequence[StopName]) -> AsyncIterator[list[Case]]:
    """The cases of practice platforms, served meanwhile."""
    from tohuman.probes.practice import serve

    async with serve(only=list(names)) as practice:
        yield practice_cases(practice, names, stops)


@asynccontextmanager
async def serving_real(module: Any, names: Sequence[str], stops: Sequence[StopName]) -> AsyncIterator[list[Case]]:
    """The cases of real subjects (built if need be), served meanwhile."""
    async with AsyncExitStack() as stack:
        served = [await stack.enter_async_context(module.serve_subject(name)) for name in names]
        yield [_real(one, stop) for one in served for stop in stops]


def _real(served: Any, stop: StopName) -> Case:
    from tohuman.runners.orders import subject_order

    told = served.truth("naive", stop)

    def received() -> Received:
        counted = served.counted()
        return Received(counted["clicks"] + counted["turns"], counted["obstacle_clicks"])

    return Case(
        served.name,
        "help",
        stop,
        subject_order(served, stop=stop),
        {name: getattr(told, name) for name in COMPARED},
        received,
        served.reset,
    )


# ---- walking them --------------------------------------------------------------------------------------------------


async def walk_cases(
    cases: Sequence[Case], data: Path, *, jobs: int, told: Callable[[Case, str, list[str]], None] | None = None
) -> list[tuple[str, list[str]]]:
    """Walk each case once, in the order given; (run id, what differs) of each. `told` is called as each one ends.

    A site's log is emptied before each of its cases: the supervisor never has two at once on one host.
    """
    from tohuman.runners.supervisor import Outcome, run_orders

    answers: list[tuple[str, list[str]]] = [("", [])] * len(cases)

    @asynccontextmanager
    async def attended(index: int, outcome: Outcome) -> AsyncIterator[None]:
        case = cases[index]
        case.reset()
        yield
        received = await _last_word(case)
        if outcome.measures is None:
            found = [str(outcome.error or "no measures")]
        else:
            back = unseen(read(journal_path(data, outcome.run_id)), outcome.measures)
            found = compare(case, outcome.measures, received, back)
        answers[index] = (outcome.run_id, found)
        if told is not None:
            told(case, outcome.run_id, found)

    await run_orders([case.order for case in cases], data, jobs, attend=attended)
    return answers


async def _last_word(case: Case) -> Received:
    """What the site received, once it has as much as it must, or after the time a beacon may take."""
    until = asyncio.get_running_loop().time() + TOLD
    while True:
        received = case.received()
        enough = received.actions + received.obstacle_clicks >= case.presses
        if enough or asyncio.get_running_loop().time() > until:
            return received
        await asyncio.sleep(0.05)


async def examine(
    cases: Sequence[Case],
    data: Path,
    *,
    times: int,
    jobs: int,
    seed: int,
    told: Callable[[str], None],
) -> list[Answer]:
    """Every case `times` times, in an order drawn anew from the seed for each round, `jobs` at a time."""
    answers = {case.name: Answer(case.subject, case.start, case.stop) for case in cases}
    drawn = random.Random(seed)
    for number in range(1, times + 1):

        def tell(case: Case, run_id: str, found: list[str], number: int = number) -> None:
            told(f"{number}/{times} {case.name}: {'; '.join(found) or 'right'}  {run_id}")

        order = drawn.sample(list(cases), len(cases))
        walked = await walk_cases(order, data, jobs=jobs, told=tell)
        for case, (run_id, found) in zip(order, walked, strict=True):
            answer = answers[case.name]
            answer.runs += 1
            answer.right += not found
            answer.run_ids.append(run_id)
            answer.differences += [f"{what} ({run_id})" for what in found]
    return list(answers.values())
