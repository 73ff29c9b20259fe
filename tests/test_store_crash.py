"""kill -9 at random moments: journals open, what died is `interrupted` after the next opening, no other is harmed."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tohuman.results.events import Finding, Gesture, Message, ProbeKey, RunEnded, RunStarted
from tohuman.results.ids import journal_path, new_run_id
from tohuman.results.journal import Journal, load
from tohuman.results.measures import measure
from tohuman.results.store import Store

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
ROUNDS = 20


def make_runs(data: Path) -> None:
    """Run after run, each journalled and taken into the store, until somebody kills us."""
    while True:
        run_id = new_run_id("mill")
        started = RunStarted(run_id=run_id, at="2026-01-01T00:00:00Z", probe=ProbeKey(platform="mill"), start_url="")
        with Journal.create(journal_path(data, run_id), started) as journal:
            for number in range(12):
                press = journal.append(Gesture(gesture="pointer", place="log", label="转人工", posted=True))
                journal.append(Message(id=f"m{number}", author="consumer", text="转人工", gesture=press))
                journal.append(Message(id=f"b{number}", author="bot", text="请稍候 " * 200))
            journal.append(Finding(finding="offered"))
            journal.append(RunEnded(at="2026-01-01T00:01:00Z"))
        with Store.open(data, sweep=False) as store:
            store.ingest(journal.path)


def opened_and_closed(data: Path) -> None:
    Store.open(data).close()


def in_child(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
    return child


def test_killed_at_twenty_random_points(tmp_path: Path) -> None:
    chance = random.Random(20260301)
    kept: dict[str, tuple[object, ...]] = {}
    died = 0
    for _ in range(ROUNDS):
        child = in_child(lambda: make_runs(tmp_path))
        time.sleep(chance.uniform(0.0, 0.25))  # the moment of the kill, not a wait for something
        os.kill(child, signal.SIGKILL)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL, "the child failed before it was killed"

        with Store.open(tmp_path) as store:
            rows: dict[str, tuple[object, ...]] = {
                row["run_id"]: (row["state"], row["outcome"], row["turns"]) for row in store.runs()
            }
            assert store.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            store.db.execute("INSERT INTO messages_fts (messages_fts) VALUES ('integrity-check')")
            store.db.conn.rollback()
        journals = {path.parent.name: load(path) for path in tmp_path.glob("runs/*/journal.jsonl")}
        assert set(rows) == set(journals)
        for run_id, loaded in journals.items():
            measures = measure(loaded.events)
            ended = bool(loaded.events) and isinstance(loaded.events[-1], RunEnded)
            assert rows[run_id] == ("ended" if ended else "interrupted", measures.outcome, measures.turns)
        assert kept.items() <= rows.items()
        new = [run_id for run_id in rows.keys() - kept.keys() if rows[run_id][0] == "interrupted"]
        assert len(new) <= 1
        died += len(new)
        kept = rows
    assert died > 0, "no kill ever met a run: the test says nothing"
    assert len(kept) > ROUNDS, "hardly a run ever ended: the test says little"


def test_processes_that_open_a_new_store_together_all_get_it(tmp_path: Path) -> None:
    for round_ in range(5):
        data = tmp_path / str(round_)
        children = [in_child(partial(opened_and_closed, data)) for _ in range(4)]
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0, 0]
        with Store.open(data) as store:
            assert store.runs() == []


def test_processes_that_take_in_together_lose_nothing(tmp_path: Path) -> None:
    def work() -> None:
        for _ in range(5):
            run_id = new_run_id("mill")
            started = RunStarted(run_id=run_id, at="", probe=ProbeKey(platform="mill"), start_url="")
            with Journal.create(journal_path(tmp_path, run_id), started) as journal:
                journal.append(RunEnded(at=""))
            with Store.open(tmp_path) as store:
                store.ingest(journal.path)

    children = [in_child(work) for _ in range(4)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0, 0]
    with Store.open(tmp_path, sweep=False) as store:
        assert len(store.runs()) == 20
