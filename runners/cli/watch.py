"""`tohuman watch`: keeps the plan of `tohuman.toml` until it is stopped. When what is due is ../watch.py's business."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tohuman.runners.cli.shared import data_option, json_option, opened, print_json, show_table, usable
from tohuman.runners.errors import MalformedFile, TohumanError
from tohuman.runners.terminal import sanitise

if TYPE_CHECKING:
    from tohuman.results.events import ProbeKey
    from tohuman.runners.schedule import Plan
    from tohuman.runners.watch import Happened, RunOne


@click.command()
@click.option(
    "--plan", "file", type=click.Path(path_type=Path, dir_okay=False), default=Path("tohuman.toml"), show_default=True
)
@click.option("--once", is_flag=True, help="Deal with what is due now, then end.")
@click.option("--list", "listed", is_flag=True, help="Only list the planned times and what became of them.")
@click.option("--vantage", envvar="TOHUMAN_VANTAGE", default="unset", help="Where the runs are made from, as declared.")
@data_option
@json_option
def watch(file: Path, once: bool, listed: bool, vantage: str, data: Path, as_json: bool) -> None:
    """Run the probes of a plan when they are due; every planned time becomes a run, missed or not attempted.

    docs/watch.md tells how a plan is written. A file named STOP in the data directory halts everything.
    """
    if listed:
        _list(data, as_json)
        return
    from tohuman.probes.practice import platform_ids
    from tohuman.runners.schedule import load_plan
    from tohuman.runners.watch import alone

    practice = frozenset(platform_ids())
    plan = load_plan(file, lifted=practice)
    platforms = _platforms(plan, practice, file)
    data = usable(data)
    with alone(data):
        asyncio.run(_watch(data, plan, platforms, practice, vantage, once, as_json))


def _platforms(plan: Plan, practice: frozenset[str], file: Path) -> dict[str, Any]:
    """The platforms of the plan by id; MalformedFile naming the probe that nobody knows or that cannot be walked."""
    from tohuman.probes.schema import load_platforms
    from tohuman.runners.orders import practice_key

    known = {platform.id: platform for platform in load_platforms()}
    for timing in plan.timings:
        key = timing.key
        if key.platform in practice:
            usual = practice_key(key.platform)
            fits = (key.surface, key.locale, key.policy) == (usual.surface, usual.locale, "naive")
            reason = None if fits else "the practice platform has no such probe"
        elif key.platform in known:
            reason = known[key.platform].cannot(key)
        else:
            reason = "there is no such platform"
        if reason is not None:
            raise MalformedFile(f"{timing.probe}: {reason}", where=file.name)
    return known


async def _watch(
    data: Path,
    plan: Plan,
    platforms: Mapping[str, Any],
    practice: frozenset[str],
    vantage: str,
    once: bool,
    as_json: bool,
) -> None:
    from tohuman.probes.practice import serve
    from tohuman.runners.watch import Watcher

    def told(happened: Happened) -> None:
        _tell(happened, as_json)

    practised = sorted({timing.key.platform for timing in plan.timings} & practice)
    async with AsyncExitStack() as stack:
        served = (await stack.enter_async_context(serve(only=practised))).platforms if practised else {}
        run_one = runner(data, platforms, served)
        watcher = Watcher(data, plan, run_one, vantage=vantage, lifted=practice, told=told)
        if once:
            await watcher.tick()
            return
        stopped = asyncio.Event()
        if sys.platform != "win32":  # there Ctrl-C arrives as KeyboardInterrupt
            for name in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(name, stopped.set)
        click.echo(f"Watching {len(plan.timings)} probes; Ctrl-C ends it.", err=True)
        await watcher.run(stopped)


def runner(data: Path, platforms: Mapping[str, Any], served: Mapping[str, Any]) -> RunOne:
    """The function that makes one run for a planned time, in a worker process."""

    async def run_one(key: ProbeKey, due: str) -> Path:
        from tohuman.results.ids import journal_path
        from tohuman.runners.orders import platform_order, practice_order
        from tohuman.runners.supervisor import run_orders

        if key.platform in served:
            order = practice_order(served[key.platform], key, due=due)
        else:
            order = platform_order(platforms[key.platform], key, due=due)
        (outcome,) = await run_orders([order], data)
        if outcome.error is not None:
            raise outcome.error
        if not outcome.run_id:
            raise TohumanError("The run did not begin", where=order.url)
        return journal_path(data, outcome.run_id)

    return run_one


def _tell(happened: Happened, as_json: bool) -> None:
    due = happened.due_at.isoformat(timespec="seconds")
    if as_json:
        print_json(
            {
                "probe": happened.probe.model_dump(),
                "due_at": due,
                "outcome": happened.outcome,
                "reason": happened.reason,
                "run_id": happened.run_id,
            }
        )
    else:
        reason = f" ({happened.reason})" if happened.reason else ""
        click.echo(sanitise(f"{due}  {happened.probe.platform}: {happened.outcome}{reason}  {happened.run_id}"))
    sys.stdout.flush()


def _list(data: Path, as_json: bool) -> None:
    with opened(data) as store:
        rows = store.due()
    if as_json:
        print_json([row | {"probe": row["probe"].model_dump()} for row in rows])
    elif not rows:
        click.echo("Nothing is planned.")
    else:
        show_table(
            ["due (UTC)", "platform", "outcome", "reason", "run"],
            [[r["due_at"], r["probe"].platform, r["outcome"], r["reason"] or "", r["run_id"] or ""] for r in rows],
        )
