"""What the reader reaches on the labelled texts, and that the untouched part is what was hashed before the first score.

How the texts were labelled: tests/labelled/README.md. The lexicon's own rules are tested elsewhere.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from labelled import score as scoring
from labelled.score import KINDS, LOCALES, NEAR, Labelled, SumsError

UNTOUCHED = scoring.HERE / "untouched"

# What the untouched part reached when these floors were last raised, a little rounded down: it may not fall behind it.
# The goal is 0.92, 0.90, 0.85 and no false person at all (README of the labelled texts); it is not reached yet.
ACCURACY = 0.9
MACRO_F1 = 0.915
ANY_LOCALE = 0.85
FALSE_PEOPLE = 14


@cache
def untouched() -> tuple[Labelled, ...]:
    return tuple(scoring.load("untouched"))


@cache
def result() -> dict[str, Any]:
    return scoring.score("untouched")


def rows_of(kind: str, locale: str) -> list[dict[str, str]]:
    lines = (UNTOUCHED / f"{kind}.{locale}.jsonl").read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def test_untouched_files_are_those_that_were_hashed() -> None:
    assert scoring.verify_sums() == len(LOCALES) * len(KINDS)


@pytest.mark.parametrize("damage", ["changed", "added", "gone"])
def test_a_damaged_file_is_named_and_stops_the_score(tmp_path: Path, damage: str) -> None:
    for path in UNTOUCHED.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    if damage == "changed":
        with (tmp_path / "messages.en.jsonl").open("a", encoding="utf-8") as file:
            file.write("\n")
    elif damage == "added":
        (tmp_path / "messages.en.jsonl.more").write_text("{}", "utf-8")
    else:
        (tmp_path / "messages.en.jsonl").unlink()
    with pytest.raises(SumsError, match=r"messages\.en\.jsonl"):
        scoring.verify_sums(tmp_path)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_line_is_well_formed_and_its_label_is_of_the_vocabulary(kind: str, locale: str) -> None:
    allowed = scoring.labels_of(kind)
    for row in rows_of(kind, locale):
        assert row.keys() == {"id", "text", "locale", "set", "label"}
        assert row["locale"] == locale
        assert row["set"] == ("control" if kind == "controls" else "message")
        assert row["label"] in allowed
        assert row["text"].strip()


# five controls a class were written; those the second labeller had two labels for were left out
@pytest.mark.parametrize(("kind", "least"), [("messages", 6), ("controls", 2), ("negatives", 40)])
@pytest.mark.parametrize("locale", LOCALES)
def test_every_label_has_enough_texts_in_every_locale(kind: str, least: int, locale: str) -> None:
    counts = Counter(row["label"] for row in rows_of(kind, locale))
    assert {label: n for label in scoring.labels_of(kind) if (n := counts[label]) < least} == {}


def test_a_signal_has_150_texts_and_there_are_600_negatives() -> None:
    both = (*untouched(), *scoring.load("tuned"))
    counts = Counter(row.label for row in both if row.set == "message")
    assert {label: n for label, n in counts.items() if n < 150} == {}
    assert sum(row.label == scoring.NEGATIVE for row in untouched()) >= 600


def test_no_text_and_no_id_occurs_twice() -> None:
    texts = Counter((row.locale, row.set, scoring.normalised(row.text) or row.text) for row in untouched())
    ids = Counter(row.id for row in untouched())
    assert [key for key, n in (texts + ids).items() if n > 1] == []


def test_near_duplicates_are_found_across_punctuation_width_case_and_digits_but_not_across_sets() -> None:
    def row(id_: str, text: str, set_: str = "message") -> Labelled:
        return Labelled(id_, text, "en", set_, "other")

    tuned = [row("t1", "You are number 4 in the queue."), row("t2", "Contact us", "control"), row("t3", "👍")]
    mine = [
        row("same", "ＹＯＵ are number 7, in the queue!"),
        row("other", "You have left the waiting room."),
        row("set", "Contact us"),
        row("emoji", "👍"),
    ]
    assert NEAR == 0.8
    assert scoring.near_duplicates(mine, tuned) == {"same", "emoji"}


def test_figures_of_a_small_table_are_right() -> None:
    pairs = Counter({("a", "a"): 3, ("a", "b"): 1, ("b", "b"): 1, ("b", "a"): 1})
    assert scoring.figures(pairs) == {
        "texts": 6,
        "accuracy": pytest.approx(4 / 6),
        "macro_f1": pytest.approx((6 / 8 + 2 / 4) / 2),
    }


def test_the_reader_reaches_accuracy_and_macro_f1_on_the_untouched_part() -> None:
    assert result()["all"]["accuracy"] >= ACCURACY
    assert result()["all"]["macro_f1"] >= MACRO_F1


@pytest.mark.parametrize("locale", LOCALES)
def test_no_locale_falls_behind(locale: str) -> None:
    assert result()["locales"][locale]["accuracy"] >= ANY_LOCALE


def test_hardly_a_negative_is_read_as_a_person_reached() -> None:
    assert result()["negatives"] >= 550  # of 600; near-duplicates of what was tuned on are left out
    assert result()["false_human_negatives"] <= FALSE_PEOPLE


def test_the_score_prints_no_text_of_the_untouched_part() -> None:
    shown = json.dumps(result(), ensure_ascii=False) + scoring.written(result())
    assert [row.id for row in untouched() if len(row.text) > 30 and row.text in shown] == []
