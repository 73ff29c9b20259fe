"""Weighs what a text's sentences contain: every rule that holds gives its signal a score, with the words it rests on.

The rules themselves are data (rules/*.yaml) and know no language's words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .compound import Found, Span
from .normal import Normal
from .schema import LexiconError, Rule, Rules

#: The concept whose question asks nothing about what was said before it in the same sentence.
COURTESY = "ask_problem"


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
    near: frozenset[str]
    ahead: frozenset[str]
    elsewhere: tuple[frozenset[str], ...]
    nowhere: frozenset[str]


class RuleBook:
    """Compiled rules. Raises LexiconError when one names an unknown concept or guard."""

    def __init__(self, rules: Rules, concepts: Iterable[str], near: Iterable[str] = ()) -> None:
        known, close = set(concepts), frozenset(near)
        self._by_first: dict[str, list[_Compiled]] = {}
        for rule in rules.rules:
            bars: set[str] = set()
            for name in rule.none:
                bars.update(rules.guards.get(name, [name]))
            compiled = _Compiled(
                rule,
                tuple(frozenset(w.split("|")) for w in rule.all),
                frozenset(bars) - close,
                frozenset(bars) & close,
                frozenset(n for name in rule.ahead for n in rules.guards.get(name, [name])),
                tuple(frozenset(w.split("|")) for w in rule.elsewhere),
                frozenset(n for name in rule.nowhere for n in rules.guards.get(name, [name])),
            )
            used = set().union(*compiled.wants, *compiled.elsewhere, compiled.bars, compiled.near, compiled.ahead)
            used |= compiled.nowhere
            if used - known:
                raise LexiconError(f"rule {rule.id} names unknown concepts: {', '.join(sorted(used - known))}")
            if not compiled.wants:
                raise LexiconError(f"rule {rule.id} wants nothing")
            for name in compiled.wants[0]:
                self._by_first.setdefault(name, []).append(compiled)

    def judge(self, sentences: Sequence[Found], normal: Normal) -> list[Verdict]:
        """Of each signal the best rule that holds, best first."""
        everywhere: set[str] = set()
        for sentence in sentences:
            everywhere.update(sentence.hits)
        best: dict[str, Verdict] = {}
        for number, sentence in enumerate(sentences):
            hits = sentence.hits
            tried: set[int] = set()
            for name in hits:
                for compiled in self._by_first.get(name, ()):
                    if id(compiled) in tried:
                        continue
                    tried.add(id(compiled))
                    rule = compiled.rule
                    held = best.get(rule.signal)
                    if held is not None and (-held.score, held.sentence, held.rule.id) <= (
                        -rule.score,
                        number,
                        rule.id,
                    ):
                        continue
                    span = _holds(compiled, sentence, everywhere, normal, len(sentences))
                    if span is not None:
                        best[rule.signal] = Verdict(rule, rule.score, number, span)
        return sorted(best.values(), key=lambda v: (-v.score, v.sentence, v.rule.id))


def _holds(compiled: _Compiled, sentence: Found, everywhere: set[str], normal: Normal, count: int) -> Span | None:
    rule, hits, words = compiled.rule, sentence.hits, normal.words
    here = hits.keys()
    for want in compiled.wants:
        if here.isdisjoint(want):
            return None
    if not here.isdisjoint(compiled.bars) or not compiled.nowhere.isdisjoint(everywhere):
        return None
    for want in compiled.elsewhere:
        if want.isdisjoint(everywhere):
            return None
    if rule.question and not sentence.question:
        return None
    if rule.words is not None and not _short(
        words[sentence.end] - words[sentence.start], sentence, rule.words, normal.text
    ):
        return None
    if rule.whole and count != 1:
        return None
    if rule.clause:
        inside = _in_one_clause(compiled.wants, compiled.near, hits, normal.breaks)
        return None if inside is None or (rule.question is False and _asked(rule, sentence, inside, normal)) else inside
    chosen = _chosen(compiled.wants, hits)
    if compiled.near and not compiled.near.isdisjoint(hits):
        barred = _clauses([s for name in compiled.near for s in hits.get(name, ())], normal.breaks)
        if not barred.isdisjoint(_clauses(chosen, normal.breaks)):
            return None
    span = (min(s[0] for s in chosen), max(s[1] for s in chosen))
    if rule.question is False and _asked(rule, sentence, span, normal):
        return None
    if compiled.ahead and not compiled.ahead.isdisjoint(hits):
        mine = _clauses(chosen, normal.breaks)
        for bar in (s for name in compiled.ahead for s in hits.get(name, ())):
            if bar[0] < span[0] or not mine.isdisjoint(_clauses([bar], normal.breaks)):
                return None
    return span


def _asked(rule: Rule, sentence: Found, span: Span, normal: Normal) -> bool:
    """Is what the span says asked? Not where a courtesy follows in the sentence: "Lena has joined, how can I help?"."""
    if not sentence.question:
        return False
    if rule.tag and any(span[1] <= at < sentence.end for at in normal.breaks):
        return False
    return all(hit[0] < span[1] for hit in sentence.hits.get(COURTESY, ()))


#: Scripts of south-east Asia that put no space between words: a word has three to five of their signs.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def _short(count: int, sentence: Found, limit: int, text: str) -> bool:
    """Is a sentence of `count` words within the limit? Where each sign counts as a word, more of them may stand."""
    if count <= limit or 2 * count <= sentence.end - sentence.start + 1:
        return count <= limit
    return count <= limit * (4 if _UNSPACED.match(text, sentence.start) else 2)


def _chosen(wants: Sequence[frozenset[str]], hits: Mapping[str, list[Span]]) -> list[Span]:
    """For each want the longest of its hits, the first of several."""
    return [max((s for name in want for s in hits.get(name, ())), key=_length) for want in wants]


def _length(span: Span) -> tuple[int, int]:
    return span[1] - span[0], -span[0]


def _clauses(spans: Iterable[Span], breaks: Sequence[int]) -> set[int]:
    """The numbers of the clauses that spans lie in."""
    return {n for s in spans for n in range(bisect_right(breaks, s[0]), bisect_right(breaks, s[1] - 1) + 1)}


def _in_one_clause(
    wants: Sequence[frozenset[str]], near: Iterable[str], hits: Mapping[str, list[Span]], breaks: Sequence[int]
) -> Span | None:
    """Where all wants stand in one clause that nothing of `near` bars."""
    barred = _clauses([s for name in near for s in hits.get(name, ())], breaks)
    first = {n for name in wants[0] for s in hits.get(name, ()) for n in _clauses([s], breaks)}
    for clause in sorted(first - barred):
        inside = [[s for name in want for s in hits.get(name, ()) if clause in _clauses([s], breaks)] for want in wants]
        if all(inside):
            spans = [max(found, key=_length) for found in inside]
            return (min(s[0] for s in spans), max(s[1] for s in spans))
    return None
