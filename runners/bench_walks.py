"""The process in which `tohuman bench` walks: one variant, one browser, one walk per line of standard input.

Variants: `bare`, a plain Playwright script; `counter`, the same with the counter attached; `walk`, the informed policy
with journal and pictures behind the guard, as every run has them. What is compared is bench.py's business.

Lines out: {"ready": pid}, then per walk {"wall": s, "gestures": n, "parts": {…: s}} or {"failed": sentence}.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, FrameLocator, Page, async_playwright

from tohuman.probes import deadlines, shopper, talking
from tohuman.probes.counter import Counter
from tohuman.probes.reading import Reader
from tohuman.results.events import AnyEvent, Gesture
from tohuman.results.ids import journal_path
from tohuman.results.journal import read
from tohuman.results.measures import measure

from .browser import context_options, find, launch_options
from .errors import TohumanError
from .order import Order
from .run import browser_behind_guard, run_in

#: Milliseconds for one step of the bare script.
PATIENT = 30_000.0
PARTS = ("reading", "looking", "settling")


async def bare(page: Page, url: str, way: dict[str, Any]) -> None:
    """The presses and words of the way, each as soon as what it needs is there; then the sentence of leaving."""
    await page.goto(url)
    place: Page | FrameLocator = page
    for step in way["steps"]:
        match step:
            case {"press": control}:
                target = place if control.get("inside") else page
                found = target.get_by_role(control["role"], name=control["name"], exact=True)
                if control.get("tab"):
                    async with page.context.expect_page(timeout=PATIENT) as opened:
                        await found.click(timeout=PATIENT)
                    place = page = await opened.value
                else:
                    await found.click(timeout=PATIENT)
                for _ in range(0 if control.get("inside") else way.get("frames", 0)):
                    place = place.frame_locator("iframe")
            case {"say": text}:
                await _say(place, way["box"], text)
            case {"wait": text}:
                await place.get_by_text(text).last.wait_for(timeout=PATIENT)
            case _:
                raise ValueError(f"no such step: {step}")
    await _say(place, way["box"], way["leave"])
    await place.get_by_text(way["leave"]).last.wait_for(timeout=PATIENT)


async def _say(place: Page | FrameLocator, box: str, text: str) -> None:
    field = place.get_by_label(box, exact=True)
    await field.fill(text, timeout=PATIENT)
    await field.press("Enter", timeout=PATIENT)


@asynccontextmanager
async def plain_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(**launch_options(find()))
        try:
            yield browser
        finally:
            await browser.close()


async def scripted(browser: Browser, job: dict[str, Any], counted: bool) -> int:
    """One walk of the bare script; the number of activations counted (0 without the counter)."""
    context = await browser.new_context(**context_options(job["locale"], browser_version=browser.version))
    events: list[AnyEvent] = []

    def emit(event: AnyEvent) -> int:
        events.append(event)
        return len(events)

    try:
        counter = Counter(context, emit) if counted else None
        if counter is not None:
            await counter.attach(context)
        await bare(await context.new_page(), job["url"], job["way"])
        if counter is not None:
            await counter.finish()
    finally:
        await context.close()
    return activations(events)


# ---- where the time of a walk goes -----------------------------------------------------------------------------------


def timed(parts: dict[str, float]) -> None:
    """From now on adds up in `parts` the seconds spent reading texts, looking at pages, and letting things settle."""

    def reading(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def within(*arguments: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            try:
                return method(*arguments, **named)
            finally:
                parts["reading"] += time.perf_counter() - begun

        return within

    def awaited(method: Callable[..., Awaitable[Any]], part: str, settle: Callable[[float, Any], float]) -> Any:
        @wraps(method)
        async def within(*arguments: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            result = await method(*arguments, **named)
            parts[part] += settle(time.perf_counter() - begun, result)
            return result

        return within

    for name in ("message", "control", "says"):
        setattr(Reader, name, reading(getattr(Reader, name)))
    shopper.Shopper.look = awaited(shopper.Shopper.look, "looking", lambda took, _: took)  # type: ignore[method-assign]
    # Of a page's coming to rest only the quiet at its end is ours; of a reply what follows its last change.
    shopper.Shopper.rest = awaited(  # type: ignore[method-assign]
        shopper.Shopper.rest, "settling", lambda took, _: min(took, deadlines.QUIET.seconds)
    )
    talking.Talk.wait = awaited(  # type: ignore[method-assign]
        talking.Talk.wait, "settling", lambda took, reply: max(0.0, took - reply.seconds) if reply.bubbles else 0.0
    )


async def measured(browser: Browser, job: dict[str, Any], data: Path) -> int:
    """One walk of the informed policy; the activations counted. ValueError when it did not end with a person."""
    run_id = await run_in(browser, Order.model_validate(job["order"]), data)
    events = read(journal_path(data, run_id))
    measures = measure(events)
    if measures.outcome != "human":
        raise ValueError(f"the walk ended as {measures.outcome}: {measures.why} ({run_id})")
    return activations(events)


def activations(events: list[AnyEvent]) -> int:
    """Presses and messages, those of leaving too."""
    return sum(1 for event in events if isinstance(event, Gesture) and event.activation)


async def serve(variant: str, data: Path) -> None:
    parts = dict.fromkeys(PARTS, 0.0)
    if variant == "walk":
        timed(parts)
    lines = asyncio.StreamReader(limit=1024 * 1024)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    opened = browser_behind_guard() if variant == "walk" else plain_browser()
    async with opened as given:
        browser = given[0] if isinstance(given, tuple) else given
        say(ready=True)
        while line := await lines.readline():
            job = json.loads(line)
            parts.update(dict.fromkeys(PARTS, 0.0))
            begun = time.perf_counter()
            try:
                if variant == "walk":
                    gestures = await measured(browser, job, data)
                else:
                    gestures = await scripted(browser, job, variant == "counter")
            except Exception as error:  # told to bench.py, which knows whom it concerns
                say(failed=f"{type(error).__name__}: {error}"[:500])
                continue
            say(wall=time.perf_counter() - begun, gestures=gestures, parts=parts)


def say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
    except TohumanError as error:
        say(failed=str(error))
