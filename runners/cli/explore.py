"""`tohuman explore`: the shortest way to a person on any address, found, walked again and told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import click

from tohuman.runners.cli.shared import Progress, data_option, json_option, lines, print_json, usable
from tohuman.runners.cli.walk import platform_of, walk_json
from tohuman.runners.errors import MeasurementMissing, TohumanError, UsageError
from tohuman.runners.exits import Exit

if TYPE_CHECKING:
    from tohuman.runners.explore import Exploration


@click.command()
@click.argument("url")
@click.option("--locale", default="", help="Language and region, such as zh-CN; taken from the page unless set.")
@click.option("--device", type=click.Choice(["desktop", "mobile"]), default="desktop", show_default=True)
@click.option("--stop", type=click.Choice(["offered", "answered"]), default="offered", show_default=True)
@click.option("--scenario", default="general", show_default=True, help="What the shopper asks about.")
@click.option(
    "--max-pages", type=click.IntRange(1, 2000), default=60, show_default=True, help="Pages looked at, at most."
)
@click.option("--allow-private", is_flag=True, help="Private networks may be visited too.")
@click.option(
    "--save", metavar="ID", help="Write the way as a platform file, walked by: tohuman run ID --policy informed"
)
@click.option("--headed", is_flag=True, help="Show the browser's window.")
@data_option
@json_option
def explore(
    url: str,
    locale: str,
    device: Literal["desktop", "mobile"],
    stop: Literal["offered", "answered"],
    scenario: str,
    max_pages: int,
    allow_private: bool,
    save: str | None,
    headed: bool,
    data: Path,
    as_json: bool,
) -> int:
    """Search URL for the shortest way to a person, walk it again as a fresh visitor, and say what that walk counted."""
    from tohuman.probes.explore_state import Limits
    from tohuman.runners.address import check_start
    from tohuman.runners.explore import Wish
    from tohuman.runners.explore import explore as carry_out

    check_start(url, allow_private=allow_private)  # before anything is made for it
    place = usable(data)
    if save is not None:
        _free(save, place)
    wish = Wish(
        url=url,
        platform=platform_of(url),
        name=urlsplit(url).netloc,
        locale=locale,
        device=device,
        stop=stop,
        scenario=scenario,
        allow_private=allow_private,
        headless=not headed,
        limits=Limits(pages=max_pages),
    )
    with Progress(as_json) as progress:
        exploration = asyncio.run(carry_out(wish, place, progress.doing))
    m = exploration.measures
    if m is None:
        raise MeasurementMissing("The way found could not be walked again", where=url)
    saved: Path | None = None
    problem: TohumanError | None = None
    if save is not None and m.valid:
        try:
            saved = _save(save, exploration, wish.device, place)
        except TohumanError as error:  # what was found is told first
            problem = error
    if as_json:
        print_json({**walk_json(m, url), **exploration.json(), **({"saved": str(saved)} if saved else {})})
    else:
        _tell(exploration, place, wish.name)
        if saved is not None:
            lines([f"Saved as {saved}; walked by: tohuman run {save} --policy informed"])
    if problem is not None:
        raise problem
    return Exit.MEASURED if m.valid else Exit.MISSING


def _free(name: str, data: Path) -> None:
    """Refuse a name that cannot be written, before anything is searched."""
    from tohuman.probes.practice import platform_ids
    from tohuman.probes.schema_fields import check_id
    from tohuman.runners.saved import file_of

    try:
        check_id(name)
    except ValueError as error:
        raise UsageError(f"The name cannot be used: {error}", where=name) from error
    taken = file_of(name, data)
    if taken is not None or name in platform_ids():
        raise UsageError("There is a platform of that name", where=name, do="choose another, or: tohuman heal")


def _save(name: str, exploration: Exploration, device: str, data: Path) -> Path:
    from tohuman.runners.run import version
    from tohuman.runners.saved import render, write

    text = render(
        name,
        title=urlsplit(exploration.url).netloc,
        url=exploration.url,
        locale=exploration.locale,
        surface="web-mobile" if device == "mobile" else "web",
        start="help",
        way=exploration.way,
        source=f"explored by tohuman {version()}",
        as_of=datetime.now(UTC).date().isoformat(),
    )
    return write(text, name, data)


def _tell(exploration: Exploration, data: Path, name: str) -> None:
    from tohuman.results.ids import journal_path
    from tohuman.results.journal import read
    from tohuman.results.narrate import narrate
    from tohuman.runners.telling import Teller

    m = exploration.measures
    assert m is not None
    teller = Teller()
    lines([*teller.head(m, name), *teller.walk(narrate(read(journal_path(data, m.run_id)), m))])
    lines([f"Searched: {exploration.bound} ({exploration.seconds:g} s)."])
    if exploration.alternatives:
        lines(["Other ways, as the search saw them:"])
        lines(
            [
                f"  {other['outcome']}, {other['clicks']} clicks, {other['turns']} turns: {' › '.join(other['path'])}"
                for other in exploration.alternatives
            ]
        )
