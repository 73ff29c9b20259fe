"""The search's agenda: the moves that wait, which of them comes next, and which no longer can be worth it.

Makes no move (explore.py does) and guesses nothing (explore_moves.py does).
"""

from __future__ import annotations

import heapq
from collections.abc import Collection
from dataclasses import dataclass, field

from tohuman.results.vocabulary import ControlClass, Outcome

from .alike import norm
from .choosing import CHATS
from .explore_land import AROUND
from .explore_moves import LEADS, crowding, family
from .explore_state import Found, Limits, Memory, Move, State, distance, shape, told

#: Two moves are made at a time when they are about as likely; else the better one may make the other needless.
TOGETHER = 1.3
#: Presses one visitor may make after the first, as long as they change nothing.
GROUP = 7
#: Choices of one menu that one visitor may press after the first, in the same conversation.
BRANCHES = 9
#: Pages on which a control of one name is pressed: a launcher or button that stands on all of them does the same.
REPEATS = 3
#: The same of the «no» below articles: a contact is offered under some of them only.
ANSWERED = 9
#: Search fields of one name that are asked: the first, which answers as the others would.
SEARCHES = 1
#: Pages on which the search scrolls and rests the pointer on menus.
AROUNDS = 3
#: Actions more than the way to a wall that a way to a person may be thought to take.
BEYOND = 2.0
#: Actions more than the way to a person that one of many presses alike may be thought to take: none.
ALIKE_BEYOND = 0.0
#: Actions that each press that promised nothing makes one more of them seem to take: what promises something is first.
BLIND = 0.35
#: Ways through a conversation that end at closing hours, after which the rest is taken to end there too.
SHUT = 2
#: Looks at views, known ones too, for each page that may be looked at.
LOOKS = 4
#: Actions by which a press that promises a chat is drawn forward: a conversation lasts as long as a dozen pages, which
#: are looked at meanwhile.
SOONER = 0.6
#: Actions by which what waits must be thought to beat the best way, for its walk not to begin: guesses are often low.
HOPE = 1.5


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
    again: bool = field(default=False, compare=False)  # tried before, and nothing was seen in time
    known: bool = field(default=False, compare=False)  # leads to a page from which the way on is known
    long: bool = field(default=False, compare=False)  # what comes some seconds after the page is waited for

    @property
    def alone(self) -> bool:
        """A move that is no press on a page like any other: a link, a turn, a form, or one that promises something:
        what it brings is not kept waiting for its fellows."""
        move = self.move
        promises = not move.unlikely or move.cls == ControlClass.HELP_CENTRE
        return not move.steps or bool(move.href) or move.turn or promises or len(move.steps) > 1

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


def followed(move: Move) -> bool:
    """Is this a link that is opened by its address?"""
    return bool(move.href) and not move.turn and move.cls not in ("ask_human", "open_chat")


class Agenda:
    """Moves ordered by the actions they are thought to take. `next` hands them out one by one, within the bounds."""

    def __init__(self, limits: Limits, memory: Memory) -> None:
        self.limits, self.memory = limits, memory
        self.heap: list[Item] = []
        self.shelf: list[Item] = []  # moves that can not beat what was found
        self.number = 0
        self.shapes: set[str] = set()  # of the pages that have been looked at: a launcher stands on all of one template
        self.spared_pages = 0
        self.spared_talks = 0
        self.walled_talks = 0

    def reopen(self) -> None:
        """What was found turned out to be none: what was left aside for its sake is open again."""
        m = self.memory
        self.heap += self.shelf
        heapq.heapify(self.heap)
        self.shelf = []
        self.spared_pages = self.spared_talks = self.walled_talks = 0
        if m.closed_by == "spare":
            m.closed_by, m.dropped = "", 0

    def put_back(self, item: Item, *, tried: bool = True) -> None:
        """On the list again; what was tried for the second and last time."""
        item.again, item.also = tried or item.again, []
        heapq.heappush(self.heap, item)

    def next(self, running: Collection[Item] = ()) -> Item | None:
        """The best move that no bound forbids; None: nothing, or nothing as likely as what `running` is making."""
        m, limits = self.memory, self.limits
        ahead = min((item.f for item in running), default=1e9)
        pages = m.pages + sum(1 + (0 if item.move.turn else len(item.also)) for item in running)
        while self.heap:
            item = heapq.heappop(self.heap)
            if self.pruned(item):
                self.shelf.append(item)
                continue
            if item.move.unlikely and pressed(item.move) in m.useless:
                continue
            if self.shut(item) or (not followed(item.move) and not item.known and self.behind(item)):
                m.dropped += 1
                m.closed_by = m.closed_by or "spare"
                self.shelf.append(item)
                continue
            if followed(item.move) and m.addresses.get(item.move.href, 1 << 30) <= item.state.actions:
                continue  # a shorter way leads there
            if item.f > ahead + TOGETHER:
                heapq.heappush(self.heap, item)
                break
            if item.move.turn and m.conversations + len(running) >= limits.conversations:
                if running:  # one of them may not begin a conversation
                    heapq.heappush(self.heap, item)
                    break
                m.dropped += 1
                m.closed_by = m.closed_by or "conversations"
                continue
            if not item.move.turn and (pages >= limits.pages or m.looks >= limits.pages * LOOKS):
                if running:
                    heapq.heappush(self.heap, item)
                    break
                m.dropped += 1
                m.closed_by = "pages"
                continue
            if item.move.unlikely and not item.known and not self.spared(item):
                m.dropped += 1
                m.closed_by = m.closed_by or "spare"
                self.shelf.append(item)
                continue
            if followed(item.move):
                form, titled = shape(item.move.href), item.move.cls != "other" or item.move.guess < LEADS[0]
                item.long = titled or form not in self.shapes
                self.shapes.add(form)
            if not item.alone:
                self.join(item, limits.pages - pages - 1)
            elif item.move.branch:
                self.join_branches(item)
            m.waiting = self.heap[0].f if self.heap else 1e9
            return item
        m.waiting = self.heap[0].f if self.heap else 1e9
        return None

    def behind(self, item: Item) -> bool:
        """Is this thought to take longer than the way to a person that is known, or much longer than the way to where
        asking for one ended? Links, that are looked at in a moment, are asked less."""
        best, walls = self.memory.best, self.asked_in_vain
        if self.reached and best is not None:
            if self.fewer_turns(item, best):
                return False
            most = float(best.state.actions)
            if self.one_of_many(item):
                return True
        elif walls:
            most = max(found.state.actions for found in walls) + BEYOND
        else:
            return False
        # that the same was of no use elsewhere makes it no longer
        return item.state.actions + 1 + item.move.guess > most

    def shut(self, item: Item) -> bool:
        """Is this a turn in a conversation two ways through which said that nobody is there at this hour?"""
        if not item.move.turn or not item.state.entry:
            return False
        ends = [f.state for f in self.memory.found if f.outcome is Outcome.CLOSED and f.state.turns]
        return len({tuple(s.path) for s in ends if s.entry == item.state.entry}) >= SHUT

    def one_of_many(self, item: Item) -> bool:
        """Once a person was found: is this one more of many panels and buttons alike that promised nothing?"""
        best = self.memory.best
        if not self.reached or best is None or item.known or item.move.turn or not item.move.unlikely:
            return False
        return item.f > best.state.actions + ALIKE_BEYOND

    def promising(self, running: Collection[Item]) -> bool:
        """Is anything waiting or being made that is thought to beat the best way known by more than a little?"""
        best = self.memory.best
        return best is None or any(
            item.f < best.state.actions - HOPE and item.least < best.state.actions for item in (*self.heap, *running)
        )

    def spared(self, item: Item) -> bool:
        """May this unlikely move still be made, once a person or a wall was found?"""
        limits = self.limits
        if not (self.reached or self.walled):
            return True
        if item.move.turn:
            if self.reached:
                self.spared_talks += 1
            else:
                self.walled_talks += 1
        else:
            self.spared_pages += 1
        if self.reached:
            return self.spared_talks <= limits.spare_conversations and self.spared_pages <= limits.spare_pages
        return self.walled_talks <= limits.walled_conversations and self.spared_pages <= limits.walled_pages

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

    def join_branches(self, item: Item) -> None:
        """Give further choices of the same menu to the same visitor: one conversation shows what many of them bring."""
        if item.again:
            return
        mates = [
            other
            for other in sorted(self.heap)
            if other.state is item.state and other.move.branch and not other.again and not self.pruned(other)
        ][:BRANCHES]
        item.also = mates
        gone = {x.number for x in mates}
        if gone:
            self.heap = [x for x in self.heap if x.number not in gone]
            heapq.heapify(self.heap)

    @property
    def reached(self) -> bool:
        best = self.memory.best
        return best is not None and distance(best.outcome) == 0

    @property
    def asked_in_vain(self) -> list[Found]:
        """The conversations that were asked for a person and ended at a wall."""
        return [found for found in self.memory.found if found.state.turns > 0 and distance(found.outcome) > 1]

    @property
    def walled(self) -> bool:
        return bool(self.asked_in_vain)

    def needless(self, item: Item) -> bool:
        """Has what was found meanwhile made this move, and those made with it, worthless?"""
        return all(self.pruned(one) or self.one_of_many(one) for one in (item, *item.also))

    def pruned(self, item: Item) -> bool:
        """Can this move lead to nothing better than what is known?"""
        if item.state.actions >= self.limits.actions or (item.move.turn and item.state.turns >= self.limits.turns):
            return True
        best = self.memory.best
        if best is None or distance(best.outcome) != 0:
            return False
        if item.state.actions and (
            item.move.cls == AROUND or self.memory.made.get(pressed(item.move), 1 << 30) <= item.state.actions
        ):
            return True  # hidden menus and launchers of further pages are those of the first
        if item.least < best.state.actions:
            return False
        return not (item.least == best.state.actions and self.fewer_turns(item, best))

    def fewer_turns(self, item: Item, best: Found) -> bool:
        """Does this ask for a person after fewer turns than the best way?"""
        return item.state.turns + item.move.turn < best.state.turns and item.move.cls == "ask_human"

    def push(self, state: State, move: Move, menu: str = "") -> bool:
        """Put a move on the list, unless the same was put there with fewer actions."""
        m = self.memory
        wait = 0.0
        if move.cls == AROUND:
            m.arounds += 1
            if m.arounds > AROUNDS:
                return False
        elif move.turn:
            # whether a person is offered may hang on what was said before; of other choices it matters little
            same = (menu if move.cls != "ask_human" else f"{menu}|{' › '.join(state.path)}", told(move.steps[-1]))
            if move.option and not m.first(m.menus, same, state.actions + 1):
                return False
            wait = crowding(m, move)
        elif followed(move):
            if not m.first(m.addresses, move.href, state.actions + 1):
                return False
            wait = crowding(m, move)
            m.shapes[shape(move.href)] += 1
        else:
            key = pressed(move)
            if move.unlikely and key in m.useless:
                return False
            again = (move.href, *key, str(move.steps[-1].get("nth", 1)), state.base)
            most = ANSWERED if move.cls == "not_helpful" else SEARCHES if move.cls == ControlClass.SEARCH else REPEATS
            if m.chrome.get(again, 1 << 30) <= state.actions or (again not in m.chrome and m.labels[key] >= most):
                return False
            m.chrome[again] = state.actions
            wait = crowding(m, move)
            m.labels[key] += 1
            m.families[family(move.steps[-1])] += move.unlikely
        if move.unlikely and not move.turn:
            wait += BLIND * state.blind
        self.number += 1
        f = state.actions + 1 + move.guess + wait - min(move.score, 120.0) / 10000.0
        if move.cls in CHATS and not (move.turn or move.unlikely):
            f -= SOONER
        item = Item(round(f, 4), state.turns + move.turn, state.fields + move.fields, self.number, state, move)
        self.prefer(item)
        heapq.heappush(self.heap, item)
        return True

    def prefer(self, item: Item) -> None:
        """A link to a page from which the way on is known needs no guess, if that makes the best way shorter."""
        m = self.memory
        left = m.worth.get(item.move.href) if item.move.href else None
        if left is None or m.best is None or left[0] > distance(m.best.outcome):
            return
        actions = item.state.actions + 1 + left[1]
        if actions < m.best.state.actions:
            item.f, item.known = float(actions), True

    def shorten(self, found: Found) -> None:
        """A way was found: links that wait and lead to a page on it may make it shorter."""
        m = self.memory
        for address, at in found.state.trail[1:]:
            left = (distance(found.outcome), found.state.actions - at)
            m.worth[address] = min(left, m.worth.get(address, left))
        for item in self.heap:
            self.prefer(item)
        heapq.heapify(self.heap)
