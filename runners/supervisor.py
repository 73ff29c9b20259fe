"""The supervisor: hands orders to worker processes, kills one that is overdue, replaces one that died, loses no run.

Every order ends as a journal in the store: measured, or as what went wrong. It opens no browser and reads no page.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tohuman.results.ids import journal_path
from tohuman.results.journal import read
from tohuman.results.measures import Measures, measure
from tohuman.results.store import Store

from .errors import BrowserMissing, TohumanError
from .exits import Exit
from .order import Order
from .worker import RECYCLE

#: (order index, what happened, run id or ''): begun, event, done, lost, refused.
Progress = Callable[[int, str, str], None]
#: Seconds for a worker to start its browser.
START = 60.0
#: Seconds on top of a run's own budgets before its worker is killed.
GRACE = 60.0


class Refused(TohumanError):
    """An order that was not begun: the worker's sentence and exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.exit = Exit(code)


@dataclass
class Outcome:
    """What became of one order: its run id and measures, or the error that kept it from beginning."""

    order: Order
    run_id: str = ""
    measures: Measures | None = None
    error: TohumanError | None = None


class Worker:
    """One worker process and the pipe to it."""

    def __init__(self, data: Path, headless: bool) -> None:
        self.data, self.headless = data, headless
        self.process: asyncio.subprocess.Process | None = None
        self.runs = 0

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tohuman.runners.worker", str(self.data), *([] if self.headless else ["--headed"]),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            limit=4 * 1024 * 1024, start_new_session=True,
        )  # fmt: skip
        answer = await asyncio.wait_for(self.hear(), START)
        if "refused" in answer:
            raise (
                BrowserMissing(str(answer["refused"]).rstrip("."))
                if answer.get("exit") == Exit.NO_BROWSER
                else Refused(str(answer["refused"]), int(answer.get("exit", 1)))
            )
        if not answer:
            raise TohumanError("A worker process ended before it was ready", do="run: tohuman doctor")

    async def hear(self) -> dict[str, object]:
        """The next line, {} when the worker is gone."""
        assert self.process is not None
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        try:
            answer = json.loads(line) if line else {}
        except ValueError:
            return {"event": "noise"}
        return answer if isinstance(answer, dict) else {}

    async def send(self, order: Order) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(order.model_dump_json().encode() + b"\n")
        await self.process.stdin.drain()
        self.runs += 1

    async def stop(self, *, kill: bool = False) -> None:
        """End it: kindly (its input ends), or with its whole process group."""
        if self.process is None:
            return
        process, self.process = self.process, None
        if not kill and process.returncode is None:
            try:
                if process.stdin is not None:
                    process.stdin.close()
                await asyncio.wait_for(process.wait(), 8)
            except TimeoutError:
                kill = True
        if kill or process.returncode is None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            await process.wait()


async def run_orders(
    orders: Sequence[Order], data: Path, jobs: int = 1, on_progress: Progress | None = None, headless: bool = True
) -> list[Outcome]:
    """Carry out the orders, `jobs` at a time and never two at once on one host; results in the orders' order."""
    outcomes = [Outcome(order) for order in orders]
    waiting = list(range(len(orders)))
    busy: set[str] = set()
    free = asyncio.Condition()
    report: Progress = on_progress or (lambda *_: None)
    store = Store.open(data)

    async def take() -> int | None:
        async with free:
            while waiting:
                for index in waiting:
                    host = urlsplit(orders[index].url).netloc
                    if host not in busy:
                        waiting.remove(index)
                        busy.add(host)
                        return index
                await free.wait()
            return None

    async def lane() -> None:
        worker: Worker | None = None
        try:
            while (index := await take()) is not None:
                try:
                    if worker is None or worker.runs >= RECYCLE:
                        if worker is not None:
                            await worker.stop()
                        worker = Worker(data, headless)
                        await worker.start()
                    alive = await _carry_out(worker, outcomes[index], index, report)
                    if not alive:
                        await worker.stop(kill=True)
                        worker = None
                except TohumanError as error:
                    outcomes[index].error = error
                    if worker is not None:
                        await worker.stop(kill=True)
                        worker = None
                finally:
                    _settle(store, data, outcomes[index])
                    async with free:
                        busy.discard(urlsplit(orders[index].url).netloc)
                        free.notify_all()
        finally:
            if worker is not None:
                await worker.stop()

    try:
        await asyncio.gather(*(lane() for _ in range(max(1, min(jobs, len(orders))))))
    finally:
        store.close()
    return outcomes


async def _carry_out(worker: Worker, outcome: Outcome, index: int, report: Progress) -> bool:
    """One order on one worker; False when the worker is gone or had to be given up."""
    order = outcome.order
    await worker.send(order)
    limit = order.budget.seconds + order.budget.queue_seconds + GRACE
    try:
        async with asyncio.timeout(limit):
            while True:
                answer = await worker.hear()
                if not answer:
                    report(index, "lost", outcome.run_id)
                    if not outcome.run_id:
                        outcome.error = TohumanError(
                            "A worker process ended without beginning the run", where=order.url
                        )
                    return False
                if "run" in answer:
                    outcome.run_id = str(answer["run"])
                    report(index, "begun", outcome.run_id)
                elif "done" in answer:
                    report(index, "done", outcome.run_id)
                    return True
                elif "refused" in answer:
                    code = answer.get("exit", 1)
                    outcome.error = Refused(str(answer["refused"]), code if isinstance(code, int) else 1)
                    report(index, "refused", "")
                    return True
                else:
                    report(index, str(answer.get("event", "")), outcome.run_id)
    except TimeoutError:
        report(index, "lost", outcome.run_id)
        return False


def _settle(store: Store, data: Path, outcome: Outcome) -> None:
    """Put what there is of the run into the store and measure it."""
    if not outcome.run_id:
        return
    path = journal_path(data, outcome.run_id)
    store.ingest(path)
    outcome.measures = measure(read(path))
