"""A support desk: what the bot behind a real chat component says, and when.

It reads desks/<software>.yaml and knows no page, no transport and nothing of the program that is measured.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

DESKS = Path(__file__).parent / "desks"

Author = Literal["bot", "system", "agent"]


@dataclass(frozen=True)
class Form:
    """A form the desk shows instead of a person. `fields` maps the label to whether a value is required."""

    title: str
    fields: dict[str, bool]
    submit: str


@dataclass(frozen=True)
class News:
    """One thing said. `after`: seconds since the visitor's message; 0 belongs to the direct reply.

    `turns_to`: from here on the visitor talks to the bot, waits in a queue, talks to a person, or nobody listens.
    """

    text: str
    author: Author = "bot"
    name: str = ""
    options: tuple[str, ...] = ()
    form: Form | None = None
    after: float = 0.0
    turns_to: Literal["", "bot", "queue", "person", "nobody"] = ""

    def as_json(self) -> dict[str, Any]:
        """The shape the apps get: text, author, name, options, form (or None)."""
        form = None
        if self.form is not None:
            fields = [{"label": label, "required": required} for label, required in self.form.fields.items()]
            form = {"title": self.form.title, "fields": fields, "submit": self.form.submit}
        said = {"text": self.text, "author": self.author, "name": self.name}
        return {**said, "options": list(self.options), "form": form}


@dataclass(frozen=True)
class Behaviour:
    """How a desk behaves. `requests`: the reply to the 1st, 2nd, … plea for a person (the last one for ever after)."""

    greeting: tuple[News, ...]
    requests: tuple[tuple[News, ...], ...]
    answers: tuple[tuple[News, ...], ...]
    topics: dict[str, tuple[News, ...]]
    options: dict[str, tuple[News, ...]]
    labels: dict[str, str]


@dataclass
class Visitor:
    """One conversation: with whom it is now, and how often a person was asked for."""

    id: str
    talks_to: str = "bot"
    requests: int = 0
    answers: int = 0
    said: list[str] = field(default_factory=list)


class Desk:
    """The desk of one company in one language, behaving in one way."""

    def __init__(self, company: str, pleas: tuple[str, ...], behaviour: Behaviour) -> None:
        self.company = company
        self.pleas = pleas
        self.behaviour = behaviour

    @classmethod
    def load(cls, software: str, locale: str, behaviour: str) -> Desk:
        """KeyError where the file has no such language or behaviour."""
        told = yaml.safe_load((DESKS / f"{software}.yaml").read_text("utf-8"))[locale]
        how = told["behaviours"][behaviour]
        labels = {**told["labels"], **how.get("labels", {})}
        return cls(
            company=told["company"],
            pleas=tuple(told["pleas"]),
            behaviour=Behaviour(
                greeting=_news(how.get("greeting", [])),
                requests=tuple(_news(reply) for reply in how.get("requests", [])),
                answers=tuple(_news(reply) for reply in how.get("answers", told.get("answers", []))),
                topics={word: _news(reply) for word, reply in how.get("topics", told.get("topics", {})).items()},
                options={label: _news(reply) for label, reply in how.get("options", {}).items()},
                labels=labels,
            ),
        )

    def hear(self, visitor: Visitor, text: str) -> tuple[News, ...]:
        """The reply to one message: an option's own, else one to a plea for a person, else by topic, else in turn."""
        visitor.said.append(text)
        if visitor.talks_to != "bot":
            return ()
        how = self.behaviour
        plain = text.strip().lower()
        if text.strip() in how.options:
            return how.options[text.strip()]
        if any(plea in plain for plea in self.pleas):
            visitor.requests += 1
            return how.requests[min(visitor.requests, len(how.requests)) - 1]
        for word, reply in how.topics.items():
            if word in plain:
                return reply
        visitor.answers += 1
        return how.answers[(visitor.answers - 1) % len(how.answers)]


def _news(told: list[Any] | str) -> tuple[News, ...]:
    """A reply as the YAML tells it: a text, or a list of texts and of mappings with News' own names."""
    if isinstance(told, str):
        return (News(told),)
    said = []
    for one in told:
        if isinstance(one, str):
            said.append(News(one))
            continue
        rest = dict(one)
        if "form" in rest:
            rest["form"] = Form(**rest["form"])
        if "options" in rest:
            rest["options"] = tuple(rest["options"])
        said.append(News(**rest))
    return tuple(said)
