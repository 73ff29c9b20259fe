"""The statistics of a ranking: values known by hand or from the literature, and what must hold for any input."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as given_a

from tohuman.results import statistics as st

counts = given_a.integers(1, 400).flatmap(lambda n: given_a.tuples(given_a.integers(0, n), given_a.just(n)))
days = given_a.dictionaries(
    given_a.dates().map(str), given_a.lists(given_a.booleans(), min_size=1, max_size=6), min_size=1, max_size=40
)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (12, 12, 0.7575, 1.0),
        (0, 12, 0.0, 0.2425),
        (3, 3, 0.4385, 1.0),
        (18, 24, 0.5510, 0.8800),  # by hand: centre .71551, half width .16450
        (1, 2, 0.0945, 0.9055),
    ],
)
def test_wilson_gives_the_known_values(k: int, n: int, low: float, high: float) -> None:
    interval = st.wilson(k, n)
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


@given(counts)
def test_wilson_solves_the_equation_it_is_defined_by(kn: tuple[int, int]) -> None:
    """At either end the share lies exactly z standard errors away, taken at that end (Wilson's own derivation)."""
    k, n = kn
    for end in (st.wilson(k, n).low, st.wilson(k, n).high):
        assert (k / n - end) ** 2 == pytest.approx(st.Z95**2 * end * (1 - end) / n, abs=1e-9)


@given(counts)
def test_wilson_holds_the_share_and_mirrors(kn: tuple[int, int]) -> None:
    k, n = kn
    a, b = st.wilson(k, n), st.wilson(n - k, n)
    assert 0 <= a.low <= k / n <= a.high <= 1
    assert a.low == pytest.approx(1 - b.high, abs=1e-12)


@given(counts, given_a.floats(0.05, 1))
def test_fewer_effective_runs_never_narrow_the_interval(kn: tuple[int, int], part: float) -> None:
    k, n = kn
    wide, narrow = st.wilson(k * part, n * part), st.wilson(k, n)
    assert wide.high - wide.low >= narrow.high - narrow.low - 1e-9


@pytest.mark.parametrize(("k", "n"), [(1, 0), (-1, 3), (4, 3), (0, 0)])
def test_wilson_refuses_what_is_no_proportion(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="proportion"):
        st.wilson(k, n)


def test_the_correlation_within_days_is_the_one_worked_out_by_hand() -> None:
    # Means 1, 0, ½ around ½: between .5, within .5/3, two runs a day: (1/2 − 1/6)/(1/2 + 1/6) = 1/2.
    assert st.intraclass_correlation([[1, 1], [0, 0], [1, 0]]) == pytest.approx(0.5)
    # Unequal days 3, 1: n0 = (4 − 10/4)/1 = 1.5; between .75, within 0: wholly alike.
    assert st.intraclass_correlation([[1, 1, 1], [0]]) == pytest.approx(1.0)
    # Days that differ less than chance would have it: the estimate is −1, floored.
    assert st.intraclass_correlation([[1, 0], [1, 0]]) == 0.0
    assert st.intraclass_correlation([[1, 1], [1, 1]]) == 0.0


@pytest.mark.parametrize("clusters", [[], [[1.0, 0.0]], [[1.0], [0.0]]])
def test_a_correlation_that_cannot_be_estimated_is_none(clusters: list[list[float]]) -> None:
    assert st.intraclass_correlation(clusters) is None


def test_the_effective_size_is_that_of_the_method() -> None:
    assert st.effective_size([2] * 14, 0.3) == pytest.approx(28 / 1.3)
    assert st.effective_size([4] * 7, 0.3) == pytest.approx(28 / 1.9)
    assert st.effective_size([1] * 28, 0.9) == 28
    assert st.effective_size([5] * 4, 1.0) == pytest.approx(4)  # one run a day is all there is
    assert st.effective_size([], 0.5) == 0


@given(days)
def test_a_share_is_counted_right_and_never_surer_than_its_runs(by_day: dict[str, list[bool]]) -> None:
    found = st.share(by_day)
    runs = [v for d in by_day.values() for v in d]
    assert (found.k, found.n, found.days) == (sum(runs), len(runs), len(by_day))
    assert found.value == Fraction(sum(runs), len(runs))
    assert 0 < found.n_effective <= found.n + 1e-9
    assert found.n_effective >= 1 - 1e-9
    assert found.interval is not None
    plain = st.wilson(found.k, found.n)
    assert found.interval.low <= plain.low + 1e-9
    assert found.interval.high >= plain.high - 1e-9
    assert found.interval.low <= found.k / found.n <= found.interval.high


def test_a_share_of_no_runs_claims_nothing() -> None:
    found = st.share({})
    assert (found.n, found.value, found.interval) == (0, None, None)


def test_runs_of_one_day_that_agree_count_as_fewer() -> None:
    alike = {f"2026-03-{d:02}": [d % 2 == 0] * 3 for d in range(1, 11)}
    found = st.share(alike)
    assert found.icc == pytest.approx(1.0)
    assert found.n_effective == pytest.approx(10)
    assert found.interval == st.wilson(5.0, 10.0)


def test_missing_runs_leave_bounds() -> None:
    # p = .6 of the rest, b = 20 % missing: [.48, .68].
    assert st.bounds(48, 80, 20) == (Fraction(48, 100), Fraction(68, 100))
    assert st.bounds(3, 5, 0) == (Fraction(3, 5), Fraction(3, 5))
    assert st.bounds(0, 0, 4) is None


@given(counts, given_a.integers(0, 200))
def test_the_bounds_are_the_formula_of_the_method(kn: tuple[int, int], missing: int) -> None:
    k, n = kn
    found = st.bounds(k, n, missing)
    assert found is not None
    p, b = Fraction(k, n), Fraction(missing, n + missing)
    assert found == (p * (1 - b), p * (1 - b) + b)
    assert found[0] <= p <= found[1]


@pytest.mark.parametrize("bad", [(-1, 3, 0), (4, 3, 0), (1, 3, -1)])
def test_bounds_refuse_what_are_no_counts(bad: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="counts"):
        st.bounds(*bad)


def test_a_run_that_never_reaches_counts_the_whole_budget() -> None:
    # 40 % reach a person at 5 actions: not 5, but 14.
    assert st.restricted_mean([5, 5, None, None, None]) == 14
    assert st.restricted_mean([25]) == 20
    assert st.restricted_mean([]) is None


@given(given_a.lists(given_a.none() | given_a.integers(0, 60), min_size=1))
def test_the_restricted_mean_is_the_area_under_the_curve_of_those_not_yet_there(actions: list[int | None]) -> None:
    not_yet = [sum(a is None or a > step for a in actions) for step in range(st.HORIZON)]
    assert st.restricted_mean(actions) == Fraction(sum(not_yet), len(actions))


@given(given_a.lists(given_a.integers(-99, 99), min_size=1))
def test_half_lie_on_either_side_of_the_median(values: list[int]) -> None:
    middle = st.median(values)
    assert middle is not None
    assert sum(v < middle for v in values) * 2 <= len(values)
    assert sum(v > middle for v in values) * 2 <= len(values)


def test_the_median_of_known_values() -> None:
    assert st.median([3, 1, 2]) == 2
    assert st.median([4, 1, 2, 3]) == 2.5
    assert st.median([]) is None


def test_enough_data_and_what_is_lacking() -> None:
    assert st.lacking(20, 20, 5) == ()  # 5 of 25 missing: exactly 20 %
    assert [x.what for x in st.lacking(19, 19, 0)] == ["runs", "days"]
    assert [x.what for x in st.lacking(40, 19, 0)] == ["days"]
    assert [x.what for x in st.lacking(20, 20, 6)] == ["missing"]
    assert st.lacking(3, 2, 9)[2] == st.Lack("missing", Fraction(9, 12), Fraction(1, 5))
    assert [x.what for x in st.lacking(0, 0, 0)] == ["runs", "days"]
