"""The consent library is driven: a banner in words no lexicon holds is refused by its rules, its presses counted apart.

The pages are made here, the library is the real one as set-up installs it. Own patterns: see the practice sites.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import async_playwright

from tohuman.probes.channel import Channel
from tohuman.probes.consent import Consent, installed
from tohuman.probes.counter import Counter
from tohuman.probes.obstacles import clear
from tohuman.probes.reading import Reader
from tohuman.probes.session import Session
from tohuman.probes.shopper import Shopper
from tohuman.probes.sight import Sight
from tohuman.results.counting import count
from tohuman.results.events import AnyEvent, Gesture, Obstacle
from tohuman.runners.browser import find

#: In Georgian: no lexicon here has a word of it. The marks are those of a consent manager the library has rules for.
BANNER = """<!doctype html><html lang="ka"><body><h1>დახმარება</h1><a href="/x">სტატია</a>
<div id="cc--main" style="position:fixed;left:0;right:0;bottom:0;height:260px;background:#eee;z-index:50">
<div id="cm">ჩვენ ვიყენებთ ფაილებს. <button id="s-all-bn">კი</button> {refuse}
<div id="s-cnt" hidden><button id="s-sv-bn">შენახვა</button></div></div></div>
<script>document.documentElement.classList.add('show--consent');
const at = (id) => document.getElementById(id);
const shut = () => { at('cc--main').remove(); document.cookie = 'cc_cookie=1'; };
for (const id of ['s-all-bn', 's-rall-bn', 's-sv-bn']) if (at(id)) at(id).onclick = shut;
if (at('c-s-bn')) at('c-s-bn').onclick = () => { at('s-cnt').hidden = false; };
</script></body></html>"""
ONE = '<button id="s-rall-bn">არა</button>'
BEHIND_SETTINGS = '<button id="c-s-bn">პარამეტრები</button>'
CHAT_CONSENT = """<!doctype html><html lang="ka"><body><h1>ჩატი</h1>
<div role="dialog" aria-modal="true" style="position:fixed;inset:20% 20%;background:#fff">
ჩატის გაგრძელებით თანხმდებით პირობებს.
<button onclick="this.parentNode.dataset.said='yes'">თანხმობა</button>
<button onclick="this.parentNode.dataset.said='no'">უარი</button>
</div></body></html>"""


@pytest.fixture(autouse=True)
def library() -> None:
    if installed() is None:
        assert not os.environ.get("TOHUMAN_REQUIRE_NPM"), "the consent library is not installed"
        pytest.skip("the consent library is not installed (make setup-npm)")


def cleared(html: str, *, attached: bool = True) -> tuple[list[AnyEvent], Sight, str]:
    """What clearing the page's obstacles left in the journal, what is then seen, and the page's own state."""

    async def go() -> tuple[list[AnyEvent], Sight, str]:
        async def page(_: web.Request) -> web.Response:
            return web.Response(text=html, content_type="text/html")

        app = web.Application()
        app.router.add_get("/{_:.*}", page)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        events: list[AnyEvent] = []

        def emit(event: AnyEvent) -> int:
            events.append(event.model_copy(update={"n": len(events) + 1, "t": float(len(events))}))
            return len(events)

        try:
            async with async_playwright() as driver:
                browser = await driver.chromium.launch(executable_path=find().executable, args=["--no-sandbox"])
                context = await browser.new_context()
                session = Session(context=context, reader=Reader.load(), journal=emit)
                counter = Counter(context, session.emit, channel=Channel())
                session.counter = counter
                await counter.attach(context)
                session.consent = await Consent.attach(context, session) if attached else None
                shopper = Shopper(session)
                opened = await context.new_page()
                await shopper.open(f"http://127.0.0.1:{port}/")
                sight = await clear(shopper, await shopper.look())
                said = await opened.evaluate("() => document.querySelector('[data-said]')?.dataset.said || ''")
                await counter.finish()
                await browser.close()
                return events, sight, str(said)
        finally:
            await runner.cleanup()

    return asyncio.run(go())


@pytest.mark.parametrize(("refuse", "presses"), [(ONE, 1), (BEHIND_SETTINGS, 2)])
def test_a_banner_in_an_unknown_language_is_refused_and_its_presses_are_obstacle_clicks(
    refuse: str, presses: int
) -> None:
    events, sight, _ = cleared(BANNER.replace("{refuse}", refuse))
    obstacles = [e for e in events if isinstance(e, Obstacle)]
    assert [(o.kind, o.by, o.clicks, o.gesture) for o in obstacles] == [("cookie", "autoconsent", presses, None)]
    assert sight.overlays == []
    counts = count(events)
    assert (counts.total("obstacle"), counts.total("click"), counts.faked) == (presses, 0, {})
    assert all(e.by == "autoconsent" for e in events if isinstance(e, Gesture))


def test_without_the_library_the_banner_stays_and_nothing_is_pressed() -> None:
    events, sight, _ = cleared(BANNER.replace("{refuse}", ONE), attached=False)
    assert [e for e in events if isinstance(e, Obstacle | Gesture)] == []
    assert len(sight.overlays) == 1


def test_a_chat_s_own_consent_is_left_alone() -> None:
    events, _, said = cleared(CHAT_CONSENT)
    assert [e for e in events if isinstance(e, Obstacle)] == []
    assert said == ""


def test_a_folder_without_the_library_is_none(tmp_path: Path) -> None:
    assert installed(tmp_path) is None
