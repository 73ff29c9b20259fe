"""Every time limit of the walking path in one table: where, seconds, why. docs/timeouts.md prints it; a test compares.

Budgets of a run (actions, turns, queue) are not here: they belong to the run order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Limit:
    where: str
    seconds: float
    why: str


OPEN = Limit("opening the start page", 30.0, "a slow help centre still answers; one that does not is unavailable")
EVALUATE = Limit("one look into a frame", 8.0, "a page in a busy loop never answers an evaluation (measured)")
LOOK = Limit("one look at all of a page", 15.0, "ten thousand links take a second, ten on a crowded machine")
PRESS = Limit("one press", 5.0, "scrolling to a control and pressing it; longer means it can not be pressed")
PRESS_HASTY = Limit("the same where the search tries what promises nothing", 2.0, "there are other moves to make")
SETTLE = Limit("a page coming to rest", 7.0, "pages with endless tickers never rest; what is there by then is read")
QUIET = Limit("no change that counts as rest", 0.3, "shorter gaps occur while a page is still being built")
LATE = Limit("a press showing its first effect", 1.2, "chat widgets load their frame after the press")
SCROLL = Limit("scrolling a page that grows", 15.0, "an endless page is scrolled as long as a person would")
REPLY = Limit("a reply beginning", 20.0, "bots behind a model take up to a quarter of a minute to begin")
REPLY_SILENT = Limit(
    "a reply beginning with no sign of work", 9.0, "no typing sign, no request under way: nothing is coming"
)
CHOICE_SILENT = Limit(
    "the same after one choice of many, in the search", 4.0, "tabs and links among the choices say nothing at all"
)
REPLY_WHOLE = Limit("a reply being finished", 45.0, "a long answer is streamed for half a minute")
REPLY_QUIET = Limit("no change that finishes a reply", 0.45, "streams pause for up to 0.3 s between words")
REPLY_OPEN = Limit(
    "no change that finishes a reply that says nothing yet", 1.3, "«one moment» and «sure!» are followed by the answer"
)
REPLY_PATIENT = Limit(
    "the same where it asks to wait a moment",
    8.0,
    "«I'm looking whether somebody is free, one moment»: looking takes time",
)
CHOICES_LATE = Limit(
    "the same where it asks, and choices were seen to come late",
    3.2,
    "some widgets show buttons seconds after the words",
)
GREETING_QUIET = Limit("no change that finishes a greeting", 1.6, "greetings come in several parts, seconds apart")
GREETING_OPEN = Limit(
    "the same where it neither asks nor offers anything", 2.8, "one that only says who speaks is seldom all"
)
GREETING_KNOWN = Limit(
    "the same where it asks, and a written way says what comes next", 0.8, "the question is its point"
)
GREETING_PACED = Limit(
    "the same where it came in parts, and a written way says what comes next", 1.2, "it has shown how far apart"
)
RESTLESS = Limit("a moving sign without a word", 12.0, "typing signs end in words; what moves for longer is decoration")
PROMISE = Limit("something showing after a press that promised a person", 4.0, "heavy chat pages are empty for seconds")
LAUNCHER = Limit("a chat launcher coming after its page was seen", 2.2, "widgets are loaded behind their page")
LAUNCHER_CONTACT = Limit(
    "the same on the page a press for a contact led to",
    4.0,
    "who looks for a way to a person looks at that page longer",
)
LAUNCHER_LOADING = Limit("a chat launcher coming while something is loading", 8.0, "frames of widgets take their time")
AFTER_QUEUE = Limit("somebody joining after a queue was said to be over", 4.0, "some say so to who is next")
WATCH = Limit("watching after a transfer was stated", 10.0, "method 4a")
POLL = Limit(
    "between two looks while waiting",
    0.08,
    "shorter than a person notices, long enough to leave the processor to the page",
)
CONSENT_FOUND = Limit("a word of the consent library while it looks for a banner", 2.4, "it tells of every step")
CONSENT_DONE = Limit(
    "the consent library finding, and again refusing, a banner", 10.0, "settings, toggles and a confirm take seconds"
)
CLOSE = Limit("closing a page or the browser", 5.0, "a page may hold on with an unload prompt")
ACTION_HARD = Limit("anything else asked of the browser", 15.0, "the outer deadline of every browser call")

ALL = tuple(v for v in list(globals().values()) if isinstance(v, Limit))


class Overdue(Exception):
    """A browser call did not come back within its limit; `limit` says which."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(f"{limit.where}: no answer within {limit.seconds:g} s")
        self.limit = limit


async def within(limit: Limit, call: Awaitable[T], seconds: float | None = None) -> T:
    """Await `call` under its outer deadline; raises Overdue."""
    try:
        return await asyncio.wait_for(call, limit.seconds if seconds is None else seconds)
    except TimeoutError as e:
        raise Overdue(limit) from e
