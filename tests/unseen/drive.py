"""Proves the truth: drives every hold-out site along both its ways with plain Playwright; compares the site's own log.

`python -m tests.unseen.drive [ids…]`; exit code 1 when a way is not as its truth says. Nothing of the program is used.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import time

from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright

from . import UnseenSite, Way, serve_unseen

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
_FIND_SECONDS = 15.0
_QUIET_SECONDS = 2.4
_END_SECONDS = 14.0
_BOXES = "textarea:visible, [contenteditable]:visible, input[enterkeyhint=send]:visible"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


async def _find(context: BrowserContext, selector: str, scroll: bool = False) -> tuple[Page, Locator]:
    """The last visible match in any frame of any page; waits for it."""
    end = time.monotonic() + _FIND_SECONDS
    while time.monotonic() < end:
        for page in reversed(context.pages):
            for frame in reversed(page.frames):
                found = frame.locator(selector)
                for index in reversed(range(await found.count())):
                    if await found.nth(index).is_visible():
                        return page, found.nth(index)
            if scroll:
                await page.mouse.move(500, 300)
                await page.mouse.wheel(0, 900)
        await asyncio.sleep(0.2)
    raise LookupError(f"not found: {selector}")


async def _quiet(site: UnseenSite) -> None:
    """The bot has nothing under way: no new event for a while."""
    before, since = -1, time.monotonic()
    while time.monotonic() - since < _QUIET_SECONDS:
        now = site.site.said()
        if now != before or now == 0:
            before, since = now, time.monotonic()
        await asyncio.sleep(0.2)


async def _step(context: BrowserContext, site: UnseenSite, kind: str, what: str) -> None:
    if kind == "press":
        page, found = await _find(context, f'[data-track="{_quoted(what)}"]', scroll=True)
    elif kind == "obstacle":
        page, found = await _find(context, f'[data-over="{_quoted(what)}"]')
    elif kind == "option":
        _, found = await _find(context, f'[data-option="{_quoted(what)}"]')
    elif kind == "say":
        await _quiet(site)
        page, found = await _find(context, _BOXES)
        await found.click()
        await page.keyboard.type(what)
        await page.keyboard.press("Enter")
        return
    elif kind == "field":
        _, found = await _find(context, f'[data-field="{_quoted(what)}"]')
        if await found.evaluate("node => node.localName") == "select":
            await found.select_option(index=1)
        else:
            await found.fill("visitor@example.invalid")
        return
    elif kind == "back":
        await context.pages[-1].go_back()
        return
    else:  # asked: it must stand there
        await _find(context, f'[data-field="{_quoted(what)}"]')
        return
    if site.surface == "web-mobile":
        await found.tap()
    else:
        await found.click()


async def drive(browser: Browser, site: UnseenSite, url: str, way: Way) -> list[str]:
    """What differs from the truth; empty when nothing does."""
    site.reset()
    mobile = site.surface == "web-mobile"
    size = {"width": 390, "height": 844} if mobile else {"width": 1280, "height": 800}
    context = await browser.new_context(
        locale=site.locale,
        viewport=size,  # type: ignore[arg-type]
        has_touch=mobile,
        is_mobile=mobile,
    )
    wrong: list[str] = []
    try:
        page = await context.new_page()
        await page.goto(url)
        for step in way.way:
            kind, what = next(iter(step.items()))
            await _step(context, site, kind, what)
        end = time.monotonic() + _END_SECONDS
        while site.site.ended_as != way.outcome and time.monotonic() < end:
            await asyncio.sleep(0.2)
        if site.site.ended_as != way.outcome:
            wrong.append(f"outcome {site.site.ended_as or 'none'}, not {way.outcome}")
        log = site.log()
        backs = sum("back" in step for step in way.way)
        asked = sum("asked" in step for step in way.way)
        counts = {
            "clicks": sum(entry["kind"] == "press" for entry in log) + backs,
            "turns": sum(entry["kind"] in ("message", "option") for entry in log),
            "fields": sum(entry["kind"] == "field" for entry in log) + asked,
            "obstacle_clicks": sum(entry["kind"] == "obstacle" for entry in log),
        }
        wrong += [f"{c} {v}, not {getattr(way, c)}" for c, v in counts.items() if v != getattr(way, c)]
    except (LookupError, TimeoutError) as error:
        wrong.append(str(error))
    finally:
        await context.close()
    return wrong


async def main(only: list[str]) -> int:
    bad = 0
    async with serve_unseen(only or None) as sites, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for site in sites.values():
            for start, truth in site.truth.starts.items():
                for name, way in (("naive", truth.naive), ("shortest", truth.shortest)):
                    wrong = await drive(browser, site, site.start_url(start), way)
                    bad += bool(wrong)
                    print(f"{site.id:12} {start:5} {name:9} {'; '.join(wrong) or 'as its truth says'}", flush=True)
        await browser.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
