"""The one function every captured text passes before it reaches a terminal, and the plain or rich output around it.

Captured text may hold escape sequences, controls and direction overrides: here they become visible, harmless text.
"""

from __future__ import annotations

import re
import sys
import unicodedata

# CSI, OSC and the other escape sequences of ECMA-48, as far as they are complete; a lone ESC is caught below.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]"
)
#: Characters that reorder what stands around them.
DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def sanitise(text: object, limit: int | None = None) -> str:
    """One line of text that a terminal shows as it is: no escapes, controls as ‹U+XXXX›, white space as one blank.

    `limit`: at most so many characters, the last being … when more were cut off.
    """
    clean: list[str] = []
    for char in _ESCAPES.sub("", str(text)):
        if char in "\t\n\r\v\f\x85\u2028\u2029":
            clean.append(" ")
        elif char in DIRECTION or unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn"):
            clean.append(f"‹U+{ord(char):04X}›")
        elif unicodedata.category(char) == "Cf" and char != "\u200d":
            continue  # zero-width and other unseen format characters; the joiner of emoji stays
        else:
            clean.append(char)
    line = re.sub(r" {2,}", " ", "".join(clean)).strip()
    if limit is not None and len(line) > limit:
        line = line[: max(0, limit - 1)].rstrip() + "…"
    return line


def width(text: str) -> int:
    """Columns a terminal gives to `text`: wide characters take two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def pad(text: str, columns: int) -> str:
    """`text` filled up with blanks to `columns`; longer ones are cut with …"""
    if width(text) > columns:
        while text and width(text) > columns - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (columns - width(text))


def is_terminal() -> bool:
    """Whether progress may redraw lines: standard error is a terminal."""
    return bool(getattr(sys.stderr, "isatty", lambda: False)())


def table(head: list[str], rows: list[list[str]], limits: list[int] | None = None) -> list[str]:
    """Lines of a table; every cell is sanitised. `limits`: the most columns each may take."""
    cells = [[sanitise(cell) for cell in row] for row in rows]
    widths = [max([width(name)] + [width(row[i]) for row in cells]) for i, name in enumerate(head)]
    if limits:
        widths = [min(have, limit) for have, limit in zip(widths, limits, strict=True)]
    lines = ["  ".join(pad(name, widths[i]) for i, name in enumerate(head)).rstrip()]
    lines.append("  ".join("-" * wide for wide in widths))
    lines += ["  ".join(pad(cell, widths[i]) for i, cell in enumerate(row)).rstrip() for row in cells]
    return lines
