"""Planned times in the store, and what became of each: planned, run, missed, not_attempted. SQL only, no clock.

When something is due and who runs it is the runners' business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlite_utils import Database

from tohuman.results.events import ProbeKey
from tohuman.results.rows import Row, RunRows, probe_id, probe_rows, storable


def plan(
    db: Database, put_probe: Callable[[dict[str, Row]], None], probe: ProbeKey, times: Sequence[str], name: str
) -> int:
    """Inserts times (ISO 8601 UTC) that aren't there yet; returns how many were not."""
    rows = probe_rows(probe, name)
    put_probe(rows)
    new = 0
    for time in times:
        new += db.execute(
            "INSERT INTO due (probe, due_at, outcome, reason) VALUES (?, ?, 'planned', '')"
            " ON CONFLICT (probe, due_at) DO NOTHING",
            [rows["probes"]["id"], time],
        ).rowcount
    return new


def settle(db: Database, run: RunRows) -> None:
    """Says of a planned time which run it became. The first run of a time stands: a second one is a run, no second
    time."""
    db.execute(
        "INSERT INTO due (probe, due_at, outcome, reason, run_id) VALUES (:probe, :due, :became, :reason, :run_id)"
        " ON CONFLICT (probe, due_at) DO UPDATE SET outcome = :became, reason = :reason, run_id = :run_id"
        " WHERE run_id IS NULL OR run_id = :run_id",
        {
            "probe": run.tables["probes"][0]["id"],
            "due": run.due,
            "became": run.became,
            "reason": storable(run.reason),
            "run_id": run.run_id,
        },
    )


def run_of(db: Database, probe: ProbeKey, due: str) -> str:
    """The run a planned time became, '' if none yet."""
    found = db.query("SELECT run_id FROM due WHERE probe = ? AND due_at = ?", [storable(probe_id(probe)), due])
    return next((row["run_id"] or "" for row in found), "")


def listed(db: Database, before: str, outcome: str, platform: str) -> list[Row]:
    """Rows in order of time; empty filters don't filter. `probe` as a ProbeKey."""
    rows = db.query(
        "SELECT d.due_at, d.outcome, d.reason, d.run_id, p.platform, p.start, p.surface, p.policy, p.scenario,"
        " p.locale, p.vantage FROM due d JOIN probes p ON p.id = d.probe"
        " WHERE (:before = '' OR d.due_at <= :before) AND (:outcome = '' OR d.outcome = :outcome)"
        " AND (:platform = '' OR p.platform = :platform) ORDER BY d.due_at, d.probe",
        {"before": before, "outcome": outcome, "platform": platform},
    )
    parts = tuple(ProbeKey.model_fields)
    return [
        {key: row[key] for key in row if key not in parts} | {"probe": ProbeKey(**{part: row[part] for part in parts})}
        for row in rows
    ]


def forget_lost_runs(db: Database) -> None:
    """After making anew: a time whose run is gone with its journal is one that nothing is known of any more."""
    db.execute("DELETE FROM due WHERE run_id IS NOT NULL AND run_id NOT IN (SELECT run_id FROM runs)")
