"""The naive walk on small sites made for it: what lies over a page late, what comes before a chat, drawers, marks.

The sites are plain strings served on loopback; what each must yield is written beside it.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from test_explore_sites import JOIN, Site, chat, links, page

from tohuman.results.ids import journal_path
from tohuman.results.journal import read
from tohuman.results.measures import Measures, measure
from tohuman.runners.order import Order
from tohuman.runners.run import browser_behind_guard, run_in

NOTICE = """<div id="veil" role="dialog" aria-modal="true" aria-label="Cookies" hidden
 style="position:fixed;inset:0;background:#fffd">We use cookies. <button onclick="this.parentNode.remove()">Reject all
 </button><button>Accept all</button></div><script>setTimeout(() => document.getElementById('veil').hidden = false, 700)
</script>"""
MENU = """<header><nav style="padding:140px 20px 10px"><a href="#" role="button" aria-expanded="false" onclick="
 this.setAttribute('aria-expanded', 'true'); document.getElementById('m').hidden = false; return false">Support</a>
 <div id="m" hidden><a href="/contact">Contact us</a></div></nav></header>"""
GATE = """<button onclick="this.remove(); document.getElementById('gate').hidden = false">Live chat</button>
<div id="gate" hidden><p>Answers are recorded. Please do not enter card numbers.</p>
<button data-chat onclick="this.parentNode.hidden = true">Understood, let us begin</button></div>"""
DRAWER = """<button onclick="document.getElementById('d').style.transform = 'none'">Contact us</button>
<div id="d" style="position:fixed;left:0;right:0;bottom:0;transform:translateY(110%);transition:transform .2s">
<ul><li><button data-chat onclick="this.closest('div').style.transform = ''">Live chat</button></ul></div>"""
FORM = """<button onclick="document.getElementById('f0').hidden = false; this.remove()">Chat with us</button>
<form id="f0" hidden onsubmit="event.preventDefault(); this.hidden = true; openChat()" oninput="
 this.go.disabled = !(this.who.value && this.mail.value)"><label>Your name <input name="who"></label>
<label>E-mail <input name="mail" type="email"></label><label>Company (optional) <input name="firm"></label>
<button name="go" disabled>Start chat</button></form>"""

TILES = """<p>What is it about?</p><fieldset><button type="button" aria-pressed="false">Billing</button>
<button type="button" aria-pressed="false">Delivery</button>
<button type="button" aria-pressed="false" onclick="document.getElementById('ways').hidden = false">Something else
</button></fieldset><div id="ways" hidden><button data-chat>Chat with our team</button></div>"""
BEFORE = """<p>Many questions are answered here.</p>
<div id="h">Was this article helpful?
<button onclick="document.getElementById('h').textContent = 'Thanks!'">Yes</button>
<button onclick="document.getElementById('h').remove(); document.getElementById('a').hidden = false">No</button></div>
<div id="a" hidden><button data-chat>Chat with an agent</button></div><h2>Related</h2>""" + links(
    ("/a", "Delivery times"), ("/b", "Sizes"), ("/c", "Returns")
)
LISTS = """<label>Topic * <select required onchange="document.getElementById('second').hidden = false">
<option value="">Please choose</option><option>Orders</option><option>Other</option></select></label>
<label id="second" hidden>Detail * <select required onchange="setTimeout(() => {
 document.getElementById('ways').hidden = false }, 400)"><option value="">Please choose</option><option>Prices</option>
<option>Something else</option></select></label><label>Language <select><option>English</option><option>Cymraeg</option>
</select></label><div id="ways" hidden><button data-chat>Chat with our team</button></div>"""
PHONE = '<p>Call <a href="tel:0800123">0800 123</a></p>'
#: An order is asked for after the first request; a veil with a list of none lies over the chat then.
ORDER = """<div id="pick" hidden style="position:absolute;inset:0;background:rgba(0,0,0,.5);z-index:3">
<div style="position:absolute;bottom:0;width:100%;background:#fff"><p>Choose an order</p><button onclick="
 document.getElementById('pick').hidden = true; put('me', this.textContent); REPLY2.forEach((t) => setTimeout(put, t[0],
 'bot', t[1]))">I don't have an order</button></div></div>
<script>new MutationObserver(() => { if (/select the order/.test(document.getElementById('log').lastChild.textContent))
 document.getElementById('pick').hidden = false; }).observe(document.getElementById('log'),
 { childList: true });</script>"""


CONSENT = """<button onclick="document.getElementById('c').hidden = false">Chat with us</button>
<aside id="c" hidden role="dialog" aria-label="Assistant"><button aria-label="Close" onclick="
 this.parentNode.hidden = true">x</button><p>Please agree first.</p><label><input type="checkbox" required onchange="
 document.getElementById('go').disabled = !this.checked">I agree to the processing of my data (required)</label>
<label><input type="checkbox">You may analyse this conversation (optional)</label>
<button id="go" disabled data-chat onclick="document.getElementById('c').hidden = true">Start chat</button></aside>"""
#: A table of contents whose «In chat» leads to a heading; the chat stands on the page its text names.
TOLD = """<nav aria-label="On this page"><a href="#phone">By phone</a><a href="#chat">In chat</a></nav>
<h2 id="phone">By phone</h2><p>Call us on 0800 123, Monday to Friday.</p><h2 id="chat">In chat</h2><p>An agent takes
over when Vale, our assistant, could not help. You find her <a href="/vale">on the page about Vale</a>.</p>"""
APP = """<div role="dialog" aria-modal="true" style="position:fixed;inset:0;background:#fff">Everything is in our app.
<button>Install the app</button><button onclick="this.parentNode.remove()">Stay on the website</button></div>"""


PLAIN = [(f"/p{n}", f"Offer {n}") for n in range(12)]
SHORT = """<header><button onclick="document.getElementById('s').hidden = false">All sections</button>
<div id="s" hidden><a href="/p3">Offer 3</a><a href="/wren">Wren</a></div></header>"""


#: Letter-boxes behind a press that promised a chat or a contact; whoever hands one in asks for /sent.
LETTER = """<button onclick="document.getElementById('l').hidden = false">Chat with us</button>
<form id="l" hidden action="/sent"><label>Name * <input name="who" required></label><label>E-mail * <input
 name="mail" type="email" required></label><label>Message
<textarea name="words"></textarea></label><button>Submit</button></form>"""
REQUEST = """<form action="/sent"><label>Topic * <select name="t" required><option value="">Please choose</option>
<option>Orders</option><option>Other</option></select></label><button>Send request</button></form>"""


def order_first() -> str:
    asked = chat([(150, "Please select the order you need help with before I can connect you.")])
    return asked + ORDER.replace("REPLY2", json.dumps(JOIN).replace('"', "&quot;"))


def walked(pages: dict[str, str], data: Path) -> Measures:
    return walked_site(Site(lambda path: pages.get(path)), data)


def walked_site(site: Site, data: Path) -> Measures:
    async def go(url: str) -> Measures:
        order = Order(platform="site-under-test", url=url, name="Site", locale="en-GB")
        async with browser_behind_guard() as (browser, _):
            return measure(read(journal_path(data, await run_in(browser, order, data))))

    return asyncio.run(site.served(go))


@pytest.mark.parametrize(
    ("pages", "counts"),
    [
        (
            {
                "/": page(links(("/a", "Delivery times"), ("/b", "Sizes")), after=MENU + NOTICE),
                "/a": page("<p>Three days.</p>"),
                "/b": page("<p>Small, large.</p>"),
                "/contact": page(GATE, "Contact", chat()),
            },
            ("human", 4, 1, 0, 1),
        ),
        ({"/": page(DRAWER, after=chat())}, ("human", 2, 1, 0, 0)),
        ({"/": page(FORM, after=chat())}, ("human", 2, 1, 2, 0)),
        (
            {"/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))), "/contact": page(TILES, "How", chat())},
            ("human", 3, 1, 0, 0),
        ),
        (
            {"/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))), "/contact": page(LISTS, "How", chat())},
            ("human", 2, 1, 2, 0),
        ),
        (
            {
                "/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))),
                "/contact": page(PHONE + links(("/before", "Live chat"))),
                "/before": page(BEFORE, "Before you chat", chat()),
            },
            ("human", 4, 1, 0, 0),
        ),
        ({"/": page("<button data-chat>Live chat</button>", after=order_first())}, ("human", 1, 2, 0, 0)),
        ({"/": page(CONSENT, after=chat())}, ("human", 2, 1, 1, 0)),
        (
            {
                "/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))),
                "/contact": page(TOLD, "Reach us"),
                "/vale": page("<button data-chat>Chat with Vale</button>", "Vale", chat()),
            },
            ("human", 3, 1, 0, 0),
        ),
        (
            {
                "/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))),
                "/contact": page("<button data-chat>Live chat</button>", "How", chat() + APP),
            },
            ("human", 2, 1, 0, 1),
        ),
        (
            {"/": page(BEFORE.replace(" hidden", ""), "Orders", chat([(150, "Sorry, I did not understand that.")]))},
            ("loop", 1, 4, 0, 0),
        ),
    ],
    ids=[
        "a banner that comes late, a menu, a notice before the chat",
        "a drawer below the window",
        "no marks",
        "a contact page that asks by buttons what it is about",
        "a contact page that asks by lists what it is about",
        "an article in the chat's stead, a telephone seen before",
        "an order is asked for that one need not have",
        "a consent before the chat",
        "a heading called chat, a link in what is told of it",
        "an app praised over a page just opened",
        "an article's no that stood there before the chat",
    ],
)
def test_a_small_site_is_walked_as_a_person_would(
    pages: dict[str, str], counts: tuple[str, int, int, int, int], tmp_path: Path
) -> None:
    m = walked(pages, tmp_path)
    assert (str(m.outcome), m.clicks, m.turns, m.fields, m.obstacle_clicks) == counts
