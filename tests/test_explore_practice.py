"""Practice platforms explored: the shortest way of truth.yaml is found, and the confirming walk counts it.

All of them: `python -m tohuman.runners.explore_exam`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tohuman.probes.practice import serve
from tohuman.results.ids import run_dir
from tohuman.results.vocabulary import Start
from tohuman.runners.explore_exam import Answer, one

#: Quick ones that differ in kind: an entry behind a link, the longer way that looks nearer, a wall, a person who joins.
SUBJECTS = [("harborlight", Start.HOME), ("cascada", Start.HELP), ("muyu", Start.HELP), ("xinghe", Start.HELP)]


async def answered(name: str, start: Start, data: Path) -> Answer:
    async with serve(only=[name]) as practice:
        return await one(practice.platforms[name], start, data)


@pytest.mark.parametrize(("name", "start"), SUBJECTS)
def test_the_true_shortest_way_is_found_and_walked(name: str, start: Start, tmp_path: Path) -> None:
    answer = asyncio.run(answered(name, start, tmp_path))
    assert answer.differences == []
    exploration = answer.exploration
    assert exploration.measures is not None
    assert exploration.measures.valid
    assert exploration.pages <= 25
    assert "within" in exploration.bound
    assert (run_dir(tmp_path, exploration.measures.run_id) / "search.jsonl").is_file()
    assert not list(tmp_path.glob("search-*.jsonl"))
