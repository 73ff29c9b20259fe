"""The store: an index of the journals in SQLite, made anew from them at any time; what is planned, and what came of it.

Rows of a journal are made in rows.py, tables in migrations.py; questions about planned times are in due.py.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from sqlite_utils import Database

from tohuman.results import due as planning
from tohuman.results.events import Failure, ProbeKey, RunEnded, RunStarted
from tohuman.results.ids import database_path, is_run_id, journal_path, new_run_id, runs_dir
from tohuman.results.journal import Journal, JournalError
from tohuman.results.lines import clean_text
from tohuman.results.migrations import MEASURES, migrations, names
from tohuman.results.rows import Row, RunRows, moment, rows_of
from tohuman.results.search import find

#: Seconds to wait for another process that writes.
BUSY = 30.0
#: Children first: the order in which rows of a run are taken out; put in the other way round.
_TABLES = ("messages", "steps", "barriers", "measures", "runs")
_JSON = ("budget", "versions", "setting", "faked_kinds", "proof", "path", "barriers")
_TRUTH = ("simulated", "valid", "reached", "offered", "answered", "taken_back", "conversation_began")

_PROBE = ", ".join(f"p.{part}" for part in ProbeKey.model_fields if part != "platform")
_MEASURES = ", ".join(f"m.{column}" for column in MEASURES if column != "run_id")
_BARRIERS = (
    "(SELECT json_group_array(json_object('barrier', b.barrier, 'of', json(b.events)))"
    " FROM (SELECT * FROM barriers WHERE run_id = r.run_id ORDER BY number) b)"
)


class StoreError(Exception):
    """The database can't be used; its text is one sentence."""


@dataclass
class Rebuilt:
    """What making anew found: runs put in, runs still going on, and (file, sentence) of what could not be read."""

    runs: int = 0
    running: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


class Store:
    """An open store. All texts are bound, never part of an SQL sentence. Not to be shared between threads."""

    def __init__(self, data: Path, connection: sqlite3.Connection) -> None:
        self.data = data
        self.path = database_path(data)
        self.db = Database(connection)

    @classmethod
    def open(cls, data: Path, *, sweep: bool = True, repair: bool = False) -> Store:
        """Opens (or makes) the store of a data directory, brings its tables up to date, and by default takes in the
        runs that ended or died unrecorded. `repair`: a database that can't be read is set aside as
        `tohuman.db.damaged` and an empty one begun; call `rebuild` then. StoreError when it can't be opened.
        """
        data = Path(data)
        try:
            store = cls._opened(data)
        except _Unreadable as error:
            if not repair:
                raise
            for suffix in ("", "-wal", "-shm"):
                file = Path(f"{database_path(data)}{suffix}")
                if file.exists():
                    shutil.move(file, f"{database_path(data)}.damaged{suffix}")
            try:
                store = cls._opened(data)
            except StoreError as again:
                raise again from error
        if sweep:
            store.sweep_interrupted()
        return store

    @classmethod
    def _opened(cls, data: Path) -> Store:
        path = database_path(data)
        try:
            data.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=BUSY)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"The database {path} can't be opened ({_reason(error)}).") from error
        store = cls(data, connection)
        try:
            _use_wal(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            store._migrate()
        except sqlite3.Error as error:
            connection.close()
            if isinstance(error, sqlite3.OperationalError):
                raise StoreError(f"The database {path} can't be used ({_reason(error)}).") from error
            raise _Unreadable(
                f"The database {path} can't be read ({_reason(error)});"
                " `tohuman measure --all` makes it anew from the journals."
            ) from error
        except BaseException:
            connection.close()
            raise
        return store

    def _migrate(self) -> None:
        unknown = sorted({migration.name for migration in migrations.applied(self.db)} - names())
        if unknown:
            raise StoreError(f"The database {self.path} was made by a newer version of tohuman ({unknown[0]}).")
        if migrations.pending(self.db):
            # Taken before looking again, so that two processes that begin together don't both make the tables.
            with self._writing():
                migrations.apply(self.db)

    # ---- taking in ---------------------------------------------------------------------------------------------

    def ingest(self, journal: Path) -> RunRows:
        """Puts the run of a journal in, or in place of what was there of it; all or nothing. A damaged journal is put
        in as a run with outcome `error` and the sentence. JournalError when nothing can be read of it at all."""
        run = rows_of(Path(journal), runs_dir(self.data))
        with self._writing():
            self._put(run)
        return run

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> Rebuilt:
        """Makes everything anew from `data/runs/*/journal.jsonl`, in one transaction; planned times are kept.

        `progress` is called with (done, of). Journals that can't be read at all are told of and harm no others.
        """
        found = sorted(self._journals())
        rebuilt = Rebuilt()
        with self._writing():
            self.db.execute("PRAGMA defer_foreign_keys = ON")
            for table in _TABLES:
                self.db.execute(f"DELETE FROM {table}")
            for done, path in enumerate(found, start=1):
                try:
                    run = rows_of(path, runs_dir(self.data))
                except JournalError as error:
                    rebuilt.problems.append((str(path), str(error)))
                else:
                    self._put(run)
                    rebuilt.runs += run.state != "running"
                    rebuilt.running += run.state == "running"
                    if run.problem:
                        rebuilt.problems.append((str(path), run.problem))
                if progress:
                    progress(done, len(found))
            planning.forget_lost_runs(self.db)
            self.db.execute("DELETE FROM probes WHERE id NOT IN (SELECT probe FROM runs UNION SELECT probe FROM due)")
            self.db.execute("DELETE FROM platforms WHERE id NOT IN (SELECT platform FROM probes)")
        return rebuilt

    def sweep_interrupted(self) -> list[str]:
        """Takes in every run of the data directory that isn't recorded as it now stands: ended and not yet recorded, or
        died. Nothing is written to their journals, and runs still alive are left alone. Returns the ids of those
        recorded as interrupted."""
        known = {
            row["journal"]: (row["state"], row["journal_bytes"])
            for row in self.db.query("SELECT journal, state, journal_bytes FROM runs")
        }
        interrupted = []
        for path in sorted(self._journals()):
            state, size = known.get(path.relative_to(self.data).as_posix(), ("", -1))
            try:
                if state not in ("", "running") and path.stat().st_size == size:
                    continue
                run = rows_of(path, runs_dir(self.data))
            except (JournalError, OSError):
                continue  # it names no run; `rebuild` tells of it
            if run.state == "running":
                continue
            with self._writing():
                self._put(run)
            if run.state == "interrupted":
                interrupted.append(run.run_id)
        return interrupted

    def _journals(self) -> Iterator[Path]:
        for folder in runs_dir(self.data).glob("*/"):
            journal = folder / "journal.jsonl"
            if is_run_id(folder.name) and journal.is_file():
                yield journal

    def _put(self, run: RunRows) -> None:
        self.db.execute("PRAGMA defer_foreign_keys = ON")
        for table in _TABLES:
            self.db.execute(f"DELETE FROM {table} WHERE run_id = ?", [run.run_id])
        self._put_probe({name: run.tables[name][0] for name in ("platforms", "probes")})
        for table in reversed(_TABLES):
            self.db.table(table).insert_all(run.tables.get(table, ()))
        if run.due:
            planning.settle(self.db, run)

    def _put_probe(self, rows: dict[str, Row]) -> None:
        platform = rows["platforms"]
        self.db.execute(
            "INSERT INTO platforms (id, name) VALUES (:id, :name) ON CONFLICT (id) DO UPDATE SET name = :name"
            " WHERE :name <> ''",
            platform,
        )
        self.db.table("probes").insert(rows["probes"], ignore=True)

    # ---- runs that were never tried -------------------------------------------------------------------------------

    def record_not_run(
        self,
        probe: ProbeKey,
        outcome: Literal["missed", "not_attempted"],
        reason: str,
        due: str,
        *,
        sentence: str = "",
        platform_name: str = "",
        start_url: str = "",
        simulated: bool = False,
        at: str = "",
    ) -> str:
        """A planned run that didn't happen, as a run of its own with a journal, so that it survives `rebuild`.

        `reason` is a slug (machine_off, robots, terms, cap, floor, stop_file, opt_out …), `due` the planned time, `at`
        now. Returns the run id; the same planned time again returns the same run. ValueError when `due` is no time.
        """
        due = moment(due)
        settled = planning.run_of(self.db, probe, due)
        if settled:
            return settled
        run_id = new_run_id(probe.platform)
        started = RunStarted(
            run_id=run_id,
            at=due,
            probe=probe,
            platform_name=platform_name,
            start_url=start_url,
            simulated=simulated,
            setting={"due": due},
        )
        with Journal.create(journal_path(self.data, run_id), started) as journal:
            journal.append(Failure(outcome=outcome, reason=reason, sentence=sentence or f"Not run: {reason}."))
            journal.append(RunEnded(at=at or due, reason=outcome))
        self.ingest(journal.path)
        return run_id

    def plan(self, probe: ProbeKey, times: Iterable[str], platform_name: str = "") -> int:
        """Puts planned times in (ISO 8601); those already there stay as they are. Returns how many are new."""
        with self._writing():
            return planning.plan(self.db, self._put_probe, probe, [moment(time) for time in times], platform_name)

    def due(self, *, before: str = "", outcome: str = "", platform: str = "") -> list[Row]:
        """Planned times in order: probe (a ProbeKey), due_at, outcome (planned, run, missed, not_attempted), reason,
        run_id. `before`: up to and with that time."""
        return planning.listed(self.db, moment(before) if before else "", outcome, platform)

    # ---- asking ----------------------------------------------------------------------------------------------------

    def runs(
        self,
        *,
        platform: str | None = None,
        outcome: str | None = None,
        start: str | None = None,
        surface: str | None = None,
        policy: str | None = None,
        scenario: str | None = None,
        locale: str | None = None,
        vantage: str | None = None,
        stop: str | None = None,
        observer: str | None = None,
        simulated: bool | None = None,
        state: str | None = None,
        since: str = "",
        until: str = "",
        newest_first: bool = False,
        limit: int | None = None,
    ) -> list[Row]:
        """Runs with their probe and measures, each one dict, by time of start (`since` included, `until` not).

        Keys: the columns of runs, probes and measures; `to` as in Measures, `platform_name`, `barriers` [{barrier,
        of}], `proof`, `path`, `versions`, `setting`, `budget`, `faked_kinds` as Python values, truth values as bool,
        `journal` as a Path. Runs still going on are left out unless `state` asks for them.
        """
        wanted: list[tuple[str, Any]] = [
            ("r.platform = ?", platform),
            ("m.outcome = ?", outcome),
            ("p.start = ?", start),
            ("p.surface = ?", surface),
            ("p.policy = ?", policy),
            ("p.scenario = ?", scenario),
            ("p.locale = ?", locale),
            ("p.vantage = ?", vantage),
            ("r.stop = ?", stop),
            ("r.observer = ?", observer),
            ("r.simulated = ?", None if simulated is None else int(simulated)),
            ("r.state = ?", state),
            ("r.started_at >= ?", moment(since) if since else None),
            ("r.started_at < ?", moment(until) if until else None),
        ]
        asked = [(condition, value) for condition, value in wanted if value is not None]
        conditions = [condition for condition, _ in asked] + (["r.state <> 'running'"] if state is None else [])
        order = "r.started_at DESC, r.run_id DESC" if newest_first else "r.started_at, r.run_id"
        return self._runs(
            f"{' AND '.join(conditions)} ORDER BY {order} LIMIT ?",
            [*(value for _, value in asked), -1 if limit is None else limit],
        )

    def run(self, run_id: str) -> Row | None:
        """One run as in `runs` (also one that is going on), None when there is none."""
        return next(iter(self._runs("r.run_id = ?", [run_id])), None)

    def _runs(self, where: str, values: list[Any]) -> list[Row]:
        rows = list(
            self.db.query(
                f"SELECT r.*, f.name AS platform_name, {_PROBE}, {_MEASURES}, {_BARRIERS} AS barriers FROM runs r"
                " JOIN probes p ON p.id = r.probe JOIN platforms f ON f.id = r.platform"
                f" LEFT JOIN measures m ON m.run_id = r.run_id WHERE {where}",
                [clean_text(value) if isinstance(value, str) else value for value in values],
            )
        )
        for row in rows:
            row["to"] = row.pop("diverted_to")
            row["journal"] = self.data / row["journal"]
            row |= {name: json.loads(row[name]) for name in _JSON if row[name] is not None}
            row |= {name: bool(row[name]) for name in _TRUTH if row[name] is not None}
        return rows

    def messages(self, run_id: str) -> list[Row]:
        """The messages of a run in order: event, author, name, text, options (a list), history."""
        rows = list(self.db.query("SELECT * FROM messages WHERE run_id = ? ORDER BY id", [run_id]))
        return [row | {"options": json.loads(row["options"]), "history": bool(row["history"])} for row in rows]

    def search(self, words: str, limit: int = 50) -> list[Row]:
        """Messages that hold all the words, newest run first: run_id, event, author, name, text, platform,
        started_at."""
        return find(self.db, words, limit)

    # ---- the file ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, begun as a writer so that two processes wait for each other instead of failing."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.conn.rollback()
                raise
            self.db.conn.commit()
        except sqlite3.Error as error:
            self.db.conn.rollback()
            raise StoreError(f"The database {self.path} can't be written ({_reason(error)}).") from error

    def close(self) -> None:
        """Idempotent. The last one to close folds the write-ahead log back into the file."""
        self.db.conn.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Unreadable(StoreError):
    """The file is no database, or a damaged one."""


def _use_wal(connection: sqlite3.Connection) -> None:
    """Write-ahead logging, so that readers never wait. Changing to it doesn't honour the busy time by itself: of four
    processes that opened a new database together, one was refused (measured)."""
    until = time.monotonic() + BUSY
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).rstrip(".")
    return str(error).rstrip(".") or type(error).__name__
