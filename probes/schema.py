"""Platform files: what one file may say, and how files become `Platform` objects.

The informed way's steps are in schema_steps.py, the small types in schema_fields.py, reading YAML in data_file.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from tohuman.probes.data_file import DataFileError, Place, Problem, quoted, read_document
from tohuman.probes.problems import Contradictions, nearest, validated
from tohuman.probes.schema_fields import (
    Address,
    Country,
    Fact,
    Id,
    Line,
    Lines,
    Locale,
    Prose,
    Sourced,
    Strict,
    as_tuple,
    check_id,
    check_locale,
)
from tohuman.probes.schema_steps import Open, Way
from tohuman.results.events import ProbeKey
from tohuman.results.vocabulary import Policy, Scenario, Start, Surface

StartName = Literal["help", "home"]
SurfaceName = Literal["web", "web-mobile", "phone", "app"]
#: The surfaces a program walks; phone and app are observed by a person (method, "What a run is").
WALKED: tuple[SurfaceName, ...] = ("web", "web-mobile")


class PlatformFileError(DataFileError):
    """A platform file was refused. `sentences`: one per problem, 'file.yaml: dotted.place: what is wrong (line n)'."""


class Page(Sourced):
    url: Address


class StartPage(Page):
    """A start page; `mobile` where the platform has a page of its own for phones."""

    mobile: Page | None = None


class Platform(Strict):
    """One platform: facts, each with certainty and source, and optionally the informed way per surface."""

    id: Id
    names: dict[Locale, Line]
    country: Country
    locale: Locale
    kind: Literal["platform", "redress_body"] = "platform"
    own: bool = False
    status: Literal["unverified", "verified"] = "unverified"
    surfaces: Annotated[tuple[SurfaceName, ...], BeforeValidator(as_tuple), Field(min_length=1)]
    starts: dict[StartName, StartPage] = Field(default={})
    chat_page: Page | None = None
    login_required: Fact[bool] | None = None
    hours: Fact[Line] | None = None
    phone: Fact[Line] | None = None
    vendor: Fact[Line] | None = None
    labels: Fact[Lines] | None = None
    known_way: Fact[Lines] | None = None
    reported: Annotated[tuple[Fact[Prose], ...], BeforeValidator(as_tuple)] = ()
    withheld: Line | None = None
    notes: Prose | None = None
    informed: dict[Literal["web", "web-mobile"], Way] = Field(default={})

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        found = list(self._contradictions())
        if found:
            raise Contradictions(found)
        return self

    def _contradictions(self) -> Iterator[tuple[Place, str]]:
        walked = [surface for surface in self.surfaces if surface in WALKED]
        if "en" not in self.names:
            yield ("names",), "an English name is needed (key en)"
        if len(set(self.surfaces)) != len(self.surfaces):
            yield ("surfaces",), "one surface stands here twice"
        if walked and not self.starts and self.kind == "platform" and not self.withheld:
            yield ("starts",), f"a platform with the surface {walked[0]} needs a start page"
        # A wrong number sends people to fraudsters; a wrong "no log-in" or closing time misreads every run.
        if self.phone is not None and self.phone.certainty != "multi":
            yield ("phone",), "a phone number needs certainty multi (three independent sources), else leave it out"
        for name, fact in (("login_required", self.login_required), ("hours", self.hours)):
            if fact is not None and fact.certainty not in ("multi", "few"):
                yield (name,), f"{name} needs certainty multi or few, else leave it out"
        if self.informed and (self.kind == "redress_body" or self.withheld):
            yield ("informed",), "a platform that is never probed has no informed way"
        for surface, steps in self.informed.items():
            if surface not in self.surfaces:
                yield ("informed", surface), f"{surface} is not among the surfaces"
            if isinstance(steps[0], Open) and steps[0].start not in self.starts:
                yield ("informed", surface, 0), f"starts names no start page {steps[0].start}"

    def name(self, locale: str) -> str:
        """The name in a language, else in English."""
        return self.names.get(locale) or self.names["en"]

    def address(self, start: str, surface: str = "web") -> str:
        """The address a run of this start and surface opens; KeyError where the file knows none."""
        page = {str(name): page for name, page in self.starts.items()}[start]
        return page.mobile.url if surface == "web-mobile" and page.mobile is not None else page.url

    def probe_ids(self, scenarios: Iterable[Scenario] = (Scenario.GENERAL,)) -> list[str]:
        """The probes a plan can name, 'id/start/surface/policy/scenario/locale'; none for a redress body or a
        withheld platform. Every other scenario of the vocabulary may be named too."""
        keys = (
            ProbeKey(
                platform=self.id,
                start=start.value,
                surface=surface,
                policy=policy,
                scenario=scenario.value,
                locale=self.locale,
            )
            for start in Start
            for surface in WALKED
            for policy in ("naive", "informed")
            for scenario in scenarios
        )
        return [probe_id(key) for key in keys if self.cannot(key) is None]

    def cannot(self, key: ProbeKey) -> str | None:
        """Why this probe cannot be walked, as one sentence, or None when it can."""
        if key.platform != self.id:
            return f"{key.platform} is not {self.id}"
        if self.kind == "redress_body":
            return f"{self.id} is a place to complain, not a customer service: it is never probed"
        if self.withheld:
            return f"{self.id} is withheld: {self.withheld}"
        if key.surface not in self.surfaces:
            return f"{self.id} has no surface {key.surface}; it has {', '.join(self.surfaces)}"
        if key.surface not in WALKED:
            return f"the surface {key.surface} is only observed by a person, never walked by the program"
        if key.start not in self.starts:
            return f"{self.id} has no start page {key.start}; it has {', '.join(self.starts)}"
        if key.locale != self.locale:
            return f"{self.id} is measured in {self.locale}, not in {key.locale}"
        if key.policy == "informed":
            first = {str(surface): steps[0] for surface, steps in self.informed.items()}.get(key.surface)
            if not isinstance(first, Open) or first.start != key.start:
                return f"{self.id} has no informed way from {key.start} on {key.surface}"
        return None


def probe_id(key: ProbeKey) -> str:
    """'id/start/surface/policy/scenario/locale', the form `parse_probe_id` reads; the vantage is not part of it."""
    return "/".join((key.platform, key.start, key.surface, key.policy, key.scenario, key.locale))


def parse_probe_id(text: str, vantage: str = "unset") -> ProbeKey:
    """'platform/start/surface/policy/scenario/locale', all six; ValueError with one sentence otherwise."""
    parts = text.split("/")
    if len(parts) != 6:
        raise ValueError(f"{quoted(text)} is no probe: write platform/start/surface/policy/scenario/locale")
    platform, start, surface, policy, scenario, locale = parts
    for what, part, known in (
        ("start", start, Start),
        ("surface", surface, Surface),
        ("policy", policy, Policy),
        ("scenario", scenario, Scenario),
    ):
        words = [str(member) for member in known]
        if part not in words:
            hint = f"{nearest(part, words)}; known: {', '.join(words)}"
            raise ValueError(f"{quoted(text)}: {quoted(part)} is no {what}{hint}")
    try:
        check_id(platform)
        check_locale(locale)
    except ValueError as error:
        raise ValueError(f"{quoted(text)}: {error}") from None
    return ProbeKey(
        platform=platform,
        start=Start(start).value,
        surface=Surface(surface).value,
        policy=Policy(policy).value,
        scenario=scenario,
        locale=locale,
        vantage=vantage,
    )


def builtin_dir() -> Path:
    """The directory of the platform files that come with the program."""
    return Path(__file__).parent / "platforms"


def load_platform(path: Path | str) -> Platform:
    """One platform file; PlatformFileError with every problem found."""
    platform, problems = _read(Path(path))
    if platform is None:
        raise PlatformFileError(problems)
    return platform


def read_platforms(directory: Path | str | None = None) -> tuple[list[Platform], list[str]]:
    """The platforms of a directory (default: the built-in one) by id, and a sentence for each problem: one broken
    file never hides the others."""
    folder = builtin_dir() if directory is None else Path(directory)
    if not folder.is_dir():
        return [], [f"{quoted(folder, limit=200)}: there is no such directory"]
    platforms: list[Platform] = []
    problems: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.suffix in (".yml", ".YAML", ".YML"):
            problems.append(Problem((), "a platform file's name ends in .yaml").sentence(quoted(path.name, marks="")))
        elif path.suffix == ".yaml":
            platform, sentences = _read(path)
            platforms += [platform] if platform is not None else []
            problems += sentences
    return sorted(platforms, key=lambda platform: platform.id), problems


def load_platforms(directory: Path | str | None = None) -> list[Platform]:
    """All platforms of a directory (default: the built-in one), by id; PlatformFileError if any file is refused."""
    platforms, problems = read_platforms(directory)
    if problems:
        raise PlatformFileError(problems)
    return platforms


def _read(path: Path) -> tuple[Platform | None, list[str]]:
    file = quoted(path.name, marks="", limit=100)
    document = read_document(path)
    found = validated(Platform, document)
    if isinstance(found, list):
        return None, [problem.sentence(file) for problem in found]
    if path.name != f"{found.id}.yaml":
        told = f"the id must equal the file's name; call the file {found.id}.yaml"
        return None, [Problem(("id",), told, document.line(("id",))).sentence(file)]
    return found, []
