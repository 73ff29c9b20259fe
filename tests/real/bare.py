"""Follows a written way (truth/) with plain Playwright, by role and name, as a bare script would.

Nothing of the measuring program is used here: it is what the truth and the site's own log are checked with.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import Browser, BrowserContext, FrameLocator, Locator, Page, async_playwright, expect

from tests.real.subjects import Subject, Truth

LONG = 30_000.0
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 412, "height": 839}, "is_mobile": True, "has_touch": True}
PRESSED: tuple[Any, ...] = ("link", "button", "tab", "menuitem")


@contextlib.asynccontextmanager
async def browser_here() -> AsyncIterator[Browser]:
    """One Chromium of this machine, or Playwright's own."""
    async with async_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@contextlib.asynccontextmanager
async def browsing(browser: Browser, subject: Subject, strangers: list[str]) -> AsyncIterator[BrowserContext]:
    """A fresh profile in the subject's language. Requests to other hosts are refused and put into `strangers`."""
    dress = PHONE if subject.surface == "web-mobile" else DESKTOP
    context = await browser.new_context(**dress, locale=subject.locale)

    async def judge(route: Any) -> None:
        if route.request.url.startswith((subject.url.rpartition(":")[0], "data:", "blob:")):
            await route.continue_()
        else:
            strangers.append(route.request.url)
            await route.abort()

    await context.route("**/*", judge)
    try:
        yield context
    finally:
        await context.close()


async def walk(context: BrowserContext, subject: Subject, way: list[dict[str, Any]], answered: bool) -> Page:
    """Opens the start page and takes every step of the way; fails where a step cannot be taken."""
    page = await context.new_page()
    await page.goto(subject.url)
    for step in way:
        page = await _take(context, page, step, subject.told, answered)
    return page


async def _take(
    context: BrowserContext, page: Page, step: dict[str, Any], told: dict[str, Any], answered: bool
) -> Page:
    place: Page | FrameLocator = page.frame_locator(step["in"]) if "in" in step else page
    match step:
        case {"press": name} | {"close": name}:
            control = await _control(place, name, step)
            if step.get("tab"):
                async with context.expect_page(timeout=LONG) as opened:
                    await control.click(timeout=LONG)
                return await opened.value
            await control.click(timeout=LONG)
        case {"option": name}:
            await (await _control(place, name, step)).click(timeout=LONG)
        case {"say": text}:
            # Only a box of the conversation: help centres have a search box of their own on every page.
            box = place.locator(f"{told.get('box', 'textarea')}:visible").last
            await box.click(timeout=LONG)
            await box.press_sequentially(text)
            await _send(box)
        case {"wait": text, "count": count}:
            await expect(place.get_by_text(text)).to_have_count(count, timeout=LONG)
        case {"wait": text} | {"asked": text}:
            await expect(place.get_by_text(text).last).to_be_visible(timeout=LONG)
        case {"answered": text}:
            if answered:
                await expect(place.get_by_text(text).last).to_be_visible(timeout=LONG)
        case _:
            raise ValueError(f"no such step: {step}")
    return page


async def _send(box: Locator) -> None:
    """Enter, until the box lets go of the words: a chat that still shows the last answer coming takes no message."""
    deadline = time.monotonic() + LONG / 1000
    while time.monotonic() < deadline:
        await box.press("Enter")
        for _ in range(10):
            if not await box.is_visible() or not await box.is_enabled():
                return
            if not (await box.evaluate("el => 'value' in el ? el.value : el.textContent")).strip():
                return
            await asyncio.sleep(0.1)
    raise AssertionError("the message box kept the words")


async def _control(place: Page | FrameLocator, name: str, step: dict[str, Any]) -> Locator:
    """The first visible control of that accessible name, of any role a person presses; or what `at` (CSS) names."""
    if "at" in step:
        return place.locator(step["at"]).first
    deadline = time.monotonic() + LONG / 1000
    while time.monotonic() < deadline:
        for role in (step["role"],) if "role" in step else PRESSED:
            for found in await place.get_by_role(role, name=name, exact=True).all():
                if await found.is_visible():
                    return found
        # Some chats make their options of bare elements: the words are then all there is.
        if "option" in step:
            for found in await place.get_by_text(name, exact=True).all():
                if await found.is_visible():
                    return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"no visible control named {name!r}")


async def settle(subject: Subject, truth: Truth, way: list[dict[str, Any]], seconds: float = 15.0) -> dict[str, int]:
    """The log's counts once they reach the truth's, or what they are after that time: the page tells presses late.

    A value asked for in words (`asked`) is a field no site can tell: it is counted by who walks."""
    asked = sum("asked" in step for step in way)

    def counted() -> dict[str, int]:
        told = subject.counted()
        return {**told, "fields": told["fields"] + asked}

    wanted = {key: getattr(truth, key) for key in ("clicks", "turns", "fields", "obstacle_clicks")}
    deadline = time.monotonic() + seconds
    while counted() != wanted and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return counted()
