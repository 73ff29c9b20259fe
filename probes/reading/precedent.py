"""What a text means by the labelled texts that use its phrases: the word where no rule reads anything, or two disagree.

Each phrase of a language has been said in so many labelled texts of each signal (precedents/*.jsonl); how much oftener
than chance is its weight. A text is read by the few weightiest phrases in it that do not overlap. Counted, not trained:
the same files give the same weights, and the reading names the phrases. Words and rules are elsewhere, and come first.

Method: smoothed log-odds of a phrase for a class, as in decision lists (D. Yarowsky, "Decision lists for lexical
ambiguity resolution", ACL 1994), added up over the best few phrases instead of the one best.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log
from typing import Literal, Self

from pydantic import ValidationError

from tohuman.results.vocabulary import Signal

from .compound import Span
from .schema import LexiconError, Strict

#: The label of a text of which only is known that it states no person.
NEGATIVE = "negative"
_SIGNALS = frozenset(signal.value for signal in Signal)

#: Words of a phrase, or its signs where words are not told apart by spaces.
_WORDS, _SIGNS = 4, 8
#: Signs of a word that stay the same in most of its forms.
_STEM = 6
#: Scripts whose phrases are counted in signs.
SIGN_SCRIPTS = frozenset({"han", "kana", "hangul", "thai"})
#: A phrase met in one text only tells what that text was about.
_MET = 2
#: So many texts of the common mix are added to those a phrase was met in.
_SMOOTH = 2.0
#: The phrases a text is read by, and what each after the first counts: they are seldom independent.
_PHRASES, _FURTHER = 4, 0.7
#: Log-odds of a text that stands among the precedents word for word.
_SAME = 10.0
#: Words, or signs, beyond which a text is an article: some phrase of any signal stands in it.
_LONGEST = {False: 70, True: 220}


@dataclass(frozen=True, slots=True)
class Leaning:
    """Where the precedents point: the signal, its log-odds, how far it is ahead of the next (log-odds), the phrases."""

    signal: str
    odds: float
    ahead: float
    phrases: tuple[str, ...]

    def at_least(self, wanted: tuple[float, float]) -> bool:
        """Do the odds, and how far they are ahead, reach what is wanted?"""
        return self.odds >= wanted[0] and self.ahead >= wanted[1]


class _Row(Strict):
    """A line of a file of precedents."""

    id: str
    text: str
    locale: str
    set: Literal["message", "control"]
    label: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text in the form of normal.py (words by spaces, sentences by line feeds), and its signal ("": not known)."""

    normal: str
    signal: str


@dataclass(frozen=True)
class Precedents:
    """The phrases of one language. `common`: log-odds of each signal among all texts; `weights`: what a phrase adds to
    them, only where that is something; `whole`: texts with the one signal they were labelled with."""

    signs: bool
    common: dict[str, float]
    weights: dict[str, dict[str, float]]
    whole: dict[str, str]

    @classmethod
    def of(cls, texts: Iterable[Labelled], signs: bool) -> Self:
        """Counts the phrases of the texts; `signs`: in signs instead of words."""
        met: defaultdict[str, Counter[str]] = defaultdict(Counter)
        total: Counter[str] = Counter()
        whole: dict[str, str] = {}
        for text in texts:
            signal = text.signal or "other"
            total[signal] += 1
            if whole.setdefault(text.normal, text.signal) != text.signal:
                whole[text.normal] = ""
            for phrase in {phrase for phrase, _ in _phrases(text.normal, signs)}:
                met[phrase][signal] += 1
        count = total.total()
        share = {signal: n / count for signal, n in sorted(total.items())}
        common = {signal: _odds(p) for signal, p in share.items() if p < 1}
        weights: dict[str, dict[str, float]] = {}
        for phrase, by in met.items():
            n = by.total()
            if n < _MET:
                continue
            found = {
                signal: round(_odds((by[signal] + share[signal] * _SMOOTH) / (n + _SMOOTH)) - odds, 3)
                for signal, odds in common.items()
                if by[signal]
            }
            found = {signal: weight for signal, weight in found.items() if weight > 0}
            if found:
                weights[phrase] = found
        return cls(signs, common, weights, {text: signal for text, signal in whole.items() if signal})

    def leaning(self, normal: str) -> Leaning | None:
        """What a text (in the form of normal.py) is by its phrases; None: it has none that were met, or is too long."""
        known = self.whole.get(normal)
        if known is not None:
            return Leaning(known, _SAME, _SAME, (normal,))
        size = len(normal.replace(" ", "")) if self.signs else normal.count(" ") + normal.count("\n") + 1
        if size > _LONGEST[self.signs]:
            return None
        by: defaultdict[str, list[tuple[float, int, str, Span]]] = defaultdict(list)
        seen: set[str] = set()
        for phrase, span in _phrases(normal, self.signs):
            weights = self.weights.get(phrase)
            if weights is None or phrase in seen:
                continue
            seen.add(phrase)
            for signal, weight in weights.items():
                by[signal].append((-weight, -len(phrase), phrase, span))
        # most signals cannot come near the first two, whatever their phrases add up to
        most = 1 + _FURTHER * (_PHRASES - 1)
        bounds = sorted((-self.common[signal] + most * min(found)[0], signal) for signal, found in by.items())
        ranked: list[tuple[float, str, tuple[str, ...]]] = []
        for bound, signal in bounds:
            if len(ranked) > 1 and bound > ranked[1][0]:
                break
            ranked = sorted([*ranked, self._added(signal, by[signal])])
        if not ranked:
            return None
        odds, signal, phrases = ranked[0]
        second = ranked[1][0] if len(ranked) > 1 else -min(self.common.values())
        return Leaning(signal, -odds, second - odds, phrases)

    def _added(self, signal: str, found: list[tuple[float, int, str, Span]]) -> tuple[float, str, tuple[str, ...]]:
        """What the best few phrases that do not overlap add up to: minus the log-odds, the signal, the phrases."""
        odds, taken = -self.common[signal], list[tuple[Span, str]]()
        for weight, _, phrase, span in sorted(found):
            if any(span[0] < end and start < span[1] for (start, end), _ in taken):
                continue
            odds += weight * (_FURTHER if taken else 1.0)
            taken.append((span, phrase))
            if len(taken) == _PHRASES:
                break
        return odds, signal, tuple(phrase for _, phrase in sorted(taken))

    def json(self) -> str:
        return json.dumps(
            [self.signs, self.common, self.weights, self.whole], ensure_ascii=False, separators=(",", ":")
        )

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError, TypeError."""
        signs, *parts = json.loads(text)
        if not isinstance(signs, bool) or len(parts) != 3 or not all(isinstance(part, dict) for part in parts):
            raise ValueError("no precedents")
        return cls(signs, *parts)


def labelled(name: str, source: bytes) -> Iterator[tuple[str, str, str]]:
    """The messages of the file `name` of precedents: text, locale, signal; "" for one of which only is known that it
    states no person. Raises LexiconError, which names the file and the line."""
    try:
        lines = source.decode().split("\n")
    except UnicodeDecodeError as error:
        raise LexiconError(f"{name}: not UTF-8: {error.reason}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _Row.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise LexiconError(f"{name}: line {number}: {place and place + ': '}{first['msg']}") from error
        if row.set == "message":
            if row.label != NEGATIVE and row.label not in _SIGNALS:
                raise LexiconError(f"{name}: line {number}: label: there is no signal {row.label!r}")
            yield row.text, row.locale, "" if row.label == NEGATIVE else row.label


def _odds(p: float) -> float:
    return log(p / (1 - p))


def _phrases(normal: str, signs: bool) -> Iterator[tuple[str, Span]]:
    """The phrases of a text, each with its place, counted in words or signs. None goes over a sentence's end."""
    at = 0
    for sentence in normal.split("\n"):
        parts: str | list[str] = sentence.replace(" ", "") if signs else sentence.split()
        yield from _runs(parts, _SIGNS, "", at) if signs else _runs(parts, _WORDS, " ", at)
        if not signs:
            stems = [word[:_STEM] + "*" if len(word) > _STEM else word for word in parts]
            for i, stem in enumerate(stems):
                if stem.endswith("*"):
                    yield stem, (at + i, at + i + 1)
                if i + 1 < len(stems) and (stem.endswith("*") or stems[i + 1].endswith("*")):
                    yield f"{stem} {stems[i + 1]}", (at + i, at + i + 2)
        at += len(parts) + 1


def _runs(parts: str | list[str], longest: int, space: str, at: int) -> Iterator[tuple[str, Span]]:
    for n in range(1, longest + 1):
        for i in range(len(parts) - n + 1):
            yield space.join(parts[i : i + n]), (at + i, at + i + n)
