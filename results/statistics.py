"""The statistics of a ranking (METHOD §6), in plain Python: shares, intervals, restricted means, bounds, enough data.

Works on numbers and days only; which run counts as what, and the ranking itself, live in overview.py.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

#: Actions beyond which a person counts as never reached: the horizon of the share and of the restricted mean.
HORIZON = 20
#: Two-sided 95 % quantile of the standard normal distribution.
Z95 = 1.959963984540054
MIN_RUNS = 20
MIN_DAYS = 20
WINDOW_DAYS = 90
MAX_MISSING = Fraction(1, 5)


@dataclass(frozen=True)
class Interval:
    """Two-sided interval; `low` and `high` in the unit of what it is about (a share: 0 to 1)."""

    low: float
    high: float


@dataclass(frozen=True)
class Share:
    """`k` of `n` runs, with what is needed to say how sure that is.

    `icc` is None where it cannot be estimated (no day with two runs, or all runs on one day); the runs are then
    taken as independent. `n_effective` ≤ n. `interval` is None only for n = 0.
    """

    k: int
    n: int
    days: int
    icc: float | None
    n_effective: float
    interval: Interval | None

    @property
    def value(self) -> Fraction | None:
        """k/n, exact, so that ties are ties; None for n = 0."""
        return Fraction(self.k, self.n) if self.n else None


def wilson(k: float, n: float, z: float = Z95) -> Interval:
    """Score interval of a proportion (Wilson 1927, JASA 22:209-212): `k` of `n`, real numbers, 0 ≤ k ≤ n, n > 0.

    Real `n` so that an effective sample size can be given. Raises ValueError outside that range.
    """
    if not (n > 0 and 0 <= k <= n):
        raise ValueError(f"a proportion needs 0 <= k <= n and n > 0, not k={k}, n={n}")
    p = k / n
    z2 = z * z
    centre = p + z2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    # The ends are exact at 0 of n and n of n; rounding must not leave 1e-17 or 0.9999999 there.
    low = 0.0 if k == 0 else max(0.0, (centre - half) / (1 + z2 / n))
    high = 1.0 if k == n else min(1.0, (centre + half) / (1 + z2 / n))
    # The interval holds the share itself in real arithmetic; keep that in floating point too.
    return Interval(min(low, p), max(high, p))


def intraclass_correlation(clusters: Sequence[Sequence[float]]) -> float | None:
    """How alike runs of one day are: one-way analysis-of-variance estimate, floored at 0.

    `clusters`: one sequence of values (0/1 for a share) per day. (MSB − MSW) / (MSB + (n0 − 1)·MSW) with
    n0 = (N − Σnᵢ²/N)/(k − 1) for unequal days (Fisher; Donner 1986). 0 where nothing varies. None where it cannot be
    estimated: fewer than two days, or no day with two runs.
    """
    days = [list(c) for c in clusters if c]
    total = sum(len(c) for c in days)
    if len(days) < 2 or total == len(days):
        return None
    grand = math.fsum(v for c in days for v in c) / total
    means = [math.fsum(c) / len(c) for c in days]
    between = math.fsum(len(c) * (m - grand) ** 2 for c, m in zip(days, means, strict=True)) / (len(days) - 1)
    within = math.fsum((v - m) ** 2 for c, m in zip(days, means, strict=True) for v in c) / (total - len(days))
    n0 = (total - sum(len(c) ** 2 for c in days) / total) / (len(days) - 1)
    denominator = between + (n0 - 1) * within
    if denominator <= 0:
        return 0.0
    return min(1.0, max(0.0, (between - within) / denominator))


def effective_size(sizes: Sequence[int], icc: float) -> float:
    """n / (1 + (m − 1)·ICC), the number of independent runs worth the same (Kish 1965, Survey Sampling, §5.4, §8.2).

    `sizes`: runs per day, each ≥ 1. m is the size of the day a run sees on average, Σnᵢ²/Σnᵢ: equal to runs per day
    where all days are alike, larger (more cautious) where they are not.
    """
    n = sum(sizes)
    if not n:
        return 0.0
    m = sum(s * s for s in sizes) / n
    return min(float(n), n / (1 + (m - 1) * icc))


def share(by_day: Mapping[str, Sequence[bool]]) -> Share:
    """The share of True, with its Wilson interval on the effective sample size. `by_day`: day → one value per run."""
    days = [[1.0 if v else 0.0 for v in by_day[d]] for d in sorted(by_day) if by_day[d]]
    n = sum(len(d) for d in days)
    k = int(sum(sum(d) for d in days))
    icc = intraclass_correlation(days)
    n_effective = effective_size([len(d) for d in days], icc or 0.0)
    interval = wilson(n_effective * k / n if k < n else n_effective, n_effective) if n else None
    return Share(k, n, len(days), icc, n_effective, interval)


def bounds(k: int, valid: int, missing: int) -> tuple[Fraction, Fraction] | None:
    """All that is known of a share of `k` in `valid` runs when `missing` more failed: [p(1−b), p(1−b)+b].

    b is the missing share, missing/(valid+missing); the ends are what would hold if none or all of the missing runs
    had reached a person (Manski). None when there are no valid runs (nothing is known).
    """
    if min(k, valid, missing) < 0 or k > valid:
        raise ValueError(f"not counts of runs: k={k}, valid={valid}, missing={missing}")
    if not valid:
        return None
    total = valid + missing
    return Fraction(k, total), Fraction(k + missing, total)


def restricted_mean(actions: Sequence[int | None], horizon: int = HORIZON) -> Fraction | None:
    """Mean number of actions, each run cut at `horizon`; None in the sequence = never reached, counts `horizon`.

    Exact, so that ties are ties. Runs that are missing are left out by the caller. None for no runs.
    """
    if not actions:
        return None
    return Fraction(sum(horizon if a is None else min(a, horizon) for a in actions), len(actions))


def median(values: Sequence[float]) -> float | None:
    """Middle value, or the mean of the two middle ones; None for no values."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@dataclass(frozen=True)
class Lack:
    """One thing that is lacking for a rank. `what`: runs, days, missing; `have`, `need` in runs, days or a share."""

    what: str
    have: Fraction
    need: Fraction


def lacking(valid: int, days: int, missing: int) -> tuple[Lack, ...]:
    """What is lacking for a place in a ranking; empty = enough data.

    Of the runs of the last 90 days: ≥ 20 valid ones, on ≥ 20 days, and at most 20 % missing among valid and missing.
    """
    out: list[Lack] = []
    if valid < MIN_RUNS:
        out.append(Lack("runs", Fraction(valid), Fraction(MIN_RUNS)))
    if days < MIN_DAYS:
        out.append(Lack("days", Fraction(days), Fraction(MIN_DAYS)))
    total = valid + missing
    if total and Fraction(missing, total) > MAX_MISSING:
        out.append(Lack("missing", Fraction(missing, total), MAX_MISSING))
    return tuple(out)
