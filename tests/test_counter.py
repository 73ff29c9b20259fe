"""The counter yields exactly what truth.yaml says for every walk of walks.py: plain Playwright, unaware of it."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web
from playwright.async_api import Browser, async_playwright

from tohuman.probes.counter import Counter
from tohuman.results.counting import kind_of
from tohuman.results.events import AnyEvent, Gesture

PAGES = Path(__file__).parent / "pages" / "counter"
TRUTH: dict[str, dict[str, Any]] = yaml.safe_load((PAGES / "truth.yaml").read_text("utf-8"))


def _load_walks() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("counter_walks", PAGES / "walks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["counter_walks"] = module
    spec.loader.exec_module(module)
    walks: dict[str, Any] = module.WALKS
    return walks


WALKS = _load_walks()


class House:
    """One event loop, one site on loopback, one browser for all walks."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.base = ""
        self.browser: Browser

    async def start(self) -> None:
        async def serve(request: web.Request) -> web.StreamResponse:
            if request.path == "/redirect":
                raise web.HTTPFound("/two.html")
            file = PAGES / request.path.removeprefix("/late").lstrip("/")
            if request.path.startswith("/late/"):
                await asyncio.sleep(2.5)
            if file.suffix != ".html" or not file.is_file():
                return web.Response(status=204)
            late = {"Cache-Control": "no-store"} if request.path.startswith("/late/") else {}
            return web.Response(body=file.read_bytes(), content_type="text/html", charset="utf-8", headers=late)

        app = web.Application()
        app.router.add_get("/{path:.*}", serve)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        self.playwright = await async_playwright().start()
        found = shutil.which("chromium") or shutil.which("google-chrome") or None
        self.browser = await self.playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])

    async def stop(self) -> None:
        await self.browser.close()
        await self.playwright.stop()
        await self.runner.cleanup()

    async def record(self, walk: Any, mobile: bool = False) -> tuple[list[Gesture], Counter, list[AnyEvent]]:
        context = await self.browser.new_context(
            viewport={"width": 390, "height": 800} if mobile else {"width": 1280, "height": 900},
            has_touch=mobile,
            is_mobile=mobile,
            service_workers="block",
        )
        events: list[AnyEvent] = []

        def emit(event: AnyEvent) -> int:
            events.append(event)
            return len(events)

        counter = Counter(context, emit)
        await counter.attach()
        try:
            await asyncio.wait_for(walk(await context.new_page(), self.base), 40)
            await counter.finish()
        finally:
            await context.close()
        return [event for event in events if isinstance(event, Gesture)], counter, events


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    house = House()
    house.loop.run_until_complete(house.start())
    yield house
    house.loop.run_until_complete(house.stop())
    house.loop.close()


def line(gesture: Gesture) -> str:
    parts: list[str] = [gesture.gesture]
    if gesture.gesture not in ("jump", "back", "popup_closed"):
        parts.append(f'"{gesture.label}"')
    if gesture.place != "outside":
        parts.append(gesture.place)
    if gesture.field:
        parts.append("field")
    if gesture.double:
        parts.append("double")
    if not gesture.trusted:
        parts.append("faked")
    if gesture.gesture in ("pointer", "key") and not gesture.double and not gesture.field:
        parts += {True: [], False: ["dead"], None: ["unknown"]}[gesture.changed]
    if gesture.posted:
        parts.append("posted")
    if gesture.said:
        parts.append('said "' + gesture.said.replace("\n", " / ") + '"')
    return " ".join(parts)


def test_every_walk_has_its_truth() -> None:
    assert set(WALKS) == set(TRUTH)


@pytest.fixture(scope="module")
def recorded(house: House, request: pytest.FixtureRequest) -> dict[str, Any]:
    """All walks that are asked for, three at a time: the counter mostly waits for effects."""
    asked = [item.callspec.params["name"] for item in request.session.items if _is_ours(item)]
    room = asyncio.Semaphore(3)

    async def one(name: str) -> Any:
        async with room:
            return await house.record(WALKS[name], mobile=name.startswith("phone"))

    async def every() -> list[Any]:
        return await asyncio.gather(*map(one, asked), return_exceptions=True)

    return dict(zip(asked, house.loop.run_until_complete(every()), strict=True))


def _is_ours(item: Any) -> bool:
    return getattr(item, "originalname", "") == "test_the_counter_yields_the_truth" and hasattr(item, "callspec")


@pytest.mark.parametrize("name", list(WALKS))
def test_the_counter_yields_the_truth(recorded: dict[str, Any], name: str) -> None:
    if isinstance(recorded[name], BaseException):
        raise recorded[name]
    gestures, counter, _ = recorded[name]
    assert [line(gesture) for gesture in gestures] == TRUTH[name]["gestures"]
    kinds = [kind_of(gesture) for gesture in gestures if not gesture.double]
    assert kinds.count("click") == TRUTH[name].get("clicks", 0)
    assert kinds.count("turn") == TRUTH[name].get("turns", 0)
    assert counter.last == len(gestures)
