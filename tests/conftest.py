"""Which tests `make test` leaves to `make test-all` (those that take minutes each), which stand first, and how long
pages are waited for.

Nothing is skipped silently: pytest's closing line counts what was deselected.
"""

from __future__ import annotations

import hypothesis
import pytest
from playwright.async_api import expect as expect_async
from playwright.sync_api import expect

# What a page is to show is waited for as long as a busy machine needs.
expect.set_options(timeout=20_000)
expect_async.set_options(timeout=20_000)

# How long an example takes is the machine's affair: a busy one is no defect.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

LONG = {
    "test_bench",
    "test_crash_run",
    "test_explore_practice",
    "test_heal",
    "test_hostile",
    "test_unseen_walk",
    "test_watch_command",
}
#: The first issue's platforms, and one behind a log-in; the others are walked in `make test-all` and `make exam`.
WALKED = ("harborlight", "qingluo", "hean", "yunque", "songta", "brackenfold", "fuyao")

#: Files that take minutes and would otherwise be left to one lane at the end.
EARLY = ("test_walk_practice", "test_walk_over", "test_walk_sites", "test_walk_late")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: EARLY.index(item.path.stem) if item.path.stem in EARLY else len(EARLY))
    for item in items:
        module = item.path.stem
        walk = module == "test_walk_practice" and not any(f"[{name}/" in item.name for name in WALKED)
        if (module in LONG and item.path.parent.name == "tests") or walk:
            item.add_marker(pytest.mark.long)
