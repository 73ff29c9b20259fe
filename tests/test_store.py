"""The store is an index of the journals: put in twice or made anew it is the same, and damage stays where it is."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tohuman.results import store as store_module
from tohuman.results.events import Failure, Finding, Message, ProbeKey, RunEnded, RunStarted
from tohuman.results.ids import database_path, journal_path
from tohuman.results.journal import Journal, JournalError, read
from tohuman.results.measures import measure
from tohuman.results.migrations import migrations
from tohuman.results.store import Store, StoreError

RECORDED = Path(__file__).parent / "recorded"
PROBE = ProbeKey(platform="fennel", locale="zh-CN")


def place(data: Path, *names: str) -> list[str]:
    """Puts recorded journals where runs lie; returns their run ids."""
    ids = []
    for source in sorted(RECORDED.glob("*.jsonl")):
        if not names or source.stem in names:
            run_id = json.loads(source.read_text("utf-8").split("\n")[0])["run_id"]
            target = journal_path(data, run_id)
            target.parent.mkdir(parents=True)
            shutil.copy(source, target)
            ids.append(run_id)
    return ids


def dump(store: Store) -> str:
    """Everything in the store, but for when its migrations were applied and how the search index is laid out."""
    lines = store.db.conn.iterdump()
    return "\n".join(line for line in lines if "_sqlite_migrations" not in line and "messages_fts" not in line)


def test_every_recorded_run_is_taken_in_when_the_store_is_opened(tmp_path: Path) -> None:
    ids = place(tmp_path)
    with Store.open(tmp_path) as store:
        rows = store.runs()
        assert [row["run_id"] for row in rows] == sorted(ids)
        for row in rows:
            measures = measure(read(row["journal"])).model_dump()
            for column, value in measures.items():
                if column == "faked":
                    assert (row["faked"], row["faked_kinds"]) == (sum(value.values()), value)
                else:
                    assert (column, row[column]) == (column, value)


def test_what_died_is_interrupted_and_named_once(tmp_path: Path) -> None:
    (died,) = place(tmp_path, "died_on_the_way")
    content = journal_path(tmp_path, died).read_bytes()
    with Store.open(tmp_path, sweep=False) as store:
        assert store.sweep_interrupted() == [died]
        assert store.sweep_interrupted() == []
        row = store.run(died)
        assert row is not None
        assert (row["state"], row["outcome"], row["valid"]) == ("interrupted", "interrupted", False)
    assert journal_path(tmp_path, died).read_bytes() == content


def test_a_living_run_is_left_alone_until_it_ends(tmp_path: Path) -> None:
    started = RunStarted(run_id="alive", at="2026-01-01T00:00:00Z", probe=PROBE, start_url="http://x/")
    journal = Journal.create(journal_path(tmp_path, "alive"), started)
    with Store.open(tmp_path) as store:
        assert store.runs() == []
        assert store.rebuild().running == 1
        assert store.runs() == []
        (running,) = store.runs(state="running")
        assert (running["run_id"], running["outcome"], running["barriers"]) == ("alive", None, [])
        assert not [key for key in running if key.endswith("_2")]
        journal.append(Finding(finding="offered"))
        journal.append(RunEnded(at="2026-01-01T00:01:00Z"))
        journal.close()
        assert store.sweep_interrupted() == []
        assert [row["outcome"] for row in store.runs()] == ["handoff"]


def test_an_interrupted_run_that_is_gone_on_with_is_measured_again(tmp_path: Path) -> None:
    (died,) = place(tmp_path, "died_on_the_way")
    with Store.open(tmp_path) as store:
        with Journal.reopen(journal_path(tmp_path, died)) as journal:
            journal.append(Failure(outcome="broken", reason="worker_killed", sentence="The worker was killed."))
            journal.append(RunEnded(at="x"))
        store.sweep_interrupted()
        row = store.run(died)
        assert row is not None
        assert (row["state"], row["outcome"], row["why"]) == ("ended", "broken", "The worker was killed.")


def test_taking_in_twice_changes_nothing(tmp_path: Path) -> None:
    ids = place(tmp_path)
    with Store.open(tmp_path) as store:

        def rows() -> list[list[tuple[object, ...]]]:
            tables = ("runs", "measures", "barriers", "steps")
            return [sorted(map(tuple, store.db.execute(f"SELECT * FROM {table}")), key=repr) for table in tables]

        for _ in range(2):
            before = rows()
            for run_id in ids:
                store.ingest(journal_path(tmp_path, run_id))
            assert rows() == before
        assert store.db.table("messages").count == sum(
            1 for run_id in ids for event in read(journal_path(tmp_path, run_id)) if isinstance(event, Message)
        )


def test_made_anew_it_is_the_same(tmp_path: Path) -> None:
    place(tmp_path)
    with Store.open(tmp_path) as store:
        store.rebuild()
        first = dump(store)
        steps: list[tuple[int, int]] = []
        assert store.rebuild(lambda done, of: steps.append((done, of))).runs == len(list(RECORDED.glob("*.jsonl")))
        assert dump(store) == first
        assert steps[-1] == (steps[-1][1], len(steps))
        fresh = tmp_path / "elsewhere"
        shutil.copytree(tmp_path / "runs", fresh / "runs")
        with Store.open(fresh, sweep=False) as other:
            other.rebuild()
            assert dump(other) == first


def test_a_run_whose_journal_is_gone_is_gone_after_making_anew(tmp_path: Path) -> None:
    ids = place(tmp_path)
    with Store.open(tmp_path) as store:
        shutil.rmtree(journal_path(tmp_path, ids[0]).parent)
        store.rebuild()
        assert store.run(ids[0]) is None
        assert len(store.runs()) == len(ids) - 1
        assert list(store.db.query("PRAGMA foreign_key_check")) == []


@pytest.mark.parametrize(
    ("damage", "state", "problem"),
    [
        (lambda content: content.replace(b'"n": 4', b'"n": 5', 1), "damaged", "Line 4 of the journal"),
        (lambda content: b"\x00" * 50 + b"\n" + content, "damaged", "Line 1 of the journal"),
        (lambda content: content.replace(b'"schema_version": 1', b'"schema_version": 9'), "newer", "newer version"),
        (lambda content: content + b'{"n":1}\n', "damaged", "Line 26 of the journal"),
    ],
)
def test_a_damaged_journal_is_an_error_row_and_harms_no_other(
    tmp_path: Path, damage: Callable[[bytes], bytes], state: str, problem: str
) -> None:
    ids = place(tmp_path)
    bad = next(run_id for run_id in ids if "person-at-first" in run_id)
    path = journal_path(tmp_path, bad)
    path.write_bytes(damage(path.read_bytes()))
    with Store.open(tmp_path) as store:
        row = store.run(bad)
        assert row is not None
        assert (row["state"], row["outcome"], row["valid"]) == (state, "error", False)
        assert problem in row["problem"]
        assert row["why"] == row["problem"]
        assert row["platform"] == "person-at-first-request"
        assert row["started_at"].startswith("2026-03-01T08:00:00")
        assert len(store.runs()) == len(ids)
        assert len(store.runs(outcome="error")) == 1
        assert store.rebuild().problems == [(str(path), row["problem"])]


def test_a_copied_run_does_not_take_the_place_of_the_first(tmp_path: Path) -> None:
    (run_id,) = place(tmp_path, "no_way_at_all")
    shutil.copytree(journal_path(tmp_path, run_id).parent, tmp_path / "runs" / "copy")
    with Store.open(tmp_path) as store:
        assert [(row["run_id"], row["state"]) for row in store.runs()] == [(run_id, "ended"), ("copy", "damaged")]


def test_an_empty_journal_is_a_run_that_died_at_once(tmp_path: Path) -> None:
    path = journal_path(tmp_path, "20260401t100000-shop-abcdef")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    with Store.open(tmp_path) as store:
        (row,) = store.runs()
        assert (row["outcome"], row["platform"], row["started_at"]) == (
            "interrupted",
            "shop",
            "2026-04-01T10:00:00+00:00",
        )


def test_what_is_no_run_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "runs" / "Not A Run").mkdir(parents=True)
    (tmp_path / "runs" / "Not A Run" / "journal.jsonl").write_text("x")
    (tmp_path / "runs" / "no-journal").mkdir()
    with Store.open(tmp_path) as store:
        assert store.runs() == []
        with pytest.raises(JournalError, match="nothing tells which run"):
            store.ingest(tmp_path / "runs" / "Not A Run" / "journal.jsonl")
        with pytest.raises(JournalError, match="No such file"):
            store.ingest(tmp_path / "runs" / "no-journal" / "journal.jsonl")


def test_runs_are_filtered_by_any_part_of_their_probe(tmp_path: Path) -> None:
    place(tmp_path)
    with Store.open(tmp_path) as store:
        everything = store.runs()
        for column in ("platform", "outcome", "start", "surface", "policy", "locale", "observer", "stop", "simulated"):
            for value in {row[column] for row in everything}:
                got = store.runs(**{column: value})
                assert got == [row for row in everything if row[column] == value]
        assert store.runs(newest_first=True, limit=2) == everything[::-1][:2]
        assert store.runs(since="2026-03-01T08:00:00Z") == everything
        assert store.runs(until="2026-03-01T08:00:00Z") == []
        assert store.runs(platform="x' OR '1'='1") == []
        assert store.run("\ud800") is None


def test_messages_are_found_in_chinese_and_english(tmp_path: Path) -> None:
    place(tmp_path)
    with Store.open(tmp_path) as store:

        def found(words: str) -> set[str]:
            return {row["text"] for row in store.search(words)}

        assert found("人工") == {"转人工", "人工", "欢迎致电，按1查询话费，按2办理业务，按0人工服务"}
        assert found("转人工") == {"转人工"}
        assert found("正在排队") == {"正在排队，您前面还有4位", "正在排队，您前面还有3位"}
        assert found("排队 4") == {"正在排队，您前面还有4位"}
        assert found("CONNECTING colleague") == {
            "Connecting you with a colleague.",
            "Connecting you to a colleague now.",
        }
        for nothing in ("", "   ", "%", "_", '"', "' OR 1=1 --", "AND OR", "NEAR(", "*", "\x00", "\ud800", "排队退款"):
            assert found(nothing) == set()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(), max_size=60), st.text(alphabet=st.characters(), max_size=20))
def test_any_text_is_stored_and_any_words_are_searched(
    tmp_path_factory: pytest.TempPathFactory, text: str, words: str
) -> None:
    data = tmp_path_factory.mktemp("data")
    started = RunStarted(
        run_id="any", at=words, probe=ProbeKey(platform=text, vantage=words), start_url=text, platform_name=words
    )
    with Journal.create(journal_path(data, "any"), started) as journal:
        journal.append(Message(id=words, author="bot", text=text, options=[words]))
    with Store.open(data) as store:
        (row,) = store.runs()
        assert row["state"] == "interrupted"
        (message,) = store.messages("any")
        assert "\x00" not in message["text"]
        part = message["text"].split()
        if part:
            assert store.search(part[0][:40]) or "\ufffd" in part[0]
        store.search(words)


def test_two_different_probes_are_never_one(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for probe in (
            ProbeKey(platform="a/help", start="home"),
            ProbeKey(platform="a", start="help"),
            ProbeKey(platform="a%2Fhelp", start="home"),
        ):
            assert store.plan(probe, ["2026-01-01"]) == 1
        assert store.db.table("probes").count == 3


# ---- planned times -----------------------------------------------------------------------------------------------


def test_every_planned_time_becomes_something(tmp_path: Path) -> None:
    times = ["2026-05-01T08:00:00+02:00", "2026-05-02T06:00:00Z", "2026-05-03T06:00:00"]
    with Store.open(tmp_path) as store:
        assert store.plan(PROBE, times) == 3
        assert store.plan(PROBE, [*times, "2026-05-04T06:00:00Z"]) == 1
        started = RunStarted(
            run_id="planned", at="2026-05-01T06:00:09Z", probe=PROBE, start_url="", setting={"due": times[0]}
        )
        with Journal.create(journal_path(tmp_path, "planned"), started) as journal:
            journal.append(Finding(finding="offered"))
            journal.append(RunEnded(at=""))
        store.ingest(journal.path)
        missed = store.record_not_run(PROBE, "missed", "machine_off", times[1], sentence="The machine was off.")
        barred = store.record_not_run(PROBE, "not_attempted", "robots", times[2])
        assert store.record_not_run(PROBE, "missed", "machine_off", times[1]) == missed
        assert [(row["due_at"], row["outcome"], row["reason"], row["run_id"]) for row in store.due()] == [
            ("2026-05-01T06:00:00+00:00", "run", "", "planned"),
            ("2026-05-02T06:00:00+00:00", "missed", "machine_off", missed),
            ("2026-05-03T06:00:00+00:00", "not_attempted", "robots", barred),
            ("2026-05-04T06:00:00+00:00", "planned", "", None),
        ]
        assert [row["due_at"][:10] for row in store.due(outcome="planned")] == ["2026-05-04"]
        assert len(store.due(before="2026-05-02T06:00:00Z")) == 2
        assert store.due()[0]["probe"] == PROBE
        assert [(row["outcome"], row["valid"], row["actions"], row["why"]) for row in store.runs()][1:] == [
            ("missed", False, 0, "The machine was off."),
            ("not_attempted", False, 0, "Not run: robots."),
        ]
        before = store.due()
        store.rebuild()
        assert store.due() == before
        assert list(store.db.query("PRAGMA foreign_key_check")) == []


def test_planned_times_come_back_from_the_journals_alone(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.record_not_run(PROBE, "missed", "machine_off", "2026-05-02T06:00:00Z")
        before = store.due()
    for file in tmp_path.glob("tohuman.db*"):
        file.unlink()
    with Store.open(tmp_path) as store:
        assert store.due() == before


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store, pytest.raises(ValueError, match="isoformat"):
        store.record_not_run(PROBE, "missed", "machine_off", "tomorrow")


# ---- the file ----------------------------------------------------------------------------------------------------


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = list(migrations._migrations)

    def half(db: object) -> None:
        raise sqlite3.OperationalError("no such tokenizer: trigram")

    broken = [real[0], type(real[1])("m002_messages_and_their_search", half), real[2]]
    monkeypatch.setattr(migrations, "_migrations", broken)
    with pytest.raises(StoreError, match="no such tokenizer"):
        Store.open(tmp_path)
    connection = sqlite3.connect(database_path(tmp_path))
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    monkeypatch.undo()
    with Store.open(tmp_path) as store:
        assert [migration.name for migration in migrations.applied(store.db)] == [one.name for one in real]


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.db.table("_sqlite_migrations").insert({"migration_set": "tohuman", "name": "m999", "applied_at": ""})
    with pytest.raises(StoreError, match="newer version of tohuman"):
        Store.open(tmp_path)


@pytest.mark.parametrize(
    "content", [b"this is no database, but long enough " * 30, b"SQLite format 3\x00" + b"\xff" * 4000]
)
def test_a_damaged_database_is_one_sentence_and_can_be_made_anew(tmp_path: Path, content: bytes) -> None:
    ids = place(tmp_path)
    database_path(tmp_path).write_bytes(content)
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path)
    assert "\n" not in str(caught.value)
    assert "measure --all" in str(caught.value)
    with Store.open(tmp_path, repair=True, sweep=False) as store:
        assert store.rebuild().runs == len(ids)
    assert (tmp_path / "tohuman.db.damaged").read_bytes() == content


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"can't be opened \(.*\)\.$"):
        Store.open(tmp_path / "file" / "data")
    (tmp_path / "tohuman.db").mkdir()
    with pytest.raises(StoreError, match=r"can't be opened \(unable to open database file\)\.$"):
        Store.open(tmp_path)


def test_a_full_disk_while_taking_in_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    ids = place(tmp_path, "no_way_at_all", "several_walls")
    with Store.open(tmp_path, sweep=False) as store:
        store.ingest(journal_path(tmp_path, ids[0]))
        before = dump(store)
        pages = store.db.execute("PRAGMA page_count").fetchone()[0]
        store.db.execute(f"PRAGMA max_page_count = {pages}")
        started = RunStarted(run_id="big", at="", probe=PROBE, start_url="")
        with Journal.create(journal_path(tmp_path, "big"), started) as journal:
            for number in range(50):
                journal.append(Message(id=f"m{number}", author="bot", text=f"{number} " * 5_000))
        with pytest.raises(StoreError, match="full"):
            store.ingest(journal.path)
        assert dump(store) == before


def test_a_store_in_use_by_a_writer_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "BUSY", 0.1)
    (run_id,) = place(tmp_path, "no_way_at_all")
    with Store.open(tmp_path, sweep=False) as store:
        other = sqlite3.connect(store.path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            store.ingest(journal_path(tmp_path, run_id))
        other.rollback()
        other.close()
        store.ingest(journal_path(tmp_path, run_id))
        assert len(store.runs()) == 1


def test_readers_of_other_programs_see_plain_tables(tmp_path: Path) -> None:
    """What Datasette looks at: journal mode, declared foreign keys, the search table that names its content."""
    place(tmp_path)
    Store.open(tmp_path).close()
    connection = sqlite3.connect(f"file:{database_path(tmp_path)}?mode=ro", uri=True)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    keys = {
        (table, row[3], row[2])
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for row in connection.execute("SELECT * FROM pragma_foreign_key_list(?)", [table])
    }
    assert {("measures", "run_id", "runs"), ("runs", "probe", "probes"), ("probes", "platform", "platforms")} <= keys
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'messages_fts'").fetchone()
    assert 'content="messages"' in sql
    assert connection.execute("SELECT count(*) FROM messages_fts WHERE messages_fts MATCH '转人工'").fetchone() == (1,)
    connection.close()
