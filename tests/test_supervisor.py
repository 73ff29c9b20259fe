"""The supervisor against workers that die, hang, lie and leave children: every order ends, none harms another.

The workers here have no browser (worker_that_fails.py); a real one is killed in test_crash_run.py.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tohuman.results.events import Budget
from tohuman.results.store import Store
from tohuman.runners import processes, supervisor, workers
from tohuman.runners.errors import BrowserMissing
from tohuman.runners.exits import Exit
from tohuman.runners.order import Order
from tohuman.runners.supervisor import Outcome, run_orders

SHORT = Budget(seconds=0.2, queue_seconds=0.2)


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Workers that fail, short limits, and a folder for temporary things in which nothing may be left."""
    here = Path(tempfile.mkdtemp(prefix="th"))
    monkeypatch.setattr(tempfile, "tempdir", str(here))
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, str(Path(__file__).with_name("worker_that_fails.py"))))
    monkeypatch.setattr(supervisor, "GRACE", replace(supervisor.GRACE, seconds=0.5))
    monkeypatch.setattr(supervisor, "SILENT", replace(supervisor.SILENT, seconds=4.0))
    yield here
    assert processes.marked(str(here)) == []
    assert os.listdir(here) == []
    here.rmdir()


def order(platform: str, host: str = "", budget: Budget | None = None) -> Order:
    more = {} if budget is None else {"budget": budget}
    return Order(platform=platform, url=f"http://{host or platform}.localhost:1/", **more)


def carry_out(data: Path, *platforms: str, jobs: int = 1, budget: Budget | None = None) -> list[Outcome]:
    """`budget` is the first order's; the others have the usual one."""
    orders = [order(platform, f"h{n}", None if n else budget) for n, platform in enumerate(platforms)]
    return asyncio.run(run_orders(orders, data, jobs))


def told(outcomes: list[Outcome]) -> list[str]:
    return [str(one.measures.outcome) if one.measures else f"no run: {one.error}" for one in outcomes]


def stored(data: Path) -> list[str]:
    with Store.open(data) as store:
        return sorted(str(row["outcome"]) for row in store.runs())


def begun(data: Path) -> int:
    """How many workers were started."""
    return len((data / "workers.txt").read_text("utf-8").split())


def test_orders_are_carried_out_by_one_worker(tmp_path: Path) -> None:
    assert told(carry_out(tmp_path, "one", "two", "three")) == ["dead_end"] * 3
    assert begun(tmp_path) == 1
    assert stored(tmp_path) == ["dead_end"] * 3


def test_a_worker_that_dies_in_a_run_is_replaced_and_the_run_is_interrupted(tmp_path: Path) -> None:
    outcomes = carry_out(tmp_path, "one", "dies", "two")
    assert told(outcomes) == ["dead_end", "interrupted", "dead_end"]
    assert outcomes[1].measures is not None
    assert outcomes[1].measures.why == "The worker process ended during the run."
    assert begun(tmp_path) == 2
    assert stored(tmp_path) == ["dead_end", "dead_end", "interrupted"]


def test_a_worker_that_dies_before_the_run_costs_the_order_nothing(tmp_path: Path) -> None:
    assert told(carry_out(tmp_path, "dies-early-once", "one")) == ["dead_end", "dead_end"]
    assert begun(tmp_path) == 2


def test_an_order_that_kills_every_worker_is_given_up_and_the_rest_carried_out(tmp_path: Path) -> None:
    first, second = carry_out(tmp_path, "dies-early", "one")
    assert first.run_id == ""
    assert "without beginning the run" in str(first.error)
    assert told([second]) == ["dead_end"]


def test_a_run_beyond_its_budget_is_stopped(tmp_path: Path) -> None:
    outcomes = carry_out(tmp_path, "overdue", "one", budget=SHORT)
    assert told(outcomes) == ["error", "dead_end"]
    assert outcomes[0].measures is not None
    assert outcomes[0].measures.why == "The run did not end within its budget and its worker was stopped."


def test_a_worker_that_gives_no_sign_of_life_is_stopped_long_before_the_budget(tmp_path: Path) -> None:
    outcomes = carry_out(tmp_path, "silent", "one")
    assert told(outcomes) == ["error", "dead_end"]
    assert outcomes[0].measures is not None
    assert outcomes[0].measures.why == "The worker process gave no sign of life and was stopped."


def test_noise_on_a_workers_output_is_no_answer(tmp_path: Path) -> None:
    assert told(carry_out(tmp_path, "noisy", "one")) == ["dead_end", "dead_end"]
    assert begun(tmp_path) == 1


def test_a_worker_whose_browser_is_spoilt_is_replaced(tmp_path: Path) -> None:
    assert told(carry_out(tmp_path, "retires", "one")) == ["dead_end", "dead_end"]
    assert begun(tmp_path) == 2


def test_children_in_a_process_group_of_their_own_are_ended_too(tmp_path: Path, place: Path) -> None:
    assert told(carry_out(tmp_path, "leaves-children")) == ["dead_end"]
    assert processes.marked(str(place)) == []


def test_a_refused_order_keeps_its_exit_code(tmp_path: Path) -> None:
    (outcome,) = carry_out(tmp_path, "refused")
    assert outcome.error is not None
    assert outcome.error.exit == Exit.REFUSED
    assert stored(tmp_path) == []


def test_without_a_browser_no_third_worker_is_tried(tmp_path: Path) -> None:
    (tmp_path / "no-browser").touch()
    outcomes = carry_out(tmp_path, "one", "two", "three", "four")
    assert [type(one.error) for one in outcomes] == [BrowserMissing] * 4
    assert begun(tmp_path) == 2


def test_a_worker_that_never_gets_ready_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "never-ready").touch()
    monkeypatch.setattr(workers, "STARTED", replace(workers.STARTED, seconds=0.4))
    (outcome,) = carry_out(tmp_path, "one")
    assert "did not get ready in time" in str(outcome.error)


def test_two_at_a_time_but_never_on_one_host(tmp_path: Path) -> None:
    at_work: dict[str, int] = {}
    most: list[int] = []
    orders = [order(f"p{number}", host) for number, host in enumerate(["a", "a", "b", "a", "b"])]

    @asynccontextmanager
    async def attended(index: int, outcome: Outcome) -> AsyncIterator[None]:
        host = orders[index].url
        assert at_work.get(host, 0) == 0
        at_work[host] = 1
        most.append(sum(at_work.values()))
        yield
        assert outcome.measures is not None
        at_work[host] = 0

    outcomes = asyncio.run(run_orders(orders, tmp_path, 2, attend=attended))
    assert told(outcomes) == ["dead_end"] * 5
    assert max(most) == 2


def test_stopped_from_outside_nothing_is_left(tmp_path: Path, place: Path) -> None:
    async def stop_soon() -> None:
        started = asyncio.Event()
        work = asyncio.create_task(run_orders([order("silent")], tmp_path, on_progress=lambda *_: started.set()))
        await started.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(stop_soon())
    assert processes.marked(str(place)) == []
    assert stored(tmp_path) == ["interrupted"]


def test_what_a_killed_supervisor_left_is_cleaned_up(place: Path) -> None:
    folder = place / f"{workers.PREFIX}dead"
    folder.mkdir()
    (folder / "lock").touch()
    os.utime(folder, (0, 0))
    workers.sweep()
    assert not folder.exists()
