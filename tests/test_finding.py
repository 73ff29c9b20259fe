"""Finding the conversation in a page: where a message may be typed and where never, and which controls belong to it.

The pages are made here; whole sites are test_walk_practice's and test_unseen_walk's.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright

from tohuman.probes.channel import Channel
from tohuman.probes.counter import Counter
from tohuman.probes.reading import Reader
from tohuman.probes.session import Session
from tohuman.probes.shopper import Shopper
from tohuman.probes.sight import Sight
from tohuman.runners.browser import find

LOG = """<div role="log" style="height:260px;overflow:auto">
<div style="background:#eee;border-radius:12px;padding:8px;max-width:60%">Hello, nobody is here now.</div>
<div style="background:#eee;border-radius:12px;padding:8px;max-width:60%">Leave us a message below.</div></div>"""
PANEL = '<div class="chat-widget" style="position:fixed;right:20px;bottom:20px;width:340px;height:480px">'
BOX = '<textarea aria-label="Message" placeholder="Message" style="width:200px"></textarea><button>Send</button>'
LETTER = '<p><input type="email" aria-label="E-mail"></p><p><textarea aria-label="Text"></textarea></p><button>'
STRIP = """<div style="position:absolute;left:0;right:0;bottom:70px;height:44px">
<button>Orders</button> <button>Something else</button></div>"""


def seen(body: str) -> Sight:
    """What a visitor sees on a page of this body."""
    return looked_at(body)[0]


def looked_at(body: str) -> tuple[Sight, list[dict[str, Any]]]:
    """What a visitor sees on a page of this body, and the messages of its conversation."""

    async def go() -> tuple[Sight, list[dict[str, Any]]]:
        async with async_playwright() as driver:
            browser: Browser = await driver.chromium.launch(executable_path=find().executable, args=["--no-sandbox"])
            context = await browser.new_context(viewport={"width": 1000, "height": 700})
            session = Session(context=context, reader=Reader.load(), journal=lambda _: 1)
            session.counter = Counter(context, session.emit, channel=Channel(), clock=lambda: session.elapsed)
            await session.counter.attach(context)
            page = await context.new_page()
            shopper = Shopper(session)
            await page.set_content(f"<!doctype html><html lang=en><body><h1>Help</h1>{body}</body></html>")
            await shopper.rest()
            sight = await shopper.look()
            talk = await shopper.talk(sight.talk_frame) if sight.talk_frame is not None else {}
            await browser.close()
            return sight, list((talk or {}).get("messages", []))

    return asyncio.run(go())


def test_a_box_under_a_log_takes_messages() -> None:
    sight = seen(f"{PANEL}{LOG}<form>{BOX}</form></div>")
    assert sight.talk_frame is not None
    assert sight.talk_box


@pytest.mark.parametrize("before", ["", LOG])
@pytest.mark.parametrize("tag", ["form", "div"])
def test_nothing_is_ever_said_in_a_box_that_shares_its_form_with_another_value(before: str, tag: str) -> None:
    sight = seen(f"{PANEL}{before}<{tag}>{LETTER}</{tag}></div>")
    assert not sight.talk_box
    assert not sight.weak_boxes
    assert {f.kind for f in sight.fields if not f.box} == {"email", "textarea"}


def test_a_form_around_the_whole_page_makes_no_letter_box_of_a_chat() -> None:
    sight = seen(f'<form><input type="text" aria-label="Newsletter">{PANEL}{LOG}<div>{BOX}</div></div></form>')
    assert sight.talk_box


def test_choices_that_lie_over_the_foot_of_the_log_belong_to_the_conversation() -> None:
    tall = LOG.replace("height:260px", "position:absolute;inset:0;padding-bottom:120px")
    foot = f'<div style="position:absolute;left:0;right:0;bottom:0;height:60px">{BOX}</div>'
    sight = seen(f"{PANEL}{tall}{STRIP}{foot}</div>")
    assert {c.name: c.place for c in sight.controls}["Something else"] == "between"


MESSAGE_LIST = """<div style="position:fixed;right:20px;bottom:20px;width:340px;height:480px">
<message-list style="display:block;height:300px;overflow:auto"></message-list>
<div><textarea aria-label="Message"></textarea><button>Send</button></div></div>
<script>
const said = [['Nia', 'Hello, I am the automatic help.'], ['You', 'Something else'], ['Nia', 'Please tell me more.']];
customElements.define('a-message', class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: 'open' }).innerHTML = `<slot name="face"></slot><div><div style="display:flex">
      <span>${this.getAttribute('who')}</span><span>10:42</span></div><div><slot></slot></div></div>`;
  }
});
customElements.define('message-list', class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: 'open' }).innerHTML = `<div role="list"><slot></slot></div>
      <div role="status" style="position:absolute;width:1px;height:1px;overflow:hidden">Please tell me more.</div>`;
    for (const [who, words] of said) {
      const m = document.createElement('a-message');
      m.setAttribute('who', who);
      m.textContent = words;
      this.append(m);
    }
  }
});
</script>"""


def test_messages_handed_to_a_list_by_slots_are_one_each_and_whose_they_are_stands_beside_their_time() -> None:
    _, messages = looked_at(MESSAGE_LIST)
    assert [(m["name"], m["text"]) for m in messages] == [
        ("Nia", "Hello, I am the automatic help."),
        ("You", "Something else"),
        ("Nia", "Please tell me more."),
    ]


def test_a_tall_button_at_the_edge_is_no_overlay() -> None:
    sight = seen(
        '<button aria-label="Menu" aria-expanded="false" style="position:fixed;left:0;top:0;width:40px;height:700px">'
        "</button><p>Some words</p>"
    )
    assert sight.overlays == []


def test_a_veil_through_which_the_page_is_seen_is_an_overlay_and_a_page_laid_out_so_is_none() -> None:
    laid = (
        '<div style="position:absolute;inset:0;{}"><p>Get the app</p><button>Stay here</button></div><a href="/x">X</a>'
    )
    assert [o.share for o in seen(laid.format("background:rgba(0,0,0,.5)")).overlays] == [1.0]
    assert seen(laid.format("background:#fff")).overlays == []


def test_what_lets_presses_through_can_not_be_pressed() -> None:
    sight = seen(
        '<label for="t" style="pointer-events:none;cursor:pointer">Contact us</label>'
        '<input id="t" type="checkbox" hidden>'
        '<div style="pointer-events:none;cursor:pointer"><button style="pointer-events:auto">Chat</button></div>'
    )
    assert [(c.name, c.disabled) for c in sight.controls if c.name] in (
        [("Contact us", True), ("Chat", False)],
        [("Chat", False)],
    )


SAID = '<p style="display:table;background:#eee;border-radius:9px;padding:8px;max-width:60%;margin:8px">{}</p>'


@pytest.mark.parametrize(
    ("answers", "is_one"), [("<button>Orders</button><button>Something else</button>", True), ("", False)]
)
def test_words_on_one_side_with_answers_below_are_a_conversation_without_a_box(answers: str, is_one: bool) -> None:
    said = SAID.format("Hello, I am Ivy.") + SAID.format("What is it about?")
    sight, messages = looked_at(f'<section style="height:300px;overflow-y:auto">{said}<div>{answers}</div></section>')
    assert (sight.talk_frame is not None) is is_one
    assert [m["options"] for m in messages] == ([[], ["Orders", "Something else"]] if is_one else [])


#: A log as servers of chat pages draw it: empty wrappers beside the messages, faces drawn by the name of an icon.
DRAWN = """<style>.face{{font-size:20px;width:20px;height:20px;overflow:hidden;display:inline-block}}</style>
<div style="height:300px;overflow:auto"><div><div><div></div></div></div><div>{rows}</div></div>
<div class="chat-input"><textarea aria-label="Message" style="width:300px"></textarea><button>Send</button></div>"""
DRAWN_ROW = """<div style="display:flex;gap:8px;padding:16px"><div><span class="face">smart_toy</span></div>
<div style="flex:1"><div><p><strong>Wen</strong></p></div><div><p>{words}</p></div></div></div>"""


def test_empty_wrappers_hide_no_rows_and_an_icon_drawn_by_its_name_is_no_word() -> None:
    words = ["Hello, I am the assistant of Wendale.", "What is it about?"]
    _, messages = looked_at(f"<main>{DRAWN.format(rows=''.join(DRAWN_ROW.format(words=w) for w in words))}</main>")
    assert [m["text"].removeprefix("Wen\n") for m in messages] == words


@pytest.mark.parametrize(
    ("inside", "options"),
    [
        ("<b style='cursor:pointer' onclick='1'>Sori bot</b><p>What is it about?</p>", []),
        ("<p>What is it about?</p><b style='cursor:pointer' onclick='1'>My bill</b>", ["My bill"]),
        ("<p>What is it about?</p><button>My bill</button>", ["My bill"]),
    ],
)
def test_a_name_above_the_words_that_listens_for_presses_is_no_choice(inside: str, options: list[str]) -> None:
    bubble = f'<div style="background:#eee;border-radius:12px;padding:8px;width:60%">{inside}</div>'
    _, messages = looked_at(f'{PANEL}<div role="log" style="height:260px;overflow:auto">{bubble}</div>{BOX}</div>')
    assert [(m["text"], m["options"]) for m in messages] == [("What is it about?", options)]


#: A form as component libraries draw it: the label apart from its field, what is required a class of the part or a
#: star drawn by the style sheet.
PARTS = """<style>.must > label::before {{ content: "* " }}</style><form>
<div class="part {0}"><label>Full name</label>
<div><div><input name="n"><button type="button">×</button></div></div></div>
<div class="part {0}"><label>E-mail</label><div><div><input type="email" name="e"></div></div></div>
<div class="part"><label>Telephone (optional)</label><div><div><input name="tel"></div></div></div>
<button>Start</button></form>"""


@pytest.mark.parametrize("mark", ["is-required", "must", ""])
def test_a_field_is_named_and_required_by_the_part_of_the_form_that_is_its_own(mark: str) -> None:
    fields = seen(PARTS.format(mark)).fields
    assert [f.label for f in fields] == ["Full name", "E-mail", "Telephone (optional)"]
    assert [f.required for f in fields] == [bool(mark), bool(mark), False]


SHADOWS = """<div id="c" style="position:fixed;right:20px;bottom:20px;width:340px"></div><script>
customElements.define('my-button', class extends HTMLElement { constructor() { super();
  this.attachShadow({ mode: 'open' }).innerHTML =
    '<button style="border:1px solid;border-radius:8px;padding:6px"><slot></slot></button>';
} });
const within = (tag, html) => {
  const e = document.createElement(tag); e.attachShadow({ mode: 'open' }).innerHTML = html; return e; };
const chat = within('div', `<div role="log" style="height:260px;overflow:auto"></div>%s`);
const log = chat.shadowRoot.querySelector('[role=log]');
const words = (text) => within('div', `<p style="margin:6px">${text}</p>`);
log.append(words('Hello, I am the assistant.'));
const asked = document.createElement('div');
asked.append(words('What is it about?'), ...['Orders', 'Returns', 'Something else'].map((name) => {
  const b = document.createElement('my-button'); b.textContent = name; return b; }));
log.append(asked);
document.getElementById('c').append(chat);
</script>""".replace("%s", BOX)


def test_across_shadow_roots_messages_keep_their_order_and_buttons_the_words_their_slots_are_given() -> None:
    sight, messages = looked_at(SHADOWS)
    assert [m["text"] for m in messages] == ["Hello, I am the assistant.", "What is it about?"]
    assert messages[1]["options"] == ["Orders", "Returns", "Something else"]
    assert {c.shown for c in sight.controls if c.place == "log"} == {"Orders", "Returns", "Something else"}
    assert not any(c.textless for c in sight.controls if c.place == "log")


@pytest.mark.parametrize(
    ("link", "text", "options"),
    [
        ('<a style="cursor:pointer;margin-left:8px">Leave the queue</a>', "Three people ahead", ["Leave the queue"]),
        ('<a style="margin-left:8px" href="/terms">the terms</a>', "Three people ahead the terms", []),
    ],
)
def test_a_link_to_nowhere_kept_apart_at_the_end_of_a_notice_is_a_button(
    link: str, text: str, options: list[str]
) -> None:
    rows = f"<div>Hello, this is the robot.</div><div>Three people ahead {link}</div>"
    _, messages = looked_at(f'{PANEL}<div role="log" style="height:200px;overflow:auto">{rows}</div>{BOX}</div>')
    assert (messages[1]["text"], messages[1]["options"]) == (text, options)


@pytest.mark.parametrize(
    "past",
    [
        '<script>document.querySelector("[role=log]").scrollTop = 9999</script>',
        '<style>[role=log] { overflow: hidden !important } [role=log] > div { transform: translateY(-600px) }</style>',
    ],
)  # fmt: skip
def test_the_choices_of_a_message_stay_when_the_log_has_moved_past_them(past: str) -> None:
    bubble = '<p style="background:#eee;border-radius:12px;padding:20px">{}</p>'
    said = "".join(bubble.format(f"Answer {n}, as told.") for n in range(9))
    menu = bubble.format("<button>Orders</button> <button>Returns</button>")
    log = f'<div role="log" style="height:400px;overflow:auto"><div>{menu}{said}</div></div>'
    _, messages = looked_at(f'<div style="position:absolute;inset:0;background:#fff">{log}{BOX}{past}</div>')
    assert messages[0]["options"] == ["Orders", "Returns"]
    assert not any(m["busy"] for m in messages)


def test_a_word_in_the_systems_own_fonts_is_a_name_and_a_link_to_nowhere_that_unfolds_is_a_button() -> None:
    stack = "-apple-system,'Segoe UI',Roboto,'Apple Color Emoji','Segoe UI Symbol'"
    sight = seen(
        f"""<nav><a href="/x" style="display:flex;font-family:{stack}">contact</a><a href="/y">Deals</a></nav>
        <a href="/z"><span style="font-family:'Material Icons'">forum</span></a>
        <a href="#" role="button" aria-expanded="false">Something else</a>"""
    )
    assert [c.name for c in sight.controls] == ["contact", "Deals", "", "Something else"]
    assert [bool(c.href) for c in sight.controls] == [True, True, True, False]


def test_words_shown_one_by_one_are_one_line() -> None:
    words = "".join(f'<span class="part">{word} </span>' for word in ("Priya", "has", "joined", "the", "chat"))
    row = f'<div class="row"><p><span>{words}</span></p></div>'
    log = f'<div role="log" style="height:260px;overflow:auto"><div class="row"><p>Hello.</p></div>{row}</div>'
    _, messages = looked_at(f"{PANEL}{log}<form>{BOX}</form></div>")
    assert [m["text"] for m in messages] == ["Hello.", "Priya has joined the chat"]
