"""A run order: everything a worker needs to make one run, as a small JSON; nothing of how it is carried out."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tohuman.results.events import Budget, ProbeKey


class Order(BaseModel):
    """One planned run. `url`: the start page; `script`: a Python file with `async def walk(page)`, no policy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platform: str
    url: str
    name: str = ""
    locale: str = ""  # '' = taken from the page
    surface: Literal["web", "web-mobile"] = "web"
    policy: Literal["naive", "informed", "explore", "script"] = "naive"
    scenario: str = "general"
    start: Literal["help", "home"] = "help"
    stop: Literal["offered", "answered"] = "offered"
    budget: Budget = Budget()
    simulated: bool = False
    allow_private: bool = False
    evidence: Literal["none", "light"] = "none"
    script: str = ""
    way: list[dict[str, object]] = []  # the informed way's steps
    vantage: str = "unset"
    due: str = ""  # the planned time (ISO 8601) this run is for; the store links the two by it
    timezone: str = "UTC"
    headless: bool = True

    def key(self) -> ProbeKey:
        """The probe this run belongs to."""
        return ProbeKey(
            platform=self.platform,
            start=self.start,
            surface=self.surface,
            policy=self.policy,
            scenario=self.scenario,
            locale=self.locale or "und",
            vantage=self.vantage,
        )
