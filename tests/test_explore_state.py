"""What the search remembers and how it orders and prunes, without a browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from tohuman.probes.explore import Explorer, as_locale
from tohuman.probes.explore_state import Found, Landing, Limits, Memory, Move, Result, State, distance, shape, told
from tohuman.probes.explore_visit import Setting
from tohuman.probes.reading import Reader
from tohuman.results.vocabulary import WALLS, Outcome

URL = "http://127.0.0.1:9/help"


def state(*names: str, turns: int = 0) -> State:
    steps = tuple({"do": "press", "role": "link", "name": n} for n in names)
    return State(steps=steps, clicks=len(names) - turns, turns=turns, base=URL)


def move(name: str, guess: float = 1.0, least: int = 0, cls: str = "contact", **more: Any) -> Move:
    return Move(({"do": "press", "role": "link", "name": name},), guess, least, cls, "", **more)


def explorer(**limits: int) -> Explorer:
    async def no_context(_: str) -> Any:
        raise AssertionError("no browser here")

    new: Callable[[str], Awaitable[Any]] = no_context
    return Explorer(Setting(new, URL, Reader.load(), "en", "general", False, Limits(**limits)))


@pytest.mark.parametrize(
    ("tag", "locale"),
    [("zh_cn", "zh-CN"), ("EN", "en"), ("zh-hant-tw", "zh-Hant-TW"), ("de-DE", "de-DE"), ("", ""), ("x", "")],
)
def test_a_page_says_its_language_in_many_spellings(tag: str, locale: str) -> None:
    assert as_locale(tag) == locale


def test_pages_of_one_template_have_one_shape() -> None:
    assert shape("http://a/help/12/read") == shape("http://a/help/99/read")
    assert shape("http://a/articles/how-to-pay") == shape("http://a/articles/how-to-move")
    assert shape("http://a/cal?month=2026-01") == shape("http://a/cal?month=1999-12")
    assert shape("http://a/help/contact") != shape("http://a/contact")
    assert shape("http://a/#/help/one") == shape("http://a/#/help/two")
    assert shape("http://a/help") != shape("http://b/help")


def test_a_person_is_nearest_then_the_walls_in_the_methods_order() -> None:
    order = [Outcome.HUMAN, Outcome.UNCLEAR, *WALLS, Outcome.BROKEN]
    assert [distance(o) for o in order] == sorted(distance(o) for o in order)
    assert distance(Outcome.HANDOFF) == distance(Outcome.HUMAN) == 0


def test_of_equal_actions_fewer_turns_come_first_then_fewer_fields() -> None:
    clicks = Found(Outcome.HUMAN, State(clicks=2, turns=1))
    turns = Found(Outcome.HUMAN, State(clicks=1, turns=2))
    fields = Found(Outcome.HUMAN, State(clicks=2, turns=1, fields=2))
    longer = Found(Outcome.HUMAN, State(clicks=4))
    wall = Found(Outcome.CLOSED, State())
    memory = Memory(found=[wall, longer, turns, fields, clicks])
    assert memory.ranking() == [clicks, fields, turns, longer, wall]
    memory.refuted.add((tuple(clicks.state.path), clicks.outcome.value))
    assert memory.best is None or memory.best.outcome is not Outcome.HUMAN or memory.best is not clicks


def test_a_step_is_told_in_words() -> None:
    assert told({"do": "press", "role": "link", "name": "Help"}) == "press Help"
    assert told({"do": "say", "ladder": 2}) == "say ladder 2"
    assert told({"do": "say", "scenario": True}) == "say scenario"
    assert told({"do": "say", "text": "7"}) == "say 7"


def test_the_likeliest_move_comes_first_and_ties_in_page_order() -> None:
    e = explorer(lanes=1)
    for m in (move("b", 2.0), move("a", 1.0), move("c", 1.0)):
        e.agenda.push(State(base=URL), m)
    order = []
    while item := e.agenda.next():
        order.append(item.move.steps[0]["name"])
    assert order == ["a", "c", "b"]


def test_what_can_not_be_shorter_is_not_tried() -> None:
    e = explorer(lanes=1)
    e.memory.found.append(Found(Outcome.HUMAN, State(clicks=1, turns=1)))
    e.agenda.push(state("x"), move("two already", 0.5))
    e.agenda.push(State(base=URL), move("one, but one more at least", 0.5, 1, "help_centre"))
    assert e.agenda.next() is None
    e.agenda.push(State(base=URL), move("one", 0.5))
    item = e.agenda.next()
    assert item is not None
    assert item.move.steps[0]["name"] == "one"


def test_as_short_with_fewer_turns_is_tried() -> None:
    e = explorer(lanes=1)
    e.memory.found.append(Found(Outcome.HUMAN, State(clicks=1, turns=1)))
    e.agenda.push(state("x"), move("a person", 0.4, 0, "ask_human"))
    assert e.agenda.next() is not None


def test_a_wall_prunes_nothing() -> None:
    e = explorer(lanes=1)
    e.memory.found.append(Found(Outcome.CLOSED, State(clicks=1)))
    e.agenda.push(state("x", "y"), move("further"))
    assert e.agenda.next() is not None


def test_closing_hours_told_on_two_ways_shut_the_rest_of_a_conversation() -> None:
    e = explorer()
    e.memory.views["x"] = 0
    here = replace(state("Chat", "Billing", turns=1), entry="press Chat")
    other = replace(state("Hotline chat", "Billing", turns=1), entry="press Hotline chat")
    for ended in ("Agent", "Other"):
        at = replace(state("Chat", ended, turns=1), entry="press Chat")
        e.agenda.push(here, move(f"after {ended}", turn=True, cls="option"))
        e.memory.found.append(Found(Outcome.CLOSED, at))
        if ended == "Agent":
            assert not e.agenda.shut(e.agenda.heap[0]), "once may be a department's hours"
    e.agenda.push(other, move("elsewhere", turn=True, cls="option"))
    assert [item.move.steps[0]["name"] for item in iter(e.agenda.next, None)] == ["elsewhere"]
    assert e.memory.dropped == 2, "and the bound says so"


def test_an_address_is_put_on_the_list_once() -> None:
    e = explorer()
    link = move("Topic", cls="other", href="http://127.0.0.1:9/t", address="http://127.0.0.1:9/t")
    assert e.agenda.push(State(base=URL), link)
    assert not e.agenda.push(state("x"), link)


def test_an_option_of_the_same_menu_is_tried_once_a_line_in_every_state() -> None:
    e = explorer()
    option = Move(({"do": "press", "role": "button", "name": "Orders"},), 1.6, 0, "option", "", turn=True)
    line = Move(({"do": "say", "ladder": 1},), 0.3, 0, "ask_human", "", turn=True)
    assert e.agenda.push(state("x"), option, "menu")
    assert not e.agenda.push(state("x", "y", turns=1), option, "menu")
    assert e.agenda.push(state("x", "y", turns=1), option, "another menu")
    assert e.agenda.push(state("x"), line, "menu")
    assert e.agenda.push(state("x", "y", turns=1), line, "menu")


def test_the_bound_is_kept_and_said() -> None:
    e = explorer(lanes=1, pages=3)
    for n in range(9):
        e.agenda.push(State(base=URL), move(f"page {n}", cls="other", href=f"http://127.0.0.1:9/{n}"))
    made = 0
    while item := e.agenda.next():
        made += 1
        address = item.move.href
        landing = Landing(item.state, "view", address, address, address)
        e.merge(Result(landings=[landing]), item)
    assert made == 3
    assert "bound of 3 pages" in e.bound()
    assert "6 moves untried" in e.bound()


def test_equal_content_under_another_address_leads_on_only_once() -> None:
    e = explorer()
    for n in range(2):
        landing = Landing(state("x"), "view", f"view {n}", "same content", f"http://127.0.0.1:9/s/{n}", [move(f"m{n}")])
        e.merge(Result(landings=[landing]), None)
    assert len(e.agenda.heap) == 1


def test_what_was_not_seen_in_time_is_tried_once_more_and_held_against_nothing() -> None:
    e = explorer(lanes=1)
    e.agenda.push(State(base=URL), move("slow", cls="other", unlikely=True))
    item = e.agenda.next()
    assert item is not None
    late = Result(error="no answer within 8 s", late=True)
    e.put_back(item, late)
    again = e.agenda.next()
    assert again is item
    assert again.again
    e.merge(late, again)
    assert e.agenda.next() is None
    assert e.memory.useless == set()
