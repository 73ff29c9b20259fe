"""`tohuman bench`: what a walk costs beside a bare Playwright script. What is measured is ../bench.py's business."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tohuman.runners.cli.shared import Progress, data_option, json_option, lines, print_json, show_table, usable
from tohuman.runners.errors import Differs

if TYPE_CHECKING:
    from tohuman.runners.bench import Estimate, Report

UNITS = {"wall": ("wall clock, s", 1.0, 2), "cpu": ("processor, s", 1.0, 2), "peak": ("peak memory, MB", 1e-6, 0)}
WHO = {"bare": "bare script", "counter": "with the counter", "walk": "informed, journal, pictures"}
PARTS = {
    "reading": "deciding (reading texts)",
    "looking": "looking at the page",
    "settling": "letting page and reply settle",
}


@click.command()
@click.option("--pairs", type=click.IntRange(1, 1000), default=30, show_default=True, help="Rounds of every variant.")
@click.option("--only", multiple=True, metavar="ID", help="Only this platform; may be given several times.")
@click.option("--seed", type=int, default=1, show_default=True, help="Draws the order within each round.")
@click.option("--check", is_flag=True, help="End with exit code 8 when a goal is missed.")
@data_option
@json_option
def bench(pairs: int, only: tuple[str, ...], seed: int, check: bool, data: Path, as_json: bool) -> None:
    """Walk practice platforms by a bare Playwright script, by the same with the counter, and by the informed policy.

    Interleaved; medians with 95 % intervals, and ratios to the bare script within each round. The script makes the same
    presses and waits by selector for the same replies.
    """
    from tohuman.runners.bench import bench as measure

    with Progress(as_json) as progress:
        report = asyncio.run(measure(pairs, usable(data), only=only, seed=seed, told=progress.done))
    if as_json:
        print_json(asdict(report))
    else:
        tell(report)
    if check and report.missed:
        raise Differs("The bench misses its goal", where="; ".join(report.missed))


def tell(report: Report) -> None:
    rows = []
    for variant, values in report.values.items():
        for name, value in values.items():
            label, factor, digits = UNITS[name]
            ratio = report.ratios[variant].get(name)
            told = shown(value, factor, digits)
            rows.append([WHO[variant], label, told, shown(ratio, 1.0, 3) if ratio is not None else ""])
    show_table(["variant", "measure", "median (95 % interval)", "× bare (95 % interval)"], rows)
    lines(["", f"Of each step of the informed walk, in seconds ({report.pairs} walks):"])
    show_table(
        ["part", "median (95 % interval)"],
        [[PARTS[name], shown(value, 1.0, 4)] for name, value in report.per_step.items()],
    )
    lines(["", f"{report.pairs} interleaved rounds, {report.memory_pairs} more for memory.", *report.missed])


def shown(value: Estimate, factor: float, digits: int) -> str:
    return f"{value.median * factor:.{digits}f} ({value.low * factor:.{digits}f}–{value.high * factor:.{digits}f})"
