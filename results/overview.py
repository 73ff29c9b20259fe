"""The overview: measured runs grouped by ranking key, summed up per platform, and put in order (METHOD §1, §6).

Pure functions from rows to rankings, and one adapter that reads the rows out of the store. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tohuman.results import statistics as st
from tohuman.results.events import RunStarted
from tohuman.results.measures import Measures
from tohuman.results.vocabulary import CENSORED, MISSING, REACHED, WALLS, Outcome

if TYPE_CHECKING:
    from tohuman.results.store import Store

VALID = (*REACHED, *WALLS, *CENSORED)


@dataclass(frozen=True)
class BarrierSeen:
    """A barrier of one run and the numbers of the events that show it."""

    barrier: str
    of: tuple[int, ...] = ()


@dataclass(frozen=True)
class PathStep:
    """One action of the way: `kind` click or turn …, the label pressed or the text said, the event's number."""

    kind: str
    label: str = ""
    address: str = ""
    event: int = 0


@dataclass(frozen=True)
class RunRow:
    """One run as the overview and the dashboard need it: the facts of its probe and its measures.

    Counts are whole numbers, `*_s` seconds, `started_at` ISO 8601 in UTC, `proof` column → event numbers, `journal`
    the file of the run (None: not kept). `probe_known` False: the parts of the probe are not known, so the run
    belongs to no ranking.
    """

    run_id: str
    platform: str
    outcome: str
    started_at: str
    platform_name: str = ""
    start: str = "help"
    surface: str = "web"
    policy: str = "naive"
    scenario: str = "general"
    locale: str = "en"
    vantage: str = "unset"
    stop: str = "offered"
    observer: str = "program"
    simulated: bool = False
    start_url: str = ""
    method_version: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    gate: str = ""
    to: str = ""
    sentence_key: str = ""
    why: str = ""
    offered: bool = False
    answered: bool = False
    taken_back: bool = False
    clicks: int = 0
    turns: int = 0
    actions: int = 0
    obstacle_clicks: int = 0
    fields: int = 0
    pages: int = 0
    options_shown: int = 0
    bot_messages: int = 0
    bot_characters: int = 0
    wait_page_s: float = 0.0
    wait_bot_s: float = 0.0
    wait_queue_s: float = 0.0
    effort_s: float = 0.0
    effort_low_s: float = 0.0
    effort_high_s: float = 0.0
    dead_presses: int = 0
    double_presses: int = 0
    address_jumps: int = 0
    faked: int = 0
    touches: int = 0
    duration_s: float = 0.0
    barriers: tuple[BarrierSeen, ...] = ()
    proof: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    path: tuple[PathStep, ...] = ()
    journal: Path | None = None
    probe_known: bool = True

    @property
    def kind(self) -> str:
        """valid, missing, or apart (never tried): what the outcome means to the statistics (METHOD §3)."""
        outcome = Outcome(self.outcome)
        return "valid" if outcome in VALID else "missing" if outcome in MISSING else "apart"

    # `reached` of the measures says nothing of the horizon; this one does, and it is what is counted.
    @property
    def reached(self) -> bool:
        """A person was offered within the horizon of the statistics."""
        return Outcome(self.outcome) in REACHED and self.actions <= st.HORIZON

    @property
    def day(self) -> str:
        """Calendar day of the start, UTC, YYYY-MM-DD."""
        return utc(self.started_at).date().isoformat()


def utc(text: str) -> datetime:
    """An ISO 8601 time as an aware datetime in UTC; a time without zone is taken as UTC. ValueError if it is none."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def from_store(store: Store) -> list[RunRow]:
    """All runs of the store that are over, by time of start.

    A run of which nothing was measured is an error of ours. Where not even the first event can be read, nothing tells
    which probe it was, so `probe_known` is False.
    """
    return [
        _row(
            {
                **row,
                "outcome": row["outcome"] or Outcome.ERROR.value,
                "probe_known": bool(row["start_url"]) or row["state"] not in ("damaged", "newer"),
            }
        )
        for row in store.runs()
    ]


def from_measures(started: RunStarted, measures: Measures, journal: Path | None = None) -> RunRow:
    """The row of a run from its first event and its measures."""
    facts = started.model_dump()
    return _row(
        {
            **measures.model_dump(),
            **facts,
            **facts["probe"],
            "started_at": started.at,
            "faked": sum(measures.faked.values()),
            "journal": journal,
        }
    )


def _row(facts: Mapping[str, Any]) -> RunRow:
    """A row from facts named as its fields; None (a measure that is not there) leaves the default."""
    known = {n: facts[n] for n in RunRow.__dataclass_fields__ if facts.get(n) is not None}
    known["barriers"] = tuple(BarrierSeen(b["barrier"], tuple(b["of"])) for b in known.get("barriers", ()))
    known["path"] = tuple(PathStep(s["kind"], s["label"], s["address"], s["event"]) for s in known.get("path", ()))
    known["proof"] = {column: tuple(numbers) for column, numbers in known.get("proof", {}).items()}
    known["versions"] = {name: str(version) for name, version in known.get("versions", {}).items()}
    return RunRow(**known)


@dataclass(frozen=True, order=True)
class Key:
    """What must be equal for two runs to be compared. A person's runs and practice runs have rankings of their own."""

    simulated: bool
    observer: str
    start: str
    surface: str
    policy: str
    scenario: str
    locale: str
    vantage: str
    stop: str


def key_of(row: RunRow) -> Key:
    """The ranking a row belongs to: (start, surface, policy, scenario, locale, vantage, stop), and never mixed:
    real with simulated, program with person."""
    who = "human" if row.observer == "human" else "program"
    return Key(row.simulated, who, row.start, row.surface, row.policy, row.scenario, row.locale, row.vantage, row.stop)


@dataclass(frozen=True)
class Summary:
    """One platform within one ranking. Figures are over the valid runs of the window; medians over those reached.

    `place` is 1, 2, … with ties shared, None without enough data; `lacks` says what is lacking (also filled for a
    practice ranking, which is placed all the same).
    """

    platform: str
    name: str
    rows: tuple[RunRow, ...]
    share: st.Share
    bounds: tuple[Fraction, Fraction] | None
    mean_actions: Fraction | None
    clicks: float | None
    turns: float | None
    outcomes: Mapping[str, int]
    valid: int
    missing: int
    apart: int
    lacks: tuple[st.Lack, ...]
    place: int | None = None

    @property
    def missing_share(self) -> Fraction:
        """Missing among valid and missing runs, 0 when there are none."""
        total = self.valid + self.missing
        return Fraction(self.missing, total) if total else Fraction(0)

    def median_of(self, column: Callable[[RunRow], float]) -> float | None:
        """The median of a column over the runs that reached a person."""
        return st.median([column(r) for r in self.rows if r.kind == "valid" and r.reached])


@dataclass(frozen=True)
class Ranking:
    """All platforms that share a key; placed ones first. `since`, `until`: first and last day of the window, UTC."""

    key: Key
    since: str
    until: str
    summaries: tuple[Summary, ...]

    @property
    def runs(self) -> int:
        return sum(len(s.rows) for s in self.summaries)


def in_order(rows: Iterable[RunRow]) -> list[RunRow]:
    """By start, then id: the one order of rows everywhere."""
    return sorted(rows, key=lambda r: (utc(r.started_at), r.run_id))


def summarise(rows: Sequence[RunRow]) -> Summary:
    """Sum up the rows of one platform and one key (at least one row). Does not place it."""
    ordered = in_order(rows)
    valid = [r for r in ordered if r.kind == "valid"]
    missing = sum(r.kind == "missing" for r in ordered)
    reached = [r for r in valid if r.reached]
    by_day: dict[str, list[bool]] = {}
    for r in valid:
        by_day.setdefault(r.day, []).append(r.reached)
    counts = {o.value: sum(r.outcome == o.value for r in ordered) for o in Outcome}
    latest = ordered[-1]
    return Summary(
        platform=latest.platform,
        name=next((r.platform_name for r in reversed(ordered) if r.platform_name), latest.platform),
        rows=tuple(ordered),
        share=st.share(by_day),
        bounds=st.bounds(len(reached), len(valid), missing),
        mean_actions=st.restricted_mean([r.actions if r.reached else None for r in valid]),
        clicks=st.median([r.clicks for r in reached]),
        turns=st.median([r.turns for r in reached]),
        outcomes={o: n for o, n in counts.items() if n},
        valid=len(valid),
        missing=missing,
        apart=sum(r.kind == "apart" for r in ordered),
        lacks=st.lacking(len(valid), len(by_day), missing),
    )


def _merit(s: Summary) -> tuple[Fraction, Fraction]:
    """Smaller is better: share reached first, restricted mean second; exact, so that ties are ties."""
    share, mean = s.share.value, s.mean_actions
    return (-(share if share is not None else Fraction(0)), mean if mean is not None else Fraction(st.HORIZON))


def rank(rows: Iterable[RunRow]) -> list[Ranking]:
    """Every ranking there is, real ones before practice ones, the headline (help, web, naive, general) first.

    The window is the 90 days that end with the newest run of the ranking, so that the same rows always give the same
    ranking. A platform without enough data has no place and stands below, by name; a practice ranking places every
    platform with a valid run, and its summaries' `lacks` say on how little.
    """
    groups: dict[Key, list[RunRow]] = {}
    for row in rows:
        if row.probe_known:
            groups.setdefault(key_of(row), []).append(row)
    return [_ranking(key, groups[key]) for key in sorted(groups, key=_headline_first)]


def window(rows: Sequence[RunRow]) -> tuple[str, str]:
    """First and last day (UTC, both included) of the 90 days that end with the newest row."""
    until = date.fromisoformat(max(r.day for r in rows))
    return (until - timedelta(days=st.WINDOW_DAYS - 1)).isoformat(), until.isoformat()


def _ranking(key: Key, rows: Sequence[RunRow]) -> Ranking:
    since, until = window(rows)
    per_platform: dict[str, list[RunRow]] = {}
    for row in rows:
        if row.day >= since:
            per_platform.setdefault(row.platform, []).append(row)
    summaries = [summarise(per_platform[p]) for p in sorted(per_platform)]
    placed = sorted((s for s in summaries if s.valid and (key.simulated or not s.lacks)), key=_merit)
    rest = [s for s in summaries if not s.valid or (s.lacks and not key.simulated)]
    out: list[Summary] = []
    for index, s in enumerate(placed):
        tied = index > 0 and _merit(placed[index - 1]) == _merit(s)
        out.append(replace(s, place=out[-1].place if tied else index + 1))
    return Ranking(key, since, until, (*out, *rest))


def _headline_first(key: Key) -> tuple[object, ...]:
    def at(value: str, *first: str) -> tuple[int, str]:
        return (first.index(value) if value in first else len(first), value)

    return (
        key.simulated,
        at(key.observer, "program"),
        at(key.start, "help", "home"),
        at(key.surface, "web", "web-mobile"),
        at(key.policy, "naive", "informed"),
        at(key.scenario, "general"),
        key.locale,
        at(key.vantage, "unset"),
        at(key.stop, "offered", "answered"),
    )


def barriers_of(rows: Iterable[RunRow]) -> list[tuple[str, list[tuple[RunRow, BarrierSeen]]]]:
    """Barriers seen in valid runs, most frequent first: (barrier, [(run, the events that show it)]).

    A run counts once per barrier however often it met it.
    """
    seen: dict[str, dict[str, tuple[RunRow, list[int]]]] = {}
    for row in in_order(rows):
        if row.kind != "valid":
            continue
        for b in row.barriers:
            seen.setdefault(b.barrier, {}).setdefault(row.run_id, (row, []))[1].extend(b.of)
    found = [
        (name, [(row, BarrierSeen(name, tuple(sorted(set(of))))) for row, of in runs.values()])
        for name, runs in seen.items()
    ]
    return sorted(found, key=lambda item: (-len(item[1]), item[0]))


def empty(rows: Sequence[RunRow]) -> Summary:
    """The summary of a platform none of whose rows (at least one) lies in the window: nothing is claimed."""
    return replace(
        summarise(rows),
        rows=(),
        share=st.share({}),
        bounds=None,
        mean_actions=None,
        clicks=None,
        turns=None,
        outcomes={},
        valid=0,
        missing=0,
        apart=0,
        lacks=st.lacking(0, 0, 0),
    )
