"""From pydantic's errors to one plain sentence per problem, with the dotted place and the nearest right word.

Knows no field of any file: it asks the models. Reading the file is data_file.py's work.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tohuman.probes.data_file import MAX_PROBLEMS, Document, Place, Problem, quoted

M = TypeVar("M", bound=BaseModel)


class Contradictions(ValueError):
    """Raised by a model whose parts are each right but do not go together: (place below the model, sentence) each."""

    def __init__(self, found: list[tuple[Place, str]]) -> None:
        super().__init__("; ".join(text for _, text in found))
        self.found = found


def validated(model: type[M], document: Document) -> M | list[Problem]:
    """The document as `model`, or every problem found (the reader's own problems first, then alone)."""
    if document.problems:
        return document.problems
    if not isinstance(document.data, dict):
        return [Problem((), "the file must be a list of keys and values, like `id: name`", 1)]
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        found = [problem for details in error.errors() for problem in _problems(model, details, document)]
        return list(dict.fromkeys(found))[:MAX_PROBLEMS]


def nearest(word: str, words: Iterable[str]) -> str:
    """' (did you mean "x"?)' or ''."""
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f' (did you mean "{found[0]}"?)' if found else ""


def _problems(model: type[BaseModel], details: ErrorDetails, document: Document) -> list[Problem]:
    place = _real_place(details, document.data)
    error = details.get("ctx", {}).get("error")
    if isinstance(error, Contradictions):
        return [Problem((*place, *below), text, document.line((*place, *below))) for below, text in error.found]
    return [Problem(place, _sentence(model, details, place, document.data), document.line(place))]


def _real_place(details: ErrorDetails, data: Any) -> Place:
    """pydantic's location without the names of union members, which stand nowhere in the file."""
    place: list[str | int] = []
    at = data
    for index, part in enumerate(details["loc"]):
        last = index == len(details["loc"]) - 1
        known = part in at if isinstance(at, dict) else isinstance(at, list) and part in range(len(at))
        if known:
            place.append(part)
            at = at[part]
        elif last and isinstance(at, dict) and details["type"] == "missing":
            place.append(part)
    return tuple(place)


def _sentence(model: type[BaseModel], details: ErrorDetails, place: Place, data: Any) -> str:
    kind, ctx, value = details["type"], details.get("ctx", {}), details["input"]
    if kind == "extra_forbidden":
        return f"unknown key {quoted(place[-1])}{nearest(str(place[-1]), keys_at(model, place[:-1], data))}"
    if kind == "missing":
        return "this is missing"
    if kind == "union_tag_invalid":
        words = [word.strip(" '") for word in str(ctx.get("expected_tags", "")).split(",")]
        tag = str(ctx.get("tag"))
        return f"unknown {_tag(ctx)} {quoted(tag)}{nearest(tag, words)}; known: {_list(words)}"
    if kind == "union_tag_not_found":
        return f'the key "{_tag(ctx)}" is missing'
    if kind in ("literal_error", "enum"):
        words = [w.strip(" '") for w in str(ctx.get("expected", "")).replace(" or ", ", ").split(",")]
        return f"{_shown(value)} is not one of {_list(words)}{nearest(str(value), words)}"
    if kind == "value_error":
        return str(ctx.get("error", "this is not allowed"))
    if kind.startswith(("bool_", "bool")):
        return f"{_shown(value)} must be true or false"
    if kind in ("int_type", "int_parsing"):
        return f"{_shown(value)} must be a whole number"
    if kind == "string_type":
        return f"{_shown(value)} must be a text" + ("; put it in quotes" if isinstance(value, bool) else "")
    if kind in ("list_type", "tuple_type"):
        return f'{_shown(value)} must be a list: one entry a line, each after "- "'
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return f"{_shown(value)} must be a group of keys and values"
    if kind == "too_short":
        return "at least one entry is needed"
    if kind in ("string_too_short", "string_too_long", "too_long"):
        bound = ctx.get("max_length", ctx.get("min_length"))
        return "this is empty" if "short" in kind else f"this is longer than {bound}"
    return f"{_shown(value)} is not allowed here: {details['msg'][:1].lower()}{details['msg'][1:]}"


def _tag(ctx: dict[str, Any]) -> str:
    return str(ctx.get("discriminator", "")).strip("'")


def _list(words: list[str]) -> str:
    return ", ".join(words)


def _shown(value: object) -> str:
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    return quoted(value)


def keys_at(model: type[BaseModel], place: Place, data: Any) -> list[str]:
    """The keys the models know at a place of the data."""
    kinds: list[Any] = [model]
    at = data
    for part in place:
        at = at[part]
        kinds = [inner for kind in kinds for inner in _inside(kind, part, at)]
    return sorted({name for kind in kinds for name in _models(kind)})


def _models(kind: Any) -> list[str]:
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _inside(kind: Any, part: str | int, at: Any) -> list[Any]:
    """What a type holds under a key or index; of several step classes, those the data's own literals allow."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        info = kind.model_fields.get(str(part))
        return [] if info is None else _members(info.annotation, at)
    args = get_args(kind)
    if get_origin(kind) is dict and len(args) == 2:
        return _members(args[1], at)
    return _members(args[0], at) if args else []


def _members(kind: Any, at: Any) -> list[Any]:
    if get_origin(kind) is Annotated:
        return _members(get_args(kind)[0], at)
    if get_origin(kind) in (Union, types.UnionType):
        return [member for arg in get_args(kind) for member in _members(arg, at)]
    if isinstance(kind, type) and issubclass(kind, BaseModel) and isinstance(at, dict):
        for name, info in kind.model_fields.items():
            words = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
            if len(words) == 1 and at.get(name) not in (*words, None):
                return []
    return [kind]
