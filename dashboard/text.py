"""Captured text made safe to show: hidden characters made visible, links judged, spreadsheet cells guarded.

Escaping itself is the template engine's (autoescape, always on); nothing here makes markup.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

#: Joiners that scripts and emoji need to be drawn at all. Everything else of the format class is made visible.
_NEEDED = {"\u200c", "\u200d"}
#: Categories that are invisible or change how neighbours are shown: controls, format (bidi overrides, zero widths,
#: tags), halves of characters, private use and unassigned, line and paragraph separators.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
#: What a spreadsheet takes as the beginning of a formula, in ASCII and full width (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SPACE = re.compile(r"[ \u00a0\u2000-\u200a\u3000]")


def visible(text: str) -> str:
    """The text with every hidden or direction-changing character written out as ⟨U+202E⟩; newline and tab stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_seen(c) for c in text)


def _seen(character: str) -> str:
    if character in "\n\t" or character in _NEEDED:
        return character
    if unicodedata.category(character) in _HIDDEN:
        return f"⟨U+{ord(character):04X}⟩"
    return character


def one_line(text: str, limit: int = 80) -> str:
    """The visible text on one line, cut with … after `limit` characters: for titles, labels and chips."""
    flat = " ".join(visible(text).split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def web_address(address: str) -> str:
    """The address if it may be a link: http or https with a host and no hidden character or blank; else ''."""
    if not address or visible(address) != address or _SPACE.search(address) or set(address) & set("\n\t<>\"'`\\"):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and host else ""


def cell(value: object) -> str:
    """A CSV cell no spreadsheet runs: text that could begin a formula gets a leading apostrophe.

    Numbers stay as they are; the exact text is in runs.json. Leading blanks are looked behind, since some programs
    strip them. A cell is one line: a program that splits elsewhere would take the next one for a row of its own.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = " ".join(visible(str(value)).splitlines())
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text
