"""The small types platform and vendor files are made of: texts, addresses, certainty, facts with sources.

No file is read here and no key of a particular file is named.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Generic, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

#: How well a fact is supported: three or more independent sources, two, one, general knowledge that nobody checked.
Certainty = Literal["multi", "few", "one", "gk"]
CERTAINTIES: tuple[Certainty, ...] = ("multi", "few", "one", "gk")

T = TypeVar("T")


class Strict(BaseModel):
    """Unknown keys are errors and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def as_text(value: Any) -> Any:
    # The reader turns only such plain numbers into int as str() gives back digit for digit (data_file._NUMBER).
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _one_line(value: str) -> str:
    if "\n" in value.strip():
        raise ValueError("this must be a single line")
    return value.strip()


def as_tuple(value: Any) -> Any:
    # Strict mode would refuse YAML's lists for tuples; a text is no list of letters.
    return tuple(value) if isinstance(value, list) else value


Line = Annotated[str, BeforeValidator(as_text), AfterValidator(_one_line), Field(min_length=1, max_length=300)]
Prose = Annotated[str, BeforeValidator(as_text), Field(min_length=1, max_length=4000)]


def check_id(value: str) -> str:
    """Return `value`; ValueError with the sentence a person is told when it is no id."""
    if not re.fullmatch(r"[a-z0-9-]{1,64}", value):
        raise ValueError("an id is 1 to 64 small letters a-z, digits and hyphens")
    return value


def check_locale(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", value):
        raise ValueError('a language is written like "en" or "zh-CN"')
    return value


def _country(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise ValueError('a country is two capital letters, like "CN"')
    return value


def check_address(value: str) -> str:
    """A full web address, http or https, without user name or blanks; ValueError with one sentence otherwise."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("this is not a web address") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError("an address begins with https:// or http://")
    if not host or not re.fullmatch(r"[a-z0-9.:\-]+", host.encode("idna").decode() if _is_idn(host) else host):
        raise ValueError("the address has no valid host name")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address must not carry a user name or password")
    if re.search(r"[\s<>\"{}|\\^`]", value) or len(value) > 2048:
        raise ValueError("the address holds characters an address cannot hold, or is too long")
    return value


def _is_idn(host: str) -> bool:
    if host.isascii():
        return False
    try:
        host.encode("idna")
    except UnicodeError:
        raise ValueError("the address has no valid host name") from None
    return True


def _as_of(value: str) -> str:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", value)
    month, day = (int(part) if part else 1 for part in match.groups()[1:]) if match else (0, 0)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError('a date is written like "2026", "2026-11" or "2026-11-22"')
    return value


Id = Annotated[str, BeforeValidator(as_text), AfterValidator(check_id)]
Locale = Annotated[str, AfterValidator(check_locale)]
Country = Annotated[str, AfterValidator(_country)]
Address = Annotated[Line, AfterValidator(check_address)]
AsOf = Annotated[str, BeforeValidator(as_text), AfterValidator(_as_of)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(as_tuple), Field(min_length=1)]


class Sourced(Strict):
    """What every fact carries. `as_of`: the date the source itself gives, else when it was looked up."""

    certainty: Certainty
    sources: Lines
    as_of: AsOf


class Fact(Sourced, Generic[T]):
    """One fact about a platform, with where it comes from."""

    value: T
