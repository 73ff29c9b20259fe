"""What this machine has of what tohuman needs, and for each lack what to do. Changes nothing; prints nothing."""

from __future__ import annotations

import asyncio
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tohuman.runners.browser import check, find, sandboxed
from tohuman.runners.errors import TohumanError
from tohuman.runners.exits import Exit

State = Literal["ok", "lack", "broken"]
_SECONDS = 15.0
_MEGABYTE = 1024 * 1024
#: Under the first, runs are likely to die of a full disk; under the second it will not be long.
_DISK_BROKEN, _DISK_LOW = 100, 1024
_NODE = 18
_CONSENT = "node_modules/@duckduckgo/autoconsent/package.json"


@dataclass(frozen=True)
class Check:
    """One thing looked at. `lack`: works without it, less well; `broken`: it does not, and `exit` is the code."""

    name: str
    state: State
    found: str
    do: str = ""
    exit: Exit = Exit.MEASURED


def examine(data: Path, root: Path | None = None) -> list[Check]:
    """Every check, in the order they are told; none raises. `root`: the checkout, for what set-up puts there."""
    where = root or Path(__file__).resolve().parent.parent
    checks: list[Callable[[], Check]] = [
        _python,
        _browser,
        _sandbox,
        _fonts,
        lambda: _data(data),
        lambda: _disk(data),
        _node,
        lambda: _consent(where),
    ]
    return [examine_one() for examine_one in checks]


def verdict(checks: list[Check]) -> Exit:
    """The first broken check's exit code, else 0: a lack is no failure."""
    return next((check.exit for check in checks if check.state == "broken"), Exit.MEASURED)


def _python() -> Check:
    found = f"{platform.python_version()} at {sys.executable}"
    return Check("python", "ok", found)


def _browser() -> Check:
    try:
        found = find()
        running = asyncio.run(check(found))
    except TohumanError as error:
        what = f"{error.what} ({error.where})" if error.where else error.what
        return Check("browser", "broken", what, error.do, error.exit)
    return Check("browser", "ok", f"{found.channel} {running} at {found.executable} ({found.origin}); it starts")


def _sandbox() -> Check:
    try:
        on, why = sandboxed()
    except TohumanError as error:
        return Check("sandbox", "lack", "not known without a browser", error.do)
    if on:
        return Check("sandbox", "ok", "on")
    return Check(
        "sandbox", "lack", f"off: {why}", "run as an ordinary user; sites of this machine can be walked without"
    )


def _fonts() -> Check:
    if sys.platform in ("darwin", "win32"):
        return Check("fonts", "ok", "the system brings fonts for Chinese")
    lister = shutil.which("fc-list")
    do = "run: sudo apt-get install fonts-noto-cjk (or your system's package of a Chinese font)"
    if lister is None:
        return Check("fonts", "lack", "not known: fc-list is not there", do)
    families = sorted(
        {line.split(",")[0].strip() for line in _output([lister, ":lang=zh", "family"]).splitlines()} - {""}
    )
    if not families:
        return Check("fonts", "lack", "none for Chinese: pictures will show boxes instead of its characters", do)
    more = f" and {len(families) - 1} more" if len(families) > 1 else ""
    return Check("fonts", "ok", f"Chinese can be drawn ({families[0]}{more})")


def _data(data: Path) -> Check:
    from tohuman.runners.cli.shared import usable

    # A directory that is not there yet is not made by looking: its nearest parent must be writable.
    place = data.expanduser().absolute()
    there = place
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        usable(there, make=False)
    except TohumanError as error:
        return Check("data directory", "broken", f"{error.what} ({error.where})", error.do, error.exit)
    return Check("data directory", "ok", f"{place} can be written" + ("" if there == place else ", it will be made"))


def _disk(data: Path) -> Check:
    there = data.expanduser().absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    free = shutil.disk_usage(there).free // _MEGABYTE
    found = f"{free:,} MB free"
    do = "free some space, or name another place with --data"
    if free < _DISK_BROKEN:
        return Check("disk", "broken", found, do, Exit.DATA_UNUSABLE)
    return Check("disk", "lack" if free < _DISK_LOW else "ok", found, do if free < _DISK_LOW else "")


def _node() -> Check:
    do = "run: make setup-npm (only the real subjects and the consent library need it)"
    node, npm = shutil.which("node"), shutil.which("npm")
    beside = Path(sys.executable).parent / "node"
    if (node is None or npm is None) and beside.exists():
        node, npm = str(beside), str(beside.with_name("npm"))
    if node is None or npm is None:
        return Check("node", "lack", "no Node with npm", do)
    version = _output([node, "--version"]).strip().lstrip("v")
    major = version.split(".")[0]
    if not major.isdigit() or int(major) < _NODE:
        return Check("node", "lack", f"Node {version or 'of unknown version'}, {_NODE} or newer is needed", do)
    return Check("node", "ok", f"Node {version} with npm")


def _consent(root: Path) -> Check:
    for pattern in (_CONSENT, f"*/{_CONSENT}", f"*/*/{_CONSENT}"):
        for path in root.glob(pattern):
            return Check("consent library", "ok", f"autoconsent {_package_version(path)}")
    return Check(
        "consent library",
        "lack",
        "autoconsent is not installed: cookie banners are closed by tohuman's own patterns alone",
        "nothing to do for practice and own sites",
    )


def _package_version(path: Path) -> str:
    import json

    try:
        return str(json.loads(path.read_text(encoding="utf-8")).get("version", ""))
    except (OSError, ValueError):
        return "of unknown version"


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def told(checks: list[Check]) -> Iterator[str]:
    """One line per check, and below each lack what to do."""
    for one in checks:
        mark = {"ok": "ok  ", "lack": "lack", "broken": "FAIL"}[one.state]
        yield f"{mark}  {one.name}: {one.found}"
        if one.do and one.state != "ok":
            yield f"      {one.do}"
