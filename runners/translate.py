"""From any exception to the one the command line tells of: the errors of the other rooms, the system's, and our own.

The other rooms know no exit codes; the mapping stands here, in one place.
"""

from __future__ import annotations

import errno
import sqlite3

from tohuman.runners.errors import DataUnusable, MalformedFile, TohumanError, UsageError
from tohuman.runners.exits import Exit

_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


def as_told(error: Exception) -> TohumanError:
    """The error itself when it is told as it is, else one that says the same with the exit code that belongs to it."""
    if isinstance(error, TohumanError):
        return error
    from tohuman.results.journal import JournalError, JournalUnwritable

    if isinstance(error, JournalUnwritable):
        return DataUnusable(str(error))
    if isinstance(error, JournalError):
        return MalformedFile(str(error))
    sentences = getattr(error, "sentences", None)
    if isinstance(sentences, list) and sentences:
        more = f" (and {len(sentences) - 1} more: tohuman probes --check lists all)" if len(sentences) > 1 else ""
        return MalformedFile(f"{sentences[0]}{more}")
    if type(error).__name__ in ("StoreError", "_Unreadable", "DashboardError"):
        return DataUnusable(str(error))
    if isinstance(error, sqlite3.DatabaseError):
        return DataUnusable(
            f"The database cannot be used: {error}", do="tohuman measure --all builds it anew from the journals"
        )
    if isinstance(error, FileNotFoundError) and error.filename:
        return UsageError("There is no such file", where=str(error.filename))
    if isinstance(error, OSError) and error.errno in _DISK:
        return DataUnusable(
            f"A file cannot be written: {error.strerror}",
            where=str(error.filename or ""),
            do="name another place with --data",
        )
    kind = type(error).__name__
    return TohumanError(f"tohuman itself failed: {kind}: {error}", do="TOHUMAN_DEBUG=1 shows where")


def code_of(error: Exception) -> Exit:
    return as_told(error).exit
