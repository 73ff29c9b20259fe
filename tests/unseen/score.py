"""Scores the program on the hold-out sites: `python -m tests.unseen.score [ids…] [--walk] [--explore]`.

Runs the command line as a stranger would, a process of its own per run, and prints got against truth. Reads no journal.
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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tohuman.results.vocabulary import Surface

from . import UnseenSite, Way, serve_unseen

PROGRAM = Path(sys.executable).with_name("tohuman")
_COLUMNS = ("outcome", "clicks", "turns", "fields", "obstacle_clicks")
_SECONDS = {"walk": 300.0, "explore": 420.0}


@dataclass
class Score:
    site: str
    start: str
    command: str
    got: dict[str, Any]
    truth: Way
    seconds: float

    def right(self, column: str) -> bool:
        return bool(self.got.get(column) == _json_value(getattr(self.truth, column)))

    def same_way(self) -> bool:
        """Whether the site received the presses and kinds of turns of the truth: right figures by another way tell."""
        kinds = {"press": "press: {}", "option": "option: {}", "say": "message"}
        wanted = [kinds[k].format(what) for step in self.truth.way for k, what in step.items() if k in kinds]
        given = [
            entry for entry in self.got.get("site_log", []) if entry.split(":")[0] in ("press", "option", "message")
        ]
        given = ["message" if entry.startswith("message:") else entry for entry in given]
        return given[: len(wanted)] == wanted

    def line(self) -> str:
        cells = [f"{self.site:11} {self.start:4} {self.command:7} {self.seconds:5.0f}s"]
        for column in _COLUMNS:
            got, truth = self.got.get(column), _json_value(getattr(self.truth, column))
            cells.append(f"{column.removesuffix('_clicks')} {got}" + ("" if got == truth else f" ✗({truth})"))
        if self.command == "walk" and not self.same_way():
            cells.append("another way")
        return "  ".join(cells) + (f"  {self.got['problem']}" if "problem" in self.got else "")


def _json_value(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


async def _call(*words: str, seconds: float) -> tuple[int | None, str, str]:
    """Exit code (None: ended by us), what it printed, what it complained of."""
    process = await asyncio.create_subprocess_exec(
        str(PROGRAM), *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        return None, "", f"not done in {seconds:.0f} s"
    return process.returncode, out.decode(errors="replace"), err.decode(errors="replace")


async def has(command: str) -> bool:
    """Whether the program has this command."""
    return (await _call(command, "--help", seconds=60))[0] == 0


async def score(site: UnseenSite, start: str, command: str, data: Path) -> Score:
    """One run of `walk` or `explore` on one start, against its truth."""
    truth = next(value for key, value in site.truth.starts.items() if key == start)
    url = site.start_url(next(key for key in site.truth.starts if key == start))
    device = "mobile" if site.surface is Surface.WEB_MOBILE else "desktop"
    site.reset()
    begun = time.monotonic()
    code, out, err = await _call(
        command, url, "--locale", site.locale, "--device", device, "--json", "--data", str(data),
        seconds=_SECONDS[command],
    )  # fmt: skip
    seconds = time.monotonic() - begun
    got: dict[str, Any] = {}
    try:
        loaded = json.loads(out)
        got = loaded if isinstance(loaded, dict) else {"problem": "no object"}
    except ValueError:
        got["problem"] = f"exit {code}: {' '.join(err.split())[:160] or 'no JSON'}"
    got["site_log"] = [f"{entry['kind']}: {entry['what']}" for entry in site.log()]
    return Score(site.id, start, command, got, truth.naive if command == "walk" else truth.shortest, seconds)


async def main(words: list[str]) -> int:
    only = [word for word in words if not word.startswith("--")]
    commands = [name for name in ("walk", "explore") if f"--{name}" in words] or ["walk", "explore"]
    if "explore" in commands and not await has("explore"):
        commands.remove("explore")
        print("explore: no such command yet, left out")
    scores: list[Score] = []
    data = Path(tempfile.mkdtemp(prefix="unseen-"))
    try:
        async with serve_unseen(only or None) as sites:
            for command in commands:
                for site in sites.values():
                    for start in site.truth.starts:
                        one = await score(site, str(start), command, data)
                        scores.append(one)
                        print(one.line(), flush=True)
                        if (
                            "--verbose" in words
                            or (command == "walk" and not one.same_way())
                            or not all(one.right(column) for column in _COLUMNS)
                        ):
                            for entry in one.got.get("path") or ():
                                print("      path", json.dumps(entry, ensure_ascii=False)[:150])
                            print("      site", " | ".join(one.got["site_log"]))
    finally:
        if "--keep" not in words:
            shutil.rmtree(data, ignore_errors=True)
    for command in commands:
        mine = [one for one in scores if one.command == command]
        exact = sum(all(one.right(column) for column in _COLUMNS) for one in mine)
        each = ", ".join(f"{c} {sum(one.right(c) for one in mine)}" for c in _COLUMNS)
        if command == "walk":
            each += f", same way {sum(one.same_way() for one in mine)}"
        print(f"{command}: {exact} of {len(mine)} exact; right: {each}")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
