"""The steps of an informed way, one class each: what a person who knows the way does, in the order they do it.

A control is named as a screen reader names it, by role and accessible name; walking them is informed.py's work.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from tohuman.probes.schema_fields import Line, Strict, as_tuple

Role = Literal[
    "button", "link", "tab", "menuitem", "option", "radio", "checkbox", "switch", "treeitem", "combobox",
    "listbox", "textbox", "searchbox", "img", "heading", "dialog", "log", "generic",
]  # fmt: skip

_JUMPS = ("goto", "url", "address", "href", "navigate", "visit", "jump")
_SELECTORS = ("selector", "css", "xpath", "locator", "testid", "class")
_JUMP = "an informed way must not jump to an address: a person presses their way there (name the controls pressed)"
_SELECTOR = "a control is named by role and name, as a person or a screen reader finds it, never by selector"


def _no_personal_data(text: str) -> str:
    if "@" in text or re.search(r"\d(?:[\s.-]?\d){4}", text):
        raise ValueError("a sentence must not carry an e-mail address or a number of five or more digits")
    return text


class _Control(Strict):
    """`exact`: the whole accessible name, not a part of it. `frame`: title or name of the frame it stands in."""

    role: Role
    name: Line
    exact: bool = True
    frame: Line | None = None


class Open(Strict):
    """Open the start page; the first step of every way, and the only one that opens an address.

    `linger`: look at it as long as one who sees it for the first time, so that what lays itself over it late is met.
    """

    do: Literal["open"]
    start: Literal["help", "home"] = "help"
    linger: Literal[True] | None = None


class Press(_Control):
    """`nth`: which one, from 1, of several of that role and name, in the order of the page."""

    do: Literal["press"]
    nth: Annotated[int, Field(ge=1, le=100)] = 1


class Search(_Control):
    """Type into the page's own search field and submit it: the scenario's sentence, or a fixed text (one click)."""

    do: Literal["search"]
    scenario: Literal[True] | None = None
    text: Annotated[Line, AfterValidator(_no_personal_data)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.scenario is None) == (self.text is None):
            raise ValueError("search needs exactly one of: scenario: true, text: <words>")
        return self


class Say(Strict):
    """Exactly one of: the scenario's sentence, line n of the language's ladder (from 1), the declared name or e-mail
    where the bot asks for them in words, or a fixed text."""

    do: Literal["say"]
    scenario: Literal[True] | None = None
    ladder: Annotated[int, Field(ge=1, le=20)] | None = None
    contact: Literal["name", "email", "both"] | None = None
    text: Annotated[Line, AfterValidator(_no_personal_data)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(part is not None for part in (self.scenario, self.ladder, self.contact, self.text)) != 1:
            raise ValueError(
                "say needs exactly one of: scenario: true, ladder: <line number>, contact: name, text: <words>"
            )
        return self


class Fill(_Control):
    """Fill a required field of a pre-chat form with the declared contact; nothing else is ever filled in."""

    do: Literal["fill"]
    contact: Literal["name", "email", "topic"]


class WaitFor(Strict):
    """Wait, within the run's budget, for the conversation, the reply in progress, or a control."""

    do: Literal["wait_for"]
    what: Literal["conversation", "reply", "control"] = "control"
    role: Role | None = None
    name: Line | None = None
    exact: bool = True
    frame: Line | None = None

    @model_validator(mode="after")
    def _control_is_named(self) -> Self:
        named = self.role is not None and self.name is not None
        if self.what == "control" and not named:
            raise ValueError("wait_for a control needs its role and name")
        if self.what != "control" and (self.role, self.name, self.frame) != (None, None, None):
            raise ValueError(f"wait_for the {self.what} takes no role, name or frame")
        return self


class Back(Strict):
    """One step back in the history (counted as one click)."""

    do: Literal["back"]


def _explain(step: Any) -> Any:
    """Say why a jump or a selector is refused, before it would be called an unknown key."""
    if isinstance(step, dict):
        if step.get("do") in _JUMPS or any(key in _JUMPS for key in step):
            raise ValueError(_JUMP)
        if any(key in _SELECTORS for key in step):
            raise ValueError(_SELECTOR)
    return step


AnyStep = Open | Press | Search | Say | Fill | WaitFor | Back
Step = Annotated[Annotated[AnyStep, Field(discriminator="do")], BeforeValidator(_explain)]


def _way(steps: tuple[AnyStep, ...]) -> tuple[AnyStep, ...]:
    if not isinstance(steps[0], Open):
        raise ValueError("a way begins with the step `do: open`")
    if any(isinstance(step, Open) for step in steps[1:]):
        raise ValueError(f"only the first step opens a page; {_JUMP}")
    if not any(isinstance(step, Press | Say) for step in steps):
        raise ValueError("a way presses or says something")
    return steps


Way = Annotated[tuple[Step, ...], BeforeValidator(as_tuple), AfterValidator(_way), Field(min_length=1, max_length=60)]
