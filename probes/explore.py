"""The search for the shortest way to a person: best first over states, several ways held open, one bound.

Presses and looks through explore_visit.py, weighs by explore_moves.py, remembers in explore_state.py. It measures
nothing: the way it finds is walked again by a fresh visitor (runners/explore.py), and only that walk counts.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import replace

from tohuman.results.vocabulary import Outcome

from .explore_agenda import Agenda, Item, pressed
from .explore_land import AROUND
from .explore_state import Found, Limits, Memory, Move, Result, State, distance, told
from .explore_visit import LATE, MISHAPS, PATIENCE, Setting, Trace, Visitor
from .shopper import Unreachable

#: Pages one browsing visitor looks at before its context is given back to the system.
RECYCLE = 25
#: Looks at a page that a conversation lasts, and that a press and what may come after it lasts.
TALK, PRESS = 14.0, 3.0
#: The same of each further press by one visitor: it is looked at until nothing more comes of it.
AGAIN = 4.5
#: What stays on the start page for what comes late there lasts so long, and has no lane: it waits more than it works.
START, NO_LANE = 5.0, -1
STAY = Move((), 0.0, 0, "stay", "what comes late to the start page")
#: Moves made at a time while the best way is walked beside them: the walk is waited for, and they seldom change it.
NARROW = 2
LOCALE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?(?![A-Za-z0-9])")


def as_locale(lang: str) -> str:
    """A page's language tag as a locale (zh_cn → zh-CN); '' when it is none."""
    m = LOCALE.match(lang.strip())
    if m is None:
        return ""
    parts = [m[1].lower(), *([m[2].title()] if m[2] else []), *([m[3].upper()] if m[3] else [])]
    return "-".join(parts)


def lasts(item: Item) -> float:
    """How long a move is thought to take, in looks at a page: a conversation waits for its bot, a press needs the way
    there. The same for the same move, however quick the machine is. Rather too long: one lane waits then, not all."""
    move, replayed = item.move, len(item.state.steps) - item.state.replay
    if not move.steps:
        return 5.0 + replayed
    if move.href and move.cls not in ("ask_human", "open_chat"):
        return 4.0 if item.long else 1.0
    if move.turn or move.cls in ("ask_human", "open_chat"):
        return replayed + TALK + 2.0 * item.state.turns + 4.0 * len(item.also)
    return PRESS + replayed + (AGAIN + replayed) * len(item.also)


class Explorer:
    """`search` runs until nothing shorter can be found or a bound is met; after `refute` it goes on from there."""

    def __init__(self, setting: Setting, trace: Trace | None = None) -> None:
        self.setting = setting
        self.limits: Limits = setting.limits
        self.memory = Memory(locale=setting.locale)
        self.trace: Trace = trace or (lambda _: None)
        self.agenda = Agenda(self.limits, self.memory)
        self.browsers: list[Visitor | None] = [None] * setting.limits.lanes
        #: Told of a way to a person while only what may turn out shorter is still tried.
        self.sure: Callable[[Found], None] = lambda _: None
        self.confirming = False  # the way is being walked beside the search
        self.lingering: Visitor | None = None  # stands on the start page, for what comes late there

    # ---- the search
    async def search(self) -> Found | None:
        """The best end found so far, proven as far as the bounds reach. None: the start page could not be seen."""
        m = self.memory
        if not m.views and not await self.begin():
            return None
        free = list(range(self.limits.lanes))
        running: dict[asyncio.Task[list[Result]], tuple[int, Item, float]] = {}
        hour = 0.0  # what the moves taken in so far were thought to take
        if self.lingering is not None:
            late = asyncio.create_task(self.linger(self.lingering))
            running[late] = (NO_LANE, Item(1e9, 0, 0, 0, State(base=self.setting.url), STAY), START)
            self.lingering = None
        try:
            while True:
                room = NARROW if self.confirming else self.limits.lanes
                while (
                    free
                    and len(running) < room
                    and (item := self.agenda.next([item for _, item, _ in running.values()])) is not None
                ):
                    if self.limits.gap:
                        await asyncio.sleep(self.limits.gap)
                    lane = free.pop(0)
                    may_talk = m.conversations + len(running) < self.limits.conversations
                    running[asyncio.create_task(self.attempt(lane, item, may_talk))] = (lane, item, hour + lasts(item))
                if not running:
                    break
                # always the one thought to be back first: what is done next must not hang on who happened to be quicker
                task, (lane, item, due) = min(running.items(), key=lambda x: (x[1][2], x[1][1].number))
                results = await task
                hour = due
                del running[task]
                if lane == NO_LANE:
                    self.merge(results[0], None)
                    continue
                free = sorted([*free, lane])
                for left in [item, *item.also][len(results) :]:
                    self.agenda.put_back(left, tried=False)
                for made, result in zip([item, *item.also], results, strict=False):
                    if result.late and not made.again:
                        if result.landings:
                            self.merge(result, None)
                        self.put_back(made, result)
                    else:
                        self.merge(result, made)
                if self.agenda.reached and not self.agenda.promising([item for _, item, _ in running.values()]):
                    self.confirming = True
                    self.sure(m.ranking()[0])
                for task in [task for task, (_, item, _) in running.items() if self.agenda.needless(item)]:
                    lane, item, _ = running.pop(task)
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
                    if lane == NO_LANE:
                        continue
                    free = sorted([*free, lane])
                    self.agenda.shelf += [item, *item.also]
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        return m.best or Found(Outcome.DEAD_END, State(base=self.setting.url))

    async def close(self) -> None:
        for visitor in (*self.browsers, self.lingering):
            if visitor is not None:
                await visitor.close()
        self.browsers, self.lingering = [None] * self.limits.lanes, None

    def refute(self, found: Found, outcome: str) -> None:
        """The confirming walk ended otherwise: this way is none."""
        m = self.memory
        m.refuted.add((tuple(found.state.path), found.outcome.value))
        if outcome in set(Outcome) and distance(Outcome(outcome)) < 99:
            m.found.append(replace(found, outcome=Outcome(outcome)))  # that much is known of it
        self.confirming = False
        self.agenda.reopen()
        self.trace({"do": "refute", "way": found.state.path, "thought": found.outcome.value, "walked": outcome})

    # ---- the start page
    async def begin(self) -> bool:
        setting, m = self.setting, self.memory
        state = State(base=setting.url)
        for _ in range(2):
            visitor = await Visitor(setting, m).start()
            result = Result()
            try:
                await visitor.goto(setting.url)
                if not setting.locale:
                    sight = await visitor.shopper.look()
                    setting.locale = as_locale(sight.lang) or setting.reader.guess(sight.text[:2000])
                    m.locale = setting.locale
                    self.trace({"do": "locale", "locale": setting.locale, "lang": sight.lang[:40]})
                    continue  # once more as a visitor of that language
                if self.limits.lanes > 1 and await visitor.glance(state, result):
                    self.lingering = visitor  # what is seen already is followed meanwhile
                else:
                    await visitor.land(state, result, None, may_talk=True)
            except Unreachable as e:
                outcome = "blocked" if e.reason.startswith("blocked") else "unavailable"
                m.failure = (outcome, e.reason, str(e))
                return False
            except MISHAPS as e:
                if not result.landings:
                    m.failure = ("unavailable", "not_seen", f"The start page could not be read: {str(e)[:200]}.")
                    return False
                result.error = str(e)[:200]
            finally:
                if self.lingering is not visitor:
                    await visitor.close()
            if result.failure is not None:
                m.failure = result.failure
                return False
            self.merge(result, None)
            return True
        return False

    async def linger(self, visitor: Visitor) -> list[Result]:
        """Stay on the start page until what comes late there has come, and talk if that is a conversation."""
        result = Result()
        try:
            going = visitor.land(State(base=self.setting.url), result, None, may_talk=True)
            await asyncio.wait_for(going, PATIENCE + 30.0)
        except MISHAPS as e:
            result.error = (str(e).splitlines() or [type(e).__name__])[0][:200]
        finally:
            await visitor.close()
        return [result]

    # ---- one move
    async def attempt(self, lane: int, first: Item, may_talk: bool) -> list[Result]:
        """Send a visitor; whatever the site does to it ends in the results, one for each move."""
        followed = bool(first.move.href) and first.move.cls not in ("ask_human", "open_chat")
        visitor: Visitor | None = None
        results: list[Result] = []
        for item in [first, *first.also]:
            result = Result()
            results.append(result)
            standing = visitor is not None
            begun = time.monotonic()
            try:
                visitor = visitor or await self.visitor(lane, followed)
                more = item is not [first, *first.also][-1]
                visitor.long = item.long
                going = visitor.make(item.state, item.move, result, may_talk=may_talk, standing=standing, more=more)
                standing = await asyncio.wait_for(going, PATIENCE + 30.0)
            except asyncio.CancelledError:
                if visitor is not None:
                    await self.dismiss(lane, visitor)
                raise
            except MISHAPS as e:
                result.error = (str(e).splitlines() or [type(e).__name__])[0][:200]
                result.late = isinstance(e, LATE) and not result.landings and not result.found
                standing = False
            result.seconds = round(time.monotonic() - begun, 2)
            reached = any(distance(f.outcome) == 0 and f.state.actions <= item.state.actions + 2 for f in result.found)
            if visitor is not None and result.conversations:
                self.trace({"do": "said", "way": item.state.path, "messages": visitor.transcript()[:40]})
            keep = followed and not result.conversations and not result.error
            if visitor is not None and not keep and not (standing and more and not reached):
                await self.dismiss(lane, visitor)
                visitor = None
            if reached:
                break  # none of its fellows can be nearer by more than a look shows
        return results

    async def dismiss(self, lane: int, visitor: Visitor) -> None:
        await visitor.close()
        if self.browsers[lane] is visitor:
            self.browsers[lane] = None

    async def visitor(self, lane: int, browsing: bool) -> Visitor:
        """A fresh visitor; for following links one that goes on browsing."""
        if not browsing:
            return await Visitor(self.setting, self.memory).start()
        kept = self.browsers[lane]
        if kept is None or kept.visits >= RECYCLE:
            if kept is not None:
                await kept.close()
            kept = self.browsers[lane] = await Visitor(self.setting, self.memory).start()
        return kept

    # ---- taking in what was brought back
    def put_back(self, item: Item, result: Result) -> None:
        """Nothing was seen in time (which says more of the machine than of the site), or something else came first: it
        is tried once more."""
        if not result.landings:
            self.memory.conversations += result.conversations
        self.agenda.put_back(item)
        self.trace(
            {
                "do": "again",
                "way": [*item.state.path, *(map(told, item.move.steps) if item.move.steps else [AROUND])],
                "seconds": result.seconds,
                "error": result.error,
            }
        )

    def merge(self, result: Result, item: Item | None) -> None:
        m = self.memory
        m.conversations += result.conversations
        for key, actions in result.openings:
            m.openings[key] = min(actions, m.openings.get(key, actions))
        if item is not None and pressed(item.move)[1]:
            control = pressed(item.move)
            m.made[control] = min(item.state.actions, m.made.get(control, 1 << 30))
        if item is not None and item.move.turn:
            m.turned[told(item.move.steps[-1])] += 1
        what = "start" if not m.views else "arrived"
        entry: dict[str, object] = {"do": what if item is None else item.move.cls}
        if item is not None:
            entry |= {
                "f": round(item.f, 3),
                "way": [*item.state.path, *(map(told, item.move.steps) if item.move.steps else [AROUND])],
                "why": item.move.why,
                "seconds": result.seconds,
            }
        if result.error:
            entry["error"] = result.error
        states = []
        for landing in result.landings:
            if landing.kind == "view":
                m.looks += 1
                m.first(m.addresses, landing.address, landing.state.actions)
                new = m.first(m.views, landing.key, landing.state.actions)
                # the same content elsewhere: a session in the path, a maze
                new = m.first(m.contents, landing.content, landing.state.actions) and new
                m.pages += new or m.looks == 1 or (item is not None and bool(item.move.href))
            else:
                new = m.first(m.talks, landing.key, landing.state.actions)
                if landing.taken is not None:
                    m.turned[told(landing.taken.steps[-1])] += 1
            if landing.taken is not None and landing.taken.option:
                m.first(m.menus, (landing.menu, told(landing.taken.steps[-1])), landing.state.actions + 1)
            rest = [move for move in landing.moves if move is not landing.taken] if new else []
            pushed = [self.agenda.push(landing.state, move, landing.menu) for move in rest]
            states.append(
                {
                    "kind": landing.kind,
                    "address": landing.address,
                    "new": new,
                    "actions": landing.state.actions,
                    "moves": [
                        [
                            told(move.steps[-1]) if move.steps else AROUND,
                            move.cls,
                            round(move.score, 1),
                            round(move.guess, 2),
                            move.why,
                        ]
                        for move in landing.moves[:12]
                    ],
                    "more": max(0, len(landing.moves) - 12),
                    "put_on_the_list": sum(pushed),
                }
            )
        for found in result.found:
            m.found.append(found)
            self.agenda.shorten(found)
            entry.setdefault("found", []).append(  # type: ignore[attr-defined]
                {"outcome": found.outcome.value, "gate": found.gate, "to": found.to, "way": found.state.path}
            )
        nothing = not result.found and not any(s["new"] for s in states)
        differs = item is not None and item.move.cls == "not_helpful"  # from article to article
        if item is not None and nothing and not result.late and not differs and pressed(item.move)[1]:
            m.useless.add(pressed(item.move))
        entry["states"] = states
        self.trace(entry)

    # ---- what is reported
    def bound(self) -> str:
        """In words, what was searched and what was left."""
        m = self.memory
        talks = f"{m.conversations} conversation{'s' if m.conversations != 1 else ''}"
        pages = f"{m.pages} page{'s' if m.pages != 1 else ''}"
        best = m.best
        none = best is None or distance(best.outcome) != 0
        what = "no way to a person" if none else "nothing shorter"
        text = f"{what} within {pages} and {talks}"
        if m.closed_by == "pages":
            text += f"; stopped at the bound of {self.limits.pages} pages, {m.dropped} moves untried"
        elif m.closed_by == "conversations":
            text += f"; stopped at the bound of {self.limits.conversations} conversations, {m.dropped} moves untried"
        elif m.closed_by:
            text += f"; {m.dropped} unlikely moves untried"
        return text
