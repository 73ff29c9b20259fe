"""What must not be published about people: their names and staff numbers, taken out of a run's events and texts.

Works on a journal's events before a page or a download is made of them; the journal itself stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tohuman.results.events import EVENTS, AnyEvent, Finding, Message

MASK = "▮▮▮"
#: Staff numbers: three digits or more, with the letters that stand before them (CS0123, 工号80231).
_STAFF = re.compile(r"[A-Za-z]{0,4}\d{3,}")
#: Fields that are codes or times of ours, not captured text.
_OURS = {"type", "id", "author", "finding", "outcome", "gate", "to", "signal", "rule", "state", "action", "barrier"}
_OURS |= {"at", "sha256", "path"}


class Redaction:
    """Made from the events of a run; masks names and staff numbers from the first sign of a person on.

    Names are what the platform shows as author of a person's message; staff numbers are looked for in those messages
    and names, and in the notices that a person joined. A name of one character is no use as a pattern and stays.
    """

    def __init__(self, events: Sequence[AnyEvent]) -> None:
        signs = {n for e in events if isinstance(e, Finding) and e.finding in ("joined", "answered") for n in e.of}
        person = [e for e in events if isinstance(e, Message) and (e.author == "human" or e.n in signs)]
        names = {e.name.strip() for e in person if e.author == "human" and len(e.name.strip()) > 1}
        numbers = {found for e in person for found in _STAFF.findall(f"{e.name} {e.text}")}
        hidden = sorted(names | numbers, key=lambda s: (-len(s), s))
        self._first = min((e.n for e in person), default=0)
        self._pattern = re.compile("|".join(map(re.escape, hidden))) if hidden else None

    def text(self, text: str) -> str:
        """A text about the end of the run."""
        return self._pattern.sub(MASK, text) if self._pattern else text

    def events(self, events: Sequence[AnyEvent]) -> list[AnyEvent]:
        """The same events, numbers and order, with the texts masked."""
        if not self._pattern:
            return list(events)
        return [EVENTS.validate_python(self._masked(e.model_dump())) if e.n >= self._first else e for e in events]

    def _masked(self, value: Any, key: str = "") -> Any:
        if isinstance(value, str):
            return value if key in _OURS else self.text(value)
        if isinstance(value, dict):
            return {k: self._masked(v, str(k)) for k, v in value.items()}
        if isinstance(value, list):
            return [self._masked(v, key) for v in value]
        return value
