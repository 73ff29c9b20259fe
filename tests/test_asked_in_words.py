"""What a bot asks for in words before it connects, what only sounds like a wait, and what it links to for an answer."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock, MagicMock

import pytest
from test_finding import SAID, looked_at, seen

from tohuman.probes.answering import Answering
from tohuman.probes.leading import own_tab
from tohuman.probes.options import pick_category
from tohuman.probes.reading import Reader
from tohuman.probes.rows import Bubble
from tohuman.probes.session import Session
from tohuman.probes.sight import Control
from tohuman.probes.transcript import Transcript


def answering(locale: str = "en", *, box: bool = True) -> Answering:
    """A conversation of which only the ear is real: nothing is pressed or said."""
    session = Session(context=MagicMock(), reader=Reader.load(), journal=lambda _: 1, locale=locale)
    look = AsyncMock(return_value=SimpleNamespace(talk_box=box, overlays=[], controls=[]))
    talk = SimpleNamespace(transcript=SimpleNamespace(bubbles=[]))
    return Answering(cast(Any, SimpleNamespace(s=session, look=look)), cast(Any, talk), set())


@pytest.mark.parametrize(
    ("locale", "text", "options", "kind"),
    [
        ("en", "Before I connect you, may I have your name?", [], "name"),
        ("en", "What is your email address?", [], "email"),
        ("en", "Please tell me your name and your email address.", [], "both"),
        ("en", "Before I connect you, may I have your name?", ["Skip", "Cancel"], ""),
        ("en", "Please tell me your name and your order number.", [], ""),
        ("en", "What is this about?", [], ""),
        ("en", "Please leave your email address and we will get back to you within two days.", [], ""),
        ("de", "Gerade ist niemand da. Hinterlassen Sie Ihre E-Mail-Adresse, wir melden uns.", [], ""),
        ("es", "Antes de pasarte con un agente, ¿me dices tu nombre?", [], "name"),
        ("pl", "Podaj proszę swój adres e-mail.", [], "email"),
        ("ja", "お名前を教えていただけますか？", [], "name"),
    ],
)
def test_only_name_and_mail_are_told_and_only_where_they_are_asked_for(
    locale: str, text: str, options: list[str], kind: str
) -> None:
    conversation = answering(locale)
    read = conversation.s.reader.message(text, locale)
    assert conversation.who_asked([(Bubble("b", 1, "bot", text, options=options), read, 2)]) == kind


def test_what_was_told_once_is_not_told_again_and_each_is_a_field() -> None:
    events: list[Any] = []
    conversation = answering()
    conversation.s.journal = lambda event: events.append(event) or len(events)
    text = "Please tell me your name and your email address."
    read = [(Bubble("b", 1, "bot", text), conversation.s.reader.message(text, "en"), 2)]
    assert conversation.tell_who("both") == "Test Visitor, visitor@example.org"
    assert conversation.who_asked(read) == ""
    assert conversation.state.told == {"name", "email"}


@pytest.mark.parametrize(
    ("text", "author", "bot_known", "box", "busy"),
    [
        ("My colleagues are quite busy just now.", "bot", True, True, True),
        ("My colleagues are quite busy just now.", "bot", False, True, False),
        ("All agents are busy, please wait.", "bot", True, True, False),
        ("My colleagues are quite busy just now.", "system", True, True, False),
        ("My colleagues are quite busy just now.", "bot", True, False, False),
    ],
)
def test_a_desk_that_is_busy_is_no_queue_by_that_alone(
    text: str, author: str, bot_known: bool, box: bool, busy: bool
) -> None:
    conversation = answering(box=box)
    conversation.state.bot_known = bot_known
    read = conversation.s.reader.message(text, "en")
    assert read.signal == "queued"
    assert asyncio.run(conversation.only_busy(Bubble("b", 1, cast(Any, author), text), read)) is busy


@pytest.mark.parametrize(
    ("text", "asked", "patient"),
    [
        ("Let me check whether somebody is free, one moment please.", 1, True),
        ("Let me check whether somebody is free, one moment please.", 0, False),
        ("I did not get that.", 1, False),
    ],
)
def test_whoever_asks_for_a_moment_is_given_one_after_a_person_was_asked_for(
    text: str, asked: int, patient: bool
) -> None:
    conversation = answering()
    conversation.state.asked_person = asked
    assert conversation.patience([Bubble("b", 1, "bot", text)]) is patient


def link(label: str, href: str) -> Control:
    frame = cast(Any, SimpleNamespace(url="https://shop.example/help/chat"))
    return Control(
        frame, 1, "link", label, href, "", "log", -1, False, False, False, True, False, 0, 0, 90, 20, tag="a"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("href", "leaves"),
    [
        ("https://shop.example/help/article/7", True),
        ("https://shop.example/help/chat", False),
        ("https://shop.example/help/chat#top", False),
        ("https://shop.example/help/chat#/article/7", True),
        ("javascript:void(0)", False),
    ],
)
def test_an_article_among_the_answers_of_a_bot_is_read_and_not_chosen(href: str, leaves: bool) -> None:
    control = link("How refunds work", href)
    session = Session(context=MagicMock(), reader=Reader.load(), journal=lambda _: 1, locale="en")
    assert control.leaves is leaves
    assert (pick_category(session, [control]) is None) is leaves
    assert pick_category(session, [control], leaving=True) is control
    assert pick_category(session, [link("Contact us", href)]) is not None


CHAT = '<div role="log" style="height:400px">{}</div><textarea aria-label="Message"></textarea><button>Send</button>'


def test_a_part_of_the_log_that_is_a_list_of_messages_is_unfolded() -> None:
    def part(*words: str) -> str:
        rows = "".join(f'<div role="listitem"><p>{w}</p></div>' for w in words)
        return f'<section><div role="list">{rows}</div></section>'

    body = part("Hello, I am Ivy.", "What is it about?") + "<p><button>Orders</button></p>" + part("Tell me more.")
    _, messages = looked_at(CHAT.format(body))
    assert [m["text"] for m in messages if m["text"]] == ["Hello, I am Ivy.", "What is it about?", "Tell me more."]


def test_the_numbers_a_list_draws_are_read_with_its_entries() -> None:
    menu = SAID.format("Which is it?<ol><li>Orders</li><li>Refunds</li></ol>").replace("<p ", "<div ", 1)
    _, messages = looked_at(CHAT.format(menu.replace("</p>", "</div>")))
    assert "1. Orders\n2. Refunds" in messages[-1]["text"]


def test_a_form_in_a_window_is_nobodys_words() -> None:
    form = (
        '<form style="height:300px;overflow:auto"><label>Name <input required></label>'
        '<label>E-mail <input type="email" required></label>'
        '<button style="background:#05c;color:#fff;padding:8px">Begin</button></form>'
    )
    sight = seen(f'<div class="chat-panel" style="position:fixed;right:9px;bottom:9px;width:300px">{form}</div>')
    assert sight.talk_frame is None


BAR = """<nav style="position:fixed;left:0;right:0;bottom:0;height:50px;display:flex">
<a href="#home">Home</a><a href="#orders">Orders</a><a href="#me">{}</a></nav>"""


@pytest.mark.parametrize(("last", "found"), [("Me", "Me"), ("More", "")])
def test_the_bar_of_an_app_keeps_what_is_the_visitors_own(last: str, found: str) -> None:
    sight = seen("<p>News</p>" + BAR.format(last))
    sight.headings = ["Dinner tonight"]
    session = Session(context=MagicMock(), reader=Reader.load(), journal=lambda _: 1, locale="en")
    tab = own_tab(session, sight, set())
    assert (tab.name if tab else "") == found
    sight.headings = ["Help"]
    assert own_tab(session, sight, set()) is None


def look(*rows: dict[str, Any]) -> dict[str, Any]:
    base = {"text": "", "options": [], "side": "start", "bubble": True, "name": "", "busy": False, "cls": ""}
    return {"messages": [{**base, **row} for row in rows], "moving": [], "stated": False}


def transcript() -> Transcript:
    session = Session(context=MagicMock(), reader=Reader.load(), journal=lambda _: 1, locale="en")
    return Transcript(session, lambda text: False)


def test_the_consumers_own_bubble_that_can_be_pressed_is_no_choice() -> None:
    log = transcript()
    log.merge(look({"text": "How can I help?"}), first=True)
    log.said("a person please", 1, typed=True)
    log.merge(look({"text": "How can I help?", "options": ["Me 09:24", "a person please"]}, {"text": "Which order?"}))
    assert [(b.author, b.text, b.options) for b in log.bubbles] == [
        ("bot", "How can I help?", []),
        ("consumer", "a person please", []),
        ("bot", "Which order?", []),
    ]


@pytest.mark.parametrize(("rows", "typing"), [(1, True), (3, False)])
def test_an_empty_bubble_is_being_written_at_the_end_of_a_log_only(rows: int, typing: bool) -> None:
    after = [{"text": f"Line {i}"} for i in range(rows - 1)]
    assert transcript().typing(look({"text": "Hello"}, {"busy": True}, *after)) is typing


def test_a_picture_between_two_statements_parts_them() -> None:
    reader = Reader.load()
    joined = "Anna joined the chat ✅ If you do not write for 5 minutes, we close."
    assert reader.message(joined, "en").signal == "human_joined"
    assert reader.message("Ольга вошла в чат 🛠 Так, что у нас с роутером?", "ru").signal == "human_joined"


@pytest.mark.parametrize(
    ("locale", "text", "key"),
    [
        ("en", "Did that answer your question?\n1. Yes\n2. No, not yet\n0. Main menu", "2"),
        ("de", "War das hilfreich?\n1 - Ja\n2 - Nein", "2"),
        ("id", "Apakah pertanyaanmu sudah terjawab?\n1. Sudah\n2. Belum terjawab\n0. Kembali ke menu utama", "2"),
        ("zh-CN", "以上回答是否解决了您的问题？\n1、已解决\n2、未解决", "2"),
    ],
)
def test_no_it_did_not_help_is_said_by_its_key(locale: str, text: str, key: str) -> None:
    conversation = answering(locale)
    read = conversation.s.reader.message(text, locale)
    assert read.signal == "asks_helped"
    conversation.say = AsyncMock()  # type: ignore[method-assign]
    asyncio.run(conversation.not_helped([], [(Bubble("b", 1, "bot", text), read, 2)]))
    assert conversation.say.await_args is not None
    assert conversation.say.await_args.args[:2] == (key, "4")
