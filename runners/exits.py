"""The exit-code contract of the command line, behind one enum. docs/exit-codes.md prints it; a test compares the two.

Which error has which code stands in errors.py.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the process tells its caller; `meaning` is the sentence of the documentation."""

    meaning: str

    MEASURED = 0, "Done. For a run: a valid measurement, whatever its outcome; a person never reached is one of them."
    OUR_FAULT = 1, "tohuman itself failed; TOHUMAN_DEBUG=1 shows where."
    USAGE = 2, "The command was used wrongly: an unknown option, run or probe, or a value that cannot be."
    MISSING = (
        3,
        "A run gave no valid measurement: unclear, blocked, unavailable, broken, error, interrupted.",
    )
    REFUSED = 4, "The address or the run was refused by the rules of conduct; nothing was sent."
    NO_BROWSER = 5, "No browser could be found or started."
    DATA_UNUSABLE = 6, "The data directory cannot be used: not writable, full, locked or damaged."
    MALFORMED = 7, "A file given or stored is malformed: a platform file, plan, journal or script."
    DIFFERS = 8, "A check was carried out and does not hold: an exam differs from its ground truth."
    INTERRUPTED = 130, "Ended by the person at the keyboard, or by a signal asking to stop."

    def __new__(cls, code: int, meaning: str) -> Exit:
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member
