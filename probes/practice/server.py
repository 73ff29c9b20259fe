"""Serves the practice platforms: each on its own free port of 127.0.0.1, some with a second origin on another.

Nothing has to be installed and nothing outside loopback is touched. What a site does lives in <id>/site.py.
"""

from __future__ import annotations

import asyncio
import importlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from aiohttp import web

from tohuman.results.vocabulary import Start, Surface

from .site import LogEntry, Site
from .truth import Truth, load_truth

HERE = Path(__file__).parent
_HOST = "127.0.0.1"
_STOP_SECONDS = 0.5


def platform_ids() -> list[str]:
    """The ids of all practice platforms, sorted."""
    return sorted(path.parent.name for path in HERE.glob("*/site.py"))


@dataclass(frozen=True)
class PracticePlatform:
    """One served platform. `url` is the help start, `home_url` the home start where there is one."""

    id: str
    name: str
    url: str
    home_url: str | None
    locale: str
    surface: Surface
    truth: Truth
    _site: Site = field(repr=False)

    def log(self) -> list[LogEntry]:
        """What the site itself received since the last reset: {kind, what, at, stage}, in order."""
        return self._site.log()

    def start_url(self, start: Start) -> str:
        """The address of a start; raises KeyError where the platform has none."""
        if start is Start.HELP:
            return self.url
        if self.home_url is None:
            raise KeyError(f"{self.id} has no home start")
        return self.home_url


@dataclass
class Practice:
    """The platforms being served, by id."""

    platforms: dict[str, PracticePlatform]
    _sites: dict[str, Site] = field(repr=False)
    _loop: asyncio.AbstractEventLoop = field(repr=False)

    def reset(self, platform_id: str) -> None:
        """Forget what one site received and end its conversations. May be called from any thread."""
        site = self._sites[platform_id]
        try:
            here: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        if here is self._loop:
            site.reset()
            return
        done = threading.Event()

        def reset_there() -> None:
            site.reset()
            done.set()

        self._loop.call_soon_threadsafe(reset_there)
        if not done.wait(10):
            raise TimeoutError(f"the server of {platform_id} does not answer")


def _make(platform_id: str) -> Site:
    module = importlib.import_module(f"{__package__}.{platform_id}.site")
    site = module.SITE(HERE / platform_id, load_truth(platform_id))
    if not isinstance(site, Site):
        raise TypeError(f"{platform_id}/site.py: SITE is no Site")
    return site


def _free_socket() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((_HOST, 0))
    return sock


@asynccontextmanager
async def serve(only: Iterable[str] | None = None) -> AsyncIterator[Practice]:
    """Serve all platforms, or those in `only`; raises KeyError for an unknown id."""
    known = platform_ids()
    ids = known if only is None else list(dict.fromkeys(only))
    for platform_id in ids:
        if platform_id not in known:
            raise KeyError(platform_id)
    sites: dict[str, Site] = {}
    runners: list[web.AppRunner] = []
    try:
        for platform_id in ids:
            site = sites[platform_id] = _make(platform_id)
            runner = web.AppRunner(site.app(), access_log=None, shutdown_timeout=_STOP_SECONDS)
            runners.append(runner)
            await runner.setup()
            site.origin = await _listen(runner)
            if site.two_origins:
                site.other_origin = await _listen(runner)
        yield Practice({i: _platform(i, s) for i, s in sites.items()}, sites, asyncio.get_running_loop())
    finally:
        for site in sites.values():
            site.reset()
        await asyncio.gather(*(runner.cleanup() for runner in runners))


async def _listen(runner: web.AppRunner) -> str:
    sock = _free_socket()
    await web.SockSite(runner, sock).start()
    return f"http://{_HOST}:{sock.getsockname()[1]}"


def _platform(platform_id: str, site: Site) -> PracticePlatform:
    truth = site.truth
    home = None if site.home_path is None else site.origin + site.home_path
    return PracticePlatform(
        platform_id, truth.name, site.origin + site.help_path, home, truth.locale, truth.surface, truth, site
    )


def serve_blocking(only: Iterable[str] | None = None, ready: Callable[[Practice], None] | None = None) -> None:
    """Serve until interrupted (KeyboardInterrupt ends it quietly); `ready` is called once all listen."""

    async def forever() -> None:
        async with serve(only) as practice:
            if ready is not None:
                ready(practice)
            await asyncio.Event().wait()

    try:
        asyncio.run(forever())
    except KeyboardInterrupt:
        return


@contextmanager
def serve_in_thread(only: Iterable[str] | None = None) -> Iterator[Practice]:
    """The same for synchronous callers: served by a thread of its own while the block runs."""
    up = threading.Event()
    box: list[Practice] = []
    failed: list[BaseException] = []
    stop: list[Callable[[], object]] = []

    async def run() -> None:
        async with serve(only) as practice:
            end = asyncio.Event()
            loop = asyncio.get_running_loop()
            stop.append(partial(loop.call_soon_threadsafe, end.set))
            box.append(practice)
            up.set()
            await end.wait()

    def thread() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            failed.append(error)
        finally:
            up.set()

    worker = threading.Thread(target=thread, name="practice", daemon=True)
    worker.start()
    up.wait()
    if failed:
        raise failed[0]
    try:
        yield box[0]
    finally:
        stop[0]()
        worker.join(10)
