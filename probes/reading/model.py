"""What the reader gives back: a reading, and the lines a shopper says.

Shapes only; how a text is read lives in reader.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: A value is an int (position, seconds) or a text (hours, phone, a Gate or Diversion slug).
Value = int | str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text means.

    `signal`: a Signal value for a message, a ControlClass value for a control. `certainty` 0–1. `rule` names the rule
    that decided, `phrase` the (normalised) words it rests on. `also`: further signals of the text, strongest first.
    """

    signal: str
    certainty: float
    rule: str = ""
    phrase: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    also: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """What the shopper says in one language: `scenarios` by name, the `ladder` of plain requests for a person (at least
    four), the answer `not_helped`, `leave` (one sentence to a person), `disclosure`, and a placeholder `name`."""

    locale: str
    scenarios: dict[str, str]
    ladder: tuple[str, ...]
    not_helped: str
    leave: str
    disclosure: str
    name: str
