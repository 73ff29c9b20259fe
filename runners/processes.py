"""Processes of this machine: which descend from one, which carry a mark, what memory they hold, and ending them all.

Reads /proc where there is one, else asks ps; on a system with neither it knows of nothing. Starts nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
#: Where ps is asked instead, for an answer.
_PS_SECONDS = 5.0


class Process(NamedTuple):
    """A process: `begun` (clock ticks, or '' where unknown) tells it from a later one that was given the same id."""

    pid: int
    begun: str


def _stat(pid: int) -> tuple[int, str, str] | None:
    """(parent, state, begun) of a process, None when it is gone."""
    try:
        # The name in brackets may itself hold blanks and brackets: what follows the last one is regular.
        fields = (PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[1]), fields[0], fields[19]) if len(fields) > 19 else None


def _all() -> dict[int, tuple[int, str, str]]:
    """Every process: (parent, state, begun)."""
    if PROC.joinpath("self", "stat").exists():
        ids = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
        return {pid: stat for pid in ids if (stat := _stat(pid)) is not None}
    try:
        told = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, timeout=_PS_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return {}
    rows = [line.split() for line in told.splitlines()]
    return {int(row[0]): (int(row[1]), row[2][:1], "") for row in rows if len(row) >= 3}


def descendants(pid: int) -> list[Process]:
    """Children, their children and so on, living ones only; `pid` itself is not among them."""
    everything = _all()
    children: dict[int, list[int]] = {}
    for child, (parent, _, _) in everything.items():
        children.setdefault(parent, []).append(child)
    found: list[Process] = []
    queue = list(children.get(pid, ()))
    while queue:
        one = queue.pop()
        queue += children.get(one, ())
        if everything[one][1] != "Z":
            found.append(Process(one, everything[one][2]))
    return found


def marked(mark: str) -> list[Process]:
    """Processes of this user (other than this one) that carry `mark` in their command line or environment."""
    wanted, found = mark.encode(), []
    if not PROC.is_dir():
        return []
    for entry in PROC.iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        for file in ("cmdline", "environ"):
            try:
                if wanted not in (entry / file).read_bytes():
                    continue
            except OSError:  # gone, or somebody else's
                continue
            stat = _stat(int(entry.name))
            if stat is not None and stat[1] != "Z":
                found.append(Process(int(entry.name), stat[2]))
            break
    return found


def alive(process: Process) -> bool:
    """Does that very process still run? One that has ended and was not waited for does not."""
    if PROC.is_dir():
        stat = _stat(process.pid)
        return stat is not None and stat[1] != "Z" and stat[2] == process.begun
    try:
        os.kill(process.pid, 0)
    except OSError:
        return False
    return True


def kill(processes: Iterable[Process]) -> None:
    """SIGKILL to each that is still the same process."""
    for process in processes:
        if alive(process):
            try:
                os.kill(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass


def gone(processes: Iterable[Process], seconds: float) -> bool:
    """Waits until all have ended; False when some live on after that time."""
    left, until = list(processes), time.monotonic() + seconds
    while left := [process for process in left if alive(process)]:
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def pss(pids: Iterable[int]) -> int:
    """Proportional set size in bytes, shared pages divided among their users; 0 where the system does not tell."""
    total = 0
    for pid in pids:
        try:
            told = (PROC / str(pid) / "smaps_rollup").read_text("ascii", "replace")
        except OSError:
            continue
        for line in told.splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


def resident(pid: int) -> int:
    """Bytes of a process held in memory, shared ones included; 0 when it is gone. Much cheaper than pss."""
    try:
        return int((PROC / str(pid) / "statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor seconds used so far by the processes and by those of their children that were waited for."""
    ticks = 0
    for pid in pids:
        try:
            fields = (PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
        except (OSError, ValueError):
            continue
    return ticks / os.sysconf("SC_CLK_TCK")
