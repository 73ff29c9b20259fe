"""The reader with a memory, for searches that meet the same labels on every page; it reads nothing by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .reading import Reader

#: Texts remembered; then all is forgotten, so that a site without end takes no memory without end.
TEXTS = 50_000


class Remembering:
    """The reader, asked once for each text: the same labels stand on all pages of a site."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.known: dict[tuple[str, str, str | None], Any] = {}

    def control(self, text: str, locale: str | None = None) -> Any:
        return self._once(("control", text, locale), lambda: self.reader.control(text, locale))

    def message(self, text: str, locale: str | None = None) -> Any:
        return self._once(("message", text, locale), lambda: self.reader.message(text, locale))

    def notice(self, text: str, locale: str | None = None) -> Any:
        return self._once(("notice", text, locale), lambda: self.reader.notice(text, locale))

    def says(self, kind: str, text: str, locale: str | None = None) -> Any:
        return self._once((f"says {kind}", text, locale), lambda: self.reader.says(kind, text, locale))

    def mentions(self, text: str, locale: str | None = None) -> Any:
        return self._once(("mentions", text, locale), lambda: self.reader.mentions(text, locale))

    def _once(self, key: tuple[str, str, str | None], read: Callable[[], Any]) -> Any:
        if key not in self.known:
            if len(self.known) >= TEXTS:
                self.known.clear()
            self.known[key] = read()
        return self.known[key]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reader, name)
