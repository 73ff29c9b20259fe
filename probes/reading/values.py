"""Takes the figures out of a text: place in a queue, waiting and reply times, hours, phone number, address.

Which signal a text is was decided before (judge.py); here only the numbers beside the words are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .compound import Found
from .hours import ServiceHours
from .model import Value
from .normal import NUMBER, Normal, normal_entry
from .schema import Units

SECONDS = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "workday": 86_400, "week": 604_800, "month": 2_592_000,
}  # fmt: skip

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(
    r"(?<![\w.,:/#-])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{1,5}\)[\s.-]?)?\d{2,5}(?:[\s.-]?\d{2,5}){1,4}(?![\w:/%]|[.,]\d)|(?<![\d.,#-])(?:95\d{3}|10\d{3}|12\d{3})(?!\d)"
)


_DIGIT = re.compile(r"\d")


class TimeWords:
    """The words for spans of time of one lexicon, compiled."""

    def __init__(self, units: Units, number_words: Mapping[str, float]) -> None:
        spelled: list[tuple[str, str]] = []
        for name in SECONDS:
            spelled.extend((normal_entry(word), name) for word in getattr(units, name))
        spelled.sort(key=lambda pair: -len(pair[0]))
        self._unit = dict(spelled)
        self._number = {normal_entry(word): value for word, value in number_words.items()}
        self._pattern: re.Pattern[str] | None = None
        if spelled:
            words = "|".join(re.escape(word) for word, _ in spelled)
            numbers = "|".join(re.escape(word) for word in sorted(self._number, key=len, reverse=True))
            count = rf"{NUMBER}|(?<![a-zа-я])(?:{numbers})(?![a-zа-я])" if numbers else NUMBER
            between = "".join(f"(?:{'|'.join(map(re.escape, units.counter))}) ?" for _ in units.counter[:1])
            self._pattern = re.compile(rf"(?P<count>{count}) ?(?:{between})?(?P<unit>{words})")

    def find(self, normal: Normal, start: int, end: int) -> Iterable[tuple[float, str, int, int]]:
        """(seconds, text, start, end) of each span of time in the sentence; of "1–3 days" the upper end."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(normal.text, start, end):
            count = match.group("count")
            text = match.group()
            if count == NUMBER:
                spelled = normal.numbers[normal.text.count(NUMBER, 0, match.start())]
                value = upper(spelled)
                if value is None:
                    continue
                text = spelled + text[1:]
            else:
                value = self._number[count]
            yield value * SECONDS[self._unit[match.group("unit")]], text, match.start(), match.end()


def upper(spelled: str) -> float | None:
    """The largest number in "3", "1-3", "1,5"; None when it is a placeholder."""
    found = [float(n.replace(",", ".")) for n in re.findall(r"\d+(?:[.,]\d{1,2}(?!\d))?", spelled)]
    return max(found) if found else None


def position_of(normal: Normal, sentences: Iterable[Found]) -> int | None:
    """The number inside the words that state a place in the queue."""
    for sentence in sentences:
        for start, end in sorted(sentence.hits.get("position", ()), key=lambda s: s[1] - s[0]):
            at = normal.text.find(NUMBER, start, end)
            if at >= 0:
                value = upper(normal.numbers[normal.text.count(NUMBER, 0, at)])
                if value is not None and value < 100_000:
                    return int(value)
    return None


def mail_of(text: str) -> str | None:
    match = _MAIL.search(text)
    return match.group().rstrip(".") if match else None


def phone_of(text: str) -> str | None:
    """The first number that can be a phone number: seven to fifteen digits, or a short Chinese service number."""
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if 7 <= len(digits) <= 15 or re.fullmatch(r"95\d{3}|10\d{3}|12\d{3}", digits):
            return match.group().strip()
    return None


def simple_values(text: str, times: ServiceHours) -> dict[str, Value]:
    """Hours, e-mail and phone of a text, by shape alone."""
    values: dict[str, Value] = {}
    if _DIGIT.search(text):
        hours = times.find(text)
        if hours:
            values["hours"] = hours
        phone = phone_of(_MAIL.sub(" ", text))
        if phone and not (hours and phone in hours):
            values["phone"] = phone
    if "@" in text:
        mail = mail_of(text)
        if mail:
            values["email"] = mail
    return values
