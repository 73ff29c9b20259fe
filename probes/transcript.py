"""The transcript: each bubble once, in order, with author, text and options, from repeated looks at the log.

Aligns what is shown now with what is already known (streaming, edits, re-rendering, virtual lists); reads no meaning.
"""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from typing import Any

from tohuman.results.events import Message, MessageChanged

from .alike import norm
from .rows import Author, Bubble, Rows
from .session import Session
from .vendors import Vendor


def _alike(shown: str, sent: str) -> bool:
    """Could this be what was typed, shown a little otherwise?"""
    return sent in shown or SequenceMatcher(None, shown[:200], sent[:200]).ratio() > 0.6


class Transcript(Rows):
    """Messages of one conversation. `merge` takes one look (the agent's `talk()`), returns what is new or changed."""

    def __init__(
        self, session: Session, is_typing: Callable[[str], bool], contact: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(is_typing)
        self.s = session
        self.contact = contact or {}  # what forms are given as who one is
        self.awaiting: list[Bubble] = []  # consumer messages not yet seen in the log
        self.belated = False  # choices have come below words that stood there before
        self.consumer_side = ""
        self.consumer_cls = ""
        self.service_human = False  # a person has been announced: what comes now may be theirs
        self.plain: set[str] = set()  # marks of the service's messages that are drawn without a bubble
        self.vendor: Vendor | None = None
        self._number = 0
        self._shown: Tally[str] = Tally()  # how often each text stands in the log now
        self._redrawn: set[str] = set()  # what is back in a log that was emptied and is being drawn anew from its head

    # ---- the consumer's own
    def said(self, text: str, gesture: int, *, typed: bool = False) -> Bubble:
        """Record a message the consumer sent; its echo in the log will be recognised as this one. `typed`: word for
        word, where a pressed option may be told in other words."""
        b = self._new("consumer", text, "", [], gesture=gesture)
        b.typed = typed
        self.awaiting.append(b)
        return b

    def _new(
        self,
        author: Author,
        text: str,
        name: str,
        options: list[str],
        *,
        history: bool = False,
        gesture: int | None = None,
        at: int | None = None,
    ) -> Bubble:
        self._number += 1
        id = f"m{self._number}"
        n = self.s.emit(
            Message(
                id=id,
                author=author,
                text=text[:8000],
                name=name[:80],
                options=[o[:200] for o in options],
                history=history,
                gesture=gesture or None,
            )
        )
        b = Bubble(id, n, author, text, name, options, history)
        if at is None:
            self.bubbles.append(b)
        else:
            self.bubbles.insert(at, b)
        return b

    def _echo(self, row: dict[str, Any]) -> Bubble | None:
        """The consumer message this row shows: its words, at most with a name, a time or a tick around them."""
        text = norm(row["text"])
        for b in self.awaiting:
            own = norm(b.text)
            if own and text == own:
                return b
            if own and (text.startswith(own) or text.endswith(own)):
                rest = text.removeprefix(own) if text.startswith(own) else text.removesuffix(own)
                if len(rest) <= (12 if len(own) >= 6 else 6) and not any(c in rest for c in "。.!！?？,，"):
                    return b
        return None

    def _told(self, row: dict[str, Any]) -> str:
        """Whose a message is by the marks of the vendor that was recognised; '' where they do not tell."""
        return (self.vendor and self.vendor.author(row.get("marks", "").split(), row["name"])) or ""

    def _given(self, row: dict[str, Any]) -> bool:
        """Are these the values of a form that was filled in, shown once more as what the consumer wrote?"""
        values = {norm(value) for value in self.contact.values() if value}
        lines = [re.split("[:：]", line, maxsplit=1)[-1] for line in row["text"].split("\n") if line.strip()]
        return bool(lines) and not row["options"] and all(norm(line) in values for line in lines)

    def _is_consumer(self, row: dict[str, Any]) -> bool:
        if self._given(row):
            return True
        if self.vendor is not None and (told := self._told(row)):
            return told == "consumer"
        return (
            bool(self.consumer_side)
            and row["side"] == self.consumer_side
            and (row["cls"] == self.consumer_cls or self.consumer_side == "end")
            and row["bubble"]
        )

    def merge(self, view: dict[str, Any], *, first: bool = False) -> list[Bubble]:
        rows = self._rows(view)
        self._names(rows)
        self.bubbled = self.bubbled or any(r["bubble"] for r in rows)
        rows = self._as_known(self._faceless(rows))
        known = [b for b in self.bubbles if not b.gone and b not in self.awaiting]
        old = [b.key for b in known]
        new = [norm(r["text"]) + "|" + "|".join(norm(o) for o in r["options"]) for r in rows]
        self._shown = Tally(norm(r["text"]) for r in rows)
        fresh: list[Bubble] = []
        shown: list[Bubble] = []  # what is in view now, in the order of the log
        own = next((b for b in reversed(self.bubbles) if b.author == "consumer"), None)
        emptied = own is not None and own not in self.awaiting
        for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if op == "equal":
                shown += known[i1:i2]
                continue
            left, right = list(range(i1, i2)), list(range(j1, j2))
            # the same bubble with more text, other options, or a small edit
            while left and right:
                b, r = known[left[0]], rows[right[0]]
                if self._same(b, r):
                    if self._change(b, r) and b.author != "consumer":
                        fresh.append(b)
                    shown.append(b)
                    left.pop(0)
                    right.pop(0)
                elif len(right) > len(left):
                    shown.append(self._add(rows[right.pop(0)], first, fresh))
                else:
                    self._lose(known[left.pop(0)], i1 == 0)
            for i in left:
                self._lose(known[i], i1 == 0)
            for j in right:
                # above what is known stands what was said before it; not while the platform still opens the talk
                above = i1 == 0 and bool(known) and j2 < len(rows) and any(b.author == "consumer" for b in self.bubbles)
                # the log lost the consumer's last message and begins anew at its head: it is drawn again
                anew = emptied and own is not None and own.gone and all(b.id in self._redrawn for b in shown)
                shown.append(self._add(rows[j], first or above, fresh, anew=anew))
                if anew:
                    self._redrawn.add(shown[-1].id)
        if own is None or not own.gone:
            self._redrawn.clear()
        self._in_order(shown)
        return fresh

    def _in_order(self, shown: list[Bubble]) -> None:
        """Put what is in view into the order in which the log shows it; the rest keeps its places."""
        inside = {id(b) for b in shown}
        ordered = iter({id(b): b for b in shown}.values())
        self.bubbles = [next(ordered) if id(b) in inside else b for b in self.bubbles]

    def _same(self, b: Bubble, row: dict[str, Any]) -> bool:
        old, new = norm(b.text), norm(row["text"])
        if old == new or (old and (new.startswith(old) or (old.startswith(new) and len(new) > 3))):
            return True
        return (
            bool(old and new)
            and min(len(old), len(new)) > 8
            and SequenceMatcher(None, old[:400], new[:400]).quick_ratio() > 0.85
            and b is self.bubbles[-1]
        )

    def _change(self, b: Bubble, row: dict[str, Any]) -> bool:
        grown = norm(row["text"]) != norm(b.text) or (len(row["options"]) > len(b.options))
        self.belated = self.belated or bool(row["options"] and not b.options and norm(row["text"]) == norm(b.text))
        b.text, b.options, b.away = row["text"], row["options"], row.get("away", False)
        b.name = row["name"] or b.name
        b.dirty = b.dirty or grown
        return grown

    def flush(self) -> None:
        """Journal what has changed, once per finished look: a stream of words is one change."""
        for b in self.bubbles:
            if b.dirty:
                b.dirty = False
                self.s.emit(MessageChanged(id=b.id, text=b.text[:8000], options=b.options))

    def _lose(self, b: Bubble, at_head: bool) -> None:
        # a list that keeps only what is in view drops its head; that is no removal
        b.gone = True
        if not at_head:
            self.s.emit(MessageChanged(id=b.id, text=b.text[:8000], removed=True))

    def _add(self, row: dict[str, Any], history: bool, fresh: list[Bubble], *, anew: bool = False) -> Bubble:
        """The bubble this row is: the consumer's echo, one that is back in view, or a new one. `anew`: it stands at
        the head of a log that is being drawn again."""
        echo = self._echo(row)
        if echo is not None:
            self.awaiting.remove(echo)
            # the echo takes its place in the order of the log
            self.bubbles.remove(echo)
            echo.side, echo.cls = row["side"], row["cls"]
            echo.text = row["text"]
            self.bubbles.append(echo)
            self.consumer_side, self.consumer_cls = row["side"], row["cls"]
            return echo
        words = norm(row["text"])
        # choices come and go: a text is known again without them
        back = next((b for b in self.bubbles if b.gone and words and norm(b.text) == words), None)
        # shown again later: a repeated message is a new one only when it stands after what we know, or once more
        again = back is not None and (
            back.author == "consumer"
            or history
            or anew
            or self.bubbles[-1].author != "consumer"
            or (
                self.bubbles[-1] in self.awaiting
                and self._shown[words] <= sum(norm(b.text) == words for b in self.bubbles if b.author != "consumer")
            )
        )
        if back is not None and again:
            back.gone = False
            back.options = row["options"] or back.options
            return back
        if self._is_consumer(row):
            # an option's echo worded otherwise than its label
            if self.awaiting and (not self.awaiting[0].typed or _alike(words, norm(self.awaiting[0].text))):
                b = self.awaiting.pop(0)
                b.text = row["text"]
                return b
            same = [x for x in self.bubbles if x.author == "consumer" and norm(x.text) == norm(row["text"])]
            if not history and same:
                return same[-1]
        told = self._told(row)
        author: Author = (
            "consumer"
            if (self._is_consumer(row) and history) or self._given(row)
            else "system"
            if told == "system"
            else "bot"
            if told == "bot"
            else "system"
            if not row["bubble"] and (row["side"] == "centre" or (self.bubbled and row["cls"] not in self.plain))
            else "human"
            if self.service_human
            else "bot"
        )
        if author == "bot" and not row["bubble"] and row["cls"]:
            self.plain.add(row["cls"])
        b = self._new(author, row["text"], row["name"], row["options"], history=history)
        b.side, b.cls, b.told, b.away = row["side"], row["cls"], told, row.get("away", False)
        fresh.append(b)
        return b
