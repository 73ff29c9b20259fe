"""Looking around: scrolling to the end of a page and resting the pointer on its menus, which a person does for free.

Neither is a click (METHOD §2a.2). What comes into sight is reported; nothing is pressed and nothing chosen here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from playwright.async_api import Error

from . import deadlines as d
from .shopper import Shopper
from .sight import Control, Sight, element

#: Menus of the header and the navigation the pointer rests on at most.
MENUS = 10


def menus(sight: Sight) -> list[Control]:
    """What could drop a menu when the pointer rests on it: the named things of header and navigation, in page order."""
    return [
        c
        for c in sight.controls
        if c.region in ("header", "nav", "menu") and c.label and not c.disabled and c.in_view and c.place == "outside"
    ][:MENUS]


async def sights(shopper: Shopper, sight: Sight) -> AsyncIterator[Sight]:
    """The view again and again: scrolled down, then with the pointer on each menu in turn."""
    page = sight.page
    if await shopper.scroll_down():
        yield await shopper.look()
    try:
        await d.within(d.EVALUATE, page.evaluate("() => window.scrollTo(0, 0)"))
    except (Error, d.Overdue):
        return
    if shopper.s.mobile:
        return  # a finger rests on nothing
    for control in menus(sight):
        handle = await element(control.frame, control.id)
        if handle is None:
            continue
        try:
            await d.within(d.PRESS, handle.hover(timeout=1500))
        except (Error, d.Overdue):
            continue
        await shopper.pause()
        await shopper.rest()
        yield await shopper.look()
