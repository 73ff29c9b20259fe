"""The runs as data: runs.csv for spreadsheets, runs.json exact, and the list of columns both and the dictionary share.

Draws no page.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tohuman.dashboard.text import cell
from tohuman.results.overview import RunRow, utc


@dataclass(frozen=True)
class Column:
    """`type` is a key of the locale's `type` group; `figure`: its meaning stands in the `meaning` group."""

    name: str
    type: str
    value: Callable[[RunRow], Any]
    figure: bool = False


def _own(name: str, type: str, figure: bool = False) -> Column:
    return Column(name, type, lambda row: getattr(row, name), figure)


#: The figures of a run in the order of METHOD §2, with the type of each.
FIGURES = (
    *(_own(n, "number", True) for n in ("clicks", "turns", "actions", "obstacle_clicks", "fields", "pages")),
    *(_own(n, "number", True) for n in ("options_shown", "bot_messages", "bot_characters")),
    *(_own(n, "seconds", True) for n in ("wait_page_s", "wait_bot_s", "wait_queue_s", "effort_s")),
    *(_own(n, "number", True) for n in ("dead_presses", "address_jumps", "faked")),
)

COLUMNS = (
    _own("run_id", "text"),
    _own("simulated", "truth"),
    _own("platform", "code"),
    _own("platform_name", "text"),
    *(_own(n, "code") for n in ("start", "surface", "policy", "scenario", "locale")),
    _own("vantage", "text"),
    _own("stop", "code"),
    _own("observer", "code"),
    _own("started_at", "time"),
    _own("start_url", "text"),
    _own("method_version", "text"),
    *(_own(n, "code") for n in ("outcome", "gate", "to", "kind")),
    *(_own(n, "truth") for n in ("reached", "offered", "answered")),
    *FIGURES,
    Column("barriers", "codes", lambda row: "|".join(b.barrier for b in row.barriers)),
    _own("why", "text"),
)


def as_csv(rows: Iterable[RunRow]) -> bytes:
    """UTF-8 with a byte order mark (spreadsheets need it for Chinese), every cell quoted and guarded.

    Quoted, because a spreadsheet set to semicolons would otherwise begin a new cell, and a formula, inside a text.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([c.name for c in COLUMNS])
    for row in rows:
        writer.writerow([cell(c.value(row)) for c in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def as_json(rows: Iterable[RunRow]) -> bytes:
    """A list of objects: the columns as they are, with barriers, way and proofs in full. ASCII, so that even halves of
    characters come through unharmed."""
    return json.dumps([_whole(r) for r in rows], indent=1, ensure_ascii=True).encode("ascii") + b"\n"


def _whole(row: RunRow) -> dict[str, Any]:
    whole = {c.name: c.value(row) for c in COLUMNS}
    whole["started_at"] = utc(row.started_at).isoformat()
    whole["barriers"] = [{"barrier": b.barrier, "of": list(b.of)} for b in row.barriers]
    whole["path"] = [{"kind": s.kind, "label": s.label, "address": s.address, "event": s.event} for s in row.path]
    whole["proof"] = {name: list(row.proof[name]) for name in sorted(row.proof)}
    whole["versions"] = {name: row.versions[name] for name in sorted(row.versions)}
    return whole
