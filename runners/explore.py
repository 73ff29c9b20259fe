"""An exploration end to end: a search in one browser, then the best way walked again by a fresh visitor.

The search is probes/explore.py's; the confirming walk is an ordinary informed run with journal and measures, and only
what it counted is reported.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from playwright.async_api import Browser, BrowserContext

from tohuman.probes.explore import Explorer
from tohuman.probes.explore_reader import Remembering
from tohuman.probes.explore_state import Found, Limits, distance
from tohuman.probes.explore_visit import Setting
from tohuman.probes.reading import Reader
from tohuman.results.ids import journal_path, new_run_id, run_dir
from tohuman.results.journal import read
from tohuman.results.measures import Measures, measure
from tohuman.results.store import Store
from tohuman.results.vocabulary import Outcome

from .address import check_start
from .browser import context_options
from .order import Order
from .run import browser_behind_guard, run_in
from .saved import way_steps

#: Ways walked again at most: the best one, and the next best while a walk ends otherwise than the search thought.
CONFIRMING = 4
ALTERNATIVES = 8
Told = Callable[[str], None]


@dataclass
class Exploration:
    """What came of it. `measures` of the confirming walk; `way` the steps it walked, without the opening."""

    url: str
    locale: str
    measures: Measures | None = None
    way: list[dict[str, Any]] = field(default_factory=list)
    alternatives: list[dict[str, Any]] = field(default_factory=list)
    pages: int = 0
    conversations: int = 0
    bound: str = ""
    seconds: float = 0.0
    search_seconds: float = 0.0
    walks: int = 0

    def json(self) -> dict[str, Any]:
        """What `--json` adds to the walk's own."""
        return {
            "alternatives": self.alternatives,
            "searched": {"pages": self.pages, "conversations": self.conversations, "seconds": self.search_seconds},
            "bound": self.bound,
            "locale": self.locale,
            "seconds": self.seconds,
        }


@dataclass(frozen=True)
class Wish:
    """What is to be explored and how."""

    url: str
    platform: str
    name: str = ""
    locale: str = ""
    device: Literal["desktop", "mobile"] = "desktop"
    stop: Literal["offered", "answered"] = "offered"
    scenario: str = "general"
    start: Literal["help", "home"] = "help"
    allow_private: bool = False
    simulated: bool = False
    headless: bool = True
    limits: Limits = field(default_factory=Limits)

    def order(self, way: list[dict[str, Any]], locale: str) -> Order:
        """The confirming walk."""
        return Order(
            platform=self.platform,
            url=self.url,
            name=self.name,
            locale=locale,
            surface="web-mobile" if self.device == "mobile" else "web",
            policy="informed",
            scenario=self.scenario,
            start=self.start,
            stop=self.stop,
            simulated=self.simulated,
            allow_private=self.allow_private,
            way=way_steps(way, self.start),
        )


def agrees(found: Found, m: Measures) -> bool:
    """Did the walk end as the search thought, with no more actions?"""
    try:
        outcome = Outcome(m.outcome)
    except ValueError:
        return False
    same = distance(outcome) == distance(found.outcome) and distance(outcome) < 99
    return same and m.actions <= found.state.actions


async def explore(wish: Wish, data: Path, told: Told | None = None) -> Exploration:
    """Search, walk again, measure. AddressRefused before anything is opened; BrowserMissing."""
    address = check_start(wish.url, allow_private=wish.allow_private)
    say: Told = told or (lambda _: None)
    begun = time.monotonic()
    trace = Trace(data, wish.platform)
    async with browser_behind_guard(wish.headless) as (browser, _):

        async def new_context(locale: str) -> BrowserContext:
            options = context_options(locale or "en-US", wish.device, "UTC", browser.version)
            return await browser.new_context(**options)

        def note(entry: dict[str, Any]) -> None:
            trace.add({"t": round(time.monotonic() - begun, 3), **entry})
            if "way" in entry:
                say(f"{explorer.memory.pages} pages: {' › '.join(entry['way'])[:120]}")

        setting = Setting(
            new_context,
            address.url,
            cast(Reader, Remembering(Reader.load().ready(wish.locale))),
            wish.locale,
            wish.scenario,
            wish.device == "mobile",
            wish.limits,
        )
        explorer = Explorer(setting, note)
        walks = Walks(browser, wish, setting, data)
        if not wish.limits.gap:  # on live sites one at a time
            explorer.sure = walks.begin
        exploration = Exploration(wish.url, wish.locale)
        walked: list[tuple[Found, Measures]] = []
        try:
            while len(walked) < CONFIRMING:
                searching = time.monotonic()
                found = await explorer.search()
                exploration.search_seconds += time.monotonic() - searching
                if found is not None and any(f.state.path == found.state.path and agrees(found, m) for f, m in walked):
                    break  # it was walked before, thought to end otherwise
                say("walking the best way again")
                m = await walks.end(found)
                note({"do": "walk", "run": m.run_id, "outcome": str(m.outcome), "clicks": m.clicks, "turns": m.turns})
                if found is None:
                    exploration.measures = m
                    break
                walked.append((found, m))
                if agrees(found, m) or not better(explorer, found, m):
                    break
                explorer.refute(found, str(m.outcome))
            walked += [pair for pair in await walks.rest() if pair[0] not in [f for f, _ in walked]]
        finally:
            await walks.close()
            await explorer.close()
        finish(exploration, explorer, walked)
    exploration.locale = setting.locale
    exploration.seconds = round(time.monotonic() - begun, 2)
    exploration.search_seconds = round(exploration.search_seconds, 2)
    exploration.walks = max(1, len(walked))
    keep(data, exploration, trace)
    return exploration


class Walks:
    """The confirming walks, each way once; one may begin while the search still looks for something shorter."""

    def __init__(self, browser: Browser, wish: Wish, setting: Setting, data: Path) -> None:
        self.browser, self.wish, self.setting, self.data = browser, wish, setting, data
        self.tasks: dict[tuple[str, ...], tuple[Found, asyncio.Task[Measures]]] = {}

    def begin(self, found: Found) -> None:
        path = tuple(found.state.path)
        if path not in self.tasks:
            self.tasks[path] = (found, asyncio.create_task(self._walk(found)))

    async def end(self, found: Found | None) -> Measures:
        """What the walk of this way measured. None: nothing but the opening."""
        if found is None:
            return await self._walk(None)
        self.begin(found)
        return await self.tasks[tuple(found.state.path)][1]

    async def rest(self) -> list[tuple[Found, Measures]]:
        """All that was walked, to its end: no run is left without one."""
        return [(found, await task) for found, task in self.tasks.values()]

    async def close(self) -> None:
        for _, task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*(task for _, task in self.tasks.values()), return_exceptions=True)

    async def _walk(self, found: Found | None) -> Measures:
        way = [dict(step) for step in found.state.steps] if found is not None else []
        run_id = await run_in(self.browser, self.wish.order(way, self.setting.locale), self.data)
        return measure(read(journal_path(self.data, run_id)))


def better(explorer: Explorer, found: Found, m: Measures) -> bool:
    """The walk differed: may something else be better than what it measured?"""
    if not m.valid or distance(Outcome(m.outcome)) > distance(found.outcome):
        return True
    others = [f for f in explorer.memory.ranking() if f is not found]
    waiting = any(item.least < m.actions for item in explorer.agenda.heap)
    return waiting or bool(others and others[0].state.actions < m.actions)


def finish(exploration: Exploration, explorer: Explorer, walked: list[tuple[Found, Measures]]) -> None:
    """Take the best of what was walked, list the rest."""
    memory = explorer.memory
    chosen: Found | None = None
    if walked:

        def rank(pair: tuple[Found, Measures]) -> tuple[int, int, int, int]:
            m = pair[1]
            return (distance(Outcome(m.outcome)), m.actions, m.turns, m.fields)

        chosen, exploration.measures = min(walked, key=rank)
        exploration.way = [dict(step) for step in chosen.state.steps]
    seen = {tuple(chosen.state.path)} if chosen is not None else set()
    for f in memory.ranking():
        path = tuple(f.state.path)
        if path in seen or len(exploration.alternatives) >= ALTERNATIVES:
            continue
        seen.add(path)
        exploration.alternatives.append(
            {
                "outcome": f.outcome.value,
                "actions": f.state.actions,
                "clicks": f.state.clicks,
                "turns": f.state.turns,
                "path": f.state.path,
            }
        )
    exploration.pages, exploration.conversations = memory.pages, memory.conversations
    exploration.bound = explorer.bound()


class Trace:
    """What the search weighed and did, line by line as it happens; put beside the journal of the run that counts."""

    def __init__(self, data: Path, platform: str) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.path = data / f"search-{new_run_id(platform)}.jsonl"
        self.runs: list[str] = []

    def add(self, entry: dict[str, Any]) -> None:
        if entry.get("do") == "walk":
            self.runs.append(str(entry["run"]))
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False, default=str) + "\n")


def keep(data: Path, exploration: Exploration, trace: Trace) -> None:
    """Put the confirming runs into the store and the search's trace beside the journal of the one that counts."""
    store = Store.open(data)
    try:
        for run_id in trace.runs:
            store.ingest(journal_path(data, run_id))
    finally:
        store.close()
    if exploration.measures is not None and trace.path.is_file():
        trace.path.replace(run_dir(data, exploration.measures.run_id) / "search.jsonl")
