"""The rows of a log as they are shown, made ready to be told apart: own words, names, faces, choices and typing signs.

Which of them is known, whose it is and what is new is decided in transcript.py.
"""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from .alike import norm

Author = Literal["consumer", "bot", "human", "system", "service"]


#: What chats put behind words that are still coming.
_CURSOR = re.compile(r"\s*[●▋▍▌█▊▉▎▏⬤⚫◍]+\s*$")


#: The time of day a log puts behind a message, or before it.
_CLOCK = re.compile(r"^\s*\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s+|\s+\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\W*$", re.I)


#: A last line that signs: a dash or a tilde before a few words; what no name is (a question asked twice, an entry of a
#: list), and what it does not end in where it stands last.
_SIGNED = re.compile(r"^\s*[~–—-]\s?[^\W\d_][^\n.!?:。！？：]{0,30}$")
_SENTENCE = re.compile(r"[?!。…？！؟]\s*$|^\s*[•·▪◦●‣*]|^(?:\S+\s+){3}.*\.\s*$")
_PUNCTUATED = re.compile(r"[.!?:;,…。！？：；，、)）]\s*$|\d")


#: Rows from the end among which an empty bubble may be one that is being written.
LAST = 2


@dataclass
class Bubble:
    id: str
    event: int
    author: Author
    text: str
    name: str = ""
    options: list[str] = field(default_factory=list)
    history: bool = False
    typed: bool = False
    gone: bool = False
    side: str = ""
    cls: str = ""
    dirty: bool = False
    away: bool = False  # all its options are links that leave the conversation
    told: str = ""  # the author by the marks of the vendor whose software this is

    @property
    def key(self) -> str:
        return norm(self.text) + "|" + "|".join(norm(o) for o in self.options)


class Rows:
    """What one look at a log shows, row by row, in the light of the bubbles known so far."""

    def __init__(self, is_typing: Callable[[str], bool]) -> None:
        self.bubbles: list[Bubble] = []
        self.is_typing = is_typing
        self.bubbled = False  # this log draws bubbles: what stands outside of one is the platform's notice
        self.decor: set[str] = set()  # what moves in the log all the time and tells nothing
        self.heads: dict[str, int] = {}  # first lines of messages → how often: what repeats is a name

    def _rows(self, view: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            m
            for m in self._own_apart(view["messages"])
            if not m["busy"]
            and (m["text"] or m["options"])
            and not (
                m["text"]
                and len(m["text"]) < 60
                and not m["options"]
                and (
                    self.is_typing(m["text"])
                    or (not any(c.isalnum() for c in m["text"]) and set(m["text"]) <= set(". ·•…⋯●○⚬∙⬤⏺◦"))
                )
            )
        ]

    def _own_apart(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Cut a row in which the consumer's own words stand as a line of their own: what follows is the answer.

        Some logs keep question and answer in one box. A bubble that can be pressed and says the consumer's words is
        their message, not a choice.
        """
        messages = [{**m, "text": _CURSOR.sub("", m["text"])} if _CURSOR.search(m["text"]) else m for m in messages]
        own = {norm(b.text) for b in self.bubbles if b.author == "consumer" and b.text.strip()}
        if not own:
            return messages
        offered = {norm(o) for b in self.bubbles for o in b.options}
        typed = {norm(b.text) for b in self.bubbles if b.author == "consumer" and b.typed and b.text.strip()} - offered
        out: list[dict[str, Any]] = []
        for m in messages:
            if not m["text"] and len(m["options"]) == 1 and norm(m["options"][0]) in own and m["side"] != "start":
                m = {**m, "text": m["options"][0], "options": []}
            # a bubble that can be pressed looks like a choice of the message before it; the time in it tells it apart,
            # or that it says what was typed and nobody had offered
            stamped = [o for o in m["options"] if (words := _CLOCK.sub("", o)) != o and norm(words) in own]
            stamped += [o for o in m["options"] if norm(o) in typed and o not in stamped]
            if stamped:
                rest = [o for o in m["options"] if o not in stamped and not self._whose(o)]
                if m["text"] or rest:
                    out.append({**m, "options": rest})
                out += [{**m, "text": _CLOCK.sub("", o), "options": [], "name": "", "side": "end"} for o in stamped]
                continue
            lines = m["text"].split("\n")
            at = next((i for i, line in enumerate(lines) if norm(line) in own), -1) if len(lines) > 1 else -1
            before, after = "\n".join(lines[:at]).strip(), "\n".join(lines[at + 1 :]).strip()
            if at < 0 or (not after and len(before) <= 40):
                out.append(m)
                continue
            if len(before) > 40 or (before and any(c in before for c in ".!?。！？")):
                out.append({**m, "text": before, "options": []})
            out.append({**m, "text": lines[at], "options": [], "name": "", "side": "end", "busy": False})
            if after or m["options"]:
                out.append({**m, "text": after, "side": "start"})
        return out

    def _whose(self, option: str) -> bool:
        """«Me 09:13», beside a bubble that can be pressed."""
        words = _CLOCK.sub("", option)
        return words != option and len(words) <= 12

    def _names(self, rows: list[dict[str, Any]]) -> None:
        """Move a first line that is a name (known, or the same on several messages) from the text to the name; so the
        last line, where a log signs its messages."""
        for r in rows:
            head, _, rest = r["text"].partition("\n")
            if r["name"]:
                self.heads[norm(r["name"])] = 2
            if rest and len(head) <= 40 and not _SENTENCE.search(head):
                key = norm(head)
                others = sum(
                    1 for x in rows if x is not r and norm(x["text"].partition("\n")[0]) == key and "\n" in x["text"]
                )
                if self.heads.get(key, 0) >= 2 or others:
                    self.heads[key] = 2
                    r["name"], r["text"] = (r["name"] or head), rest.strip()
        for b in self.bubbles:
            head, _, rest = b.text.partition("\n")
            if rest and self.heads.get(norm(head), 0) >= 2:
                b.name, b.text = (b.name or head), rest.strip()  # known as a name only now
        ends = Tally(r["text"].rpartition("\n")[2] for r in rows if "\n" in r["text"])
        for r in rows:
            said, _, end = r["text"].rpartition("\n")
            signs = ends[end] > 1 and len(end) <= 40 and not (_PUNCTUATED.search(end) or _SENTENCE.search(end))
            if said and (_SIGNED.match(end) or signs):
                r["name"], r["text"] = (r["name"] or end.strip("~-–— ")), said.strip()

    def _faceless(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Without the face or the one word («me», 我) that some logs put in a row of its own beside the consumer's."""
        own = {norm(b.text) for b in self.bubbles if b.author == "consumer" and b.text.strip()}
        mine = [norm(r["text"]) in own for r in rows]

        def face(i: int) -> bool:
            r = rows[i]
            beside = any(0 <= j < len(rows) and mine[j] for j in (i - 1, i + 1))
            return (
                self.bubbled and beside and not (r["bubble"] or r["options"] or mine[i]) and len(norm(r["text"])) <= 3
            )

        return [r for i, r in enumerate(rows) if not face(i)]

    def _as_known(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Words and the choices below them, drawn now as one message and now as two, are what they were at first."""
        texts = {norm(r["text"]) for r in rows}
        known = [b for b in self.bubbles if b.author != "consumer" and not b.gone]
        whole = {norm(b.text): b for b in known if len(b.options) >= 2}
        parts = {norm(a.text): b for a, b in pairwise(known) if not a.options and len(b.options) >= 2}
        out: list[dict[str, Any]] = []
        for r in rows:
            words, options = norm(r["text"]), set(r["options"])
            above = whole.get(norm(out[-1]["text"])) if out and not out[-1]["options"] else None
            below = parts.get(words)
            if above is not None and options == set(above.options) and words not in whole:
                out[-1] = {**out[-1], "options": r["options"]}
            elif below is not None and options == set(below.options) and norm(below.text) not in texts:
                out += [{**r, "options": []}, {**r, "text": below.text}]
            else:
                out.append(r)
        return out

    def typing(self, view: dict[str, Any]) -> bool:
        """Is a typing or streaming sign shown?"""
        if any(_CURSOR.search(m["text"]) for m in view["messages"]):
            return True
        shown = self._own_apart(view["messages"])
        # an empty bubble with messages after it is a face or a form that was: who writes stands at the end
        shown = [m for i, m in enumerate(shown) if m["text"] or m["options"] or i >= len(shown) - LAST]
        if view["stated"] or len(self._rows(view)) < len([m for m in shown if m["text"] or not view["moving"]]):
            return True
        return bool(set(view["moving"]) - self.decor)
