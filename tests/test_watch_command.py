"""`tohuman watch` as it is used: a practice platform run on time in a worker, and killed in the middle of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tohuman.runners.schedule import load_plan
from tohuman.runners.watch import _spec

PROBE = "hean/help/web/naive/general/zh-CN"
COMMAND = [sys.executable, "-c", "from tohuman.runners.cli import main; main()", "watch"]


def world(tmp_path: Path) -> list[str]:
    """A plan whose time was two minutes ago, known since the day before: one time missed, one due now."""
    due = datetime.now(UTC) - timedelta(minutes=2)
    plan = tmp_path / "tohuman.toml"
    plan.write_text(f'[watch]\nprobes = ["{PROBE}"]\nat = ["{due:%H:%M}"]\n', encoding="utf-8")
    (timing,) = load_plan(plan, frozenset({"hean"})).timings
    since = (due - timedelta(days=1, hours=1)).isoformat(timespec="seconds")
    (tmp_path / "data" / "watch").mkdir(parents=True)
    (tmp_path / "data" / "watch" / "plan.json").write_text(
        json.dumps({PROBE: {"times": _spec(timing), "since": since}})
    )
    return ["--plan", str(plan), "--data", str(tmp_path / "data")]


def listed(arguments: list[str]) -> list[tuple[str, str]]:
    told = subprocess.run([*COMMAND, "--list", "--json", *arguments], capture_output=True, check=True, timeout=60)
    rows: list[dict[str, Any]] = json.loads(told.stdout)
    return [(row["outcome"], row["reason"]) for row in rows if row["outcome"] != "planned"]


def test_what_is_due_is_run_and_what_was_missed_is_a_row(tmp_path: Path) -> None:
    arguments = world(tmp_path)
    done = subprocess.run([*COMMAND, "--once", *arguments], capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    assert listed(arguments) == [("missed", "machine_off"), ("run", "")]
    again = subprocess.run([*COMMAND, "--once", *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert again.stdout == ""
    assert listed(arguments) == [("missed", "machine_off"), ("run", "")]


def test_killed_in_the_middle_of_a_run_it_neither_repeats_nor_forgets_it(tmp_path: Path) -> None:
    arguments = world(tmp_path)
    killed = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    runs = tmp_path / "data" / "runs"
    try:
        end = time.monotonic() + 90
        while not [journal for journal in runs.glob("*-hean-*/journal.jsonl") if _going_on(journal)]:
            assert killed.poll() is None, "it ended by itself"
            assert time.monotonic() < end, "no run began"
            time.sleep(0.05)
    finally:
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait(10)
    for _ in range(2):
        done = subprocess.run(
            [*COMMAND, "--once", *arguments], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
    assert [outcome for outcome, _ in listed(arguments)] == ["missed", "run"]
    walked = [
        journal for journal in runs.glob("*-hean-*/journal.jsonl") if '"missed"' not in journal.read_text("utf-8")
    ]
    assert len(walked) == 1


def _going_on(journal: Path) -> bool:
    text = journal.read_text("utf-8")
    return '"missed"' not in text and text.count("\n") >= 2
