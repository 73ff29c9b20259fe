"""The folder of a site: written beside its place, then swapped in whole, so that nobody ever sees half a site.

Knows nothing of pages. Refuses to replace a folder that this program did not make.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from pathlib import Path
from types import TracebackType

MARKER = ".tohuman-site"
#: Leavings of a build that was killed are cleared when nobody can be at work on them any more.
_STALE_SECONDS = 3600


class DashboardError(Exception):
    """The site can't be built; its text is one sentence for a person."""


class Folder:
    """Context manager: `write` files, and on a clean exit they are the site; after an error the old site stands.

    Every OSError comes out as a DashboardError.
    """

    def __init__(self, place: Path) -> None:
        self.place = Path(place).absolute()
        self._mark = secrets.token_hex(4)
        self._new = self.place.with_name(f".{self.place.name}.new-{self._mark}")
        self._old = self.place.with_name(f".{self.place.name}.old-{self._mark}")

    def __enter__(self) -> Folder:
        if self.place.is_symlink():
            raise DashboardError(f"{self.place} is a link: name the folder itself, so that it can be replaced.")
        if self.place.exists() and not self._ours():
            raise DashboardError(
                f"{self.place} holds files that are no dashboard of this program: name an empty or a new folder."
            )
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            self._clear_leavings()
            self._new.mkdir()
            (self._new / MARKER).write_bytes(b"")
        except OSError as error:
            shutil.rmtree(self._new, ignore_errors=True)
            raise self._sentence(error) from error
        return self

    def write(self, name: str, content: bytes) -> None:
        """One file; `name` is a path inside the site, made by us."""
        target = self._new / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except OSError as error:
            raise self._sentence(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            shutil.rmtree(self._new, ignore_errors=True)
            return
        try:
            self._swap()
        except OSError as failed:
            raise self._sentence(failed) from failed
        finally:
            shutil.rmtree(self._new, ignore_errors=True)
            shutil.rmtree(self._old, ignore_errors=True)

    def _ours(self) -> bool:
        try:
            return self.place.is_dir() and ((self.place / MARKER).exists() or not any(self.place.iterdir()))
        except OSError as error:
            raise self._sentence(error) from error

    def _swap(self) -> None:
        # Two renames; another build may swap in between, so the second is tried again after moving its site away.
        for attempt in range(5):
            moved = self.place.exists()
            if moved:
                shutil.rmtree(self._old, ignore_errors=True)
                os.rename(self.place, self._old)
            try:
                os.rename(self._new, self.place)
                return
            except OSError:
                if moved and not self.place.exists():
                    os.rename(self._old, self.place)
                if attempt == 4:
                    raise

    def _clear_leavings(self) -> None:
        now = time.time()
        for kind in ("new", "old"):
            for leaving in self.place.parent.glob(f".{self.place.name}.{kind}-*"):
                if now - leaving.stat().st_mtime > _STALE_SECONDS:
                    shutil.rmtree(leaving, ignore_errors=True)

    def _sentence(self, error: OSError) -> DashboardError:
        reason = (error.strerror or type(error).__name__).rstrip(".")
        return DashboardError(f"The dashboard can't be written to {self.place} ({reason}).")
