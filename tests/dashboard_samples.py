"""Journals of invented runs, made event by event and measured by the real measures: what the dashboard tests show.

No test here. All names are invented.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tohuman.results.events import (
    AnyEvent,
    BarrierMet,
    Candidate,
    Choice,
    Conversation,
    Event,
    Failure,
    Finding,
    FormField,
    Gesture,
    Left,
    Message,
    Obstacle,
    ProbeKey,
    Queue,
    Reading,
    RunEnded,
    RunStarted,
    Step,
    View,
    Wait,
)
from tohuman.results.journal import read
from tohuman.results.lines import encode
from tohuman.results.measures import measure
from tohuman.results.overview import RunRow, from_measures

FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

#: language → what is said on the way
WORDS = {
    "en": {
        "contact": "Contact us",
        "chat": "Chat with us",
        "hello": "Hi! I am the virtual assistant. What can I do for you?",
        "question": "I have a general question.",
        "ladder": "I would like to talk to a person.",
        "sorry": "Sorry, I did not get that. Please choose one of the topics.",
        "options": "Orders|Returns|Something else",
        "human": "Talk to an agent",
        "queue": "You are number 3 in the queue for our service team.",
        "joined": "Mara Ellison (CS4417) has joined the conversation.",
        "answer": "Hello, this is Mara Ellison, how may I help?",
        "form": "Leave us a message. We will reply within 1–3 working days.",
        "bye": "This is an automated reachability measurement, no help is needed. Sorry for the disturbance.",
        "name": "Mara Ellison",
        "bot": "Robin",
    },
    "zh-CN": {
        "contact": "联系客服",
        "chat": "在线客服",
        "hello": "您好，我是智能客服小禾，请问有什么可以帮您？",
        "question": "我想咨询一个问题。",
        "ladder": "转人工",
        "sorry": "抱歉，小禾没有听懂，请从下面的分类中选择。",
        "options": "订单问题|退款问题|其他问题",
        "human": "人工客服",
        "queue": "正在为您转接人工客服，您前面还有 3 位顾客，请稍候。",
        "joined": "客服 林小满（工号80231）已接入，将为您服务。",
        "answer": "您好，我是林小满，请问有什么可以帮您？",
        "form": "当前客服繁忙，请填写留言，我们将在1-3个工作日内回复。",
        "bye": "这是一次自动化的可达性测量，无需帮助，打扰了，抱歉。",
        "name": "林小满",
        "bot": "小禾",
    },
}


class Telling:
    """Puts events one after the other, with a clock."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.t = 0.0

    def add(self, event: Event, seconds: float = 1.2) -> int:
        self.t = round(self.t + seconds, 3)
        self.events.append(event.model_copy(update={"n": len(self.events) + 1, "t": self.t}))
        return len(self.events)


def telling(started: RunStarted, kind: str, rounds: int = 2) -> list[Event]:
    """The events of one run that ends as `kind` says, after `rounds` requests."""
    w = WORDS.get(started.probe.locale, WORDS["en"])
    out = Telling()
    out.events.append(started.model_copy(update={"n": 1, "t": 0.0}))
    home = started.start_url
    out.add(Wait(kind="page", seconds=0.8))
    out.add(View(page="p1", address=home, title=f"{started.platform_name} · {w['contact']}"))
    if kind == "unavailable":
        out.add(Failure(outcome="unavailable", reason="http_503", sentence="The start page answered with 503."))
        out.add(RunEnded(at=started.at, reason="failure"))
        return out.events
    banner = out.add(Gesture(gesture="pointer", label="OK", role="button", tag="button", page="p1"))
    out.add(Obstacle(kind="cookie", gesture=banner, label="OK"), 0.1)
    tiles = [Candidate(label=w["contact"], role="link", control="contact", score=0.92), Candidate(label="Blog")]
    out.add(Choice(candidates=tiles, chosen=0, options_shown=2, reason="reads most like the way to a person"), 0.2)
    out.add(Gesture(gesture="pointer", label=w["contact"], role="link", tag="a", page="p1", href=f"{home}/contact"))
    out.add(View(page="p1", address=f"{home}/contact", title=w["contact"]))
    if kind == "dead_end":
        out.add(BarrierMet(barrier="deflected_to_self_service", of=[len(out.events)]))
        out.add(Finding(finding="no_way_left", of=[len(out.events) - 1]))
        out.add(RunEnded(at=started.at, reason="no_way_left"))
        return out.events
    out.add(Gesture(gesture="pointer", label=w["chat"], role="button", tag="button", page="p1"))
    out.add(Conversation(state="begun", page="p1", form="iframe", evidence="log"), 0.4)
    hello = out.add(Message(id="m1", author="bot", name=w["bot"], text=w["hello"], options=w["options"].split("|")))
    out.add(Reading(of=hello, subject="message", signal="greeting", rule="greeting.1", phrase=w["hello"][:12]), 0.1)
    out.add(Wait(kind="bot", seconds=1.1), 0.1)
    out.add(BarrierMet(barrier="bot_first", of=[hello]), 0.1)
    for i in range(rounds):
        line = w["question"] if i == 0 else w["ladder"]
        out.add(Step(state="asking", rule="3" if i == 0 else "5", action="say", detail=line), 0.1)
        sent = out.add(Gesture(gesture="key", key="Enter", place="box", said=line, posted=True, page="p1"))
        out.add(Message(id=f"m{2 * i + 2}", author="consumer", text=line, gesture=sent), 0.1)
        if i < rounds - 1:
            n = out.add(Message(id=f"m{2 * i + 3}", author="bot", name=w["bot"], text=w["sorry"], options=[w["human"]]))
            out.add(Wait(kind="bot", seconds=1.4), 0.1)
            if i:
                out.add(BarrierMet(barrier="request_ignored", of=[n - 1, n]), 0.1)
    if kind in ("handoff", "human", "dropped"):
        n = out.add(Message(id="m90", author="system", text=w["queue"]), 2)
        out.add(Reading(of=n, subject="message", signal="queued", rule="queued.2", phrase=w["queue"][:8]), 0.1)
        out.add(Finding(finding="offered", of=[n], text=w["queue"]), 0.1)
        out.add(Queue(state="joined", position=3, of=n), 0.1)
        if kind == "human":
            out.add(Wait(kind="queue", seconds=41), 41)
            j = out.add(Message(id="m91", author="system", text=w["joined"]))
            out.add(Finding(finding="joined", of=[j], text=w["joined"]), 0.1)
            a = out.add(Message(id="m92", author="human", name=w["name"], text=w["answer"]), 4)
            out.add(Finding(finding="answered", of=[a], text=w["answer"]), 0.1)
            out.add(Finding(finding="touch", of=[a]), 0.1)
            bye = out.add(Gesture(gesture="key", key="Enter", place="box", said=w["bye"], posted=True, page="p1"))
            out.add(Message(id="m93", author="consumer", text=w["bye"], gesture=bye), 0.1)
            out.add(Left(how="said", text=w["bye"], gesture=bye), 0.1)
        elif kind == "dropped":
            out.add(Finding(finding="dropped", of=[n]), 30)
            out.add(BarrierMet(barrier="auto_disconnect", of=[n]))
        else:
            out.add(Left(how="closed"), 10)
    elif kind == "message_form":
        n = out.add(Gesture(gesture="pointer", label=w["human"], place="log", role="button", tag="button", page="p1"))
        v = out.add(View(page="p1", address=f"{home}/contact", title=w["form"], dialog=w["form"]))
        out.add(FormField(label="E-mail", kind="email", where="wall", page="p1"))
        out.add(FormField(label=w["contact"], kind="message", where="wall", page="p1"))
        out.add(BarrierMet(barrier="fake_human_button", of=[n, v]))
        out.add(Finding(finding="wall", outcome="message_form", of=[v], text=w["form"]))
        out.add(Finding(finding="no_way_left"))
    elif kind == "gated":
        n = out.add(Message(id="m90", author="bot", name=w["bot"], text=w["sorry"]))
        out.add(Finding(finding="wall", outcome="gated", gate="login", of=[n], text=w["sorry"]))
        out.add(BarrierMet(barrier="login_needed", of=[n]))
        out.add(Finding(finding="no_way_left"))
    elif kind == "closed":
        n = out.add(Message(id="m90", author="system", text=w["form"]))
        out.add(Finding(finding="wall", outcome="closed", of=[n], text=w["form"]))
        out.add(Finding(finding="no_way_left"))
    out.add(RunEnded(at=started.at, reason=kind))
    return out.events


def started_for(
    platform: str, name: str, at: datetime, *, simulated: bool = False, number: int = 0, **probe: str
) -> RunStarted:
    """The first event of a run."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    tail = "".join(letters[(number // 26**i) % 26] for i in range(6))
    stop = probe.pop("stop", "offered")
    return RunStarted(
        run_id=f"{at:%Y%m%dt%H%M%S}-{platform}-{tail}",
        at=at.isoformat(),
        probe=ProbeKey(platform=platform, **probe),  # type: ignore[arg-type]
        platform_name=name,
        start_url="http://127.0.0.1:4000/help" if simulated else f"https://{platform}.example/help",
        stop=stop,  # type: ignore[arg-type]
        simulated=simulated,
        versions={"tohuman": "0.1.0", "protocol": "1", "browser": "Chromium 156"},
        setting={"viewport": "1366×768", "timezone": "UTC"},
    )


def kept(folder: Path, started: RunStarted, events: Iterable[Event]) -> RunRow:
    """Writes the journal's lines as the program does (but syncs nothing), measures it, and gives the row."""
    path = folder / "runs" / started.run_id / "journal.jsonl"
    path.parent.mkdir(parents=True)
    numbered = [event.model_copy(update={"n": n}) for n, event in enumerate((started, *list(events)[1:]), start=1)]
    path.write_bytes(b"".join(encode(event)[0] for event in numbered))
    loaded: list[AnyEvent] = read(path)
    return from_measures(started, measure(loaded), path)


def run(
    folder: Path,
    platform: str,
    name: str,
    day: int,
    kind: str,
    rounds: int = 2,
    *,
    simulated: bool = False,
    **probe: str,
) -> RunRow:
    """One run on the `day`-th day that ends as `kind` after `rounds` requests."""
    at = FIRST + timedelta(days=day, minutes=(day * 37) % 480)
    started = started_for(platform, name, at, simulated=simulated, number=day * 7 + rounds, **probe)
    return kept(folder, started, telling(started, kind, rounds))


def practice(folder: Path) -> list[RunRow]:
    """Few runs on invented practice platforms."""
    rows = []
    for i, (platform, name, kind, rounds, locale) in enumerate(
        [
            ("ferngate", "Ferngate", "human", 1, "en"),
            ("hesui", "禾穗商城", "message_form", 3, "zh-CN"),
            ("kestrel-air", "Kestrel Air", "dropped", 4, "en"),
            ("moonpay-bank", "Brackwater Bank", "handoff", 4, "en"),
            ("nochat", "Tolland Parcel", "dead_end", 0, "en"),
        ]
    ):
        probe = {"locale": locale}
        rows += [run(folder, platform, name, day, kind, rounds, simulated=True, **probe) for day in (i % 3, i % 3 + 1)]
    return rows


def several(folder: Path, days: int = 24) -> list[RunRow]:
    """Runs on several invented platforms as if they were real ones: enough data, too little, missing runs."""
    rows: list[RunRow] = []
    mixes = [
        ("alder-mail", "Alder Mail", ["handoff"] * 9 + ["closed"], 2),
        ("brightcart", "Brightcart", ["handoff", "message_form", "handoff", "gated"], 3),
        ("corvid-telecom", "Corvid Telecom", ["dropped", "handoff", "message_form", "dropped"], 5),
        ("dunlin-pay", "Dunlin Pay", ["dead_end"], 0),
        ("eiderdown", "Eiderdown Hotels", ["handoff"] * 5 + ["unavailable"], 1),
    ]
    for platform, name, mix, rounds in mixes:
        rows += [
            run(folder, platform, name, d, mix[d % len(mix)], rounds + (d % 3 if rounds > 1 else 0))
            for d in range(days)
        ]
    rows += [run(folder, "fulmar-rail", "Fulmar Rail", d, "gated", 2) for d in range(6)]
    rows += [run(folder, "brightcart", "Brightcart", d, "handoff", 1, policy="informed") for d in range(4)]
    return rows
