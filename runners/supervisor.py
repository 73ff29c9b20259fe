"""The supervisor: hands orders to worker processes, kills one that is overdue, replaces one that died, loses no run.

Every order ends as a journal in the store: measured, or as what went wrong. It opens no browser and reads no page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from tohuman.probes.deadlines import Limit
from tohuman.results.events import Failure, RunEnded
from tohuman.results.ids import journal_path
from tohuman.results.journal import Journal, JournalError, read
from tohuman.results.measures import Measures, measure
from tohuman.results.store import Store

from .errors import TohumanError
from .order import Order
from .translate import as_told
from .worker import BEAT, MEMORY_LOOK, RECYCLE
from .workers import LIMITS as WORKER_LIMITS
from .workers import Gone, Refused, Worker, sweep

#: (order index, what happened, run id or ''): begun, event, done, lost, refused, again.
Progress = Callable[[int, str, str], None]
GRACE = Limit("a run, on top of its own budget", 60.0, "run.py ends it first; a worker that did not is killed")
SILENT = Limit("a worker without a sign of life", 60.0, "twelve beats missed: its loop is stuck, not busy")
LIMITS = (*WORKER_LIMITS, GRACE, SILENT, BEAT, MEMORY_LOOK)
#: Workers that may die under an order before it began, until the order is given up.
TRIES = 2
#: Workers in a row that did not come up, until no more are tried.
FAILED_STARTS = 2

End = Literal["done", "refused", "died", "overdue", "silent"]
_LOST = {
    "died": ("interrupted", "worker_died", "The worker process ended during the run."),
    "overdue": ("error", "overdue", "The run did not end within its budget and its worker was stopped."),
    "silent": ("error", "worker_stuck", "The worker process gave no sign of life and was stopped."),
}


@dataclass
class Outcome:
    """What became of one order: its run id and measures, or the error that kept it from beginning."""

    order: Order
    run_id: str = ""
    measures: Measures | None = None
    error: TohumanError | None = None


#: Entered with an order's index and outcome before it is handed over, left when the run is in the store and before its
#: host may be visited again.
Attend = Callable[[int, Outcome], AbstractAsyncContextManager[None]]


async def run_orders(
    orders: Sequence[Order],
    data: Path,
    jobs: int = 1,
    on_progress: Progress | None = None,
    headless: bool = True,
    attend: Attend | None = None,
) -> list[Outcome]:
    """Carry out the orders, `jobs` at a time and never two at once on one host; results in the orders' order."""
    sweep()
    store = Store.open(data)
    work = _Work(orders, data, headless, on_progress or (lambda *_: None), attend, store)
    try:
        async with asyncio.TaskGroup() as lanes:
            for _ in range(max(1, min(jobs, len(orders)))):
                lanes.create_task(work.lane())
    except BaseExceptionGroup as group:  # one error of ours is told as what it is
        raise group.exceptions[0] from group
    finally:
        store.close()
    return work.outcomes


class _Work:
    """The orders being carried out, shared by the lanes: one lane has one worker at a time."""

    def __init__(
        self,
        orders: Sequence[Order],
        data: Path,
        headless: bool,
        report: Progress,
        attend: Attend | None,
        store: Store,
    ) -> None:
        self.outcomes = [Outcome(order) for order in orders]
        self.data, self.headless, self.report, self.store = data, headless, report, store
        self.attend: Attend = attend or (lambda *_: nullcontext())
        self.waiting = list(range(len(orders)))
        self.busy: set[str] = set()
        self.free = asyncio.Condition()
        self.failed: list[TohumanError] = []

    def host(self, index: int) -> str:
        return urlsplit(self.outcomes[index].order.url).netloc

    async def take(self) -> int | None:
        """The next order whose host is free; None when there are no more."""
        async with self.free:
            while self.waiting:
                for index in self.waiting:
                    if self.host(index) not in self.busy:
                        self.waiting.remove(index)
                        self.busy.add(self.host(index))
                        return index
                await self.free.wait()
            return None

    async def lane(self) -> None:
        worker: Worker | None = None
        try:
            while (index := await self.take()) is not None:
                try:
                    async with self.attend(index, self.outcomes[index]):
                        worker = await self.carry_out(worker, index)
                finally:
                    async with self.free:
                        self.busy.discard(self.host(index))
                        self.free.notify_all()
        finally:
            if worker is not None:
                await worker.stop()

    async def carry_out(self, worker: Worker | None, index: int) -> Worker | None:
        """One order, with a worker started for it if need be, until its run is stored. Returns the worker left."""
        outcome = self.outcomes[index]
        end: End = "died"
        for tried in range(TRIES):
            if tried:
                self.report(index, "again", "")
            try:
                worker = await self.ready(worker)
                end = await self.hand_over(worker, outcome, index)
            except TohumanError as error:
                end, outcome.error = "died", error
            except BaseException:
                if worker is not None:
                    await worker.stop(kill=True)
                raise
            if end in ("done", "refused"):
                break
            if worker is not None:
                await worker.stop(kill=True)
                worker = None
            if outcome.run_id or not isinstance(outcome.error, Gone):
                break
        if outcome.run_id:
            outcome.error = None
            if end in _LOST:
                self.report(index, "lost", outcome.run_id)
                end_journal(journal_path(self.data, outcome.run_id), end)
            try:
                path = journal_path(self.data, outcome.run_id)
                self.store.ingest(path)
                outcome.measures = measure(read(path))
            except Exception as error:
                outcome.error = as_told(error)  # one run that cannot be recorded harms no other
        elif outcome.error is None:
            outcome.error = TohumanError("A worker process ended without beginning the run", where=outcome.order.url)
        self.report(index, end if end in ("done", "refused") else "ended", outcome.run_id)
        return worker

    async def ready(self, worker: Worker | None) -> Worker:
        """A worker that can take an order: the one there is, or a new one. Raises what kept it from coming up."""
        if worker is not None and (worker.retired or worker.runs >= RECYCLE or not worker.running):
            await worker.stop()
            worker = None
        if worker is None:
            if len(self.failed) >= FAILED_STARTS:
                raise self.failed[-1]
            worker = Worker(self.data, self.headless)
            try:
                await worker.start()
            except TohumanError as error:
                self.failed.append(error)
                raise
            self.failed.clear()
        return worker

    async def hand_over(self, worker: Worker, outcome: Outcome, index: int) -> End:
        """Send one order and follow it to its end. Raises Gone when the worker died before it began the run."""
        order = outcome.order
        loop = asyncio.get_running_loop()
        outcome.error = None
        await worker.send(order)
        until = loop.time() + order.budget.seconds + order.budget.queue_seconds + GRACE.seconds
        while True:
            try:
                answer = await asyncio.wait_for(worker.hear(), min(SILENT.seconds, max(0.0, until - loop.time())))
            except TimeoutError:
                return "overdue" if loop.time() >= until else "silent"
            if answer is None:
                if not outcome.run_id:
                    raise Gone("A worker process ended without beginning the run", where=order.url)
                return "died"
            if loop.time() >= until:
                return "overdue"
            if "run" in answer:
                outcome.run_id = str(answer["run"])
                self.report(index, "begun", outcome.run_id)
            elif "done" in answer:
                worker.retired = bool(answer.get("retire"))
                return "done"
            elif "refused" in answer:
                code = answer.get("exit", 1)
                outcome.error = Refused(str(answer["refused"]), code if isinstance(code, int) else 1)
                return "refused"
            elif "event" in answer:
                self.report(index, str(answer["event"]), outcome.run_id)


def end_journal(path: Path, end: End) -> None:
    """Say in the journal of a run how it was lost, unless it had ended by itself. Nothing when it can't be written."""
    what, reason, sentence = _LOST[end]
    try:
        if any(isinstance(event, RunEnded) for event in read(path)):
            return
        with Journal.reopen(path) as journal:
            journal.append(Failure(outcome=what, reason=reason, sentence=sentence))  # type: ignore[arg-type]
            journal.append(RunEnded(at=datetime.now(UTC).isoformat(timespec="milliseconds"), reason=what))
    except (JournalError, OSError):
        return  # recorded as interrupted then, which is what a journal without an end says
