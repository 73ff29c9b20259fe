"""The plan in `tohuman.toml`: which probes are due when. Pure; what became of each due time is kept by plan.py.

[watch]
timezone = "Asia/Shanghai"        # of the times of day; UTC unless set
late = "1h"                       # a run may start so much after its time; later it is missed
at = ["09:30"]                    # for every probe without a [watch.when] of its own
probes = ["hean/help/web/naive/general/zh-CN", "harborlight/help/web/naive/general/en"]

[watch.when."harborlight/help/web/naive/general/en"]
every = "6h"
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from tohuman.results.events import ProbeKey
from tohuman.runners.errors import MalformedFile, UsageError

FILE = "tohuman.toml"
#: Between two runs of one probe on a site that is not of this machine, and the most runs of it a day (METHOD §5).
FLOOR = timedelta(hours=4)
PER_DAY = 2
#: On practice and own sites too: every planned time is a row for good.
SHORTEST = timedelta(minutes=10)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def duration(text: object) -> timedelta:
    """'30m', '6h', '1d'. ValueError with a sentence otherwise."""
    if isinstance(text, timedelta):
        return text
    match = re.fullmatch(r"(\d{1,5})([mhd])", str(text).strip())
    if not match or int(match[1]) == 0:
        raise ValueError("a duration is a whole number and m, h or d, such as 6h")
    return int(match[1]) * _UNITS[match[2]]


def time_of_day(text: object) -> time:
    """'09:30'. ValueError with a sentence otherwise."""
    if isinstance(text, time):
        return text
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", str(text).strip())
    if not match:
        raise ValueError("a time of day is written 09:30")
    return time(int(match[1]), int(match[2]))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class When(_Strict):
    """Times of day, or every so often; exactly one of the two."""

    at: Annotated[tuple[time, ...], Field(min_length=1)] | None = None
    every: timedelta | None = None
    timezone: str | None = None

    @field_validator("at", mode="before")
    @classmethod
    def _times(cls, value: object) -> object:
        if not isinstance(value, list):
            raise ValueError('times are a list, such as ["09:30", "15:00"]')
        return tuple(sorted({time_of_day(entry) for entry in value}))

    @field_validator("every", mode="before")
    @classmethod
    def _interval(cls, value: object) -> object:
        interval = duration(value)
        if interval < SHORTEST:
            raise ValueError(f"{value} is too often; 10m is the shortest")
        return interval

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        try:
            ZoneInfo(value or "UTC")
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"there is no time zone {value!r}; write one such as Asia/Shanghai") from error
        return value

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.at is not None and self.every is not None:
            raise ValueError("give at or every, not both")
        return self


class Watch(When):
    """The [watch] table."""

    probes: Annotated[tuple[str, ...], Field(min_length=1)]
    late: timedelta = timedelta(hours=1)
    when: dict[str, When] = {}

    @field_validator("late", mode="before")
    @classmethod
    def _late(cls, value: object) -> object:
        return duration(value)


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore")  # other tables of the file belong to others

    watch: Watch


@dataclass(frozen=True)
class Timing:
    """When one probe is due."""

    probe: str
    key: ProbeKey
    at: tuple[time, ...]
    every: timedelta | None
    zone: ZoneInfo

    def due(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Every due time in (after, until], in UTC and in order. The same for every start of the program."""
        if self.every is not None:
            yield from self._every(self.every, after, until)
            return
        day = after.astimezone(self.zone).date() - timedelta(days=1)
        last = until.astimezone(self.zone).date() + timedelta(days=1)
        while day <= last:
            for clock in self.at:
                # A time that a change of the clocks leaves out falls as much later; one that comes twice counts once.
                moment = datetime.combine(day, clock, self.zone).astimezone(UTC)
                if after < moment <= until:
                    yield moment
            day += timedelta(days=1)

    def _every(self, interval: timedelta, after: datetime, until: datetime) -> Iterator[datetime]:
        # Counted from a fixed moment and shifted by the probe's name: restarts move nothing, probes do not pile up.
        step = int(interval.total_seconds())
        shift = zlib.crc32(self.probe.encode()) % step // 60 * 60
        number = (int(after.timestamp()) - shift) // step
        while True:
            moment = datetime.fromtimestamp(number * step + shift, UTC)
            if moment > until:
                return
            if moment > after:
                yield moment
            number += 1


@dataclass(frozen=True)
class Plan:
    """What to watch. `late`: how long after its time a run may still start."""

    timings: tuple[Timing, ...]
    late: timedelta

    def timing(self, probe: str) -> Timing | None:
        return next((timing for timing in self.timings if timing.probe == probe), None)


def load_plan(path: Path, lifted: frozenset[str] = frozenset()) -> Plan:
    """The plan of a file; UsageError when there is none, MalformedFile naming the dotted place when it is wrong.

    `lifted`: platforms (by id) without the floor and the cap, as practice platforms are.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        do = "write one with a [watch] table (docs/watch.md) or name another with --plan"
        raise UsageError("There is no plan", where=str(path), do=do) from error
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedFile("The plan cannot be read", where=f"{path}: {error}") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MalformedFile("The plan is no TOML", where=f"{path.name}: {error}") from error
    try:
        watch = _File.model_validate(data).watch
    except ValidationError as error:
        raise MalformedFile(_first(error), where=path.name, do="docs/watch.md shows a plan") from error
    return Plan(tuple(_timings(watch, path, lifted)), watch.late)


def _first(error: ValidationError) -> str:
    details: ErrorDetails = error.errors()[0]
    place = ".".join(str(part) for part in details["loc"]) or "the file"
    context: dict[str, Any] = details.get("ctx", {})
    told = {"missing": "this is missing", "extra_forbidden": "unknown key"}.get(details["type"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{place}: {told or context.get('error') or details['msg']}{more}"


def _timings(watch: Watch, path: Path, lifted: frozenset[str]) -> Iterator[Timing]:
    from tohuman.probes.schema import parse_probe_id

    unknown = next((probe for probe in watch.when if probe not in watch.probes), None)
    if unknown is not None:
        raise MalformedFile(f"watch.when.{unknown}: it is not among watch.probes", where=path.name)
    for number, probe in enumerate(watch.probes):
        place = f"watch.probes.{number + 1}"
        try:
            key = parse_probe_id(probe)
        except ValueError as error:
            raise MalformedFile(f"{place}: {error}", where=path.name) from error
        if probe in watch.probes[:number]:
            raise MalformedFile(f"{place}: {probe} stands here twice", where=path.name)
        own = watch.when.get(probe, When())
        timed: When = own if own.at or own.every else watch
        at, every = timed.at or (), timed.every
        if not at and every is None:
            raise MalformedFile(f"{place}: nothing says when (at or every)", where=path.name)
        if key.platform not in lifted:
            if every is not None and every < max(FLOOR, timedelta(days=1) / PER_DAY):
                raise MalformedFile(
                    f"{place}: at most {PER_DAY} runs a day of one probe, so every = 12h or more", where=path.name
                )
            if len(at) > PER_DAY or any(gap < FLOOR for gap in _gaps(at)):
                told = f"at most {PER_DAY} times a day, at least {int(FLOOR.total_seconds()) // 3600} hours apart"
                raise MalformedFile(f"{place}: {told}", where=path.name)
        yield Timing(probe, key, at, every, ZoneInfo(own.timezone or watch.timezone or "UTC"))


def _gaps(at: tuple[time, ...]) -> Iterator[timedelta]:
    """Between neighbouring times of day, over midnight too."""
    minutes = sorted(clock.hour * 60 + clock.minute for clock in at)
    for here, there in zip(minutes, [*minutes[1:], minutes[0] + 24 * 60] if minutes else [], strict=True):
        yield timedelta(minutes=there - here)
