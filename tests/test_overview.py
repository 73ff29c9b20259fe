"""The overview: what is never mixed, who gets a place, and that the order of the rows never matters."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as given_a

from tohuman.results import overview
from tohuman.results.overview import BarrierSeen, RunRow
from tohuman.results.vocabulary import MISSING, REACHED, SHOWN_APART, Outcome

FIRST = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def run(platform: str, day: int, outcome: str = "handoff", number: int = 0, **more: object) -> RunRow:
    at = FIRST + timedelta(days=day, hours=number)
    row = RunRow(
        f"{at:%Y%m%dt%H%M%S}-{platform}-{number:06d}", platform, outcome, at.isoformat(), actions=3, clicks=1, turns=2
    )
    return replace(row, **more)  # type: ignore[arg-type]


def days(platform: str, outcomes: list[str], **more: object) -> list[RunRow]:
    return [run(platform, d, o, **more) for d, o in enumerate(outcomes)]


def only(rows: list[RunRow]) -> overview.Ranking:
    (ranking,) = overview.rank(rows)
    return ranking


def test_every_outcome_is_valid_missing_or_apart() -> None:
    kinds = {o: run("a", 0, o.value).kind for o in Outcome}
    assert {o for o, k in kinds.items() if k == "missing"} == set(MISSING)
    assert {o for o, k in kinds.items() if k == "apart"} == set(SHOWN_APART)
    assert all(run("a", 0, o.value).reached == (o in REACHED) for o in Outcome)


def test_share_comes_first_then_the_restricted_mean() -> None:
    twenty = ["handoff"] * 20
    rows = (
        days("slow", twenty, actions=9)
        + days("quick", twenty, actions=2)
        + days("half", [*["handoff"] * 10, *["gated"] * 10], actions=1)
    )
    assert [(s.platform, s.place) for s in only(rows).summaries] == [("quick", 1), ("slow", 2), ("half", 3)]


def test_ties_share_a_place_and_the_next_one_is_skipped() -> None:
    twenty = ["handoff"] * 20
    rows = days("b", twenty) + days("a", twenty) + days("c", ["dead_end"] * 20)
    assert [(s.platform, s.place) for s in only(rows).summaries] == [("a", 1), ("b", 1), ("c", 3)]


def test_without_enough_data_there_is_no_place_but_a_reason() -> None:
    rows = days("few", ["handoff"] * 19) + days("enough", ["dead_end"] * 20)
    first, second = only(rows).summaries
    assert (first.platform, first.place, first.lacks) == ("enough", 1, ())
    assert (second.platform, second.place) == ("few", None)
    assert [x.what for x in second.lacks] == ["runs", "days"]


def test_a_practice_ranking_is_placed_on_few_runs_and_says_so() -> None:
    (s,) = only([run("ferngate", 0, simulated=True)]).summaries
    assert s.place == 1
    assert [x.what for x in s.lacks] == ["runs", "days"]


def test_a_practice_platform_without_a_valid_run_has_no_place() -> None:
    (s,) = only([run("ferngate", 0, "broken", simulated=True)]).summaries
    assert (s.place, s.share.interval, s.mean_actions, s.bounds) == (None, None, None, None)


@pytest.mark.parametrize(
    "other",
    [
        {"simulated": True},
        {"observer": "human"},
        {"start": "home"},
        {"surface": "web-mobile"},
        {"policy": "informed"},
        {"scenario": "refund"},
        {"locale": "zh-CN"},
        {"vantage": "lab"},
        {"stop": "answered"},
    ],
    ids=lambda d: next(iter(d)),
)
def test_different_keys_are_never_mixed(other: dict[str, object]) -> None:
    rankings = overview.rank([run("a", 0), run("a", 1, **other)])
    assert [r.runs for r in rankings] == [1, 1]
    assert len({r.key for r in rankings}) == 2


def test_real_rankings_come_before_practice_and_the_headline_first() -> None:
    rows = [
        run("a", 0, simulated=True),
        run("a", 0, start="home"),
        run("a", 0, policy="informed"),
        run("a", 0),
    ]
    keys = [r.key for r in overview.rank(rows)]
    assert [(k.simulated, k.start, k.policy) for k in keys] == [
        (False, "help", "naive"),
        (False, "help", "informed"),
        (False, "home", "naive"),
        (True, "help", "naive"),
    ]


def test_runs_older_than_the_window_do_not_count() -> None:
    s = only([run("a", 0, "gated"), run("a", 89), run("a", 90)]).summaries[0]
    assert (s.share.k, s.share.n) == (2, 2)
    s = only([run("a", 0, "gated"), run("a", 89)]).summaries[0]
    assert (s.share.k, s.share.n) == (1, 2)


def test_missing_runs_are_bounds_and_runs_never_tried_are_apart() -> None:
    s = only(days("a", ["handoff", "gated", "blocked", "unclear", "missed", "not_attempted"])).summaries[0]
    assert (s.valid, s.missing, s.apart) == (2, 2, 2)
    assert s.bounds == (Fraction(1, 4), Fraction(3, 4))
    assert s.missing_share == Fraction(1, 2)
    assert s.mean_actions == Fraction(3 + 20, 2)


def test_a_person_beyond_the_horizon_is_never_reached() -> None:
    s = only([run("a", 0, actions=21, clicks=21), run("a", 1, actions=20, clicks=20)]).summaries[0]
    assert (s.share.k, s.share.n, s.mean_actions, s.clicks) == (1, 2, Fraction(20), 20)


def test_exhausted_counts_the_whole_budget() -> None:
    s = only([run("a", 0, "exhausted", actions=20), run("a", 1, actions=4)]).summaries[0]
    assert (s.share.k, s.share.n, s.mean_actions) == (1, 2, Fraction(12))


def test_barriers_are_counted_by_run_and_only_in_valid_ones() -> None:
    twice = (BarrierSeen("bot_first", (9,)), BarrierSeen("bot_first", (4, 9)), BarrierSeen("must_type", (5,)))
    rows = [run("a", 0, barriers=twice), run("a", 1, barriers=twice[:1]), run("a", 2, "error", barriers=twice)]
    found = [(name, [(r.run_id[:8], b.of) for r, b in runs]) for name, runs in overview.barriers_of(rows)]
    assert found == [
        ("bot_first", [("20260301", (4, 9)), ("20260302", (9,))]),
        ("must_type", [("20260301", (5,))]),
    ]


@pytest.mark.parametrize(
    "text", ["2026-03-01T23:30:00Z", "2026-03-01T23:30:00+00:00", "2026-03-02T07:30:00+08:00", "2026-03-01T23:30:00"]
)
def test_a_day_is_a_day_in_utc(text: str) -> None:
    assert replace(run("a", 0), started_at=text).day == "2026-03-01"


rows_of_any_kind = given_a.lists(
    given_a.builds(
        run,
        given_a.sampled_from(["a", "b", "c"]),
        given_a.integers(0, 200),
        given_a.sampled_from([o.value for o in Outcome]),
        given_a.integers(0, 9),
        actions=given_a.integers(0, 25),
        simulated=given_a.booleans(),
        policy=given_a.sampled_from(["naive", "informed"]),
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda r: (r.run_id, r.simulated, r.policy),
)


@given(rows_of_any_kind, given_a.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters_and_no_run_is_lost_or_mixed(rows: list[RunRow], dice: random.Random) -> None:
    shuffled = list(rows)
    dice.shuffle(shuffled)
    rankings = overview.rank(rows)
    assert overview.rank(shuffled) == rankings
    for ranking in rankings:
        own = [r for r in rows if overview.key_of(r) == ranking.key and ranking.since <= r.day <= ranking.until]
        assert sorted(r.run_id for s in ranking.summaries for r in s.rows) == sorted(r.run_id for r in own)
        for s in ranking.summaries:
            assert s.valid + s.missing + s.apart == len(s.rows) == sum(s.outcomes.values())
            assert {r.platform for r in s.rows} == {s.platform}
        places = [s.place for s in ranking.summaries if s.place is not None]
        assert places == sorted(places)
        assert [s.place is None for s in ranking.summaries] == sorted(s.place is None for s in ranking.summaries)
