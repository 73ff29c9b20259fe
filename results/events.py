"""The typed events of a journal, schema version 1: one pydantic model per event type.

What happened, as facts; which of them count, and as what, is decided in measures.py. Reading and writing the file is
journal.py's work.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

SCHEMA_VERSION = 1

Place = Literal["outside", "log", "between", "toolbar", "box"]


class Event(BaseModel):
    """What every event has: `n` its number in the file (1, 2, …), `t` seconds since the run began (monotonic)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    n: int = 0
    t: float = 0.0


class ProbeKey(BaseModel):
    """The six parts of a probe and the vantage: runs with different keys are never mixed (method §1)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platform: str
    start: Literal["help", "home"] = "help"
    surface: Literal["web", "web-mobile", "phone", "app"] = "web"
    policy: Literal["naive", "informed", "explore", "script"] = "naive"
    scenario: str = "general"
    locale: str = "en"
    vantage: str = "unset"


class Budget(BaseModel):
    """Actions, turns; seconds for the whole run and for a queue (method §3)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    actions: int = 20
    turns: int = 12
    seconds: float = 900.0
    queue_seconds: float = 300.0


class RunStarted(Event):
    type: Literal["run_started"] = "run_started"
    schema_version: int = SCHEMA_VERSION
    run_id: str
    at: str  # ISO 8601, UTC
    probe: ProbeKey
    platform_name: str = ""
    start_url: str
    stop: Literal["offered", "answered"] = "offered"
    budget: Budget = Budget()
    observer: Literal["program", "script", "human"] = "program"
    simulated: bool = False  # a practice platform: never shown beside real ones
    versions: dict[str, str] = {}  # tohuman, method, protocol, lexicon, playwright, browser, python …
    setting: dict[str, str] = {}  # user_agent, viewport, timezone, sandbox …


class View(Event):
    """A distinct view was shown: address without volatile parameters, plus the name of an open dialog ('' none)."""

    type: Literal["view"] = "view"
    page: str  # p1, p2 … in order of opening
    address: str
    title: str = ""
    dialog: str = ""


class Candidate(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    role: str = ""
    control: str = "other"  # a ControlClass
    score: float = 0.0
    region: str = ""
    why: str = ""


class Choice(Event):
    """What the policy weighed and took; `chosen` indexes `candidates`, None when nothing was taken."""

    type: Literal["choice"] = "choice"
    candidates: list[Candidate] = []
    chosen: int | None = None
    options_shown: int = 0  # choices the menu at hand offered
    reason: str = ""
    seconds: float = 0.0  # deciding time


class Gesture(Event):
    """One gesture as the browser saw it, whoever made it.

    `activation`: it activated something (at most one per gesture). `place`: where the pressed thing stood at that
    moment relative to the conversation; everything but `outside` counts as the conversation. `said`: the text the
    message box held and which this gesture sent. `posted`: it put a consumer message into the log. `changed`: False =
    a dead press, None = not known. `double`: the same control a second time within the double-press interval.
    """

    type: Literal["gesture"] = "gesture"
    gesture: Literal["pointer", "key", "dialog", "back", "popup_closed", "jump", "scripted"]
    trusted: bool = True
    activation: bool = True
    place: Place = "outside"
    field: bool = False  # radio, checkbox, select, date: a field, no click
    label: str = ""
    role: str = ""
    tag: str = ""
    key: str = ""
    href: str = ""
    page: str = ""
    frame: str = ""  # address of the frame, '' for the main frame
    said: str = ""
    posted: bool = False
    changed: bool | None = None
    double: bool = False
    by: Literal["consumer", "autoconsent"] = "consumer"


class Obstacle(Event):
    """An overlay was closed. `gesture` is the event that closed it; None when the consent library pressed by script,
    then `clicks` are its own."""

    type: Literal["obstacle"] = "obstacle"
    kind: Literal["cookie", "newsletter", "app", "region", "notification", "other"]
    gesture: int | None = None
    clicks: int = 1
    by: Literal["consumer", "autoconsent"] = "consumer"
    label: str = ""


class FormField(Event):
    """A value asked for on the way or at the wall. Optional ones are recorded and count 0."""

    type: Literal["field"] = "field"
    label: str
    kind: str = "text"  # name, email, phone, topic, order, identity, message, login, file, text
    required: bool = True
    filled: bool = False
    where: Literal["way", "wall"] = "way"
    page: str = ""


class Conversation(Event):
    type: Literal["conversation"] = "conversation"
    state: Literal["begun", "ended"]
    page: str = ""
    frame: str = ""
    form: str = ""  # same_page, iframe, shadow, popup, full_page
    evidence: str = ""  # log, box


class Message(Event):
    """One message of the conversation, once, in order. `id` m1, m2 …; `name` what the platform shows as author."""

    type: Literal["message"] = "message"
    id: str
    author: Literal["consumer", "bot", "human", "system", "service"]  # service: bot or person, not told apart
    text: str
    name: str = ""
    options: list[str] = []
    history: bool = False  # stood there when the conversation was opened
    gesture: int | None = None  # consumer: the gesture that sent it


class MessageChanged(Event):
    type: Literal["message_changed"] = "message_changed"
    id: str
    text: str = ""
    removed: bool = False
    options: list[str] = []


class Reading(Event):
    """What a text was read as, and the phrase and rule that decided it. `of` is the event read (0: the page)."""

    type: Literal["reading"] = "reading"
    of: int = 0
    subject: Literal["message", "control", "page"]
    text: str = ""
    signal: str
    certainty: float = 0.0
    rule: str = ""
    phrase: str = ""
    values: dict[str, Any] = {}


class Step(Event):
    """One transition of the conversation protocol: state, rule of method §4 (1–6, 4a, 4b), what was done."""

    type: Literal["step"] = "step"
    state: str
    rule: str
    action: Literal["press", "say", "wait", "watch", "leave", "fill", "go_back", "stop"]
    detail: str = ""


class Wait(Event):
    """Seconds waited for the page, the bot (to the reply's last change, our settling excluded) or in a queue."""

    type: Literal["wait"] = "wait"
    kind: Literal["page", "bot", "queue"]
    seconds: float


class Queue(Event):
    type: Literal["queue"] = "queue"
    state: Literal["joined", "moved", "dropped", "left"]
    position: int | None = None
    eta_seconds: float | None = None
    of: int = 0


class Finding(Event):
    """Something that bears on the outcome, with the events that show it.

    offered: the platform states that a person is being connected or that the consumer waits in a human queue.
    taken_back: it took that back (`outcome` says into what). joined, answered: a join notice; a message, name or staff
    number by that author. dropped: out of the queue. wall: `outcome` (a wall), with `gate` or `to`. unclear: a person
    may have answered and nothing tells. no_way_left: every way was tried. touch: a person was (or may have been)
    occupied.
    """

    type: Literal["finding"] = "finding"
    finding: Literal[
        "offered", "taken_back", "joined", "answered", "dropped", "wall", "unclear", "no_way_left", "touch"
    ]
    outcome: str = ""
    gate: str = ""
    to: str = ""
    of: list[int] = []
    text: str = ""


class BarrierMet(Event):
    type: Literal["barrier"] = "barrier"
    barrier: str
    of: list[int] = []
    text: str = ""


class Spent(Event):
    """A budget was used up while a way was still open."""

    type: Literal["spent"] = "spent"
    which: Literal["actions", "turns", "seconds", "queue_seconds"]


class Failure(Event):
    """The measurement failed: never 'no human'. `sentence` is what a person is told."""

    type: Literal["failure"] = "failure"
    outcome: Literal["blocked", "unavailable", "broken", "error", "interrupted", "missed", "not_attempted"]
    reason: str  # slug
    sentence: str
    step: str = ""


class Left(Event):
    """How the conversation was left: the words said to a person, the queue's cancel control, or just closed."""

    type: Literal["left"] = "left"
    how: Literal["said", "cancelled", "closed"]
    text: str = ""
    gesture: int | None = None


class Picture(Event):
    type: Literal["picture"] = "picture"
    path: str
    sha256: str
    of: int = 0


class Note(Event):
    type: Literal["note"] = "note"
    text: str
    data: dict[str, Any] = {}


class RunEnded(Event):
    type: Literal["run_ended"] = "run_ended"
    at: str
    reason: str = ""


AnyEvent = Annotated[
    RunStarted
    | View
    | Choice
    | Gesture
    | Obstacle
    | FormField
    | Conversation
    | Message
    | MessageChanged
    | Reading
    | Step
    | Wait
    | Queue
    | Finding
    | BarrierMet
    | Spent
    | Failure
    | Left
    | Picture
    | Note
    | RunEnded,
    Field(discriminator="type"),
]

EVENTS: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
