"""Which gestures and messages of a journal count, and as what: click, turn, obstacle click, nothing (METHOD §2, §2a).

Pure. How the run ended, and so where the way was over, is verdict.py's; sums and columns are measures.py's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tohuman.results.effort import Act
from tohuman.results.events import AnyEvent, Gesture, Left, Message, Obstacle, RunStarted, View
from tohuman.results.verdict import up_to_the_end

Kind = Literal["click", "turn", "obstacle"]


@dataclass(frozen=True)
class Counted:
    """One thing that counts. `event` is the gesture (or the message, or the obstacle) that proves it; `times` is above
    1 only for what the consent library pressed."""

    kind: Kind
    event: int
    label: str
    address: str
    act: Act
    times: int = 1


@dataclass
class Counts:
    """What counts, in order, and the numbers of the events behind the flags. `faked`: kind of gesture → events."""

    counted: list[Counted] = field(default_factory=list)
    dead: list[int] = field(default_factory=list)
    double: list[int] = field(default_factory=list)
    jumps: list[int] = field(default_factory=list)
    faked: dict[str, list[int]] = field(default_factory=dict)

    def of(self, kind: Kind) -> list[int]:
        """The numbers of the events that count as `kind`, in order."""
        return [counted.event for counted in self.counted if counted.kind == kind]

    def total(self, kind: Kind) -> int:
        return sum(counted.times for counted in self.counted if counted.kind == kind)


def kind_of(gesture: Gesture, sent: bool = False) -> Kind | None:
    """What a gesture is by itself: a click, a turn, or neither. Flags, obstacles and the end of the way are not
    looked at here. `sent`: a consumer message of the journal names it as the gesture that sent it.

    A gesture that sent the text of the box, or put a consumer message into the log, is a turn wherever it was made,
    even where the thing pressed is a field. A press of a field is neither, and so is a press in the box that sent
    nothing. Dialogs, back, closed popups and jumps are clicks by nature: they belong to the browser, not to the page.
    """
    if gesture.gesture in ("dialog", "back", "popup_closed", "jump"):
        return "click"
    if not gesture.trusted or gesture.gesture == "scripted":
        return None
    if gesture.said or gesture.posted or sent:
        return "turn"
    if not gesture.activation or gesture.field or gesture.place == "box":
        return None
    return "click" if gesture.place == "outside" else "turn"


def count(events: Sequence[AnyEvent], end: int | None = None) -> Counts:
    """What counts on the way. `end`: position of the event at which the way was over (verdict.py); gestures made
    after it do not count, nor those made to leave.

    The browser's word is the law where it counted: there a message that appeared by itself (an auto-opened chat that
    speaks for the consumer) costs nothing, and one that names its gesture makes that gesture a turn. Where no browser
    counted (a phone or app, a chat somebody wrote down) each message of the consumer is a turn. Closing the
    conversation counts when the walk went on after it (it is then a step back), and not when it was the end.
    """
    events = up_to_the_end(events)
    over = events[end] if end is not None and end < len(events) else None
    overlays = {event.gesture for event in events if isinstance(event, Obstacle) and event.gesture is not None}
    sent = {event.gesture for event in events if isinstance(event, Message) and event.author == "consumer"}
    leaves = _Leaves(events)
    written_down = not _browser_counted(events)
    counts = Counts()
    places = _Places()
    for position, event in enumerate(events):
        places.take(event)
        # A gesture is told when its effect is known, which may be after the answer: its own time says when it was made.
        if over is not None and end is not None and position > end and event.t >= over.t:
            continue
        if isinstance(event, Gesture):
            if event.n not in leaves.gestures:
                _count_gesture(event, event.n in sent, event.n in overlays, counts, places)
        elif isinstance(event, Obstacle) and event.gesture is None and event.clicks > 0:
            label = event.label or event.kind
            act = Act(times=event.clicks)
            counts.counted.append(Counted("obstacle", event.n, label, places.now, act, event.clicks))
        elif isinstance(event, Message) and written_down and _is_turn(event) and event.n not in leaves.messages:
            act = Act(by="key", typed=event.text)
            counts.counted.append(Counted("turn", event.n, event.text, places.now, act))
    leaves.drop_the_last(counts)
    return counts


def _count_gesture(event: Gesture, sent: bool, overlay: bool, counts: Counts, places: _Places) -> None:
    kind = kind_of(event, sent)
    if event.by == "autoconsent":
        # Its presses are scripted and no fakes; those an obstacle does not name are in an obstacle's `clicks`.
        if overlay:
            counts.counted.append(Counted("obstacle", event.n, event.label, places.of(event), Act()))
        return
    if kind is None:
        if event.activation and (not event.trusted or event.gesture == "scripted"):
            counts.faked.setdefault(event.gesture, []).append(event.n)
        return
    if event.double:
        counts.double.append(event.n)
        return
    if event.changed is False:
        counts.dead.append(event.n)
    if overlay:
        kind = "obstacle"
    elif event.gesture == "jump":
        counts.jumps.append(event.n)
    by: Literal["pointer", "key"] = "key" if event.gesture == "key" else "pointer"
    act = Act(by=by, typed=event.said if kind == "turn" else "")
    label = event.said if kind == "turn" and event.said else event.label
    counts.counted.append(Counted(kind, event.n, label, places.of(event), act))


def _browser_counted(events: Sequence[AnyEvent]) -> bool:
    """Whether gestures were counted in a browser: on the web, unless a person wrote down what was said and no more."""
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    if started is not None and started.probe.surface in ("phone", "app"):
        return False
    by_hand = started is None or started.observer == "human"
    return not by_hand or any(isinstance(event, Gesture) for event in events)


def _is_turn(message: Message) -> bool:
    return message.author == "consumer" and not message.history and message.gesture is None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


class _Leaves:
    """The gestures and messages by which the consumer left for good, and those by which a conversation was closed."""

    def __init__(self, events: Sequence[AnyEvent]) -> None:
        self.gestures: set[int] = set()
        self.messages: set[int] = set()
        self._closings: set[int] = set()
        mine = [event for event in events if isinstance(event, Message) and event.author == "consumer"]
        for event in events:
            if not isinstance(event, Left):
                continue
            if event.gesture is not None and event.how == "closed":
                self._closings.add(event.gesture)
            elif event.gesture is not None:
                self.gestures.add(event.gesture)
            elif event.how == "said":
                last = [message for message in mine if _folded(message.text) == _folded(event.text)][-1:]
                self.messages |= {message.n for message in last}
                self.gestures |= {message.gesture for message in last if message.gesture is not None}
        self.messages |= {message.n for message in mine if message.gesture in self.gestures}

    def drop_the_last(self, counts: Counts) -> None:
        """Takes the closings at the very end off what counts: nothing was reached by them."""
        while counts.counted and counts.counted[-1].event in self._closings:
            gone = counts.counted.pop().event
            counts.dead = [number for number in counts.dead if number != gone]


class _Places:
    """Which address a page had when something happened there."""

    def __init__(self) -> None:
        self.now = ""
        self._pages: dict[str, str] = {}

    def take(self, event: AnyEvent) -> None:
        if isinstance(event, RunStarted):
            self.now = event.start_url
        elif isinstance(event, View):
            self.now = self._pages[event.page] = event.address

    def of(self, gesture: Gesture) -> str:
        return self._pages.get(gesture.page, self.now)


def faked_kinds(counts: Counts) -> dict[str, int]:
    """Kind of gesture → how many were made by script."""
    return dict(sorted(Counter({kind: len(events) for kind, events in counts.faked.items()}).items()))
