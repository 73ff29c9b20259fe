"""One lexicon, compiled: its matcher, its words for time, its names, its precedents; each made when first asked for.

What the words add up to is reader.py; what is kept of them on disk is kept.py.
"""

from __future__ import annotations

from pathlib import Path

from .kept import kept, no_collecting
from .matcher import Matcher
from .names import Vocabulary
from .normal import Folded, Normal, Same, folded, normal_entry, segmented
from .pattern import combine
from .plan import Plan, plan_of
from .precedent import SIGN_SCRIPTS, Labelled, Precedents, labelled
from .schema import Concept, Lexicon, LexiconError, content
from .values import TimeWords


class Tongue:
    """One lexicon. `shortened`: words whose full stop ends no sentence; `texts`: labelled texts in its language."""

    def __init__(
        self,
        name: str,
        lexicon: Lexicon,
        concepts: dict[str, Concept],
        sources: list[bytes],
        shortened: frozenset[str],
        texts: list[Path],
    ) -> None:
        self.name, self.lexicon = name, lexicon
        unknown = set(lexicon.concepts) - set(concepts)
        if unknown:
            raise LexiconError(f"{name}.yaml: concepts.{min(unknown)}: no such concept")
        hides = {key: concept.hides for key, concept in concepts.items() if concept.hides}
        self.same = Same.of(lexicon.same)
        self._sources = sources
        self._plan = kept(Plan, name, sources, self._make)
        with no_collecting():
            #: One matcher for messages and labels: what only labels say is asked for by no rule of messages.
            self.matcher = Matcher(self._plan, hides)
        self.times = TimeWords(lexicon.units, lexicon.number_words)
        self._vocabulary: Vocabulary | None = None
        self._shortened, self._texts = shortened, texts
        self._precedents: Precedents | None = None

    def _make(self) -> Plan:
        """The words of the lexicon, parsed."""
        lexicon = self.lexicon
        found = {
            **lexicon.concepts,
            **{"control_" + k: v for k, v in lexicon.controls.items()},
            **{"say_" + k: v for k, v in lexicon.says.items()},
        }
        patterns = {key: combine(list(entries), lexicon.gap, self.same) for key, entries in found.items()}
        return plan_of(patterns, lexicon.concepts)

    @property
    def vocabulary(self) -> Vocabulary:
        """What the lexicon knows, gathered when a name is first looked for."""
        if self._vocabulary is None:
            small = [normal_entry(word, self.same) for word in self.lexicon.function_words]
            particles = [normal_entry(p) for p in self.lexicon.name_particles]
            self._vocabulary = kept(
                Vocabulary, self.name, self._sources, lambda: Vocabulary.of(self._plan.spoken(), small, particles)
            )
        return self._vocabulary

    @property
    def precedents(self) -> Precedents:
        """The phrases of the language's labelled texts, gathered when no rule reads one for the first time."""
        if self._precedents is None:
            texts = [(path.name, content(path)) for path in self._texts]
            short = "\n".join(sorted(self._shortened)).encode()
            sources = [*self._sources, short, *(text for _, text in texts)]
            self._precedents = kept(Precedents, self.name, sources, lambda: self._count(texts))
        return self._precedents

    def _count(self, texts: list[tuple[str, bytes]]) -> Precedents:
        said = (row for name, text in texts for row in labelled(name, text))
        normal = (Labelled(self.normal(folded(text)).text, signal) for text, _, signal in said)
        return Precedents.of(normal, self.lexicon.script in SIGN_SCRIPTS)

    def normal(self, source: Folded) -> Normal:
        """A text in the words of this language."""
        return segmented(source, self._shortened, self.same)


def extended(name: str, lexicons: dict[str, Lexicon]) -> Lexicon:
    """A lexicon with the words of the one it extends before its own. Raises LexiconError."""
    own = lexicons[name]
    if not own.extends:
        return own
    parent = lexicons.get(own.extends)
    if parent is None or parent.extends:
        raise LexiconError(f"{name}.yaml: extends: there is no full lexicon {own.extends!r}")

    def both(mine: dict[str, list[str]], theirs: dict[str, list[str]]) -> dict[str, list[str]]:
        return {
            key: [*theirs.get(key, ()), *mine.get(key, ())] for key in (*theirs, *(k for k in mine if k not in theirs))
        }

    return own.model_copy(
        update={
            "concepts": both(own.concepts, parent.concepts),
            "controls": both(own.controls, parent.controls),
            "says": both(own.says, parent.says),
            "units": parent.units,
            "same": {**parent.same, **own.same},
            "abbreviations": [*parent.abbreviations, *own.abbreviations],
            "name_particles": [*parent.name_particles, *own.name_particles],
            "number_words": parent.number_words,
            "lines": own.lines or parent.lines,
        }
    )
