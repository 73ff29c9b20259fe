"""When a message came and whether it was read, told beside it: no part of what it says, and it changes by itself.

Times of day are left out by the page's agent already; here are those told in words («2 min ago», «delivered»).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

#: Letters of the longest such line.
LONGEST = 28
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d])")
_LINES = 4_000


class Moments:
    """Takes such lines out of a view; each line is read once."""

    def __init__(self, says: Callable[[str], bool]) -> None:
        self._says = says
        self._known: dict[str, bool] = {}

    def tells(self, line: str) -> bool:
        """Is the whole line nothing but a moment?"""
        line = line.strip()
        if not line or len(line) > LONGEST:
            return False
        known = self._known.get(line)
        if known is None:
            if len(self._known) >= _LINES:
                self._known.clear()
            known = self._known[line] = self._says(_GLUED.sub(" ", line))
        return known

    def without(self, view: dict[str, Any]) -> dict[str, Any]:
        """The view (as Typist.talk gives it) with its messages' own words only."""
        messages = []
        for m in view["messages"]:
            lines = m["text"].split("\n")
            kept = [line for line in lines if not self.tells(line)]
            if len(kept) == len(lines):
                messages.append(m)
            elif not kept and m["options"] and messages and messages[-1].get("side") == m.get("side"):
                # choices that stand below a moment are those of what was said before it
                options = [*messages[-1]["options"], *(o for o in m["options"] if o not in messages[-1]["options"])]
                messages[-1] = {**messages[-1], "options": options}
            elif kept or m["options"]:
                messages.append({**m, "text": "\n".join(kept)})
        return {**view, "messages": messages}
