"""Choosing among options a bot offers: the one nearest to «other / not listed», as buttons or as a numbered text menu.

Words come from the lexicon; this file knows only the shapes of menus.
"""

from __future__ import annotations

import re

from .alike import norm
from .protocol import SURE
from .session import Session
from .sight import Control

# "1. Orders", "(2) Refunds", "【3】其他", "A、账户", "按4 …", "4: …": a key, a mark, a label
_ENTRY = re.compile(r"^\W{0,3}(?:\w{1,6}\s?)?[(（【\[]?\s*(\d{1,2}|[A-Za-z])\s*[)）】\].、:：,，\-–—]+\s*(\S.{0,80})$")
_KEYCAP = re.compile(r"^(\d)\ufe0f?\u20e3\s*(\S.{0,80})$")
# "1 Orders": a key and a label with nothing between, believed only where keys follow one another
_BARE = re.compile(r"^(\d{1,2})\s+([^\W\d].{0,60})$")
# "申诉请按1", "for refunds press 2": a label, then the key at the end
_TRAILING = re.compile(r"^(\S.{0,60}?)\s*\D{0,12}[\s按鍵键]\s?(\d{1,2})[\s。.;；,，]*$")


def entries(text: str) -> list[tuple[str, str]]:
    """(key, label) of a numbered menu in a text; empty when there are fewer than two."""
    found: list[tuple[str, str]] = []
    lines = [line.strip() for line in re.split(r"[\n;；]+", text)]
    bare = [int(m.group(1)) for line in lines if (m := _BARE.match(line))]
    numbered_only = len(bare) >= 2 and bare == sorted(set(bare)) and bare[:2] in ([0, 1], [1, 2])
    for line in lines:
        m = _KEYCAP.match(line) or _ENTRY.match(line) or (_BARE.match(line) if numbered_only else None)
        if m:
            found.append((m.group(1), m.group(2).strip()))
            continue
        m = _TRAILING.match(line)
        if m:
            found.append((m.group(2), m.group(1).strip()))
    keys = [k for k, _ in found]
    return found if len(found) >= 2 and len(set(keys)) == len(keys) else []


def menu_text(text: str) -> bool:
    """Is the text a menu to answer with a key: two or more short entries that are no steps of an instruction?"""
    found = entries(text)
    return len(found) >= 2 and all(
        len(label) <= 40 and not label.endswith((".", "。", "!", "！")) for _, label in found
    )


def numbered(s: Session, text: str, tried: set[str]) -> tuple[str, str, bool] | None:
    """The entry to take: (what to type, its label, whether it offers a person)."""
    menu = [(k, label) for k, label in entries(text) if norm(label) not in tried]
    for key, label in menu:
        r = s.reader.control(label, s.locale)
        if r.signal == "ask_human" and r.certainty >= SURE:
            return key, label, True
    for key, label in menu:
        if s.says("other_option", label):
            return key, label, False
    return (*menu[-1], False) if menu else None


def pick_category(s: Session, options: list[Control]) -> Control | None:
    """The option nearest to «other / not listed»; without one, the last that leads on."""
    usable = []
    for c in options:
        r = s.reader.control(c.label, s.locale)
        if (
            r.signal in ("back", "login", "call", "email", "leave_message")
            or s.says("rating", c.label)
            or s.says("end_chat", c.label)
            or s.says("send", c.label)
        ):
            continue
        if c.href.startswith("http") and c.tag == "a" and c.prose:
            continue
        usable.append(c)
    # «not now», «no, thanks» decline what is offered: no category, as long as there is another answer
    usable = [c for c in usable if not s.says("close", c.label)] or usable
    for c in reversed(usable):
        if s.says("other_option", c.label):
            return c
    for c in reversed(usable):
        if s.reader.control(c.label, s.locale).signal in ("contact", "open_chat", "help_centre"):
            return c
    return usable[-1] if usable else None
