"""Captured text before it is shown: hidden characters, links, spreadsheet cells, and people's names."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as given_a

from tohuman.dashboard.export import COLUMNS, as_csv, as_json
from tohuman.dashboard.redact import MASK, Redaction
from tohuman.dashboard.text import cell, one_line, visible, web_address
from tohuman.results.events import AnyEvent, Finding, Gesture, Message
from tohuman.results.overview import RunRow

any_text = given_a.text(given_a.characters(exclude_categories=[]), max_size=60)
ROW = RunRow("20260301t090000-a-abcdef", "a", "handoff", "2026-03-01T09:00:00Z")


def test_characters_that_hide_or_turn_text_round_are_written_out() -> None:
    assert visible("pay\u202egpj.exe") == "pay⟨U+202E⟩gpj.exe"
    assert visible("a\u200bb\ufeffc\x00d\x1b[31m") == "a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+0000⟩d⟨U+001B⟩[31m"
    assert visible("\ud800") == "⟨U+D800⟩"
    assert visible("转人工 👩‍💻\n\t") == "转人工 👩‍💻\n\t"


@given(any_text)
def test_nothing_hidden_is_left_and_nothing_seen_is_lost(text: str) -> None:
    shown = visible(text)
    for c in shown:
        assert c in "\n\t\u200c\u200d" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert visible(shown) == shown
    shown.encode("utf-8")


@given(any_text, given_a.integers(10, 90))
def test_one_line_is_one_line(text: str, limit: int) -> None:
    shown = one_line(text, limit)
    assert len(shown) <= limit
    assert len(shown.splitlines()) <= 1


@pytest.mark.parametrize(
    "address", ["https://a.example/x?y=1&z=2#t", "http://127.0.0.1:8000/", "https://例え.jp/支付", "HTTPS://A.example"]
)
def test_a_web_address_is_a_link(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "https://",
        "https:",
        "https://a.example/\u202ex",
        'https://a.example/"onclick="x',
        "http://[::1",
        "https://a.example\\@b",
        "https://a .example",
        "blob:https://a.example/1",
    ],
)
def test_anything_else_is_no_link(address: str) -> None:
    assert web_address(address) == ""


@given(any_text | given_a.sampled_from(["https:", "http://", "javascript:"]).flatmap(lambda s: any_text.map(s.__add__)))
def test_a_link_only_ever_leads_to_the_web(address: str) -> None:
    allowed = web_address(address)
    assert allowed in ("", address)
    assert not allowed or urlsplit(allowed).scheme in ("http", "https")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "＝1", "\n@x", "＋1", "－1", "＠x"])
def test_a_formula_is_text_in_a_spreadsheet(text: str) -> None:
    assert cell(text).startswith(("'", "⟨U+000D⟩"))


def test_numbers_and_plain_text_are_left_alone() -> None:
    assert [cell(v) for v in (3, 0.5, True, None, "转人工", "a=b")] == ["3", "0.5", "true", "", "转人工", "a=b"]


@given(any_text, any_text)
def test_no_cell_of_the_table_begins_a_formula_however_it_is_split(why: str, name: str) -> None:
    content = as_csv([replace(ROW, why=why, platform_name=name, vantage=why)]).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(content, newline="")))
    assert [len(line) for line in table] == [len(COLUMNS)] * 2
    for value in table[1]:
        assert not value.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    # A spreadsheet that splits at semicolons sees the quotes as well.
    for line in csv.reader(io.StringIO(content, newline=""), delimiter=";"):
        assert not any(value.startswith(("=", "+", "-", "@")) for value in line)


@given(any_text, any_text)
def test_the_exact_data_are_exact(why: str, vantage: str) -> None:
    (read,) = json.loads(as_json([replace(ROW, why=why, vantage=vantage, barriers=(), proof={"clicks": (3, 4)})]))
    assert (read["why"], read["vantage"], read["proof"], read["reached"]) == (why, vantage, {"clicks": [3, 4]}, True)


def test_the_name_and_number_of_a_person_are_masked_from_their_first_sign_on() -> None:
    events: list[AnyEvent] = [
        Gesture(n=1, gesture="pointer", label="Mara's tips"),
        Message(n=2, id="m1", author="system", text="客服 林小满（工号80231）已接入"),
        Finding(n=3, finding="joined", of=[2], text="客服 林小满（工号80231）已接入"),
        Message(n=4, id="m2", author="human", name="林小满", text="您好，我是林小满，CS4417"),
        Finding(n=5, finding="answered", of=[4], text="您好，我是林小满，CS4417"),
    ]
    mask = Redaction(events)
    told = mask.events(events)
    kept = json.dumps([e.model_dump() for e in told], ensure_ascii=False)
    assert not any(secret in kept for secret in ("林小满", "80231", "4417"))
    assert [e.n for e in told] == [1, 2, 3, 4, 5]
    assert told[0] == events[0]
    assert mask.text("why: 林小满") == f"why: {MASK}"


def test_without_a_person_nothing_is_masked() -> None:
    events: list[AnyEvent] = [Message(n=1, id="m1", author="bot", name="Robin", text="Call 4001234567")]
    assert Redaction(events).events(events) == events
