"""The words of the site, one YAML file per language; numbers and shares as people write them.

Holds no words itself: they live in locales/<language>.yaml, whose keys are equal (tested).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

import yaml
from markupsafe import Markup, escape

FOLDER = Path(__file__).parent / "locales"


def languages() -> tuple[str, ...]:
    """The languages there are, by name of their file."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.yaml")))


@cache
def words(language: str) -> Mapping[str, str]:
    """Dotted key → text. KeyError for a language that has no file."""
    if language not in languages():
        raise KeyError(language)
    flat: dict[str, str] = {}

    def walk(prefix: str, node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                walk(f"{prefix}.{key}" if prefix else str(key), value)
        else:
            flat[prefix] = str(node).strip("\n")

    walk("", yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8")))
    return flat


class Locale:
    """One language. Called with a key and values it gives markup in which every value is escaped."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = words(language)
        self._escaped = {key: Markup(escape(text)) for key, text in self._words.items()}

    def __call__(self, key: str, /, **values: object) -> Markup:
        """The text of a key; KeyError when there is none (a missing word is a defect, not a blank)."""
        text = self._escaped[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        return key in self._words

    def name(self, group: str, code: str) -> Markup:
        """The word for a code of a vocabulary, or the code itself where the file has no word for it."""
        key = f"{group}.{code}"
        return self(key) if key in self._words else escape(code)

    def count(self, key: str, n: int) -> Markup:
        """`key.one` or `key.other`, with {n}."""
        return self(f"{key}.one" if n == 1 else f"{key}.other", n=self.number(n))

    def number(self, value: float | Fraction | None, digits: int = 1) -> str:
        """At most `digits` decimals, none where they are zero; a dash for None."""
        if value is None:
            return "–"
        text = f"{float(value):,.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def percent(self, value: float | Fraction | None) -> str:
        """Whole per cent. Never rounded to 100 or to 0: what is not all is at most 99, what is not none at least 1."""
        if value is None:
            return "–"
        exact = Fraction(value)
        whole = math.floor(exact * 100 + Fraction(1, 2))
        if exact < 1:
            whole = min(whole, 99)
        if exact > 0:
            whole = max(whole, 1)
        return f"{whole}{self._words['percent']}"

    def seconds(self, value: float | None) -> Markup:
        if value is None:
            return escape("–")
        if value < 60:
            return self("seconds", n=self.number(value, 1 if value < 10 else 0))
        minutes, rest = divmod(round(value), 60)
        return self("minutes", m=minutes, s=f"{rest:02}")
