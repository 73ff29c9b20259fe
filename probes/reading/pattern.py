"""The little language of lexicon entries, and its parsing into elements.

    agent            the word · agent* a word beginning so · *arbeiter* anywhere in a word
    (a|b|)  [x]      one of · optional
    a ~ b            later in the same sentence, near (the language's `gap`) · a ~6 b within 6 words · a ~~ b anywhere
    {agent}          any hit of that concept, also as ({agent}|{team}|someone) · # a number or a filled-in placeholder
    ^a  a$  =a       at a sentence's start · at its end · the whole text

Matching lives in matcher.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .normal import Same, normal_entry

#: Gap of `~~`.
ANYWHERE = 10_000
#: More alternatives than this between two gaps is a slip, not a wish.
MOST = 1200

_GAP = re.compile(r"~~|~\d*")
#: A star behind a space stands for nothing; one inside a phrase ends its word there.
_LOOSE_STAR = re.compile(r"\s\*(?=\s|$|[|)\]])")
_INNER_STAR = re.compile(r"(?<=\w)\*(?=\s+[^\s~])")
_PHRASE_BEFORE = re.compile(r"[^\s~\d]\s+$")
_PHRASE_AFTER = re.compile(r"\s+[^\s~|)\]]")
_GROUP = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_REFERENCE = re.compile(r"\{([a-z_]+)\}")


class PatternError(ValueError):
    """An entry that cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string of the matching form; `open_start`, `open_end`: may begin, end inside a word."""

    text: str
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One of some literals or some concepts, and how many words may stand between it and the element before."""

    literals: frozenset[Literal]
    concepts: frozenset[str]
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    elements: tuple[Element, ...]
    at_start: bool = False
    at_end: bool = False
    whole: bool = False

    @property
    def concepts(self) -> set[str]:
        return {name for element in self.elements for name in element.concepts}


def expand(entry: str) -> list[str]:
    """All readings of the groups of an entry, inner groups first."""
    done: dict[str, None] = {}
    todo = [entry]
    while todo:
        text = todo.pop()
        match = _GROUP.search(text)
        if match is None:
            done.setdefault(re.sub(r"\s+", " ", text).strip())
            continue
        choices = match.group(1).split("|") if match.group(1) is not None else ["", *match.group(2).split("|")]
        todo.extend(text[: match.start()] + choice + text[match.end() :] for choice in choices)
        if len(done) + len(todo) > MOST:
            raise PatternError(f"“{entry}” stands for more than {MOST} phrases")
    return list(done)


def _literal(text: str, entry: str, same: Same | None) -> Literal:
    open_start, open_end = text.startswith("*"), text.endswith("*")
    if "*" in text.strip("*"):
        raise PatternError(f"“{entry}” has a star inside a phrase of a group")
    body = normal_entry(text.strip("*"), same)
    if not body:
        raise PatternError(f"“{entry}” has an empty part")
    return Literal(body, open_start, open_end)


def _starred(body: str) -> str:
    """The body with a gap of none beside each star, or group with a star in it, that stands next to another word."""
    out, depth, last, opened = [], 0, 0, 0
    for index, char in enumerate(body):
        if char in "([":
            opened = index if depth == 0 else opened
            depth += 1
        elif char in ")]":
            depth -= 1
            if depth == 0 and "*" in body[opened:index]:
                if _PHRASE_BEFORE.search(body, last, opened):
                    out.append(body[last:opened] + "~0 ")
                    last = opened
                if _PHRASE_AFTER.match(body, index + 1):
                    out.append(body[last : index + 1] + " ~0")
                    last = index + 1
        elif char == "*" and depth == 0 and _INNER_STAR.match(body, index):
            out.append(body[last : index + 1] + " ~0")
            last = index + 1
    return "".join(out) + body[last:]


def _segments(body: str) -> list[tuple[str, str]]:
    """(gap sign before, text) of the parts between gaps that stand outside of groups."""
    parts: list[tuple[str, str]] = []
    sign, begin, depth, index = "", 0, 0, 0
    while index < len(body):
        char = body[index]
        depth += (char in "([") - (char in ")]")
        match = _GAP.match(body, index) if depth == 0 and char == "~" else None
        if match:
            parts.append((sign, body[begin:index].strip()))
            sign, begin, index = match.group(), match.end(), match.end()
        else:
            index += 1
    parts.append((sign, body[begin:].strip()))
    if depth:
        raise PatternError(f"“{body}”: a bracket is not closed")
    return parts


def _units(segment: str) -> list[str]:
    """A segment cut so that each group or word with a concept in it stands alone."""
    units: list[str] = []
    run, index = "", 0
    while index < len(segment):
        char = segment[index]
        if char in "({[":
            close = {"(": ")", "{": "}", "[": "]"}[char]
            depth, end = 0, index
            while end < len(segment):
                depth += (segment[end] == char) - (segment[end] == close)
                end += 1
                if depth == 0:
                    break
            piece = segment[index:end]
            if _REFERENCE.search(piece):
                units.extend(u for u in (run.strip(), piece) if u)
                run = ""
            else:
                run += piece
            index = end
        else:
            run += char
            index += 1
    return [*units, run.strip()] if run.strip() else units


def _choices(unit: str, entry: str, same: Same | None) -> tuple[frozenset[Literal], frozenset[str], bool]:
    """Literals and concepts a unit may be, and whether it may be left out."""
    literals, concepts, optional = set(), set(), False
    for text in expand(unit):
        reference = _REFERENCE.fullmatch(text)
        if not text:
            optional = True
        elif reference:
            concepts.add(reference.group(1))
        else:
            literals.add(_literal(text, entry, same))
    return frozenset(literals), frozenset(concepts), optional


def parse(entry: str, gap: int, same: Same | None = None) -> list[Pattern]:
    """The patterns an entry stands for. `gap` is what a bare `~` allows. Raises PatternError."""
    body = _LOOSE_STAR.sub("", entry.strip())
    whole = body.startswith("=")
    start = whole or body.startswith("^")
    end = whole or body.endswith("$")
    chains: list[list[Element]] = [[]]
    for sign, segment in _segments(_starred(body.lstrip("=^").removesuffix("$").strip())):
        distance = 0
        if sign:
            distance = ANYWHERE if sign == "~~" else int(sign[1:]) if len(sign) > 1 else gap
        for number, unit in enumerate(_units(segment)):
            literals, concepts, optional = _choices(unit, entry, same)
            before = distance if number == 0 else 0
            longer = [[*c, Element(literals, concepts, before if c else 0)] for c in chains if literals or concepts]
            # left out, the gap before it falls to its follower
            chains = longer + (chains if optional else [])
    if not any(chains):
        raise PatternError(f"“{entry}” is empty")
    return [Pattern(tuple(chain), start, end, whole) for chain in chains if chain]


def combine(entries: list[str], gap: int, same: Same | None = None) -> list[Pattern]:
    """All patterns of several entries, doubles dropped."""
    return list(dict.fromkeys(pattern for entry in entries for pattern in parse(entry, gap, same)))
