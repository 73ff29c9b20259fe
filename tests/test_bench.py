"""The bench: its intervals, its ratios, and one small round of it on a practice platform."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml

from tohuman.probes.practice import load_truth, platform_ids
from tohuman.results.vocabulary import Outcome, Start
from tohuman.runners import bench as benching
from tohuman.runners import cli
from tohuman.runners.bench import GOALS, VARIANTS, Walk, interval, report, ways


def walk(wall: float, cpu: float = 1.0, peak: int = 0) -> Walk:
    return Walk(wall, cpu, peak, 2, {"reading": wall / 10})


def test_the_interval_holds_the_median_and_narrows_with_more_values() -> None:
    few, many = interval([1.0, 2.0, 3.0, 4.0, 5.0]), interval([1.0, 2.0, 3.0, 4.0, 5.0] * 40)
    assert few.median == many.median == 3.0
    assert few.low <= 3.0 <= few.high
    assert many.high - many.low < few.high - few.low
    assert interval([2.0] * 9) == benching.Estimate(2.0, 2.0, 2.0)
    with pytest.raises(ValueError, match="no values"):
        interval([])


def test_ratios_are_taken_within_each_round() -> None:
    """A machine that slows down half-way changes the medians, not the ratios."""
    pace = [1.0] * 10 + [3.0] * 10
    walks = {
        "bare": [walk(p) for p in pace],
        "counter": [walk(1.04 * p) for p in pace],
        "walk": [walk(1.5 * p) for p in pace],
    }
    whole = report(walks, {variant: [walk(1.0, peak=300)] for variant in VARIANTS}, [2] * 20)
    assert whole.ratios["counter"]["wall"].high == pytest.approx(1.04)
    assert whole.ratios["walk"]["wall"].low == pytest.approx(1.5)
    assert whole.values["bare"]["wall"].high == pytest.approx(3.0)
    assert whole.ratios["walk"]["peak"].median == 1.0
    assert whole.per_step["reading"].high <= 1.5 * 3.0 / 10 / 2 + 1e-9
    (missed,) = whole.missed
    assert missed.startswith("walk")
    assert str(GOALS["walk"]) in missed


@pytest.mark.parametrize("platform", ways())
def test_a_way_of_the_bench_is_the_informed_way_of_the_truth(platform: str) -> None:
    assert platform in platform_ids()
    truth = load_truth(platform).starts[Start.HELP].informed
    assert truth.outcome is Outcome.HUMAN
    told = [
        {"press": step["press"]["name"]} if "press" in step else {"message": "*"}
        for step in ways()[platform]["steps"]
        if "wait" not in step
    ]
    assert told == [dict(step) for step in truth.way]


def test_the_ways_are_data_with_known_keys_only() -> None:
    told = yaml.safe_load(Path(benching.__file__).with_suffix(".yaml").read_text("utf-8"))
    for way in told.values():
        assert set(way) <= {"box", "frames", "steps"}
        assert all(set(step) <= {"press", "say", "wait"} and len(step) == 1 for step in way["steps"])


def test_one_round_on_a_practice_platform(tmp_path: Path) -> None:
    said: list[str] = []
    whole = asyncio.run(benching.bench(1, tmp_path, only=["harborlight"], told=said.append))
    assert (whole.pairs, whole.memory_pairs) == (1, 1)
    assert set(whole.ratios["walk"]) >= {"wall", "cpu"}
    assert 0.2 < whole.ratios["counter"]["wall"].median < 5
    assert whole.values["bare"]["wall"].median > 0.5
    assert all(value.median >= 0 for value in whole.per_step.values())
    assert len(said) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_platform_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["bench", "--only", "nonsense", "--data", str(tmp_path), "--json"]) == 2
    assert "no such way" in capsys.readouterr().err
