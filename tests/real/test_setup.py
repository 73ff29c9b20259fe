"""Set-up: locked without addresses, kept once built, and an honest reason where no package registry is within reach."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml

from tests.real import tools
from tests.real.build import APPS, SITES, build_chat
from tests.real.desk import DESKS, Desk, Visitor
from tests.real.subjects import Unavailable, names, serve_subject, told_of
from tests.real.test_ways import built

#: Nobody listens there.
NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def no_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, and package managers that know no registry but a dead address."""
    monkeypatch.setattr(tools, "CACHE", tmp_path)
    monkeypatch.setenv("npm_config_registry", NOWHERE)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")


@pytest.mark.usefixtures("no_registry")
def test_without_a_registry_a_chat_is_unavailable_and_nothing_half_built_stays(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="npm ci"):
        build_chat("chatscope")
    assert [place.name for place in (tmp_path / "chats").iterdir()] == []


@pytest.mark.usefixtures("no_registry")
def test_unavailable_is_a_skip_here_and_a_failure_where_it_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    name = next(name for name in names() if told_of(name)["chat"] == "chatscope")
    # The help centre is taken from the real cache: only the chat is to be missing.
    monkeypatch.setattr("tests.real.subjects.build_site", lambda site: Path(site))
    monkeypatch.delenv("TOHUMAN_REQUIRE_NPM", raising=False)
    with pytest.raises(pytest.skip.Exception, match="cannot be built here"):
        built(name)
    monkeypatch.setenv("TOHUMAN_REQUIRE_NPM", "1")
    with pytest.raises(Unavailable):
        built(name)


def test_npm_packages_are_locked_with_hashes_and_without_addresses() -> None:
    locks = sorted(APPS.glob("*/package-lock.json"))
    assert len(locks) == len(list(APPS.glob("*/package.json")))
    for lock in locks:
        text = lock.read_text("utf-8")
        assert "://" not in text
        assert '"resolved"' not in text
        assert '"integrity"' in text


def test_python_packages_are_pinned() -> None:
    for listed in (tools.HERE / "requirements").glob("*.txt"):
        for line in listed.read_text("utf-8").splitlines():
            assert "==" in line, f"{listed.name}: {line}"
            assert "://" not in line


def test_no_two_companies_say_the_same() -> None:
    """Every desk has words of its own, so that no program passes by knowing one text."""
    said: dict[str, str] = {}
    for file in sorted(DESKS.glob("*.yaml")):
        for locale, told in yaml.safe_load(file.read_text("utf-8")).items():
            for behaviour in told["behaviours"]:
                how = Desk.load(file.stem, locale, behaviour).behaviour
                for reply in (*how.requests, *how.answers, how.greeting):
                    for news in reply:
                        assert said.setdefault(news.text, file.stem) == file.stem or not news.text, news.text


def test_a_general_question_is_no_plea_and_a_plea_is_one() -> None:
    for locale, question, plea in (
        ("zh-CN", "我有一个一般的问题想问", "转人工"),
        ("en", "I have a general question", "I want to speak to a human"),
    ):
        for file in sorted(DESKS.glob("*.yaml")):
            behaviour = next(iter(yaml.safe_load(file.read_text("utf-8"))[locale]["behaviours"]))
            desk, visitor = Desk.load(file.stem, locale, behaviour), Visitor("v")
            desk.hear(visitor, question)
            assert visitor.requests == 0
            desk.hear(visitor, plea)
            assert visitor.requests == 1


def test_every_subject_has_a_site_and_a_desk() -> None:
    for name in names():
        told = told_of(name)
        assert (SITES / f"{told['site']}.md").is_file(), name
        Desk.load(told["chat"], told["locale"], told["behaviour"])


def test_the_log_is_the_sites_own_and_can_be_emptied() -> None:
    built("tdesign-transfer-zh")

    async def go() -> None:
        async with serve_subject("tdesign-transfer-zh") as subject:
            visitor = subject.site.welcome()
            subject.site.hear(visitor, "转人工")
            subject.site.hear(visitor, "在吗")
            assert [(one["kind"], one["to"]) for one in subject.log()] == [("message", "bot"), ("message", "queue")]
            assert subject.counted()["turns"] == 1
            subject.reset()
            assert subject.log() == []

    asyncio.run(go())
