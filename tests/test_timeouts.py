"""Every time limit stands in docs/timeouts.md with its seconds and reason, and no code has one that does not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tohuman.probes import counter, counter_browser, deadlines
from tohuman.runners import egress, limits, supervisor

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "timeouts.md").read_text("utf-8")
#: Arguments that are a time limit, in calls of these names.
NAMED = {"timeout", "timeout_ms"}
WAITERS = {"wait_for": 1, "timeout": 0}


def rows(text: str) -> list[tuple[str, ...]]:
    """The cells of every table row, heads and rules left out."""
    found = [
        tuple(cell.strip() for cell in line.strip("|\n").split("|")) for line in text.splitlines() if line[:1] == "|"
    ]
    return [row for row in found if row[0] not in ("where", "file") and not set(row[0]) <= {"-"}]


def test_the_page_holds_the_table_of_the_program() -> None:
    assert limits.markdown().strip() in PAGE, (
        "run: python -m tohuman.runners.limits, and put what it prints into the page"
    )


def test_the_table_holds_every_limit_of_the_walk_the_supervisor_and_the_guard() -> None:
    told = [limit for part in limits.TABLE.values() for limit in part]
    assert set(deadlines.ALL) | set(supervisor.LIMITS) <= set(told)
    seconds = {value for name, value in vars(egress.Limits()).items() if name.endswith("_seconds")}
    assert seconds <= {limit.seconds for limit in limits.TABLE["the guard on the wire (runners/egress.py)"]}
    timed = {value for module in (counter, counter_browser) for value in vars(module).values() if type(value) is float}
    assert timed <= {limit.seconds for limit in limits.TABLE["the counter (probes/counter.py, counter_browser.py)"]}
    assert all(limit.seconds > 0 and limit.why and "|" not in limit.where + limit.why for limit in told)


def test_no_two_limits_are_called_the_same() -> None:
    names = [limit.where for part in limits.TABLE.values() for limit in part]
    assert sorted(set(names)) == sorted(names)


def literal_limits(file: Path) -> Iterator[float]:
    """Time limits written as bare numbers: `timeout=3000`, `wait_for(call, 2)`, `asyncio.timeout(2)`."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [word.value for word in node.keywords if word.arg in NAMED]
        if name in WAITERS and len(node.args) > WAITERS[name]:
            given.append(node.args[WAITERS[name]])
        for value in given:
            if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
                yield float(value.value)


def code() -> list[Path]:
    return [
        file
        for room in ("probes", "runners", "results", "dashboard")
        for file in sorted((ROOT / room).rglob("*.py"))
        if "practice" not in file.relative_to(ROOT).parts
    ]


def test_inner_limits_are_listed_with_their_file() -> None:
    written = {(file.relative_to(ROOT).as_posix(), f"{value:g}") for file in code() for value in literal_limits(file)}
    inner = PAGE.partition("## Inner limits")[2]
    assert {(row[0], row[1]) for row in rows(inner)} == written


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("wait_for(x, 2)", [2.0]),
        ("page.goto(u, timeout=3000)", [3000.0]),
        ("wait_for(x, LIMIT)", []),
        ("f(timeout=T)", []),
    ],
)
def test_bare_numbers_are_found(tmp_path: Path, text: str, found: list[float]) -> None:
    file = tmp_path / "some.py"
    file.write_text(text, "utf-8")
    assert list(literal_limits(file)) == found


def test_the_page_has_no_other_tables() -> None:
    told = {limit.where for part in limits.TABLE.values() for limit in part}
    before = PAGE.partition("## Inner limits")[0]
    assert {row[0] for row in rows(before)} == told
    assert re.search(r"^# ", PAGE, re.M)
