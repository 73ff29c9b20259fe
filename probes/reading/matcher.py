"""Finds every concept of one lexicon in a normalised text, in one pass over the text and a few over the hits.

Which concepts make which signal is decided in judge.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .normal import Normal, kind
from .pattern import Literal, Pattern, PatternError

Span = tuple[int, int]
#: A concept by its name, a set of literals by its number.
Key = int | str
#: Of one concept in one sentence no more hits than this are kept: a repeated word adds nothing.
KEPT = 12


@dataclass(slots=True)
class Found:
    """Concept hits of one sentence."""

    start: int
    end: int
    question: bool
    hits: dict[str, list[Span]] = field(default_factory=dict)


class _Node(dict[str, "_Node"]):
    __slots__ = ("ends",)

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[tuple[list[Key], bool]] = []  # (what is hit, must end at a word's end)


@dataclass(slots=True)
class _Compound:
    concept: str
    parts: list[tuple[Key, ...]]
    gaps: list[int]
    at_start: bool
    at_end: bool
    whole: bool


class Matcher:
    """Compiled concepts. `hides`: concept → the concepts it covers up where it lies over them."""

    def __init__(self, concepts: Mapping[str, Iterable[Pattern]], hides: Mapping[str, Iterable[str]]) -> None:
        self._start, self._inner = _Node(), _Node()
        self._sets: dict[frozenset[Literal], int] = {}
        self._targets: dict[Literal, list[Key]] = {}
        self._hides = {k: frozenset(v) for k, v in hides.items()}
        compounds: dict[str, list[_Compound]] = {}
        needs: dict[str, set[str]] = {}
        for concept, patterns in concepts.items():
            for pattern in patterns:
                first = pattern.elements[0]
                if len(pattern.elements) == 1 and not first.concepts and not (pattern.at_start or pattern.at_end):
                    for literal in first.literals:
                        self._target(literal, concept)
                    continue
                needs.setdefault(concept, set()).update(pattern.concepts)
                parts: list[tuple[Key, ...]] = []
                for element in pattern.elements:
                    keys: list[Key] = sorted(element.concepts)
                    if element.literals:
                        keys.append(self._set(element.literals))
                    parts.append(tuple(keys))
                gaps = [element.gap for element in pattern.elements]
                compounds.setdefault(concept, []).append(
                    _Compound(concept, parts, gaps, pattern.at_start, pattern.at_end, pattern.whole)
                )
        self._levels = [
            self._index([c for name in level for c in compounds[name]]) for level in _order(compounds, needs)
        ]
        self._early = self._index([c for name in compounds if name in self._hides for c in compounds[name]])
        self._inner_first = frozenset(self._inner)

    def _set(self, literals: frozenset[Literal]) -> int:
        number = self._sets.get(literals)
        if number is None:
            number = self._sets[literals] = len(self._sets)
            for literal in literals:
                self._target(literal, number)
        return number

    def _target(self, literal: Literal, key: Key) -> None:
        targets = self._targets.get(literal)
        if targets is None:
            targets = self._targets[literal] = []
            node = self._inner if literal.open_start else self._start
            for char in literal.text:
                node = node.setdefault(char, _Node())
            node.ends.append((targets, not literal.open_end))
        if key not in targets:
            targets.append(key)

    @staticmethod
    def _index(compounds: list[_Compound]) -> dict[Key, list[_Compound]]:
        """By the part that is rarest: few keys, literals before concepts, the later part before the first."""
        index: dict[Key, list[_Compound]] = {}
        for compound in compounds:
            rare = min(compound.parts[::-1], key=lambda keys: (any(isinstance(k, str) for k in keys), len(keys)))
            for key in rare:
                index.setdefault(key, []).append(compound)
        return index

    @property
    def literals(self) -> Iterable[Literal]:
        """Every string the concepts are made of."""
        return self._targets.keys()

    def find(self, normal: Normal) -> list[Found]:
        """The hits, sentence by sentence."""
        found = []
        for start, end, question in normal.sentences:
            sentence = Found(start, end, question)
            pool = self._scan(normal.text, start, end)
            if pool:
                self._raise_concepts(normal, sentence, pool)
            found.append(sentence)
        return found

    def _scan(self, text: str, start: int, end: int) -> dict[Key, list[Span]]:
        pool: dict[Key, list[Span]] = {}
        root, inner, inner_first = self._start, self._inner, self._inner_first
        before = 0
        for index in range(start, end):
            char = text[index]
            here = kind(char)
            if here >= 2 or here != before:
                self._walk(root, text, index, end, pool)
            if char in inner_first:
                self._walk(inner, text, index, end, pool)
            before = here
        return pool

    @staticmethod
    def _walk(node: _Node, text: str, index: int, end: int, pool: dict[Key, list[Span]]) -> None:
        at = index
        current: _Node | None = node
        while at < end:
            current = current.get(text[at]) if current is not None else None
            if current is None:
                return
            at += 1
            for targets, bounded in current.ends:
                if bounded and at < end and kind(text[at]) == 1 and kind(text[at - 1]) == 1:
                    continue
                span = (index, at)
                for key in targets:
                    spans = pool.get(key)
                    if spans is None:
                        pool[key] = [span]
                    elif len(spans) < KEPT and spans[-1] != span:
                        spans.append(span)

    def _raise_concepts(self, normal: Normal, sentence: Found, pool: dict[Key, list[Span]]) -> None:
        if self._early:
            _apply(self._early, normal, sentence, pool)
        for hider, hidden in self._hides.items():
            covers = pool.get(hider)
            if not covers:
                continue
            for name in hidden:
                spans = pool.get(name)
                if spans:
                    left = [s for s in spans if not any(c[0] <= s[0] and s[1] <= c[1] for c in covers)]
                    if left:
                        pool[name] = left
                    else:
                        del pool[name]
        for level in self._levels:
            _apply(level, normal, sentence, pool)
        sentence.hits.update((key, spans) for key, spans in pool.items() if isinstance(key, str))


def _apply(index: dict[Key, list[_Compound]], normal: Normal, sentence: Found, pool: dict[Key, list[Span]]) -> None:
    """Adds what the compounds find to the pool, after all have looked."""
    new: list[tuple[str, Span]] = []
    tried: set[int] = set()
    for key in [k for k in pool if k in index]:
        for compound in index[key]:
            if id(compound) in tried:
                continue
            tried.add(id(compound))
            span = _match(compound, normal, sentence, pool)
            if span is not None:
                new.append((compound.concept, span))
    for concept, span in new:
        spans = pool.setdefault(concept, [])
        if span not in spans and len(spans) < KEPT:
            spans.append(span)


def _match(compound: _Compound, normal: Normal, sentence: Found, pool: Mapping[Key, list[Span]]) -> Span | None:
    """The first place where the parts stand in order within their gaps."""
    lists: list[list[Span]] = []
    for keys in compound.parts:
        alone = len(keys) == 1
        spans = pool.get(keys[0]) if alone else [span for key in keys for span in pool.get(key, ())]
        if not spans:
            return None
        lists.append(spans)
    begin, end = (0, len(normal.text)) if compound.whole else (sentence.start, sentence.end)
    words, gaps, last = normal.words, compound.gaps, len(lists) - 1

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


def _order(compounds: Mapping[str, list[_Compound]], needs: Mapping[str, set[str]]) -> list[list[str]]:
    """Concepts in levels, each using only those of earlier ones. Raises PatternError on a circle."""
    left = dict.fromkeys(compounds)
    levels: list[list[str]] = []
    while left:
        ready = [name for name in left if not any(n in left for n in needs.get(name, ()))]
        if not ready:
            raise PatternError("concepts use each other in a circle: " + ", ".join(sorted(left)))
        levels.append(ready)
        for name in ready:
            del left[name]
    return levels
