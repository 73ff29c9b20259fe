"""The walk as a person would tell it, as data without words of a language: `tohuman show` and the dashboard word it.

Captured texts are passed on as they are; whoever shows them escapes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tohuman.results.events import (
    AnyEvent,
    BarrierMet,
    Failure,
    Finding,
    FormField,
    Gesture,
    Left,
    Message,
    MessageChanged,
    Obstacle,
    Queue,
    RunStarted,
    Spent,
    View,
    Wait,
)
from tohuman.results.measures import Measures
from tohuman.results.verdict import up_to_the_end

Kind = Literal[
    "start", "page", "click", "turn", "obstacle", "press", "message", "changed", "field", "wait", "queue", "barrier",
    "finding", "left", "spent", "failure", "end",
]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing that happened: `at` seconds after the start, told by the event of that number (0: none).

    `text` is what was captured (label, message, address, sentence); `key` the slug that says what it is: gesture of a
    press, author of a message, kind of a field, wait or obstacle, state of a queue, finding, barrier, outcome's
    sentence. `flags`: dead, double, faked, not_counted, required, optional, filled, wall, removed, history.
    """

    kind: Kind
    text: str
    event: int
    at: float
    key: str = ""
    name: str = ""
    address: str = ""
    options: tuple[str, ...] = ()
    number: float | None = None
    flags: tuple[str, ...] = ()


def narrate(events: Sequence[AnyEvent], measures: Measures) -> list[Line]:
    """The lines of a run in the order of its journal; the last one tells where it ended and why.

    `measures` must be of the same journal: they say which press counted as what. A consumer message stands once, at
    the press that sent it, unless the platform showed other words than were pressed.
    """
    events = up_to_the_end(events)
    counted = {step.event: step for step in measures.path}
    flagged = {
        flag: set(measures.proof.get(column, ()))
        for flag, column in (("dead", "dead_presses"), ("double", "double_presses"), ("faked", "faked"))
    }
    lines: list[Line] = []
    for event in events:
        step = counted.get(event.n)
        if isinstance(event, Gesture):
            flags = tuple(flag for flag, numbers in flagged.items() if event.n in numbers)
            if step:
                lines.append(_act(step.kind, step.label, step.address, event, event.gesture, flags))
            elif event.activation and not event.field and event.by == "consumer":
                lines.append(
                    _act("press", event.said or event.label, "", event, event.gesture, flags or ("not_counted",))
                )
        elif step and isinstance(event, Obstacle):
            line = Line(
                "obstacle", step.label, event.n, event.t, key=event.kind, address=step.address, number=event.clicks
            )
            lines.append(line)
        elif isinstance(event, Message):
            sent = counted.get(event.gesture) if event.gesture is not None else None
            if step:
                lines.append(_act("turn", step.label, step.address, event, "message", ()))
            elif not (event.author == "consumer" and sent and _same(sent.label, event.text)):
                lines.append(_message(event))
        else:
            lines += _other(event)
    last = max(measures.proof.get("outcome", [0]))
    lines.append(Line("end", measures.why, last, measures.duration_s, key=measures.sentence_key, name=measures.outcome))
    return lines


def _act(kind: str, text: str, address: str, event: AnyEvent, key: str, flags: tuple[str, ...]) -> Line:
    kinds: dict[str, Kind] = {"click": "click", "turn": "turn", "obstacle": "obstacle"}
    return Line(kinds.get(kind, "press"), text, event.n, event.t, key=key, address=address, flags=flags)


def _message(event: Message) -> Line:
    return Line(
        "message",
        event.text,
        event.n,
        event.t,
        key=event.author,
        name=event.name,
        options=tuple(event.options),
        flags=("history",) if event.history else (),
    )


def _other(event: AnyEvent) -> list[Line]:
    """The line of any event that is neither a press nor a message; none for those that only explain how it was read."""
    n, at = event.n, event.t
    match event:
        case RunStarted():
            return [Line("start", event.start_url, n, at, key=event.probe.policy, name=event.platform_name)]
        case View():
            return [Line("page", event.title or event.dialog, n, at, key=event.page, address=event.address)]
        case MessageChanged():
            flags = ("removed",) if event.removed else ()
            return [Line("changed", event.text, n, at, key=event.id, options=tuple(event.options), flags=flags)]
        case FormField():
            told = ["required" if event.required else "optional"]
            told += ["filled"] * event.filled + ["wall"] * (event.where == "wall")
            return [Line("field", event.label, n, at, key=event.kind, flags=tuple(told))]
        case Wait():
            return [Line("wait", "", n, at, key=event.kind, number=event.seconds)]
        case Queue():
            return [Line("queue", "", n, at, key=event.state, number=event.position)]
        case BarrierMet():
            return [Line("barrier", event.text, n, at, key=event.barrier)]
        case Finding():
            return [Line("finding", event.text, n, at, key=event.finding, name=event.outcome or event.gate or event.to)]
        case Left():
            return [Line("left", event.text, n, at, key=event.how)]
        case Spent():
            return [Line("spent", "", n, at, key=event.which)]
        case Failure():
            return [Line("failure", event.sentence, n, at, key=event.reason, name=event.outcome)]
        case _:
            return []


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
