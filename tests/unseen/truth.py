"""The shape of <id>/truth.yaml: what method and design of a hold-out site make of it, written before anything ran.

`naive`: what the fixed naive policy must count under the stop rule `offered`; `shortest`: the fewest actions there are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from tohuman.results.vocabulary import Diversion, Gate, Outcome, Start, Surface

HERE = Path(__file__).parent


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_pair(step: dict[str, str]) -> dict[str, str]:
    if len(step) != 1:
        raise ValueError("a step is one pair, such as {press: Help}")
    return step


#: press: a click. say: a typed turn (the words of the plain script; the site takes others too). option: a turn by
#: pressing. field: a required value given. asked: one demanded at the wall, not given. obstacle: an overlay closed.
Step = Annotated[
    dict[Literal["press", "say", "option", "field", "asked", "obstacle", "back"], str], AfterValidator(_one_pair)
]


class Way(_Strict):
    outcome: Outcome
    gate: Gate | None = None
    to: Diversion | None = None
    clicks: int = Field(ge=0)
    turns: int = Field(ge=0)
    fields: int = Field(default=0, ge=0)
    obstacle_clicks: int = Field(default=0, ge=0)
    way: tuple[Step, ...]
    reasoning: str = ""

    @property
    def actions(self) -> int:
        return self.clicks + self.turns

    @model_validator(mode="after")
    def _adds_up(self) -> Way:
        kinds = [next(iter(step)) for step in self.way]
        found = {
            "clicks": kinds.count("press") + kinds.count("back"),
            "turns": kinds.count("say") + kinds.count("option"),
            "fields": kinds.count("field") + kinds.count("asked"),
            "obstacle_clicks": kinds.count("obstacle"),
        }
        for column, value in found.items():
            if getattr(self, column) != value:
                raise ValueError(f"{column}: {getattr(self, column)} counted, {value} on the way")
        return self


class StartTruth(_Strict):
    naive: Way
    shortest: Way


class SiteTruth(_Strict):
    """One hold-out site: what it is, and what must be found from each start."""

    id: str
    name: str
    locale: str
    surface: Surface = Surface.WEB
    story: str
    techniques: tuple[str, ...]
    starts: dict[Start, StartTruth]


def load_truth(site_id: str) -> SiteTruth:
    """Raises KeyError for an unknown id, pydantic.ValidationError for a bad file."""
    path = HERE / site_id / "truth.yaml"
    if not path.is_file():
        raise KeyError(site_id)
    truth = SiteTruth.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    if truth.id != site_id:
        raise ValueError(f"{path}: id is {truth.id!r}")
    return truth
