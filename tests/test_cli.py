"""The command line keeps its contract: one sentence and one exit code for every error, and JSON a program can read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tohuman.results.events import (
    AnyEvent,
    Conversation,
    Failure,
    Finding,
    FormField,
    Gesture,
    Message,
    Obstacle,
    ProbeKey,
    Queue,
    RunEnded,
    RunStarted,
    View,
    Wait,
)
from tohuman.results.ids import journal_path
from tohuman.results.journal import Journal
from tohuman.runners import cli
from tohuman.runners.errors import TohumanError
from tohuman.runners.exits import MEANINGS, Exit
from tohuman.runners.terminal import pad, sanitise, table, width

ROOT = Path(__file__).resolve().parent.parent
RUN = "20261122t080000-hean-abcdef"
NASTY = "\x1b[2J\x1b]0;owned\x07\u202egnp\x00\x9b31m<b>人工客服</b>\r\n"


def tohuman(
    *arguments: str, env: dict[str, str] | None = None, seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    import os

    return subprocess.run(
        [sys.executable, "-c", "from tohuman.runners.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
        env={**{k: v for k, v in os.environ.items() if k != "TOHUMAN_DEBUG"}, **(env or {})},
    )


def one_sentence(text: str) -> str:
    """Exactly one line on standard error, and no trace of Python."""
    assert text.count("\n") == 1, text
    assert text.startswith("tohuman: ")
    assert text.endswith(".\n")
    assert "Traceback" not in text
    return text


def write(data: Path, run_id: str, events: list[AnyEvent], platform: str = "hean") -> Path:
    probe = ProbeKey(platform=platform, locale="zh-CN")
    started = RunStarted(
        run_id=run_id,
        at="2026-11-22T08:00:00Z",
        probe=probe,
        platform_name="禾岸" + NASTY,
        start_url="http://127.0.0.1/",
    )
    with Journal.create(journal_path(data, run_id), started) as journal:
        for event in events:
            journal.append(event)
        return journal.path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with one run that met everything, captured with every trick a page could try on a terminal."""
    write(
        tmp_path,
        RUN,
        [
            View(t=0.5, page="p1", address="http://127.0.0.1/help", title="服务中心" + NASTY),
            Wait(t=0.6, kind="page", seconds=0.5),
            Gesture(t=1.0, gesture="pointer", label="接受" + NASTY, page="p1"),
            Obstacle(t=1.1, kind="cookie", gesture=4, label="接受"),
            Gesture(t=2.0, gesture="pointer", label="咨询客服" + NASTY, page="p1"),
            Conversation(t=2.5, state="begun", page="p1"),
            Message(
                t=3.0, id="m1", author="bot", text="您好" + NASTY, name="小禾" + NASTY, options=["人工客服" + NASTY]
            ),
            Gesture(t=4.0, gesture="key", key="Enter", place="box", said="转人工" + NASTY, posted=True),
            Message(t=4.1, id="m2", author="consumer", text="转人工" + NASTY, gesture=9),
            Queue(t=5.0, state="joined", position=4),
            FormField(t=5.5, label="手机" + NASTY, kind="phone", where="wall"),
            Finding(t=6.0, finding="wall", outcome="gated", gate="phone", of=[12], text="请输入手机号" + NASTY),
            RunEnded(t=6.5, at="2026-11-22T08:00:07Z"),
        ],
    )
    return tmp_path


def harmless(text: str) -> None:
    """Nothing a terminal would obey, nothing that reorders what stands around it."""
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]", text)


# ---- the contract


def test_every_exit_code_has_a_meaning_and_the_page_says_the_same() -> None:
    page = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    rows = {int(code): meaning for code, meaning in re.findall(r"^\| (\d+) \| (.+) \|$", page, re.MULTILINE)}
    assert rows == {int(code): meaning for code, meaning in MEANINGS.items()}
    assert set(MEANINGS) == set(Exit)


def test_every_error_of_the_tree_has_its_code_in_the_picture() -> None:
    from tohuman.runners import errors

    drawn = errors.__doc__ or ""
    found = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, TohumanError)]
    for kind in found:
        line = next(line for line in drawn.splitlines() if re.search(rf"\b{kind.__name__}\b", line))
        code = re.search(rf"{kind.__name__}\s+(\d)", line)
        if code is not None:
            assert int(code[1]) == kind.exit
    assert len(found) >= 8


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_is_there_and_says_what_it_does(name: str) -> None:
    answer = tohuman(name, "--help")
    assert answer.returncode == 0
    assert len(answer.stdout) > 100


def test_help_lists_every_command() -> None:
    shown = tohuman("--help").stdout
    for name in cli.COMMANDS:
        assert re.search(rf"^  {name}\b", shown, re.MULTILINE), name


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nonsense"], Exit.USAGE, "No such command"),
        (["runs", "--nonsense"], Exit.USAGE, "No such option"),
        (["runs", "--limit", "many"], Exit.USAGE, "not a valid integer"),
        (["runs", "--outcome", "nonsense"], Exit.USAGE, "no such outcome"),
        (["show", "nonsense"], Exit.USAGE, "no such run"),
        (["show", "../../etc/passwd"], Exit.USAGE, "no such run"),
        (["show", "last"], Exit.USAGE, "no runs yet"),
        (["show", "x", "--lang", "tlh"], Exit.USAGE, "no such language"),
        (["measure"], Exit.USAGE, "--all"),
        (["measure", "none.jsonl"], Exit.USAGE, "no such journal"),
        (["run", "nonsense"], Exit.USAGE, "no such platform"),
        (["run", "hean/help"], Exit.USAGE, "no probe"),
        (["run", "hean", "--policy", "informed"], Exit.USAGE, "naive policy"),
        (["run", "hean", "--scenario", "x/y"], Exit.USAGE, ""),
        (["run", "walk.py"], Exit.USAGE, "--url"),
        (["run", "none.py", "--url", "http://127.0.0.1:1/"], Exit.USAGE, "no such script"),
        (["run", "hean", "--url", "http://127.0.0.1:1/"], Exit.USAGE, "tohuman walk"),
        (["run", "wechat/help/phone/naive/general/zh-CN"], Exit.USAGE, "surface"),
        (["practice", "nonsense"], Exit.USAGE, "no such practice platform"),
        (["demo", "--only", "nonsense"], Exit.USAGE, "no such platform"),
        (["watch", "--plan", "none.toml"], Exit.USAGE, "no plan"),
        (["exam", "nonsense"], Exit.USAGE, "no such subject"),
        (["run", "wechat"], Exit.REFUSED, "not on this machine"),
        (["walk", "https://help.example.com/"], Exit.REFUSED, "not on this machine"),
        (["walk", "http://10.0.0.1/", "--allow-private"], Exit.REFUSED, "private or reserved"),
        (["walk", "http://127.0.0.1@example.com/"], Exit.REFUSED, "user name"),
        (["walk", "file:///etc/passwd"], Exit.REFUSED, "Only http and https"),
        (["walk", "http://127.0.0.1/", "--device", "fridge"], Exit.USAGE, "not one of"),
    ],
)
def test_wrong_use_is_one_sentence_and_its_code(tmp_path: Path, arguments: list[str], code: Exit, said: str) -> None:
    if arguments[0] not in ("practice", "nonsense"):
        arguments = [*arguments, "--data", str(tmp_path / "data")]
    answer = tohuman(*arguments)
    assert said in one_sentence(answer.stderr)
    assert answer.returncode == code
    assert answer.stdout == ""


@pytest.mark.parametrize("command", [["runs"], ["run", "hean"], ["demo"], ["measure", "--all"], ["dashboard"]])
def test_an_unusable_data_directory_is_one_sentence(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    answer = tohuman(*command, env={"TOHUMAN_DATA": str(tmp_path / "file" / "data")})
    assert "--data" in one_sentence(answer.stderr)
    assert answer.returncode == Exit.DATA_UNUSABLE


@pytest.mark.parametrize("command", [["run", "hean"], ["demo", "--only", "hean"]])
def test_a_missing_browser_is_one_sentence_that_names_the_command(tmp_path: Path, command: list[str]) -> None:
    answer = tohuman(*command, "--data", str(tmp_path), env={"TOHUMAN_BROWSER": "/nowhere/chrome"})
    assert "playwright install" in one_sentence(answer.stderr.splitlines(keepends=True)[-1])
    assert answer.returncode == Exit.NO_BROWSER


def test_a_malformed_platform_file_is_named_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text("id: acme\ncolour: red\n")
    answer = tohuman("probes", "--check", "--dir", str(tmp_path))
    assert "acme.yaml: colour" in answer.stdout
    assert one_sentence(answer.stderr)
    assert answer.returncode == Exit.MALFORMED
    told = json.loads(tohuman("probes", "--check", "--json", "--dir", str(tmp_path)).stdout)
    assert told["ok"] is False
    assert tohuman("probes", "--check").returncode == 0


def test_a_debugger_gets_the_traceback_and_a_user_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from tohuman.runners import cli\nimport tohuman.runners.doctor as d\nd.examine = None\ncli.main(['doctor'])"

    def ask(**more: str) -> subprocess.CompletedProcess[str]:
        import os

        base = {name: value for name, value in os.environ.items() if name != "TOHUMAN_DEBUG"}
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=base | more, timeout=60, check=False
        )

    assert "TOHUMAN_DEBUG=1" in one_sentence(ask().stderr)
    assert ask().returncode == Exit.OUR_FAULT
    assert "Traceback" in ask(TOHUMAN_DEBUG="1").stderr


# ---- records


def test_a_walk_is_told_step_by_step_and_nothing_captured_reaches_the_terminal_raw(data: Path) -> None:
    answer = tohuman("show", "last", "--data", str(data))
    assert answer.returncode == 0
    harmless(answer.stdout)
    for said in (
        "click 1",
        "turn 1",
        "obstacle 1",
        "咨询客服",
        "人工客服",
        "小禾",
        "position 4",
        "手机",
        "phone number",
    ):
        assert said in answer.stdout, said
    assert "{" not in answer.stdout
    assert "<b>" in answer.stdout, "markup is plain text on a terminal"


def test_it_is_told_in_chinese_too(data: Path) -> None:
    answer = tohuman("show", RUN[-6:], "--lang", "zh-CN", "--data", str(data))
    assert answer.returncode == 0
    harmless(answer.stdout)
    assert "click" not in answer.stdout


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_no_line_of_a_walk_lacks_its_words(language: str) -> None:
    from typing import get_args

    from tohuman.results.narrate import Kind, Line
    from tohuman.runners.telling import Teller

    keys: dict[str, list[str]] = {
        "wait": ["page", "bot", "queue"],
        "queue": ["joined", "moved", "dropped", "left"],
        "left": ["said", "cancelled", "closed"],
        "spent": ["actions", "turns", "seconds", "queue_seconds"],
        "finding": [
            "offered",
            "taken_back",
            "joined",
            "answered",
            "dropped",
            "wall",
            "unclear",
            "no_way_left",
            "touch",
        ],
        "message": ["consumer", "bot", "human", "system", "service"],
        "obstacle": ["cookie", "newsletter", "app", "region", "notification", "other"],
        "barrier": ["bot_first"],
        "click": ["pointer", "key", "dialog", "back", "popup_closed", "jump", "scripted"],
    }
    flags = ("required", "optional", "filled", "wall", "dead", "double", "history")
    teller = Teller(language)
    missing: list[str] = []
    known = teller._words

    class Watching(dict[str, str]):
        def get(self, key: str, default: Any = None) -> Any:
            if key not in known:
                missing.append(key)
            return known.get(key, default)

    teller._words = Watching(known)
    for kind in get_args(Kind):
        for key in keys.get(kind, [""]):
            field = flags[:4] if kind == "field" else ()
            teller.walk([Line(kind, "x", 1, 0.0, key=key, name="human", number=1, options=("a",), flags=field)])
    assert missing == []


def test_runs_are_listed_and_read_by_programs(data: Path) -> None:
    (row,) = json.loads(tohuman("runs", "--json", "--data", str(data)).stdout)
    assert (row["run_id"], row["outcome"], row["gate"], row["clicks"], row["turns"]) == (RUN, "gated", "phone", 1, 1)
    listed = tohuman("runs", "--data", str(data)).stdout
    assert RUN in listed
    harmless(listed)
    assert json.loads(tohuman("runs", "--json", "--search", "手机号", "--data", str(data)).stdout) == []
    assert len(json.loads(tohuman("runs", "--json", "--search", "转人工", "--data", str(data)).stdout)) == 1


def test_show_as_json_has_the_measures_and_the_walk(data: Path) -> None:
    raw = tohuman("show", RUN, "--json", "--data", str(data)).stdout
    harmless(raw)
    told = json.loads(raw)
    assert told["measures"]["outcome"] == "gated"
    assert [line["kind"] for line in told["walk"]][-1] == "end"
    assert "\x1b[2J" in told["platform_name"], "JSON keeps what was captured, escaped"


def test_measuring_again_gives_the_same_bytes(data: Path) -> None:
    first = tohuman("measure", RUN, "--data", str(data)).stdout
    assert first == tohuman("measure", "last", "--data", str(data)).stdout
    assert first == tohuman("measure", str(journal_path(data, RUN))).stdout
    assert json.loads(first)["clicks"] == 1


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_the_database_is_made_anew_from_the_journals(data: Path, harm: str) -> None:
    before = tohuman("runs", "--json", "--data", str(data)).stdout
    for file in data.glob("tohuman.db*"):
        file.unlink()
    if harm == "damaged":
        (data / "tohuman.db").write_bytes(b"no database " * 1000)
        refused = tohuman("runs", "--data", str(data))
        assert "measure --all" in one_sentence(refused.stderr)
        assert refused.returncode == Exit.DATA_UNUSABLE
    assert "1 runs measured" in tohuman("measure", "--all", "--data", str(data)).stdout
    assert tohuman("runs", "--json", "--data", str(data)).stdout == before


def test_a_damaged_journal_is_told_and_harms_no_other_run(data: Path) -> None:
    other = write(data, "20261122t090000-songta-abcdef", [RunEnded(at="2026-11-22T09:00:00Z")], "songta")
    text = other.read_text(encoding="utf-8")
    other.write_text("{broken\n" + text, encoding="utf-8")
    answer = tohuman("measure", "--all", "--data", str(data))
    assert answer.returncode == Exit.MALFORMED
    assert "songta" in answer.stdout
    outcomes = {
        row["platform"]: row["outcome"] for row in json.loads(tohuman("runs", "--json", "--data", str(data)).stdout)
    }
    assert outcomes["hean"] == "gated"


def test_a_run_that_died_is_interrupted_after_the_next_command(data: Path) -> None:
    write(data, "20261122t100000-yunque-abcdef", [Wait(kind="page", seconds=1)], "yunque")
    rows = json.loads(tohuman("runs", "--json", "--platform", "yunque", "--data", str(data)).stdout)
    assert [(row["outcome"], row["valid"]) for row in rows] == [("interrupted", False)]


def test_the_dashboard_is_built_where_it_is_told(data: Path, tmp_path: Path) -> None:
    told = json.loads(tohuman("dashboard", "--json", "--data", str(data)).stdout)
    assert Path(told["index"]) == data / "site" / "index.html"
    assert Path(told["index"]).is_file()
    out = tmp_path / "elsewhere"
    assert tohuman("dashboard", "--out", str(out), "--data", str(data)).returncode == 0
    assert (out / "index.html").is_file()


def test_a_reader_of_a_pipe_may_leave_early(data: Path) -> None:
    command = (
        f'"{sys.executable}" -c "from tohuman.runners.cli import main; main()" show last --data "{data}" | head -n 1'
    )
    answer = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0
    assert answer.stderr == ""


def test_failures_are_told_with_their_sentence(tmp_path: Path) -> None:
    failure = Failure(t=1, outcome="unavailable", reason="dns", sentence="The site did not answer.")
    write(tmp_path, RUN, [failure, RunEnded(t=2, at="2026-11-22T08:00:02Z")])
    assert "The site did not answer." in tohuman("show", "last", "--data", str(tmp_path)).stdout


# ---- practice


def test_practice_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    import signal
    import urllib.request

    served = subprocess.Popen(
        [sys.executable, "-c", "from tohuman.runners.cli import main; main()", "practice", "hean"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert served.stdout is not None
        lines = [served.stdout.readline() for _ in range(3)]
        found = re.search(r"http://127\.0\.0\.1:\d+\S*", lines[2])
        assert found is not None
        with urllib.request.urlopen(found.group(), timeout=10) as page:
            assert "禾岸" in page.read().decode()
        served.send_signal(signal.SIGINT)
        assert served.wait(20) == 0
    finally:
        served.kill()
        served.wait(10)


def test_practice_is_listed_for_programs() -> None:
    listed = json.loads(tohuman("practice", "--list", "--json").stdout)
    assert {"hean", "harborlight"} <= {one["id"] for one in listed}


def test_json_of_probes_has_the_probes_that_can_be_run() -> None:
    told = json.loads(tohuman("probes", "--json").stdout)
    wechat = next(platform for platform in told["platforms"] if platform["id"] == "wechat")
    assert "wechat/help/web/naive/general/zh-CN" in wechat["probes"]


# ---- the terminal


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("\x1b]8;;http://evil\x07link\x1b]8;;\x07", "link"),
        ("one\r\ntwo\tthree", "one two three"),
        ("\u202eabc", "‹U+202E›abc"),
        ("a\u200bb", "ab"),
        ("\x00\x7f", "‹U+0000›‹U+007F›"),
        ("\x1b", "‹U+001B›"),
        ("👩‍🚀 人工", "👩‍🚀 人工"),
        ("\ud800", "‹U+D800›"),
    ],
)
def test_captured_text_is_made_harmless(raw: str, shown: str) -> None:
    assert sanitise(raw) == shown


def test_long_text_is_cut_and_tables_align_wide_characters() -> None:
    assert sanitise("x" * 10, 5) == "xxxx…"
    assert width("人工a") == 5
    assert pad("人工客服", 5) == "人工…"
    lines = table(["a", "b"], [["人工", "x"], ["abcd", "\x1b[31my"]])
    assert [width(line) for line in lines[2:]] == [7, 7]
