"""The journal of a run: append-only JSONL, one unbuffered write and fsync per event; and reading it, torn tail and all.

How an event becomes a line is lines.py's, what the events mean measures.py's, where the file lies ids.py's.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tohuman.results.events import AnyEvent, Event, Note, RunStarted
from tohuman.results.lines import BadLine, decode, encode
from tohuman.results.lock import RunLock


class JournalError(Exception):
    """A journal can't be read or written: `file`, `line` (0: the file as a whole), `what`; its text is one sentence."""

    def __init__(self, file: Path, line: int, what: str) -> None:
        self.file, self.line, self.what = Path(file), line, what
        where = f"line {line} of the journal" if line else "the journal"
        super().__init__(f"{where[0].upper()}{where[1:]} {self.file}: {what}.")


class JournalDamaged(JournalError):
    """Something other than one torn last line is wrong with the file."""


class JournalNewer(JournalError):
    """The journal comes from a newer version of the program; it isn't damaged."""


class JournalUnwritable(JournalError):
    """The disk is full, the directory can't be written, or the run is in use by another process."""


@dataclass(frozen=True)
class Loaded:
    """What a journal file holds: its events, and the bytes of a torn last line (b'' when there is none)."""

    events: list[AnyEvent]
    torn: bytes
    size: int  # bytes of the whole lines: where a next one would begin


def load(path: Path) -> Loaded:
    """The events of a journal and its torn tail.

    A line is whole when it ends with a newline, and only then: a last line without one was being written when the
    process died. Raises JournalDamaged for anything else that is wrong, JournalNewer, and JournalError when the file
    can't be read.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise JournalError(path, 0, f"it can't be read ({_reason(error)})") from error
    whole, newline, torn = content.rpartition(b"\n")
    events: list[AnyEvent] = []
    # Split at b"\n" alone: a text may hold U+2028 or U+0085, at which str.splitlines would break a line in two.
    for number, line in enumerate(whole.split(b"\n") if newline else (), start=1):
        try:
            event = decode(line)
        except BadLine as error:
            kind = JournalNewer if error.newer else JournalDamaged
            raise kind(path, number, str(error)) from error
        if event.n != number:
            raise JournalDamaged(path, number, f"the event there says it is number {event.n}")
        if (number == 1) != isinstance(event, RunStarted):
            raise JournalDamaged(path, number, f"a {event.type} event can't stand there")
        events.append(event)
    return Loaded(events, torn, len(whole) + len(newline))


def read(path: Path) -> list[AnyEvent]:
    """The events of a journal in order; a torn last line is left out. Errors as `load`."""
    return load(path).events


class Journal:
    """An open journal. Made by `create` or `reopen`; holds the run's lock until closed. Safe to call from threads."""

    def __init__(self, path: Path, fd: int, lock: RunLock, count: int, began: float) -> None:
        self.path = path
        self._fd, self._lock, self._count = fd, lock, count
        self._began = began
        self._guard = threading.Lock()
        self._broken = ""

    @classmethod
    def create(cls, path: Path, run_started: RunStarted) -> Journal:
        """A new journal (its directory too) with its first event. JournalUnwritable when that can't be; never
        overwrites."""
        path = Path(path)
        lock: RunLock | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = RunLock(path.parent)
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        except OSError as error:
            if lock:
                lock.release()
            raise JournalUnwritable(path, 0, f"it can't be begun ({_reason(error)})") from error
        journal = cls(path, fd, lock, 0, time.monotonic())
        try:
            journal.append(run_started)
            _sync_directory(path.parent)
        except BaseException:
            journal.close()
            raise
        return journal

    @classmethod
    def reopen(cls, path: Path) -> Journal:
        """An existing journal, to append to (the supervisor ends what a dead worker began).

        A torn last line is set aside in `journal.torn` beside it, taken off the file, and noted as an event.
        JournalUnwritable when a living process holds the run; other errors as `load`.
        """
        path = Path(path)
        if not path.exists():
            raise JournalUnwritable(path, 0, "there is none to go on with")
        try:
            lock = RunLock(path.parent)
        except OSError as error:
            raise JournalUnwritable(path, 0, f"it can't be gone on with ({_reason(error)})") from error
        try:
            loaded = load(path)
            if not loaded.events:
                raise JournalDamaged(path, 0, "it holds no whole event, so there is no run to go on with")
            aside = _set_aside(path, loaded)
            fd = os.open(path, os.O_WRONLY | os.O_APPEND)
        except OSError as error:
            lock.release()
            raise JournalUnwritable(path, 0, f"it can't be gone on with ({_reason(error)})") from error
        except BaseException:
            lock.release()
            raise
        last = loaded.events[-1].t
        journal = cls(path, fd, lock, len(loaded.events), time.monotonic() - last)
        try:
            if loaded.torn:
                journal.append(
                    Note(
                        text="A torn last line was set aside.",
                        data={"bytes": len(loaded.torn), "file": aside},
                        t=last,
                    )
                )
        except BaseException:
            journal.close()
            raise
        return journal

    @property
    def count(self) -> int:
        """The number of the last event."""
        return self._count

    def clock(self) -> float:
        """Seconds since the run began, monotonic: what `t` of an event is."""
        return round(time.monotonic() - self._began, 3)

    def append(self, event: Event) -> int:
        """Numbers the event, writes it in one write, syncs it, and returns its number.

        An event whose `t` is 0 gets the journal's clock; `t` is kept to the millisecond. Too long texts are cut with a
        mark, halves of characters replaced (lines.py). JournalUnwritable when the disk is full or the like: then the
        file is as it was before. JournalError for an event that can't be a line.
        """
        with self._guard:
            if self._broken or self._fd < 0:
                raise JournalUnwritable(self.path, 0, self._broken or "it is closed")
            number = self._count + 1
            stamp = round(event.t, 3) or (0.0 if isinstance(event, RunStarted) else self.clock())
            try:
                line, _ = encode(event.model_copy(update={"n": number, "t": stamp}))
            except BadLine as error:
                raise JournalError(self.path, number, str(error)) from error
            self._write(line)
            self._count = number
            return number

    def _write(self, line: bytes) -> None:
        before = os.fstat(self._fd).st_size
        try:
            written = os.write(self._fd, line)
            if written != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._fd)
        except OSError as error:
            what = f"it can't be written ({_reason(error)})"
            try:
                os.ftruncate(self._fd, before)
            except OSError:
                # Half a line may stand at the end: another one after it would be damage, so nothing more is written.
                self._broken = what
            raise JournalUnwritable(self.path, 0, what) from error

    def close(self) -> None:
        """Idempotent. The run's lock is given back."""
        with self._guard:
            if self._fd >= 0:
                os.close(self._fd)
                self._fd = -1
            self._lock.release()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _set_aside(path: Path, loaded: Loaded) -> str:
    """Keeps the torn bytes in a file of their own, then takes them off the journal. Returns that file's name."""
    if not loaded.torn:
        return ""
    aside = path.with_suffix(".torn")
    fd = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(fd, loaded.torn + b"\n")
        os.fsync(fd)
    finally:
        os.close(fd)
    with open(path, "r+b") as file:
        file.truncate(loaded.size)
        os.fsync(file.fileno())
    return aside.name


def _sync_directory(directory: Path) -> None:
    """The name of a new file is on the disk only after its directory is; not every system can do that."""
    try:
        fd = os.open(directory, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(fd)
    except OSError:
        pass
    finally:
        os.close(fd)


def _reason(error: OSError) -> str:
    if isinstance(error, BlockingIOError):
        return "another process holds the run"
    return (error.strerror or type(error).__name__).rstrip(".")
