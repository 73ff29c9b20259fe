"""The reader in Russian, Dutch, Turkish, Polish and Arabic: the tuned texts, the figures in them, and the forms a language gives one word.

The rules and the other ten languages are tested elsewhere.
"""

from __future__ import annotations

import pytest
from labelled import score as scoring
from labelled.score import Labelled

from tohuman.probes.reading import Reader

FIVE = ("ru", "nl", "tr", "pl", "ar")
REACH = {"human_joined", "human_message", "queued", "handoff_offer"}

# One statement in several of the forms that a language has for it: case, gender, address, word order, spelling.
FORMS = [
    ("ru", "human_joined", ["Оператор подключился к чату", "К чату подключилась оператор Анна", "Подключён оператор"]),
    ("ru", "handoff_offer", ["Соединяю с оператором", "Соединим вас с оператором", "Тебя переключу на оператора"]),
    ("ru", "asks_problem", ["Чем могу помочь?", "Чем я могу Вам помочь?", "Чем тебе помочь?", "Как мы можем помочь?"]),
    ("nl", "handoff_offer", ["Ik verbind u door met een medewerker", "Ik ga je doorverbinden met een collega"]),
    ("nl", "asks_problem", ["Waarmee kan ik u helpen?", "Hoe kunnen we je helpen?", "Waar kan ik je mee helpen?"]),
    (
        "tr",
        "handoff_offer",
        ["Sizi temsilciye bağlıyorum", "Temsilciye bağlanıyorsunuz", "Sizi temsilcimize aktarıyoruz"],
    ),
    ("tr", "asks_problem", ["Size nasıl yardımcı olabilirim?", "Size nasil yardimci olabiliriz?"]),
    ("pl", "human_joined", ["Konsultant dołączył do czatu", "Konsultantka dolaczyla do rozmowy"]),
    ("pl", "asks_problem", ["W czym mogę pomóc?", "W czym moge Panu pomoc?", "Jak możemy Państwu pomóc?"]),
    ("ar", "human_joined", ["انضم الموظف إلى المحادثة", "انضمّت موظفة الى محادثتك", "إنضم موظف للمحادثة"]),
    ("ar", "asks_problem", ["كيف يمكنني مساعدتك؟", "كَيْفَ يُمْكِنُنَا مُسَاعَدَتُكَ؟", "كيف اساعدك"]),
]

FIGURES = [
    ("ru", "Вы 4-й в очереди. Примерное время ожидания 5 минут.", "position", 4),
    ("ru", "Примерное время ожидания 5 минут.", "eta_seconds", 300),
    ("ru", "Мы ответим в течение 3 рабочих дней.", "promise_seconds", 3 * 86_400),
    ("nl", "U bent nummer 3 in de wachtrij.", "position", 3),
    ("nl", "We antwoorden binnen 2 werkdagen.", "promise_seconds", 2 * 86_400),
    ("tr", "Önünüzde 4 kişi var, lütfen bekleyin.", "position", 4),
    ("tr", "24 saat içinde size dönüş yapacağız.", "promise_seconds", 86_400),
    ("pl", "Jesteś 2. w kolejce", "position", 2),
    ("pl", "Odpowiemy w ciągu 48 godzin.", "promise_seconds", 2 * 86_400),
    ("ar", "أمامك 6 أشخاص في قائمة الانتظار", "position", 6),
    ("ar", "سنرد عليك خلال 24 ساعة.", "promise_seconds", 86_400),
]


def tuned(locale: str) -> list[Labelled]:
    return [row for row in scoring.load("tuned") if row.locale == locale]


def read(row: Labelled) -> str:
    reader = Reader.load()
    return str((reader.control if row.set == "control" else reader.message)(row.text, row.locale).signal)


@pytest.mark.parametrize("locale", FIVE)
def test_the_tuned_texts_are_read_as_labelled(locale: str) -> None:
    rows = [row for row in tuned(locale) if row.label != "negative"]
    wrong = [f"{row.id}: {read(row)}" for row in rows if read(row) != row.label]
    assert len(rows) >= 200
    assert len(wrong) / len(rows) <= 0.05, wrong


@pytest.mark.parametrize("locale", FIVE)
def test_no_text_is_taken_for_a_person_that_is_none(locale: str) -> None:
    rows = [row for row in tuned(locale) if row.set == "message" and row.label not in REACH]
    assert [f"{row.id}: {read(row)}" for row in rows if read(row) in REACH] == []


@pytest.mark.parametrize("locale", FIVE)
def test_a_lexicon_holds_all_that_the_english_one_holds(locale: str) -> None:
    lexicons = Reader.load().lexicons
    mine, english = lexicons[locale], lexicons["en"]
    assert sorted(k for k in english.concepts if not mine.concepts.get(k)) == []
    assert sorted(k for k in english.says if not mine.says.get(k)) == []
    assert sorted(k for k in english.controls if not mine.controls.get(k)) == []


@pytest.mark.parametrize("locale", FIVE)
def test_the_shopper_can_speak(locale: str) -> None:
    lines = Reader.load().lines(locale)
    assert lines.locale == locale
    assert set(lines.scenarios) == {"general", "lost_account", "wrong_charge", "refund", "cancel"}
    assert len(set(lines.ladder)) >= 4
    assert all((lines.not_helped, lines.leave, lines.disclosure, lines.name))


@pytest.mark.parametrize("locale", FIVE)
def test_what_the_shopper_asks_for_names_a_person(locale: str) -> None:
    reader = Reader.load()
    assert {line: str(reader.control(line, locale).signal) for line in reader.lines(locale).ladder} == dict.fromkeys(
        reader.lines(locale).ladder, "ask_human"
    )


@pytest.mark.parametrize(("locale", "signal", "texts"), FORMS)
def test_the_form_of_a_word_does_not_matter(locale: str, signal: str, texts: list[str]) -> None:
    reader = Reader.load()
    assert {text: str(reader.message(text, locale).signal) for text in texts} == dict.fromkeys(texts, signal)


@pytest.mark.parametrize(("locale", "text", "name", "value"), FIGURES)
def test_figures_are_taken_out(locale: str, text: str, name: str, value: int) -> None:
    assert Reader.load().message(text, locale).values[name] == value


@pytest.mark.parametrize("locale", FIVE)
def test_the_language_is_guessed_where_no_locale_is_told(locale: str) -> None:
    reader = Reader.load()
    texts = [row.text for row in tuned(locale) if row.set == "message" and len(row.text.split()) >= 6]
    right = sum(reader.guess(text) == locale for text in texts)
    assert right / len(texts) >= 0.9
