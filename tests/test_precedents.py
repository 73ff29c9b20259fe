"""Precedents: what labelled texts make of a text that no rule reads. The texts here are made up for the purpose."""

from __future__ import annotations

import re

import pytest

from tohuman.probes.reading import LexiconError, Reader
from tohuman.probes.reading.precedent import Labelled, Precedents, labelled

SAID = [
    Labelled("the counter has shut for tonight", "closed"),
    Labelled("we have shut for tonight", "closed"),
    Labelled("this desk has shut for tonight sorry", "closed"),
    Labelled("put your question in the box below", "asks_problem"),
    Labelled("write it in the box below", "asks_problem"),
    Labelled("your parcel has left the depot", "other"),
    Labelled("the box has left the depot", "other"),
    Labelled("somebody has sat down with you", "human_joined"),
    Labelled("mira has sat down with you", "human_joined"),
]


@pytest.fixture(scope="module")
def book() -> Precedents:
    return Precedents.of(SAID, signs=False)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def test_a_text_is_what_the_texts_with_its_phrases_are_and_the_phrases_are_named(book: Precedents) -> None:
    leaning = book.leaning("i fear they have shut for tonight")
    assert leaning is not None
    assert leaning.signal == "closed"
    assert leaning.odds > 0
    assert leaning.ahead > 0
    assert any("shut for tonight" in phrase for phrase in leaning.phrases)


def test_a_text_met_before_is_what_it_was_then(book: Precedents) -> None:
    leaning = book.leaning("the box has left the depot")
    assert leaning is not None
    assert (leaning.signal, leaning.phrases) == ("other", ("the box has left the depot",))
    twice = Precedents.of([*SAID, Labelled("the box has left the depot", "promise")], signs=False)
    again = twice.leaning("the box has left the depot")
    assert again is None or again.phrases != leaning.phrases


def test_no_word_is_counted_twice(book: Precedents) -> None:
    leaning = book.leaning("tonight we have shut for tonight")
    assert leaning is not None
    words = " ".join(leaning.phrases).split()
    assert len(words) == len(set(words))


def test_neither_order_nor_a_second_count_changes_anything(book: Precedents) -> None:
    other = Precedents.of(reversed(SAID), signs=False)
    assert other == book
    assert Precedents.read(book.json()) == book
    assert [other.leaning(t.normal) for t in SAID] == [book.leaning(t.normal) for t in SAID]


@pytest.mark.parametrize("damaged", ["[]", "{}", "[1,{},{}]", "[true,[],{}]", "not json"])
def test_damaged_counts_are_told(damaged: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        Precedents.read(damaged)


def test_what_was_never_met_or_is_an_article_leans_nowhere(book: Precedents) -> None:
    assert book.leaning("zebras graze") is None
    assert book.leaning("shut for tonight " * 40) is None
    assert Precedents.of([], signs=False).leaning("shut for tonight") is None


def test_signs_are_counted_where_words_are_not_told_apart() -> None:
    said = [
        ("窗 口 已 关 门 了", "closed"),
        ("柜 台 已 关 门", "closed"),
        ("包 裹 已 到", "other"),
        ("包 裹 到", "other"),
    ]
    texts = [Labelled(normal, signal) for normal, signal in said]
    leaning = Precedents.of(texts, signs=True).leaning("本 店 已 关 门")
    assert leaning is not None
    assert leaning.signal == "closed"
    assert "已关门" in leaning.phrases


def test_only_messages_are_counted_and_of_a_negative_nothing_is_known() -> None:
    source = (
        b'{"id":"1","text":"Shut","locale":"en","set":"message","label":"closed"}\n\n'
        b'{"id":"2","text":"Agents wanted","locale":"en","set":"message","label":"negative"}\n'
        b'{"id":"3","text":"Back","locale":"en","set":"control","label":"back"}\n'
    )
    assert list(labelled("en.jsonl", source)) == [("Shut", "en", "closed"), ("Agents wanted", "en", "")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "en.jsonl: line 2: "),
        (b'{"id":"1","text":"Shut","locale":"en","set":"message"}', "en.jsonl: line 2: label: "),
        (b'{"id":"1","text":"Shut","locale":"en","set":"message","label":"clossed"}', "no signal 'clossed'"),
        (b'{"id":"1","text":"\xff","locale":"en","set":"message","label":"closed"}', "en.jsonl: not UTF-8"),
    ],
)
def test_a_wrong_line_is_named(line: bytes, told: str) -> None:
    with pytest.raises(LexiconError, match=re.escape(told)):
        list(labelled("en.jsonl", b"\n" + line))


def test_a_person_that_is_denied_is_not_named_beside_what_is_read_instead(reader: Reader) -> None:
    """Texts a rule reads as a person, which precedents deny: nothing of a person is left, neither first nor beside."""
    from labelled import score

    person = {"human_joined", "human_message", "queued", "handoff_offer"}
    rows = [row for row in score.load("tuned") if row.set == "message" and row.locale in ("pl", "tr")]
    denied = 0
    for row in rows:
        if row.label in person or reader.notice(row.text, row.locale).signal not in person:
            continue
        reading = reader.message(row.text, row.locale)
        if reading.signal not in person:
            denied += 1
            assert not {beside.signal for beside in reading.also} & person, row.id
    assert denied > 10


def by_precedent(reader: Reader) -> list[tuple[str, str]]:
    """Texts of the tuned part that precedents read, and their locale."""
    from labelled import score

    rows = [row for row in score.load("tuned") if row.set == "message"][::9]
    return [(row.text, row.locale) for row in rows if reader.message(row.text, row.locale).rule == "precedent"]


def test_precedents_state_no_person_name_their_phrases_and_are_never_as_sure_as_a_rule(reader: Reader) -> None:
    read = by_precedent(reader)
    assert len(read) > 10
    for text, locale in read:
        reading = reader.message(text, locale)
        assert reading.signal not in ("human_joined", "human_message", "queued", "handoff_offer")
        assert reading.phrase
        assert reading.certainty < 0.75
        # which gate, which way on: precedents cannot say, so they do not claim it
        assert reading.signal not in ("gated", "diverted") or reading.certainty < 0.5


def test_a_page_is_read_by_rules_alone(reader: Reader) -> None:
    assert all(reader.notice(text, locale).rule != "precedent" for text, locale in by_precedent(reader))


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Our agents are available Monday to Friday from 9 to 18", "en"),
        ("人工客服服务时间为每日9点至21点", "zh-CN"),
        ("I nostri operatori sono disponibili dal lunedì al venerdì dalle 9 alle 18", "it"),
        ("请勿在对话中填写身份证号、银行卡号。", "zh-CN"),
        ("Nie podawaj na czacie numeru PESEL ani numeru karty.", "pl"),
        ("Oops, we couldn't load your conversation. Please try again in a few minutes.", "en"),
    ],
)
def test_habits_errors_and_what_not_to_write_are_read_by_no_precedent(reader: Reader, text: str, locale: str) -> None:
    assert reader.message(text, locale).rule != "precedent"
