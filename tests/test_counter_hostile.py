"""The counter on pages that mean it ill and walks that break off: it tells what was done, once, and never raises."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Page
from test_counter import House, line

from tohuman.probes.counter import DIALOGS, SCRIPTED, Counter
from tohuman.results.events import AnyEvent, Gesture, Note


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    house = House()
    house.loop.run_until_complete(house.start())
    yield house
    house.loop.run_until_complete(house.stop())
    house.loop.close()


def run(house: House, walk: Any) -> tuple[list[Gesture], Counter, list[AnyEvent]]:
    return house.loop.run_until_complete(house.record(walk))


def test_a_storm_of_dialogs_is_told_up_to_a_cap_and_summed_beyond(house: House) -> None:
    async def walk(page: Page, base: str) -> None:
        await page.goto(base + "/main.html")
        await page.click("#storm", timeout=20_000)

    gestures, counter, events = run(house, walk)
    assert [line(g) for g in gestures[:3]] == ['pointer "Storm"', 'dialog "0"', 'dialog "1"']
    assert sum(g.gesture == "dialog" for g in gestures) == DIALOGS
    assert counter.capped["dialogs"] == 60 - DIALOGS
    assert [e.data for e in events if isinstance(e, Note)] == [{"dialogs": 60 - DIALOGS}]


def test_thousands_of_faked_clicks_neither_count_nor_flood(house: House) -> None:
    async def walk(page: Page, base: str) -> None:
        await page.goto(base + "/main.html")
        await page.evaluate("for (let i = 0; i < 5000; i++) document.getElementById('dead').click()")
        await page.click("#alive")
        await page.wait_for_timeout(1100)  # the agent sums once a second

    gestures, counter, _ = run(house, walk)
    fakes = [g for g in gestures if g.gesture == "scripted"]
    assert 1 <= len(fakes) <= SCRIPTED
    assert not any(g.trusted for g in fakes)
    assert counter.capped["scripted"] == 5000
    assert [line(g) for g in gestures if g.trusted] == ['pointer "Contact us"']
    assert counter.channel.heard < 200


def test_a_page_that_breaks_its_own_window_is_counted_all_the_same(house: House) -> None:
    async def walk(page: Page, base: str) -> None:
        await page.goto(base + "/hostile.html")
        await page.mouse.click(60, 18)

    gestures, _, _ = run(house, walk)
    assert [(g.gesture, g.tag, g.trusted) for g in gestures] == [("pointer", "button", True)]


def test_forged_and_malformed_messages_are_refused(house: House) -> None:
    async def walk(page: Page, base: str) -> None:
        await page.goto(base + "/main.html")
        await page.evaluate(
            """() => { const send = window.__tohuman_emit;
            for (const said of [null, 7, 'x', [], {}, { type: 'gesture' }, { type: 'gesture', payload: 5 },
              { type: {}, payload: {} }, { type: 'gesture', payload: { phase: 'done', id: 'a', act: true } },
              { type: 'scripted_more', payload: { total: 'many' } },
              { type: 'scripted', payload: { label: 'x'.repeat(100000), role: 5, place: 'nowhere', href: [] } },
              { type: 'scripted', word: 'guessed', payload: { label: 'made up', role: 'button', place: 'outside' } }])
              send(said);
            if (window.__tohuman.emit) window.__tohuman.emit('scripted', { label: 'made up' }); }"""
        )
        await page.click("#alive")

    gestures, counter, _ = run(house, walk)
    assert [(g.gesture, len(g.label), g.place) for g in gestures] == [("pointer", 10, "outside")]
    assert counter.channel.refused == 12


def test_a_press_whose_page_hangs_is_told_in_bounded_time(house: House) -> None:
    took: list[float] = []

    async def go() -> list[Gesture]:
        context = await house.browser.new_context()
        told: list[AnyEvent] = []
        counter = Counter(context, lambda event: (told.append(event), len(told))[1])
        await counter.attach()
        page = await context.new_page()
        await page.goto(house.base + "/main.html")
        hangs = asyncio.Event()
        await page.expose_function("hangs", hangs.set)
        hang = "() => { window.hangs(); const end = Date.now() + 12000; while (Date.now() < end); }"
        await page.evaluate(f"() => {{ document.getElementById('alive').onclick = {hang}; }}")
        press = asyncio.ensure_future(page.click("#alive"))
        await asyncio.wait_for(hangs.wait(), 30)
        assert not press.done()
        begun = time.monotonic()
        await counter.settled()
        took.append(time.monotonic() - begun)
        assert [event.type for event in told] == ["gesture"]
        await press
        await counter.finish()
        await context.close()
        return [event for event in told if isinstance(event, Gesture)]

    gestures = house.loop.run_until_complete(go())
    assert [(g.label, g.activation, g.changed) for g in gestures] == [("Contact us", True, None)]
    assert took[0] < 7.6


def test_a_crash_after_a_press_loses_nothing(house: House) -> None:
    async def walk(page: Page, base: str) -> None:
        await page.goto(base + "/main.html")
        await page.click("#alive")
        session = await page.context.new_cdp_session(page)
        crash = asyncio.ensure_future(session.send("Page.crash"))
        await page.wait_for_event("crash")
        crash.cancel()

    gestures, _, _ = run(house, walk)
    assert [(g.label, g.activation) for g in gestures] == [("Contact us", True)]


def test_what_closes_with_the_run_is_no_gesture(house: House) -> None:
    async def walk(page: Page, base: str) -> None:
        await page.goto(base + "/main.html")
        async with page.expect_popup() as opened:
            await page.click("#open-popup")
        await (await opened.value).wait_for_load_state()
        await page.context.close()

    gestures, _, _ = run(house, walk)
    assert [line(g) for g in gestures] == ['pointer "Open window"']


def test_the_consent_librarys_presses_are_not_called_faked(house: House) -> None:
    async def go() -> list[Gesture]:
        context = await house.browser.new_context()
        told: list[AnyEvent] = []
        counter = Counter(context, lambda event: (told.append(event), len(told))[1])
        await counter.attach()
        page = await context.new_page()
        await page.goto(house.base + "/main.html")
        with counter.autoconsent():
            await page.evaluate("document.getElementById('fake').click()")
            await counter.settled()
        await page.evaluate("document.getElementById('rb').click()")
        await counter.finish()
        await context.close()
        return [event for event in told if isinstance(event, Gesture)]

    gestures = house.loop.run_until_complete(go())
    assert [(g.gesture, g.by) for g in gestures] == [("scripted", "autoconsent"), ("scripted", "consumer")]


def test_a_journal_that_cannot_be_written_is_reported_where_someone_waits(house: House) -> None:
    async def go() -> None:
        context = await house.browser.new_context()

        def full(event: AnyEvent) -> int:
            raise OSError("no space left")

        counter = Counter(context, full)
        await counter.attach()
        page = await context.new_page()
        await page.goto(house.base + "/main.html")
        await page.click("#alive")
        try:
            await counter.settled()
        finally:
            await context.close()

    with pytest.raises(OSError, match="no space left"):
        house.loop.run_until_complete(go())


def test_the_dialog_policy_of_the_caller_is_asked(house: House) -> None:
    async def go() -> tuple[list[Gesture], str]:
        context = await house.browser.new_context()
        told: list[AnyEvent] = []
        counter = Counter(context, lambda e: (told.append(e), len(told))[1], dialogs=lambda kind, message: "accept")
        await counter.attach()
        page = await context.new_page()
        await page.goto(house.base + "/main.html")
        await page.click("#confirm")
        await counter.finish()
        seen = await page.inner_text("#out")
        await context.close()
        return [event for event in told if isinstance(event, Gesture)], seen

    gestures, seen = house.loop.run_until_complete(go())
    assert [(g.gesture, g.key) for g in gestures] == [("pointer", ""), ("dialog", "accept")]
    assert "yes" in seen
