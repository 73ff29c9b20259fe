"""The documents cannot rot: every command, option, target, link, example file and figure in them holds."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from tohuman.probes.schema import PlatformFileError, load_platform
from tohuman.results.statistics import wilson
from tohuman.runners import cli

ROOT = Path(__file__).resolve().parent.parent
READMES = ["README.md", "README.zh-CN.md"]
DOCS = [
    *READMES,
    "METHOD.md",
    "METHOD.zh-CN.md",
    *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))),
]

docs = pytest.mark.parametrize("doc", DOCS)
readmes = pytest.mark.parametrize("doc", READMES)


def text(doc: str) -> str:
    return re.sub(r"<!--.*?-->", "", (ROOT / doc).read_text("utf-8"), flags=re.S)


def code(doc: str) -> list[str]:
    """The lines of indented and fenced code, without their remarks."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text(doc), re.S | re.M)
    lines = [*"".join(fenced).splitlines(), *re.findall(r"^    (\S.*)$", text(doc), re.M)]
    return [re.sub(r"\s+# .*", "", line).strip() for line in lines]


def commands(doc: str) -> list[list[str]]:
    """Every `tohuman …` command line of the document, in code blocks and in the running text."""
    inline = re.findall(r"`((?:\.venv/bin/)?tohuman [^`]+)`", text(doc))
    lines = [line for line in code(doc) if re.match(r"(\.venv/bin/)?tohuman ", line)]
    return [shlex.split(line)[1:] for line in [*lines, *inline] if "|" not in line]


def anchors(doc: str) -> set[str]:
    """The anchors of the headings, made as code hosts make them."""
    heads = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text(doc), flags=re.S | re.M), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@docs
def test_every_link_leads_to_a_file_and_a_heading_that_exist(doc: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(doc)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / doc).parent / path if path else ROOT / doc
        assert there.exists(), f"{doc}: {target}"
        if anchor:
            assert anchor in anchors(str(there.resolve().relative_to(ROOT))), f"{doc}: {target}"


@docs
def test_every_command_and_option_named_exists(doc: str) -> None:
    group = cli.cli
    context = click.Context(group, info_name="tohuman")
    for words in commands(doc):
        command = group.get_command(context, words[0])
        assert command is not None, f"{doc}: there is no command {words[0]}"
        options = {name for param in command.params for name in (*param.opts, *param.secondary_opts)} | {"--help"}
        for word in words[1:]:
            assert not word.startswith("-") or word.split("=")[0] in options, f"{doc}: {words[0]} has no {word}"


@docs
def test_every_make_target_named_exists(doc: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {word for line in code(doc) for word in re.findall(r"^make ([a-z-]+)", line)}
    named |= set(re.findall(r"`make ([a-z-]+)`", text(doc)))
    assert named <= targets


@readmes
def test_every_command_of_the_program_is_in_the_table_of_commands_or_hidden_there_for_a_reason(doc: str) -> None:
    listed = {row.split()[1] for row in re.findall(r"^\| `(tohuman \w+)", text(doc), re.M)}
    shown = set(cli.cli.list_commands(click.Context(cli.cli)))
    # For people who work on the program itself: `make help` and --help name them.
    assert shown - {"exam", "bench", "explore", "classify"} <= listed


def test_both_readmes_print_the_same_commands_in_the_same_order() -> None:
    assert code(READMES[0]) == code(READMES[1])
    assert commands(READMES[0]) == commands(READMES[1])


@readmes
def test_the_first_screen_has_the_two_commands(doc: str) -> None:
    first = text(doc).splitlines()[:16]
    assert [line.split("#")[0].strip() for line in first if line.startswith("    make ")] == ["make setup", "make demo"]


@readmes
def test_the_picture_of_the_ranking_is_shown_as_soon_as_there_is_one(doc: str) -> None:
    shown = "docs/ranking.png" in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text(doc))
    assert shown == (ROOT / "docs/ranking.png").exists()


@readmes
def test_the_example_of_a_number_is_computed_right(doc: str) -> None:
    line = next(line for line in text(doc).splitlines() if line.startswith("> "))
    share, level, low, high, valid, _missing = (int(n) for n in re.findall(r"(?<![.\d])\d+(?![.\d])", line)[:6])
    interval = wilson(round(share * valid / 100), valid)
    assert (level, low, high) == (95, round(100 * interval.low), round(100 * interval.high))


def test_the_example_files_of_the_guide_are_accepted(tmp_path: Path) -> None:
    whole, way = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs/platform-files.md").read_text("utf-8"), re.S | re.M)
    file = tmp_path / "acme-shop.yaml"
    file.write_text(whole + way, "utf-8")
    platform = load_platform(file)
    assert len(platform.informed["web"]) == 12
    probe = re.search(r"^    (acme-shop/\S+)$", text("docs/platform-files.md"), re.M)
    assert probe
    assert probe[1] in platform.probe_ids()


def test_the_sentence_printed_in_the_guide_is_the_one_the_program_says(tmp_path: Path) -> None:
    whole, way = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs/platform-files.md").read_text("utf-8"), re.S | re.M)
    printed = next(line for line in code("docs/platform-files.md") if line.startswith("acme-shop.yaml: "))
    file = tmp_path / "acme-shop.yaml"
    file.write_text(whole + way.replace("name: Chat starten", "nmae: Chat starten"), "utf-8")
    with pytest.raises(PlatformFileError) as caught:
        load_platform(file)
    without_line = [re.sub(r" \(line \d+\)$", "", sentence) for sentence in (printed, *caught.value.sentences)]
    assert without_line[0] in without_line[1:]


def test_the_check_the_guide_names_passes_on_the_shipped_files(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.run(["probes", "--check"]) == 0
    assert capsys.readouterr().err == ""
