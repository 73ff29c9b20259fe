"""The search on the small sites of the naive walk (test_walk_sites.py), and what neither of them may ever hand in."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from test_explore_sites import Site, chat, counted, explored, links, page, steps
from test_walk_sites import LETTER, LISTS, PLAIN, REQUEST, SHORT, TILES, order_first, walked_site

from tohuman.results.ids import journal_path
from tohuman.results.journal import read
from tohuman.results.measures import Measures, measure
from tohuman.runners.explore import Wish, explore
from tohuman.runners.order import Order
from tohuman.runners.run import browser_behind_guard, run_in


@pytest.mark.parametrize(
    ("pages", "counts", "way"),
    # the walks of the same contact pages are walked each time (test_walk_sites)
    [
        pytest.param(
            {"/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))), "/contact": page(TILES, "How", chat())},
            ("human", 3, 1),
            ["Contact us", "Something else", "Chat with our team", "line 1"],
            id="topics on a contact page",
            marks=pytest.mark.long,
        ),
        pytest.param(
            {"/": page("<button data-chat>Live chat</button>", after=order_first())},
            ("human", 1, 2),
            ["Live chat", "line 1", "I don't have an order"],
            id="an order one need not have",
        ),
        pytest.param(
            {"/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))), "/contact": page(LISTS, "How", chat())},
            ("human", 2, 1),
            ["Contact us", "Topic *", "Detail *", "Chat with our team", "line 1"],
            id="lists",
            marks=pytest.mark.long,
        ),
        pytest.param(
            {
                "/": page(links(("/help", "Help centre"), *PLAIN), after=SHORT),
                "/help": page(links(("/more", "Contact"), *PLAIN), "Help"),
                "/more": page(links(("/wren", "Chat with us"), *PLAIN), "Contact"),
                "/wren": page("<p>Wren answers.</p><button data-chat>Start chat</button>", "Wren", chat()),
                **{address: page(f"<p>{name}</p>", name) for address, name in PLAIN},
            },
            ("human", 3, 1),
            ["All sections", "Wren", "Start chat", "line 1"],
            id="a shorter way to a page that was reached",
            marks=pytest.mark.long,
        ),
    ],
)
def test_the_search_finds_these_ways_too(
    pages: dict[str, str], counts: tuple[str, int, int], way: list[str], tmp_path: Path
) -> None:
    exploration, _ = explored(lambda path: pages.get(path), tmp_path)
    with counted(exploration) as found:
        assert found == counts
    assert steps(exploration) == way


LETTER_BOX = {"/": page(LETTER)}
LIST_REQUEST = {"/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))), "/contact": page(REQUEST, "How")}


@pytest.mark.parametrize(
    ("pages", "searching"),
    [
        pytest.param(LETTER_BOX, False, id="a message that may stay empty-walk"),
        pytest.param(LETTER_BOX, True, id="a message that may stay empty-search"),
        pytest.param(LIST_REQUEST, False, id="a request of lists-walk"),
        # the search walks what it found: what it must not hand in is the walk's
        pytest.param(LIST_REQUEST, True, id="a request of lists-search", marks=pytest.mark.long),
    ],
)
def test_a_letter_box_is_never_handed_in(pages: dict[str, str], searching: bool, tmp_path: Path) -> None:
    asked: list[str] = []

    def served(path: str) -> str | None:
        asked.append(path)
        return pages.get(path, page("<p>Small, large.</p>", "Sizes"))

    m = explored(served, tmp_path)[0].measures if searching else walked_site(Site(served), tmp_path)
    assert m is not None
    assert "/" in asked
    assert not [path for path in asked if path.startswith("/sent")]
    assert str(m.outcome) in ("message_form", "dead_end")


def required(*labels: str) -> str:
    return "".join(f"<label>{label} * <input required></label>" for label in labels)


GATED = [(150, "To connect you with an agent I need your order number. Please enter your order number.")]
HINTED = "<label>Número do pedido * <input required><small>Você encontra no e-mail de confirmação.</small></label>"
#: Pre-chat forms that ask for what nobody of ours may give: locale, opener, fields, submit, gate.
ASKED = {
    "order": ("en-GB", "Chat with us", required("Name", "Order number"), "Start chat", "order"),
    "customer": ("de-DE", "Chat starten", required("Name", "Kundennummer"), "Chat starten", "order"),
    "hint": ("pt-BR", "Conversar com o atendimento", required("Nome") + HINTED, "Iniciar conversa", "order"),
    "phone": ("zh-CN", "在线客服", required("您的称呼", "手机号"), "开始咨询", "phone"),
    "no known words": ("en-GB", "Chat with us", required("Name", "Quarn"), "Start chat", "identity"),
}


@pytest.mark.parametrize(
    ("asked", "searching"),
    [
        pytest.param(
            asked,
            searching,
            id=f"{asked}-{'search' if searching else 'walk'}",
            # the search walks what it found: what it must not hand in is the walk's, but for the first
            marks=pytest.mark.long if searching and number else (),
        )
        for number, asked in enumerate(ASKED)
        for searching in (False, True)
    ],
)
def test_what_may_not_be_given_is_a_gate_and_never_handed_in(asked: str, searching: bool, tmp_path: Path) -> None:
    locale, opens, fields, submit, gate = ASKED[asked]
    form = f"""<button onclick="document.getElementById('f').hidden = false">{opens}</button>
<form id="f" hidden novalidate action="/sent">{fields}<button>{submit}</button></form>"""
    site = Site(lambda path: page(form) if path == "/" else page("<p>Sent.</p>"))

    async def go(url: str) -> Measures | None:
        if searching:
            return (await explore(Wish(url, "site-under-test", "Site", locale=locale), tmp_path)).measures
        order = Order(platform="site-under-test", url=url, name="Site", locale=locale)
        async with browser_behind_guard() as (browser, _):
            return measure(read(journal_path(tmp_path, await run_in(browser, order, tmp_path))))

    m = asyncio.run(site.served(go))
    assert m is not None
    assert (m.outcome, m.gate, m.fields) == ("gated", gate, 2)
    assert not [path for path in site.asked if path.startswith("/sent")]


def test_a_form_that_tracks_a_parcel_bars_nobody(tmp_path: Path) -> None:
    track = f'<form action="/track">{required("Order number")}<label>E-mail * <input type="email" required></label>'
    pages = {
        "/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))),
        "/contact": page(track + "<button>Track</button></form><p>Where is my parcel?</p>", "Contact us"),
    }
    m = walked_site(Site(lambda path: pages.get(path, page("<p>Small, large.</p>", "Sizes"))), tmp_path)
    assert (m.outcome, m.gate, m.fields) == ("dead_end", "", 0)


def test_what_an_article_says_of_its_own_subject_bars_nobody(tmp_path: Path) -> None:
    """A number is moved with an identity card: that is no gate before a person. The bot's own is."""
    menu = """<button onclick="document.getElementById('m').hidden = false">Customer service</button>
<div id="m" hidden><a href="/move">Move to us</a> <a href="/contact">Contact</a></div>"""
    pages = {
        "/": page(menu),
        "/move": page("<p>To move your number you need to enter your identity card number first.</p>", "Moving"),
        "/contact": page("<button data-chat>Chat</button>", "Contact", chat(GATED)),
    }
    exploration, _ = explored(lambda path: pages.get(path), tmp_path)
    assert exploration.measures is not None
    assert (str(exploration.measures.outcome), exploration.measures.gate) == ("gated", "order")
    assert steps(exploration) == ["Customer service", "Contact", "Chat", "line 1"]
