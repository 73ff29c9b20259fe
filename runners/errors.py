"""Every error a person can be told of: one sentence (what, where, what to do) and one exit code.

    TohumanError                1  our fault, unless a branch below says otherwise
    ├── UsageError              2  an unknown run, probe or value
    ├── MeasurementMissing      3  a run that gave no valid measurement
    ├── Refused                 4  by the rules of conduct
    │   ├── AddressRefused         an address that must not be visited
    │   └── SandboxRefused         a live site without the browser's sandbox
    ├── BrowserMissing          5  none found, or it does not start
    ├── DataUnusable            6  the data directory
    ├── MalformedFile           7  a file that cannot be read as what it should be
    └── Differs                 8  a check that does not hold

Nothing here prints; the command line does (cli/__init__.py), and only the sentence.
"""

from __future__ import annotations

from tohuman.runners.exits import Exit


class TohumanError(Exception):
    """`what` happened, `where`, and what to `do` about it; `str()` is the one sentence of the three."""

    exit: Exit = Exit.OUR_FAULT

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.what, self.where, self.do = what, where, do
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        text = self.what.rstrip(". ")
        if self.where:
            text += f" ({self.where})"
        if self.do:
            text += f"; {self.do.rstrip('. ')}"
        return text + "."


class UsageError(TohumanError):
    exit = Exit.USAGE


class MeasurementMissing(TohumanError):
    exit = Exit.MISSING


class Refused(TohumanError):
    exit = Exit.REFUSED


class AddressRefused(Refused):
    pass


class SandboxRefused(Refused):
    pass


class BrowserMissing(TohumanError):
    exit = Exit.NO_BROWSER


class DataUnusable(TohumanError):
    exit = Exit.DATA_UNUSABLE


class MalformedFile(TohumanError):
    exit = Exit.MALFORMED


class Differs(TohumanError):
    exit = Exit.DIFFERS
