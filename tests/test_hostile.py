"""Hostile starts, each walked once among good sites: every one ends in time, as it must, and harms no other.

`TOHUMAN_ROUNDS=25` walks them that often, each round in an order of its own, as for the exam.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hostile.server import truths
from hostile.sites import SITES
from hostile.walk import GOOD, Found, is_sentence, walk_mixed

from tohuman.runners import cli, processes
from tohuman.runners.terminal import DIRECTION

#: More at a time than processors: half of the hostile starts only wait.
JOBS = 3
ROUNDS = int(os.environ.get("TOHUMAN_ROUNDS", "1"))


@dataclass
class Walked:
    """Everything that was walked, by name and round, and what was left behind."""

    data: Path
    found: dict[str, list[Found]] = field(default_factory=dict)
    processes: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Walked]:
    asked = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    hostile = [name for name in SITES if any(params.get("hostile") == name for params in asked)]
    good = [name for name in GOOD if any(params.get("good") == name for params in asked)]
    whole = Walked(tmp_path_factory.mktemp("hostile"))
    # A place of its own for what the workers leave lying about. Short: it holds the names of sockets.
    usual, place = tempfile.tempdir, tempfile.mkdtemp(prefix="th")
    tempfile.tempdir = place
    try:
        names = hostile or ["plain"]
        for round_ in range(ROUNDS):
            for one in asyncio.run(walk_mixed(names, whole.data, good=good, jobs=JOBS, seed=round_)):
                whole.found.setdefault(one.name.split("/")[0], []).append(one)
        for left in processes.marked(place):
            told = Path(f"/proc/{left.pid}/cmdline")
            whole.processes.append(told.read_bytes()[:200].decode("utf-8", "replace") if told.exists() else str(left))
        whole.folders = os.listdir(place)
        yield whole
    finally:
        tempfile.tempdir = usual
        processes.kill(processes.marked(place))
        shutil.rmtree(place, ignore_errors=True)


def test_every_site_has_its_truth() -> None:
    assert set(truths()) == set(SITES)


@pytest.mark.parametrize("hostile", SITES)
def test_a_hostile_start_ends_as_it_must(walked: Walked, hostile: str) -> None:
    assert differing(walked.found[hostile]) == []


@pytest.mark.parametrize("good", GOOD)
def test_a_good_site_beside_them_is_measured_as_ever(walked: Walked, good: str) -> None:
    assert differing(walked.found[good]) == []


def differing(walks: list[Found]) -> list[str]:
    """What each walk of a site differs in from its truth."""
    assert len(walks) >= ROUNDS
    return [f"{one.run_id}: {one.outcome}, {one.why}: {what}" for one in walks for what in one.differences]


def test_no_process_and_no_folder_is_left(walked: Walked) -> None:
    assert walked.processes == []
    assert walked.folders == []


def test_hostile_words_reach_no_terminal(walked: Walked, capsys: pytest.CaptureFixture[str]) -> None:
    for one in (one for walks in walked.found.values() for one in walks):
        assert cli.run(["show", one.run_id, "--data", str(walked.data)]) == 0
        told = "".join(capsys.readouterr())
        assert "Clicks" in told, one.run_id
        assert not {char for char in told if (char < " " and char != "\n") or "\x7f" <= char <= "\x9f"}, one.run_id
        assert not set(told) & set(DIRECTION), one.run_id


@pytest.mark.parametrize(
    "text", ["", "Error", "Traceback (most recent call last): a b c.", "two\nlines of words here."]
)
def test_what_is_no_sentence_is_told_from_one(text: str) -> None:
    assert not is_sentence(text)
    assert is_sentence("http://127.0.0.1:1/ did not answer within 30 s.")
