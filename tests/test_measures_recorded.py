"""Recorded journals measure what METHOD says they do; the expected columns were reasoned by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tohuman.results.journal import read
from tohuman.results.measures import METHOD_VERSION, Measures, measure

HERE = Path(__file__).parent / "recorded"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text("utf-8"))
#: Checked on their own, in other tests or other words.
APART = {"run_id", "method_version", "why", "effort_s", "effort_low_s", "effort_high_s", "proof", "path"}
EMPTY: dict[type, Any] = {bool: False, int: 0, float: 0.0, str: "", dict: {}, list: [], type(None): None}


def test_every_journal_has_its_expected_measures_and_the_other_way_round() -> None:
    assert sorted(EXPECTED) == sorted(path.stem for path in HERE.glob("*.jsonl"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_recorded_journal_measures_as_reasoned(name: str) -> None:
    expected = EXPECTED[name]
    got = measure(read(HERE / f"{name}.jsonl")).model_dump()
    for column, value in got.items():
        if column not in APART:
            assert (column, value) == (column, expected.get(column, EMPTY[type(value)]))
    for column, numbers in expected["proof"].items():
        assert (column, got["proof"].get(column)) == (column, numbers)
    if "path" in expected:
        assert [list(step.values()) for step in got["path"]] == expected["path"]
    assert got["method_version"] == METHOD_VERSION
    assert not set(expected) - set(Measures.model_fields)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_count_is_proved_by_as_many_events(name: str) -> None:
    events = read(HERE / f"{name}.jsonl")
    got = measure(events)
    for column in ("clicks", "turns", "fields", "pages", "bot_messages", "dead_presses", "double_presses"):
        assert len(got.proof.get(column, [])) == getattr(got, column), column
    known = {event.n for event in events}
    assert all(set(numbers) <= known for numbers in got.proof.values())
    assert got.proof["outcome"]


def test_why_is_what_was_said_or_recorded() -> None:
    assert measure(read(HERE / "person_at_first_request.jsonl")).why == "Hello, this is Ines."
    assert measure(read(HERE / "stopped_by_a_captcha.jsonl")).why == "The site asked for a CAPTCHA."
    assert measure(read(HERE / "several_walls.jsonl")).why == "Log in to go on"
