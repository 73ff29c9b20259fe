"""`tohuman doctor`: prints what runners/doctor.py found."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from tohuman.runners.cli.shared import data_option, json_option, lines, print_json


@click.command()
@data_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, data: Path, as_json: bool) -> None:
    """Look for the browser, its sandbox, fonts, the data directory, disk, Node: what is there, and what to do."""
    from tohuman.runners.doctor import examine, told, verdict

    checks = examine(data)
    code = verdict(checks)
    if as_json:
        print_json({"ok": code == 0, "checks": [asdict(check) | {"exit": int(check.exit)} for check in checks]})
    else:
        lines(list(told(checks)))
    ctx.exit(int(code))
