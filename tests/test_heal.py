"""A written way that no longer fits: which step, what stands there now, and a diff that nothing applies unasked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tohuman.probes.heal import alike, difference, find_break
from tohuman.probes.practice import serve_in_thread
from tohuman.results.events import Failure, Note
from tohuman.runners import cli
from tohuman.runners.errors import MalformedFile, UsageError
from tohuman.runners.exits import Exit
from tohuman.runners.explore import Wish
from tohuman.runners.saved import checked, file_of, find_platform, platforms_dir, render, rewritten, write

WAY: list[dict[str, Any]] = [
    {"do": "open", "start": "help", "linger": True},
    {"do": "press", "role": "button", "name": "Chat with us"},
    {"do": "say", "ladder": 1},
]


def rendered(name: str = "shop", url: str = "http://127.0.0.1:8080/help", way: Any = None) -> str:
    return render(name, "Shop", url, "en-GB", "web", "help", way or WAY[1:], "explored by tohuman", "2026-11-22")


def broken(step: str, *controls: str) -> list[Any]:
    return [
        Note(text="what stands there now", data={"step": 2, "controls": list(controls)}),
        Failure(outcome="broken", reason="step_not_found", sentence="Step 2 no longer fits.", step=step),
    ]


def test_a_run_that_fits_has_no_break() -> None:
    assert find_break([], WAY) is None
    assert find_break([Failure(outcome="error", reason="x", sentence="Ours.", step="2")], WAY) is None


def test_a_break_says_the_step_and_what_stands_there_now() -> None:
    found = find_break(broken("2", "button: Chat with our team", "link: Prices"), WAY)
    assert found is not None
    assert (found.step, found.wanted) == (2, "Chat with us")
    assert found.now == ["button: Chat with our team", "link: Prices"]
    assert found.likely == ["button: Chat with our team"]


@pytest.mark.parametrize("step", ["", "0", "99", "x"])
def test_a_damaged_step_number_breaks_nothing_else(step: str) -> None:
    found = find_break(broken(step), WAY)
    assert found is not None
    assert found.wanted == ""


def test_nothing_is_like_an_empty_name() -> None:
    assert alike("", ["button: Help"]) == []
    assert alike("Help", ["button: ", "link: Prices"]) == []


def test_what_is_saved_is_a_platform_file_with_that_way(tmp_path: Path) -> None:
    path = write(rendered(), "shop", tmp_path)
    assert path == file_of("shop", tmp_path)
    platform = find_platform("shop", tmp_path)
    assert platform is not None
    assert (platform.country, platform.locale, platform.address("help")) == (
        "GB",
        "en-GB",
        "http://127.0.0.1:8080/help",
    )
    assert [step.do for step in platform.informed["web"]] == ["open", "press", "say"]


def test_what_is_saved_is_walked_as_the_exploration_walked_it(tmp_path: Path) -> None:
    write(rendered(), "shop", tmp_path)
    platform = find_platform("shop", tmp_path)
    assert platform is not None
    saved = [step.model_dump(mode="json", exclude_none=True) for step in platform.informed["web"]]
    assert saved[0] == Wish("http://127.0.0.1:8080/help", "shop").order([], "en-GB").way[0]


def test_a_file_is_never_written_over_unasked(tmp_path: Path) -> None:
    write(rendered(), "shop", tmp_path)
    with pytest.raises(UsageError):
        write(rendered(url="http://127.0.0.1:9/"), "shop", tmp_path)
    assert "8080" in (platforms_dir(tmp_path) / "shop.yaml").read_text(encoding="utf-8")
    write(rendered(url="http://127.0.0.1:9/"), "shop", tmp_path, replace=True)
    assert "8080" not in (platforms_dir(tmp_path) / "shop.yaml").read_text(encoding="utf-8")


def test_what_no_platform_file_may_say_is_refused_whole(tmp_path: Path) -> None:
    text = rendered(way=[{"do": "goto", "url": "http://127.0.0.1/"}])
    with pytest.raises(MalformedFile):
        write(text, "shop", tmp_path)
    assert not platforms_dir(tmp_path).exists()


def test_only_the_way_is_rewritten_everything_else_stays_letter_for_letter() -> None:
    old = "# kept\n" + rendered() + "\nnotes: >-\n  A note\n  of two lines.  # kept too\n"
    new = rewritten(old, {"web": [WAY[0], {**WAY[1], "name": "Talk to us"}, WAY[2]]})
    assert [line for line in difference(old, new, "shop") if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "-    name: Chat with us",
        "+    name: Talk to us",
    ]
    assert checked(new, "shop").informed["web"][1].model_dump()["name"] == "Talk to us"
    assert new.endswith("# kept too\n")


def test_a_file_without_a_way_gets_one_at_its_end() -> None:
    text = rendered()
    without = text[: text.index("informed:")]
    assert yaml.safe_load(rewritten(without, {"web": WAY})) == yaml.safe_load(text)


def test_a_renamed_control_is_explored_again_and_written_only_when_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve_in_thread(only=["harborlight"]) as practice:
        served = practice.platforms["harborlight"]
        way = [{"do": "press", "role": "button", "name": "Chat with our team"}, {"do": "say", "ladder": 1}]
        text = render("stars", "Stars", served.url, "en", "web", "help", way, "a test", "2026-11-22")
        path = write(text, "stars", tmp_path)

        assert cli.run(["heal", "stars", "--data", str(tmp_path)]) == Exit.DIFFERS
        said = capsys.readouterr().out
        assert "Step 2" in said
        assert "Chat with us" in said
        assert "-    name: Chat with our team" in said.splitlines()
        assert path.read_text(encoding="utf-8") == text

        assert cli.run(["heal", "stars", "--accept", "--json", "--data", str(tmp_path)]) == Exit.MEASURED
        told = json.loads(capsys.readouterr().out)
        assert (told["state"], told["step"], told["explored"]["outcome"]) == ("broken", 2, "human")
        assert path.read_text(encoding="utf-8") != text

        assert cli.run(["heal", "stars", "--data", str(tmp_path)]) == Exit.MEASURED
        assert "still fits" in capsys.readouterr().out


def test_a_platform_that_is_not_there_is_said() -> None:
    assert cli.run(["heal", "no-such-platform"]) == Exit.USAGE
