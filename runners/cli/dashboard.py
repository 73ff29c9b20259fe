"""`tohuman dashboard`: writes the static pages from the store."""

from __future__ import annotations

from pathlib import Path

import click

from tohuman.runners.cli.shared import data_option, json_option, opened, print_json


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write; site inside the data directory unless given.",
)
@data_option
@json_option
def dashboard(out: Path | None, data: Path, as_json: bool) -> None:
    """Build the dashboard's pages, to be opened from disk: ranking, platforms, runs; English and Chinese."""
    place = write(data, out)
    index = place / "index.html"
    if as_json:
        print_json({"index": str(index)})
    else:
        click.echo(f"Open {index}")


def write(data: Path, out: Path | None = None) -> Path:
    """Builds the pages of a data directory; where they are."""
    from tohuman.dashboard import build

    with opened(data) as store:
        return build(store, (out or data / "site").expanduser().absolute())
