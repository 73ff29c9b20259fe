"""What a run says of a written way that no longer fits: which step, what it looked for, what stands there now.

Reads a journal's events; the new way is found by exploring (runners/cli/heal.py puts the two side by side).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tohuman.results.events import AnyEvent, Failure, Note

from .alike import norm

#: How alike two names must be to be called the same thing renamed (0 to 1).
ALIKE = 0.45


@dataclass(frozen=True)
class Break:
    """`step`: its number in the way, from 1. `wanted`: what it names. `now`: `role: name` of what stands there.
    `likely`: those of them that read most like it."""

    step: int
    sentence: str
    wanted: str = ""
    now: list[str] = field(default_factory=list)
    likely: list[str] = field(default_factory=list)


def find_break(events: Iterable[AnyEvent], way: Sequence[dict[str, Any]]) -> Break | None:
    """Where a run of `way` broke, or None when it did not."""
    now: list[str] = []
    for event in events:
        if isinstance(event, Note) and "controls" in event.data:
            now = [str(c) for c in event.data["controls"]]
        if isinstance(event, Failure) and event.outcome == "broken":
            number = int(event.step) if event.step.isdigit() else 0
            step = way[number - 1] if 0 < number <= len(way) else {}
            wanted = str(step.get("name") or step.get("what") or "")
            return Break(number, event.sentence, wanted, now, alike(wanted, now))
    return None


def alike(wanted: str, now: Sequence[str]) -> list[str]:
    """Those names that could be the wanted one renamed, most alike first."""
    own = norm(wanted)
    if not own:
        return []
    scored = []
    for entry in now:
        name = norm(entry.partition(": ")[2] or entry)
        ratio = difflib.SequenceMatcher(None, own, name).ratio()
        if ratio >= ALIKE or (name and (own in name or name in own)):
            scored.append((-ratio, entry))
    return [entry for _, entry in sorted(scored)][:3]


def difference(old: str, new: str, name: str) -> list[str]:
    """A unified diff of a platform file, line by line."""
    return [
        line.rstrip("\n")
        for line in difflib.unified_diff(
            old.splitlines(keepends=True), new.splitlines(keepends=True), f"{name}.yaml", f"{name}.yaml (explored)"
        )
    ]
