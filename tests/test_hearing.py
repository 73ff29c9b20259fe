"""What a reply with choices below it is taken for. Replies are made here; conversations are test_walk_practice's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock

import pytest

from tohuman.probes.alike import norm
from tohuman.probes.hearing import Hearing, acted_on
from tohuman.probes.reading import PRECEDENT, Reader, Reading
from tohuman.probes.rows import Bubble
from tohuman.probes.session import Session


def heard(text: str, *options: str, before: tuple[str, ...] = ()) -> tuple[Hearing, Bubble]:
    """An ear whose conversation showed `before` as choices, then this reply."""
    session = Session(context=MagicMock(), reader=Reader.load(), journal=lambda _: 1)
    bubble = Bubble("b2", 2, "bot", text, options=list(options))
    bubbles = [Bubble("b1", 1, "bot", "Hello!", options=list(before)), bubble]
    return Hearing(session, cast(Any, SimpleNamespace(transcript=SimpleNamespace(bubbles=bubbles))), set()), bubble


@pytest.mark.parametrize(
    ("text", "options", "before", "question"),
    [
        ("I will transfer you to an agent.", (), (), False),
        ("I will transfer you to an agent. First, what is it about:", ("Electricity", "Gas"), (), True),
        ("I will transfer you to an agent.", ("Electricity", "Gas"), ("Electricity", "Gas", "Water"), False),
        ("I will transfer you to an agent.", ("Cancel the request", "Leave a message"), (), False),
        ("Shall I transfer you to an agent?", (), (), True),
    ],
)
def test_a_transfer_with_a_choice_of_its_own_is_not_yet_one(
    text: str, options: tuple[str, ...], before: tuple[str, ...], question: bool
) -> None:
    ear, bubble = heard(text, *options, before=before)
    read = ear.s.reader.message(text, "en")
    assert read.signal == "handoff_offer"
    assert ear.is_question(bubble, read) is question


@pytest.mark.parametrize(
    ("text", "options", "question"),
    [
        ("All agents are busy. Would you like to wait?", ("Yes, please", "No"), True),
        ("All agents are busy. Would you like to wait?", ("Cancel the request",), False),
        ("All agents are busy, please wait.", ("Yes, please", "No"), False),
        ("You are number 3 in the queue. Will you wait?", ("Yes, please", "No"), False),
    ],
)
def test_whoever_is_asked_whether_to_wait_is_in_no_queue_yet(
    text: str, options: tuple[str, ...], question: bool
) -> None:
    ear, bubble = heard(text, *options)
    read = ear.s.reader.message(text, "en")
    assert read.signal == "queued"
    assert ear.is_question(bubble, read) is question


def test_choices_with_none_of_these_among_them_ask_to_choose_until_that_was_taken() -> None:
    ear, bubble = heard("What can I do for you?", "My bill", "My meter", "Something else")
    assert ear.exhaustive(bubble.options)
    ear.state.tried.add(norm("Something else"))
    assert not ear.exhaustive(bubble.options)
    ear, bubble = heard("What can I do for you?", "My bill", "My meter", "My contract")
    assert not ear.exhaustive(bubble.options)


@pytest.mark.parametrize(
    ("option", "leads"), [("Get customer care", True), ("Talk to an agent", True), ("How refunds work", False)]
)
def test_the_one_thing_to_press_after_a_request_leads_on_when_it_is_about_reaching_somebody(
    option: str, leads: bool
) -> None:
    ear, bubble = heard("Of course, our colleagues look at this with you.", option)
    last = (bubble, ear.s.reader.message("Let us see.", "en"), 1)
    assert not ear.leads_on(last)  # nobody was asked for yet
    ear.state.asked_person = 1
    assert ear.leads_on(last) is leads


@pytest.mark.parametrize(
    ("said", "options", "leads"),
    [
        ("Sorry, I did not understand that.", ("Chat with customer service", "Use the form"), True),
        ("Sorry, I did not understand that.", ("My bill", "My meter"), False),
        ("Here is what I found.", ("Chat with customer service", "My meter"), False),
    ],
)
def test_a_bot_that_knows_no_further_and_offers_somebody_beside_other_things_is_taken_at_its_word(
    said: str, options: tuple[str, ...], leads: bool
) -> None:
    ear, bubble = heard(said, *options)
    assert ear.leads_on((bubble, ear.s.reader.message(said, "en"), 1)) is leads


@pytest.mark.parametrize(
    ("rule", "certainty", "signal"),
    [(PRECEDENT, 0.49, "other"), (PRECEDENT, 0.5, "closed"), ("offer.question", 0.49, "closed")],
)
def test_nothing_follows_from_what_precedents_say_unsurely(rule: str, certainty: float, signal: str) -> None:
    assert acted_on(Reading("closed", certainty, rule, "shut for tonight")).signal == signal
