"""`tohuman exam`: walks subjects whose truth is known and compares. What is compared is ../exam.py's business."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tohuman.runners.cli.demo import real_subjects
from tohuman.runners.cli.shared import Progress, data_option, json_option, lines, print_json, show_table, usable
from tohuman.runners.errors import Differs, UsageError

if TYPE_CHECKING:
    from tohuman.runners.exam import Answer, StopName

STOPS: tuple[StopName, ...] = ("offered", "answered")


@click.command()
@click.argument("subject", nargs=-1)
@click.option("--rounds", type=click.IntRange(1, 1000), default=20, show_default=True, help="Runs of each.")
@click.option("--stop", type=click.Choice(["offered", "answered", "both"]), default="offered", show_default=True)
@click.option("--jobs", type=click.IntRange(1, 8), default=2, show_default=True, help="Runs at a time.")
@click.option("--seed", type=int, default=1, show_default=True, help="Draws the order of the subjects.")
@click.option("--practice-only", is_flag=True, help="Leave the real subjects out.")
@data_option
@json_option
def exam(
    subject: tuple[str, ...],
    rounds: int,
    stop: str,
    jobs: int,
    seed: int,
    practice_only: bool,
    data: Path,
    as_json: bool,
) -> None:
    """Walk every SUBJECT (default: all practice platforms and real subjects) and compare with the ground truth."""
    stops: list[StopName] = (
        ["offered", "answered"] if stop == "both" else ["answered" if stop == "answered" else "offered"]
    )
    place = usable(data / "exam")
    answers = asyncio.run(_exam(list(subject), practice_only, place, rounds, stops, jobs, seed, as_json))
    if as_json:
        print_json([asdict(answer) for answer in answers])
    else:
        lines([f"{answer.subject} {answer.stop}: {what}" for answer in answers for what in answer.differences])
        rows = [[answer.subject, answer.stop, f"{answer.right} of {answer.runs}"] for answer in answers]
        show_table(["subject", "stop", "right"], rows)
    wrong = [answer for answer in answers if answer.right != answer.runs]
    if wrong:
        named = ", ".join(dict.fromkeys(answer.subject for answer in wrong))
        raise Differs("The exam differs from its ground truth", where=named)


async def _exam(
    wanted: list[str],
    practice_only: bool,
    data: Path,
    rounds: int,
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
    if not practice_only:
        try:
            module = real_subjects()
            real = list(module.names())
        except UsageError:  # an installed package has none
            real = []
    for name in wanted:
        if name not in (*practice, *real):
            raise UsageError("There is no such subject", where=name, do=f"known are {', '.join([*practice, *real])}")
    async with AsyncExitStack() as stack:
        subjects = await examining.practice_subjects(stack, [name for name in practice if not wanted or name in wanted])
        if module is not None:
            named = [name for name in real if not wanted or name in wanted]
            subjects += await examining.real_subjects(stack, module, named)
        with Progress(quiet) as progress:
            return await examining.examine(
                subjects, data, rounds=rounds, stops=stops, jobs=jobs, seed=seed, told=progress.done
            )
