"""The house's direction of flow, and the mapped names: a bare `import results` would pick up somebody else's folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
ROOMS = ("probes", "runners", "results", "dashboard")
#: Which rooms a room may import (architecture.md); probes may take names and shapes from results, nothing else.
MAY = {
    "results": {"results"},
    "dashboard": {"dashboard", "results"},
    "probes": {"probes", "results"},
    "runners": set(ROOMS),
    "tests": set(ROOMS),
}
SHAPES = {"tohuman.results.vocabulary", "tohuman.results.events"}


def sources() -> list[Path]:
    folders = (*ROOMS, "tests")
    found = [path for folder in folders for path in (HERE / folder).rglob("*.py")]
    return sorted(path for path in found if "node_modules" not in path.parts)


def imported(tree: ast.AST, package: str) -> Iterator[tuple[str, int]]:
    """(absolute module, line) of every import, in functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = package.split(".")[: len(package.split(".")) - node.level + 1]
            yield ".".join([*base, *([node.module] if node.module else [])]), node.lineno
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.module in ("tohuman", "tohuman.results"):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((name, node.lineno) for name in names)


def all_imports() -> Iterator[tuple[Path, str, int]]:
    for path in sources():
        place = path.relative_to(HERE)
        package = ".".join((*([] if place.parts[0] == "tests" else ["tohuman"]), *place.parent.parts))
        for module, line in imported(ast.parse(path.read_text(encoding="utf-8")), package):
            yield place, module, line


def test_no_file_imports_a_room_by_its_bare_name() -> None:
    bare = [f"{place}:{line} imports {name}" for place, name, line in all_imports() if name.split(".")[0] in ROOMS]
    assert bare == []


def test_no_arrow_points_back() -> None:
    wrong = []
    for place, module, line in all_imports():
        parts = module.split(".")
        if parts[0] != "tohuman" or len(parts) < 2:
            continue
        room = place.parts[0]
        shapes_only = room == "probes" and parts[1] == "results" and module not in SHAPES
        if parts[1] not in MAY[room] or shapes_only:
            wrong.append(f"{place}:{line} imports {module}")
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import results", "results"),
        ("def f():\n  from probes.sight import x", "probes.sight"),
        ("from . import a", "tohuman.probes"),
        ("from ..runners import b", "tohuman.runners"),
        ("from tohuman.results import store", "tohuman.results.store"),
    ],
)
def test_the_reading_of_imports_misses_none(text: str, found: str) -> None:
    assert next(imported(ast.parse(text), "tohuman.probes"))[0] == found
