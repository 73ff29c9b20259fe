"""What several commands share: the options --data and --json, the data directory, the store, progress, output."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tohuman.runners.errors import DataUnusable
from tohuman.runners.terminal import DIRECTION, is_terminal, sanitise, table

if TYPE_CHECKING:
    from tohuman.results.store import Store

F = TypeVar("F", bound=Callable[..., Any])


def data_option(command: F) -> F:
    return click.option(
        "--data",
        envvar="TOHUMAN_DATA",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("data"),
        show_default=True,
        show_envvar=True,
        help="Directory of journals, database and dashboard.",
    )(command)


def json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for a program to read.")(command)


def usable(data: Path, make: bool = True) -> Path:
    """The data directory, made if need be and proved writable; DataUnusable with one sentence otherwise."""
    data = data.expanduser().absolute()
    do = "name another with --data or TOHUMAN_DATA"
    try:
        if make:
            data.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=data, prefix=".writable-"):
            pass
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise DataUnusable(f"The data directory cannot be written: {why.lower()}", where=str(data), do=do) from error
    return data


@contextmanager
def opened(data: Path) -> Iterator[Store]:
    """The store of a data directory; whatever died since the last command is in it as interrupted."""
    from tohuman.results.store import Store

    store = Store.open(usable(data))
    try:
        yield store
    finally:
        store.close()


def print_json(value: Any) -> None:
    """JSON on standard output, one document. Escapes everything beyond ASCII's control range as JSON itself demands."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False, default=str)
    # JSON escapes the controls below U+0020 only; the rest that a terminal would obey is escaped here.
    click.echo("".join(_escaped(char) for char in text))


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if "\x7f" <= char <= "\x9f" or char in DIRECTION else char


def lines(texts: list[str]) -> None:
    """Lines of text that may hold captured words, each sanitised; leading blanks are layout and stay."""
    for text in texts:
        indent = len(text) - len(text.lstrip(" "))
        click.echo(" " * indent + sanitise(text))


def show_table(head: list[str], rows: list[list[str]], limits: list[int] | None = None) -> None:
    """A table on standard output; its cells are sanitised, its blanks are layout."""
    for line in table(head, rows, limits):
        click.echo(line)


class Progress:
    """Says what is going on, on standard error: redrawn on a terminal, one plain line per finished thing elsewhere."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._status: Any = None

    def __enter__(self) -> Progress:
        if not self._quiet and is_terminal():
            from rich.console import Console

            self._status = Console(stderr=True, highlight=False).status("")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def doing(self, text: str) -> None:
        """What is being done now; shown on a terminal only."""
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(sanitise(text)))

    def done(self, text: str) -> None:
        """A finished thing, one line."""
        if self._status is not None:
            from rich.text import Text

            self._status.console.print(Text(sanitise(text)))
        elif not self._quiet:
            click.echo(sanitise(text), err=True)
