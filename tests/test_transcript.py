"""The transcript: each bubble once and in order, whatever the log does between two looks. Looks are made here."""

from __future__ import annotations

from typing import Any

from tohuman.probes.transcript import Transcript
from tohuman.results.events import AnyEvent, Message, MessageChanged


class Journal:
    """The part of a session that a transcript needs."""

    def __init__(self) -> None:
        self.events: list[AnyEvent] = []

    def emit(self, event: AnyEvent) -> int:
        self.events.append(event)
        return len(self.events)

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(e.author, e.text) for e in self.events if isinstance(e, Message)]

    @property
    def changed(self) -> list[tuple[str, bool]]:
        return [(e.text, e.removed) for e in self.events if isinstance(e, MessageChanged)]


def row(text: str, side: str = "start", *, options: list[str] | None = None, **more: Any) -> dict[str, Any]:
    base = {"text": text, "options": options or [], "side": side, "bubble": True, "name": "", "busy": False}
    return {**base, "cls": f"bubble {side}", **more}


def look(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"messages": list(rows), "stated": False, "moving": [], **more}


def fresh() -> tuple[Transcript, Journal]:
    journal = Journal()
    return Transcript(journal, lambda text: text == "typing…"), journal  # type: ignore[arg-type]


def test_a_streamed_reply_is_one_message_and_one_change() -> None:
    t, j = fresh()
    for words in ("I", "I am", "I am looking", "I am looking into it."):
        t.merge(look(row(words)))
    t.flush()
    assert j.said == [("bot", "I")]
    assert j.changed == [("I am looking into it.", False)]
    assert [b.text for b in t.bubbles] == ["I am looking into it."]


def test_an_own_message_that_can_be_pressed_is_no_choice() -> None:
    t, _ = fresh()
    t.merge(look(row("Which topic?", options=["Orders", "Other"])), first=True)
    t.said("Other", 7)
    new = t.merge(look(row("Which topic?", options=["Orders", "Other", "Other 18:45"]), row("Tell me more.")))
    assert [b.text for b in new] == ["Tell me more."]
    assert [(b.author, b.text, b.options) for b in t.bubbles] == [
        ("bot", "Which topic?", ["Orders", "Other"]),
        ("consumer", "Other", []),
        ("bot", "Tell me more.", []),
    ]


def test_the_consumers_echo_is_theirs_with_its_time_and_takes_its_place() -> None:
    t, j = fresh()
    t.merge(look(row("Hello!")), first=True)
    t.said("A person please", 7)
    new = t.merge(look(row("Hello!"), row("A person please 10:42", "end"), row("One moment.")))
    assert [b.text for b in new] == ["One moment."]
    assert [b.author for b in t.bubbles] == ["bot", "consumer", "bot"]
    assert j.said == [("bot", "Hello!"), ("consumer", "A person please"), ("bot", "One moment.")]


def test_question_and_answer_in_one_box_are_two_messages() -> None:
    t, _ = fresh()
    t.merge(look(row("Léo\nBonjour.", bubble=False)), first=True)
    t.said("un conseiller", 3)
    box = "Vous\nun conseiller\nLéo\nJe n'ai pas compris."
    new = t.merge(look(row("Léo\nBonjour.", bubble=False), row(box, bubble=False)))
    assert [b.text for b in new] == ["Je n'ai pas compris."]
    assert t.merge(look(row("Léo\nBonjour.", bubble=False), row(box, bubble=False))) == []
    assert [b.author for b in t.bubbles] == ["bot", "consumer", "bot"]


def test_the_consumers_bubble_that_can_be_pressed_is_no_choice() -> None:
    t, j = fresh()
    t.said("agent please", 3)
    new = t.merge(look(row("", "end", options=["agent please"]), row("Sorry?")))
    assert [(b.text, b.options) for b in new] == [("Sorry?", [])]
    assert j.said == [("consumer", "agent please"), ("bot", "Sorry?")]


def test_a_notice_that_comes_above_older_messages_is_told_once() -> None:
    t, j = fresh()
    t.merge(look(row("Hi"), row("How can I help?")), first=True)
    date = row("Today", "centre", bubble=False)
    for _ in range(5):
        t.merge(look(date, row("Hi"), row("How can I help?")))
    assert j.said == [("bot", "Hi"), ("bot", "How can I help?"), ("system", "Today")]
    assert j.changed == []
    assert [b.text for b in t.bubbles] == ["Today", "Hi", "How can I help?"]


def test_a_virtual_list_drops_its_head_without_a_removal_and_shows_it_again_without_a_message() -> None:
    t, j = fresh()
    rows = [row(f"Message number {n}") for n in range(6)]
    t.merge(look(*rows), first=True)
    t.merge(look(*rows[3:]))
    t.merge(look(*rows))
    assert len(j.said) == 6
    assert j.changed == []


def test_a_removed_message_is_told_and_a_repeated_answer_after_the_next_line_is_a_new_one() -> None:
    t, j = fresh()
    t.merge(look(row("Hello."), row("One moment please.")), first=True)
    t.merge(look(row("Hello.")))
    assert j.changed == [("One moment please.", True)]
    t.said("person", 2)
    new = t.merge(look(row("Hello."), row("person", "end"), row("One moment please.")))
    assert [b.text for b in new] == ["One moment please."]


def test_a_log_that_is_emptied_and_drawn_anew_repeats_nothing() -> None:
    t, j = fresh()
    hello, ask = row("Hello, I am the bot."), row("What is it about?")
    t.merge(look(hello, ask), first=True)
    t.said("My parcel", 7)
    t.merge(look(hello, ask, row("My parcel", "end")))
    t.merge(look())
    t.merge(look(hello))
    t.merge(look(hello, ask))
    t.merge(look(hello, ask, row("My parcel", "end")))
    t.merge(look(hello, ask, row("My parcel", "end"), row("Let me see.")))
    assert j.said == [("bot", hello["text"]), ("bot", ask["text"]), ("consumer", "My parcel"), ("bot", "Let me see.")]
    # what stands below a message that is there is said again
    t.said("Once more", 8)
    t.merge(look(hello, ask, row("My parcel", "end"), row("Let me see."), row("Once more", "end"), ask))
    assert j.said[-1] == ("bot", ask["text"])


def test_typing_signs_are_no_messages() -> None:
    t, j = fresh()
    for shown in ("typing…", "...", "•••"):
        view = look(row("Hi"), row(shown))
        t.merge(view)
        assert t.typing(view)
    assert not t.typing(look(row("Hi")))
    assert j.said == [("bot", "Hi")]


def test_a_question_asked_twice_and_an_entry_of_a_list_are_no_names() -> None:
    t, _ = fresh()
    asked, found = "Did that help?\n1. Yes\n2. Not yet", "I found this for you.\n• Ways to pay"
    t.merge(look(row(found), row(asked), row("No.", "end"), row(found), row(asked)), first=True)
    assert [b.text for b in t.bubbles if b.text != "No."] == [found, asked, found, asked]
    assert not any(b.name for b in t.bubbles)


def test_a_line_that_heads_several_messages_is_a_name() -> None:
    t, _ = fresh()
    t.merge(look(row("Mika\nGuten Tag!"), row("Mika\nWorum geht es?")), first=True)
    assert [(b.name, b.text) for b in t.bubbles] == [("Mika", "Guten Tag!"), ("Mika", "Worum geht es?")]


def test_the_same_look_again_changes_nothing() -> None:
    t, j = fresh()
    view = look(row("Hi", options=["Orders", "Other"]), row("x", "end"), row("Second"))
    for _ in range(4):
        t.merge(view)
        t.flush()
    assert len(j.said) == 3
    assert j.changed == []


def test_a_late_reply_on_the_consumers_side_is_not_taken_for_what_was_typed() -> None:
    t, j = fresh()
    t.merge(look(row("Hello.")), first=True)
    t.said("agent", 3, typed=True)
    t.merge(look(row("Hello."), row("agent")))
    t.said("a person please", 5, typed=True)
    new = t.merge(look(row("Hello."), row("agent"), row("I feel with you."), row("a person please")))
    assert [(b.author, b.text) for b in new] == [("bot", "I feel with you.")]
    assert j.said[-1] == ("bot", "I feel with you.")
    assert t.awaiting == []


def test_a_face_in_a_row_of_its_own_beside_the_consumers_words_is_no_message() -> None:
    t, j = fresh()
    t.merge(look(row("Hello.")), first=True)
    t.said("agent", 3, typed=True)
    face = row("me", "centre", bubble=False)
    assert t.merge(look(row("Hello."), row("agent", "end"), face)) == []
    assert [b.text for b in t.merge(look(row("Hello."), row("agent", "end"), face, row("OK")))] == ["OK"]
    assert ("system", "me") not in j.said
