"""`tohuman exam`: walks subjects whose truth is known and compares. What is compared is ../exam.py's business."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tohuman.runners.cli.demo import real_subjects
from tohuman.runners.cli.shared import Progress, data_option, json_option, lines, print_json, show_table, usable
from tohuman.runners.errors import Differs, UsageError

if TYPE_CHECKING:
    from tohuman.runners.exam import Answer, Case, StopName

BOTH: tuple[StopName, ...] = ("offered", "answered")


@click.command()
@click.argument("subject", nargs=-1)
@click.option("--only", multiple=True, metavar="ID", help="Only this subject, as if named; may be given several times.")
@click.option("--times", type=click.IntRange(1, 1000), default=20, show_default=True, help="Walks of each case.")
@click.option("--stop", type=click.Choice([*BOTH, "both"]), default="both", show_default=True)
@click.option("--jobs", type=click.IntRange(1, 8), default=2, show_default=True, help="Runs at a time.")
@click.option("--seed", type=int, default=1, show_default=True, help="Draws the order of the walks.")
@click.option("--real/--no-real", default=None, help="With the real subjects, or without; with them if they are there.")
@data_option
@json_option
def exam(
    subject: tuple[str, ...],
    only: tuple[str, ...],
    times: int,
    stop: str,
    jobs: int,
    seed: int,
    real: bool | None,
    data: Path,
    as_json: bool,
) -> None:
    """Walk every SUBJECT from each of its starts and compare with the ground truth and the site's own log.

    Without a SUBJECT: all practice platforms, and the real subjects of a checkout. Ends with exit code 8 when something
    differs. The runs are kept in the exam/ folder of the data directory, beside no others.
    """
    stops = [one for one in BOTH if stop in (one, "both")]
    place = usable(data / "exam")
    answers = asyncio.run(_exam([*subject, *only], real, place, times, stops, jobs, seed, as_json))
    if as_json:
        print_json([asdict(answer) for answer in answers])
    else:
        lines([f"{answer.name}: {what}" for answer in answers for what in answer.differences])
        rows = [[one.subject, one.start, one.stop, f"{one.right} of {one.runs}"] for one in answers]
        show_table(["subject", "start", "stop", "right"], rows)
        right, runs = sum(one.right for one in answers), sum(one.runs for one in answers)
        lines([f"{right} of {runs} walks of {len(answers)} cases equal the ground truth."])
    wrong = [answer for answer in answers if answer.right != answer.runs]
    if wrong:
        named = ", ".join(dict.fromkeys(answer.subject for answer in wrong))
        raise Differs("The exam differs from its ground truth", where=named)


async def _exam(
    wanted: list[str],
    with_real: bool | None,
    data: Path,
    times: int,
    stops: list[StopName],
    jobs: int,
    seed: int,
    quiet: bool,
) -> list[Answer]:
    from tohuman.probes.practice import platform_ids
    from tohuman.runners import exam as examining

    practice = platform_ids()
    module = None
    real: list[str] = []
    if with_real is not False:
        try:
            module = real_subjects()
            real = list(module.names())
        except UsageError:  # an installed package has none
            if with_real:
                raise
    for name in wanted:
        if name not in (*practice, *real):
            raise UsageError("There is no such subject", where=name, do=f"known are {', '.join([*practice, *real])}")

    def chosen(names: Sequence[str]) -> list[str]:
        return [name for name in names if not wanted or name in wanted]

    # The servers of all real subjects at once would take more memory than the walks: one kind of chat after the other.
    batches: list[AbstractAsyncContextManager[list[Case]]] = []
    if chosen(practice):
        batches.append(examining.serving_practice(chosen(practice), stops))
    batches += [examining.serving_real(module, batch, stops) for batch in _by_chat(module, chosen(real))]
    answers: list[Answer] = []
    with Progress(quiet) as progress:
        for batch in batches:
            async with batch as cases:
                answers += await examining.examine(cases, data, times=times, jobs=jobs, seed=seed, told=progress.done)
    return answers


def _by_chat(module: Any, names: Sequence[str]) -> list[list[str]]:
    """The subjects of one chat software together."""
    batches: dict[str, list[str]] = {}
    for name in names:
        batches.setdefault(str(module.told_of(name)["chat"]), []).append(name)
    return list(batches.values())
