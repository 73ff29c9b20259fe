"""Carrying out orders for a command: progress, what is said of each run, the exit code of them all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tohuman.runners.cli.shared import Progress, usable
from tohuman.runners.errors import MeasurementMissing

if TYPE_CHECKING:
    from tohuman.runners.order import Order
    from tohuman.runners.supervisor import Outcome


async def carry_out(
    orders: Sequence[Order], data: Path, *, jobs: int = 1, quiet: bool = False, headless: bool = True
) -> list[Outcome]:
    """The outcome of every order, told as they end. Raises the error of an order when none could be begun."""
    from tohuman.runners.address import check_start
    from tohuman.runners.supervisor import run_orders

    usable(data)
    for order in orders:  # before a browser is started for it
        check_start(order.url, allow_private=order.allow_private)
    names = [order.name or order.platform for order in orders]
    with Progress(quiet) as progress:

        def report(index: int, what: str, run_id: str) -> None:
            if what in ("begun", "done", "lost", "refused"):
                progress.doing(f"{names[index]}: {what}")

        outcomes = await run_orders(orders, data, jobs, report, headless)
        failed = [outcome.error for outcome in outcomes if outcome.error is not None]
        if failed and len(failed) == len(outcomes):
            raise failed[0]
        for outcome in outcomes:
            progress.done(told(outcome))
    return outcomes


def told(outcome: Outcome) -> str:
    """One line: who, how it ended, with how many clicks and turns."""
    name = outcome.order.name or outcome.order.platform
    if outcome.measures is None:
        return f"{name}: not run. {outcome.error or ''}".rstrip()
    m = outcome.measures
    detail = f" ({m.gate or m.to})" if m.gate or m.to else ""
    more = f", {m.fields} fields" if m.fields else ""
    more += f", {m.obstacle_clicks} obstacle clicks" if m.obstacle_clicks else ""
    return f"{name}: {m.outcome}{detail}, {m.clicks} clicks, {m.turns} turns{more}  {m.run_id}"


def require_valid(outcomes: Sequence[Outcome]) -> None:
    """MeasurementMissing when one of the runs gave no valid measurement, the error of one that was not begun."""
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error
        if outcome.measures is None:
            raise MeasurementMissing("A run was lost before it could be measured", where=outcome.order.url)
    missing = [o.measures for o in outcomes if o.measures is not None and not o.measures.valid]
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        why = f": {missing[0].why}" if missing[0].why else ""
        raise MeasurementMissing(
            f"The run gave no valid measurement, it ended as {missing[0].outcome}{why}{more}",
            where=missing[0].run_id,
            do="tohuman show tells it",
        )


def as_json(outcome: Outcome) -> dict[str, Any]:
    """One run for a program to read."""
    order = outcome.order
    whole: dict[str, Any] = {
        "run_id": outcome.run_id,
        "platform": order.platform,
        "platform_name": order.name,
        "start_url": order.url,
        "stop": order.stop,
        "simulated": order.simulated,
    }
    if outcome.measures is not None:
        whole |= outcome.measures.model_dump(mode="json")
    if outcome.error is not None:
        whole["error"] = str(outcome.error)
    return whole
