"""When the probes of a plan are due, and what a plan may say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tohuman.runners.errors import MalformedFile, UsageError
from tohuman.runners.schedule import Timing, load_plan

HEAN = "hean/help/web/naive/general/zh-CN"
HARBOR = "harborlight/help/web/naive/general/en"
LIFTED = frozenset({"hean", "harborlight"})


def plan_of(tmp_path: Path, text: str, lifted: frozenset[str] = LIFTED) -> tuple[Timing, ...]:
    file = tmp_path / "tohuman.toml"
    file.write_text(text, encoding="utf-8")
    return load_plan(file, lifted).timings


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def dues(timing: Timing, after: str, until: str) -> list[str]:
    return [due.isoformat(timespec="minutes")[:16] for due in timing.due(at(after), at(until))]


def test_times_of_day_are_of_their_time_zone(tmp_path: Path) -> None:
    timings = plan_of(
        tmp_path,
        f"""
        [watch]
        timezone = "Asia/Shanghai"
        at = ["15:00", "09:30"]
        probes = ["{HEAN}", "{HARBOR}"]
        [watch.when."{HARBOR}"]
        at = ["08:00"]
        timezone = "Europe/London"
        """,
    )
    assert dues(timings[0], "2026-11-22T00:00", "2026-11-23T02:00") == [
        "2026-11-22T01:30",
        "2026-11-22T07:00",
        "2026-11-23T01:30",
    ]
    assert dues(timings[1], "2026-07-01T00:00", "2026-07-01T23:00") == ["2026-07-01T07:00"]
    assert dues(timings[1], "2026-12-01T00:00", "2026-12-01T23:00") == ["2026-12-01T08:00"]


def test_a_day_on_which_the_clocks_change_has_each_time_once(tmp_path: Path) -> None:
    (timing,) = plan_of(tmp_path, f'[watch]\ntimezone = "Europe/Berlin"\nat = ["02:30"]\nprobes = ["{HEAN}"]')
    assert dues(timing, "2026-03-28T12:00", "2026-03-29T12:00") == ["2026-03-29T01:30"]
    assert dues(timing, "2026-10-24T12:00", "2026-10-25T12:00") == ["2026-10-25T00:30"]


@given(
    start=st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2027, 1, 1)),
    hours=st.lists(st.floats(0, 90), min_size=1, max_size=6),
    timed=st.sampled_from(["at", "every"]),
)
def test_restarts_at_any_moment_neither_move_nor_repeat_nor_lose_a_time(
    start: datetime, hours: list[float], timed: str
) -> None:
    from datetime import time
    from zoneinfo import ZoneInfo

    from tohuman.probes.schema import parse_probe_id

    every = timedelta(hours=7) if timed == "every" else None
    timing = Timing(HEAN, parse_probe_id(HEAN), (time(2, 30), time(23, 59)), every, ZoneInfo("America/New_York"))
    begin = start.replace(tzinfo=UTC)
    end = begin
    pieces: list[datetime] = []
    for more in hours:
        pieces += timing.due(end, end + timedelta(hours=more))
        end += timedelta(hours=more)
    assert pieces == list(timing.due(begin, end))
    assert pieces == sorted(set(pieces))


def test_every_counts_from_a_fixed_moment_and_spreads_the_probes(tmp_path: Path) -> None:
    one, other = plan_of(tmp_path, f'[watch]\nevery = "6h"\nprobes = ["{HEAN}", "{HARBOR}"]')
    span = ("2026-11-22T00:00", "2026-11-23T00:00")
    assert len(dues(one, *span)) == len(dues(other, *span)) == 4
    assert dues(one, *span) != dues(other, *span)
    assert dues(one, *span)[2:] == dues(one, dues(one, *span)[1], span[1])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "watch: this is missing"),
        ("watch = 3", "watch"),
        ("[watch]\nprobes = []\nat=['09:00']", "watch.probes"),
        (f"[watch]\nprobes = ['{HEAN}']", "nothing says when"),
        (f"[watch]\nprobes = ['{HEAN}']\nat = ['25:00']", "a time of day is written 09:30"),
        (f"[watch]\nprobes = ['{HEAN}']\nat = '09:00'", "times are a list"),
        (f"[watch]\nprobes = ['{HEAN}']\nevery = '6x'", "a duration is a whole number"),
        (f"[watch]\nprobes = ['{HEAN}']\nevery = '1m'", "10m is the shortest"),
        (f"[watch]\nprobes = ['{HEAN}']\nevery = '6h'\nat = ['09:00']", "not both"),
        (f"[watch]\nprobes = ['{HEAN}']\nat = ['09:00']\ntimezone = 'Mars/Base'", "no time zone"),
        (f"[watch]\nprobes = ['{HEAN}']\nat = ['09:00']\ncolour = 'red'", "watch.colour: unknown key"),
        (f"[watch]\nprobes = ['{HEAN}', '{HEAN}']\nat = ['09:00']", "stands here twice"),
        ("[watch]\nprobes = ['hean/help']\nat = ['09:00']", "watch.probes.1"),
        ("[watch]\nprobes = ['hean/help/web/naiv/general/zh-CN']\nat = ['09:00']", "did you mean"),
        (
            f"[watch]\nprobes = ['{HEAN}']\nat = ['09:00']\n[watch.when.'{HARBOR}']\nevery='6h'",
            "not among",
        ),
        ("[watch\n", "no TOML"),
    ],
)
def test_a_wrong_plan_is_one_sentence_that_names_the_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(MalformedFile) as wrong:
        plan_of(tmp_path, text)
    assert told in str(wrong.value)
    assert "tohuman.toml" in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_a_plan_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no plan"):
        load_plan(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("when", "fine"),
    [
        ('at = ["09:00", "13:00"]', True),
        ('at = ["09:00", "12:59"]', False),
        ('at = ["22:00", "01:00"]', False),
        ('at = ["09:00", "14:00", "19:00"]', False),
        ('every = "6h"', False),
        ('every = "12h"', True),
    ],
)
def test_a_platform_that_is_no_practice_one_is_run_at_most_twice_a_day_and_four_hours_apart(
    tmp_path: Path, when: str, fine: bool
) -> None:
    text = f'[watch]\n{when}\nprobes = ["wechat/help/web/naive/general/zh-CN"]'
    if fine:
        assert len(plan_of(tmp_path, text)) == 1
    else:
        with pytest.raises(MalformedFile, match="at most"):
            plan_of(tmp_path, text)
