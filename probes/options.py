"""Choosing among options a bot offers: the one nearest to «other / not listed», as buttons or as a numbered text menu.

Words come from the lexicon; this file knows only the shapes of menus.
"""

from __future__ import annotations

import re

from .alike import norm
from .protocol import SURE
from .session import Session
from .sight import Control

# "1. Orders", "(2) Refunds", "【3】其他", "A、账户", "按4 …", "4: …": a key, a mark, a label
_ENTRY = re.compile(
    r"^\W{0,3}(?:\w{1,6}\s?)?[(（【\[]?\s*(\d{1,2}|(?<![^\W\d_])[A-Za-z])\s*[)）】\].、:：,，\-–—]+\s*(\S.{0,80})$"
)
_KEYCAP = re.compile(r"^(\d)\ufe0f?\u20e3\s*(\S.{0,80})$")
# "1 Orders": a key and a label with nothing between, believed only where keys follow one another
_BARE = re.compile(r"^(\d{1,2})\s+([^\W\d].{0,60})$")
# "申诉请按1", "for refunds press 2": a label, then the key at the end, after a space or a sign that stands for itself
_TRAILING = re.compile(
    r"^(\S.{0,79}?)\s*(?:(?<=\s)|(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]))(\d{1,2})[\s。.;；,，]*$"
)
# "按1查询订单", "Press 1 for orders": believed only where the words before the keys are the same
_LEADING = re.compile(r"^(?P<same>\D{1,24}?)\s?(?P<key>\d{1,2})\s?(?P<label>[^\W\d].{0,79})$")
# "상담원 연결은 0번", "ご注文は1を押してください": the same words behind the keys
_FOLLOWED = re.compile(r"^(?P<label>\S\D{0,79}?)\s?(?P<key>\d{1,2})(?P<same>\D{1,24})$")
#: What the reader finds in the words of a question.
ASKS = frozenset({"interrogative", "howto"})
#: The language whose words every lexicon knows.
COMMON = "en"
#: A key to be written.
_KEY = re.compile(r"(?<![\d.,:])\d(?![\d.,:]?\d)")
#: Letters of a message that tells such a key.
LONGEST_TOLD = 120
#: What a control is when it leads nearer to somebody.
LEADS = ("contact", "open_chat", "ask_human")
#: Share of a choice's letters, pair by pair, that its words must have in common with what the visitor asks about.
SHARED = 0.4
#: Entries on one line are believed from this number on.
SEVERAL = 3


def entries(text: str) -> list[tuple[str, str]]:
    """(key, label) of a numbered menu in a text; empty when there are fewer than two."""
    lines = [line.strip() for line in re.split(r"[\n;；]+", text)]
    parts = [part.strip() for part in re.split(r"[\n;；,，。]+", text)]
    found = _marked(lines) or _announced(lines)
    if not found and len(in_one_line := _announced(parts)) >= SEVERAL:
        found = in_one_line
    keys = [k for k, _ in found]
    return found if len(found) >= 2 and len(set(keys)) == len(keys) else []


def _marked(lines: list[str]) -> list[tuple[str, str]]:
    """Entries whose key stands apart by a mark, or alone at one end."""
    found: list[tuple[str, str]] = []
    last: list[int] = []  # which of them end in their key
    bare = [int(m.group(1)) for line in lines if (m := _BARE.match(line))]
    numbered_only = counts_up(bare)
    for line in lines:
        m = _KEYCAP.match(line) or _ENTRY.match(line) or (_BARE.match(line) if numbered_only else None)
        if m:
            found.append((m.group(1), m.group(2).strip()))
        elif m := _TRAILING.match(line):
            last.append(len(found))
            found.append((m.group(2), m.group(1).strip()))
    # «… press»: what all of them end in tells how to choose, not what
    shared = _shared_end([found[i][1] for i in last])
    for i in last:
        key, label = found[i]
        found[i] = (key, label.removesuffix(shared).rstrip(" ,，、:：-–—") or label)
    return found if len(found) >= 2 else []


def counts_up(keys: list[int]) -> bool:
    """From 0 or 1 on, or three in a row from any number; 0 and 9 may stand at the end for what lies beside the rest."""
    if len(keys) >= 2 and keys == sorted(set(keys)) and keys[:2] in ([0, 1], [1, 2]):
        return True
    core = list(keys)
    while len(core) > 1 and core[-1] in (0, 9) and core[-1] != core[-2] + 1:
        core.pop()
    return len(keys) >= SEVERAL and len(core) >= 2 and core == [*range(core[0], core[0] + len(core))]


def _shared_end(labels: list[str]) -> str:
    """The words (or signs that stand for themselves) in which all labels end."""
    if len(labels) < 2:
        return ""
    end = labels[0]
    while not all(label.endswith(end) for label in labels):
        end = end[1:]
    whole = all(len(label) == len(end) or not (label[-len(end) - 1] + end[:1]).isascii() for label in labels)
    return end if whole or " " not in end else end[end.index(" ") :]


def _announced(lines: list[str]) -> list[tuple[str, str]]:
    """Entries with the same words before or behind their keys, which count up (0 and 9 may stand anywhere)."""
    for form in (_LEADING, _FOLLOWED):
        told = [m for line in lines if (m := form.match(line))]
        same = {m["same"].casefold().strip() for m in told}
        counted = [int(m["key"]) for m in told if m["key"] not in ("0", "9")]
        if len(told) >= 2 and len(same) == 1 and counted == list(range(1, len(counted) + 1)):
            return [(m["key"], m["label"].strip()) for m in told]
    return []


def menu_text(text: str) -> bool:
    """Is the text a menu to answer with a key: two or more short entries that are no steps of an instruction?"""
    found = entries(text)
    return len(found) >= 2 and all(
        len(label) <= 40 and not label.endswith((".", "。", "!", "！")) for _, label in found
    )


def numbered(s: Session, text: str, tried: set[str]) -> tuple[str, str, bool] | None:
    """The entry to take: (what to type, its label, whether it offers a person)."""
    menu = [(k, label) for k, label in entries(text) if norm(label) not in tried]
    for key, label in menu:
        r = s.reader.control(label, s.locale)
        if r.signal == "ask_human" and r.certainty >= SURE:
            return key, label, True
    for key, label in menu:
        if s.says("other_option", label):
            return key, label, False
    return (*menu[-1], False) if menu else None


def denies(s: Session, label: str) -> bool:
    """Does a choice say that the answer did not help? One that rates says something else."""
    no = s.reader.control(label, s.locale).signal == "not_helpful" or s.says("no", label)
    return no and not s.says("rating", label)


def means_other(s: Session, c: Control) -> bool:
    """Does it say «other», by its name or, where that tells more («quick reply: other»), by what is written on it?"""
    return s.says("other_option", c.label) or (bool(c.shown) and s.says("other_option", c.shown))


def among(one: str, other: str) -> bool:
    """Do the words of one label stand in the other, in their order, with more between or around them?"""
    words = iter(other.casefold().split())
    return len(one.split()) < len(other.split()) and all(word in words for word in one.casefold().split())


def told_key(s: Session, text: str) -> str:
    """The one key a message says to write in order to reach a person («for an agent, enter 0»); '' for none."""
    keys = {m.group() for m in _KEY.finditer(text)}
    if len(keys) != 1 or len(text) > LONGEST_TOLD or entries(text):
        return ""
    if "instruct" not in s.reader.mentions(text, s.locale):
        return ""
    return keys.pop() if s.reader.control(text, s.locale).signal == "ask_human" else ""


def own_language(s: Session, label: str) -> bool:
    """Is it the visitor's language by its own name? English is known everywhere, and nobody else's for that."""
    english = label.isascii() and s.reader.says("own_language", label, COMMON)
    return s.says("own_language", label) and (not english or s.locale.lower().startswith(COMMON))


def agreement(s: Session, options: list[Control]) -> Control | None:
    """Of «I agree» and «I do not agree» the first: without it nothing goes on. None: that is not what is asked."""
    if len(options) != 2:
        return None
    for yes, no in (options, options[::-1]):
        agrees = any(s.says(w, yes.label) for w in ("accept_cookies", "accept", "yes", "start_chat"))
        refuses = any(s.says(w, no.label) for w in ("reject_cookies", "no", "close")) or (
            "negation" in s.reader.mentions(no.label, s.locale) - s.reader.mentions(yes.label, s.locale)
        )
        # «nie zgadzam się» holds «zgadzam się» and more
        denied = norm(yes.label) in norm(no.label) or among(yes.label, no.label)
        holds = norm(no.label) in norm(yes.label)
        if agrees and not holds and (refuses or denied):
            return yes
    return None


def shared(label: str, line: str) -> float:
    """The share of a label's pairs of letters that stand in a line too, from 0 to 1."""
    text = norm(label)
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    return sum(pair in norm(line) for pair in pairs) / len(pairs) if pairs else 0.0


def pick_category(s: Session, options: list[Control], *, leaving: bool = False) -> Control | None:
    """The option nearest to «other / not listed»; without one, the last that leads on. `leaving`: articles too."""
    # asked who one is: a customer, unless one may say to be none; what they are called may read like a way to log in
    mine = next((c for c in options if s.says("customer", c.label)), None)
    denied = any("negation" in s.reader.mentions(c.label, s.locale) for c in options)
    if mine is not None and len(options) >= 2 and not denied:
        return mine
    usable = []
    for c in options:
        r = s.reader.control(c.label, s.locale)
        if (
            r.signal in ("back", "login", "call", "email", "leave_message")
            or s.says("rating", c.label)
            or s.says("end_chat", c.label)
            or s.says("send", c.label)
        ):
            continue
        # an article is an answer and no category; what leads nearer to somebody is taken wherever it leads
        if c.leaves and r.signal not in LEADS and not (leaving and not c.prose):
            continue
        usable.append(c)
    # where a language is asked for, one's own, by its own name
    if len(usable) >= 2 and (own := next((c for c in usable if own_language(s, c.label)), None)) is not None:
        return own
    agreed = agreement(s, usable)
    if agreed is not None:
        return agreed
    # «not now», «no, thanks» decline what is offered: no category, as long as there is another answer
    usable = [c for c in usable if not s.says("close", c.label)] or usable
    for c in reversed(usable):
        if means_other(s, c):
            return c
    for c in reversed(usable):
        if s.reader.control(c.label, s.locale).signal in ("contact", "open_chat", "help_centre"):
            return c
    # nobody sells here: who buys or would be a partner is another visitor
    usable = [c for c in usable if not s.says("sales", c.label)] or usable
    lines = s.reader.lines(s.locale).scenarios
    asked = lines.get(s.scenario) or lines["general"]
    near = [c for c in usable if s.says("service_topic", c.label) and shared(c.label, asked) >= SHARED]
    return max(near or usable[-1:], key=lambda c: shared(c.label, asked), default=None)


def only_suggests(s: Session, offered: list[str]) -> bool:
    """«You may want to ask»: questions to press are no categories, when none of the choices is «other»."""
    asks = [o for o in offered if o.rstrip().endswith(("?", "？", "؟")) or ASKS & s.reader.mentions(o, s.locale)]
    return 2 <= len(asks) >= 0.6 * len(offered) and not any(s.says("other_option", o) for o in offered)
