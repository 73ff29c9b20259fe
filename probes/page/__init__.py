"""The agent in the page: one init script made of the JavaScript files of this folder, in a fixed order.

Nothing here runs in Python; the Python sides are sight.py (seeing) and counter.py (counting).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

PARTS = ("base.js", "boxes.js", "messages.js", "conversation.js", "controls.js", "counter.js")


@cache
def _agent() -> str:
    folder = files(__package__)
    return "\n".join((folder / part).read_text("utf-8") for part in PARTS if (folder / part).is_file())


def init_script(word: str) -> str:
    """The whole agent as one script for `context.add_init_script`; its messages carry `word` (letters and digits)."""
    return _agent().replace("__WORD__", word)
