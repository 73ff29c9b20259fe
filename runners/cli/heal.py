"""`tohuman heal`: a saved way that no longer fits is searched anew and offered as a diff; a person accepts it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Literal

import click

from tohuman.runners.cli.carrying import carry_out, require_valid
from tohuman.runners.cli.shared import Progress, data_option, json_option, lines, print_json, usable
from tohuman.runners.errors import Differs, MeasurementMissing, UsageError


@click.command()
@click.argument("platform")
@click.option("--surface", type=click.Choice(["web", "web-mobile"]), help="Which informed way, where there are two.")
@click.option("--accept", is_flag=True, help="Write the new way into the platform file.")
@click.option(
    "--max-pages", type=click.IntRange(1, 2000), default=60, show_default=True, help="Pages looked at, at most."
)
@click.option("--allow-private", is_flag=True, help="Private networks may be visited too.")
@data_option
@json_option
def heal(
    platform: str,
    surface: Literal["web", "web-mobile"] | None,
    accept: bool,
    max_pages: int,
    allow_private: bool,
    data: Path,
    as_json: bool,
) -> None:
    """Walk PLATFORM's informed way; where it no longer fits, say what stands there now, explore, and show a diff."""
    place = usable(data)
    told = asyncio.run(_heal(platform, surface, max_pages, allow_private, place, as_json))
    if told["state"] == "broken" and accept:
        from tohuman.runners.saved import write

        told["written"] = str(write(told["text"], platform, place, replace=True))
    text = told.pop("text", None)
    if as_json:
        print_json(told)
    else:
        lines(_sentences(told))
        for line in told.get("diff", []):  # letter for letter, blanks too: a diff is for patching
            click.echo("".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line))
        if "written" in told:
            lines([f"Written to {told['written']}"])
    if told["state"] == "broken" and text is not None and not accept:
        raise Differs("The written way no longer fits", where=platform, do="accept the new one with --accept")


async def _heal(
    name: str, surface: str | None, max_pages: int, allow_private: bool, data: Path, quiet: bool
) -> dict[str, Any]:
    from tohuman.probes.explore_state import Limits
    from tohuman.probes.heal import difference, find_break
    from tohuman.results.events import ProbeKey
    from tohuman.results.ids import journal_path
    from tohuman.results.journal import read
    from tohuman.runners.explore import Wish, explore
    from tohuman.runners.orders import platform_order
    from tohuman.runners.saved import checked, file_of, find_platform, rewritten, way_steps

    known, path = find_platform(name, data), file_of(name, data)
    if known is None or path is None:
        raise UsageError("There is no such platform file", where=name, do="tohuman probes lists them")
    ways = {str(s): steps for s, steps in known.informed.items()}
    side = surface or next(iter(ways), "")
    if side not in ways:
        raise UsageError(
            "The platform has no informed way", where=f"{name} {side}".strip(), do="tohuman explore --save"
        )
    written = [step.model_dump(mode="json", exclude_none=True) for step in ways[side]]
    key = ProbeKey.model_validate(
        {
            "platform": name,
            "start": written[0]["start"],
            "surface": side,
            "policy": "informed",
            "locale": known.locale,
        }
    )
    outcomes = await carry_out([platform_order(known, key, allow_private=allow_private)], data, quiet=quiet)
    (outcome,) = outcomes
    if outcome.measures is None:
        require_valid(outcomes)
        raise MeasurementMissing("The run was lost", where=name)
    m = outcome.measures
    told: dict[str, Any] = {
        "platform": name,
        "surface": side,
        "run_id": m.run_id,
        "outcome": str(m.outcome),
        "clicks": m.clicks,
        "turns": m.turns,
    }
    broken = find_break(read(journal_path(data, m.run_id)), written)
    if broken is None:
        require_valid(outcomes)
        return {"state": "fits", **told}
    told |= {
        "state": "broken",
        "step": broken.step,
        "wanted": broken.wanted,
        "sentence": broken.sentence,
        "now": broken.now,
        "likely": broken.likely,
    }
    wish = Wish(
        url=known.address(key.start, side),
        platform=name,
        name=known.name(known.locale),
        locale=known.locale,
        device="mobile" if side == "web-mobile" else "desktop",
        start=key.start,
        allow_private=allow_private,
        limits=Limits(pages=max_pages),
    )
    with Progress(quiet) as progress:
        progress.doing(f"{name}: exploring again")
        exploration = await explore(wish, data, progress.doing)
    found = exploration.measures
    if found is None or not found.valid or not exploration.way:
        return told | {"explored": str(found.outcome) if found is not None else "nothing", "bound": exploration.bound}
    old = path.read_text(encoding="utf-8")
    steps = {
        s: way_steps(exploration.way, key.start)
        if s == side
        else [step.model_dump(mode="json", exclude_defaults=True) for step in kept]
        for s, kept in ways.items()
    }
    new = rewritten(old, steps)
    checked(new, name)
    return told | {
        "explored": {
            "outcome": str(found.outcome),
            "clicks": found.clicks,
            "turns": found.turns,
            "run_id": found.run_id,
        },
        "bound": exploration.bound,
        "diff": difference(old, new, name),
        "text": new,
    }


def _sentences(told: dict[str, Any]) -> list[str]:
    if told["state"] == "fits":
        counts = f"{told['clicks']} clicks, {told['turns']} turns"
        return [f"The written way of {told['platform']} still fits: {told['outcome']}, {counts}."]
    found = [told["sentence"]]
    if told["likely"]:
        found.append(f"Most like it there now: {'; '.join(told['likely'])}")
    found.append(f"What stands there now: {'; '.join(told['now'][:20]) or 'nothing that can be pressed'}")
    explored = told["explored"]
    if isinstance(explored, str):
        return [*found, f"Exploring again found no way that could be written ({explored}; {told['bound']})."]
    counts = f"{explored['clicks']} clicks, {explored['turns']} turns"
    found += [f"Explored: {explored['outcome']}, {counts}; {told['bound']}."]
    return found
