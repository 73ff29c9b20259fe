"""Walks hostile sites and good ones mixed, and says what differs from what must be; for the tests and the exam."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tohuman.results.ids import journal_path
from tohuman.results.journal import read
from tohuman.results.measures import Measures
from tohuman.runners.exam import Case, compare, serving_practice, unseen
from tohuman.runners.supervisor import Outcome, run_orders

from .server import Hostile, Truth, serve_hostile

#: Practice platforms that are walked among the hostile ones: a chat with a person, a frame, a log-in, an app.
GOOD = ("harborlight", "hean", "fuyao", "muyu")
#: Seconds a run may take on top of its own budgets: closing, the last words, a worker replaced.
SLACK = 45.0


@dataclass
class Found:
    """One walk: its run id, how it ended, in how many seconds, and what differs from what must be."""

    name: str
    run_id: str = ""
    outcome: str = ""
    why: str = ""
    seconds: float = 0.0
    differences: list[str] = field(default_factory=list)


def judge(truth: Truth, outcome: Outcome, seconds: float) -> list[str]:
    """What is not as it must be on a hostile site."""
    measures: Measures | None = outcome.measures
    if measures is None:
        return [f"no run: {outcome.error}"]
    found = []
    if measures.outcome not in truth.outcomes:
        found.append(f"{measures.outcome} instead of {' or '.join(truth.outcomes)}")
    elif not measures.valid and not is_sentence(measures.why):
        found.append(f"no clear sentence: {measures.why!r}")
    if measures.outcome == truth.outcomes[0]:
        for name, wanted in (("clicks", truth.clicks), ("turns", truth.turns)):
            if wanted is not None and getattr(measures, name) != wanted:
                found.append(f"{name} {getattr(measures, name)} instead of {wanted}")
    limit = outcome.order.budget.seconds + outcome.order.budget.queue_seconds + SLACK
    if seconds > limit:
        found.append(f"it took {seconds:.0f} s, {limit:.0f} at the most")
    return found


def is_sentence(text: str) -> bool:
    """One line, of some words, that ends: what a person can be told."""
    return text.endswith(".") and "\n" not in text and 4 <= len(text.split()) <= 60 and "Traceback" not in text


async def walk_mixed(
    names: Sequence[str] | None,
    data: Path,
    *,
    good: Sequence[str] = GOOD,
    jobs: int = 2,
    seed: int = 1,
    told: Callable[[Found], None] | None = None,
) -> list[Found]:
    """Every hostile site of `names` (all for None) and every good one once, in an order drawn from the seed."""
    async with AsyncExitStack() as stack:
        hostile = await stack.enter_async_context(serve_hostile(names))
        cases = await stack.enter_async_context(serving_practice(good, ["offered"])) if good else []
        work: list[Hostile | Case] = [*hostile.values(), *cases]
        random.Random(seed).shuffle(work)
        answers = [Found(one.name if isinstance(one, Case) else one.truth.id) for one in work]

        @asynccontextmanager
        async def attended(index: int, outcome: Outcome) -> AsyncIterator[None]:
            one, found = work[index], answers[index]
            if isinstance(one, Case):
                one.reset()
            begun = asyncio.get_running_loop().time()
            yield
            found.seconds = asyncio.get_running_loop().time() - begun
            found.run_id = outcome.run_id
            if outcome.measures is not None:
                found.outcome, found.why = str(outcome.measures.outcome), outcome.measures.why
            if not isinstance(one, Case):
                found.differences = judge(one.truth, outcome, found.seconds)
            elif outcome.measures is None:
                found.differences = [str(outcome.error)]
            else:
                back = unseen(read(journal_path(data, outcome.run_id)), outcome.measures)
                found.differences = compare(one, outcome.measures, one.received(), back)
            if told is not None:
                told(found)

        orders = [one.order if isinstance(one, Case) else one.order() for one in work]
        await run_orders(orders, data, jobs, attend=attended)
        return answers


async def main(names: Sequence[str], data: Path) -> None:
    """For a person at work on the hostile sites: walks the named ones and prints what came of them."""

    def told(one: Found) -> None:
        so = one.differences or "right"
        print(f"{one.name:15} {one.outcome:12} {one.seconds:5.1f} s  {so}  {one.why[:140]!r}  {one.run_id}")

    await walk_mixed(list(names), data, good=(), told=told)


if __name__ == "__main__":
    import sys

    asyncio.run(main(sys.argv[2:], Path(sys.argv[1])))
