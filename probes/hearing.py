"""Hearing: what a reply means for the conversation — its signals, walls and loops, and whether a person may be writing.

Holds the state of one conversation; says and presses nothing (conversation.py does).
"""

from __future__ import annotations

import unicodedata
from collections import Counter as Tally
from dataclasses import dataclass, field, replace

from tohuman.results.events import Finding, Reading
from tohuman.results.vocabulary import Barrier, Outcome, Signal

from .alike import norm
from .ends import End
from .options import LEADS, denies, menu_text
from .protocol import SURE
from .reading import PRECEDENT
from .reading import Reading as Read
from .rows import Bubble
from .session import Session
from .sight import Control, Sight
from .talking import Reply, Talk
from .walls import Form, forms, writes_message


@dataclass
class State:
    lines_said: int = 0  # ladder lines
    asked_person: int = 0  # lines or presses that asked for a person
    asked_now: bool = False  # the last step of a written way did
    wordings: set[str] = field(default_factory=set)
    replies: Tally[str] = field(default_factory=Tally)
    menus: Tally[str] = field(default_factory=Tally)
    tried: set[str] = field(default_factory=set)
    scenario_said: bool = False
    helped_said: int = 0
    ignored: int = 0
    queued: bool = False
    offered: int = 0  # event number of the finding, 0 none
    answers: list[str] = field(default_factory=list)  # signals of the replies after a line
    options_seen: bool = False
    bot_known: bool = False
    pressed_human: int = 0
    greeted: bool = False  # something was said before the consumer's first message
    last_keys: list[str] = field(default_factory=list)
    form_filled: bool = False
    promised: bool = False  # somebody to come was spoken of, and a card in the log asks who one is
    after_form: bool = False  # a pre-chat form was sent just before: nothing here is older than that
    strip: set[str] = field(default_factory=set)  # the choices above the box at the last move, by label
    read: dict[str, str] = field(default_factory=dict)  # bubble id → its text when it was read last
    told: set[str] = field(default_factory=set)  # what of who one is was written in the conversation
    choose: bool = False  # which of what is shown is asked for
    without: str = ""  # what was demanded and is gone without, as the answer offered says
    dialogs: set[str] = field(default_factory=set)  # dialogs that asked about being connected, answered
    stood: set[tuple[str, str]] = field(default_factory=set)  # what lay over the page when the conversation began
    chosen: tuple[str, str] | None = None  # the dialog something was chosen in last


SENTENCE = (".", "。", "!", "！", "?", "？", "؟", "।")
QUESTION = ("?", "？", "؟")
COMMAS = (",", "，", "、", "،")
#: Words and letters a question has at most when it only makes sure («okay?», «d'accord ?»).
TAG_WORDS, TAG_LETTERS = 2, 9
#: Certainty from which on a text says that one waits, and not only that a desk is busy.
QUEUE_STATED = 0.75
#: Concepts of a text that asks for patience.
WAITING = frozenset({"wait", "checking"})
#: Letters of a line of a card, and lines alike, from which on they may be choices.
MIN_ROW, MIN_ROWS = 4, 3
#: What a person writing freely may be read as.
FREE = (Signal.HUMAN_MESSAGE, Signal.OTHER, Signal.GREETING, Signal.ASKS_PROBLEM, Signal.PROMISE)

#: What tells of a wait for a person, or of its end.
WAITED = (Signal.QUEUED, Signal.QUEUE_DROPPED, Signal.HUMAN_JOINED)


def same_reply(bubbles: list[Bubble]) -> str:
    """A reply without what varies from one repetition to the next: digits, punctuation, emoji, case, spaces."""
    text = unicodedata.normalize("NFKC", " ".join(b.text for b in bubbles)).casefold()
    return (
        "".join(c for c in text if c.isalpha()) + "|" + ",".join(sorted({norm(o) for b in bubbles for o in b.options}))
    )


def whole_message(label: str, bubbles: set[str]) -> bool:
    """Is the label (normalised, as the bubbles) one of the messages, perhaps with whose it is or its time around it?"""
    return label in bubbles or any(len(b) >= 8 and b in label and len(label) - len(b) <= 24 for b in bubbles)


def told_again(name: str, own: str) -> bool:
    """Is it the consumer's own message, with whose it is and its time before it?"""
    return name.endswith((" " + own, "\n" + own)) and len(name) - len(own) <= 24


def acted_on(r: Read) -> Read:
    """The reading as the conversation takes it: what precedents say unsurely is written down, but nothing follows."""
    if r.rule != PRECEDENT or r.certainty >= SURE:
        return r
    return replace(r, signal=Signal.OTHER.value)


class Hearing:
    """One conversation's ear: reads the replies of `talk` and keeps `state`."""

    def __init__(self, session: Session, talk: Talk, tried: set[str]) -> None:
        self.s, self.talk = session, talk
        self.state = State(tried=tried)
        self.can_type = True
        talk.complete, talk.patience = self.complete, self.patience

    def read(self, bubbles: list[Bubble]) -> list[tuple[Bubble, Read, int]]:
        out = []
        for b in bubbles:
            if b.author == "consumer" or not b.text.strip():
                continue
            # what a bubble says by another line is news: what stood in it before was read then
            text, before = b.text, self.state.read.get(b.id, "")
            self.state.read[b.id] = b.text
            if before and text.startswith(before + "\n"):
                text = text[len(before) :].strip() or text
            r = self.s.reader.message(text, self.s.locale)
            n = self.s.emit(
                Reading(
                    of=b.event,
                    subject="message",
                    text=text[:300],
                    signal=r.signal,
                    certainty=round(r.certainty, 3),
                    rule=r.rule,
                    phrase=r.phrase,
                    values=dict(r.values),
                )
            )
            r = acted_on(r)
            out.append((b, r, n))
            if b.told == "bot" or self.s.says("bot_label", b.name) or self.s.says("bot_label", b.text[:200]):
                self.state.bot_known = True
            if b.options:
                self.state.options_seen = True
            # what says that one waits for a person is the platform's word, whoever seems to speak
            if b.author == "bot" and not self.state.offered and r.signal not in WAITED:
                self.s.barrier(Barrier.BOT_FIRST.value, [b.event, n], b.text)
        return out

    def complete(self, bubbles: list[Bubble]) -> bool:
        """Does the reply answer something by now: offers a choice, asks, or states anything known?"""
        last = next((b for b in reversed(bubbles) if b.author != "consumer"), None)
        if last is None or (last.options and not last.away):
            return True  # articles are an answer, and «did this help?» comes after them
        r = acted_on(self.s.reader.message(last.text, self.s.locale))
        if Signal.ASKS_CATEGORY in [x.signal for x in (r, *r.also) if x.certainty >= SURE] and not menu_text(last.text):
            return False  # what there is to choose from comes after its question
        if last.text.rstrip().endswith(QUESTION):
            return True
        return r.signal not in (Signal.OTHER, Signal.GREETING) and r.certainty >= SURE

    def patience(self, bubbles: list[Bubble]) -> bool:
        """Does the reply end in «one moment, I'm looking»? The answer is still to come."""
        last = next((b for b in reversed(bubbles) if b.author != "consumer"), None)
        if last is None or not self.state.asked_person:
            return False
        return bool(WAITING & self.s.reader.mentions(last.text, self.s.locale))

    def signals(self, r: Read) -> list[Read]:
        """The reading and what else the same text says, those that are sure."""
        return [
            x
            for x in (
                r,
                *(
                    a
                    for a in r.also
                    if a.signal in (Signal.QUEUED, Signal.HANDOFF_OFFER, Signal.MESSAGE_FORM, Signal.CLOSED)
                    and a.certainty >= 0.75
                ),
            )
            if x.certainty >= SURE
        ]

    def nearest(self, r: Read, stated: Read, rest: list[Read]) -> Read:
        """Of several walls one text states, the one it is (method §3).

        A stated closing time beats the form beside it, be it in the same text or in the `rest` of the reply. «Nobody
        here» gives way to what the text offers instead.
        """
        others = [a for a in r.also if a.certainty >= 0.6]
        hours = any("hours" in a.values for a in (r, *others, *rest))
        closed = next((a for a in others if a.signal == Signal.CLOSED), None)
        if stated.signal == Signal.MESSAGE_FORM and closed is not None:
            return closed
        if stated.signal == Signal.NO_HUMAN:
            for a in others:
                if a.signal in (Signal.GATED, Signal.MESSAGE_FORM, Signal.DIVERTED) or (
                    a.signal == Signal.CLOSED and hours
                ):
                    return a
        return stated

    def exhaustive(self, offered: list[str]) -> bool:
        """Options with a «none of these» among them, not yet taken: a choice is asked for, in whatever words."""
        return len(offered) >= 3 and any(
            self.s.says("other_option", o) and norm(o) not in self.state.tried for o in offered
        )

    def leads_on(self, last: tuple[Bubble, Read, int]) -> bool:
        """Does a reply offer something to press that is about reaching somebody: one thing alone after a request for a
        person, one of several where the bot knows no further?"""
        b, r, _ = last
        near = [o for o in b.options if self.s.reader.control(o, self.s.locale).signal in LEADS]
        if all(norm(o) in self.state.tried for o in near):
            return False
        if len(b.options) > 1:
            return r.signal == Signal.BOT_FALLBACK
        return self.state.asked_person > 0 and r.signal in (Signal.OTHER, Signal.HANDOFF_OFFER, Signal.GREETING)

    def asked_after(self, wait: Read, rest: list[tuple[Bubble, Read, int]]) -> bool:
        """«It takes about five minutes.» «Shall I connect you?»: the wait is told before one waits."""
        asks = [b for b, r, _ in rest if r.signal == Signal.HANDOFF_OFFER and b.options and self.is_question(b, r)]
        return "position" not in wait.values and bool(asks)

    def is_question(self, b: Bubble, r: Read) -> bool:
        """«Shall I connect you?» is no transfer yet: it is pressed or answered first (method 2a.6).

        Nor is «I'll pass you on, first tell me what it is about» with a choice below it.
        """
        asks = (b.text.rstrip().endswith(QUESTION) and not self.only_tag(b.text)) or self.asks_first(b)
        offers_choice = any(
            self.s.reader.control(o, self.s.locale).signal == "ask_human" or self.s.says("yes", o) for o in b.options
        )
        # «all are busy, will you wait?» with a yes below it, or with other things to choose: nobody waits yet
        crowded = r.signal == Signal.QUEUED and "position" not in r.values
        return (
            (r.signal == Signal.HANDOFF_OFFER and (asks or offers_choice))
            or (crowded and r.certainty < QUEUE_STATED and self.asks_first(b))
            or (crowded and offers_choice and b.text.rstrip().endswith(QUESTION))
        ) and not self.s.says("cancel_queue", " ".join(b.options))

    def asks_which(self, said: tuple[Bubble, Read, int]) -> bool:
        """Is a person offered by a question that is not answered by yes or no?"""
        b, r, _ = said
        return r.signal == Signal.HANDOFF_OFFER and r.certainty < SURE and b.text.rstrip().endswith(QUESTION)

    def yes_or_no(self, said: tuple[Bubble, Read, int] | None) -> bool:
        """Does an answer to the problem leave nothing but «yes» and «no»? Whether it helped is then what is asked."""
        if said is None or said[1].signal != Signal.OTHER or not self.state.scenario_said:
            return False
        b = said[0]
        if b.text.rstrip().endswith(QUESTION):  # it asks for something that was not understood
            return False
        no = [o for o in b.options if denies(self.s, o)]
        return len(b.options) == 2 and len(no) == 1 and any(self.s.says("yes", o) for o in b.options if o not in no)

    def only_tag(self, text: str) -> bool:
        """«I'm passing you on now. Just a moment, okay?»: the last sentence asks for nothing but patience."""
        body = text.rstrip().rstrip("".join(QUESTION)).rstrip()
        start = max(body.rfind(mark) for mark in (*SENTENCE, "\n")) + 1
        told, comma, tag = max((body[start:].rpartition(c) for c in COMMAS), key=lambda parts: len(parts[0]))
        if not start or not comma or len(tag.split()) > TAG_WORDS or sum(c.isalpha() for c in tag) > TAG_LETTERS:
            return False
        r = self.s.reader.notice(told, self.s.locale)
        return all(x.signal != Signal.HANDOFF_OFFER for x in (r, *r.also))

    def asks_first(self, b: Bubble) -> bool:
        """A choice of its own below it, that is not what a waiting consumer is left: to cancel, to leave a message."""
        before: set[str] = set()
        for other in self.talk.transcript.bubbles:
            if other.id == b.id:
                break
            before.update(norm(o) for o in other.options)
        if len(b.options) < 2 or any(norm(o) in before for o in b.options):
            return False
        return not any(
            self.s.says("cancel_queue", o)
            or self.s.says("end_chat", o)
            or self.s.says("close", o)
            or self.s.reader.control(o, self.s.locale).signal in ("leave_message", "back", "call", "email")
            for o in b.options
        )

    def offers_person(self, b: Bubble) -> bool:
        """Is one of its own choices a person, or to agree to what is told before one?"""
        return any(
            self.s.says("accept", o) or self.s.reader.control(o, self.s.locale).signal == "ask_human" for o in b.options
        )

    def counts_as_wall(self, r: Read) -> bool:
        """A telephone number or a form mentioned before anybody was asked for is said in passing."""
        if r.signal == Signal.PROMISE:
            return False
        # after «that did not help» what the bot says is its answer to that
        return self.state.asked_person > 0 or self.state.helped_said > 0 or r.signal in (Signal.ENDED,)

    def form_of(self, sight: Sight) -> Form | None:
        """The form that stands in or in place of the conversation."""
        found = forms(sight)
        inside = [f for f in found if f.fields[0].place in ("log", "between")]
        beside = [f for f in found if f.fields[0].frame is self.talk.frame and f.fields[0].region != "footer"]
        near = inside + beside
        form = next((f for f in inside + found if writes_message(f)), near[0] if near else None)
        # a free text of a form looks like a message box; that it must be filled in tells it apart
        must = [f for f in sight.fields if f.box and f.required]
        if form is None:
            return Form(must) if must else None
        first = form.fields[0]
        own = [f for f in must if f.frame is first.frame and (f.group == first.group or 0 < f.form == first.form)]
        if own:
            form = Form([*form.fields, *(f for f in own if f not in form.fields)], form.submits)
        return form

    def looped(self, reply: Reply, opening: bool) -> End | None:
        """The same answer to three different lines, or the same menu three times; never before four wordings."""
        st = self.state
        if opening or not reply.bubbles:
            if st.ignored >= 4 and len(st.wordings) >= 4:
                return End("silent")
            return None
        said = [b for b in reply.bubbles if b.author != "system"]  # a name or a notice beside it is not the answer
        key = same_reply(said or reply.bubbles)
        st.replies[key] += 1
        menu = ",".join(sorted(norm(o) for b in reply.bubbles for o in b.options))
        if menu:
            st.menus[menu] += 1
        typed = self.can_type
        if (st.replies[key] >= 3 and (len(st.wordings) >= 4 or not typed)) or (
            menu and st.menus[menu] >= 3 and (len(st.wordings) >= 4 or not typed)
        ):
            of = [b.event for b in reply.bubbles]
            self.s.emit(Finding(finding="wall", outcome=Outcome.LOOP.value, of=of, text=reply.bubbles[-1].text[:300]))
            return End("wall", Outcome.LOOP)
        return None

    def maybe_person(self, read: list[tuple[Bubble, Read, int]]) -> bool:
        """After the second line: an author with no bot mark, no options, and untemplated answers (method 4b)."""
        st = self.state
        if st.bot_known or st.options_seen or len(st.answers) < 2:
            return False
        recent = st.answers[-2:]
        if (
            not st.greeted
            and all(a in FREE for a in recent)
            and st.last_keys[-1] != st.last_keys[-2]
            and "" not in recent
        ):
            return True  # nobody greeted, nothing is a template: an author who is no bot by any sign
        if Signal.HUMAN_MESSAGE not in recent or not all(
            a in (Signal.HUMAN_MESSAGE, Signal.OTHER, Signal.ASKS_PROBLEM) for a in recent
        ):
            return False
        return max(st.replies.values(), default=0) < 2

    def is_choice(self, c: Control) -> bool:
        """Is it offered, rather than a message, a name or a face in the log that happens to listen for presses?"""
        if c.place != "log" or c.why in ("native", "role"):
            return True
        return any(norm(c.name) == norm(o) for b in self.talk.transcript.bubbles for o in b.options)

    def rows(self, sight: Sight) -> set[int]:
        """Lines of a card in the log that something listens to, by identity: several alike, and none of them a message.
        Surer than that they can not be known for choices; the search may try them."""
        said = {norm(line) for b in self.talk.transcript.bubbles for line in (b.text, *b.text.split("\n")) if line}
        found = [
            c
            for c in sight.controls
            if c.place == "log" and c.why in ("handler", "delegated") and not c.disabled and c.name
            if len(norm(c.name)) >= MIN_ROW and len(c.name) <= 60 and "\n" not in c.name and norm(c.name) not in said
        ]
        return {id(c) for c in found} if len({norm(c.name) for c in found}) >= MIN_ROWS else set()

    def human_controls(self, sight: Sight) -> list[Control]:
        found = []
        # a message whole, or its sentences: a widget may write a name and a time between them
        said = [b.text for b in self.talk.transcript.bubbles if b.text]
        lines = [line for text in said for line in text.split("\n") if line.rstrip().endswith(SENTENCE)]
        bubbles = {norm(text) for text in (*said, *lines)}
        mine = [b.text for b in self.talk.transcript.bubbles if b.author == "consumer" and b.text]
        own = {norm(text) for text in mine}
        for c in sight.controls:
            if (norm(c.shown) in own and c.shown != c.name) or (
                c.why not in ("native", "role")
                and (whole_message(norm(c.label), bubbles) or any(told_again(c.name, text) for text in mine))
            ):
                continue  # a whole message that happens to listen for presses, the consumer's own above all
            # by its own name: an icon in a message (copy, like) is not what the message says
            if c.place not in ("log", "between", "toolbar") or c.disabled or not c.name or len(c.name) > 80:
                continue
            r = self.s.reader.control(c.name, self.s.locale)
            if r.signal == "ask_human" and r.certainty >= SURE and norm(c.name) not in self.state.tried:
                found.append(c)
        return found
