"""What every lexicon must hold, so that a language is served whole or not at all; and how fast its words are found."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from labelled import score as scoring

from tohuman.probes.reading import Reader
from tohuman.results.vocabulary import ControlClass

READING = Path(__file__).resolve().parents[1] / "probes" / "reading"
LOCALES = sorted(path.stem for path in (READING / "lexicon").glob("*.yaml"))
SCENARIOS = {"general", "lost_account", "wrong_charge", "refund", "cancel"}
CORE = sorted(
    name
    for name, concept in yaml.safe_load((READING / "rules" / "concepts.yaml").read_text("utf-8"))["concepts"].items()
    if concept.get("core")
)
#: A floor far below what is measured, so that a slow machine does not fail it: a tenfold loss does.
TEXTS_A_SECOND = 600


def test_every_locale_of_the_study_has_a_lexicon() -> None:
    assert set(scoring.LOCALES) <= set(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_core_concept_is_filled(locale: str) -> None:
    lexicon = Reader.load().lexicons[locale]
    assert [name for name in CORE if not lexicon.concepts.get(name)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_class_of_control_and_every_helper_question_is_filled(locale: str) -> None:
    lexicons = Reader.load().lexicons
    assert [str(c) for c in ControlClass if not lexicons[locale].controls.get(str(c))] == []
    assert [kind for kind in lexicons["en"].says if not lexicons[locale].says.get(kind)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_times_can_be_read(locale: str) -> None:
    units = Reader.load().lexicons[locale].units
    assert [unit for unit in ("second", "minute", "hour", "day", "week") if not getattr(units, unit)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_shopper_can_speak_the_language(locale: str) -> None:
    lexicon = Reader.load().lexicons[locale]
    lines = lexicon.lines
    assert lines is not None
    assert set(lines.scenarios) == SCENARIOS
    assert len(set(lines.ladder)) >= 4
    assert (
        len({*lines.scenarios.values(), *lines.ladder, lines.not_helped, lines.leave, lines.disclosure})
        == len(lines.scenarios) + len(lines.ladder) + 3
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_the_ladder_asks_for_a_person(locale: str) -> None:
    reader = Reader.load()
    ladder = reader.lines(locale).ladder
    assert [line for line in ladder if str(reader.control(line, locale).signal) != "ask_human"] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_lexicon_serves_the_tag_it_is_named_by(locale: str) -> None:
    assert locale in Reader.load().lexicons[locale].covers


def test_the_tuned_texts_are_read_fast_enough() -> None:
    reader = Reader.load()
    rows = scoring.load("tuned")[::4]
    for row in rows:  # compiles each lexicon
        (reader.control if row.set == "control" else reader.message)(row.text, row.locale)
    begun = time.process_time()
    for row in rows:
        (reader.control if row.set == "control" else reader.message)(row.text, row.locale)
    assert len(rows) / (time.process_time() - begun) > TEXTS_A_SECOND


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Monday to Friday 8am - 6pm. Please come back", "Monday to Friday 8am - 6pm"),
        ("Wir sind von 8 bis 18 Uhr da", "Wir sind von 8 bis 18 Uhr"),
        ("受付時間は平日9:00〜17:30です", "受付時間は平日9:00〜17:30"),
        ("人工客服 9点至21点 在线", "人工客服 9点至21点"),
        ("à votre écoute 24 h/24", "24 h/24"),
        ("24 小時客服", "24 小時"),
        ("通常2〜3時間で返信します", None),
        ("2~3시간 안에 답변드립니다", None),
        ("answers within 24 hours", None),
    ],
)
def test_service_hours_are_told_from_spans(text: str, hours: str | None) -> None:
    assert Reader.load().message(text).values.get("hours") == hours
