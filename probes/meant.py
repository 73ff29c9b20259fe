"""Which control of a view a written step means, and what stands there to be named. Nothing is pressed here."""

from __future__ import annotations

from typing import Any

from .alike import norm
from .sight import Control, Field, Sight

ALIKE = {"link": ("link", "a"), "button": ("button", "submit", "summary", "input"), "generic": ()}
Step = dict[str, Any]


def fits(control: Control, step: Step) -> bool:
    """Role and accessible name, as the step names them; a control without a name goes by what stands around it."""
    name, role = norm(str(step.get("name", ""))), str(step.get("role", ""))
    own = norm(control.label)
    named = own == name if step.get("exact", True) else name in own
    return named and (control.role == role or role == "generic" or control.role in ALIKE.get(role, ()))


def fitting(sight: Sight, step: Step, *, talking: bool) -> Control | None:
    """The control a press step means. `nth` (from 1) counts those of the page that fit; in a conversation the one
    offered last is meant, and one offered there comes before one of the page while it is going on."""
    found = [c for c in sight.controls if not c.disabled and fits(c, step)]
    page = [c for c in found if c.place == "outside"]
    inside = [c for c in found if c.place != "outside"]
    if inside and (talking or not page):
        return inside[-1]
    nth = int(step.get("nth", 1))
    return page[nth - 1] if len(page) >= nth else None


def names_field(field: Field, step: Step) -> bool:
    """Is this the field a step names?"""
    name, own = norm(str(step.get("name", ""))), [norm(field.label), norm(field.hint)]
    return name in own if step.get("exact", True) else any(name in x for x in own)


def names(sight: Sight) -> list[str]:
    return list(dict.fromkeys(f"{c.role or 'generic'}: {c.label}" for c in sight.controls if c.label))
