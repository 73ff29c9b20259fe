"""When two texts are the same words: bubbles, options, names that are met again. What they mean is read elsewhere."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=16_384)
def norm(text: str) -> str:
    """Compatibility form, no white space, no case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def bare(text: str) -> str:
    """The same without marks over and under the letters, as the reader's phrases are."""
    return "".join(c for c in unicodedata.normalize("NFKD", norm(text)) if not unicodedata.combining(c))
