"""Reading: what a text of a conversation or the label of a control means, and the lines a shopper says.

Rules, lexicons and precedents, no model; knows no page and no conversation state.
"""

from .model import Lines, Reading
from .reader import PRECEDENT, Reader
from .schema import LexiconError

__all__ = ["PRECEDENT", "LexiconError", "Lines", "Reader", "Reading"]
