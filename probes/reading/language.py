"""Guesses which lexicons may read a text: by its script first, then by its smallest words.

A locale that was named is believed unless the text's script cannot be its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: Tried in this order: the first script that holds a fair part of the letters.
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("kana", re.compile("[\u3041-\u30ff]")),
    ("hangul", re.compile("[\uac00-\ud7af]")),
    ("han", re.compile("[\u3400-\u9fff]")),
    ("cyrillic", re.compile("[\u0400-\u052f]")),
    ("arabic", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("greek", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("hebrew", re.compile("[\u0590-\u05ff]")),
    ("thai", re.compile("[\u0e00-\u0e7f]")),
    ("devanagari", re.compile("[\u0900-\u097f]")),
    ("latin", re.compile("[a-z\u00c0-\u024f\u1e00-\u1eff]", re.I)),
)

_WORD = re.compile(r"[^\W\d_]+")
_ENTRY_WORD = re.compile(r"([^\W\d_]+)(\*?)")


def script(text: str) -> str:
    """The script of most letters ("" when there are none); any kana makes Japanese, any Hangul Korean."""
    text = text[:600]
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else ""
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS}
    total = sum(counts.values())
    if not total:
        return ""
    for name in ("kana", "hangul"):
        if counts[name] * 8 >= total:
            return name
    # a letter of an unspaced script says as much as three Latin ones
    counts["han"] *= 3
    return max(counts, key=lambda name: counts[name])


def holds(text: str, name: str) -> bool:
    """Do letters of this script, other than the Latin one that stands everywhere, occur in the text?"""
    return name != "latin" and any(name == known and pattern.search(text[:600]) for known, pattern in _SCRIPTS)


def words(text: str) -> set[str]:
    """The words of a normalised text, for guessing."""
    return set(_WORD.findall(text[:1200]))


def rank(text: str, candidates: Mapping[str, frozenset[str]]) -> list[tuple[str, int]]:
    """Lexicons by how many of their smallest words the text holds, best first."""
    found = words(text)
    ranked = [(name, len(found & small)) for name, small in candidates.items()]
    ranked.sort(key=lambda pair: -pair[1])
    return ranked


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of a lexicon as they stand in its entries, whole ones and beginnings (`transfer*`), and its letters."""

    whole: frozenset[str]
    stems: frozenset[str]
    letters: frozenset[str]

    @classmethod
    def of(cls, entries: Iterable[str]) -> WordList:
        whole: set[str] = set()
        stems: set[str] = set()
        letters: set[str] = set()
        for entry in entries:
            letters.update(c for c in entry if not c.isascii())
            for word, star in _ENTRY_WORD.findall(entry):
                (stems if star else whole).add(word)
        return cls(frozenset(whole), frozenset(stems), frozenset(letters))

    def json(self) -> str:
        return json.dumps([sorted(self.whole), sorted(self.stems), sorted(self.letters)], ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> WordList:
        return cls(*(frozenset(words) for words in json.loads(text)))

    def knows(self, word: str) -> bool:
        return word in self.whole or any(word[:n] in self.stems for n in range(3, len(word) + 1))


def likely(
    text: str, candidates: Mapping[str, WordList], small: Mapping[str, frozenset[str]]
) -> list[tuple[str, float]]:
    """Lexicons by how many words of the text they know, best first; a word that several know counts its share.

    The smallest words, which every text of a language has, count double. Lexicons that never use a letter of the text
    give way to those that use them all.
    """
    found = sorted(words(text))[:80]
    used = {c for c in text[:600] if c.isalpha() and not c.isascii()}
    strange = {name: len(used - known.letters) for name, known in candidates.items()}
    fewest = min(strange.values(), default=0)
    left = [name for name in candidates if strange[name] == fewest]
    score = dict.fromkeys(left, 0.0)
    for word in found:
        for weight, having in (
            (1.0, [name for name in left if candidates[name].knows(word)]),
            (1.0, [name for name in left if word in small[name]]),
        ):
            for name in having:
                score[name] += weight / len(having)
    return sorted(score.items(), key=lambda pair: -pair[1])


def base(locale: str) -> str:
    return locale.replace("_", "-").split("-")[0].lower()


def matching(locale: str, covers: Mapping[str, Sequence[str]]) -> list[str]:
    """Lexicons that serve a locale: named exactly first, then by its language."""
    wanted = locale.replace("_", "-").lower()
    exact = [name for name, served in covers.items() if wanted in (s.lower() for s in served)]
    near = [name for name, served in covers.items() if base(locale) in {base(s) for s in served} and name not in exact]
    return exact + near


def unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
