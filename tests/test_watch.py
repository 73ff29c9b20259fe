"""Every planned time becomes one row, whatever happens: a machine that was off, kill -9, a jumping clock."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tohuman.results.events import Failure, Finding, ProbeKey, RunEnded, RunStarted
from tohuman.results.ids import journal_path, new_run_id
from tohuman.results.journal import Journal
from tohuman.results.store import Store
from tohuman.runners import watch as watching
from tohuman.runners.errors import AddressRefused, BrowserMissing, DataUnusable, TohumanError
from tohuman.runners.schedule import Plan, load_plan
from tohuman.runners.watch import Watcher, alone

HEAN = "hean/help/web/naive/general/zh-CN"
HARBOR = "harborlight/help/web/naive/general/en"
WECHAT = "wechat/help/web/naive/general/zh-CN"
LIFTED = frozenset({"hean", "harborlight"})
BEGIN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class World:
    """A data directory, a plan, a clock that is moved by hand, and runs that are journals written at once."""

    def __init__(
        self, tmp_path: Path, when: str = 'at = ["09:30", "15:00"]', probes: tuple[str, ...] = (HEAN,)
    ) -> None:
        self.data = tmp_path / "data"
        self.data.mkdir(exist_ok=True)
        self.file = tmp_path / "tohuman.toml"
        self.moment = BEGIN
        self.ran: list[str] = []
        self.fails: TohumanError | None = None
        self.write('at = ["09:30", "15:00"]', probes)

    def write(self, when: str, probes: tuple[str, ...] = (HEAN,)) -> None:
        listed = ", ".join(f'"{probe}"' for probe in probes)
        self.file.write_text(f"[watch]\n{when}\nprobes = [{listed}]\n", encoding="utf-8")

    @property
    def plan(self) -> Plan:
        return load_plan(self.file, LIFTED)

    async def run_one(self, key: ProbeKey, due: str) -> Path:
        if self.fails is not None:
            raise self.fails
        self.ran.append(f"{key.platform} {due[:16]}")
        return a_run(self.data, key, due, at=self.moment)

    def watcher(self) -> Watcher:
        return Watcher(self.data, self.plan, self.run_one, now=lambda: self.moment, lifted=LIFTED)

    def tick(self, watcher: Watcher | None = None) -> list[str]:
        """What became of what was due, by a fresh watcher (as after a restart) unless one is given."""
        happened = asyncio.run((watcher or self.watcher()).tick())
        return [f"{one.due_at:%d %H:%M} {one.outcome} {one.reason}".rstrip() for one in happened]

    def rows(self) -> list[tuple[str, str, str]]:
        with Store.open(self.data) as store:
            return [(row["due_at"][8:16].replace("T", " "), row["outcome"], row["reason"]) for row in store.due()]

    def to(self, day: int, clock: str) -> World:
        hours, minutes = clock.split(":")
        self.moment = BEGIN.replace(day=day, hour=int(hours), minute=int(minutes))
        return self


def a_run(data: Path, key: ProbeKey, due: str, at: datetime, ended: bool = True) -> Path:
    run_id = new_run_id(key.platform, at)
    stamp = at.isoformat()
    started = RunStarted(run_id=run_id, at=stamp, probe=key, start_url="http://127.0.0.1/", setting={"due": due})
    with Journal.create(journal_path(data, run_id), started) as journal:
        if ended:
            journal.append(Finding(finding="wall", outcome="dead_end"))
            journal.append(RunEnded(at=stamp))
        return journal.path


def test_times_are_planned_ahead_run_when_due_and_only_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert world.tick() == []
    assert world.rows()[0] == ("22 09:30", "planned", "")
    assert world.to(22, "09:30").tick() == ["22 09:30 run dead_end"]
    assert world.to(22, "09:31").tick() == []
    assert world.to(22, "15:20").tick() == ["22 15:00 run dead_end"]
    assert world.ran == ["hean 2026-11-22T09:30", "hean 2026-11-22T15:00"]
    assert [row for row in world.rows() if row[1] != "planned"] == [("22 09:30", "run", ""), ("22 15:00", "run", "")]


def test_a_machine_that_was_off_leaves_a_row_for_every_time_it_missed(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tick()
    happened = world.to(26, "15:30").tick()
    assert happened[:3] == ["22 09:30 missed machine_off", "22 15:00 missed machine_off", "23 09:30 missed machine_off"]
    assert happened[-2:] == ["26 09:30 missed machine_off", "26 15:00 run dead_end"]
    assert len(happened) == 10
    with Store.open(world.data) as store:
        missed = store.runs(outcome="missed")
    assert len(missed) == 9
    assert missed[0]["why"] or missed[0]["sentence_key"]


def test_nothing_before_the_first_start_is_missed(tmp_path: Path) -> None:
    world = World(tmp_path).to(22, "16:00")
    assert world.tick() == []
    assert [row[0] for row in world.rows()] == ["23 09:30", "23 15:00", "24 09:30", "24 15:00"]


def test_a_changed_plan_leaves_no_old_time_behind_and_invents_none(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tick()
    world.to(22, "09:00").write('at = ["10:00"]')
    assert world.tick() == []
    assert world.to(22, "09:40").tick() == ["22 09:30 not_attempted plan_changed"]
    assert world.to(22, "10:05").tick() == ["22 10:00 run dead_end"]
    world.write('at = ["10:00"]', (HARBOR,))
    assert world.to(22, "15:05").tick() == ["22 15:00 not_attempted not_in_plan"]


@pytest.mark.parametrize(
    ("error", "row"),
    [
        (AddressRefused("Not on this machine"), "not_attempted address"),
        (BrowserMissing("No browser"), "missed no_browser"),
        (TohumanError("A worker ended"), "missed not_begun"),
    ],
)
def test_a_run_that_could_not_begin_is_a_row_with_its_reason(tmp_path: Path, error: TohumanError, row: str) -> None:
    world = World(tmp_path)
    world.tick()
    world.fails = error
    assert world.to(22, "09:30").tick() == [f"22 09:30 {row}"]
    with Store.open(world.data) as store:
        assert str(error) in str([e.sentence for e in _failures(store.runs()[0]["journal"])])


def _failures(journal: Path) -> list[Failure]:
    from tohuman.results.journal import read

    return [event for event in read(journal) if isinstance(event, Failure)]


def test_a_stop_file_halts_everything(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tick()
    (world.data / watching.STOP_FILE).touch()
    assert world.to(22, "09:30").tick() == ["22 09:30 not_attempted stop_file"]
    (world.data / watching.STOP_FILE).unlink()
    assert world.to(22, "15:00").tick() == ["22 15:00 run dead_end"]


def test_a_live_probe_rests_four_hours_whoever_ran_it(tmp_path: Path) -> None:
    world = World(tmp_path, probes=(WECHAT, HEAN))
    world.tick()
    key = world.plan.timings[0].key
    a_run(world.data, key, "", at=BEGIN.replace(hour=7))
    assert world.to(22, "09:30").tick() == ["22 09:30 run dead_end", "22 09:30 not_attempted floor"]
    assert world.ran == ["hean 2026-11-22T09:30"]
    assert world.to(22, "15:00").tick() == ["22 15:00 run dead_end", "22 15:00 run dead_end"]


def test_a_restart_between_due_and_done_neither_forgets_nor_repeats(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tick()

    async def dies(key: ProbeKey, due: str) -> Path:
        a_run(world.data, key, due, at=world.moment, ended=False)
        raise KeyboardInterrupt

    dying = world.to(22, "09:30").watcher()
    dying.run_one = dies
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(dying.tick())
    assert world.tick() == []
    assert world.rows()[0] == ("22 09:30", "run", "")
    with Store.open(world.data) as store:
        assert [row["outcome"] for row in store.runs()] == ["interrupted"]


KILLED = """
import asyncio, sys
from datetime import datetime, timedelta, UTC
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.test_watch import World, a_run
from tohuman.results.journal import Journal
world = World(Path(sys.argv[1]))
world.to(22, "09:30")
async def hangs(key, due):
    from tohuman.results.events import RunStarted
    from tohuman.results.ids import journal_path, new_run_id
    run_id = new_run_id(key.platform, world.moment)
    started = RunStarted(run_id=run_id, at=world.moment.isoformat(), probe=key, start_url="", setting={"due": due})
    held = Journal.create(journal_path(world.data, run_id), started)
    print("running", flush=True)
    await asyncio.sleep(600)
watcher = world.watcher()
watcher.run_one = hangs
asyncio.run(watcher.run(asyncio.Event()))
"""


def test_kill_9_in_the_middle_of_a_run_leaves_it_interrupted_and_the_plan_whole(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tick()
    root = str(Path(__file__).resolve().parent.parent)
    killed = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), root], stdout=subprocess.PIPE, text=True
    )
    try:
        assert killed.stdout is not None
        assert killed.stdout.readline().strip() == "running"
        assert world.to(22, "09:31").tick() == [], "a run that is going on is not begun again"
    finally:
        killed.kill()
        killed.wait(10)
    assert world.to(22, "09:32").tick() == []
    assert world.rows()[0] == ("22 09:30", "run", "")
    with Store.open(world.data) as store:
        assert [row["outcome"] for row in store.runs()] == ["interrupted"]
    assert world.to(22, "15:00").tick() == ["22 15:00 run dead_end"]


def run_until(world: World, done: Callable[[], bool], move: Callable[[], None] = lambda: None) -> None:
    """The real clock library over the hand-moved clock, until `done`; at most ten seconds."""

    async def go() -> None:
        stopped = asyncio.Event()
        watcher = world.watcher()
        running = asyncio.create_task(watcher.run(stopped))
        end = time.monotonic() + 10
        move()
        while not done() and time.monotonic() < end:
            await asyncio.sleep(0.02)
        stopped.set()
        await asyncio.wait_for(running, 10)

    asyncio.run(go())


def test_the_clock_wakes_at_each_due_time_and_every_one_of_many_at_once_is_run(tmp_path: Path) -> None:
    world = World(tmp_path, probes=(HEAN, HARBOR))
    world.tick()
    world.to(22, "09:29")
    offset = (BEGIN.replace(hour=9, minute=30) - timedelta(seconds=1)) - datetime.now(UTC)
    run: Callable[[], datetime] = lambda: datetime.now(UTC) + offset  # noqa: E731
    ran: list[str] = []

    async def go() -> None:
        stopped = asyncio.Event()

        async def one(key: ProbeKey, due: str) -> Path:
            ran.append(key.platform)
            if len(ran) == 2:
                stopped.set()
            return a_run(world.data, key, due, at=run())

        watcher = Watcher(world.data, world.plan, one, now=run, lifted=LIFTED)
        await asyncio.wait_for(watcher.run(stopped), 15)

    asyncio.run(go())
    assert sorted(ran) == ["harborlight", "hean"]


def test_stopping_ends_the_run_that_is_going_on_and_begins_no_other(tmp_path: Path) -> None:
    world = World(tmp_path, probes=(HEAN, HARBOR))
    world.tick()
    world.to(22, "09:30")
    began: list[str] = []

    async def go() -> None:
        stopped = asyncio.Event()

        async def long(key: ProbeKey, due: str) -> Path:
            began.append(key.platform)
            stopped.set()
            await asyncio.Event().wait()
            raise AssertionError

        watcher = world.watcher()
        watcher.run_one = long
        await asyncio.wait_for(watcher.run(stopped), 10)

    asyncio.run(go())
    assert len(began) == 1
    assert [row for row in world.rows() if row[0] == "22 09:30"] == [("22 09:30", "planned", "")] * 2


def test_the_heartbeat_notices_a_clock_that_jumped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "HEARTBEAT_SECONDS", 0.1)
    world = World(tmp_path)
    world.tick()

    def jump() -> None:
        world.to(22, "09:30")

    run_until(world, lambda: bool(world.ran), jump)
    assert world.ran == ["hean 2026-11-22T09:30"]


def test_two_watchers_do_not_share_a_data_directory(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(DataUnusable, match="Another tohuman watch"), alone(tmp_path):
        raise AssertionError
    with alone(tmp_path):
        pass


def test_a_damaged_note_of_the_plan_is_begun_anew(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tick()
    (world.data / "watch" / "plan.json").write_text("{torn")
    assert world.to(22, "09:30").tick() == ["22 09:30 run dead_end"]
