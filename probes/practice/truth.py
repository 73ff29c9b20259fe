"""The shape of <id>/truth.yaml: what an honest measurement of one practice platform finds, per start and stop rule.

Written by hand from the design of the site. Counts end with the deciding event: words of leaving and the press of a
queue's cancel control are not on the way (they stand in the site log with a later stage).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from tohuman.results.vocabulary import Barrier, Diversion, Gate, Outcome, Start, Stop, Surface

HERE = Path(__file__).parent


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_kind(step: dict[str, str]) -> dict[str, str]:
    if len(step) != 1:
        raise ValueError("a step is one pair, such as {press: Help}")
    return step


#: One thing the site receives, `{kind: what}`; `"*"` stands for any text.
WayStep = Annotated[dict[Literal["press", "message", "field", "obstacle", "back"], str], AfterValidator(_one_kind)]


class Counts(_Strict):
    """What must be measured. `barriers` are those the design is sure of; others may be found beside them."""

    outcome: Outcome
    gate: Gate | None = None
    to: Diversion | None = None
    clicks: int = Field(ge=0)
    turns: int = Field(ge=0)
    fields: int = Field(default=0, ge=0)
    obstacle_clicks: int = Field(default=0, ge=0)
    barriers: tuple[Barrier, ...] = ()


class Naive(_Strict):
    """`reasoning`: why a first-time visitor has one clear way here. `way`: what the site receives, in order; `back` is
    no press of the site's (it cannot be in its log) but a click of the visitor's. `way_answered`: where it differs."""

    reasoning: str
    way: tuple[WayStep, ...]
    way_answered: tuple[WayStep, ...] | None = None
    offered: Counts
    answered: Counts

    @model_validator(mode="after")
    def _way_and_counts_agree(self) -> Naive:
        for stop in Stop:
            counts, way = self.at(stop)
            obstacles = sum("obstacle" in step for step in way)
            if obstacles != counts.obstacle_clicks:
                raise ValueError(f"{stop}: {obstacles} obstacles on the way, {counts.obstacle_clicks} counted")
            activations = sum(1 for step in way if not step.keys() & {"field", "obstacle"})
            if activations != counts.clicks + counts.turns:
                raise ValueError(f"{stop}: {activations} actions on the way, {counts.clicks + counts.turns} counted")
        return self

    def at(self, stop: Stop) -> tuple[Counts, tuple[WayStep, ...]]:
        """The counts and the way under a stop rule."""
        if stop is Stop.OFFERED:
            return self.offered, self.way
        return self.answered, self.way if self.way_answered is None else self.way_answered


class Informed(_Strict):
    """The shortest way known; `outcome` under the stop rule `offered`."""

    outcome: Outcome
    clicks: int = Field(ge=0)
    turns: int = Field(ge=0)
    fields: int = Field(default=0, ge=0)
    obstacle_clicks: int = Field(default=0, ge=0)
    way: tuple[WayStep, ...]

    @model_validator(mode="after")
    def _way_and_counts_agree(self) -> Informed:
        activations = sum(1 for step in self.way if not step.keys() & {"field", "obstacle"})
        if activations != self.clicks + self.turns:
            raise ValueError(f"informed: {activations} actions on the way, {self.clicks + self.turns} counted")
        return self


class StartTruth(_Strict):
    naive: Naive
    informed: Informed


class Truth(_Strict):
    """One practice platform: who it is, what it does in one sentence, and what must be found from each start."""

    id: str
    name: str
    locale: str
    surface: Surface
    story: str
    techniques: tuple[str, ...]
    starts: dict[Start, StartTruth]

    @model_validator(mode="after")
    def _has_help(self) -> Truth:
        if Start.HELP not in self.starts:
            raise ValueError("starts.help is missing")
        return self

    def naive(self, stop: Stop = Stop.OFFERED, start: Start = Start.HELP) -> Counts:
        """What the naive policy must measure."""
        return self.starts[start].naive.at(stop)[0]


def load_truth(platform_id: str) -> Truth:
    """The truth of one platform. Raises KeyError for an unknown id, pydantic.ValidationError for a bad file."""
    path = HERE / platform_id / "truth.yaml"
    if not path.is_file():
        raise KeyError(platform_id)
    truth = Truth.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    if truth.id != platform_id:
        raise ValueError(f"{path.name}: id is {truth.id!r}, its folder is {platform_id!r}")
    return truth
