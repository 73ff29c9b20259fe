"""The walk told as a person would: what was pressed and said, by whom, where it ended and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tohuman.results.journal import read
from tohuman.results.measures import measure
from tohuman.results.narrate import Line, narrate

RECORDED = Path(__file__).parent / "recorded"
NAMES = sorted(path.stem for path in RECORDED.glob("*.jsonl"))


def told(name: str) -> list[Line]:
    events = read(RECORDED / f"{name}.jsonl")
    return narrate(events, measure(events))


def test_a_walk_to_a_person() -> None:
    assert [(line.kind, line.key, line.text, line.event) for line in told("person_at_first_request")] == [
        ("start", "naive", "http://127.0.0.1/help", 1),
        ("page", "p1", "", 2),
        ("obstacle", "pointer", "Accept all", 3),
        ("click", "pointer", "Chat with us", 6),
        ("wait", "page", "", 7),
        ("message", "bot", "Hi! I am Rosie, the assistant.", 9),
        ("barrier", "bot_first", "", 10),
        ("turn", "key", "I would like to talk to a person.", 11),
        ("message", "bot", "Connecting you with a colleague.", 13),
        ("wait", "bot", "", 14),
        ("finding", "offered", "Connecting you with a colleague.", 15),
        ("message", "system", "Ines has joined the conversation.", 16),
        ("finding", "joined", "Ines has joined the conversation.", 17),
        ("message", "human", "Hello, this is Ines.", 18),
        ("finding", "answered", "Hello, this is Ines.", 19),
        ("finding", "touch", "", 20),
        ("press", "pointer", "This is an automated measurement.", 21),
        ("message", "consumer", "This is an automated measurement.", 22),
        ("left", "said", "This is an automated measurement.", 23),
        ("press", "pointer", "Close", 24),
        ("end", "human", "Hello, this is Ines.", 19),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_counted_act_is_told_once_and_the_end_is_last(name: str) -> None:
    events = read(RECORDED / f"{name}.jsonl")
    measures = measure(events)
    lines = narrate(events, measures)
    acts = [(line.kind, line.text, line.event) for line in lines if line.kind in ("click", "turn", "obstacle")]
    assert acts == [(step.kind, step.label, step.event) for step in measures.path]
    assert [line.kind for line in lines].count("end") == 1
    assert (lines[-1].kind, lines[-1].name, lines[-1].key) == ("end", measures.outcome, measures.sentence_key)
    assert [line.event for line in lines[:-1]] == sorted(line.event for line in lines[:-1])


def test_flags_tell_why_a_press_did_not_count() -> None:
    flags = {line.event: (line.kind, line.flags) for line in told("every_kind_of_press")}
    assert flags[7] == ("click", ("dead",))
    assert flags[8] == ("press", ("double",))
    assert flags[14] == ("press", ("faked",))
    assert 4 not in flags
    assert flags[18] == ("turn", ())


def test_other_words_than_were_pressed_are_told_too() -> None:
    lines = [(line.kind, line.text) for line in told("every_kind_of_press")]
    assert ("turn", "Ask about my order") in lines
    assert ("message", "I have a question about my order") in lines
    assert ("message", "Person") not in lines


def test_fields_tell_whether_they_had_to_be_given() -> None:
    flags = [line.flags for line in told("offer_taken_back") if line.kind == "field"]
    assert flags == [("required", "wall"), ("required", "wall"), ("required", "wall"), ("optional", "wall")]
