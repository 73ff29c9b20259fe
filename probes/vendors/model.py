"""What a vendor file says: marks to recognise it by, and hints about launcher, authors, queue and end.

A hint marked gk is never enough for "human". Reading the files is in __init__.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from tohuman.probes.data_file import Place
from tohuman.probes.problems import Contradictions
from tohuman.probes.schema_fields import AsOf, Certainty, Id, Line, Lines, Locale, Prose, Strict, as_tuple
from tohuman.probes.schema_steps import Role

Author = Literal["consumer", "bot", "human", "system"]


@lru_cache(maxsize=1024)
def _address_rule(pattern: str) -> tuple[str, re.Pattern[str]]:
    host, _, path = pattern.partition("/")
    path_rule = "/".join("[^/]*".join(map(re.escape, part.split("*"))) for part in path.split("/"))
    return host, re.compile("/" + path_rule)


def _address(pattern: str) -> str:
    host, _, path = pattern.partition("/")
    if not re.fullmatch(r"\*|([a-z0-9-]+\.)+[a-z]{2,}", host):
        raise ValueError(
            'an address mark is a host with or without a path, like "cdn.vendor.example/chat", or "*/path"'
        )
    if host == "*" and len(path.strip("/*")) < 8:
        raise ValueError("a mark for any host needs a path of its own, of at least eight characters")
    # More than one * in a part could be slow to compare with hostile addresses, and nobody needs it.
    if any(part.count("*") > 1 for part in path.split("/")) or re.search(r"[\s?#]", path):
        raise ValueError('a path holds at most one * between two "/" and no blank, ? or #')
    return pattern


def _element(name: str) -> str:
    if not re.fullmatch(r"[^*]{3,}\*?", name):
        raise ValueError("an element mark has at least three characters; only its end may be *")
    return name


AddressMark = Annotated[Line, AfterValidator(_address)]
ElementMark = Annotated[Line, AfterValidator(_element)]
AddressMarks = Annotated[tuple[AddressMark, ...], BeforeValidator(as_tuple)]
ElementMarks = Annotated[tuple[ElementMark, ...], BeforeValidator(as_tuple)]


class Supporting(Strict):
    """Marks other things carry too: they count only where one of each kind is there."""

    addresses: Annotated[AddressMarks, Field(min_length=1)]
    element_ids: Annotated[ElementMarks, Field(min_length=1)]


class Recognise(Strict):
    """Address marks: 'host/path'; the host stands for itself and its subdomains, the path for what begins with it.
    Element marks: an id, a frame's name, or a class."""

    script_hosts: AddressMarks = ()
    iframe_hosts: AddressMarks = ()
    hosted_links: AddressMarks = ()
    link_schemes: Annotated[tuple[Line, ...], BeforeValidator(as_tuple)] = ()
    element_ids: ElementMarks = ()
    supporting: Supporting | None = None


class Hint(Strict):
    """One thing the vendor's software shows. `class`, `name` (the author's label), `id` and `text` are compared with a
    bubble; `described` tells people (and later code) what the vendor documents."""

    kind: Literal["class", "name", "id", "text", "described"]
    value: Line
    certainty: Certainty


Hints = Annotated[tuple[Hint, ...], BeforeValidator(as_tuple)]


class LauncherControl(Strict):
    role: Role
    name: Line
    certainty: Certainty


class Launcher(Strict):
    controls: Annotated[tuple[LauncherControl, ...], BeforeValidator(as_tuple)] = ()
    selectors: Annotated[tuple[Line, ...], BeforeValidator(as_tuple)] = ()


class Authors(Strict):
    consumer: Hints = ()
    bot: Hints = ()
    human: Hints = ()
    system: Hints = ()


class Vendor(Strict):
    """`certainty` and `sources` are those of `recognise` and `launcher.selectors`; every hint has a certainty of its
    own. `opens_app`: pressing its link leaves the browser (a diversion)."""

    id: Id
    names: dict[Locale, Line]
    certainty: Certainty
    sources: Lines
    as_of: AsOf
    recognise: Recognise
    launcher: Launcher = Launcher()
    authors: Authors = Authors()
    queue: Hints = ()
    ended: Hints = ()
    opens_app: bool = False
    notes: Prose | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        found = list(self._contradictions())
        if found:
            raise Contradictions(found)
        return self

    def _contradictions(self) -> Iterator[tuple[Place, str]]:
        r = self.recognise
        if not (r.script_hosts or r.iframe_hosts or r.hosted_links or r.element_ids or r.link_schemes or r.supporting):
            yield ("recognise",), "at least one mark to recognise the vendor by is needed"
        if "en" not in self.names:
            yield ("names",), "an English name is needed (key en)"
        for name in ("script_hosts", "iframe_hosts", "hosted_links"):
            for index, mark in enumerate(getattr(r, name)):
                if mark.startswith("*/"):
                    yield ("recognise", name, index), "a mark for any host belongs under supporting"
        for index, hint in enumerate(self.authors.human):
            if hint.certainty == "gk" and hint.kind != "described":
                yield ("authors", "human", index), "what is only general knowledge never decides that a person writes"

    def marks(self, urls: Iterable[str], ids: Iterable[str]) -> int:
        """How many of the vendor's marks are there; 0 where it is not recognised."""
        r, urls, ids = self.recognise, list(urls), list(ids)
        marks = sum(_known(url, (*r.script_hosts, *r.iframe_hosts, *r.hosted_links)) for url in urls)
        marks += sum(_scheme(url) in r.link_schemes for url in urls)
        marks += sum(_named(name, r.element_ids) for name in ids)
        if r.supporting is not None:
            by_address = sum(_known(url, r.supporting.addresses) for url in urls)
            by_id = sum(_named(name, r.supporting.element_ids) for name in ids)
            marks += by_address + by_id if marks or (by_address and by_id) else 0
        return marks

    def author(self, classes: Iterable[str], name: str = "") -> Author | None:
        """Who wrote a bubble, by its classes (its own and those around it, up to the log) and its author's label, or
        None where the vendor's marks do not tell. Of several answers the less flattering one: consumer, system, bot,
        human. Never "human" on general knowledge."""
        given, label = frozenset(classes), name.strip()
        for author in ("consumer", "system", "bot", "human"):
            for hint in getattr(self.authors, author):
                told = hint.value in given if hint.kind == "class" else hint.kind == "name" and hint.value == label
                if told and not (author == "human" and hint.certainty == "gk"):
                    return author
        return None


def _scheme(url: str) -> str:
    return url.partition(":")[0].strip().lower()


def _known(url: str, patterns: Iterable[str]) -> bool:
    try:
        parts = urlsplit(url.strip() if not url.startswith("//") else f"https:{url.strip()}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme not in ("http", "https", "ws", "wss") or not host:
        return False
    for pattern in patterns:
        wanted, path = _address_rule(pattern)
        if (wanted == "*" or host == wanted or host.endswith(f".{wanted}")) and path.match(parts.path or "/"):
            return True
    return False


def _named(name: str, marks: Iterable[str]) -> bool:
    return any(name.startswith(mark[:-1]) if mark.endswith("*") else name == mark for mark in marks)
