"""One journal to the rows of the store. Pure but for reading the file; what is put where, never how it is written.

The tables are migrations.py's, transactions store.py's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from tohuman.results.events import AnyEvent, Failure, Message, MessageChanged, ProbeKey, RunEnded, RunStarted
from tohuman.results.ids import is_run_id, parts_of
from tohuman.results.journal import JournalError, JournalNewer, load
from tohuman.results.lines import BadLine, clean_text, decode
from tohuman.results.lock import is_alive
from tohuman.results.measures import Measures, measure
from tohuman.results.narrate import narrate

State = Literal["ended", "interrupted", "running", "damaged", "newer"]
Row = dict[str, Any]


@dataclass(frozen=True)
class RunRows:
    """What the store keeps of one run. `measures` is None while the run is going on; `problem` one sentence or ''.

    `due`: the planned time the run belongs to, '' if it was not planned; `became`, `reason`: what became of that time.
    """

    run_id: str
    state: State
    problem: str
    measures: Measures | None
    tables: dict[str, list[Row]] = field(default_factory=dict)
    due: str = ""
    became: str = "run"
    reason: str = ""


def rows_of(path: Path, runs: Path | None = None) -> RunRows:
    """The rows of a journal. Never raises for what is *in* the file: a damaged journal is a run with outcome `error`
    and the sentence. `runs`: the folder of all runs; a journal in it belongs to the run its folder is named after.

    JournalError when the file can't be read at all, or nothing tells which run it is.
    """
    path = Path(path)
    named = path.parent.name if runs is not None and path.parent.parent.resolve() == runs.resolve() else ""
    state: State
    problem, torn = "", 0
    try:
        loaded = load(path)
        events: Sequence[AnyEvent] = loaded.events
        size, torn = loaded.size, len(loaded.torn)
        ended = any(isinstance(event, RunEnded) for event in events)
        state = "ended" if ended else "running" if is_alive(path.parent) else "interrupted"
    except JournalError as error:
        if not error.line:
            raise
        state, problem = "newer" if isinstance(error, JournalNewer) else "damaged", str(error)
        events, size = _first(path), path.stat().st_size
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    if started and named and started.run_id != named:
        state, problem = "damaged", f"The journal {path} says that it is run {clean_text(started.run_id, 100)}."
    run_id = named or (started.run_id if started else "")
    if not is_run_id(run_id):
        raise JournalError(path, 0, "nothing tells which run it is")
    if problem:
        failure = Failure(n=0, outcome="error", reason=f"journal_{state}", sentence=problem)
        measures: Measures | None = measure([failure]).model_copy(update={"run_id": run_id})
    else:
        measures = None if state == "running" else measure(events).model_copy(update={"run_id": run_id})
    at = _moment(started.at if started else "", run_id, path)
    started = started or RunStarted(
        run_id=run_id, at=at, probe=ProbeKey(platform=parts_of(run_id)[1] or "unknown"), start_url=""
    )
    failed = next((event for event in events if isinstance(event, Failure)), None)
    rows = RunRows(
        run_id,
        state,
        problem,
        measures,
        due=_due(started),
        became=measures.outcome if measures and measures.outcome in ("missed", "not_attempted") else "run",
        reason=failed.reason if failed else "",
    )
    rows.tables.update(_tables(rows, started, events if not problem else [], at, path, runs, size + torn))
    return rows


def probe_id(probe: ProbeKey) -> str:
    """The six parts and the vantage as one text, two different probes never alike."""
    return "/".join(str(part).replace("%", "%25").replace("/", "%2F") for part in probe.model_dump().values())


def probe_rows(probe: ProbeKey, name: str = "") -> dict[str, Row]:
    """The rows of a probe and of its platform."""
    key = {part: storable(value) for part, value in probe.model_dump().items()}
    return {
        "platforms": {"id": key["platform"], "name": storable(name)},
        "probes": {"id": storable(probe_id(probe)), **key},
    }


def storable(value: Any) -> Any:
    """A value as SQLite and everything that reads it can hold it: no NUL in a text, no half characters."""
    return clean_text(value).replace("\x00", "\ufffd") if isinstance(value, str) else value


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def moment(text: str) -> str:
    """A time as ISO 8601 in UTC, to the second; ValueError if it is none. Without a zone it is taken as UTC."""
    parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    parsed = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    return parsed.isoformat(timespec="seconds")


def _due(started: RunStarted) -> str:
    try:
        return moment(started.setting["due"]) if started.setting.get("due") else ""
    except (ValueError, OverflowError):
        return ""


def _moment(text: str, run_id: str, path: Path) -> str:
    """When a run began: as it says, else as its id says, else as its file does. Every run has a place in time."""
    for candidate in (text, parts_of(run_id)[0]):
        try:
            return moment(candidate)
        except (ValueError, OverflowError):
            continue
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")


def _first(path: Path) -> list[AnyEvent]:
    """The first event of a damaged journal, if at least that can be read: it says whose run it was."""
    with open(path, "rb") as file:
        try:
            return [decode(file.readline(2_000_000).rstrip(b"\n"))]
        except BadLine:
            return []


def _tables(
    run: RunRows,
    started: RunStarted,
    events: Sequence[AnyEvent],
    at: str,
    path: Path,
    runs: Path | None,
    size: int,
) -> dict[str, list[Row]]:
    probe = probe_rows(started.probe, started.platform_name)
    ended = next((event for event in events if isinstance(event, RunEnded)), None)
    data = runs.resolve().parent if runs and path.resolve().is_relative_to(runs.resolve()) else None
    tables: dict[str, list[Row]] = {name: [row] for name, row in probe.items()}
    tables["runs"] = [
        {
            "run_id": run.run_id,
            "platform": probe["platforms"]["id"],
            "probe": probe["probes"]["id"],
            "started_at": at,
            "ended_at": storable(ended.at) if ended else "",
            "state": run.state,
            "problem": storable(run.problem),
            "start_url": storable(started.start_url),
            "stop": started.stop,
            "observer": started.observer,
            "simulated": int(started.simulated),
            "schema_version": started.schema_version,
            "budget": as_json(started.budget.model_dump()),
            "versions": storable(as_json(started.versions)),
            "setting": storable(as_json(started.setting)),
            "events": len(events),
            # Relative to the data directory, which may be moved; a journal from elsewhere by its own name.
            "journal": path.resolve().relative_to(data).as_posix() if data else str(path.resolve()),
            "journal_bytes": size,
        }
    ]
    if run.measures is None:
        return tables
    tables["measures"] = [_measures_row(run.measures)]
    tables["barriers"] = [
        {"run_id": run.run_id, "number": number, "barrier": storable(met.barrier), "events": as_json(met.of)}
        for number, met in enumerate(run.measures.barriers, start=1)
    ]
    tables["steps"] = [
        {
            "run_id": run.run_id,
            "number": number,
            "event": line.event,
            "at": line.at,
            "kind": line.kind,
            "key": storable(line.key),
            "text": storable(line.text),
            "name": storable(line.name),
            "address": storable(line.address),
            "options": storable(as_json(line.options)),
            "quantity": line.number,
            "flags": " ".join(line.flags),
        }
        for number, line in enumerate(narrate(events, run.measures), start=1)
    ]
    tables["messages"] = _messages(run.run_id, events)
    return tables


def _measures_row(measures: Measures) -> Row:
    row = measures.model_dump()
    row["diverted_to"] = row.pop("to")
    del row["barriers"]
    row["faked_kinds"], row["faked"] = as_json(row["faked"]), sum(row["faked"].values())
    row["proof"], row["path"] = as_json(row["proof"]), as_json(row["path"])
    return {column: int(value) if isinstance(value, bool) else storable(value) for column, value in row.items()}


def _messages(run_id: str, events: Sequence[AnyEvent]) -> list[Row]:
    """Each message in its last form (a message that was taken away again stays what it was)."""
    found: dict[str, Row] = {}
    for event in events:
        if isinstance(event, Message):
            key = event.id if event.id and event.id not in found else f"event {event.n}"
            found[key] = {
                "run_id": run_id,
                "event": event.n,
                "message": storable(event.id),
                "author": event.author,
                "name": storable(event.name),
                "text": storable(event.text),
                "options": storable(as_json(event.options)),
                "history": int(event.history),
            }
        elif isinstance(event, MessageChanged) and event.id in found and not event.removed:
            if event.text:
                found[event.id]["text"] = storable(event.text)
            if event.options:
                found[event.id]["options"] = storable(as_json(event.options))
    return list(found.values())
