"""The patterns of one lexicon as plain data: what matcher.py is made from and what kept.py keeps on disk.

Parses nothing (pattern.py) and finds nothing (matcher.py).
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass, field

from .compound import Key
from .pattern import Literal, Pattern

OPEN_START, OPEN_END, SPOKEN = 1, 2, 4
AT_START, AT_END, WHOLE = 1, 2, 4

#: A literal: its text, OPEN_START | OPEN_END | SPOKEN, the concepts it is by itself, the sets it belongs to.
Line = tuple[str, int, list[int], list[int]]
#: A pattern of several parts: its concept, the keys of each part, the gaps before them, AT_START | AT_END | WHOLE.
Chain = tuple[int, list[list[Key]], list[int], int]


@dataclass
class Plan:
    """`concepts`: their names, that numbers stand for. `common`: how often a set of literals may be expected, by its
    number. SPOKEN: the literal belongs to the words of messages, not only to labels."""

    concepts: list[str] = field(default_factory=list)
    literals: list[Line] = field(default_factory=list)
    common: list[float] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)

    def json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Plan:
        """Raises ValueError, TypeError."""
        return cls(**json.loads(text))

    def spoken(self) -> Iterable[Literal]:
        """Every string that messages are made of."""
        for text, flags, _, _ in self.literals:
            if flags & SPOKEN:
                yield Literal(text, bool(flags & OPEN_START), bool(flags & OPEN_END))


class Planner:
    """Numbers what patterns are made of."""

    def __init__(self) -> None:
        self.plan = Plan()
        self._literals: dict[Literal, int] = {}
        self._sets: dict[frozenset[Literal], int] = {}

    def add(self, concept: str, patterns: Iterable[Pattern], *, spoken: bool) -> None:
        number = len(self.plan.concepts)
        self.plan.concepts.append(concept)
        for pattern in patterns:
            first = pattern.elements[0]
            if len(pattern.elements) == 1 and not first.concepts and not (pattern.at_start or pattern.at_end):
                for literal in first.literals:
                    own = self._line(literal, spoken)[2]
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
            self.plan.chains.append((number, parts, [element.gap for element in pattern.elements], where))

    def _line(self, literal: Literal, spoken: bool) -> Line:
        number = self._literals.get(literal)
        lines = self.plan.literals
        if number is None:
            number = self._literals[literal] = len(lines)
            lines.append((literal.text, OPEN_START * literal.open_start | OPEN_END * literal.open_end, [], []))
        if spoken and not lines[number][1] & SPOKEN:
            text, flags, concepts, sets = lines[number]
            lines[number] = (text, flags | SPOKEN, concepts, sets)
        return lines[number]

    def _set(self, literals: frozenset[Literal], spoken: bool) -> int:
        number = self._sets.get(literals)
        if number is None:
            number = self._sets[literals] = len(self._sets)
            self.plan.common.append(sum(sorted(0.5 ** min(len(literal.text), 12) for literal in literals)))
            for literal in literals:
                self._line(literal, spoken)[3].append(number)
        elif spoken:
            for literal in literals:
                self._line(literal, spoken)
        return number


def plan_of(concepts: Mapping[str, Iterable[Pattern]], spoken: Container[str]) -> Plan:
    """The plan of concepts by name, in their order, its literals by their texts; `spoken` are those of messages."""
    planner = Planner()
    for name, patterns in concepts.items():
        planner.add(name, patterns, spoken=name in spoken)
    planner.plan.literals.sort()
    return planner.plan
