"""Runs a plan on time. APScheduler is only the clock that wakes; what is due and what became of it is in the store.

A planned time is one row from the moment it is known until it is run, missed or not attempted, whatever happens to this
process in between: a run carries its planned time in its journal, so a restart neither forgets nor repeats it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from tohuman.results.events import ProbeKey
from tohuman.results.ids import runs_dir
from tohuman.results.journal import JournalError
from tohuman.results.lock import RunLock, is_alive
from tohuman.results.rows import probe_id
from tohuman.results.store import Store
from tohuman.runners.errors import DataUnusable, TohumanError
from tohuman.runners.exits import Exit
from tohuman.runners.schedule import FLOOR, Plan, Timing

Clock = Callable[[], datetime]
NotRun = Literal["missed", "not_attempted"]
#: Makes one run for a planned time and returns its journal. Raises TohumanError when none began.
RunOne = Callable[[ProbeKey, str], Awaitable[Path]]
#: How far ahead planned times are written down.
HORIZON = timedelta(days=2)
#: The clock of the machine may jump (sleep, a set clock): looked at this often at least.
HEARTBEAT_SECONDS = 60
#: A file of this name in the data directory halts everything.
STOP_FILE = "STOP"


@dataclass(frozen=True)
class Happened:
    """What became of one planned time."""

    probe: ProbeKey
    due_at: datetime
    outcome: Literal["run", "missed", "not_attempted"]
    reason: str
    run_id: str


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextlib.contextmanager
def alone(data: Path) -> Any:
    """One watcher per data directory; DataUnusable when there is another."""
    folder = data / "watch"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = RunLock(folder)
    except OSError as error:
        do = "stop the other one, or name another with --data"
        raise DataUnusable("Another tohuman watch runs on this data directory", where=str(data), do=do) from error
    try:
        yield
    finally:
        lock.release()


class Watcher:
    """A plan, the store, a clock, and the one function that makes a run. `lifted`: platforms without the floor."""

    def __init__(
        self,
        data: Path,
        plan: Plan,
        run_one: RunOne,
        *,
        now: Clock = utc_now,
        vantage: str = "unset",
        lifted: frozenset[str] = frozenset(),
        told: Callable[[Happened], None] = lambda happened: None,
    ) -> None:
        self.data, self.plan, self.run_one = data, plan, run_one
        self.now, self.vantage, self.lifted, self.told = now, vantage, lifted, told
        self.stopping = False
        self._since = self._begun()

    # ---- what is planned

    def _key(self, timing: Timing) -> ProbeKey:
        return timing.key.model_copy(update={"vantage": self.vantage})

    def _begun(self) -> dict[str, datetime]:
        """Since when each probe's times are what they are: times before that were planned otherwise, or not at all."""
        path = self.data / "watch" / "plan.json"
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = {}
        moment = self.now()
        kept: dict[str, dict[str, str]] = {}
        for timing in self.plan.timings:
            before = known.get(timing.probe) if isinstance(known, dict) else None
            same = isinstance(before, dict) and before.get("times") == _spec(timing)
            since = str(before["since"]) if same and before else moment.isoformat(timespec="seconds")
            kept[timing.probe] = {"times": _spec(timing), "since": since}
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".new")
        scratch.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(scratch, path)
        return {probe: datetime.fromisoformat(entry["since"]) for probe, entry in kept.items()}

    def write_down(self, store: Store) -> None:
        """Every planned time up to the horizon as a row: also those that passed while nothing ran."""
        moment = self.now()
        for timing in self.plan.timings:
            key = self._key(timing)
            settled = [
                datetime.fromisoformat(row["due_at"])
                for row in store.due(platform=key.platform)
                if row["probe"] == key and row["outcome"] != "planned"
            ]
            after = max([self._since[timing.probe], *settled])
            times = [due.isoformat(timespec="seconds") for due in timing.due(after, moment + HORIZON)]
            if times:
                store.plan(key, times)

    def next_due(self, store: Store) -> datetime | None:
        """The earliest planned time that is still open."""
        times = [datetime.fromisoformat(row["due_at"]) for row in store.due(outcome="planned")]
        return min(times, default=None)

    # ---- what becomes of it

    async def tick(self) -> list[Happened]:
        """Deals with everything that is due now, one run after the other, oldest first; returns what became of it."""
        happened: list[Happened] = []
        with Store.open(self.data) as store:
            self.write_down(store)
            open_rows = store.due(before=self.now().isoformat(), outcome="planned")
        for row in open_rows:
            if self.stopping:
                break
            done = await self._settle(row["probe"], datetime.fromisoformat(row["due_at"]))
            if done is not None:
                happened.append(done)
                self.told(done)
        return happened

    async def _settle(self, key: ProbeKey, due: datetime) -> Happened | None:
        with Store.open(self.data) as store:
            if self._going_on(store, key, due):
                return None
            withheld = self._withheld(store, key, due)
            if withheld is not None:
                return self._not_run(store, key, due, *withheld)
        try:
            journal = await self.run_one(key, due.isoformat(timespec="seconds"))
        except TohumanError as error:
            # Withheld by a rule, or this machine could not: either way nothing of the platform was measured.
            refused = error.exit is Exit.REFUSED
            outcome: NotRun = "not_attempted" if refused else "missed"
            reason = "address" if refused else "no_browser" if error.exit is Exit.NO_BROWSER else "not_begun"
            with Store.open(self.data) as store:
                return self._not_run(store, key, due, outcome, reason, str(error))
        with Store.open(self.data) as store:
            run = store.ingest(journal)
        return Happened(key, due, "run", run.measures.outcome if run.measures else "", run.run_id)

    def _going_on(self, store: Store, key: ProbeKey, due: datetime) -> bool:
        """A run of this time that is alive, since its worker outlived the watcher that began it: taken in as it is."""
        at = due.isoformat(timespec="seconds")
        found = False
        for folder in runs_dir(self.data).glob("*/"):
            # An id begins with its time of start, which is not before the time it was due.
            if folder.name[:15] < f"{due:%Y%m%dt%H%M%S}" or not is_alive(folder):
                continue
            with contextlib.suppress(JournalError):
                run = store.ingest(folder / "journal.jsonl")
                found = found or (run.due == at and run.tables["probes"][0]["id"] == probe_id(key))
        return found

    def _withheld(self, store: Store, key: ProbeKey, due: datetime) -> tuple[NotRun, str, str] | None:
        """(outcome, reason, sentence) when this time is not to be run now."""
        moment = self.now()
        timing = next((timing for timing in self.plan.timings if self._key(timing) == key), None)
        if moment - due > self.plan.late:
            return "missed", "machine_off", "Nothing ran at that time, and it is too late now."
        if timing is None:
            return "not_attempted", "not_in_plan", "The probe is no longer in the plan."
        if due >= self._since[timing.probe] and due not in timing.due(due - timedelta(seconds=1), due):
            return "not_attempted", "plan_changed", "The plan has other times for this probe now."
        if (self.data / STOP_FILE).exists():
            return "not_attempted", "stop_file", "A stop file halts everything."
        if key.platform not in self.lifted and self._ran_lately(store, key, moment):
            return "not_attempted", "floor", f"The probe ran less than {FLOOR} ago."
        return None

    def _ran_lately(self, store: Store, key: ProbeKey, moment: datetime) -> bool:
        since = (moment - FLOOR).isoformat()
        parts = {name: getattr(key, name) for name in ("start", "surface", "policy", "scenario", "locale", "vantage")}
        rows = store.runs(platform=key.platform, since=since, **parts)
        return any(row["outcome"] not in ("missed", "not_attempted") for row in rows)

    def _not_run(self, store: Store, key: ProbeKey, due: datetime, outcome: NotRun, reason: str, why: str) -> Happened:
        at = due.isoformat(timespec="seconds")
        now = self.now().isoformat(timespec="seconds")
        simulated = key.platform in self.lifted
        run_id = store.record_not_run(key, outcome, reason, at, sentence=why, simulated=simulated, at=now)
        return Happened(key, due, outcome, reason, run_id)

    # ---- the clock

    async def run(self, stopped: asyncio.Event) -> None:
        """Until `stopped`: woken at each planned time, by a heartbeat, and by anything the clock library lets slip."""
        from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        woken = asyncio.Event()
        # Measured: its defaults drop a job that is a second late. Whatever it does, the rows are in our store.
        settings = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        clock = AsyncIOScheduler(timezone=UTC, job_defaults=settings)
        clock.add_listener(lambda event: woken.set(), EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES)
        clock.add_job(_wake, "interval", seconds=HEARTBEAT_SECONDS, args=[woken], id="heartbeat")
        clock.start()
        try:
            while not stopped.is_set():
                woken.clear()
                await self._unless(stopped, self.tick())
                with Store.open(self.data, sweep=False) as store:
                    due = self.next_due(store)
                if due is not None:
                    # Our clock may be another than the machine's: what counts is how far off the time is.
                    at = utc_now() + max(due - self.now(), timedelta())
                    clock.add_job(_wake, "date", run_date=at, args=[woken], id="next", replace_existing=True)
                await self._unless(stopped, woken.wait())
        finally:
            clock.shutdown(wait=False)

    async def _unless(self, stopped: asyncio.Event, work: Awaitable[Any]) -> None:
        """Waits for `work`, or until stopped: then the run that is going on ends as it can, and nothing new begins."""
        doing = asyncio.ensure_future(work)
        ending = asyncio.ensure_future(stopped.wait())
        await asyncio.wait({doing, ending}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            self.stopping = True
            doing.cancel()
        ending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await doing


async def _wake(woken: asyncio.Event) -> None:
    woken.set()


def _spec(timing: Timing) -> str:
    every = f"every {int(timing.every.total_seconds())}s" if timing.every else ""
    return " ".join([*(clock.strftime("%H:%M") for clock in timing.at), every, str(timing.zone)]).strip()
