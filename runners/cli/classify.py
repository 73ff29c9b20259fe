"""The command `classify`: reads texts as JSON lines, writes what each was read as.

Only in and out; the reading itself is probes/reading.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import click
from pydantic import BaseModel, ConfigDict, ValidationError

from tohuman.probes.reading import Reader, Reading
from tohuman.probes.reading.kept import no_collecting


class BadLine(click.ClickException):
    """A line that cannot be read: one sentence with its number, exit code 2."""

    exit_code = 2

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"line {number}: {what}; nothing was written.")


class Item(BaseModel):
    """One input line. `locale` may be missing: the language is guessed then."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | int
    text: str
    locale: str | None = None
    set: Literal["message", "control"] = "message"


def read(reader: Reader, item: Item) -> Reading:
    """The reading of one item, as a control's label or a message."""
    if item.set == "control":
        return reader.control(item.text, item.locale)
    return reader.message(item.text, item.locale)


def read_items(lines: Iterable[str]) -> Iterator[Item]:
    """The items of JSON lines; empty lines are passed over. Raises BadLine."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError:
            raise BadLine(number, "not a JSON object") from None
        if not isinstance(data, dict):
            raise BadLine(number, "not a JSON object")
        try:
            yield Item.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise BadLine(number, f"{place}: {first['msg'].lower()}") from None


def answer(item: Item, reading: Reading, explain: bool) -> dict[str, Any]:
    """One output line."""
    out: dict[str, Any] = {
        "id": item.id,
        "signal": reading.signal,
        "certainty": reading.certainty,
        "rule": reading.rule,
        "values": reading.values,
    }
    if explain:
        out["explain"] = {
            "phrase": reading.phrase,
            "also": [
                {"signal": r.signal, "certainty": r.certainty, "rule": r.rule, "phrase": r.phrase, "values": r.values}
                for r in reading.also
            ],
        }
    return out


@click.command()
@click.option("--explain", is_flag=True, help="Add the words that decided and the other signals of the text.")
@click.argument("source", type=click.File("rb"), default="-")
def classify(source: Any, explain: bool) -> None:
    """Read texts of chats: JSON lines {id, text, locale, set} in, {id, signal, certainty, rule, values} out.

    `set` is "message" or "control"; a control's class is written under `signal`.
    """
    try:
        lines = source.read().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].count(b"\n")
        raise BadLine(before + 1, "not UTF-8") from None
    items = list(read_items(lines))
    reader = Reader.load()
    # what the reader learns of words it keeps: looking for garbage among it takes longer than the reading
    with no_collecting():
        written = [json.dumps(answer(item, read(reader, item), explain), ensure_ascii=False) for item in items]
    out = sys.stdout.buffer
    try:
        out.write("".join(line + "\n" for line in written).encode("utf-8", "backslashreplace"))
        out.flush()
    except BrokenPipeError:
        sys.exit(0)
