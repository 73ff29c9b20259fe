"""How much later than the desk's last word a reply is taken for finished: `python -m tests.real.settling [NAME …]`.

The desk's word is the site's own log, the other the journal's `wait`; both by this machine's clock. Nothing is judged.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from tests.real.subjects import Subject, names, serve_subject, told_of

TOHUMAN = Path(sys.executable).with_name("tohuman")
#: Chats with a server of their own, which keeps no such log.
APART = ("chainlit", "gradio")


async def walk(subject: Subject, data: Path) -> None:
    """Walks the subject once; the run's journal is in `data`."""
    words = [TOHUMAN, "walk", subject.url, "--locale", subject.locale, "--data", data]
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.DEVNULL)
    await process.wait()


def added(data: Path, spoken: list[float]) -> list[float]:
    """Seconds from the desk's last word to the end of our wait for it, one for each reply of the one run in `data`."""
    (journal,) = data.glob("runs/*/journal.jsonl")
    events = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    begun = datetime.fromisoformat(events[0]["at"]).timestamp()
    ends = [begun + event["t"] for event in events if event["type"] == "wait" and event["kind"] == "bot"]
    found, before = [], begun
    for end in ends:
        # what was said while nobody waited is no reply
        if words := [at for at in spoken if before < at <= end]:
            found.append(end - words[-1])
        before = end
    return found


async def measure(name: str) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        async with serve_subject(name) as subject:
            await walk(subject, Path(folder))
        return added(Path(folder), subject.site.spoken)


async def main(asked: list[str]) -> None:
    every: list[float] = []
    for name in asked or [one for one in names() if told_of(one)["chat"] not in APART]:
        took = await measure(name)
        every += took
        print(f"{name}: {' '.join(f'{one:.2f}' for one in took)}", flush=True)
    if every:
        cut = statistics.quantiles(every, n=20)[-1] if len(every) > 1 else every[0]
        print(f"{len(every)} replies: median {statistics.median(every):.2f} s, 95 of 100 within {cut:.2f} s")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
