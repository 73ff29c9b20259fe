"""Pages that ask step by step what it is about, who one is, and what a contact page folds away; logs drawn upside down.

Which way a whole walk takes is the practice walks' and the hold-out sites'.
"""

from __future__ import annotations

from unittest.mock import MagicMock

import pytest
from test_asked_in_words import CHAT, answering, look
from test_finding import looked_at, seen
from test_options import button, session

from tohuman.probes.asked import folds
from tohuman.probes.explore_moves import FOLDED, page_moves
from tohuman.probes.leading import guided
from tohuman.probes.options import pick_category
from tohuman.probes.reading import Reader
from tohuman.probes.rows import Bubble
from tohuman.probes.session import Session
from tohuman.probes.transcript import Transcript


def visitor(locale: str = "en") -> Session:
    return Session(context=MagicMock(), reader=Reader.load(), journal=lambda _: 1, locale=locale)


def buttons(*labels: str) -> str:
    return "".join(f'<button style="display:block;width:300px;height:40px">{label}</button>' for label in labels)


@pytest.mark.parametrize(
    ("question", "labels", "begun", "taken"),
    [
        ("What is your question about?", ("Orders", "Returns", "Something else"), False, "Something else"),
        ("Our stores", ("Orders", "Returns", "Something else"), False, ""),
        ("What is your question about?", ("Orders", "Returns"), False, ""),
        ("Does it concern an order?", ("Yes, choose one", "No, it is not about an order"), True, "No, it is not"),
        ("Which part?", ("Become a partner", "Delivery"), True, "Delivery"),
        ("Thank you for reading", ("Copy the address",), True, ""),
    ],
)
def test_a_page_that_asks_by_buttons_is_answered_with_what_is_nearest_to_something_else(
    question: str, labels: tuple[str, ...], begun: bool, taken: str
) -> None:
    sight = seen(f"<main><h2>{question}</h2>{buttons(*labels)}</main>")
    answer = guided(visitor(), sight, set(), begun=begun)
    assert (answer.name if answer else "").startswith(taken)
    assert (answer is not None) is bool(taken)


@pytest.mark.parametrize(
    ("locale", "labels", "taken"),
    [
        ("en", ["I'm a customer", "I'm a rider", "I'm a restaurant partner"], "I'm a customer"),
        ("it", ["Sono già cliente", "Voglio diventare cliente"], "Sono già cliente"),
        ("ja", ["個人のお客さま", "法人のお客さま"], "個人のお客さま"),
        ("pt", ["Já sou cliente", "Ainda não sou cliente"], "Ainda não sou cliente"),
        ("en", ["Orders", "Bills", "Become a partner"], "Bills"),
        ("ko", ["서비스 이용 문의", "입점·제휴 문의", "서비스 개선 제안"], "서비스 이용 문의"),
    ],
)
def test_asked_who_one_is_a_visitor_is_a_customer_and_sells_nothing(locale: str, labels: list[str], taken: str) -> None:
    chosen = pick_category(session(locale), [button(label) for label in labels])
    assert chosen is not None
    assert chosen.name == taken


FOLDS = """<main><h2>Contact</h2><details><summary>Existing customers</summary><button>Start the chat</button>
<p>Call us on 0800 555 019</p></details><details><summary>How do I change my address?</summary><p>Log in.</p></details>
</main>"""


def test_what_is_folded_away_is_not_read_and_a_contact_page_is_unfolded_before_its_questions() -> None:
    sight = seen(FOLDS)
    assert "0800" not in sight.text
    closed = [c for c in sight.controls if c.expanded == "false"]
    assert [c.name for c in closed if folds(visitor(), c)] == ["Existing customers"]
    moves = {m.steps[-1]["name"]: m for m in page_moves(visitor(), sight, promised=True) if m.steps}
    assert moves["Existing customers"].guess < FOLDED[0] < moves["How do I change my address?"].guess


def test_a_panel_without_height_is_folded_away() -> None:
    sight = seen('<main><p>Shown</p><div style="height:0;overflow:hidden"><p>Not shown</p></div></main>')
    assert "Shown" in sight.text
    assert "Not shown" not in sight.text


def test_a_log_that_keeps_the_newest_first_is_read_from_top_to_bottom() -> None:
    rows = "".join(f"<div><p>{words}</p></div>" for words in ("Third line.", "Second line.", "First line."))
    body = f'<div style="display:flex;flex-direction:column-reverse">{rows}</div>'
    _, messages = looked_at(CHAT.format(body))
    assert [m["text"] for m in messages] == ["First line.", "Second line.", "Third line."]


def test_a_sign_of_work_below_the_list_of_messages_joins_no_rows() -> None:
    said = "".join(f'<div class="row"><div><p>{words}</p></div></div>' for words in ("Hello.", "What is it about?"))
    dots = '<style>@keyframes b{to{opacity:.2}}</style><i style="animation:b 1s infinite">&nbsp;</i>'
    _, messages = looked_at(CHAT.format(f"<div>{said}</div><div>{dots}</div>"))
    assert [m["text"] for m in messages if m["text"]] == ["Hello.", "What is it about?"]


def test_a_button_to_begin_above_a_box_that_is_not_in_use_is_no_conversation() -> None:
    welcome = "<h2>Our service</h2><p>We are here for you.</p><button>Start the chat</button>"
    box = '<form><textarea disabled aria-label="Message"></textarea><button disabled>Send</button></form>'
    sight = seen(f'<div style="padding:20px">{welcome}</div>{box}')
    assert sight.talk_frame is None
    assert [c.place for c in sight.controls if c.name == "Start the chat"] == ["outside"]


def test_the_values_of_a_form_shown_again_are_the_consumers() -> None:
    log = Transcript(
        visitor(), lambda text: False, {"name": "Test Visitor", "email": "visitor@example.org", "phone": ""}
    )
    log.merge(look({"text": "May I have your name?"}), first=True)
    log.merge(look({"text": "May I have your name?"}, {"text": "Test Visitor\nE-mail: visitor@example.org"}))
    log.merge(
        look(
            {"text": "May I have your name?"},
            {"text": "Test Visitor\nE-mail: visitor@example.org"},
            {"text": "Please choose:"},
        )
    )
    assert [b.author for b in log.bubbles] == ["bot", "consumer", "bot"]


def test_a_last_line_that_signs_messages_is_a_name() -> None:
    log = Transcript(visitor(), lambda text: False)
    log.merge(
        look(
            {"text": "What is it about?\n~ Nina"},
            {"text": "Tell me.\nNina Assistant"},
            {"text": "And?\nNina Assistant"},
        )
    )
    assert [(b.text, b.name) for b in log.bubbles] == [
        ("What is it about?", "Nina"),
        ("Tell me.", "Nina Assistant"),
        ("And?", "Nina Assistant"),
    ]


@pytest.mark.parametrize(
    ("text", "options", "asked"),
    [
        ("Before that, is it about a certain order?", ["Yes, about an order", "No, something else"], True),
        ("Before that, is it about a certain order?", [], False),
        ("How would you rate this chat?", ["Good", "Bad"], False),
        ("Here is your transfer number.", ["Copy", "Close"], False),
    ],
)
def test_a_choice_asked_after_an_offer_comes_before_it(text: str, options: list[str], asked: bool) -> None:
    conversation = answering()
    read = conversation.s.reader.message(text, "en")
    assert conversation.choice_asked([(Bubble("b", 1, "bot", text, options=options), read, 2)]) is asked


@pytest.mark.parametrize(
    ("locale", "label", "signal"),
    [
        ("en", "Chat terms of use", "other"),
        ("ja", "チャット利用規約", "other"),
        ("en", "Agree to the terms of use and start chat", "open_chat"),
        ("de", "Nutzungsbedingungen zustimmen und Chat starten", "open_chat"),
        ("es", "Dejar un comentario", "other"),
    ],
)
def test_what_one_agrees_to_opens_no_chat(locale: str, label: str, signal: str) -> None:
    assert Reader.load().control(label, locale).signal == signal
