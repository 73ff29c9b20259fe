"""Service hours in a text, as written: two times of day with what stands between them, or round the clock.

The signs of times are the lexicons'; those of all languages count at once: hours are copied from one page to another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from .schema import Lexicon

#: An hour's figure may be followed by minutes behind one of these in any language.
_MARK = "[:.：hH]"
_ROUND = r"24\s?[/x×]\s?7|7\s?[/x×]\s?24"
#: Words of scripts that are written without spaces may be followed by any letter.
_SPACED = re.compile(r"[a-z\u00c0-\u06ff\u0900-\u097f]$", re.I)


def _either(words: Iterable[str], units: Collection[str] = ()) -> str:
    """One of the words, the longest first; those that end in a letter must end there, and none may go on to a unit
    (the sign of an hour of the day to the word for hours). A space may be any or none, also behind a figure."""
    found = []
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        spaced = r"\s?".join(map(re.escape, re.sub(r"(?<=\d)(?=\D)", " ", word).split()))
        end = r"(?![^\W\d_])" if _SPACED.search(word) else ""
        rests = [re.escape(unit[len(word) :]) for unit in units if unit.startswith(word) and unit != word]
        found.append(spaced + (end or "".join(f"(?!{rest})" for rest in rests)))
    return "|".join(found) or "(?!)"


class ServiceHours:
    """Finds hours by the signs of all the lexicons given."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        lexicons = list(lexicons)
        clocks = [lexicon.clock for lexicon in lexicons]
        units = sorted({unit for lexicon in lexicons for unit in lexicon.units.hour})
        sign = _either((word for clock in clocks for word in clock.hour), units)
        minute = _either(word for clock in clocks for word in clock.minute)
        to = _either(word for clock in clocks for word in clock.to)
        time = rf"(?:[01]?\d|2[0-4])(?:\s?(?:{_MARK}|{sign})\s?[0-5]\d(?:\s?(?:{minute}))?)?(?:\s?(?:{sign}))?"
        self._range = re.compile(rf"(?<![\d.,/]){time}\s?(?:[-–—~～]|{to})\s?{time}(?![\d/])", re.I)
        self._timed = re.compile(rf"\d\s?(?:[:.：]|{sign})", re.I)
        self._round = re.compile(_either(word for clock in clocks for word in clock.all_day) + "|" + _ROUND, re.I)

    def find(self, text: str) -> str | None:
        """The hours as written, with the days before them when they stand close; None when there are none."""
        spans = [m for m in self._range.finditer(text) if self._timed.search(m.group())]
        if spans:
            begin, end = spans[0].start(), spans[-1].end()
            before = re.search(r"[^\n.。!！?？;；:：,，()（）]{1,40}$", text[:begin])
            if before and end - begin < 60:
                begin = before.start()
            return text[begin : min(end, begin + 120)].strip()
        around = self._round.search(text)
        return around.group() if around else None
