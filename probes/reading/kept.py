"""What is gathered from lexicons, kept on disk: to parse one takes a second, to read it back a twentieth of that.

A file that is missing, damaged or of another version is made anew; where nothing can be written, nothing is kept.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Protocol, Self, TypeVar

_HERE = Path(__file__).parent
#: What it is made by: changed, all are made anew.
_MAKERS = (
    "schema.py", "pattern.py", "normal.py", "plan.py", "language.py", "names.py", "reader.py", "tongue.py",
    "precedent.py", "han.txt",
)  # fmt: skip
#: Seconds after which a version that nobody has read is thrown away.
_UNREAD = 30 * 86_400.0


class Keepable(Protocol):
    """Plain data that can be written down and read back; `read` raises ValueError, TypeError."""

    def json(self) -> str: ...

    @classmethod
    def read(cls, text: str) -> Self: ...


T = TypeVar("T", bound=Keepable)


@contextmanager
def no_collecting() -> Iterator[None]:
    """Hundreds of thousands of small objects that all stay: to look for garbage among them is work for nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@lru_cache(maxsize=1)
def _makers() -> bytes:
    digest = hashlib.sha256(f"{sys.version_info[:2]} {unicodedata.unidata_version}".encode())
    for name in _MAKERS:
        digest.update((_HERE / name).read_bytes())
    return digest.digest()


def folder() -> Path | None:
    """Where they are kept: the user's own cache folder; None: there is no such place."""
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    return base / "tohuman" / "lexicons" if base.is_absolute() else None


def kept(kind: type[T], name: str, sources: list[bytes], make: Callable[[], T]) -> T:
    """What `make` gathers from the lexicon `name`, whose files are `sources`: read back, or made and put away."""
    place = folder()
    if place is None:
        return make()
    digest = hashlib.sha256(_makers())
    for source in sources:
        digest.update(len(source).to_bytes(8, "big") + source)
    path = place / f"{kind.__name__.lower()}-{name}-{digest.hexdigest()[:24]}.json"
    with no_collecting():
        found = _read(kind, path)
        if found is None:
            found = make()
            _write(path, found)
    return found


def _read(kind: type[T], path: Path) -> T | None:
    try:
        check, _, text = path.read_text(encoding="utf-8").partition("\n")
        if hashlib.sha256(text.encode()).hexdigest() != check:
            return None
        return kind.read(text)
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, found: Keepable) -> None:
    text = found.json()
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.write_text(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}", encoding="utf-8")
        new.replace(path)
        for other in path.parent.glob(f"{path.name.rpartition('-')[0]}-*.json"):
            if other != path and time.time() - other.stat().st_atime > _UNREAD:
                other.unlink()
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
