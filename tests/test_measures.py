"""The rules at the edges of METHOD §2a, §3, §4a one by one, and what holds for every journal whatever it contains."""

from __future__ import annotations

import random
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tohuman.results.effort import Act, effort, keys_of, reading_seconds
from tohuman.results.events import (
    EVENTS,
    AnyEvent,
    Budget,
    Candidate,
    Event,
    Failure,
    Finding,
    FormField,
    Gesture,
    Left,
    Message,
    MessageChanged,
    Obstacle,
    ProbeKey,
    Queue,
    RunEnded,
    RunStarted,
    Spent,
)
from tohuman.results.measures import Measures, measure
from tohuman.results.vocabulary import WALLS, Outcome

STARTED = RunStarted(run_id="r", at="2026-01-01T00:00:00+00:00", probe=ProbeKey(platform="p"), start_url="http://x/")
END = RunEnded(at="")
OFFERED = Finding(finding="offered")
JOINED, ANSWERED = Finding(finding="joined"), Finding(finding="answered")
TAKEN_BACK, DROPPED = Finding(finding="taken_back"), Finding(finding="dropped")
NO_WAY = Finding(finding="no_way_left")
PRESS = Gesture(gesture="pointer", label="Help")
OPTION = Gesture(gesture="pointer", place="log", label="Yes")


def wall(outcome: str, **more: Any) -> Finding:
    return Finding(finding="wall", outcome=outcome, **more)


def numbered(events: list[Any]) -> list[AnyEvent]:
    return [event.model_copy(update={"n": n, "t": n * 0.5}) for n, event in enumerate(events, start=1)]


def run(*events: Event, policy: Literal["naive", "script"] = "naive") -> Measures:
    started = STARTED.model_copy(update={"probe": ProbeKey(platform="p", policy=policy)})
    return measure(numbered([started, *events, END]))


def counts(*events: Event) -> tuple[int, int, int]:
    got = run(*events)
    return got.clicks, got.turns, got.obstacle_clicks


# ---- what counts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gesture", "expected"),
    [
        ({}, (1, 0)),
        ({"gesture": "key", "key": "Enter"}, (1, 0)),
        ({"activation": False}, (0, 0)),
        ({"field": True}, (0, 0)),
        ({"field": True, "place": "log"}, (0, 0)),
        ({"field": True, "place": "log", "posted": True}, (0, 1)),
        ({"place": "log"}, (0, 1)),
        ({"place": "between"}, (0, 1)),
        ({"place": "toolbar"}, (0, 1)),
        ({"place": "toolbar", "said": "person"}, (0, 1)),
        ({"place": "box"}, (0, 0)),
        ({"place": "box", "said": "person"}, (0, 1)),
        ({"place": "box", "said": "person", "activation": False}, (0, 1)),
        ({"posted": True}, (0, 1)),
        ({"said": "person"}, (0, 1)),
        ({"trusted": False}, (0, 0)),
        ({"gesture": "scripted"}, (0, 0)),
        ({"gesture": "dialog"}, (1, 0)),
        ({"gesture": "back"}, (1, 0)),
        ({"gesture": "popup_closed"}, (1, 0)),
        ({"gesture": "jump"}, (1, 0)),
        ({"double": True}, (0, 0)),
        ({"changed": False}, (1, 0)),
        ({"by": "autoconsent"}, (0, 0)),
    ],
)
def test_a_gesture_counts_as(gesture: dict[str, Any], expected: tuple[int, int]) -> None:
    got = run(Gesture.model_validate({"gesture": "pointer", **gesture}), NO_WAY)
    assert (got.clicks, got.turns) == expected


def test_a_scripted_press_is_faked_and_the_consent_librarys_is_not() -> None:
    got = run(
        Gesture(gesture="scripted"),
        Gesture(gesture="key", trusted=False),
        Gesture(gesture="scripted", by="autoconsent", trusted=False),
    )
    assert got.faked == {"key": 1, "scripted": 1}
    assert got.proof["faked"] == [2, 3]


def test_closing_an_overlay_is_an_obstacle_click_and_without_the_obstacle_a_click() -> None:
    assert counts(PRESS, Obstacle(kind="cookie", gesture=2)) == (0, 0, 1)
    assert counts(PRESS) == (1, 0, 0)
    assert counts(Obstacle(kind="cookie", clicks=3, by="autoconsent")) == (0, 0, 3)
    assert counts(PRESS, Obstacle(kind="cookie", gesture=2), Obstacle(kind="other", gesture=2)) == (0, 0, 1)
    assert counts(Obstacle(kind="cookie", gesture=77)) == (0, 0, 0)


def test_a_message_and_the_gesture_that_sent_it_are_one_turn() -> None:
    sent = Gesture(gesture="key", place="box", said="person")
    assert counts(sent, Message(id="m1", author="consumer", text="person", gesture=2)) == (0, 1, 0)
    assert counts(sent, Message(id="m1", author="consumer", text="Person")) == (0, 1, 0)
    assert counts(sent, sent, Message(id="m1", author="consumer", text="person", gesture=3)) == (0, 2, 0)


def test_a_message_makes_the_gesture_it_names_a_turn_and_nothing_else_does() -> None:
    word = Message(id="m1", author="consumer", text="I have a question", gesture=2)
    assert counts(PRESS, word) == (0, 1, 0)
    assert counts(PRESS, word.model_copy(update={"gesture": None})) == (1, 0, 0)
    assert counts(PRESS, Message(id="m1", author="bot", text="Hello", gesture=2)) == (1, 0, 0)
    assert counts(Gesture(gesture="key", place="box"), word) == (0, 1, 0)
    assert counts(Gesture(gesture="scripted"), word) == (0, 0, 0)


@pytest.mark.parametrize(
    ("surface", "observer", "turns"),
    [
        ("web", "program", 0),
        ("web-mobile", "script", 0),
        ("web", "human", 2),
        ("phone", "human", 2),
        ("app", "human", 2),
    ],
)
def test_where_no_browser_counted_each_message_is_a_turn(surface: str, observer: str, turns: int) -> None:
    started = RunStarted.model_validate(
        {**STARTED.model_dump(), "observer": observer, "probe": {"platform": "p", "surface": surface}}
    )
    said = [Message(id="m", author="consumer", text=text) for text in ("0", "0")]
    greeting = Message(id="m", author="consumer", text="old", history=True)
    assert measure(numbered([started, greeting, *said, END])).turns == turns
    if surface == "web":
        assert measure(numbered([started, PRESS, *said, END])).turns == 0


def test_presses_after_the_offer_that_stood_do_not_count() -> None:
    assert counts(PRESS, OFFERED, PRESS, OPTION) == (1, 0, 0)
    assert counts(PRESS, JOINED, PRESS, ANSWERED, OPTION) == (1, 0, 0)
    assert counts(PRESS, OFFERED, PRESS, TAKEN_BACK, OPTION, NO_WAY) == (2, 1, 0)
    assert counts(PRESS, OFFERED, PRESS, TAKEN_BACK, OPTION, OFFERED, OPTION) == (2, 1, 0)


def test_a_press_told_after_the_offer_but_made_before_counts() -> None:
    late = numbered([STARTED, OFFERED, OPTION, END])
    assert measure(late).turns == 0
    late[2] = late[2].model_copy(update={"t": 0.1})
    assert measure(late).turns == 1


def test_presses_made_to_leave_do_not_count() -> None:
    unclear = Finding(finding="unclear")
    assert counts(PRESS, OPTION, Left(how="cancelled", gesture=3), unclear) == (1, 0, 0)
    assert counts(OPTION, unclear, OPTION) == (0, 1, 0)
    closing = (PRESS, PRESS, Left(how="closed", gesture=3))
    assert counts(*closing, NO_WAY) == (1, 0, 0)
    assert counts(*closing, PRESS, NO_WAY) == (3, 0, 0)


def test_what_follows_the_end_of_the_run_is_no_part_of_it() -> None:
    events = numbered([STARTED, PRESS, NO_WAY, END, PRESS, JOINED, ANSWERED])
    assert measure(events) == measure(events[:4])


def test_fields_count_once_each_when_required() -> None:
    def field(**more: Any) -> FormField:
        return FormField.model_validate({"label": "E-mail", "kind": "email", "page": "p1", **more})

    assert run(field(), field(label=" e-MAIL "), field(required=False, label="Phone"), NO_WAY).fields == 1
    assert run(field(), field(page="p2"), field(kind="text"), NO_WAY).fields == 3
    assert run(field(where="wall"), wall("message_form")).fields == 1
    assert run(field(where="wall"), wall("message_form"), OFFERED).fields == 0
    assert run(field(), wall("message_form"), OFFERED, field(label="Later")).fields == 1


def test_the_last_form_of_a_bot_message_is_what_was_read() -> None:
    got = run(
        Message(id="m1", author="bot", text="Hel"),
        MessageChanged(id="m1", text="Hello   there"),
        MessageChanged(id="m1", removed=True),
        Message(id="m2", author="human", text="not the bot"),
        NO_WAY,
    )
    assert (got.bot_messages, got.bot_characters) == (1, len("Hello there"))


# ---- how it ended ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ([JOINED, ANSWERED], "human"),
        ([OFFERED, JOINED, ANSWERED], "human"),
        ([OFFERED], "handoff"),
        ([JOINED], "handoff"),
        ([ANSWERED], "handoff"),
        ([OFFERED, JOINED], "handoff"),
        ([OFFERED, DROPPED], "dropped"),
        ([JOINED, ANSWERED, DROPPED], "dropped"),
        ([OFFERED, DROPPED, OFFERED], "handoff"),
        ([OFFERED, Left(how="closed"), DROPPED], "handoff"),
        ([OFFERED, TAKEN_BACK, NO_WAY], "dead_end"),
        ([OFFERED, Queue(state="joined"), TAKEN_BACK, NO_WAY], "dropped"),
        ([OFFERED, TAKEN_BACK.model_copy(update={"outcome": "message_form"})], "message_form"),
        ([OFFERED, TAKEN_BACK.model_copy(update={"outcome": "human"}), NO_WAY], "dead_end"),
        ([wall("diverted"), wall("message_form"), wall("gated"), wall("closed")], "closed"),
        ([wall("loop"), wall("diverted")], "diverted"),
        ([wall("dead_end"), NO_WAY], "dead_end"),
        ([wall("message_form"), OFFERED], "handoff"),
        ([wall("closed"), Finding(finding="unclear")], "unclear"),
        ([Finding(finding="unclear"), OFFERED], "handoff"),
        ([Spent(which="turns")], "exhausted"),
        ([wall("closed"), Spent(which="seconds")], "exhausted"),
        ([OFFERED, DROPPED, Spent(which="actions")], "dropped"),
        ([OFFERED, Spent(which="queue_seconds")], "handoff"),
        ([JOINED, ANSWERED, Failure(outcome="error", reason="x", sentence="X.")], "error"),
        (
            [Failure(outcome="blocked", reason="x", sentence="X."), Failure(outcome="error", reason="", sentence="")],
            "blocked",
        ),
        ([], "error"),
    ],
)
def test_a_run_ends_as(events: list[Event], outcome: str) -> None:
    assert run(*events).outcome == outcome


def test_a_written_way_that_leads_nowhere_is_broken() -> None:
    assert run(PRESS, policy="script").outcome == "broken"
    assert run(PRESS, policy="naive").outcome == "error"


def test_without_an_end_it_was_interrupted_unless_a_failure_says_more() -> None:
    assert measure([]).outcome == "interrupted"
    assert measure([STARTED, JOINED, ANSWERED]).outcome == "interrupted"
    assert measure([STARTED, Failure(outcome="unavailable", reason="x", sentence="X.")]).outcome == "unavailable"


def test_offered_answered_and_taken_back() -> None:
    def pair(*events: Event) -> tuple[bool, bool, bool]:
        got = run(*events)
        return got.offered, got.answered, got.taken_back

    assert pair(OFFERED) == (True, False, False)
    assert pair(JOINED, ANSWERED) == (True, True, False)
    assert pair(OFFERED, DROPPED) == (True, False, False)
    assert pair(OFFERED, TAKEN_BACK, NO_WAY) == (False, False, True)
    assert pair(OFFERED, TAKEN_BACK, JOINED, ANSWERED) == (True, True, True)
    assert pair(NO_WAY) == (False, False, False)


def test_an_offer_taken_back_is_a_fake_handoff_even_if_nobody_noted_it() -> None:
    assert [barrier.barrier for barrier in run(OFFERED, TAKEN_BACK, JOINED).barriers] == ["fake_handoff"]
    assert run(OFFERED).barriers == []


def test_gate_and_direction_only_with_their_outcome_and_from_the_closed_lists() -> None:
    assert run(wall("gated", gate="vip")).gate == "vip"
    assert run(wall("gated", gate="nonsense")).gate == ""
    assert run(wall("diverted", to="app", gate="vip")).gate == ""
    assert run(wall("diverted", to="app")).to == "app"
    # what a conversation says stands before what a page on the way shows
    said = [Message(id="m", author="bot", text="Only in the app.")]
    got = run(wall("diverted", to="phone"), *said, wall("diverted", to="app", of=[3]))
    assert got.to == "app"
    got = run(wall("gated", gate="vip"), wall("closed"))
    assert (got.gate, got.sentence_key) == ("", "closed")


# ---- effort ------------------------------------------------------------------------------------------------------


def test_effort_of_a_click_and_of_a_typed_line() -> None:
    assert effort([Act()], [], touch=False).usual == pytest.approx(1.35 + 1.10 + 0.28)
    typed = effort([Act(by="key", typed="hello you")], [], touch=False)
    assert typed.usual == pytest.approx(1.35 + 0.40 + 9 * 0.28 + 0.28)
    assert (typed.low, typed.high) == (pytest.approx(1.75 + 2.0), pytest.approx(1.75 + 5.0))
    there_and_back = effort([Act(by="key", typed="a"), Act()], [], touch=False).usual
    assert there_and_back == pytest.approx(2 * 1.35 + 2 * 0.40 + 1.10 + 3 * 0.28)
    assert effort([Act(by="key", typed="a"), Act()], [], touch=True).usual == pytest.approx(there_and_back - 0.8)


def test_keys_and_reading_go_by_script() -> None:
    assert keys_of("转人工客服") == pytest.approx(17)
    assert reading_seconds("字" * 255) == pytest.approx(60)
    assert reading_seconds("word " * 238) == pytest.approx(60)
    assert reading_seconds("请按 1 to go on") == pytest.approx(60 * (2 / 255 + 4 / 238))
    assert reading_seconds(" … ! ") == 0


# ---- what holds for every journal --------------------------------------------------------------------------------

numbers = st.integers(-1, 30)
labels = st.sampled_from(["", "Help", "person", "人工", "\ud800", "\x00"])
seconds = st.floats(allow_nan=True, allow_infinity=True) | st.floats(0, 100)
_OWN: dict[type[Event], dict[str, st.SearchStrategy[Any]]] = {
    Finding: {"outcome": st.sampled_from(["", "human", "nonsense", *(wall.value for wall in WALLS)])},
}


def _strategy(model: type[Event]) -> st.SearchStrategy[Any]:
    """Events of a model with plausible and implausible values, straight from the model's own annotations."""
    given_: dict[str, st.SearchStrategy[Any]] = {}
    for name, info in model.model_fields.items():
        kind = info.annotation
        if name == "type":
            continue
        if name in _OWN.get(model, {}):
            given_[name] = _OWN[model][name]
        elif kind is str:
            given_[name] = labels
        elif kind is int:
            given_[name] = numbers
        elif kind is float:
            given_[name] = seconds
        elif kind == list[int]:
            given_[name] = st.lists(numbers, max_size=3)
        elif kind == list[str]:
            given_[name] = st.lists(labels, max_size=3)
        elif kind == list[Candidate]:
            given_[name] = st.just([])
        elif kind in (dict[str, str], dict[str, Any]):
            given_[name] = st.just({})
        elif kind is ProbeKey:
            given_[name] = st.builds(ProbeKey, platform=labels, surface=st.sampled_from(["web", "web-mobile", "phone"]))
        elif kind is Budget:
            given_[name] = st.just(Budget())
        else:
            given_[name] = st.from_type(kind)  # bool, Literal, X | None
    return st.builds(model, **given_)


any_event: st.SearchStrategy[Any] = st.one_of([_strategy(model) for model in Event.__subclasses__()])
journals = st.lists(any_event, max_size=25).map(numbered) | st.lists(any_event, max_size=25)


@settings(max_examples=300, deadline=None)
@given(journals)
def test_every_beginning_of_anything_can_be_measured(events: list[AnyEvent]) -> None:
    for cut in range(len(events) + 1):
        got = measure(events[:cut])
        assert got.actions == got.clicks + got.turns
        assert Outcome(got.outcome)
        assert len(got.path) >= got.clicks + got.turns
        assert got.valid or not got.reached
        assert got.reached <= got.offered
        assert got.effort_low_s <= got.effort_s <= got.effort_high_s
        assert min(got.clicks, got.turns, got.obstacle_clicks, got.fields, got.duration_s, got.touches) >= 0
        assert bool(got.gate) <= (got.outcome == "gated")
        got.to_json().encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(journals, st.randoms(use_true_random=False))
def test_same_events_same_bytes_and_any_order_is_measured(events: list[AnyEvent], chance: random.Random) -> None:
    again = [EVENTS.validate_python(event.model_dump()) for event in events]
    assert measure(events).to_json() == measure(again).to_json()
    chance.shuffle(events)
    measure(events)


@settings(max_examples=200, deadline=None)
@given(st.lists(_strategy(Gesture), max_size=12), st.integers(0, 30))
def test_taking_an_obstacle_away_makes_its_gesture_a_click_or_a_turn(gestures: list[Gesture], which: int) -> None:
    mine = [gesture.model_copy(update={"by": "consumer"}) for gesture in gestures]
    without = counts(*mine)
    with_one = counts(*mine, Obstacle(kind="cookie", gesture=which))
    assert sum(without) == sum(with_one)
    assert with_one[2] in (0, 1)
    assert with_one[0] <= without[0]
    assert with_one[1] <= without[1]


@settings(max_examples=200, deadline=None)
@given(st.lists(_strategy(Gesture), max_size=12))
def test_a_gesture_is_never_more_than_one_act(gestures: list[Gesture]) -> None:
    assert sum(counts(*gestures)) <= len(gestures)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([PRESS, OPTION, OFFERED, JOINED, ANSWERED]), max_size=12))
def test_going_on_after_an_offer_that_stands_never_changes_the_count(events: list[Event]) -> None:
    assert counts(PRESS, OFFERED, *events) == (1, 0, 0)
    assert run(PRESS, OFFERED, *events).reached
