"""The user's own platform files, `<data>/platforms/<id>.yaml`: found, written from an exploration, rewritten.

What a platform file may say is probes/schema.py's business; the built-in ones are never written to.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tohuman.probes.schema import Platform, PlatformFileError, builtin_dir, load_platform, load_platforms
from tohuman.runners.errors import DataUnusable, MalformedFile, UsageError

#: A country nobody told: ISO 3166 keeps ZZ free for this.
UNKNOWN_COUNTRY = "ZZ"
_TOP = re.compile(r"^[A-Za-z_]")


def platforms_dir(data: Path) -> Path:
    return data.expanduser().absolute() / "platforms"


def file_of(name: str, data: Path) -> Path | None:
    """The file of a platform: the user's own before the built-in one; None when there is neither."""
    for folder in (platforms_dir(data), builtin_dir()):
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    return None


def find_platform(name: str, data: Path) -> Platform | None:
    """The platform of that id, the user's own before the built-in one. PlatformFileError for a file that is refused."""
    own = platforms_dir(data) / f"{name}.yaml"
    if own.is_file():
        return load_platform(own)
    return next((known for known in load_platforms() if known.id == name), None)


def way_steps(way: Sequence[Mapping[str, Any]], start: str) -> list[dict[str, Any]]:
    """The steps as a platform file writes them, the opening included: walked as the exploration's own walk was."""
    return [{"do": "open", "start": start, "linger": True}, *(dict(step) for step in way)]


def render(
    name: str,
    title: str,
    url: str,
    locale: str,
    surface: str,
    start: str,
    way: Sequence[Mapping[str, Any]],
    source: str,
    as_of: str,
) -> str:
    """A platform file with what an exploration knows, and no more: the start page and the informed way."""
    region = re.search(r"-([A-Z]{2})$", locale)
    sourced = {"certainty": "one", "sources": [source], "as_of": as_of}
    document = {
        "id": name,
        "names": {"en": title},
        "country": region[1] if region else UNKNOWN_COUNTRY,
        "locale": locale,
        "status": "unverified",
        "surfaces": [surface],
        "starts": {start: {"url": url, **sourced}},
        "informed": {surface: way_steps(way, start)},
    }
    return _dump(document)


def rewritten(text: str, informed: Mapping[str, Any]) -> str:
    """The text of a platform file with its `informed` part replaced; everything else stays letter for letter."""
    lines = text.splitlines(keepends=True)
    block = _dump({"informed": dict(informed)})
    begin = next((i for i, line in enumerate(lines) if line.startswith("informed:")), None)
    if begin is None:
        return text + ("" if text.endswith("\n") else "\n") + block
    end = next((i for i in range(begin + 1, len(lines)) if _TOP.match(lines[i])), len(lines))
    while end > begin + 1 and not lines[end - 1].strip():
        end -= 1
    return "".join([*lines[:begin], block, *lines[end:]])


def _dump(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=110)


def checked(text: str, name: str) -> Platform:
    """The platform this text says. MalformedFile with what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return load_platform(path)
        except PlatformFileError as error:
            raise MalformedFile("The way found cannot be written as a platform file", where=str(error)) from error


def write(text: str, name: str, data: Path, *, replace: bool = False) -> Path:
    """Write a file that has been checked. UsageError when there is one and it may not be replaced."""
    checked(text, name)
    folder = platforms_dir(data)
    path = folder / f"{name}.yaml"
    if not replace and file_of(name, data) is not None:
        raise UsageError(
            "There is a platform file of that name",
            where=str(file_of(name, data)),
            do="choose another, or: tohuman heal",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".yaml.new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise DataUnusable("The platform file cannot be written", where=f"{path}: {error.strerror}") from error
    return path
