"""`tohuman doctor` names each lack and what to do about it; only what stops a run makes it fail."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from tohuman.runners import browser, doctor
from tohuman.runners.cli import cli
from tohuman.runners.doctor import Check
from tohuman.runners.exits import Exit


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_it_tells_of_everything_a_run_needs_and_starts_the_browser(tmp_path: Path) -> None:
    answer = CliRunner().invoke(cli, ["doctor", "--json", "--data", str(tmp_path / "new")])
    told = json.loads(answer.output)
    names = [check["name"] for check in told["checks"]]
    assert names == ["python", "browser", "sandbox", "fonts", "data directory", "disk", "node", "consent library"]
    checks = {check["name"]: check for check in told["checks"]}
    assert answer.exit_code == 0
    assert checks["browser"]["state"] == "ok"
    assert "it starts" in checks["browser"]["found"]
    assert not (tmp_path / "new").exists(), "looking makes nothing"


def test_each_lack_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    monkeypatch.setattr(doctor.sys, "executable", str(tmp_path / "python"))
    checks = by_name(doctor.examine(tmp_path, root=tmp_path))
    assert "playwright install" in checks["browser"].do
    assert checks["browser"].exit is Exit.NO_BROWSER
    assert "fonts-noto-cjk" in checks["fonts"].do
    assert "make setup-npm" in checks["node"].do
    assert checks["consent library"].state == "lack"
    assert doctor.verdict(list(checks.values())) is Exit.NO_BROWSER
    lacking = [check for check in checks.values() if check.state != "ok"]
    assert all(check.do for check in lacking)


def test_fonts_that_draw_no_chinese_are_a_lack_and_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lister = tmp_path / "fc-list"
    lister.write_text("#!/bin/sh\n[ \"$1\" = :lang=zh ] || echo 'DejaVu Sans'\n")
    lister.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    found = doctor._fonts()
    assert (found.state, "boxes" in found.found) == ("lack", True)
    assert doctor.verdict([found]) is Exit.MEASURED


def test_an_unusable_data_directory_fails_with_its_own_code(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no directory")
    found = by_name(doctor.examine(in_the_way / "data", root=tmp_path))["data directory"]
    assert (found.state, found.exit) == ("broken", Exit.DATA_UNUSABLE)


def test_a_full_disk_fails_before_a_run_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 50 * 1024 * 1024})
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage)
    assert doctor._disk(tmp_path).exit is Exit.DATA_UNUSABLE
    usage.free = 500 * 1024 * 1024
    assert doctor._disk(tmp_path).state == "lack"


def test_an_installed_consent_library_is_told_with_its_version(tmp_path: Path) -> None:
    package = tmp_path / "npm" / "node_modules" / "@duckduckgo" / "autoconsent" / "package.json"
    package.parent.mkdir(parents=True)
    package.write_text('{"version": "14.1.2"}')
    assert doctor._consent(tmp_path).found == "autoconsent 14.1.2"


def test_root_is_told_that_there_is_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "is_root", lambda: True)
    assert "root" in doctor._sandbox().found
