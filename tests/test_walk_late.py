"""Cards read by their titles, launchers that come last, boxes that take no text: both walks on small sites."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_explore_sites import chat, counted, explored, links, page, steps
from test_walk_sites import TILES, walked

CARD = """<a href="/prices"><b style="display:block">Prices</b><small>Chat about what things cost with us</small></a>
<button data-chat><b style="display:block">Chat online</b><small>Feedback right away</small></button>"""
#: A launcher without a name, a second and a half after its page; beside it a contact of the page's head.
LAST = """<header><a href="/support">Customer support</a></header><div id="l" hidden style="position:fixed;right:20px;
 bottom:20px;width:56px;height:56px;border-radius:50%;background:#36c;color:#fff"><i>1</i></div>"""
COMES = """<script>setTimeout(() => { const l = document.getElementById('l'); l.hidden = false;
 l.addEventListener('click', openChat); }, 1500)</script>"""
#: A box that throws away what is typed until a choice has been made.
LOCKED = """<div id="menu" style="position:fixed;right:20px;bottom:60px"><button>Orders</button><button>Something else
</button></div><script>
let locked = true;
const i = document.getElementById('i'), menu = document.getElementById('menu');
document.getElementById('log').after(menu);
menu.style.position = 'static';
i.addEventListener('input', () => { if (locked) i.value = ''; });
for (const b of menu.children) b.addEventListener('click', () => {
  locked = false;
  put('me', b.textContent);
  menu.remove();
  setTimeout(put, 200, 'bot', 'How can I help you with that?');
});
</script>"""
#: A launcher whose listener hangs on something without a size, the picture standing outside of it.
FLAT = """<div style="position:fixed;right:0;bottom:0;min-width:200px;min-height:100px"><div id="z"
 style="position:relative;cursor:pointer"><div style="position:absolute;top:20px;right:20px;width:52px;height:52px;
 border-radius:50%;background:#36c"></div></div></div>"""
FLAT_OPENS = "<script>document.getElementById('z').addEventListener('click', openChat);</script>"
#: A panel of a contact page whose title is a link to nowhere.
FOLD = """<a href role="button" aria-expanded="false" id="fold" style="display:block">Live chat</a>
<div id="part" hidden><button data-chat>Start chat</button></div>
<script>document.getElementById('fold').onclick = (e) => {
 e.preventDefault(); document.getElementById('part').hidden = false; e.target.setAttribute('aria-expanded', 'true'); };
</script>"""
#: Choices that come a second and a half after their question, and a bot that takes nothing else.
BELATED = """<script>(() => {
const log = document.getElementById('log');
const choose = (labels, next) => setTimeout(() => {
  const row = document.createElement('div');
  for (const label of labels) {
    const b = document.createElement('button');
    b.textContent = label;
    b.onclick = () => { row.remove(); put('me', label); setTimeout(next, 400, label); };
    row.append(b);
  }
  log.append(row);
}, 1500);
const second = () => { put('bot', 'Shall I connect you to an agent?'); choose(['Yes, please', 'No'], third); };
const third = () => put('system', 'Anna has joined the chat.');
const first = () => choose(['Orders', 'Something else'], second);
const watch = new MutationObserver(() => { if (log.children.length) { watch.disconnect(); first(); } });
watch.observe(log, { childList: true });
})();</script>"""
ASKS = chat([(300, "Please use the buttons.")]).replace("I am the virtual assistant.", "what is it about?")
BAR = """<div style="position:fixed;bottom:0;left:0;right:0;height:50px;background:#eee">
<a href="/write">Leave a message</a> <a href="/contact">Contact</a></div>"""
BARRED_NOT = [(150, "Please enter your order number first."), (300, "You are number 2 in the queue.")]
PHONE = '<div style="float:right"><a href="tel:0800123">Service line 0800 123</a></div>'
HELPED = """<p>Three days.</p><div id="h">Was this article helpful?
<button onclick="document.getElementById('h').remove()">Yes</button>
<button onclick="document.getElementById('h').remove()">No</button></div>"""


#: The help centre is another host's, and its launcher comes a second after its page.
ELSEWHERE = """<a id="h">Help centre</a><script>
document.getElementById('h').href = 'http://localhost:' + location.port + '/help';</script>"""
SOON = """<script>setTimeout(() => { const b = document.createElement('button'); b.textContent = 'Chat with us';
b.style.cssText = 'position:fixed;right:10px;bottom:10px'; b.addEventListener('click', openChat);
document.body.append(b); }, 1000);</script>"""
#: «No» brings the chat's button, on an article that has no other way but another article's.
NO_THEN = """<p>We are here.</p><div id="h">Was this article helpful?
<button onclick="document.getElementById('h').remove()">Yes</button>
<button onclick="this.parentNode.innerHTML = ''; document.getElementById('b').hidden = false">No</button></div>
<button id="b" hidden data-chat>Chat with an agent</button><a href="/opinion">Q. Contact us about our pages</a>"""


@pytest.mark.parametrize(
    ("pages", "counts"),
    [
        ({"/": page(CARD, after=chat())}, ("human", 1, 1, 0, 0)),
        (
            {
                "/": page(ELSEWHERE),
                "/help": page(links(("/contact", "Contact us"), ("/a", "Sizes")), "Questions", chat() + SOON),
                "/contact": page("<p>Call 0800 123.</p>", "Contact us"),
            },
            ("human", 2, 1, 0, 0),
        ),
        (
            {
                "/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))),
                "/contact": page('<a href="tel:0800123">0800 123</a>' + links(("/c1", "Q. How to contact us"))),
                "/c1": page(NO_THEN, "How to contact us", chat()),
                "/opinion": page("<p>Thank you.</p>", "Opinions"),
            },
            ("human", 4, 1, 0, 0),
        ),
        (
            {"/": page(links(("/live", "Live chat"), ("/a", "Sizes"))), "/live": page(LAST, "Chat", chat() + COMES)},
            ("human", 2, 1, 0, 0),
        ),
        ({"/": page("<button data-chat>Live chat</button>", after=chat() + LOCKED)}, ("human", 1, 2, 0, 0)),
        (
            {
                "/": page(PHONE + links(("/contact", "Contact us"), ("/a", "Sizes"))),
                "/contact": page(PHONE + TILES, "How", chat()),
            },
            ("human", 3, 1, 0, 0),
        ),
        (
            {
                "/": page(links(("/contact", "Contact us"), ("/a", "Sizes"))),
                "/contact": page(FLAT, "Contact us", chat() + FLAT_OPENS),
            },
            ("human", 2, 1, 0, 0),
        ),
        ({"/": page(FOLD, after=chat())}, ("human", 2, 1, 0, 0)),
        ({"/": page("<button data-chat>Live chat</button>", after=ASKS + BELATED)}, ("human", 1, 2, 0, 0)),
        (
            {
                "/": page(links(("/a", "Sizes"), ("/b", "Delivery times")), after=BAR),
                "/a": page("<p>Small, large.</p>", "Sizes"),
                "/b": page("<p>Three days.</p>", "Delivery times"),
                "/write": page("<p>Soon.</p>", "Feedback"),
                "/contact": page("<button data-chat>Live chat</button>", "Contact us", chat()),
            },
            ("human", 2, 1, 0, 0),
        ),
        ({"/": page("<button data-chat>Live chat</button>", after=chat(BARRED_NOT))}, ("handoff", 1, 1, 0, 0)),
    ],
    ids=[
        "a card is what its title says",
        "the launcher of a help centre on another host",
        "no to an article, past a telephone",
        "the launcher of a chat's own page comes last",
        "a box that takes no text before a choice is made",
        "a telephone on every page is no answer",
        "a launcher without a size of its own is pressed on its picture",
        "a panel's title that links to nowhere is a button",
        "choices that come late are waited for where they came late before",
        "a contact that stands below the view is pressed before topics",
        "who waits in a queue by the end of a reply was not barred by its beginning",
    ],
)
def test_what_a_visitor_waits_for_or_goes_without(
    pages: dict[str, str], counts: tuple[str, int, int, int, int], tmp_path: Path
) -> None:
    m = walked(pages, tmp_path)
    assert (str(m.outcome), m.clicks, m.turns, m.fields, m.obstacle_clicks) == counts


def test_the_search_needs_no_press_for_what_comes_by_itself(tmp_path: Path) -> None:
    late = LAST.replace('<header><a href="/support">Customer support</a></header>', "").replace(
        "<i>1</i>", "Questions?"
    )
    pages = {
        "/": page(links(("/a", "Delivery times"))),
        "/a": page(HELPED + late, "Delivery times", chat() + COMES.replace("1500", "1200")),
    }
    exploration, _ = explored(lambda path: pages.get(path), tmp_path)
    with counted(exploration) as found:
        assert found == ("human", 2, 1)
    assert steps(exploration) == ["Delivery times", "Questions?", "line 1"]
