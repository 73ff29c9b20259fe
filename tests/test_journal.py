"""The journal: what is appended is read back, whatever the text; a torn tail costs one event; damage is named."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tohuman.results import ids, journal, lines
from tohuman.results.events import Candidate, Choice, Event, Message, Note, ProbeKey, RunEnded, RunStarted, Wait
from tohuman.results.journal import Journal, JournalDamaged, JournalError, JournalNewer, JournalUnwritable, load, read
from tohuman.results.lock import is_alive

STARTED = RunStarted(
    run_id="20260101t120000-shop-abcdef",
    at="2026-01-01T12:00:00+00:00",
    probe=ProbeKey(platform="shop"),
    start_url="http://127.0.0.1/",
)
texts = st.text(alphabet=st.characters(), max_size=200)  # surrogates and NUL included
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def write(path: Path, *events: Event) -> Path:
    with Journal.create(path, STARTED) as file:
        for event in events:
            file.append(event)
    return path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts, texts, json_values), max_size=5))
def test_what_is_appended_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str, object]]
) -> None:
    path = tmp_path_factory.mktemp("run") / "journal.jsonl"
    events: list[Event] = []
    for text, name, value in parts:
        events.append(Message(id="m1", author="bot", text=text, name=name, t=1.5))
        events.append(Note(text=name, data={text: value}, t=2))
    write(path, *events)
    got = read(path)
    assert [event.n for event in got] == list(range(1, len(events) + 2))
    assert path.read_bytes().count(b"\n") == len(got)
    for sent, back in zip(events, got[1:], strict=True):
        if isinstance(sent, Message):
            assert isinstance(back, Message)
            whole = sent.text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            assert back.text == whole
            assert back.t == 1.5


@pytest.mark.parametrize("text", ["\x00", "a\ud800b", "\ud83d\ude00", "one\u2028two\u0085three\r\nfour", '"}\n{"'])
def test_a_hostile_text_stays_on_its_line(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "journal.jsonl", Message(id="m1", author="bot", text=text), RunEnded(at="now"))
    got = read(path)
    assert len(got) == 3
    assert isinstance(got[1], Message)
    assert got[1].text == text.replace("\ud83d\ude00", "😀").replace("a\ud800b", "a\ufffdb")
    assert len(path.read_bytes().split(b"\n")) == 4


def test_ten_megabytes_of_text_are_cut_with_a_mark(tmp_path: Path) -> None:
    path = write(tmp_path / "journal.jsonl", Message(id="m1", author="bot", text="长" * 10_000_000), RunEnded(at=""))
    got = read(path)[1]
    assert isinstance(got, Message)
    assert got.text.endswith("…[cut, 10000000 characters]")
    assert path.stat().st_size < lines.LINE_CAP


def test_ten_thousand_options_are_cut_to_a_line(tmp_path: Path) -> None:
    many = [Candidate(label="x" * 5_000, why="y" * 5_000) for _ in range(10_000)]
    path = write(tmp_path / "journal.jsonl", Choice(candidates=many, chosen=3))
    assert path.stat().st_size < lines.LINE_CAP + 1_000
    got = read(path)[1]
    assert isinstance(got, Choice)
    assert got.chosen == 3
    assert got.candidates[3].label.startswith("xxx")


def test_keys_stand_in_the_order_of_the_model_and_chinese_is_readable(tmp_path: Path) -> None:
    path = write(tmp_path / "journal.jsonl", Message(id="m1", author="bot", text="转人工"))
    line = path.read_text("utf-8").split("\n")[1]
    assert "转人工" in line
    assert list(json.loads(line)) == list(Message.model_fields)


def test_a_torn_tail_at_every_byte_costs_only_the_last_event(tmp_path: Path) -> None:
    whole = write(tmp_path / "a" / "journal.jsonl", Note(text="第一"), Note(text="第二"), RunEnded(at="x")).read_bytes()
    ends = [index + 1 for index, byte in enumerate(whole) if byte == ord("\n")]
    path = tmp_path / "b" / "journal.jsonl"
    path.parent.mkdir()
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        loaded = load(path)
        assert len(loaded.events) == sum(1 for end in ends if end <= cut)
        assert loaded.size + len(loaded.torn) == cut


@pytest.mark.parametrize("back", [1, 2, 7, 30])
def test_a_torn_tail_is_set_aside_when_the_run_is_gone_on_with(tmp_path: Path, back: int) -> None:
    path = write(tmp_path / "journal.jsonl", Note(text="kept", t=4.0), Note(text="torn"))
    content = path.read_bytes()
    path.write_bytes(content[:-back])
    with Journal.reopen(path) as file:
        assert file.append(RunEnded(at="x")) == 4
    events = read(path)
    assert [event.type for event in events] == ["run_started", "note", "note", "run_ended"]
    assert isinstance(events[2], Note)
    assert events[2].data["file"] == "journal.torn"
    assert events[3].t >= 4.0
    assert content.endswith((tmp_path / "journal.torn").read_bytes()[:-1] + content[-back:])


def test_a_whole_journal_is_gone_on_with_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "journal.jsonl", Note(text="kept"))
    with Journal.reopen(path) as file:
        file.append(RunEnded(at="x"))
    assert [event.n for event in read(path)] == [1, 2, 3]
    assert not (tmp_path / "journal.torn").exists()


LINE = b'{"n":2,"t":0,"type":"note","text":"a"}\n'


@pytest.mark.parametrize(
    ("damage", "line", "what"),
    [
        (b"\n", 2, "no JSON"),
        (b"\x00\x00\x00\n", 2, "no JSON"),
        (b"{\n" + LINE, 2, "no JSON"),
        (b"\xff\n", 2, "not UTF-8"),
        (b"[]\n", 2, "no JSON object"),
        (b"[" * 100_000 + b"\n", 2, "no JSON"),
        (LINE.replace(b"2", b"3"), 2, "says it is number 3"),
        (LINE + LINE, 3, "says it is number 2"),
        (LINE.replace(b"note", b"wonder"), 2, "'wonder' is not known"),
        (LINE.replace(b'"a"', b'"a","new":1'), 2, "new"),
        (LINE.replace(b'"a"', b"7"), 2, "text"),
        (b'{"n":2,"t":NaN,"type":"note","text":"a"}\n', 2, "NaN"),
    ],
)
def test_damage_is_named_by_line(tmp_path: Path, damage: bytes, line: int, what: str) -> None:
    path = write(tmp_path / "journal.jsonl")
    path.write_bytes(path.read_bytes() + damage)
    with pytest.raises(JournalError) as caught:
        read(path)
    assert caught.value.line == line
    assert what in caught.value.what
    assert str(caught.value).startswith(f"Line {line} of the journal {path}: ")
    assert len(str(caught.value)) < 600


def test_the_first_event_says_which_run_it_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(LINE.replace(b"2", b"1"))
    with pytest.raises(JournalDamaged, match="note event can't stand there"):
        read(path)


def test_a_journal_of_a_newer_version_is_refused_as_such(tmp_path: Path) -> None:
    path = write(tmp_path / "journal.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"schema_version":1', b'"schema_version":2,"extra":{}'))
    with pytest.raises(JournalNewer, match="newer version of tohuman"):
        read(path)
    this_version = path.read_bytes().replace(b'"schema_version":2,"extra":{}', b'"schema_version":1')
    path.write_bytes(this_version + b'{"type":"x"}\n')
    with pytest.raises(JournalNewer, match="newer version"):
        read(path)


def test_an_empty_or_missing_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with pytest.raises(JournalError, match="No such file"):
        read(path)
    path.write_bytes(b"")
    assert read(path) == []
    with pytest.raises(JournalDamaged, match="no whole event"):
        Journal.reopen(path)
    assert not is_alive(tmp_path)


def test_a_journal_is_never_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path / "journal.jsonl", Note(text="kept"))
    with pytest.raises(JournalUnwritable, match="File exists"):
        Journal.create(path, STARTED)
    assert len(read(path)) == 2


def test_the_lock_tells_a_living_run(tmp_path: Path) -> None:
    assert not is_alive(tmp_path)
    file = Journal.create(tmp_path / "journal.jsonl", STARTED)
    assert is_alive(tmp_path)
    with pytest.raises(JournalUnwritable, match="another process holds the run"):
        Journal.reopen(tmp_path / "journal.jsonl")
    file.close()
    file.close()
    assert not is_alive(tmp_path)
    with pytest.raises(JournalUnwritable, match="it is closed"):
        file.append(Note(text="late"))


def test_a_full_disk_leaves_the_journal_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Journal.create(tmp_path / "journal.jsonl", STARTED)
    file.append(Note(text="kept"))
    real = os.write

    def half(fd: int, line: bytes) -> int:
        return real(fd, line[: len(line) // 2])

    def none(fd: int, line: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for fault in (half, none):
        monkeypatch.setattr(journal.os, "write", fault)
        with pytest.raises(JournalUnwritable) as caught:
            file.append(Note(text="lost"))
        assert str(caught.value) == f"The journal {file.path}: it can't be written (No space left on device)."
        monkeypatch.undo()
    assert file.append(Note(text="room again")) == 3
    file.close()
    assert [event.n for event in read(file.path)] == [1, 2, 3]
    assert load(file.path).torn == b""


def test_when_even_cutting_back_fails_nothing_more_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Journal.create(tmp_path / "journal.jsonl", STARTED)
    real = os.write

    def fail(fd: int, size: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(journal.os, "write", lambda fd, line: real(fd, line[:10]))
    monkeypatch.setattr(journal.os, "ftruncate", fail)
    with pytest.raises(JournalUnwritable):
        file.append(Note(text="lost"))
    monkeypatch.undo()
    with pytest.raises(JournalUnwritable):
        file.append(Note(text="would be damage"))
    file.close()
    loaded = load(file.path)
    assert len(loaded.events) == 1
    assert len(loaded.torn) == 10


def test_an_unwritable_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a directory should be")
    with pytest.raises(JournalUnwritable) as caught:
        Journal.create(tmp_path / "taken" / "run" / "journal.jsonl", STARTED)
    assert str(caught.value).endswith("it can't be begun (Not a directory).")


def test_an_event_that_could_not_be_read_back_is_not_written(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "journal.jsonl", STARTED) as file:
        with pytest.raises(JournalError, match="seconds"):
            file.append(Wait(kind="bot", seconds=float("inf")))
        assert file.append(Note(text="next")) == 2
    assert len(read(tmp_path / "journal.jsonl")) == 2


def test_one_write_and_one_sync_per_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    file = Journal.create(tmp_path / "journal.jsonl", STARTED)
    write_, sync = os.write, os.fsync

    def writing(fd: int, line: bytes) -> int:
        calls.append("write")
        return write_(fd, line)

    def syncing(fd: int) -> None:
        calls.append("fsync")
        sync(fd)

    monkeypatch.setattr(journal.os, "write", writing)
    monkeypatch.setattr(journal.os, "fsync", syncing)
    for _ in range(3):
        file.append(Note(text="x"))
    monkeypatch.undo()
    file.close()
    assert calls == ["write", "fsync"] * 3


@given(st.text(max_size=120))
def test_run_ids_are_safe_names(platform: str) -> None:
    run_id = ids.new_run_id(platform)
    assert ids.is_run_id(run_id)
    assert ids.journal_path(Path("data"), run_id) == Path("data", "runs", run_id, "journal.jsonl")
    at, slug = ids.parts_of(run_id)
    assert at.endswith("+00:00")
    assert slug


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "x" * 97, "a\n", "ä"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no run id"):
        ids.run_dir(Path("data"), name)
