"""The search for the shortest way to a person: best first over states, several ways held open, one bound.

Presses and looks through explore_visit.py, weighs by explore_moves.py, remembers in explore_state.py. It measures
nothing: the way it finds is walked again by a fresh visitor (runners/explore.py), and only that walk counts.
"""

from __future__ import annotations

import asyncio
import heapq
import re
import time
from dataclasses import dataclass, field

from tohuman.results.vocabulary import Outcome

from .explore_moves import crowding
from .explore_state import Found, Limits, Memory, Move, State, distance, shape, told
from .explore_visit import AROUND, MISHAPS, PATIENCE, Result, Setting, Trace, Visitor
from .shopper import Unreachable
from .transcript import norm

#: Pages one browsing visitor looks at before its context is given back to the system.
RECYCLE = 25
#: Two moves are made at a time when they are about as likely; else the better one may make the other needless.
TOGETHER = 1.3
#: Presses one visitor may make after the first, as long as they change nothing.
GROUP = 7
#: Pages on which a control of one name is pressed: a launcher or button that stands on all of them does the same.
REPEATS = 3
#: Pages on which the search scrolls and rests the pointer on menus.
AROUNDS = 4
#: Looks at views, known ones too, for each page that may be looked at.
LOOKS = 4
LOCALE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?(?![A-Za-z0-9])")


def as_locale(lang: str) -> str:
    """A page's language tag as a locale (zh_cn → zh-CN); '' when it is none."""
    m = LOCALE.match(lang.strip())
    if m is None:
        return ""
    parts = [m[1].lower(), *([m[2].title()] if m[2] else []), *([m[3].upper()] if m[3] else [])]
    return "-".join(parts)


@dataclass(order=True)
class Item:
    """A move waiting to be made, ordered by the actions it is thought to take in all."""

    f: float
    turns: int
    fields: int
    number: int
    state: State = field(compare=False)
    move: Move = field(compare=False)
    also: list[Item] = field(default_factory=list, compare=False)  # made by the same visitor, one after the other

    @property
    def alone(self) -> bool:
        """A move that is no press on a page like any other: a link, a turn, a form, or one that promises much."""
        return (
            not self.move.steps
            or bool(self.move.href)
            or self.move.turn
            or not self.move.unlikely
            or len(self.move.steps) > 1
        )

    @property
    def least(self) -> int:
        return self.state.actions + 1 + self.move.least


def pressed(move: Move) -> tuple[str, str]:
    """A control as it is met again on another page; a link that is followed is told by its address instead."""
    if move.cls == AROUND:
        return ("", "")
    step = move.steps[-1]
    if move.href and move.cls in ("ask_human", "open_chat"):
        return ("link", move.href)
    if move.turn or move.href:
        return ("", "")
    return (str(step.get("role")), norm(str(step.get("name"))))


class Explorer:
    """`search` runs until nothing shorter can be found or a bound is met; after `refute` it goes on from there."""

    def __init__(self, setting: Setting, trace: Trace | None = None) -> None:
        self.setting = setting
        self.limits: Limits = setting.limits
        self.memory = Memory(locale=setting.locale)
        self.trace: Trace = trace or (lambda _: None)
        self.heap: list[Item] = []
        self.shelf: list[Item] = []  # moves that can not beat what was found
        self.number = 0
        self.spared_pages = 0
        self.spared_talks = 0
        self.walled_talks = 0
        self.browsers: list[Visitor | None] = [None] * setting.limits.lanes

    # ---- the search
    async def search(self) -> Found | None:
        """The best end found so far, proven as far as the bounds reach. None: the start page could not be seen."""
        m = self.memory
        if not m.views and not await self.begin():
            return None
        while True:
            batch = self.next_batch()
            if not batch:
                break
            if self.limits.gap:
                await asyncio.sleep(self.limits.gap)
            talks = [m.conversations + n < self.limits.conversations for n in range(len(batch))]
            visits = await asyncio.gather(*(self.attempt(n, item, talks[n]) for n, item in enumerate(batch)))
            for item, results in zip(batch, visits, strict=True):
                for made, result in zip([item, *item.also], results, strict=True):
                    self.merge(result, made)
        return m.best or Found(Outcome.DEAD_END, State(base=self.setting.url))

    async def close(self) -> None:
        for visitor in self.browsers:
            if visitor is not None:
                await visitor.close()
        self.browsers = [None] * self.limits.lanes

    def refute(self, found: Found, outcome: str) -> None:
        """The confirming walk ended otherwise: this way is none."""
        m = self.memory
        m.refuted.add(tuple(found.state.path))
        # what was left aside for its sake is open again
        self.heap += self.shelf
        heapq.heapify(self.heap)
        self.shelf = []
        self.spared_pages = self.spared_talks = self.walled_talks = 0
        if m.closed_by == "spare":
            m.closed_by, m.dropped = "", 0
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
                await visitor.close()
            if result.failure is not None:
                m.failure = result.failure
                return False
            self.merge(result, None)
            return True
        return False

    # ---- which moves next
    def next_batch(self) -> list[Item]:
        """Up to one move per lane: the best ones that no bound forbids."""
        batch: list[Item] = []
        m, limits = self.memory, self.limits
        while self.heap and len(batch) < limits.lanes:
            item = heapq.heappop(self.heap)
            if self.pruned(item):
                self.shelf.append(item)
                continue
            if item.move.unlikely and pressed(item.move) in m.useless:
                continue
            if batch and item.f > batch[0].f + TOGETHER:
                heapq.heappush(self.heap, item)
                break
            if item.move.turn and m.conversations + len(batch) >= limits.conversations:
                m.dropped += 1
                m.closed_by = m.closed_by or "conversations"
                continue
            if not item.move.turn and (m.pages + len(batch) >= limits.pages or m.looks >= limits.pages * LOOKS):
                m.dropped += 1
                m.closed_by = "pages"
                continue
            if not self.reached and item.move.unlikely and self.walled:
                if item.move.turn:
                    self.walled_talks += 1
                else:
                    self.spared_pages += 1
                if self.walled_talks > limits.walled_conversations or self.spared_pages > 2 * limits.spare_pages:
                    m.dropped += 1
                    m.closed_by = m.closed_by or "spare"
                    self.shelf.append(item)
                    continue
            if self.reached and item.move.unlikely:
                if item.move.turn:
                    self.spared_talks += 1
                else:
                    self.spared_pages += 1
                if self.spared_talks > limits.spare_conversations or self.spared_pages > limits.spare_pages:
                    m.dropped += 1
                    m.closed_by = m.closed_by or "spare"
                    self.shelf.append(item)
                    continue
            batch.append(item)
            if not item.alone:
                self.join(item, limits.pages - m.pages - len(batch))
        m.waiting = self.heap[0].f if self.heap else 1e9
        return batch

    def join(self, item: Item, room: int) -> None:
        """Give other unlikely presses of the same state to the same visitor: most of them change nothing."""
        mates = [
            other
            for other in sorted(self.heap)
            if other.state is item.state and not other.alone and other.f <= item.f + TOGETHER
        ][: min(GROUP, max(0, room))]
        item.also = [x for x in mates if pressed(x.move) not in self.memory.useless and not self.pruned(x)]
        gone = {x.number for x in item.also}
        if gone:
            self.heap = [x for x in self.heap if x.number not in gone]
            heapq.heapify(self.heap)

    @property
    def reached(self) -> bool:
        best = self.memory.best
        return best is not None and distance(best.outcome) == 0

    @property
    def walled(self) -> bool:
        """Has a conversation been asked for a person, and ended at a wall?"""
        return any(found.state.turns > 0 and distance(found.outcome) > 1 for found in self.memory.found)

    def pruned(self, item: Item) -> bool:
        """Can this move lead to nothing better than what is known?"""
        if item.state.actions >= self.limits.actions or (item.move.turn and item.state.turns >= self.limits.turns):
            return True
        best = self.memory.best
        if best is None or distance(best.outcome) != 0:
            return False
        if item.state.actions and (item.move.cls == AROUND or pressed(item.move) in self.memory.made):
            return True  # hidden menus and launchers of further pages are those of the first
        if item.least < best.state.actions:
            return False
        fewer_turns = item.state.turns + item.move.turn < best.state.turns and item.move.cls == "ask_human"
        return not (item.least == best.state.actions and fewer_turns)

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
                going = visitor.make(item.state, item.move, result, may_talk=may_talk, standing=standing)
                standing = await asyncio.wait_for(going, PATIENCE + 30.0)
            except MISHAPS as e:
                result.error = (str(e).splitlines() or [type(e).__name__])[0][:200]
                standing = False
            result.seconds = round(time.monotonic() - begun, 2)
            if visitor is not None and result.conversations:
                self.trace({"do": "said", "way": item.state.path, "messages": visitor.transcript()[:40]})
            keep = followed and not result.conversations and not result.error
            if visitor is not None and not keep and not (standing and item is not [first, *first.also][-1]):
                await visitor.close()
                if self.browsers[lane] is visitor:
                    self.browsers[lane] = None
                visitor = None
        return results

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
    def merge(self, result: Result, item: Item | None) -> None:
        m = self.memory
        m.conversations += result.conversations
        for key, actions in result.openings:
            m.openings[key] = min(actions, m.openings.get(key, actions))
        if item is not None and pressed(item.move)[1]:
            m.made.add(pressed(item.move))
        if item is not None and item.move.turn:
            m.turned[told(item.move.steps[-1])] += 1
        entry: dict[str, object] = {"do": "start" if item is None else item.move.cls}
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
                m.addresses.add(landing.address)
                new = m.first(m.views, landing.key, landing.state.actions)
                # the same content elsewhere: a session in the path, a maze
                new = m.first(m.contents, landing.content, landing.state.actions) and new
                m.pages += new or item is None or bool(item.move.href)
            else:
                new = m.first(m.talks, landing.key, landing.state.actions)
                if landing.taken is not None:
                    m.turned[told(landing.taken.steps[-1])] += 1
            if landing.taken is not None and landing.taken.option:
                m.menus.add((landing.menu, told(landing.taken.steps[-1])))
            rest = [move for move in landing.moves if move is not landing.taken] if new else []
            pushed = [self.push(landing.state, move, landing.menu) for move in rest]
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
            entry.setdefault("found", []).append(  # type: ignore[attr-defined]
                {"outcome": found.outcome.value, "gate": found.gate, "to": found.to, "way": found.state.path}
            )
        nothing = not result.found and not any(s["new"] for s in states)
        if item is not None and nothing and pressed(item.move)[1]:
            m.useless.add(pressed(item.move))
        entry["states"] = states
        self.trace(entry)

    def push(self, state: State, move: Move, menu: str = "") -> bool:
        """Put a move on the list, unless the same was put there with fewer actions."""
        m = self.memory
        wait = 0.0
        if move.cls == AROUND:
            m.arounds += 1
            if m.arounds > AROUNDS:
                return False
        elif move.turn:
            if move.option:
                if (menu, told(move.steps[-1])) in m.menus:
                    return False
                m.menus.add((menu, told(move.steps[-1])))
            wait = crowding(m, move)
        elif move.href and move.cls not in ("ask_human", "open_chat"):
            if move.href in m.addresses:
                return False
            m.addresses.add(move.href)
            wait = crowding(m, move)
            m.shapes[shape(move.href)] += 1
        else:
            key = pressed(move)
            if move.unlikely and key in m.useless:
                return False
            again = (move.href, *key, str(move.steps[-1].get("nth", 1)), state.base)
            if again in m.chrome or m.labels[key] >= REPEATS:
                return False
            m.chrome.add(again)
            wait = crowding(m, move)
            m.labels[key] += 1
        self.number += 1
        f = state.actions + 1 + move.guess + wait - min(move.score, 120.0) / 10000.0
        heapq.heappush(
            self.heap,
            Item(round(f, 4), state.turns + move.turn, state.fields + move.fields, self.number, state, move),
        )
        return True

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
