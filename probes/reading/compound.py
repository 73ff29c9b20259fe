"""Patterns of several parts: whether their parts stand in a sentence in order, within their gaps.

What a sentence holds is found in matcher.py; here are the hits of one sentence and the search through them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .normal import Normal
from .plan import Key, Literals

Span = tuple[int, int]


@dataclass(slots=True)
class Found:
    """Concept hits of one sentence."""

    start: int
    end: int
    question: bool
    hits: dict[str, list[Span]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Compound:
    """A pattern of several parts: `need` all of these bits, and of each of `some` one; then there is `bit` too."""

    concept: str
    parts: list[tuple[Key, ...]]
    gaps: list[int]
    at_start: bool
    at_end: bool
    whole: bool
    bit: int
    need: int
    some: tuple[int, ...]
    sets: tuple[int, ...]


#: Compounds by their level, each after what it needs.
Heads = list[tuple[int, list[tuple[int, Compound]]]]


@dataclass(slots=True, eq=False)
class Target:
    """A literal, by its place, and what it is: concepts by itself, a member of sets (`mask`: the bits of both; 0: not
    known yet), some of them (`heading`) the rarest part of compounds."""

    literals: Literals
    at: int

    concepts: list[str] = field(default_factory=list)
    sets: set[int] = field(default_factory=set)
    heading: set[int] = field(default_factory=set)
    mask: int = 0


@dataclass(slots=True)
class Seen:
    """The hits of one sentence while it is read: literals in order, concepts by name, and the bits of all."""

    literals: list[tuple[Span, Target]]
    concepts: dict[str, list[Span]]
    present: int
    sets: dict[int, list[Span]] = field(default_factory=dict)

    def gather(self, keys: set[int]) -> None:
        """Finds the spans of several sets in one pass over the literals."""
        sets = self.sets
        for key in keys:
            sets[key] = []
        for span, target in self.literals:
            if not keys.isdisjoint(target.sets):
                for key in keys & target.sets:
                    sets[key].append(span)

    def of(self, key: Key) -> list[Span]:
        return self.concepts.get(key, []) if isinstance(key, str) else self.sets[key]


def match(compound: Compound, normal: Normal, sentence: Found, seen: Seen) -> Span | None:
    """The first place where the parts stand in order within their gaps."""
    lists: list[list[Span]] = []
    for keys in compound.parts:
        spans = seen.of(keys[0]) if len(keys) == 1 else [span for key in keys for span in seen.of(key)]
        if not spans:
            return None
        lists.append(spans)
    begin, end = (0, len(normal.text)) if compound.whole else (sentence.start, sentence.end)
    words, gaps, last = normal.words, compound.gaps, len(lists) - 1
    if last == 1:  # most have two parts
        gap, seconds = gaps[1], lists[1]
        for start, stop in lists[0]:
            if compound.at_start and start != begin:
                continue
            for follows, until in seconds:
                if follows >= stop and words[follows] - words[stop] <= gap and (not compound.at_end or until == end):
                    return (start, until)
        return None

    def follow(level: int, after: int) -> int:
        """Where the chain from `level` on ends, −1 when there is none."""
        for start, stop in lists[level]:
            if start >= after and words[start] - words[after] <= gaps[level]:
                if level == last:
                    if not compound.at_end or stop == end:
                        return stop
                    continue
                reached = follow(level + 1, stop)
                if reached >= 0:
                    return reached
        return -1

    for start, stop in lists[0]:
        if compound.at_start and start != begin:
            continue
        if last == 0:
            if not compound.at_end or stop == end:
                return (start, stop)
            continue
        reached = follow(1, stop)
        if reached >= 0:
            return (start, reached)
    return None
