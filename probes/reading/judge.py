"""Weighs what a text's sentences contain: every rule that holds gives its signal a score, with the words it rests on.

The rules themselves are data (rules/*.yaml) and know no language's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .matcher import Found, Span
from .schema import LexiconError, Rule, Rules


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule that held: where (`sentence` number), and the span of words it rests on."""

    rule: Rule
    score: float
    sentence: int
    span: Span


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    wants: tuple[frozenset[str], ...]
    bars: frozenset[str]
    elsewhere: tuple[frozenset[str], ...]
    nowhere: frozenset[str]


class RuleBook:
    """Compiled rules. Raises LexiconError when one names an unknown concept or guard."""

    def __init__(self, rules: Rules, concepts: Iterable[str]) -> None:
        known = set(concepts)
        self._by_first: dict[str, list[_Compiled]] = {}
        for rule in rules.rules:
            bars: set[str] = set()
            for name in rule.none:
                bars.update(rules.guards.get(name, [name]))
            compiled = _Compiled(
                rule,
                tuple(frozenset(w.split("|")) for w in rule.all),
                frozenset(bars),
                tuple(frozenset(w.split("|")) for w in rule.elsewhere),
                frozenset(n for name in rule.nowhere for n in rules.guards.get(name, [name])),
            )
            used = set().union(*compiled.wants, *compiled.elsewhere, compiled.bars, compiled.nowhere)
            if used - known:
                raise LexiconError(f"rule {rule.id} names unknown concepts: {', '.join(sorted(used - known))}")
            if not compiled.wants:
                raise LexiconError(f"rule {rule.id} wants nothing")
            for name in compiled.wants[0]:
                self._by_first.setdefault(name, []).append(compiled)

    def judge(self, sentences: Sequence[Found], words: Sequence[int]) -> list[Verdict]:
        """All rules that hold, best first. `words`: see normal.Normal."""
        everywhere: set[str] = set()
        for sentence in sentences:
            everywhere.update(sentence.hits)
        verdicts: list[Verdict] = []
        for number, sentence in enumerate(sentences):
            hits = sentence.hits
            tried: set[int] = set()
            for name in hits:
                for compiled in self._by_first.get(name, ()):
                    if id(compiled) in tried:
                        continue
                    tried.add(id(compiled))
                    span = _holds(compiled, sentence, everywhere, words, len(sentences))
                    if span is not None:
                        verdicts.append(Verdict(compiled.rule, compiled.rule.score, number, span))
        verdicts.sort(key=lambda v: (-v.score, v.sentence, v.rule.id))
        return verdicts


def _holds(
    compiled: _Compiled, sentence: Found, everywhere: set[str], words: Sequence[int], count: int
) -> Span | None:
    rule, hits = compiled.rule, sentence.hits
    if not all(any(n in hits for n in want) for want in compiled.wants):
        return None
    if any(n in hits for n in compiled.bars) or (compiled.nowhere and not compiled.nowhere.isdisjoint(everywhere)):
        return None
    if not all(any(n in everywhere for n in want) for want in compiled.elsewhere):
        return None
    if rule.question is not None and rule.question != sentence.question:
        return None
    if rule.words is not None and words[sentence.end] - words[sentence.start] > rule.words:
        return None
    if rule.whole and count != 1:
        return None
    return _span(compiled.wants, hits)


def _span(wants: Sequence[frozenset[str]], hits: Mapping[str, list[Span]]) -> Span:
    """From the first to the last word the wants rest on, taking for each the longest of its hits."""
    chosen = []
    for want in wants:
        spans = [s for name in want for s in hits.get(name, ())]
        chosen.append(max(spans, key=lambda s: s[1] - s[0]))
    return (min(s[0] for s in chosen), max(s[1] for s in chosen))
