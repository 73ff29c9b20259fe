"""The real subjects: sites made of software nobody here wrote, each with its written truth.

async with serve_subject("tdesign-transfer-zh") as subject:
    subject.url, subject.locale, subject.surface, subject.truth, subject.log()
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from tests.real.build import build_chat, build_site
from tests.real.chat_servers import SERVERS, running
from tests.real.desk import Desk
from tests.real.server import Entry, Site, serving
from tests.real.tools import BuildError, Unavailable

__all__ = [
    "BuildError",
    "Subject",
    "Truth",
    "Unavailable",
    "build",
    "names",
    "serve_subject",
    "told_of",
    "truth_of",
    "way_of",
]

TRUTH = Path(__file__).parent / "truth"
#: The order of the chats, the real input of issue 2 first.
CHATS = ("tdesign", "antdx", "semi", "chatscope", "vbc", "chainlit", "gradio")

Stop = Literal["offered", "answered"]
Policy = Literal["naive", "informed"]


@dataclass(frozen=True)
class Truth:
    """What is true of one subject under one policy and stop rule."""

    outcome: str
    clicks: int
    turns: int
    fields: int
    obstacle_clicks: int
    gate: str = ""
    to: str = ""


@dataclass(frozen=True)
class Subject:
    """A subject being served. `told`: its whole entry in truth/ (software, behaviour, barriers, ways …)."""

    name: str
    url: str
    locale: str
    surface: str
    told: dict[str, Any]
    site: Site

    def log(self) -> list[Entry]:
        """What the site itself received, in order: kind (press, message, field, obstacle), what, at (s) …

        A press has `where` (page, chat), a message has `to` (bot, queue, person, nobody), a field has `required`.
        """
        return list(self.site.entries)

    def reset(self) -> None:
        """An empty log and no conversations, as after serving anew."""
        self.site.forget()

    def truth(self, policy: Policy = "naive", stop: Stop = "offered") -> Truth:
        return truth_of(self.name, policy, stop)

    def counted(self) -> dict[str, int]:
        """The log's own clicks, turns, fields and obstacle_clicks to the end of the way (see README)."""
        return self.site.counted()


@cache
def _told() -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {}
    for chat in CHATS:
        told |= yaml.safe_load((TRUTH / f"{chat}.yaml").read_text("utf-8"))
    return told


def names() -> list[str]:
    """Every subject, in the order of CHATS."""
    return list(_told())


def told_of(name: str) -> dict[str, Any]:
    """A subject's entry in truth/; KeyError with the known names for an unknown one."""
    if name not in _told():
        raise KeyError(f"no real subject {name!r}; there are: {', '.join(names())}")
    return _told()[name]


def truth_of(name: str, policy: Policy = "naive", stop: Stop = "offered") -> Truth:
    """The written truth of a subject for one policy and stop rule."""
    told = dict(told_of(name)[policy])
    either = {"offered": told.pop("offered", None), "answered": told.pop("answered", None)}
    if "outcome" not in told:
        told["outcome"] = either[stop]
    return Truth(**told)


def way_of(name: str, policy: Policy = "informed") -> list[dict[str, Any]]:
    """The steps a policy takes, where they are written; the naive way is the informed one where none is of its own."""
    told = told_of(name)
    way: list[dict[str, Any]] = told.get(f"{policy}_way", told["informed_way"])
    return way


def build(name: str) -> tuple[Path, Path]:
    """Builds what the subject needs, or finds it built: (help centre, chat). Raises Unavailable or BuildError."""
    told = told_of(name)
    return build_site(told["site"]), build_chat(told["chat"])


@contextlib.asynccontextmanager
async def serve_subject(name: str, *, pace: float = 1.0, port: int = 0) -> AsyncIterator[Subject]:
    """Builds the subject if need be and serves it on 127.0.0.1. `pace` scales the desk's waits."""
    told = told_of(name)
    pages, chat = await asyncio.to_thread(build, name)
    desk = Desk.load(told["chat"], told["locale"], told["behaviour"])
    site = Site(desk, pages, chat, told["locale"], pace)
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(site, port))
        if told["chat"] in SERVERS:
            site.chat_address = await stack.enter_async_context(running(told["chat"], chat, url, told["locale"], desk))
        yield Subject(name, f"{url}/", told["locale"], told.get("surface", "web"), told, site)
