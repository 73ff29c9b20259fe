"""Effort in seconds: the Keystroke-Level Model over the counted acts, plus reading what the bot wrote (METHOD §2).

A lower bound. The constants stand in effort.yaml; which acts count is counting.py's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml


@dataclass(frozen=True)
class Act:
    """One counted act as the hands see it: the text typed first, what it was ended by, how many times."""

    by: Literal["pointer", "key"] = "pointer"
    typed: str = ""
    times: int = 1


@dataclass(frozen=True)
class Effort:
    """Seconds, to a hundredth: with the usual K, with the fastest and with the slowest."""

    usual: float
    low: float
    high: float


@cache
def constants() -> dict[str, Any]:
    """effort.yaml as it stands. ValueError when the file isn't what this module needs."""
    loaded = yaml.safe_load(Path(__file__).with_name("effort.yaml").read_text("utf-8"))
    if not isinstance(loaded, dict) or not {"operators", "reading", "keys_per_character"} <= loaded.keys():
        raise ValueError("effort.yaml lacks operators, reading or keys_per_character.")
    return loaded


@cache
def script_of(character: str) -> str:
    """'han', 'kana', 'hangul', 'other' for letters and digits, '' for spaces, marks and punctuation."""
    if not character.isalnum():
        return ""
    name = unicodedata.name(character, "")
    if name.startswith("CJK "):
        return "han"
    if name.startswith(("HIRAGANA ", "KATAKANA ", "HALFWIDTH KATAKANA ")):
        return "kana"
    return "hangul" if name.startswith("HANGUL ") else "other"


def keys_of(text: str) -> float:
    """Keys needed to type a text: an input method for scripts that need one, one key for everything else."""
    per = constants()["keys_per_character"]
    return sum(float(per[script_of(character) or "other"]) for character in text)


def reading_seconds(text: str) -> float:
    """Seconds to read a text: characters of scripts that don't part words, words of all others."""
    unparted = 0
    rest: list[str] = []
    for character in text:
        if script_of(character) in ("han", "kana", "hangul"):
            unparted += 1
            rest.append(" ")
        else:
            rest.append(character)
    words = sum(1 for word in "".join(rest).split() if any(script_of(character) for character in word))
    speed = constants()["reading"]
    return 60.0 * (unparted / float(speed["characters_per_minute"]) + words / float(speed["words_per_minute"]))


def effort(acts: Iterable[Act], read: Iterable[str], *, fields: int = 0, extra_presses: int = 0, touch: bool) -> Effort:
    """The effort of a way: `acts` in order, texts `read`, required `fields` (pointed at, their text unknown and left
    out), presses of a double press. `touch`: a phone, where hands don't move between keyboard and mouse."""
    keys, points, homings, minds = 0.0, fields, 0, fields
    keys += fields + extra_presses
    at_keyboard = False
    for act in acts:
        minds += act.times
        if act.typed:
            homings += not at_keyboard
            at_keyboard = True
            keys += keys_of(act.typed)
        if act.by == "key":
            homings += not at_keyboard
            at_keyboard = True
        else:
            homings += at_keyboard
            at_keyboard = False
            points += act.times
        keys += act.times
    reading = sum(reading_seconds(text) for text in read)
    operators = constants()["operators"]
    fixed = points * operators["P"]["value"] + minds * operators["M"]["value"] + reading
    if not touch:
        fixed += homings * operators["H"]["value"]
    press = operators["K"]
    return Effort(*(round(fixed + keys * press[name], 2) for name in ("value", "low", "high")))
