"""`tohuman practice`: serves the practice platforms on this machine until it is interrupted. Walks nothing."""

from __future__ import annotations

import asyncio
import signal
import sys

import click

from tohuman.runners.cli.shared import json_option, print_json, show_table
from tohuman.runners.errors import UsageError

_TOLD = {"id", "name", "locale", "surface", "story"}
_HEAD = ("id", "name", "locale", "surface", "url", "home_url")


@click.command()
@click.argument("platform", nargs=-1)
@click.option("--list", "listed", is_flag=True, help="Only list the platforms, serve nothing.")
@json_option
def practice(platform: tuple[str, ...], listed: bool, as_json: bool) -> None:
    """Serve the practice PLATFORMs (default: all) on free ports of this machine, until Ctrl-C.

    They have invented names; what a walk must find on each is known beforehand.
    """
    from tohuman.probes.practice import load_truth, platform_ids

    known = platform_ids()
    unknown = [name for name in platform if name not in known]
    if unknown:
        raise UsageError("There is no such practice platform", where=unknown[0], do=f"known are {', '.join(known)}")
    wanted = list(platform) or known
    if listed:
        truths = [load_truth(name) for name in wanted]
        if as_json:
            print_json([t.model_dump(mode="json", include=_TOLD) for t in truths])
        else:
            show_table(["id", "name", "locale", "story"], [[t.id, t.name, t.locale, t.story] for t in truths])
        return
    asyncio.run(_serve(wanted, as_json))


async def _serve(wanted: list[str], as_json: bool) -> None:
    from tohuman.probes.practice import serve

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    if sys.platform != "win32":  # there Ctrl-C arrives as KeyboardInterrupt
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stopped.set)
    async with serve(only=wanted) as served:
        rows = [(p.id, p.name, p.locale, p.surface, p.url, p.home_url or "") for p in served.platforms.values()]
        if as_json:
            print_json([dict(zip(_HEAD, row, strict=True)) for row in rows])
        else:
            show_table(list(_HEAD), [list(row) for row in rows])
            click.echo("Serving on this machine only; Ctrl-C ends it.", err=True)
        sys.stdout.flush()
        await stopped.wait()
