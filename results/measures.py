"""Journal to measures: every column of METHOD §2 and §3 with the numbers of the events that prove it. Pure and total.

What counts as what is counting.py's, how a run ended verdict.py's, seconds of effort effort.py's.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict

from tohuman.results import counting
from tohuman.results.counting import Counts, count
from tohuman.results.effort import Act, Effort, effort
from tohuman.results.events import (
    AnyEvent,
    BarrierMet,
    Choice,
    Conversation,
    Finding,
    FormField,
    Message,
    MessageChanged,
    Queue,
    RunStarted,
    View,
    Wait,
)
from tohuman.results.lines import clean_text
from tohuman.results.verdict import Verdict, up_to_the_end, verdict
from tohuman.results.vocabulary import MISSING, REACHED, SHOWN_APART, WALLS, Barrier, Outcome

#: Semver of the method as these modules compute it; stored with each measure.
METHOD_VERSION = "1.0.0"
_LABEL = 500  # characters of a label or text kept in the path


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BarrierCount(_Part):
    """A barrier met, and the events that show it."""

    barrier: str
    of: list[int] = []


class PathStep(_Part):
    """One counted act: `kind` click, turn or obstacle; what was pressed or said; on which address; by which event."""

    kind: str
    label: str
    address: str
    event: int


class Measures(_Part):
    """The measures of one run. Counts are whole numbers, `*_s` seconds; `proof`: column → numbers of events.

    `valid`: neither missing nor shown apart (METHOD §3). `reached`: human or handoff. `offered`: an offer stood, or a
    queue dropped the consumer. `to`: where a `diverted` run was sent. `sentence_key` names the sentence that tells the
    end, `why` is what was said or recorded there.
    """

    run_id: str
    method_version: str
    outcome: str
    gate: str
    to: str
    valid: bool
    reached: bool
    offered: bool
    answered: bool
    taken_back: bool
    clicks: int
    turns: int
    actions: int
    obstacle_clicks: int
    fields: int
    pages: int
    options_shown: int
    bot_messages: int
    bot_characters: int
    wait_page_s: float
    wait_bot_s: float
    wait_queue_s: float
    queue_first_position: int | None
    effort_s: float
    effort_low_s: float
    effort_high_s: float
    dead_presses: int
    double_presses: int
    address_jumps: int
    faked: dict[str, int]
    touches: int
    barriers: list[BarrierCount]
    proof: dict[str, list[int]]
    path: list[PathStep]
    sentence_key: str
    why: str
    duration_s: float
    conversation_began: bool

    def to_json(self) -> str:
        """One line, keys in order: the same measures are always the same bytes."""
        return json.dumps(self.model_dump(mode="python"), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def measure(events: Sequence[AnyEvent]) -> Measures:
    """The measures of a journal, or of any beginning of one; never raises, and the same events give the same measures.

    What a person met *on the way* — clicks, turns, fields, pages, options, what the bot wrote — is counted up to the
    offer that stood (METHOD §4a), so that both stop rules count alike. Waits, barriers and touches are of the whole
    run.
    """
    events = up_to_the_end(events)
    ended = verdict(events)
    counts = count(events, ended.end)
    way = events if ended.end is None else events[: ended.end]
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    proof: dict[str, list[int]] = {
        "outcome": list(ended.of),
        "offered": list(ended.offered_of),
        "answered": list(ended.answered_of),
        "taken_back": list(ended.taken_back_of),
        "clicks": counts.of("click"),
        "turns": counts.of("turn"),
        "obstacle_clicks": counts.of("obstacle"),
        "dead_presses": counts.dead,
        "double_presses": counts.double,
        "address_jumps": counts.jumps,
        "faked": sorted(number for numbers in counts.faked.values() for number in numbers),
    }
    fields = _fields(way if ended.outcome in REACHED else events, ended.outcome)
    views = _views(way)
    options = _options(way)
    bot = _bot(way)
    touches = _touches(events, ended)
    proof |= {"fields": fields, "pages": views, "touches": touches}
    proof["options_shown"] = [options[1]] if options[0] else []
    proof["bot_messages"] = [number for number, _ in bot]
    waits = {kind: _wait(events, kind) for kind in ("page", "bot", "queue")}
    proof |= {f"wait_{kind}_s": numbers for kind, (_, numbers) in waits.items()}
    position = next((event for event in events if isinstance(event, Queue) and event.position is not None), None)
    proof["queue_first_position"] = [position.n] if position else []
    began = [
        event.n
        for event in events
        if (isinstance(event, Conversation) and event.state == "begun") or isinstance(event, Message)
    ][:1]
    proof["conversation_began"] = began
    seconds = _effort(counts, [text for _, text in bot], len(fields), started)
    clicks, turns = counts.total("click"), counts.total("turn")
    return Measures(
        run_id=clean_text(started.run_id) if started else "",
        method_version=METHOD_VERSION,
        outcome=ended.outcome.value,
        gate=ended.gate,
        to=ended.to,
        valid=ended.outcome not in (*MISSING, *SHOWN_APART),
        reached=ended.outcome in REACHED,
        offered=ended.offered,
        answered=ended.answered,
        taken_back=ended.taken_back,
        clicks=clicks,
        turns=turns,
        actions=clicks + turns,
        obstacle_clicks=counts.total("obstacle"),
        fields=len(fields),
        pages=len(views),
        options_shown=options[0],
        bot_messages=len(bot),
        bot_characters=sum(len(text) for _, text in bot),
        wait_page_s=waits["page"][0],
        wait_bot_s=waits["bot"][0],
        wait_queue_s=waits["queue"][0],
        queue_first_position=position.position if position else None,
        effort_s=seconds.usual,
        effort_low_s=seconds.low,
        effort_high_s=seconds.high,
        dead_presses=len(counts.dead),
        double_presses=len(counts.double),
        address_jumps=len(counts.jumps),
        faked=counting.faked_kinds(counts),
        touches=len(touches) or int(ended.answered or ended.outcome in (Outcome.HUMAN, Outcome.UNCLEAR)),
        barriers=_barriers(events, ended),
        proof={column: numbers for column, numbers in proof.items() if numbers},
        path=[
            PathStep(
                kind=counted.kind,
                label=clean_text(counted.label, _LABEL),
                address=clean_text(counted.address, _LABEL),
                event=counted.event,
            )
            for counted in counts.counted
        ],
        sentence_key=ended.key,
        why=clean_text(ended.why, _LABEL),
        duration_s=_seconds(max((event.t for event in events if math.isfinite(event.t)), default=0.0)),
        conversation_began=bool(began),
    )


def _fields(events: Iterable[AnyEvent], outcome: Outcome) -> list[int]:
    """The first event of each distinct required value. Those asked for at a wall count only if a wall was the end:
    whoever reached a person by another way never had to give them."""
    at_wall = outcome in WALLS
    found: dict[tuple[str, str, str], int] = {}
    for event in events:
        if isinstance(event, FormField) and event.required and (at_wall or event.where == "way"):
            found.setdefault((" ".join(event.label.split()).casefold(), event.kind, event.page), event.n)
    return list(found.values())


def _views(events: Iterable[AnyEvent]) -> list[int]:
    found: dict[tuple[str, str], int] = {}
    for event in events:
        if isinstance(event, View):
            found.setdefault((event.address, event.dialog), event.n)
    return list(found.values())


def _options(events: Iterable[AnyEvent]) -> tuple[int, int]:
    """The largest number of choices a menu offered, and the event that shows it."""
    largest, shown = 0, 0
    for event in events:
        number = 0
        if isinstance(event, Choice):
            number = event.options_shown
        elif isinstance(event, Message):
            number = len(event.options) if event.author != "consumer" else 0
        elif isinstance(event, MessageChanged):
            number = len(event.options)
        if number > largest:
            largest, shown = number, event.n
    return largest, shown


def _bot(events: Iterable[AnyEvent]) -> list[tuple[int, str]]:
    """What the bot made the consumer read, each message in its last form, white space folded. A message taken away
    again was read all the same; where bot and person aren't told apart, it is the service's."""
    found: dict[str, tuple[int, str]] = {}
    for event in events:
        if isinstance(event, Message) and event.author in ("bot", "service"):
            # (A message without an id, or with one that was used before, is still a message.)
            known = event.id if event.id and event.id not in found else f"event {event.n}"
            found[known] = (event.n, " ".join(event.text.split()))
        elif isinstance(event, MessageChanged) and event.id in found and event.text and not event.removed:
            found[event.id] = (found[event.id][0], " ".join(event.text.split()))
    return list(found.values())


def _wait(events: Iterable[AnyEvent], kind: str) -> tuple[float, list[int]]:
    waits = [event for event in events if isinstance(event, Wait) and event.kind == kind and event.seconds > 0]
    return _seconds(math.fsum(_seconds(event.seconds) for event in waits)), [event.n for event in waits]


def _seconds(value: float) -> float:
    """To the millisecond, within what a run can last."""
    return round(min(max(value, 0.0), 1e9), 3) if value == value else 0.0


def _touches(events: Iterable[AnyEvent], ended: Verdict) -> list[int]:
    """The events that say a person was, or may have been, occupied."""
    said = [event.n for event in events if isinstance(event, Finding) and event.finding == "touch"]
    if said:
        return said
    if ended.outcome == Outcome.UNCLEAR:
        return list(ended.of[-1:])
    return list(ended.answered_of[-1:])


def _barriers(events: Iterable[AnyEvent], ended: Verdict) -> list[BarrierCount]:
    """Each barrier once, in the order they were met, with all events that show it."""
    found: dict[str, set[int]] = {}
    for event in events:
        if isinstance(event, BarrierMet):
            found.setdefault(clean_text(event.barrier, 100), set()).update(event.of or [event.n])
    if ended.taken_back:
        found.setdefault(Barrier.FAKE_HANDOFF.value, set()).update(ended.taken_back_of)
    return [BarrierCount(barrier=barrier, of=sorted(numbers)) for barrier, numbers in found.items()]


def _effort(counts: Counts, read: list[str], fields: int, started: RunStarted | None) -> Effort:
    surface = started.probe.surface if started else "web"
    acts = [counted.act for counted in counts.counted]
    if surface == "phone":
        acts = [Act(by="pointer", times=act.times) for act in acts]  # spoken, not typed
    return effort(
        acts, read, fields=fields, extra_presses=len(counts.double), touch=surface in ("web-mobile", "phone", "app")
    )
