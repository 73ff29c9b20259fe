"""The lock a run holds while it lives, and the question whether a run still lives.

The operating system drops the lock when the process ends, however it ends: no process ids to be reused, no stale files.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

NAME = "lock"


class RunLock:
    """Held from creation to `release()` or the end of the process. OSError when another process holds it."""

    def __init__(self, run_dir: Path) -> None:
        # Not inheritable (the default since Python 3.4): a browser that outlives its worker doesn't keep the run alive.
        self._fd = os.open(run_dir / NAME, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take_patiently(self._fd)
        except OSError:
            os.close(self._fd)
            raise

    def release(self) -> None:
        """Idempotent."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def is_alive(run_dir: Path) -> bool:
    """True while a process holds the run's lock. Never creates the file, and holds it no longer than the look takes."""
    try:
        fd = os.open(run_dir / NAME, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # not ours to judge: rather wait than call a living run dead
    try:
        _take(fd)
    except OSError:
        return True
    finally:
        os.close(fd)
    return False


def _take_patiently(fd: int, seconds: float = 0.5) -> None:
    # `is_alive` of another process holds the lock for a moment: that must not stop a run from beginning.
    until = time.monotonic() + seconds
    while True:
        try:
            return _take(fd)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


if sys.platform == "win32":
    import msvcrt

    def _take(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
