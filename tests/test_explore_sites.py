"""The search on small sites made for it: hidden entries, equal names, traps without end, a transfer that is taken back.

The sites are plain strings served on loopback; what each must yield is written beside it.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from aiohttp import web

from tohuman.probes.explore_state import Limits
from tohuman.results.ids import run_dir
from tohuman.runners.errors import AddressRefused
from tohuman.runners.explore import Exploration, Wish, explore
from tohuman.runners.saved import checked, render

Pages = Callable[[str], str | None]
T = TypeVar("T")

CHAT = """
<div id="box" hidden style="position:fixed;right:9px;bottom:9px;width:300px;height:320px;border:1px solid #888">
<div id="log" role="log" style="height:240px;overflow-y:auto"></div>
<form id="f"><input aria-label="Your message" id="i"><button>Send</button></form></div>
<script>
const log = document.getElementById('log');
const put = (who, text) => {
  const d = document.createElement('div');
  const side = who === 'me' ? 'left:90px;background:#cde' : 'right:90px;background:#eee';
  d.style.cssText = 'border-radius:8px;padding:6px;margin:6px;margin-' + side;
  d.textContent = text;
  log.append(d);
};
const openChat = () => {
  document.getElementById('box').hidden = false;
  put('bot', 'Hello, I am the virtual assistant.');
};
document.getElementById('f').addEventListener('submit', (e) => {
  e.preventDefault();
  const i = document.getElementById('i');
  put('me', i.value);
  i.value = '';
  REPLY.forEach((text, n) => setTimeout(put, text[0], 'bot', text[1]));
});
for (const b of document.querySelectorAll('[data-chat]')) b.addEventListener('click', openChat);
</script>"""
OFFER = (150, "I am connecting you to an agent now.")
JOIN = [OFFER, (250, "Maya has joined the chat."), (350, "Hi, this is Maya, how can I help you?")]
TAKEN_BACK = [OFFER, (8000, "Sorry, all our agents have gone home. We are closed.")]


def chat(reply: list[tuple[int, str]] = JOIN) -> str:
    return CHAT.replace("REPLY", json.dumps(reply))


def page(body: str, title: str = "Help", after: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><title>{title}</title>'
        f"<body><h1>{title}</h1><main>{body}</main>{after}</body></html>"
    )


def links(*pairs: tuple[str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in pairs) + "</ul>"


class Site:
    """A server of one function from paths to pages; `asked` is what it was asked for."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.asked = pages, []  # type: tuple[Pages, list[str]]

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/favicon.ico":
            return web.Response(status=204)
        self.asked.append(request.path_qs)
        body = self.pages(request.path_qs)
        if body is None:
            raise web.HTTPNotFound
        return web.Response(text=body, content_type="text/html")

    async def explored(self, data: Path, limits: Limits) -> Exploration:
        return await self.served(lambda url: explore(Wish(url, "site-under-test", "Site", limits=limits), data))

    async def served(self, go: Callable[[str], Awaitable[T]]) -> T:
        """What `go` comes to with the address of the start page, the site being served meanwhile."""
        app = web.Application()
        app.router.add_get("/{rest:.*}", self.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            assert site._server is not None
            port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
            return await go(f"http://127.0.0.1:{port}/")
        finally:
            await runner.cleanup()


def explored(made: Pages, data: Path, **limits: int) -> tuple[Exploration, list[str]]:
    site = Site(made)
    return asyncio.run(site.explored(data, Limits(**limits))), site.asked


def steps(exploration: Exploration) -> list[str]:
    return [str(step.get("name") or f"line {step.get('ladder')}") for step in exploration.way]


@contextmanager
def counted(exploration: Exploration) -> Iterator[tuple[str, int, int]]:
    assert exploration.measures is not None
    m = exploration.measures
    yield str(m.outcome), m.clicks, m.turns


def test_chat_on_the_third_topic_only(tmp_path: Path) -> None:
    topics = ["Paying a bill", "Moving house", "Lost parcels", "Opening times", "Gift cards"]

    def pages(path: str) -> str | None:
        if path == "/":
            return page(links(*((f"/t/{n}", name) for n, name in enumerate(topics)), ("/sales", "Talk to sales")))
        if path == "/t/2":
            return page("<p>Still stuck?</p><button data-chat>Chat with an agent</button>", topics[2], chat())
        if path == "/sales":
            return page("<p>Buy more</p><button>Talk to sales</button>", "Sales")
        return page("<p>Read this.</p>", topics[int(path[-1])]) if path.startswith("/t/") else None

    exploration, asked = explored(pages, tmp_path)
    with counted(exploration) as counts:
        assert counts == ("human", 2, 1)
    assert steps(exploration) == ["Lost parcels", "Chat with an agent", "line 1"]
    assert "/sales" not in asked
    trace = run_dir(tmp_path, exploration.measures.run_id) / "search.jsonl" if exploration.measures else tmp_path
    entries = [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()]
    assert any(entry["do"] == "walk" for entry in entries)
    assert all("moves" in s for entry in entries for s in entry.get("states", []))


def test_a_menu_that_must_be_opened_counts_and_of_equal_names_the_right_one_is_pressed(tmp_path: Path) -> None:
    menu = (
        '<button aria-expanded="false" onclick="this.setAttribute(\'aria-expanded\', true);'
        "document.getElementById('m').hidden = false\">More</button>"
        '<div id="m" hidden><a href="/shop">Contact</a> <a href="/care">Contact</a></div>'
    )

    def pages(path: str) -> str | None:
        return {
            "/": page(menu + links(("/a", "Reading your bill"), ("/b", "Moving house"))),
            "/a": page("<p>Read it.</p>", "Bills"),
            "/b": page("<p>Move.</p>", "Moving"),
            "/shop": page("<p>Visit our shop.</p>", "Shop"),
            "/care": page("<button data-chat>Start a chat</button>", "Care", chat()),
        }.get(path)

    exploration, _ = explored(pages, tmp_path)
    with counted(exploration) as counts:
        assert counts == ("human", 3, 1)
    assert steps(exploration) == ["More", "Contact", "Start a chat", "line 1"]
    assert exploration.way[1]["nth"] == 2


@pytest.mark.long
def test_what_hovering_and_scrolling_bring_into_sight_costs_no_click(tmp_path: Path) -> None:
    menu = (
        "<style>#sub { display: none } #care:hover #sub { display: block }</style>"
        '<nav><ul><li><a href="/shop">Shop</a></li>'
        '<li id="care"><a href="/about">About us</a><div id="sub"><a href="/care">Contact us</a></div></li></ul></nav>'
    )
    late = (
        "<div style='height:1500px'></div><div id='end'></div><script>addEventListener('scroll', () => {"
        "document.getElementById('end').innerHTML = '<button id=c>Live chat</button>';"
        "document.getElementById('c').addEventListener('click', openChat); }, { once: true })</script>"
    )

    def pages(path: str) -> str | None:
        return {
            "/": page(menu + "<p>Welcome.</p>"),
            "/shop": page("<p>Buy.</p>", "Shop"),
            "/about": page("<p>Us.</p>", "About"),
            "/care": page("<p>We are here for you.</p>", "Care", chat() + late),
        }.get(path)

    exploration, _ = explored(pages, tmp_path)
    with counted(exploration) as counts:
        assert counts == ("human", 2, 1)
    assert steps(exploration) == ["Contact us", "Live chat", "line 1"]


def test_a_transfer_taken_back_is_no_way_and_the_next_best_is_walked(tmp_path: Path) -> None:
    def pages(path: str) -> str | None:
        return {
            "/": page(
                "<button data-chat>Chat with us</button>" + links(("/contact", "Contact us")), after=chat(TAKEN_BACK)
            ),
            "/contact": page("<button data-chat>Talk to an agent</button>", "Contact", chat()),
        }.get(path)

    exploration, _ = explored(pages, tmp_path)
    with counted(exploration) as counts:
        assert counts == ("human", 2, 1)
    assert exploration.walks == 2


def test_the_search_of_the_site_is_a_way_of_one_click_and_can_be_saved(tmp_path: Path) -> None:
    field = '<form action="/found" role="search"><input type="search" name="q" aria-label="Search help"></form>'

    def pages(path: str) -> str | None:
        if path.startswith("/found?q="):
            return page("<p>3 articles found.</p><button data-chat>Live chat</button>", "Results", chat())
        return {
            "/": page(field + links(("/ship", "Shipping"), ("/pay", "Paying"))),
            "/ship": page(links(("/ship/late", "Late parcels")), "Shipping"),
            "/ship/late": page(links(("/contact", "Contact us")), "Late parcels"),
            "/pay": page("<p>Cards.</p>", "Paying"),
            "/contact": page("<button data-chat>Live chat</button>", "Contact", chat()),
        }.get(path)

    exploration, _ = explored(pages, tmp_path)
    with counted(exploration) as counts:
        assert counts == ("human", 2, 1)
    assert steps(exploration) == ["Search help", "Live chat", "line 1"]
    saved = render("a-shop", "A shop", exploration.url, "en", "web", "help", exploration.way, "explored", "2026-12-01")
    assert [step.do for step in checked(saved, "a-shop").informed["web"]][1] == "search"


def test_which_of_two_buttons_of_one_name_is_meant_can_be_saved() -> None:
    way = [{"do": "press", "role": "button", "name": "Chat with us", "nth": 2}]
    saved = render("a-shop", "A shop", "https://a.example/", "en", "web", "help", way, "explored", "2026-12-01")
    assert checked(saved, "a-shop").informed["web"][1].nth == 2  # type: ignore[union-attr]


def test_a_calendar_without_end_stops_at_the_bound_and_says_so(tmp_path: Path) -> None:
    def pages(path: str) -> str | None:
        n = int(path.removeprefix("/day/") or 0) if path != "/" else 0
        days = links(*((f"/day/{n + k}", f"Day {n + k}") for k in range(1, 30)))
        return page(days, f"Events of day {n}")

    exploration, asked = explored(pages, tmp_path, pages=9)
    with counted(exploration) as counts:
        assert counts == ("dead_end", 0, 0)
    assert exploration.pages <= 9
    assert "bound of 9 pages" in exploration.bound
    assert len(asked) < 20


def test_a_maze_with_the_session_in_the_path_is_one_page(tmp_path: Path) -> None:
    def pages(path: str) -> str | None:
        fresh = "".join(random.choice("0123456789abcdef") for _ in range(24))
        return page(links((f"/s/{fresh}/a", "First steps"), (f"/s/{fresh}/b", "Next steps")), "The library")

    exploration, asked = explored(pages, tmp_path, pages=40)
    assert "bound" not in exploration.bound.split(";")[-1] or "stopped" not in exploration.bound
    assert exploration.pages < 10
    assert len(asked) < 20


def test_the_same_site_gives_the_same_answer(tmp_path: Path) -> None:
    def pages(path: str) -> str | None:
        if path == "/":
            return page(links(("/x", "Contact us"), ("/y", "Get in touch"), ("/z", "Customer service")))
        return page("<button data-chat>Live chat</button>", "Contact", chat()) if path in ("/x", "/y", "/z") else None

    first, _ = explored(pages, tmp_path)
    second, _ = explored(pages, tmp_path)
    assert first.way == second.way
    assert [a["path"] for a in first.alternatives] == [a["path"] for a in second.alternatives]


def test_live_addresses_are_refused_as_in_a_walk(tmp_path: Path) -> None:
    with pytest.raises(AddressRefused):
        asyncio.run(explore(Wish("https://example.org/", "example"), tmp_path))
    assert list(tmp_path.iterdir()) == []
