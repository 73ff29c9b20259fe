"""The exit-code contract of the command line, behind one enum. docs/exit-codes.md prints it; a test compares the two.

Which error has which code stands in errors.py.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the process tells its caller; MEANINGS says each in a sentence."""

    MEASURED = 0
    OUR_FAULT = 1
    USAGE = 2
    MISSING = 3
    REFUSED = 4
    NO_BROWSER = 5
    DATA_UNUSABLE = 6
    MALFORMED = 7
    DIFFERS = 8
    INTERRUPTED = 130


MEANINGS = {
    Exit.MEASURED: "Done. For a run: a valid measurement, whatever its outcome; a person never reached is one of them.",
    Exit.OUR_FAULT: "tohuman itself failed; TOHUMAN_DEBUG=1 shows where.",
    Exit.USAGE: "The command was used wrongly: an unknown option, run or probe, or a value that cannot be.",
    Exit.MISSING: "A run gave no valid measurement: unclear, blocked, unavailable, broken, error, interrupted.",
    Exit.REFUSED: "The address or the run was refused by the rules of conduct; nothing was sent.",
    Exit.NO_BROWSER: "No browser could be found or started.",
    Exit.DATA_UNUSABLE: "The data directory cannot be used: not writable, full, locked or damaged.",
    Exit.MALFORMED: "A file given or stored is malformed: a platform file, plan, journal or script.",
    Exit.DIFFERS: "A check was carried out and does not hold: an exam differs from its ground truth.",
    Exit.INTERRUPTED: "Ended by the person at the keyboard, or by a signal asking to stop.",
}
