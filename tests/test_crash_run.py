"""kill -9 in the middle of real runs, of everything or of the worker alone: what died is `interrupted`, nothing else is
harmed, no process lives on. Four rounds here; `TOHUMAN_ROUNDS=20` makes the twenty of `make exam`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tohuman.probes.practice import Practice, serve_in_thread
from tohuman.results.journal import load
from tohuman.results.store import Store
from tohuman.runners import processes

ROUNDS = int(os.environ.get("TOHUMAN_ROUNDS", "4"))
#: Events after which a run is killed are drawn up to this; harborlight's whole run has about thirty.
EVENTS = 24
#: What is printed when the interpreter starts the command line.
TOHUMAN = [sys.executable, "-c", "from tohuman.runners.cli import main; main()"]
PATIENCE = 90.0


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with serve_in_thread(["harborlight"]) as served:
        yield served


@pytest.fixture
def place() -> Iterator[Path]:
    """A temporary folder for all that is started here; it marks those processes."""
    here = Path(tempfile.mkdtemp(prefix="th"))
    try:
        yield here
    finally:
        processes.kill(processes.marked(str(here)))


def start(place: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*TOHUMAN, *arguments],
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"TMPDIR": str(place)},
    )


def command(place: Path, *arguments: str) -> Any:
    """What a later command prints as JSON."""
    done = subprocess.run(
        [*TOHUMAN, *arguments, "--json"], capture_output=True, env=os.environ | {"TMPDIR": str(place)}, timeout=PATIENCE
    )
    return json.loads(done.stdout)


def journals(data: Path) -> dict[str, int]:
    """Run id → lines of its journal."""
    return {path.parent.name: path.read_bytes().count(b"\n") for path in data.glob("runs/*/journal.jsonl")}


def wait_for_events(data: Path, known: set[str], events: int, child: subprocess.Popen[bytes]) -> None:
    """Until a run that was not there before has so many events, or its command has ended."""
    until = time.monotonic() + PATIENCE
    while child.poll() is None and time.monotonic() < until:
        if any(lines >= events for run, lines in journals(data).items() if run not in known):
            return
        time.sleep(0.01)
    assert child.poll() is not None, "the run did not come so far in time"


def nothing_lives(place: Path, seconds: float = 15.0) -> bool:
    """Do all processes end by themselves that were started with this temporary folder?"""
    until = time.monotonic() + seconds
    while processes.marked(str(place)):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def outcomes(data: Path) -> dict[str, str]:
    with Store.open(data) as store:
        assert store.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {str(row["run_id"]): str(row["outcome"]) for row in store.runs()}


def test_everything_killed_at_random_points(tmp_path: Path, place: Path, practice: Practice) -> None:
    chance = random.Random(20260711)
    url = practice.platforms["harborlight"].url
    recorded: dict[str, str] = {}
    for _ in range(ROUNDS):
        practice.reset("harborlight")
        known = set(journals(tmp_path))
        child = start(place, "walk", url, "--data", str(tmp_path), "--locale", "en", "--json")
        wait_for_events(tmp_path, known, chance.randint(1, EVENTS), child)
        ended = child.poll() is not None
        if not ended:
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        assert nothing_lives(place), "a worker or browser outlived its supervisor"

        listed = command(place, "runs", "--data", str(tmp_path))
        (new,) = set(journals(tmp_path)) - known
        loaded = load(tmp_path / "runs" / new / "journal.jsonl")
        assert loaded.events, "nothing could be read of the journal"
        now = outcomes(tmp_path)
        assert now[new] == ("human" if ended else "interrupted")
        assert {run: now[run] for run in recorded} == recorded, "a run of before was harmed"
        assert new in json.dumps(listed)
        recorded = now


def test_a_killed_worker_is_replaced_and_the_other_orders_are_carried_out(tmp_path: Path, place: Path) -> None:
    chance = random.Random(20260712)
    for round_ in range(ROUNDS):
        data = tmp_path / str(round_)
        child = start(place, "run", "harborlight", "fuyao", "--data", str(data), "--jobs", "1", "--json")
        wait_for_events(data, set(), chance.randint(1, EVENTS), child)
        first = min(journals(data))
        killed = [one for one in processes.descendants(child.pid) if "tohuman.runners.worker" in words(one)]
        ended = json.dumps("run_ended") in (data / "runs" / first / "journal.jsonl").read_text("utf-8")
        processes.kill(killed)
        told = json.loads(child.communicate(timeout=PATIENCE)[0])

        assert child.returncode == (0 if ended else 3)
        found = {run["platform"]: run["outcome"] for run in told}
        assert found == {"harborlight": "human" if ended else "interrupted", "fuyao": "gated"}
        assert outcomes(data) == {run["run_id"]: run["outcome"] for run in told}
        assert nothing_lives(place)


def words(process: processes.Process) -> str:
    try:
        return Path(f"/proc/{process.pid}/cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
