"""What is gathered from lexicons and kept on disk: read back the same, made anew when damaged, never in the way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tohuman.probes.reading import Reader, reader
from tohuman.probes.reading.compound import Found
from tohuman.probes.reading.kept import folder
from tohuman.probes.reading.matcher import Matcher
from tohuman.probes.reading.normal import normalise
from tohuman.probes.reading.pattern import combine
from tohuman.probes.reading.plan import Plan, plan_of

READING = Path(reader.__file__).parent
TEXTS = (
    ("A colleague will join this chat. You are number 4 in the queue.", "en"),
    ("Ich bin Lea und übernehme jetzt den Chat.", "de"),
    ("正在为您转接人工客服，前面还有3位，请稍候。", "zh-CN"),
    ("Agent Marta dołączyła do rozmowy", "pl"),
)


def answers(reader: Reader, texts: Sequence[tuple[str, str]] = TEXTS) -> list[object]:
    return [reader.message(text, locale) for text, locale in texts]


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules and some of the lexicons: gathering all takes many seconds, and each test gathers several times."""
    few = tmp_path_factory.mktemp("few")
    shutil.copytree(READING / "rules", few / "rules")
    (few / "lexicon").mkdir()
    for name in ("en", "de", "pl", "zh-CN"):
        shutil.copy(READING / "lexicon" / f"{name}.yaml", few / "lexicon")
    return few


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = folder()
    assert found is not None
    return found


def test_what_is_read_back_reads_the_same(place: Path, few: Path) -> None:
    made = answers(Reader(few))
    files = {path.name: path.stat().st_mtime_ns for path in place.iterdir()}
    assert any(name.startswith("plan-zh-CN-") for name in files)
    assert answers(Reader(few)) == made
    assert {path.name: path.stat().st_mtime_ns for path in place.iterdir()} == files
    if os.name == "posix":
        assert place.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["", "half", "word", "shape"])
def test_a_damaged_file_is_made_anew(place: Path, few: Path, damage: str) -> None:
    made = answers(Reader(few), TEXTS[1:2])
    for path in place.iterdir():
        text = path.read_text(encoding="utf-8")
        broken = {"": "", "half": text[: len(text) // 2], "word": text.replace("e", "a", 3), "shape": "x\n[1]"}[damage]
        path.write_text(broken, encoding="utf-8")
    assert answers(Reader(few), TEXTS[1:2]) == made
    assert answers(Reader(few), TEXTS[1:2]) == made


def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path: Path, few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    blocked = answers(Reader(few))
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert folder() is None
    assert answers(Reader(few)) == blocked
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_another_lexicon_is_another_file(place: Path, few: Path, tmp_path: Path) -> None:
    """The words of a changed lexicon are never read from what was kept of the old one."""
    copy = tmp_path / "copy"
    shutil.copytree(few, copy)
    before = Reader(copy).control("Zwirbel den Quast", "de").signal
    path = copy / "lexicon" / "de.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  ask_human: |\n", "  ask_human: |\n    zwirbel den quast\n", 1), encoding="utf-8")
    assert (before, Reader(copy).control("Zwirbel den Quast", "de").signal) == ("other", "ask_human")


def test_a_plan_survives_being_written_down() -> None:
    entries = {
        "a": ["agent", "*arbeiter*", "live ~2 (chat|support)"],
        "b": ["^hello {a}", "=bye", "person", "personal", "per*"],
    }
    patterns = {name: combine(found, 4) for name, found in entries.items()}
    plan = plan_of(patterns, {"a"})
    again = Plan.read(plan.json())
    assert {literal.text for literal in again.spoken()} >= {"agent", "live", "chat", "support"}

    def hits(made: Plan, text: str) -> list[dict[str, list[tuple[int, int]]]]:
        found: list[Found] = Matcher(made, {}).find(normalise(text))
        return [{name: sorted(spans) for name, spans in sentence.hits.items()} for sentence in found]

    for text in (
        "hello agent",
        "say hello agent",
        "bye",
        "bye bye",
        "Mitarbeiterin",
        "live web chat",
        "personal",
        "persons",
    ):
        assert hits(again, text) == hits(plan, text)
    assert hits(plan, "hello agent")[0]["b"]
    assert "b" not in hits(plan, "say hello agent")[0]
    assert hits(plan, "Mitarbeiterin")[0]["a"]
    assert hits(plan, "live web chat")[0]["a"]
    assert hits(plan, "bye")[0]["b"]
    assert "b" not in hits(plan, "bye bye")[0]
