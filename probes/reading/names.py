"""Finds whom a notice names: the person who joined, and the staff number. Asked only where somebody came.

A name is what stands beside the words for staff and joining and is itself no word of the lexicon.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .compound import Found, Span
from .model import Value
from .normal import NUMBER, Normal, fold, kind
from .pattern import Literal

#: Letters a join notice has at most that puts the name in quotation marks.
NOTICE = 80
_QUOTED = re.compile('[「『“"«„]([^「」『』“”"«»„]{1,24})[」』”"»“]')
#: Longer than this no name is written in a script without spaces.
_MOST = 6
_STAFF = re.compile(r"[0-9]{2,8}")
_ROLES = ("agent", "person", "desk", "team")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a lexicon knows: whole words, beginnings of words, and phrases of scripts without spaces."""

    words: frozenset[str]
    stems: tuple[str, ...]
    phrases: frozenset[str]
    particles: tuple[str, ...]

    @classmethod
    def of(cls, literals: Iterable[Literal], small: Iterable[str], particles: Iterable[str]) -> Vocabulary:
        """From the strings that messages are made of, and a language's smallest words."""
        words, stems, phrases = set(small), set(), set()
        for literal in literals:
            parts = literal.text.split()
            words.update(parts)
            if literal.open_end and parts and len(parts[-1]) > 3:
                stems.add(parts[-1])
            if kind(literal.text[0]) == 2 and len(literal.text) > 1:
                phrases.add(literal.text)
        return cls(frozenset(words), tuple(sorted(stems)), frozenset(phrases), tuple(particles))

    def json(self) -> str:
        return json.dumps([sorted(self.words), self.stems, sorted(self.phrases), self.particles], ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Vocabulary:
        words, stems, phrases, particles = json.loads(text)
        return cls(frozenset(words), tuple(stems), frozenset(phrases), tuple(particles))

    def knows(self, word: str) -> bool:
        return word in self.words or word.startswith(self.stems)


def names_of(normal: Normal, sentence: Found, span: Span, vocabulary: Vocabulary) -> dict[str, Value]:
    """`name` and `staff` as the text writes them, each where there is one."""
    values: dict[str, Value] = {}
    first = normal.text.count(NUMBER, 0, sentence.start)
    count = normal.text.count(NUMBER, sentence.start, sentence.end)
    number = next((n for n in normal.numbers[first : first + count] if _STAFF.fullmatch(n)), "")
    if number:
        values["staff"] = number
    part = normal.text[sentence.start : sentence.end]
    unspaced = sum(kind(c) == 2 for c in part) * 2 > len(part)
    name = _quoted(normal, vocabulary)
    name = name or (_unspaced(normal, sentence, span, vocabulary) if unspaced else "")
    name = name or _spaced(normal, sentence, span, vocabulary)
    if name:
        values["name"] = name
    return values


def _quoted(normal: Normal, vocabulary: Vocabulary) -> str:
    """What a short notice has in quotation marks («operator “Saeki” has entered»), if it is no word of the lexicon."""
    found = _QUOTED.findall(normal.plain[:200]) if len(normal.plain) <= NOTICE else []
    return found[0].strip() if len(found) == 1 and fold(found[0].strip()) not in vocabulary.words else ""


def _spaced(normal: Normal, sentence: Found, span: Span, vocabulary: Vocabulary) -> str:
    """The capitalised words nearest to what was said that the lexicon does not know."""
    folded = normal.text[sentence.start : sentence.end].split()
    inside = set(folded)
    runs: list[list[re.Match[str]]] = []
    last = -1
    text = normal.plain[:2000]
    for match in _WORD.finditer(text):
        word = match.group()
        parts = [w for w in re.split(r"\W+", fold(word)) if w]
        if not word[0].isupper() or not inside.issuperset(parts) or all(map(vocabulary.knows, parts)):
            continue
        if runs and last >= 0 and not text[last : match.start()].strip():
            runs[-1].append(match)
        else:
            runs.append([match])
        last = match.end()
    if not runs:
        return ""
    words = normal.words
    middle = words[span[0]] - words[sentence.start], words[span[1]] - words[sentence.start]

    def far(run: Sequence[re.Match[str]]) -> int:
        at = folded.index(re.split(r"\W+", fold(run[0].group()))[0])
        return max(0, middle[0] - at, at - middle[1])

    best = min(runs, key=far)
    name = text[best[0].start() : best[-1].end()]
    return name.rstrip(".") if len(best[-1].group().rstrip(".")) > 2 else name


def _unspaced(normal: Normal, sentence: Found, span: Span, vocabulary: Vocabulary) -> str:
    """What stands after the word for staff, else before the word for joining, up to the next word the lexicon knows."""
    text = normal.text
    marks = [
        s[1] for role in _ROLES for s in sentence.hits.get(role, ()) if sentence.start <= s[0] and s[1] <= sentence.end
    ]
    starts = [*sorted(set(marks), reverse=True), span[0], sentence.start]
    for start in starts:
        end = start
        while end < sentence.end and end - start <= _MOST and kind(text[end]) == 2:
            if any(text.startswith(p, end) for p in _near(vocabulary.phrases, text, end)):
                break
            end += 1
        name = text[start:end]
        for particle in vocabulary.particles:
            name = name.removeprefix(particle)
            name = name.removesuffix(particle)
        if 1 < len(name) <= _MOST and name not in vocabulary.words:
            return _as_written(name, normal.plain[:2000])
    return ""


def _near(phrases: frozenset[str], text: str, at: int) -> list[str]:
    """The phrases that stand at a place."""
    return [text[at : at + n] for n in range(2, 7) if text[at : at + n] in phrases]


def _as_written(name: str, text: str) -> str:
    """The part of the readable text that folds to the name; the folded form where there is none."""
    size = len(name)
    for index in range(len(text) - size + 1):
        part = text[index : index + size]
        if fold(part) == name:
            return part
    return name
