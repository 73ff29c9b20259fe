"""A worker process: reads run orders as lines of JSON on standard input, answers with lines of JSON on standard output.

One Playwright and one browser per worker, one context per run. Killing and replacing it is supervisor.py's business.

Lines out: {"run": id} when a run has begun, {"event": type} as it goes, {"done": id} when it ended, {"refused": sentence,
"exit": code} when it was not begun.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from playwright.async_api import Browser

from tohuman.results.events import AnyEvent, RunStarted
from tohuman.results.journal import JournalError

from .errors import TohumanError
from .exits import Exit
from .order import Order
from .run import browser_behind_guard, run_in

#: Runs after which a worker is replaced, so that what a browser loses in memory is given back.
RECYCLE = 25


def say(**what: object) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def tell(event: AnyEvent) -> None:
    if isinstance(event, RunStarted):
        say(run=event.run_id)
    else:
        say(event=event.type)


async def one(browser: Browser, order: Order, data: Path) -> None:
    try:
        say(done=await run_in(browser, order, data, tell))
    except TohumanError as error:
        say(refused=str(error), exit=int(error.exit))
    except JournalError as error:
        say(refused=str(error), exit=int(Exit.DATA_UNUSABLE))


async def serve(data: Path, headless: bool) -> None:
    """Answer orders until standard input ends."""
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=4 * 1024 * 1024)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    try:
        async with browser_behind_guard(headless) as (browser, _):
            say(ready=True)
            while line := await lines.readline():
                if not browser.is_connected():
                    return
                await one(browser, Order.model_validate_json(line), data)
    except TohumanError as error:
        say(refused=str(error), exit=int(error.exit))


def main() -> None:
    data, headless = Path(sys.argv[1]), "--headed" not in sys.argv
    asyncio.run(serve(data, headless))


if __name__ == "__main__":
    main()
