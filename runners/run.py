"""One run end to end: a fresh context in a running browser, the agent, the counter, the policy, the journal.

Interprets no page. Processes and their supervision are worker.py's and supervisor.py's; the store is not touched here.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib.metadata
import platform as host
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright

from tohuman.probes.channel import Channel
from tohuman.probes.consent import Consent, installed
from tohuman.probes.counter import Counter
from tohuman.probes.deadlines import CLOSE, Overdue, within
from tohuman.probes.naive import Naive
from tohuman.probes.protocol import PROTOCOL_VERSION
from tohuman.probes.reading import Reader
from tohuman.probes.session import Session
from tohuman.probes.shopper import Shopper
from tohuman.results.events import AnyEvent, Failure, Note, Picture, RunEnded, RunStarted
from tohuman.results.ids import journal_path, new_run_id, pictures_dir
from tohuman.results.journal import Journal
from tohuman.results.measures import METHOD_VERSION

from .address import check_start
from .browser import context_options, find, launch_options, sandboxed
from .egress import Allow, Guard, Refusal
from .order import Order

OnEvent = Callable[[AnyEvent], None]
#: After the run's own budget: closing, last words, the journal's end.
GRACE = 30.0


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def version() -> str:
    return importlib.metadata.version("tohuman")


@asynccontextmanager
async def browser_behind_guard(headless: bool = True) -> AsyncIterator[tuple[Browser, Guard]]:
    """A browser whose whole traffic passes the guard; the reader is made while it starts. Raises BrowserMissing."""
    found = find()
    async with Guard(Allow()) as guard, async_playwright() as driver:
        reading = asyncio.create_task(asyncio.to_thread(Reader.load))
        try:
            browser = await driver.chromium.launch(**launch_options(found, proxy=guard.proxy, headless=headless))
        finally:
            await reading  # two threads must not both make it
        try:
            yield browser, guard
        finally:
            with contextlib.suppress(Overdue, Error):
                await within(CLOSE, browser.close())


def started(order: Order, run_id: str, browser: Browser, options: dict[str, object]) -> RunStarted:
    """The first event: the whole setting of the run."""
    sandbox, why = sandboxed()
    return RunStarted(
        run_id=run_id,
        at=now(),
        probe=order.key(),
        platform_name=order.name or order.platform,
        start_url=order.url,
        stop=order.stop,
        budget=order.budget,
        observer="script" if order.policy == "script" else "program",
        simulated=order.simulated,
        versions={
            "tohuman": version(),
            "method": METHOD_VERSION,
            "protocol": PROTOCOL_VERSION,
            "playwright": importlib.metadata.version("playwright"),
            "browser": browser.version,
            "python": host.python_version(),
        },
        setting={
            "device": "mobile" if order.surface == "web-mobile" else "desktop",
            "viewport": "{width}x{height}".format(**options["viewport"]),  # type: ignore[arg-type]
            "timezone": order.timezone,
            "consent_library": library.version if (library := installed()) else "none",
            "sandbox": "on" if sandbox else f"off: {why}",
            "system": f"{host.system()} {host.machine()}",
            **({"due": order.due} if order.due else {}),
        },
    )


def refused(guard: Guard | None) -> dict[tuple[str, int, str, str], Refusal]:
    """What a guard has refused so far, by where and why."""
    return {(r.host, r.port, r.ip, r.reason): r for r in guard.refusals} if guard is not None else {}


def key_of(refusal: Refusal) -> dict[str, object]:
    return {"host": refusal.host[:200], "port": refusal.port, "address": refusal.ip, "reason": refusal.reason[:200]}


async def run_in(
    browser: Browser, order: Order, data: Path, on_event: OnEvent | None = None, guard: Guard | None = None
) -> str:
    """One run in a fresh context of `browser`; returns the run id. AddressRefused before anything is opened.

    What `guard` refused meanwhile is journalled at the end.

    Whatever happens after that ends in the journal: a failure of ours as `error`, never as an exception.
    """
    address = check_start(order.url, allow_private=order.allow_private)
    order = order.model_copy(update={"url": address.url})
    run_id = new_run_id(order.platform)
    options = context_options(
        order.locale or "en-US",
        "mobile" if order.surface == "web-mobile" else "desktop",
        order.timezone,
        browser.version,
    )
    first = started(order, run_id, browser, options)
    journal = Journal.create(journal_path(data, run_id), first)
    if on_event is not None:
        on_event(first)

    def emit(event: AnyEvent) -> int:
        n = journal.append(event)
        if on_event is not None:
            on_event(event)
        return n

    reason = "done"
    before = {key: refusal.times for key, refusal in refused(guard).items()}
    context: BrowserContext | None = None
    try:
        context = await browser.new_context(**options)
        await asyncio.wait_for(
            _walk(context, order, data, run_id, emit, journal.clock),
            order.budget.seconds + order.budget.queue_seconds + GRACE,
        )
    except TimeoutError:
        reason = "overdue"
        emit(
            Failure(
                outcome="error", reason="overdue", sentence="The run did not end within its budget and was stopped."
            )
        )
    except Exception as error:
        reason = "error"
        where = traceback.extract_tb(error.__traceback__)[-1]
        what = str(error).splitlines()[0][:300] if str(error) else type(error).__name__
        emit(
            Failure(
                outcome="error",
                reason=type(error).__name__.lower(),
                sentence=f"The program failed: {what}.",
                step=f"{Path(where.filename).name}:{where.lineno}",
            )
        )
    finally:
        for key, refusal in refused(guard).items():
            if refusal.times > before.get(key, 0):
                times = refusal.times - before.get(key, 0)
                emit(Note(text="the guard refused a request", data={**key_of(refusal), "times": times}))
        emit(RunEnded(at=now(), reason=reason))
        journal.close()
        if context is not None:
            with contextlib.suppress(Overdue, Error):
                await within(CLOSE, context.close())
    return run_id


async def _walk(
    context: BrowserContext,
    order: Order,
    data: Path,
    run_id: str,
    emit: Callable[[AnyEvent], int],
    clock: Callable[[], float],
) -> None:
    channel = Channel()
    session = Session(
        context=context,
        reader=Reader.load().ready(order.locale),
        journal=emit,
        locale=order.locale,
        scenario=order.scenario,
        stop=order.stop,
        budget=order.budget,
        mobile=order.surface == "web-mobile",
    )
    counter = Counter(
        context,
        session.emit,
        channel=channel,
        clock=clock,
        name_page=lambda page: session.page_names.get(page, ""),
    )
    session.counter = counter
    await counter.attach(context)
    session.consent = await Consent.attach(context, session)
    if order.evidence == "light":
        session.camera = Camera(pictures_dir(data, run_id), emit).take
    page = await context.new_page()
    shopper = Shopper(session)
    try:
        await _act(shopper, page, order)
    finally:
        await counter.finish()


async def _act(shopper: Shopper, page: Page, order: Order) -> None:
    """Let the walker of this order walk."""
    if order.policy == "script":
        from tohuman.runners.script import walk_script

        await walk_script(shopper, page, order)
    elif order.policy == "informed":
        from tohuman.probes.informed import Informed

        await Informed(shopper, order.way).run(order.url)
    else:
        await Naive(shopper).run(order.url)


class Camera:
    """Takes the picture of a step (evidence light): a JPEG beside the journal, its digest in it."""

    def __init__(self, folder: Path, emit: Callable[[AnyEvent], int]) -> None:
        self.folder, self.emit, self.number = folder, emit, 0

    async def take(self, page: Page, of: int) -> None:
        self.number += 1
        try:
            image = await page.screenshot(
                type="jpeg", quality=55, timeout=3000, animations="allow", caret="initial", scale="css"
            )
        except Error:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{self.number:03d}.jpg"
        (self.folder / name).write_bytes(image)
        self.emit(Picture(path=f"pictures/{name}", sha256=hashlib.sha256(image).hexdigest(), of=of))
