"""Finds every concept of one lexicon in a normalised text, in one pass over the text and a few over the hits.

Which concepts make which signal is decided in judge.py. Concepts and sets of literals have a bit each: what a sentence
holds is one number, and a pattern is only tried where all its parts are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .compound import Compound, Found, Key, Seen, Span, Target, match
from .normal import Normal, kind
from .pattern import Literal, Pattern, PatternError

#: Of one concept in one sentence no more hits than this are kept: a repeated word adds nothing.
KEPT = 12
#: So many words are remembered with what begins in them; a word comes again and again.
_WORDS = 20_000
#: So many sentences are remembered with their hits: a chat is read again with every new line.
_SENTENCES = 4_000


#: The concept that makes a question of a sentence without its sign.
ASKING = "asking"


class _Node(dict[str, "_Node"]):
    __slots__ = ("ends",)

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[tuple[Target, bool]] = []  # (what is hit, must end at a word's end)


@dataclass(slots=True)
class _Word:
    """What a word by itself hits, as (from, to, target), and the walks that go on behind it, as (from, node)."""

    hits: list[tuple[int, int, Target]] = field(default_factory=list)
    going: list[tuple[int, _Node]] = field(default_factory=list)


class Matcher:
    """Compiled concepts. `hides`: concept → the concepts it covers up where it lies over them."""

    def __init__(self, concepts: Mapping[str, Iterable[Pattern]], hides: Mapping[str, Iterable[str]]) -> None:
        self._start, self._inner = _Node(), _Node()
        self._sets: dict[frozenset[Literal], int] = {}
        self._targets: dict[Literal, Target] = {}
        self._words: dict[str, _Word] = {}
        self._sentences: dict[tuple[str, bool], dict[str, list[Span]]] = {}
        self._bits: dict[Key, int] = {}
        self._common: dict[Key, float] = {}
        compounds: dict[str, list[Compound]] = {}
        needs: dict[str, set[str]] = {}
        for concept, patterns in concepts.items():
            self._bit(concept)
            for pattern in patterns:
                first = pattern.elements[0]
                if len(pattern.elements) == 1 and not first.concepts and not (pattern.at_start or pattern.at_end):
                    for literal in first.literals:
                        target = self._target(literal)
                        if concept not in target.concepts:
                            target.concepts.append(concept)
                            target.mask |= self._bit(concept)
                    continue
                needs.setdefault(concept, set()).update(pattern.concepts)
                compounds.setdefault(concept, []).append(self._compound(concept, pattern))
        self._hides = [
            (hider, self._bit(hider), [(n, self._bit(n)) for n in hidden]) for hider, hidden in hides.items()
        ]
        # the patterns of what hides are looked for first, and once more in their turn
        early = [c for name in compounds if name in hides for c in compounds[name]]
        levels = [early, *([c for n in level for c in compounds[n]] for level in _order(compounds, needs))]
        self._by_concept: list[dict[str, list[Compound]]] = [{} for _ in levels]
        members: dict[int, list[Target]] = {}
        for literals, number in self._sets.items():
            members[number] = [self._targets[literal] for literal in literals]
        for target in self._targets.values():
            target.levels = [[] for _ in levels]
        for number, level in enumerate(levels):
            for compound in level:
                for key in min(compound.parts[::-1], key=self._frequency):
                    if isinstance(key, str):
                        self._by_concept[number].setdefault(key, []).append(compound)
                    else:
                        for target in members[key]:
                            target.levels[number].append(compound)

    def _bit(self, key: Key) -> int:
        bit = self._bits.get(key)
        if bit is None:
            bit = self._bits[key] = 1 << len(self._bits)
        return bit

    def _compound(self, concept: str, pattern: Pattern) -> Compound:
        parts: list[tuple[Key, ...]] = []
        need, some = 0, []
        for element in pattern.elements:
            keys: list[Key] = sorted(element.concepts)
            if element.literals:
                keys.append(self._set(element.literals))
            mask = 0
            for key in keys:
                mask |= self._bit(key)
            if len(keys) == 1:
                need |= mask
            else:
                some.append(mask)
            parts.append(tuple(keys))
        gaps = [element.gap for element in pattern.elements]
        sets = tuple(key for keys in parts for key in keys if isinstance(key, int))
        return Compound(concept, parts, gaps, pattern.at_start, pattern.at_end, pattern.whole, need, tuple(some), sets)

    def _set(self, literals: frozenset[Literal]) -> int:
        number = self._sets.get(literals)
        if number is None:
            number = self._sets[literals] = len(self._sets)
            self._common[number] = sum(0.5 ** min(len(literal.text), 12) for literal in literals)
            for literal in literals:
                target = self._target(literal)
                target.sets.add(number)
                target.mask |= self._bit(number)
        return number

    def _target(self, literal: Literal) -> Target:
        target = self._targets.get(literal)
        if target is None:
            target = self._targets[literal] = Target()
            node = self._inner if literal.open_start else self._start
            for char in literal.text:
                node = node.setdefault(char, _Node())
            node.ends.append((target, not literal.open_end))
        return target

    def _frequency(self, keys: tuple[Key, ...]) -> tuple[bool, float]:
        """How often a part may be expected: concepts last, then by how many and how short the literals are."""
        if any(isinstance(key, str) for key in keys):
            return True, len(keys)
        return False, sum(self._common.get(key, 0.0) for key in keys)

    def find(self, normal: Normal) -> list[Found]:
        """The hits, sentence by sentence."""
        found = []
        text, known = normal.text, self._sentences
        for start, end, question in normal.sentences:
            sentence = Found(start, end, question)
            key = (text[start:end], end - start == len(text))
            hits = known.get(key)
            if hits is None:
                literals = self._scan(text, start, end)
                if literals:
                    self._raise_concepts(normal, sentence, literals)
                if len(known) >= _SENTENCES:
                    known.clear()
                known[key] = _moved(sentence.hits, -start)
            else:
                sentence.hits = _moved(hits, start)
            # some languages ask by a word, and leave the sign out
            sentence.question = question or ASKING in sentence.hits
            found.append(sentence)
        return found

    def _scan(self, text: str, start: int, end: int) -> list[tuple[Span, Target]]:
        literals: list[tuple[Span, Target]] = []
        index, words = start, self._words
        for word in text[start:end].split(" "):
            known = words.get(word)
            if known is None and all(kind(char) == 1 for char in word):
                known = self._learn(word)
            stop = index + len(word)
            if known is None:
                self._scan_signs(text, index, stop, end, literals)
            else:
                for first, last, target in known.hits:
                    literals.append(((index + first, index + last), target))
                if stop < end:
                    for first, node in known.going:
                        _walk(node, text, index + first, stop, end, literals)
            index = stop + 1
        return literals

    def _scan_signs(self, text: str, start: int, stop: int, end: int, literals: list[tuple[Span, Target]]) -> None:
        """A stretch between spaces in which signs or letters of a script without spaces stand."""
        root, inner = self._start, self._inner
        before = 0
        for index in range(start, stop):
            char = text[index]
            here = kind(char)
            if (here >= 2 or here != before) and char in root:
                _walk(root, text, index, index, end, literals)
            if char in inner:
                _walk(inner, text, index, index, end, literals)
            before = here

    def _learn(self, word: str) -> _Word:
        """Walks a word of letters once and remembers what came of it."""
        known = _Word()
        length = len(word)
        for first in range(length):
            for node in (self._start, self._inner) if first == 0 else (self._inner,):
                here: _Node | None = node
                for at in range(first, length):
                    here = here.get(word[at]) if here is not None else None
                    if here is None:
                        break
                    for target, bounded in here.ends:
                        if not bounded or at + 1 == length:
                            known.hits.append((first, at + 1, target))
                if here is not None and " " in here:
                    known.going.append((first, here))
        if len(self._words) >= _WORDS:
            self._words.clear()
        self._words[word] = known
        return known

    def _raise_concepts(self, normal: Normal, sentence: Found, literals: list[tuple[Span, Target]]) -> None:
        seen = Seen(literals, sentence.hits, 0)
        concepts, targets, present = seen.concepts, [], 0
        done: set[int] = set()
        for span, target in literals:
            if id(target) not in done:
                done.add(id(target))
                present |= target.mask
                targets.append(target.levels)
            for name in target.concepts:
                _keep(concepts, name, span)
        seen.present = present
        self._apply(0, normal, sentence, seen, targets)
        self._cover(seen)
        for level in range(1, len(self._by_concept)):
            if self._apply(level, normal, sentence, seen, targets):
                self._cover(seen)

    def _cover(self, seen: Seen) -> None:
        """Drops the hits that lie under what hides them."""
        concepts = seen.concepts
        for hider, bit, hidden in self._hides:
            if not seen.present & bit:
                continue
            covers = concepts[hider]
            for name, hidden_bit in hidden:
                if not seen.present & hidden_bit:
                    continue
                left = [s for s in concepts[name] if not _covered(s, covers)]
                if left:
                    concepts[name] = left
                else:
                    del concepts[name]
                    seen.present &= ~hidden_bit

    def _apply(
        self, level: int, normal: Normal, sentence: Found, seen: Seen, targets: list[list[list[Compound]]]
    ) -> bool:
        """Adds what the compounds of a level find, after all have looked. Was there anything?"""
        present, by_concept = seen.present, self._by_concept[level]
        tries: dict[Compound, None] = {}
        for levels in targets:
            for compound in levels[level]:
                if present & compound.need == compound.need:
                    tries[compound] = None
        if by_concept:
            for name in seen.concepts:
                for compound in by_concept.get(name, ()):
                    if present & compound.need == compound.need:
                        tries[compound] = None
        hopeful = [c for c in tries if not c.some or all(present & mask for mask in c.some)]
        if not hopeful:
            return False
        wanted = {key for compound in hopeful for key in compound.sets} - seen.sets.keys()
        if wanted:
            seen.gather(wanted)
        new: list[tuple[str, Span]] = []
        for compound in hopeful:
            span = match(compound, normal, sentence, seen)
            if span is not None:
                new.append((compound.concept, span))
        for concept, span in new:
            _keep(seen.concepts, concept, span)
            seen.present |= self._bits[concept]
        return bool(new)


def _moved(hits: Mapping[str, list[Span]], by: int) -> dict[str, list[Span]]:
    """Hits of a sentence that stands elsewhere."""
    return {name: [(first + by, last + by) for first, last in spans] for name, spans in hits.items()}


def _keep(concepts: dict[str, list[Span]], name: str, span: Span) -> None:
    spans = concepts.get(name)
    if spans is None:
        concepts[name] = [span]
    elif len(spans) < KEPT and span not in spans:
        spans.append(span)


def _covered(span: Span, covers: list[Span]) -> bool:
    return any(first <= span[0] and span[1] <= last for first, last in covers)


def _walk(node: _Node, text: str, first: int, at: int, end: int, literals: list[tuple[Span, Target]]) -> None:
    """What begins at `first` and goes on from `at`, where the walk stands at `node`."""
    current: _Node | None = node
    while at < end:
        current = current.get(text[at]) if current is not None else None
        if current is None:
            return
        at += 1
        for target, bounded in current.ends:
            if bounded and at < end and kind(text[at]) == 1 and kind(text[at - 1]) == 1:
                continue
            literals.append(((first, at), target))


def _order(compounds: Mapping[str, list[Compound]], needs: Mapping[str, set[str]]) -> list[list[str]]:
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
