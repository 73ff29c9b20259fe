"""`tohuman probes`: lists the platform files and the probes they allow, or checks them. Walks nothing."""

from __future__ import annotations

from pathlib import Path

import click

from tohuman.runners.cli.shared import json_option, lines, print_json, show_table
from tohuman.runners.errors import MalformedFile


@click.command()
@click.option("--check", is_flag=True, help="Only check the files; every problem is listed with file and place.")
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory of platform files instead of the built-in ones.",
)
@json_option
def probes(check: bool, directory: Path | None, as_json: bool) -> None:
    """List the platforms that are known, with what can be probed on each; --check validates their files."""
    from tohuman.probes.schema import read_platforms

    platforms, problems = read_platforms(directory)
    if check:
        if as_json:
            print_json({"ok": not problems, "platforms": len(platforms), "problems": problems})
        else:
            lines(problems)
        if problems:
            told = "1 problem was found" if len(problems) == 1 else f"{len(problems)} problems were found"
            raise MalformedFile(f"{told} in the platform files", where=str(directory or "built-in"))
        if not as_json:
            click.echo(f"{len(platforms)} platform files, no problem.")
        return
    if as_json:
        print_json(
            {
                "platforms": [
                    {
                        "id": p.id,
                        "name": p.name("en"),
                        "country": p.country,
                        "locale": p.locale,
                        "kind": p.kind,
                        "status": p.status,
                        "surfaces": list(p.surfaces),
                        "starts": {name: page.url for name, page in p.starts.items()},
                        "probes": p.probe_ids(),
                    }
                    for p in platforms
                ],
                "problems": problems,
            }
        )
    else:
        rows = [
            [
                p.id,
                p.name(p.locale),
                p.locale,
                p.status,
                " ".join(p.surfaces),
                " ".join(p.starts),
                str(len(p.probe_ids())),
            ]
            for p in platforms
        ]
        show_table(["id", "name", "locale", "status", "surfaces", "starts", "probes"], rows)
    if problems:
        raise MalformedFile(f"{len(problems)} problems in the platform files", do="tohuman probes --check lists them")
