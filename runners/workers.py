"""One worker process seen from outside: started, given orders, listened to, ended with all that descends from it.

Each has a temporary folder of its own, which marks its processes and is taken away with them. What a worker does is in
worker.py; who gets which order in supervisor.py.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tohuman.probes.deadlines import Limit
from tohuman.results.lock import RunLock, is_alive

from . import processes
from .errors import BrowserMissing, TohumanError
from .exits import Exit
from .order import Order

STARTED = Limit("a worker starting its browser", 60.0, "a cold disk and a busy machine; the browser's own limit is 45")
STOPPED = Limit("a worker ending by itself", 8.0, "closing the browser has 5")
#: A killed process is gone as soon as the system has taken its memory back.
KILLED = Limit("a killed process being gone", 5.0, "the system gives back gigabytes within a second")
LIMITS = (STARTED, STOPPED, KILLED)
#: A folder younger than this may be about to be locked by the supervisor that made it.
YOUNG = 5.0
#: The program a worker is; the data directory is its first argument.
COMMAND = (sys.executable, "-m", "tohuman.runners.worker")
LINE_BYTES = 4 * 1024 * 1024
PREFIX = "tohuman-worker-"


class Refused(TohumanError):
    """An order that was not begun: the worker's sentence and exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.exit = Exit(code)


class NotStarted(TohumanError):
    """A worker that did not come up: another one would not either."""


class Gone(TohumanError):
    """A worker that died before it began what it was sent."""


class Worker:
    """One worker process and the pipe to it. `retired`: not to be given another order."""

    def __init__(self, data: Path, headless: bool) -> None:
        self.data, self.headless = data, headless
        self.process: asyncio.subprocess.Process | None = None
        self.runs = 0
        self.retired = False
        self.folder: Path | None = None
        self._lock: RunLock | None = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Starts it and waits for its browser. Raises NotStarted, or what the worker said."""
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = RunLock(self.folder)
        environment = os.environ | dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(self.folder))
        self.process = await asyncio.create_subprocess_exec(
            *COMMAND, str(self.data), *([] if self.headless else ["--headed"]),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            limit=LINE_BYTES, start_new_session=True, env=environment,
        )  # fmt: skip
        try:
            async with asyncio.timeout(STARTED.seconds):
                answer: dict[str, object] | None = {}
                while answer is not None and not answer.keys() & {"ready", "refused"}:
                    answer = await self.hear()
        except TimeoutError as error:
            await self.stop(kill=True)
            raise NotStarted("A worker process did not get ready in time", do="run: tohuman doctor") from error
        except BaseException:
            await self.stop(kill=True)
            raise
        if answer is None:
            await self.stop(kill=True)
            raise NotStarted("A worker process ended before it was ready", do="run: tohuman doctor")
        if "refused" in answer:
            await self.stop()
            kind = BrowserMissing if answer.get("exit") == Exit.NO_BROWSER else NotStarted
            raise kind(str(answer["refused"]).rstrip("."))

    async def hear(self) -> dict[str, object] | None:
        """The next line, None when the worker is gone. A line that is none of its own is {}."""
        assert self.process is not None
        assert self.process.stdout is not None
        try:
            line = await self.process.stdout.readline()
        except ValueError:  # longer than any line it says
            return {}
        if not line.endswith(b"\n"):
            return None
        try:
            answer = json.loads(line)
        except ValueError:
            return {}
        return answer if isinstance(answer, dict) else {}

    async def send(self, order: Order) -> None:
        """Raises Gone when nobody takes it."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.runs += 1
        try:
            self.process.stdin.write(order.model_dump_json().encode() + b"\n")
            await self.process.stdin.drain()
        except OSError as error:
            raise Gone("A worker process ended without beginning the run", where=order.url) from error

    async def stop(self, *, kill: bool = False) -> None:
        """End it: kindly (its input ends), or at once; either way with every process that came of it."""
        if self.process is None:
            return
        process, self.process = self.process, None
        known = processes.descendants(process.pid)
        if not kill and process.returncode is None:
            try:
                if process.stdin is not None:
                    process.stdin.close()
                await asyncio.wait_for(process.wait(), STOPPED.seconds)
            except TimeoutError:
                kill = True
        if process.returncode is None:
            known = processes.descendants(process.pid)
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            await process.wait()
        if self.folder is not None:
            folder, self.folder = self.folder, None
            await asyncio.to_thread(clean, folder, known)
        if self._lock is not None:
            self._lock.release()


def clean(folder: Path, known: list[processes.Process]) -> None:
    """Ends what is left of a worker's processes (a browser has a process group of its own) and removes its folder."""
    until = time.monotonic() + KILLED.seconds
    while left := [*filter(processes.alive, known), *processes.marked(str(folder))]:
        processes.kill(left)
        if not processes.gone(left, max(0.0, until - time.monotonic())):
            break
        known = []
    shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Cleans up after workers whose supervisor was killed: their folders are there and nobody holds them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/"):
        try:
            about = folder.stat()
        except OSError:
            continue
        ours = not hasattr(os, "geteuid") or about.st_uid == os.geteuid()
        if ours and time.time() - about.st_mtime > YOUNG and not is_alive(folder):
            clean(folder, [])
