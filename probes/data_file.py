"""Strict reading of the YAML files people send in: bytes in, plain data and line numbers out, or sentences.

What a platform or vendor file must say is in schema.py and vendors/; here is only what may be written at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

#: The largest file read. The platform files shipped here are under 8 kB; a megabyte is a mistake or an attack.
MAX_BYTES = 1_000_000
#: Nesting a person would write; PyYAML's own composer recurses and can be made to overflow.
MAX_DEPTH = 16
MAX_PROBLEMS = 50

Place = tuple[str | int, ...]

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Only whole numbers that are written back exactly as they were read: 0755-… and 007 stay text, so no digit is lost.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# Characters that make a text read differently from what it is: direction overrides and isolates.
_DISGUISES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class DataFileError(ValueError):
    """One or more files are not what they must be. `sentences`: one per problem, each naming file and place."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Problem:
    """`place` as a path of keys and 0-based indices, `line` 1-based or None where the file has no such line."""

    place: Place
    text: str
    line: int | None = None

    def sentence(self, file: str) -> str:
        """'file.yaml: informed.web.3.name: … (line 14)'; list entries are counted from 1, as people count."""
        where = ".".join(str(part + 1) if isinstance(part, int) else quoted(part, marks="") for part in self.place)
        line = f" (line {self.line})" if self.line is not None else ""
        return f"{file}: {where}: {self.text}{line}" if where else f"{file}: {self.text}{line}"


@dataclass
class Document:
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int | None:
        """The line of a place, or of the nearest thing around it that the file does have."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


def quoted(value: object, marks: str = '"', limit: int = 60) -> str:
    """A piece of a file as it may be shown in a terminal: control characters written out, long text cut."""
    text = str(value)
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    plain = "".join(c if c.isprintable() and c not in _DISGUISES else f"\\u{ord(c):04x}" for c in text)
    return f"{marks}{plain}{marks}"


def read_document(path: Path) -> Document:
    """The file's data with the line of every place, or `problems`; never raises for what a file may hold."""
    document = Document()
    text = _text(path, document)
    if text is not None:
        _parse(text, document)
    return document


def _refuse(document: Document, text: str, line: int | None = None, place: Place = ()) -> None:
    if len(document.problems) < MAX_PROBLEMS:
        document.problems.append(Problem(place, text, line))


def _text(path: Path, document: Document) -> str | None:
    raw = _raw(path, document)
    if raw is None:
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        _refuse(document, "the file is not UTF-8 (perhaps GBK or Latin-1); save it as UTF-8", line)
        return None
    for number, content in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if re.match(r" *\t", content):
            _refuse(document, "a tab stands at the beginning of the line; use spaces", number)
        odd = next((c for c in content if (unicodedata.category(c) == "Cc" and c != "\t") or c in _DISGUISES), None)
        if odd is not None:
            _refuse(document, f"the invisible character U+{ord(odd):04X} is not allowed", number)
    return None if document.problems else text


def _raw(path: Path, document: Document) -> bytes | None:
    raw = b""
    try:
        if not path.exists():
            _refuse(document, "there is no such file")
        elif not path.is_file():
            _refuse(document, "this is not a regular file")
        else:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        _refuse(document, f"the file cannot be read: {error.strerror or 'input/output error'}")
    if len(raw) > MAX_BYTES:
        _refuse(document, f"the file is larger than {MAX_BYTES} bytes")
    elif raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse(document, "the file is saved as UTF-16; save it as UTF-8")
    return None if document.problems else raw


def _parse(text: str, document: Document) -> None:
    try:
        _build(text, document)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "it cannot be understood"
        hint = ' (a text with ": " or " #" in it needs quotes)' if "mapping values" in what else ""
        _refuse(document, f"this is not well-formed YAML: {what}{hint}", None if mark is None else mark.line + 1)
    except yaml.YAMLError:
        _refuse(document, "this is not well-formed YAML")


@dataclass
class _Open:
    """A mapping or list that is being read; `key` is the key whose value comes next."""

    container: dict[str, Any] | list[Any]
    place: Place
    key: str | None = None
    drop: bool = False  # the value of a repeated or unusable key: read over


def _build(text: str, document: Document) -> None:
    stack: list[_Open] = []
    documents = 0
    for event in yaml.parse(text, Loader=_PARSER):
        line = 0 if event.start_mark is None else event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                return _refuse(document, 'a file holds one document; remove the line "---"', line)
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            return _refuse(document, "anchors and aliases (& and *) are not used here; write the text out", line)
        elif isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None:
            return _refuse(document, "tags (words that begin with !) are not used here; put the text in quotes", line)
        elif isinstance(event, yaml.ScalarEvent):
            if stack and isinstance(stack[-1].container, dict) and stack[-1].key is None:
                _key(stack[-1], event.value, line, document)
            else:
                _place(stack, event.value if event.style else _plain(event.value), line, document)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if stack and isinstance(stack[-1].container, dict) and stack[-1].key is None:
                return _refuse(document, "a key must be one word", line)
            if len(stack) >= MAX_DEPTH:
                return _refuse(document, f"more than {MAX_DEPTH} levels are nested in each other", line)
            container: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
            stack.append(_Open(container, _place(stack, container, line, document)))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
    if documents == 0 or document.data is None:
        _refuse(document, "the file is empty")
    return None


def _plain(text: str) -> Any:
    """A scalar without quotes. Unlike YAML 1.1, no/on/yes, dates and 12:30 stay text."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _NUMBER.fullmatch(text) else text


def _key(parent: _Open, key: str, line: int, document: Document) -> None:
    assert isinstance(parent.container, dict)
    parent.key = key
    parent.drop = key in parent.container
    place = (*parent.place, key)
    if parent.drop:
        first = document.lines.get(place)
        _refuse(document, f"the key {quoted(key)} stands here twice (first in line {first})", line, place)
    else:
        document.lines[place] = line


def _place(stack: list[_Open], value: Any, line: int, document: Document) -> Place:
    if not stack:
        document.data = value
        return ()
    parent = stack[-1]
    if isinstance(parent.container, list):
        place = (*parent.place, len(parent.container))
        parent.container.append(value)
        document.lines[place] = line
        return place
    place = (*parent.place, parent.key or "")
    if not parent.drop and parent.key is not None:
        parent.container[parent.key] = value
    parent.key, parent.drop = None, False
    return place
