"""Every practice platform walked once by the naive policy, from each of its starts, under both stop rules.

The program's measures, the site's own log and the written truth must agree; twenty times over is `make exam`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tohuman.probes.practice import load_truth, platform_ids
from tohuman.runners.exam import Case, serving_practice, walk_cases

CASES = [
    f"{platform}/{start}/{stop}"
    for platform in platform_ids()
    for start in load_truth(platform).starts
    for stop in ("offered", "answered")
]
#: Two at a time, as the machines of the tests have two processors.
JOBS = 2
#: Run id, and what differs.
Found = tuple[str, list[str]]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, Found]:
    """All cases that were asked for, walked in one go: case → (run id, what differs)."""
    asked = {item.callspec.params["case"] for item in request.session.items if _is_ours(item)}
    data: Path = tmp_path_factory.mktemp("walked")

    async def walk() -> dict[str, Found]:
        platforms = [platform for platform in platform_ids() if any(name.startswith(f"{platform}/") for name in asked)]
        async with serving_practice(platforms, ["offered", "answered"]) as every:
            cases: list[Case] = [case for case in every if case.name in asked]
            # Those of one platform wait for each other: begin with one of each.
            cases.sort(key=lambda case: (case.stop, case.start))
            return dict(zip((case.name for case in cases), await walk_cases(cases, data, jobs=JOBS), strict=True))

    return asyncio.run(walk())


def _is_ours(item: pytest.Item) -> bool:
    return getattr(item, "originalname", "") == "test_the_walk_equals_the_truth" and hasattr(item, "callspec")


@pytest.mark.parametrize("case", CASES)
def test_the_walk_equals_the_truth(walked: dict[str, Found], case: str) -> None:
    run_id, differences = walked[case]
    assert differences == [], run_id
