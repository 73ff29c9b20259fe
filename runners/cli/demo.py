"""`tohuman demo`: walks the practice platforms (or the real subjects), then builds the dashboard."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tohuman.runners.cli.carrying import as_json as run_as_json
from tohuman.runners.cli.carrying import carry_out, require_valid
from tohuman.runners.cli.shared import data_option, json_option, print_json
from tohuman.runners.errors import TohumanError, UsageError

if TYPE_CHECKING:
    from tohuman.runners.order import Order
    from tohuman.runners.supervisor import Outcome

#: One of each kind of ending, in about a minute.
SIX = ["harborlight", "qingluo", "hean", "yunque", "songta", "brackenfold"]
#: Of the real subjects: mkdocs-material with TDesign's chat.
REAL = "tdesign-"
ROOT = Path(__file__).resolve().parent.parent.parent


@click.command()
@click.option("--real", is_flag=True, help="Walk sites made of software nobody here wrote (from a checkout).")
@click.option("--all", "every", is_flag=True, help="Every platform, not only the first six.")
@click.option("--only", multiple=True, metavar="ID", help="Only this platform; may be given several times.")
@click.option("--jobs", type=click.IntRange(1, 8), default=2, show_default=True, help="Runs at a time.")
@data_option
@json_option
def demo(real: bool, every: bool, only: tuple[str, ...], jobs: int, data: Path, as_json: bool) -> None:
    """Walk the practice platforms on this machine and build the ranking: no network, invented companies."""
    from tohuman.runners.cli.dashboard import write

    outcomes = asyncio.run(
        _real(list(only), every, data, jobs, as_json)
        if real
        else _practice(list(only) or SIX * (not every), data, jobs, as_json)
    )
    index = write(data) / "index.html"
    if as_json:
        print_json({"runs": [run_as_json(outcome) for outcome in outcomes], "index": str(index)})
    else:
        reached = sum(1 for outcome in outcomes if outcome.measures is not None and outcome.measures.reached)
        click.echo(f"A person was offered in {reached} of {len(outcomes)} walks. The ranking: {index}")
    require_valid(outcomes)


async def _practice(only: list[str], data: Path, jobs: int, quiet: bool) -> list[Outcome]:
    from tohuman.probes.practice import platform_ids, serve
    from tohuman.runners.orders import practice_order

    _known(only, platform_ids())
    async with serve(only=only or None) as practice:
        orders = [practice_order(served, evidence="light") for served in practice.platforms.values()]
        return await carry_out(orders, data, jobs=jobs, quiet=quiet)


async def _real(only: list[str], every: bool, data: Path, jobs: int, quiet: bool) -> list[Outcome]:
    from tohuman.runners.orders import subject_order

    subjects = real_subjects()
    _known(only, subjects.names())
    async with AsyncExitStack() as stack:
        orders: list[Order] = []
        for name in only or [name for name in subjects.names() if every or name.startswith(REAL)]:
            served = await stack.enter_async_context(serving(subjects, name))
            orders.append(subject_order(served, evidence="light"))
        return await carry_out(orders, data, jobs=jobs, quiet=quiet)


def real_subjects() -> Any:
    """The module that serves the real subjects; UsageError outside a checkout."""
    if not (ROOT / "tests" / "real" / "subjects.py").is_file():
        raise UsageError("The real subjects are only in a checkout of the project", do="run make demo-real there")
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return importlib.import_module("tests.real.subjects")


@asynccontextmanager
async def serving(module: Any, name: str) -> AsyncIterator[Any]:
    """A real subject, built if need be; one sentence when it cannot be built here."""
    async with AsyncExitStack() as stack:
        try:
            served = await stack.enter_async_context(module.serve_subject(name))
        except module.BuildError as error:
            why = (str(error).splitlines() or [""])[-1]
            what = "A real subject cannot be built here" if isinstance(error, module.Unavailable) else "A build failed"
            raise TohumanError(what, where=f"{name}: {why}", do="it needs the package registries once") from error
        yield served


def _known(only: list[str], known: list[str]) -> None:
    for name in only:
        if name not in known:
            raise UsageError("There is no such platform", where=name, do=f"known are {', '.join(known)}")
