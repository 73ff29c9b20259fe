"""Every written way leads where truth/ says: plain Playwright against the site's own log."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Browser, Route

from tests.real.bare import browser_here, browsing, settle, walk
from tests.real.subjects import Policy, Unavailable, build, names, serve_subject, told_of, truth_of, way_of

#: The desks' waits are shortened here; the order of what they say is not.
PACE = 0.15
#: Subjects whose servers take long to start, and which of their ways are walked each time.
SLOW = ("chainlit-", "gradio-")
FIRST = ("chainlit-transfer", "gradio-second")


def built(name: str) -> None:
    """Builds the subject, or skips with the reason; with TOHUMAN_REQUIRE_NPM=1 the reason is a failure."""
    try:
        build(name)
    except Unavailable as why:
        if os.environ.get("TOHUMAN_REQUIRE_NPM") == "1":
            raise
        pytest.skip(f"{name} cannot be built here: {why}")


def ways() -> list[tuple[str, Policy]]:
    """Every informed way, and the naive ones that differ from it."""
    told: list[tuple[str, Policy]] = [(name, policy) for name in names() for policy in ("informed", "naive")]
    return [(name, policy) for name, policy in told if f"{policy}_way" in told_of(name)]


@pytest.fixture(scope="module")
def room() -> Iterator[tuple[asyncio.Runner, Browser]]:
    """One event loop and one browser for all ways; every way gets a profile and a site of its own."""
    with asyncio.Runner() as runner:
        opened = browser_here()
        browser = runner.run(opened.__aenter__())
        yield runner, browser
        runner.run(opened.__aexit__(None, None, None))


def marked() -> list[Any]:
    """The ways. The two languages of a subject are the same but for their words: the informed way in the one and the
    naive way in the other are walked each time, the rest is among the long tests."""
    pairs = sorted({name.rpartition("-")[0] for name in names()})
    other = {f"{subject}-{('zh', 'en')[number % 2]}" for number, subject in enumerate(pairs)}  # the one or the other
    later = {subject for subject in pairs if subject.startswith(SLOW) and subject not in FIRST}
    return [
        pytest.param(
            name,
            policy,
            marks=pytest.mark.long
            if (name in other) == (policy == "informed") or name.rpartition("-")[0] in later
            else (),
        )
        for name, policy in ways()
    ]


@pytest.mark.parametrize(("name", "policy"), marked())
def test_the_written_way_leads_there_in_the_written_counts(
    name: str, policy: Policy, room: tuple[asyncio.Runner, Browser]
) -> None:
    built(name)
    runner, browser = room
    truth = truth_of(name, policy, "answered")

    async def go() -> tuple[dict[str, int], list[str]]:
        strangers: list[str] = []
        async with serve_subject(name, pace=PACE) as subject, browsing(browser, subject, strangers) as context:
            await walk(context, subject, way_of(name, policy), answered=True)
            return await settle(subject, truth, way_of(name, policy)), strangers

    counted, strangers = runner.run(go())
    assert counted == {key: getattr(truth, key) for key in counted}
    assert strangers == [], "a subject must not ask other hosts for anything"


def test_a_press_whose_telling_was_lost_is_told_by_the_next_page(room: tuple[asyncio.Runner, Browser]) -> None:
    name = "semi-problem-en"
    built(name)
    runner, browser = room
    lost: list[str] = []

    async def lose(route: Route) -> None:
        if lost:
            await route.fallback()
        else:
            lost.append(route.request.post_data or "")
            await route.abort()

    async def go() -> dict[str, int]:
        async with serve_subject(name, pace=PACE) as subject, browsing(browser, subject, []) as context:
            await context.route("**/site/seen", lose)
            await walk(context, subject, way_of(name, "informed"), answered=True)
            return await settle(subject, truth_of(name, "informed", "answered"), [])

    assert runner.run(go())["clicks"] == truth_of(name, "informed", "answered").clicks
    assert "Contact us" in lost[0]


@pytest.mark.parametrize("name", names())
def test_a_truth_is_complete(name: str) -> None:
    for policy in ("naive", "informed"):
        for stop in ("offered", "answered"):
            truth_of(name, policy, stop)
    naive, informed = truth_of(name, "naive"), truth_of(name, "informed")
    assert informed.clicks + informed.turns <= naive.clicks + naive.turns, "the informed way is the lower bound"
