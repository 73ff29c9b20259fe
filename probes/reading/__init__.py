"""Reading: what a text of a conversation or the label of a control means, and the lines a shopper says.

Rules and lexicons, no model; knows no page and no conversation state.
"""

from .model import Lines, Reading
from .reader import Reader
from .schema import LexiconError

__all__ = ["LexiconError", "Lines", "Reader", "Reading"]
