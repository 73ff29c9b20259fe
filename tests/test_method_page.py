"""METHOD.md and METHOD.zh-CN.md print the closed lists of the program: every word once, in the program's order."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest
import yaml

from tohuman.probes.deadlines import WATCH
from tohuman.probes.protocol import MEANS, PROTOCOL_VERSION
from tohuman.results import vocabulary as v
from tohuman.results.measures import METHOD_VERSION

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["METHOD.md", "METHOD.zh-CN.md"]
LISTS: dict[str, type[StrEnum]] = {
    "start": v.Start,
    "surface": v.Surface,
    "policy": v.Policy,
    "scenario": v.Scenario,
    "stop": v.Stop,
    "outcome": v.Outcome,
    "gate": v.Gate,
    "diversion": v.Diversion,
    "barrier": v.Barrier,
    "signal": v.Signal,
    "control": v.ControlClass,
}
GROUPS = {
    "METHOD.md": ("reached", "never", "censored", "missing", "shown apart"),
    "METHOD.zh-CN.md": ("到达", "从未", "删失", "缺失", "另列"),
}
MEMBERS = (v.REACHED, v.WALLS, v.CENSORED, v.MISSING, v.SHOWN_APART)

pages = pytest.mark.parametrize("page", PAGES)


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def table(page: str, name: str) -> list[list[str]]:
    """The rows of the table that follows the remark `<!-- table: name -->`, without its head."""
    found = re.search(rf"<!-- table: {name} -->\n((?:\|.*\n)+)", text(page))
    assert found, f"{page} has no table {name}"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()]
    assert len({len(row) for row in rows}) == 1, f"{page}: the table {name} is ragged"
    return rows[2:]


def slugs(cell: str) -> list[str]:
    return re.findall(r"`([a-z_-]+)`", cell)


@pages
@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_the_page_is_the_list_of_the_program(page: str, name: str) -> None:
    assert [row[0] for row in table(page, name)] == [f"`{member}`" for member in LISTS[name]]
    assert all(all(cell for cell in row) for row in table(page, name))


@pages
def test_every_closed_vocabulary_has_its_table(page: str) -> None:
    vocabularies = {name for name, kind in vars(v).items() if isinstance(kind, type) and kind.__module__ == v.__name__}
    assert vocabularies == {kind.__name__ for kind in LISTS.values()}
    assert set(re.findall(r"<!-- table: (\w+) -->", text(page))) == set(LISTS)


@pages
def test_the_statistics_of_an_outcome_are_those_the_program_uses(page: str) -> None:
    group_of = {outcome: group for group, members in zip(GROUPS[page], MEMBERS, strict=True) for outcome in members}
    assert set(group_of) == set(v.Outcome)
    for row in table(page, "outcome"):
        assert re.split("[;,；，]", row[2])[0] == group_of[v.Outcome(slugs(row[0])[0])]


@pages
def test_the_order_of_the_walls_is_the_programs(page: str) -> None:
    line = text(page).split("<!-- order: walls -->\n")[1].splitlines()[0]
    assert slugs(line) == list(v.WALLS)


@pages
def test_signals_lead_only_to_outcomes_and_reach_each_one_the_conversation_can_have(page: str) -> None:
    led_to = {slug for row in table(page, "signal") for slug in slugs(row[3])}
    assert led_to == {*v.REACHED, *v.WALLS}


@pages
def test_the_table_of_signals_is_the_protocols(page: str) -> None:
    reached = {"offers": {v.Outcome.HANDOFF}, "joins": set(v.REACHED), "answers": {v.Outcome.HUMAN}}
    repeated = {v.Signal.ASKS_CATEGORY, v.Signal.BOT_FALLBACK, v.Signal.OTHER}
    for row in table(page, "signal"):
        signal = v.Signal(slugs(row[0])[0])
        means = MEANS[signal]
        leads = {outcome for outcome in (means.outcome, means.taken_back) if outcome}
        leads |= reached.get(means.standing, set()) | ({v.Outcome.LOOP} if signal in repeated else set())
        # A form before the chat is filled in; what it demands beyond that is a wall found on the page.
        leads |= {v.Outcome.GATED, v.Outcome.MESSAGE_FORM} if signal is v.Signal.PRECHAT_FORM else set()
        assert set(slugs(row[3])) == leads, signal


@pages
def test_the_version_of_the_protocol_and_its_watch_are_the_programs(page: str) -> None:
    heading = next(line for line in text(page).splitlines() if line.startswith("## 4."))
    assert re.findall(r"\d+", heading)[1] == PROTOCOL_VERSION.split(".")[0]
    watch = text(page).split("### 4a.")[1].splitlines()[2]
    assert float(re.findall(r"\d+", watch)[0]) == WATCH.seconds


def test_both_languages_lead_each_signal_to_the_same_outcomes() -> None:
    english, chinese = ([[row[0], slugs(row[3])] for row in table(page, "signal")] for page in PAGES)
    assert english == chinese


def test_both_languages_have_the_same_sections_and_tables_and_figures() -> None:
    def shape(page: str) -> tuple[list[str], list[str], list[int]]:
        headings = re.findall(r"^#+ (\d\w?)\.", text(page), re.M)
        rules = [len(re.findall(r"^\d+\. ", part, re.M)) for part in re.split(r"^#+ ", text(page), flags=re.M)]
        return headings, re.findall(r"<!-- (.*) -->", text(page)), rules

    assert shape(PAGES[0]) == shape(PAGES[1])
    figures = [sorted(re.findall(r"\d+\.\d+|\b2[0-9]{2}\b", text(page))) for page in PAGES]
    assert figures[0] == figures[1]


@pages
def test_every_word_in_code_type_is_one_of_the_programs(page: str) -> None:
    known = {str(member) for kind in LISTS.values() for member in kind} | {"tohuman", "click"}
    assert set(re.findall(r"`([^`]+)`", text(page))) <= known


@pages
def test_the_constants_of_the_effort_are_the_programs(page: str) -> None:
    line = next(line for line in text(page).splitlines() if "effort seconds" in line)
    effort = yaml.safe_load((ROOT / "results/effort.yaml").read_text("utf-8"))
    k, p, h, m = (effort["operators"][name] for name in "KPHM")
    reading, typing = effort["reading"], effort["keys_per_character"]
    assert [float(number) for number in re.findall(r"\d+(?:\.\d+)?", line)] == [
        *(k["value"], k["low"], k["high"], p["value"], h["value"], m["value"]),
        *(reading["words_per_minute"], reading["characters_per_minute"], typing["han"]),
    ]


@pages
def test_the_version_of_the_method_is_the_programs(page: str) -> None:
    assert re.findall(r"\b\d+\.\d+\.\d+\b", text(page).split("## 1.")[0]) == [METHOD_VERSION]


@pages
def test_the_default_budget_of_the_page_is_the_programs(page: str) -> None:
    from tohuman.results.events import Budget

    budget = Budget()
    said = re.search(r"^(?:\*\*Budget|一次测量的\*\*预算).*", text(page), re.M)
    assert said
    numbers = [int(number) for number in re.findall(r"\d+", said[0])]
    assert numbers == [budget.actions, budget.turns, budget.seconds / 60, budget.queue_seconds / 60]
