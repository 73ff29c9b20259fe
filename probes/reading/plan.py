"""The patterns of one lexicon as plain data: what matcher.py is made from and what kept.py keeps on disk.

Parses nothing (pattern.py) and finds nothing (matcher.py).
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from .pattern import Literal, Pattern, PatternError

OPEN_START, OPEN_END, SPOKEN = 1, 2, 4
AT_START, AT_END, WHOLE = 1, 2, 4

#: A concept by its name, a set of literals by its number.
Key = int | str
#: A pattern of several parts: its concept, the keys of each part, the gaps before them, AT_START | AT_END | WHOLE, and
#: which of the parts is the rarest.
Chain = tuple[int, list[list[Key]], list[int], int, int]


@dataclass
class Literals:
    """Literals in the order of their texts: `texts`, `flags` (a digit for each) and `belongs`: “1 2;7”, the numbers of
    the concepts each is by itself and of the sets it belongs to."""

    texts: list[str] = field(default_factory=list)
    flags: str = ""
    belongs: list[str] = field(default_factory=list)

    def of(self, at: int) -> tuple[list[int], list[int]]:
        """The concepts one is by itself, and its sets."""
        own, _, sets = self.belongs[at].partition(";")
        return [int(number) for number in own.split()], [int(number) for number in sets.split()]

    def packed(self) -> list[str]:
        """As few strings: they are read back many times as fast as a list for each literal."""
        return ["\n".join(self.texts), self.flags, "\n".join(self.belongs)]

    @classmethod
    def unpacked(cls, texts: str, flags: str, belongs: str) -> Literals:
        return cls(texts.split("\n") if flags else [], flags, belongs.split("\n") if flags else [])


@dataclass
class Plan:
    """`concepts`: their names, that numbers stand for. `closed`: literals that begin where a word does; `inner`: those
    that may begin inside one. `levels`: the numbers of the chains in an order in which each uses only concepts of
    earlier levels. SPOKEN: the literal belongs to the words of messages, not only to labels."""

    concepts: list[str] = field(default_factory=list)
    closed: Literals = field(default_factory=Literals)
    inner: Literals = field(default_factory=Literals)
    chains: list[Chain] = field(default_factory=list)
    levels: list[list[int]] = field(default_factory=list)

    def json(self) -> str:
        parts = [self.concepts, self.closed.packed(), self.inner.packed(), self.chains, self.levels]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Plan:
        """Raises ValueError, TypeError."""
        concepts, closed, inner, chains, levels = json.loads(text)
        return cls(concepts, Literals.unpacked(*closed), Literals.unpacked(*inner), chains, levels)

    def spoken(self) -> Iterable[Literal]:
        """Every string that messages are made of."""
        for literals in (self.closed, self.inner):
            for text, digit in zip(literals.texts, literals.flags, strict=True):
                flags = int(digit)
                if flags & SPOKEN:
                    yield Literal(text, bool(flags & OPEN_START), bool(flags & OPEN_END))


@dataclass(slots=True)
class _Line:
    flags: int
    own: list[int] = field(default_factory=list)
    sets: list[int] = field(default_factory=list)


class Planner:
    """Numbers what patterns are made of."""

    def __init__(self) -> None:
        self._concepts: list[str] = []
        self._chains: list[Chain] = []
        self._lines: dict[Literal, _Line] = {}
        self._sets: dict[frozenset[Literal], int] = {}
        self._common: list[float] = []  # how often a set may be expected

    def add(self, concept: str, patterns: Iterable[Pattern], *, spoken: bool) -> None:
        number = len(self._concepts)
        self._concepts.append(concept)
        for pattern in patterns:
            first = pattern.elements[0]
            if len(pattern.elements) == 1 and not first.concepts and not (pattern.at_start or pattern.at_end):
                for literal in first.literals:
                    own = self._line(literal, spoken).own
                    if number not in own:
                        own.append(number)
                continue
            parts: list[list[Key]] = []
            for element in pattern.elements:
                keys: list[Key] = [*sorted(element.concepts)]
                if element.literals:
                    keys.append(self._set(element.literals, spoken))
                parts.append(keys)
            where = AT_START * pattern.at_start | AT_END * pattern.at_end | WHOLE * pattern.whole
            # of parts alike the last
            rarest = min(range(len(parts))[::-1], key=lambda at: self._frequency(parts[at]))
            self._chains.append((number, parts, [element.gap for element in pattern.elements], where, rarest))

    def plan(self) -> Plan:
        """Raises PatternError where concepts use each other in a circle."""
        groups: tuple[list[tuple[str, _Line]], ...] = ([], [])
        for literal, line in self._lines.items():
            groups[line.flags & OPEN_START].append((literal.text, line))
        closed, inner = (_literals(group) for group in groups)
        return Plan(self._concepts, closed, inner, self._chains, self._levels())

    def _levels(self) -> list[list[int]]:
        chains: dict[str, list[int]] = {}
        needs: dict[str, set[str]] = {}
        for at, (number, parts, *_) in enumerate(self._chains):
            concept = self._concepts[number]
            chains.setdefault(concept, []).append(at)
            needs.setdefault(concept, set()).update(key for keys in parts for key in keys if isinstance(key, str))
        return [[at for concept in level for at in chains[concept]] for level in _order(chains, needs)]

    def _frequency(self, keys: list[Key]) -> tuple[bool, float]:
        """How often a part may be expected: concepts last, then by how many and how short the literals are."""
        if any(isinstance(key, str) for key in keys):
            return True, len(keys)
        return False, sum(self._common[key] for key in keys if isinstance(key, int))

    def _line(self, literal: Literal, spoken: bool) -> _Line:
        line = self._lines.get(literal)
        if line is None:
            line = self._lines[literal] = _Line(OPEN_START * literal.open_start | OPEN_END * literal.open_end)
        line.flags |= SPOKEN * spoken
        return line

    def _set(self, literals: frozenset[Literal], spoken: bool) -> int:
        number = self._sets.get(literals)
        if number is None:
            number = self._sets[literals] = len(self._sets)
            self._common.append(sum(sorted(0.5 ** min(len(literal.text), 12) for literal in literals)))
            for literal in literals:
                self._line(literal, spoken).sets.append(number)
        elif spoken:
            for literal in literals:
                self._line(literal, spoken)
        return number


def plan_of(concepts: Mapping[str, Iterable[Pattern]], spoken: Container[str]) -> Plan:
    """The plan of concepts by name, in their order, its literals by their texts; `spoken` are those of messages."""
    planner = Planner()
    for name, patterns in concepts.items():
        planner.add(name, patterns, spoken=name in spoken)
    return planner.plan()


def _literals(group: list[tuple[str, _Line]]) -> Literals:
    group.sort(key=lambda entry: (entry[0], entry[1].flags))
    return Literals(
        [text for text, _ in group],
        "".join(str(line.flags) for _, line in group),
        [f"{' '.join(map(str, line.own))};{' '.join(map(str, line.sets))}" for _, line in group],
    )


def _order(chains: Mapping[str, list[int]], needs: Mapping[str, set[str]]) -> list[list[str]]:
    """Concepts in levels, each using only those of earlier ones. Raises PatternError on a circle."""
    left = dict.fromkeys(chains)
    levels: list[list[str]] = []
    while left:
        ready = [name for name in left if not any(n in left for n in needs.get(name, ()))]
        if not ready:
            raise PatternError("concepts use each other in a circle: " + ", ".join(sorted(left)))
        levels.append(ready)
        for name in ready:
            del left[name]
    return levels
