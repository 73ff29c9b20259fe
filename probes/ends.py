"""How a conversation ended for the walk: the one thing the conversation and its watch hand back to a policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tohuman.results.vocabulary import Outcome


@dataclass
class End:
    """How a conversation ended for the walk. `reached`: offered or answered, nothing more to do. `moved`: a press in it
    opened something else (look again). `wall`: the wall met; the walk may go on elsewhere. `silent`: nothing came."""

    how: Literal["reached", "wall", "moved", "unclear", "silent"]
    outcome: Outcome | None = None
