"""A run's events as the story a page tells: which are its main line, what number each counted thing has.

Counts nothing itself: the numbers come from the measures' proofs. No markup; the template tells it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tohuman.results.events import AnyEvent, Event, Gesture, Message, MessageChanged

#: Columns whose proofs are shown as a number on the event ("click 3").
BADGES = ("clicks", "turns", "obstacle_clicks", "fields", "pages")
#: How the program read and decided, and what only repeats its neighbour: shown small, and only when asked for.
_MINOR = {"choice", "reading", "step", "wait", "note", "picture", "message_changed", "conversation"}


@dataclass(frozen=True)
class Badge:
    """`column` of the measures, `number` 1, 2, … within the run, `event` the number of the event that proves it."""

    column: str
    number: int
    event: int


@dataclass(frozen=True)
class Item:
    """One event of the story. `text`: what it says in the end, '' where a neighbour says the same; `changed`: the
    events that changed it."""

    event: Event
    kind: str
    minor: bool
    badges: tuple[Badge, ...]
    text: str = ""
    changed: tuple[int, ...] = ()


def story(events: Sequence[AnyEvent], proof: Mapping[str, Sequence[int]]) -> list[Item]:
    """One item per event, in order; nothing is left out."""
    messages = {e.n: e for e in events if isinstance(e, Message)}
    # What a press said is told by the message it became; the press itself is a minor line then.
    told = {e.gesture: e.n for e in messages.values() if e.gesture is not None}
    badges: dict[int, list[Badge]] = {}
    for column in BADGES:
        for number, n in enumerate(proof.get(column, ()), start=1):
            badges.setdefault(told.get(n, n), []).append(Badge(column, number, n))
    changes: dict[str, list[MessageChanged]] = {}
    for e in events:
        if isinstance(e, MessageChanged):
            changes.setdefault(e.id, []).append(e)
    return [_item(e, tuple(badges.get(e.n, ())), messages, changes, told) for e in events]


def _item(
    event: AnyEvent,
    badges: tuple[Badge, ...],
    messages: Mapping[int, Message],
    changes: Mapping[str, Sequence[MessageChanged]],
    told: Mapping[int, int],
) -> Item:
    minor = event.type in _MINOR
    text = str(getattr(event, "text", ""))
    changed: tuple[int, ...] = ()
    if isinstance(event, Gesture):
        minor = not badges and (event.n in told or not event.activation)
        text = "" if event.n in told else event.said
    elif isinstance(event, Message):
        later = changes.get(event.id, ())
        # A reply that streams in is told as it stood in the end; a removed one as it stood.
        text = next((c.text for c in reversed(later) if c.text and not c.removed), event.text)
        changed = tuple(c.n for c in later)
    elif event.type in ("finding", "barrier", "left") and any(m.text == text for m in messages.values()):
        text = ""
    return Item(event, event.type, minor, badges, text, changed)
