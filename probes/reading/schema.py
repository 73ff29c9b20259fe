"""The strict shapes of the reader's data files: a lexicon, the list of concepts, the rules.

An unknown key or a missing one is an error naming file and dotted place. What the words mean is in the YAML itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

try:  # the C loader is ten times as fast and reads the same
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Shape = TypeVar("Shape", bound=BaseModel)
Phrase = Annotated[str, Field(min_length=1, max_length=3000)]


def _entries(value: Any) -> Any:
    """Entries are written as one text, separated by " ; " or line ends: patterns are full of YAML's own signs."""
    if isinstance(value, str):
        return [entry.strip() for line in value.splitlines() for entry in line.split(";") if entry.strip()]
    return value


Entries = Annotated[list[Phrase], BeforeValidator(_entries)]


class LexiconError(Exception):
    """A data file of the reader is wrong; the message names the file and the dotted place."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LinesEntry(Strict):
    """What the shopper says (method §4–§5)."""

    scenarios: dict[Literal["general", "lost_account", "wrong_charge", "refund", "cancel"], Phrase]
    ladder: list[Phrase] = Field(min_length=4)
    not_helped: Phrase
    leave: Phrase
    disclosure: Phrase
    name: Phrase


class Units(Strict):
    """Words for spans of time, as they follow a number (stems allowed, no pattern signs). `counter`: what may stand
    between the two."""

    counter: Entries = []
    second: Entries = []
    minute: Entries = []
    hour: Entries = []
    day: Entries = []
    workday: Entries = []
    week: Entries = []
    month: Entries = []


class Clock(Strict):
    """How service hours are written, without pattern signs. `hour`, `minute`: what follows the figure of a time of day
    and not that of a span; `to`: between two times; `all_day`: round the clock, with its figure."""

    hour: Entries = []
    minute: Entries = []
    to: Entries = []
    all_day: Entries = []


class Lexicon(Strict):
    """One language. `extends`: another lexicon whose words it adds to. `covers`: locales it serves.

    `function_words`: the commonest small words, to guess a language by.

    `name_particles`: what sticks to a person's name and is none of it. `abbreviations`: words whose full stop ends no
    sentence, with " #" those that do so only before a number. `same`: a word, and the variants that count as it."""

    extends: str = ""
    covers: list[str] = Field(min_length=1)
    script: Literal[
        "latin", "han", "kana", "hangul", "cyrillic", "arabic", "greek", "hebrew", "thai", "devanagari", "other"
    ]
    gap: int = 4
    function_words: Entries = []
    name_particles: Entries = []
    same: dict[str, Entries] = {}
    abbreviations: Entries = []
    number_words: dict[str, float] = {}
    units: Units = Units()
    clock: Clock = Clock()
    lines: LinesEntry | None = None
    says: dict[str, Entries] = {}
    concepts: dict[str, Entries] = {}
    controls: dict[str, Entries] = {}


@dataclass(frozen=True)
class Lexicons:
    """All lexicons of a folder by their names, as kept.py keeps them."""

    by_name: dict[str, Lexicon]

    def json(self) -> str:
        return _ALL.dump_json(self.by_name, exclude_defaults=True).decode()

    @classmethod
    def read(cls, text: str) -> Lexicons:
        """Raises ValueError."""
        return cls(_ALL.validate_json(text))


_ALL = TypeAdapter(dict[str, Lexicon])


class Concept(Strict):
    """`hides`: concepts that count no longer where this one lies over them. `core`: every lexicon must fill it.
    `near`: as a guard it bars only what stands in its own clause."""

    means: str
    hides: list[str] = []
    core: bool = False
    near: bool = False


class Rule(Strict):
    """A signal, when all of `all` (each "a|b": one of) stand in a sentence and none of `none`.

    `elsewhere`: concepts wanted anywhere in the text; `nowhere`: in no sentence of it. `question`: the sentence must
    (not) be a question. `ahead`: bars like `none`, but not from a clause behind the words the rule rests on ("the chat
    has ended, if you need more, write again"). `words`: the sentence has at most so many. `whole`: the text is one
    sentence. `clause`: all of `all` stand in one clause. `tag`: what a later clause asks is no bar ("I am a person, all
    right?"). `certainty`: what is told instead of the score, which then only ranks.
    """

    id: str
    signal: str
    score: float = Field(gt=0, le=100)
    all: list[str] = []
    none: list[str] = []
    ahead: list[str] = []
    elsewhere: list[str] = []
    nowhere: list[str] = []
    question: bool | None = None
    words: int | None = None
    whole: bool = False
    clause: bool = False
    tag: bool = False
    certainty: float | None = Field(default=None, gt=0, le=1)
    gate: str = ""
    to: str = ""


class Rules(Strict):
    guards: dict[str, list[str]] = {}
    rules: list[Rule]


def content(path: Path) -> bytes:
    """What stands in a data file. Raises LexiconError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise LexiconError(f"{path.name}: {error}") from error


def load(path: Path, shape: type[Shape]) -> Shape:
    """A YAML file in its shape. Raises LexiconError."""
    try:
        data: Any = yaml.load(content(path).decode(), Loader=_Loader)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise LexiconError(f"{path.name}: {error}") from error
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"]) or "(top)"
        raise LexiconError(f"{path.name}: {place}: {first['msg']}") from error
