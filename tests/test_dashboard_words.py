"""The words of the site: equal keys in every language, all codes of the vocabularies, numbers as people write them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as given_a

from tohuman.dashboard.export import COLUMNS, FIGURES
from tohuman.dashboard.locale import FOLDER, Locale, languages, words
from tohuman.dashboard.walk import BADGES
from tohuman.results import events as ev
from tohuman.results.vocabulary import (
    Barrier,
    ControlClass,
    Diversion,
    Gate,
    Outcome,
    Policy,
    Scenario,
    Signal,
    Start,
    Stop,
    Surface,
)

every_language = pytest.mark.parametrize("language", languages())


def choices(model: type[ev.Event], field: str) -> set[str]:
    return set(get_args(model.model_fields[field].annotation))


def needed() -> set[str]:
    groups: dict[str, set[str]] = {
        "outcome": set(Outcome),
        "outcome_long": set(Outcome),
        "barrier": set(Barrier),
        "gate": set(Gate),
        "diversion": set(Diversion),
        "signal": set(Signal) | set(ControlClass),
        "key.start": set(Start),
        "key.surface": set(Surface),
        "key.policy": set(Policy),
        "key.scenario": set(Scenario),
        "key.stop": set(Stop),
        "figure": {c.name for c in FIGURES},
        "meaning": {c.name for c in FIGURES},
        "dictionary": {c.name for c in COLUMNS if not c.figure},
        "type": {c.type for c in COLUMNS},
        "badge": set(BADGES),
        "author": choices(ev.Message, "author"),
        "action": choices(ev.Step, "action"),
        "obstacle_kind": choices(ev.Obstacle, "kind"),
        "walk": choices(ev.Finding, "finding")
        | {f"wait_{k}" for k in choices(ev.Wait, "kind")}
        | {f"queue_{k}" for k in choices(ev.Queue, "state")}
        | {f"left_{k}" for k in choices(ev.Left, "how")}
        | {f"spent_{k}" for k in choices(ev.Spent, "which")}
        | {f"conversation_{k}" for k in choices(ev.Conversation, "state")},
    }
    return {f"{group}.{code}" for group, codes in groups.items() for code in codes}


def test_both_languages_of_the_project_are_there() -> None:
    assert {"en", "zh-CN"} <= set(languages())


@every_language
def test_the_keys_and_their_blanks_are_those_of_english(language: str) -> None:
    own, english = words(language), words("en")
    assert set(own) == set(english)
    blanks = {k: set(re.findall(r"\{(\w*)\}", own[k])) for k in own}
    assert {k: v for k, v in blanks.items() if v != set(re.findall(r"\{(\w*)\}", english[k]))} == {}


@every_language
def test_every_code_of_the_vocabularies_has_a_word(language: str) -> None:
    own = words(language)
    assert sorted(k for k in needed() if not own.get(k, "").strip()) == []


def test_chinese_words_are_chinese_and_english_ones_are_not() -> None:
    han = re.compile("[\u4e00-\u9fff]")
    same_everywhere = {"site.name", "percent", "cell.interval", "cell.outcome_n", "lang"}
    same_everywhere |= {"language", "run.unproved", "run.title", "key.title", "platform.course_tip"}
    same_everywhere |= {"list_separator"}
    assert {k for k, v in words("zh-CN").items() if not han.search(v)} <= same_everywhere
    assert {k for k, v in words("en").items() if han.search(v)} == set()


def test_every_key_a_template_or_the_program_names_is_there() -> None:
    own = set(words("en"))
    named = set()
    for file in [*FOLDER.parent.glob("templates/*.j2"), *FOLDER.parent.glob("*.py")]:
        named |= set(re.findall(r"""\bt\(\s*['"]([a-z_.]+)['"]\s*[,)]""", file.read_text("utf-8")))
    assert len(named) > 100
    assert named - own == set()


def test_a_value_in_a_sentence_is_escaped() -> None:
    assert "<" not in Locale("en")("walk.dialog", dialog="<b>x</b>").replace("&lt;", "")


def test_a_missing_word_is_an_error() -> None:
    with pytest.raises(KeyError):
        Locale("en")("no.such.word")
    with pytest.raises(KeyError):
        Locale("tlh")


@pytest.mark.parametrize(
    ("share", "told"),
    [(1, "100%"), (0, "0%"), (Fraction(999, 1000), "99%"), (Fraction(1, 1000), "1%"), (Fraction(1, 2), "50%")],
)
def test_a_share_is_never_rounded_up_to_all_or_down_to_none(share: Fraction, told: str) -> None:
    assert Locale("en").percent(share) == told


@given(given_a.fractions(0, 1))
def test_whole_per_cent_only_where_it_is_whole(share: Fraction) -> None:
    told = int(Locale("en").percent(share).rstrip("%"))
    assert (told == 100) == (share == 1)
    assert (told == 0) == (share == 0)
    assert abs(told - share * 100) <= 1


@pytest.mark.parametrize(
    ("number", "told"), [(3, "3"), (Fraction(63, 10), "6.3"), (20.0, "20"), (None, "–"), (1234, "1,234"), (100, "100")]
)
def test_numbers_have_no_decimals_they_do_not_need(number: float | None, told: str) -> None:
    assert Locale("en").number(number) == told


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.84, "0.8 s"), (41, "41 s"), (61, "1 min 01 s"), (600.4, "10 min 00 s")]
)
def test_seconds_are_minutes_when_they_are_many(seconds: float, told: str) -> None:
    assert Locale("en").seconds(seconds) == told
