"""Serves the hold-out sites, each on its own free port of 127.0.0.1; one has its help centre on localhost besides.

What a site does lives in <id>/site.py.
"""

from __future__ import annotations

import asyncio
import importlib
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from tohuman.results.vocabulary import Start, Surface

from .kit import HoldOut, LogEntry
from .truth import SiteTruth, load_truth

HERE = Path(__file__).parent


@dataclass(frozen=True)
class UnseenSite:
    """One served site. `url` is the help start, `home_url` the home start where there is one."""

    id: str
    url: str
    home_url: str | None
    locale: str
    surface: Surface
    truth: SiteTruth
    site: HoldOut = field(repr=False)

    def log(self) -> list[LogEntry]:
        """What the site received since the last reset."""
        return self.site.log()

    def start_url(self, start: Start) -> str:
        """The address of a start; KeyError where there is none."""
        if start is Start.HELP:
            return self.url
        if self.home_url is None:
            raise KeyError(f"{self.id} has no home start")
        return self.home_url

    def reset(self) -> None:
        """Forget what was received and end the conversations."""
        self.site.reset()


def site_ids() -> list[str]:
    """All hold-out sites, sorted."""
    return sorted(path.parent.name for path in HERE.glob("*/site.py"))


@asynccontextmanager
async def serve_unseen(only: Iterable[str] | None = None) -> AsyncIterator[dict[str, UnseenSite]]:
    """Serve all sites, or those in `only` (KeyError for an unknown id); yields them by id."""
    ids = site_ids() if only is None else list(dict.fromkeys(only))
    runners: list[web.AppRunner] = []
    served: dict[str, UnseenSite] = {}
    try:
        for site_id in ids:
            truth = load_truth(site_id)
            module = importlib.import_module(f"{__package__}.{site_id}.site")
            site: HoldOut = module.SITE(HERE / site_id, truth)
            runner = web.AppRunner(site.app(), access_log=None, shutdown_timeout=0.5)
            runners.append(runner)
            await runner.setup()
            site.origin = f"http://127.0.0.1:{await _listen(runner)}"
            site.elsewhere = f"http://localhost:{await _listen(runner)}" if site.help_elsewhere else site.origin
            home = None if site.home_path is None else site.origin + site.home_path
            served[site_id] = UnseenSite(
                site_id, site.elsewhere + site.help_path, home, truth.locale, truth.surface, truth, site
            )
        yield served
    finally:
        for one in served.values():
            one.reset()
        await asyncio.gather(*(runner.cleanup() for runner in runners))


async def _listen(runner: web.AppRunner) -> int:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", 0))
    port = int(sock.getsockname()[1])
    await web.SockSite(runner, sock).start()
    return port
