"""One event to one line of a journal, and back: cleaning, cutting what is too long, saying what is wrong with a line.

No files here; journal.py writes and reads them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from tohuman.results.events import EVENTS, SCHEMA_VERSION, AnyEvent, Event

#: Characters of one text, entries of one list. A page may hand over 10 MB of text or 10,000 options; no person reads
#: them, and a line must stay one write. If the line is still longer than LINE_CAP bytes the next pair is taken.
CAPS = ((20_000, 1_000), (2_000, 200), (200, 40), (40, 10), (8, 2))
LINE_CAP = 1_000_000
_DEPTH = 12


class BadLine(ValueError):
    """A line that is no event, or an event that makes no line; `newer`: from a newer version of the program."""

    def __init__(self, what: str, *, newer: bool = False) -> None:
        super().__init__(what)
        self.newer = newer


def clean_text(text: str, cap: int = CAPS[0][0]) -> str:
    """The text with pairs of surrogates joined, lone ones replaced by U+FFFD, and at most `cap` characters.

    A cut text ends with a mark that tells how long it was: `…[cut, 10485760 characters]`.
    """
    mark = ""
    if len(text) > cap:
        mark = f"…[cut, {len(text)} characters]"
        text = text[:cap]
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # Scripts cut strings between the two halves of a character; UTF-8 has no halves.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text + mark


def _clean(value: Any, text_cap: int, list_cap: int, depth: int = 0) -> Any:
    if isinstance(value, str):
        return clean_text(str(value), text_cap)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        # JSON has no infinity. In a model's own number the text fails the check of `encode`, as it should.
        return value if math.isfinite(value) else f"not finite: {value}"
    if depth >= _DEPTH:
        return "…[cut, too deep]"
    if isinstance(value, Mapping):
        kept = list(value.items())[:list_cap]
        return {clean_text(str(key), text_cap): _clean(item, text_cap, list_cap, depth + 1) for key, item in kept}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item, text_cap, list_cap, depth + 1) for item in list(value)[:list_cap]]
    return clean_text(str(value), text_cap)


def encode(event: Event) -> tuple[bytes, AnyEvent]:
    """The line of an event (with its newline) and the event as it will be read back. BadLine if it can't be one.

    The keys stand in the order of the model. What is returned has been read back once, so that no line that can be
    written is one that can't be read.
    """
    raw = {name: getattr(event, name) for name in type(event).model_fields}
    dumped = {name: _plain(value) for name, value in raw.items()}
    for text_cap, list_cap in CAPS:
        try:
            text = json.dumps(
                _clean(dumped, text_cap, max(list_cap, len(dumped))),
                ensure_ascii=False,
                allow_nan=False,
                separators=(",", ":"),
            )
        except (ValueError, RecursionError) as error:
            raise BadLine(f"it can't be written as JSON ({error})") from error
        line = text.encode("utf-8") + b"\n"
        if len(line) <= LINE_CAP:
            break
    return line, decode(line[:-1])


def _plain(value: Any) -> Any:
    """Nested models as dicts; everything else as it is."""
    if hasattr(value, "model_dump"):
        return value.model_dump()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def decode(line: bytes) -> AnyEvent:
    """The event of a line (without its newline). BadLine says what is wrong with it."""
    try:
        data = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadLine(f"not UTF-8 at byte {error.start + 1}") from error
    except (ValueError, RecursionError) as error:
        raise BadLine(f"no JSON ({error})") from error
    if not isinstance(data, dict):
        raise BadLine("no JSON object")
    kind, version = data.get("type"), data.get("schema_version", SCHEMA_VERSION)
    if kind == "run_started" and isinstance(version, int) and version > SCHEMA_VERSION:
        raise BadLine(
            f"written by a newer version of tohuman (schema version {version}, this one reads up to {SCHEMA_VERSION})",
            newer=True,
        )
    if not isinstance(kind, str) or kind not in _TYPES:
        raise BadLine(
            f"event type {str(kind)[:40]!r} is not known to schema version {SCHEMA_VERSION}"
            " (was it written by a newer version of tohuman?)",
            newer=isinstance(kind, str),
        )
    try:
        return EVENTS.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadLine(f"{place}: {first['msg']}") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _types() -> frozenset[str]:
    found: set[str] = set()
    for model in Event.__subclasses__():
        found.add(model.model_fields["type"].default)
    return frozenset(found)


_TYPES = _types()
