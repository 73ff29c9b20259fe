"""The hold-out sites walked by the naive policy as the command line does it: figures equal the truth once solved.

They have been looked at by now and measure nothing unseen any more; this keeps what was learned from them.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.unseen import serve_unseen, site_ids
from tests.unseen.score import _COLUMNS, Score, score


@pytest.mark.parametrize("site_id", site_ids())
def test_a_hold_out_site_is_walked_as_its_truth_says(site_id: str, tmp_path: Path) -> None:
    async def walk() -> list[Score]:
        async with serve_unseen([site_id]) as sites:
            (site,) = sites.values()
            return [await score(site, str(start), "walk", tmp_path) for start in site.truth.starts]

    for one in asyncio.run(walk()):
        assert [column for column in _COLUMNS if not one.right(column)] == [], one.line()
