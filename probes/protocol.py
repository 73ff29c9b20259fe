"""The conversation protocol as data: its version, what each signal of a reply means, and what a wall is called.

The one table METHOD.md prints; the machine that follows it is conversation.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tohuman.results.vocabulary import Barrier, Gate, Outcome, Signal

PROTOCOL_VERSION = "1.0.0"

#: Below this a reading decides nothing.
SURE = 0.5

Standing = Literal["offers", "joins", "answers", "drops", "wall", "menu", "asks", "talk"]


@dataclass(frozen=True)
class Meaning:
    """`standing`: what the signal does to the state. `outcome`: the wall it is when nobody was offered before.
    `taken_back`: the outcome when it follows a stated transfer within the watch."""

    standing: Standing
    outcome: Outcome | None = None
    taken_back: Outcome | None = None
    rule: str = ""


MEANS: dict[Signal, Meaning] = {
    Signal.HANDOFF_OFFER: Meaning("offers", rule="4a"),
    Signal.QUEUED: Meaning("offers", rule="4a"),
    Signal.HUMAN_JOINED: Meaning("joins", rule="4b"),
    Signal.HUMAN_MESSAGE: Meaning("answers", rule="4b"),
    Signal.QUEUE_DROPPED: Meaning("drops", Outcome.DROPPED, Outcome.DROPPED, "6"),
    Signal.ENDED: Meaning("wall", Outcome.DEAD_END, Outcome.DROPPED, "6"),
    Signal.CLOSED: Meaning("wall", Outcome.CLOSED, Outcome.CLOSED, "6"),
    Signal.GATED: Meaning("wall", Outcome.GATED, Outcome.GATED, "6"),
    Signal.MESSAGE_FORM: Meaning("wall", Outcome.MESSAGE_FORM, Outcome.MESSAGE_FORM, "6"),
    Signal.DIVERTED: Meaning("wall", Outcome.DIVERTED, Outcome.DIVERTED, "6"),
    Signal.NO_HUMAN: Meaning("wall", Outcome.DEAD_END, Outcome.DEAD_END, "6"),
    Signal.PROMISE: Meaning("wall", Outcome.MESSAGE_FORM, Outcome.MESSAGE_FORM, "6"),
    Signal.ASKS_CATEGORY: Meaning("menu", None, Outcome.LOOP, "2"),
    Signal.BOT_FALLBACK: Meaning("talk", None, Outcome.LOOP, "5"),
    Signal.ASKS_PROBLEM: Meaning("asks", rule="3"),
    Signal.ASKS_HELPED: Meaning("asks", rule="4"),
    Signal.PRECHAT_FORM: Meaning("asks", rule="form"),
    Signal.GREETING: Meaning("talk", rule="5"),
    Signal.OTHER: Meaning("talk", rule="5"),
}

#: Rules of the reader that say somebody comes soon and name no queue: taken back, such a promise was no queue left.
NO_QUEUE_NAMED = frozenset({"queue.soon", "queue.wait.agent"})

#: The barrier a wall shows.
GATE_BARRIER: dict[str, Barrier] = {
    Gate.LOGIN: Barrier.LOGIN_NEEDED,
    Gate.VIP: Barrier.VIP_NEEDED,
    Gate.ORDER: Barrier.EVIDENCE_NEEDED,
    Gate.IDENTITY: Barrier.EVIDENCE_NEEDED,
    Gate.EVIDENCE: Barrier.EVIDENCE_NEEDED,
    Gate.PHONE: Barrier.EVIDENCE_NEEDED,
}
