"""Finds every concept of one lexicon in a normalised text, in one pass over the text and a few over the hits.

Which concepts make which signal is decided in judge.py. Concepts and sets of literals have a bit each: what a sentence
holds is one number, and a pattern is only tried where all its parts are there.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .compound import Compound, Found, Heads, Seen, Span, Target, match
from .normal import Normal, kind
from .plan import AT_END, AT_START, OPEN_END, WHOLE, Key, Literals, Plan

#: Of one concept in one sentence no more hits than this are kept: a repeated word adds nothing.
KEPT = 12
#: So many words are remembered with what begins in them; a word comes again and again.
_WORDS = 20_000
#: So many sentences are remembered with their hits: a chat is read again with every new line.
_SENTENCES = 4_000


#: The concept that makes a question of a sentence without its sign.
ASKING = "asking"


class _Node(dict[str, "_Node | None"]):
    """A place in the tree: the literals from `first` to `last` begin with `prefix`. Holds the letters asked for so far,
    None where no literal goes on with it: what a text does not come by is never unfolded."""

    __slots__ = ("ends", "first", "last", "literals", "prefix")

    def __init__(self, prefix: str, first: int, last: int, literals: Literals) -> None:
        super().__init__()
        self.prefix, self.first, self.last, self.literals = prefix, first, last, literals
        self.ends: tuple[tuple[Target, bool], ...] = ()  # (what is hit, must end at a word's end)


_UNASKED = _Node("", 0, 0, Literals())
#: Behind every letter.
_LAST = chr(sys.maxunicode)


@dataclass(slots=True)
class _Word:
    """What a word by itself hits, as (from, to, target), and the walks that go on behind it, as (from, node)."""

    hits: list[tuple[int, int, Target]] = field(default_factory=list)
    going: list[tuple[int, _Node]] = field(default_factory=list)


class Matcher:
    """Compiled concepts, from their plan. `hides`: concept → the concepts it covers up where it lies over them."""

    def __init__(self, plan: Plan, hides: Mapping[str, Iterable[str]]) -> None:
        self._names = plan.concepts
        self._chains = plan.chains
        self._compounds: dict[int, Compound] = {}
        self._words: dict[str, _Word] = {}
        self._sentences: dict[tuple[str, bool], dict[str, list[Span]]] = {}
        self._bits: dict[Key, int] = {}
        self._hides = [
            (hider, self._bit(hider), [(n, self._bit(n)) for n in hidden]) for hider, hidden in hides.items()
        ]
        # the patterns of what hides are looked for first, and once more in their turn
        early: dict[str, list[int]] = {}
        for at, (number, *_) in enumerate(plan.chains):
            if plan.concepts[number] in hides:
                early.setdefault(plan.concepts[number], []).append(at)
        levels = [[at for numbers in early.values() for at in numbers], *plan.levels]
        #: The chains whose rarest part is a concept, level by level.
        self._by_concept: list[dict[str, list[int]]] = [{} for _ in levels]
        #: The chains whose rarest part is a set, by its number: each with its level and its place there.
        self._by_set: dict[int, list[tuple[int, int, int]]] = {}
        for level, numbers in enumerate(levels):
            for place, at in enumerate(numbers):
                _, parts, _, _, rarest = plan.chains[at]
                for key in parts[rarest]:
                    if isinstance(key, str):
                        self._by_concept[level].setdefault(key, []).append(at)
                    else:
                        self._by_set.setdefault(key, []).append((level, place, at))
        self._heads: dict[int, Heads] = {}
        self._start = _Node("", 0, len(plan.closed.texts), plan.closed)
        self._inner = _Node("", 0, len(plan.inner.texts), plan.inner)

    def _step(self, node: _Node, char: str) -> _Node | None:
        """Where the walk stands after one more letter; None: no literal goes on so."""
        child = node.get(char, _UNASKED)
        if child is _UNASKED:
            literals, prefix = node.literals, node.prefix + char
            texts = literals.texts
            first = bisect_left(texts, prefix, node.first, node.last)
            last = bisect_left(texts, prefix + _LAST, first, node.last)
            child = node[char] = _Node(prefix, first, last, literals) if first < last else None
            while first < last and texts[first] == prefix and child is not None:
                child.ends += ((Target(literals, first), not int(literals.flags[first]) & OPEN_END),)
                first += 1
        return child

    def _bit(self, key: Key) -> int:
        bit = self._bits.get(key)
        if bit is None:
            bit = self._bits[key] = 1 << len(self._bits)
        return bit

    def _compound(self, at: int) -> Compound:
        """A chain, made ready when a text first comes near it."""
        known = self._compounds.get(at)
        if known is not None:
            return known
        number, parts, gaps, where, _ = self._chains[at]
        need, some = 0, []
        for keys in parts:
            mask = 0
            for key in keys:
                mask |= self._bit(key)
            if len(keys) == 1:
                need |= mask
            else:
                some.append(mask)
        sets = tuple(key for keys in parts for key in keys if isinstance(key, int))
        start, end, whole = (bool(where & flag) for flag in (AT_START, AT_END, WHOLE))
        concept, ways = self._names[number], [tuple(keys) for keys in parts]
        made = Compound(concept, ways, gaps, start, end, whole, self._bit(concept), need, tuple(some), sets)
        self._compounds[at] = made
        return made

    def _know(self, target: Target) -> None:
        """What a literal is, found out when a text first holds it."""
        concepts, sets = target.literals.of(target.at)
        target.concepts, target.sets = [self._names[n] for n in concepts], set(sets)
        target.heading = target.sets & self._by_set.keys()
        keys: list[Key] = [*target.concepts, *sets]
        for key in keys:
            target.mask |= self._bit(key)

    def _headed(self, key: int) -> Heads:
        """The compounds that a set is the rarest part of, by their level."""
        known = self._heads.get(key)
        if known is None:
            levels: dict[int, list[tuple[int, Compound]]] = {}
            for level, _, at in self._by_set.get(key, ()):
                compound = self._compound(at)
                levels.setdefault(level, []).append((compound.need, compound))
            known = self._heads[key] = list(levels.items())
        return known

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
                        self._walk(node, text, index + first, stop, end, literals)
            index = stop + 1
        return literals

    def _scan_signs(self, text: str, start: int, stop: int, end: int, literals: list[tuple[Span, Target]]) -> None:
        """A stretch between spaces in which signs or letters of a script without spaces stand."""
        root, inner = self._start, self._inner
        before = 0
        for index in range(start, stop):
            char = text[index]
            here = kind(char)
            if here >= 2 or here != before:
                self._walk(root, text, index, index, end, literals)
            self._walk(inner, text, index, index, end, literals)
            before = here

    def _learn(self, word: str) -> _Word:
        """Walks a word of letters once and remembers what came of it."""
        known = _Word()
        length = len(word)
        for first in range(length):
            for node in (self._start, self._inner) if first == 0 else (self._inner,):
                here: _Node | None = node
                for at in range(first, length):
                    here = self._step(here, word[at]) if here is not None else None
                    if here is None:
                        break
                    for target, bounded in here.ends:
                        if not bounded or at + 1 == length:
                            known.hits.append((first, at + 1, target))
                if here is not None and self._step(here, " ") is not None:
                    known.going.append((first, here))
        if len(self._words) >= _WORDS:
            self._words.clear()
        self._words[word] = known
        return known

    def _walk(self, node: _Node, text: str, first: int, at: int, end: int, literals: list[tuple[Span, Target]]) -> None:
        """What begins at `first` and goes on from `at`, where the walk stands at `node`."""
        current: _Node | None = node
        while at < end:
            current = self._step(current, text[at]) if current is not None else None
            if current is None:
                return
            at += 1
            for target, bounded in current.ends:
                if bounded and at < end and kind(text[at]) == 1 and kind(text[at - 1]) == 1:
                    continue
                literals.append(((first, at), target))

    def _raise_concepts(self, normal: Normal, sentence: Found, literals: list[tuple[Span, Target]]) -> None:
        seen = Seen(literals, sentence.hits, 0)
        concepts, present = seen.concepts, 0
        levels: list[list[list[tuple[int, Compound]]]] = [[] for _ in self._by_concept]
        done: set[int] = set()
        asked: set[int] = set()
        for span, target in literals:
            if id(target) not in done:
                done.add(id(target))
                if not target.mask:
                    self._know(target)
                present |= target.mask
                if target.heading:
                    for key in target.heading - asked:
                        for level, headed in self._headed(key):
                            levels[level].append(headed)
                    asked |= target.heading
            for name in target.concepts:
                _keep(concepts, name, span)
        seen.present = present
        self._apply(normal, sentence, seen, levels[0], self._by_concept[0])
        self._cover(seen)
        for headed_here, by_concept in zip(levels[1:], self._by_concept[1:], strict=True):
            if self._apply(normal, sentence, seen, headed_here, by_concept):
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
        self,
        normal: Normal,
        sentence: Found,
        seen: Seen,
        headed: list[list[tuple[int, Compound]]],
        by_concept: dict[str, list[int]],
    ) -> bool:
        """Adds what the compounds of a level find, after all have looked. Was there anything?"""
        present = seen.present
        tries: dict[Compound, None] = {}
        for compounds in headed:
            for need, compound in compounds:
                if present & need == need:
                    tries[compound] = None
        if by_concept:
            for name in seen.concepts:
                for at in by_concept.get(name, ()):
                    compound = self._compound(at)
                    if present & compound.need == compound.need:
                        tries[compound] = None
        hopeful = [c for c in tries if not c.some or all(present & mask for mask in c.some)]
        if not hopeful:
            return False
        wanted = {key for compound in hopeful for key in compound.sets} - seen.sets.keys()
        if wanted:
            seen.gather(wanted)
        new: list[tuple[Compound, Span]] = []
        for compound in hopeful:
            span = match(compound, normal, sentence, seen)
            if span is not None:
                new.append((compound, span))
        for compound, span in new:
            _keep(seen.concepts, compound.concept, span)
            seen.present |= compound.bit
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
