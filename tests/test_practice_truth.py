"""The ground truth of the practice platforms: complete, consistent, and independent of the program."""

from __future__ import annotations

import ast
import asyncio
import re
import time
from pathlib import Path

import pytest

from tohuman.probes.practice import load_truth, platform_ids, serve, serve_in_thread
from tohuman.probes.practice.site import Site
from tohuman.probes.practice.truth import Counts, Truth
from tohuman.results.vocabulary import Outcome, Stop

HERE = Path(__file__).parent.parent / "probes" / "practice"
IDS = platform_ids()
SIX = {"harborlight", "qingluo", "hean", "yunque", "songta", "brackenfold"}


def test_the_first_six_are_there() -> None:
    assert set(IDS) >= SIX
    assert [load_truth(i).locale for i in sorted(SIX)].count("zh-CN") == 4


@pytest.mark.parametrize("platform_id", IDS)
def test_a_truth_says_why_the_way_is_clear(platform_id: str) -> None:
    truth = load_truth(platform_id)
    for start in truth.starts.values():
        assert len(start.naive.reasoning) > 40
        assert start.informed.clicks + start.informed.turns <= start.naive.offered.clicks + start.naive.offered.turns


def test_a_press_told_late_belongs_to_the_stage_in_which_it_happened() -> None:
    site = Site(HERE / "cascada", load_truth("cascada"))
    before = time.time() * 1000
    time.sleep(0.01)
    site.reached("offered")
    site.note("press", "a beacon of a page behind another, come late", before)
    time.sleep(0.01)
    site.note("press", "pressed since", time.time() * 1000)
    site.note("field", "of a page that told no moment")
    assert [entry["stage"] for entry in site.log()] == ["way", "offered", "offered"]
    site.reset()
    site.note("press", "of a new visitor", time.time() * 1000)
    assert [entry["stage"] for entry in site.log()] == ["way"]


@pytest.mark.parametrize("platform_id", IDS)
def test_a_gate_or_diversion_is_named_exactly_where_the_outcome_has_one(platform_id: str) -> None:
    for start in load_truth(platform_id).starts.values():
        for stop in Stop:
            counts: Counts = start.naive.at(stop)[0]
            assert (counts.gate is not None) == (counts.outcome is Outcome.GATED)
            assert (counts.to is not None) == (counts.outcome is Outcome.DIVERTED)


def test_a_way_that_does_not_add_up_is_refused() -> None:
    import yaml

    raw = yaml.safe_load((HERE / "harborlight" / "truth.yaml").read_text(encoding="utf-8"))
    raw["starts"]["help"]["naive"]["offered"]["clicks"] = 2
    with pytest.raises(ValueError, match="2 actions on the way, 3 counted"):
        Truth.model_validate(raw)


def test_names_are_unlike_each_other() -> None:
    names = [load_truth(i).name for i in IDS]
    assert len(set(names)) == len(names)


def test_the_sites_know_nothing_of_the_program() -> None:
    for path in HERE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and "tohuman" in node.module:
                assert re.match(r"tohuman\.(probes\.practice|results\.vocabulary)", node.module), (path, node.module)


def test_no_page_names_an_address_elsewhere() -> None:
    for path in HERE.rglob("*"):
        if path.suffix in {".html", ".js", ".css"}:
            for url in re.findall(r"https?://[^\s'\"`)]+", path.read_text(encoding="utf-8")):
                assert url.startswith("http://www.w3.org/"), (path, url)


def _long_texts(folder: Path) -> set[str]:
    """Sentences a site can say: string constants of its code and lines of its data, long enough to be its own."""
    found: set[str] = set()
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documentation = {ast.get_docstring(n, clean=False) for n in ast.walk(tree) if isinstance(n, ast.Module)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in documentation:
                text = node.value.strip()
                if len(text.encode()) >= 30 and not text.startswith(("/", "tohuman.", "^", "\\")):
                    found.add(text)
    return found


def test_no_bot_text_is_shared() -> None:
    seen: dict[str, str] = {}
    for platform_id in IDS:
        for text in _long_texts(HERE / platform_id):
            assert seen.setdefault(text, platform_id) == platform_id, f"{text!r} in {seen[text]} and {platform_id}"


def test_an_unknown_platform_is_a_key_error() -> None:
    async def ask() -> None:
        async with serve(["nobody"]):
            raise AssertionError("served an unknown platform")

    with pytest.raises(KeyError, match="nobody"):
        asyncio.run(ask())


def test_only_what_was_asked_for_is_served_on_loopback() -> None:
    with serve_in_thread(["hean"]) as practice:
        assert list(practice.platforms) == ["hean"]
        assert practice.platforms["hean"].url.startswith("http://127.0.0.1:")
        practice.reset("hean")
        assert practice.platforms["hean"].log() == []
