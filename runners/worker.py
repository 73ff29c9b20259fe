"""A worker process: reads run orders as lines of JSON on standard input, answers with lines of JSON on standard output.

One Playwright and one browser per worker, one context per run. Killing and replacing it is supervisor.py's business.

Lines out: {"ready": true}, {"alive": clock} every few seconds, {"run": id} when a run has begun, {"event": type} as it
goes, {"done": id, "retire": reason or ""} when it ended, {"refused": sentence, "exit": code} when it was not begun.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import sys
import threading
import time
from pathlib import Path

from playwright.async_api import Browser, Error

from tohuman.probes.deadlines import Limit
from tohuman.results.events import AnyEvent, RunStarted
from tohuman.results.journal import JournalError

from . import processes
from .egress import Guard
from .errors import BrowserMissing, TohumanError
from .exits import Exit
from .order import Order
from .run import browser_behind_guard, run_in

#: Runs after which a worker is replaced, so that what a browser loses in memory is given back.
RECYCLE = 25
BEAT = Limit("between two signs of life of a worker", 5.0, "often enough that a silent worker is told from a busy one")
MEMORY_LOOK = Limit("between two looks at the memory of the pages", 0.5, "a page can fill 1 GB a second")
#: Bytes one process of the browser may hold: eight times what a busy help centre takes (measured: 60–250 MB).
PAGE_BYTES = 2 * 1024**3
#: Looks at the known processes until the next search for new ones, which costs more.
LOOKS = 4

_say_one_at_a_time = threading.Lock()


def say(**what: object) -> None:
    line = json.dumps(what, ensure_ascii=True) + "\n"
    with _say_one_at_a_time, contextlib.suppress(BrokenPipeError):  # nobody listens any more: the watcher ends us
        sys.stdout.write(line)
        sys.stdout.flush()


def tell(event: AnyEvent) -> None:
    if isinstance(event, RunStarted):
        say(run=event.run_id)
    else:
        say(event=event.type)


async def one(browser: Browser, guard: Guard, order: Order, data: Path) -> bool:
    """One run; False when this worker's browser should not be used again."""
    try:
        run_id = await run_in(browser, order, data, tell, guard)
    except TohumanError as error:
        say(refused=str(error), exit=int(error.exit))
    except JournalError as error:
        say(refused=str(error), exit=int(Exit.DATA_UNUSABLE))
    else:
        # A page that never yields cannot be closed: it would go on taking the processor from the next run.
        retire = "" if browser.is_connected() and not browser.contexts else "the browser did not let go of the run"
        say(done=run_id, retire=retire)
        return not retire
    return True


def end_at_once() -> None:
    """Ends the browser and this process, as nobody is left to hear how the run ends."""
    processes.kill(processes.descendants(os.getpid()))
    os._exit(Exit.INTERRUPTED)


class Orders:
    """Standard input, read in a thread: its end is noticed while a run is going on, and even when the loop is stuck."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.lines: asyncio.Queue[bytes] = asyncio.Queue()
        self.busy = False
        threading.Thread(target=self._read, name="orders", daemon=True).start()

    def _read(self) -> None:
        # Not sys.stdin: a thread that waits in its lock keeps the interpreter from ending.
        begun = b""
        while chunk := os.read(0, 65536):
            *whole, begun = (begun + chunk).split(b"\n")
            for line in whole:
                self.loop.call_soon_threadsafe(self.lines.put_nowait, line)
        if self.busy:
            end_at_once()
        self.loop.call_soon_threadsafe(self.lines.put_nowait, b"")

    async def next(self) -> bytes:
        """The next order, b'' when there are no more."""
        self.busy = False
        line = await self.lines.get()
        self.busy = bool(line)
        return line


async def beat() -> None:
    """Says every few seconds that this loop still turns."""
    while True:
        await asyncio.sleep(BEAT.seconds)
        say(alive=round(time.monotonic(), 1))


def watch_memory() -> None:
    """Ends any process of the browser that takes more memory than a page may (in a thread of its own: pages are quick).

    What stood in it has then crashed, and the run goes on or ends as with any crash.
    """
    for look in itertools.count():
        time.sleep(MEMORY_LOOK.seconds)
        if look % LOOKS == 0:
            found = processes.descendants(os.getpid())
        processes.kill(process for process in found if processes.resident(process.pid) > PAGE_BYTES)


async def serve(data: Path, headless: bool) -> None:
    """Answer orders until standard input ends."""
    orders = Orders()
    threading.Thread(target=watch_memory, name="memory", daemon=True).start()
    signs = asyncio.create_task(beat())
    try:
        async with browser_behind_guard(headless) as (browser, guard):
            say(ready=True)
            while line := await orders.next():
                if not browser.is_connected() or not await one(browser, guard, Order.model_validate_json(line), data):
                    return
    except TohumanError as error:
        say(refused=str(error), exit=int(error.exit))
    except Error as error:
        why = (error.message.strip().splitlines() or [""])[0]
        say(refused=str(BrowserMissing("The browser does not start", where=why[:200], do="run: tohuman doctor")),
            exit=int(Exit.NO_BROWSER))  # fmt: skip
    finally:
        signs.cancel()


def main() -> None:
    data, headless = Path(sys.argv[1]), "--headed" not in sys.argv
    asyncio.run(serve(data, headless))


if __name__ == "__main__":
    main()
