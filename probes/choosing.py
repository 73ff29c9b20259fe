"""Scoring: which control of a view reads most like the way to a person, with the reason for every score.

The words are read by the reader; structure (place, region, shape) adjusts. One fixed policy for all platforms.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from tohuman.results.events import Candidate
from tohuman.results.vocabulary import ControlClass, Signal

from .alike import bare
from .leading import ABOUT, DESK, Key, about_people, inbox
from .protocol import SURE
from .reading.normal import folded
from .session import Session
from .sight import Control, Sight, page_of, plain_address
from .vendors import recognise

#: Nearest to a person first. Classes that are not here lead to no person by themselves.
BASE: dict[str, float] = {
    ControlClass.ASK_HUMAN: 100.0,
    ControlClass.OPEN_CHAT: 90.0,
    ControlClass.CONTACT: 70.0,
    ControlClass.HELP_CENTRE: 45.0,
    # under an article the help centre's own link leads round in a circle; this leads on
    ControlClass.NOT_HELPFUL: 50.0,
    # «send us a message» opens a live chat as often as a letter-box: taken when nothing reads better
    ControlClass.LEAVE_MESSAGE: 30.0,
}
#: The classes that promise a conversation, and those for whose sake one goes back (method §3).
CHATS = (ControlClass.ASK_HUMAN, ControlClass.OPEN_CHAT)
WAYS = (*CHATS, ControlClass.CONTACT)
#: A way scored below this (words in prose, a decoy's neighbourhood) is taken when it stands here, not gone back for.
WORTH_GOING_BACK = 55.0
LAUNCHER = 75.0
#: What «write to us» is worth less than a chat called by its name.
LETTER = 12.0
#: Certainties that are one.
ALIKE = 0.05
#: A title of an article that asks: by its last sign, or by the letter that stands before questions.
ASKS = re.compile(r"[?？؟]\s*$|^\s*[QＱ]\s*\d*\s*[.．:：、)）]\s*\S")
#: What a control that says nothing but where it leads is worth more than one that names something else as well.
PLAIN = 0.5
#: Words from which a label is a sentence: «I have no contact with the internet» is what an article is about.
SENTENCE = 5
#: Pixels by which parts of one row differ at most, and within which icons are parts of one bar.
ROW, BAR = 6.0, 240.0
#: Pixels from the upper left in which an icon leads back.
CORNER = 60.0
#: What else stands in the corner of launchers.
NO_LAUNCHER = (
    "back_to_top", "close", "accept_cookies", "reject_cookies", "cookie_notice", "rating", "app_install", "newsletter",
    "region_choice", "notification_prompt", "sales", "show_more", "end_chat",
)  # fmt: skip
#: Pixels from the top within which words that are no control are the title of what stands below.
APP_BAR = 72.0
REGION = {"main": 3.0, "dialog": 4.0, "footer": -3.0, "article": -2.0, "nav": -0.5, "header": -0.5}


@dataclass
class Scored:
    control: Control
    cls: str
    score: float
    why: list[str] = field(default_factory=list)
    doubtful: bool = False  # «support»: contact, or as well only the pages of help; an article's title

    @property
    def key(self) -> Key:
        return self.control.key()

    def candidate(self) -> Candidate:
        c = self.control
        return Candidate(
            label=c.label[:120],
            role=c.role,
            control=self.cls,
            score=round(self.score, 2),
            region=c.region,
            why="; ".join(self.why)[:200],
        )


def is_launcher(c: Control, viewport: tuple[float, float]) -> bool:
    """A small thing fixed at the lower edge's corner: where chat launchers stand."""
    w, h = viewport
    if not c.fixed or (c.overlay >= 0 and c.w > 160) or c.w > 220 or c.h > 140 or w <= 0:
        return False
    return c.y + c.h / 2 > h * 0.55 and (c.x + c.w / 2 > w * 0.7 or c.x + c.w / 2 < w * 0.3)


def in_a_row(sight: Sight, c: Control) -> bool:
    """Is it one of three or more icons side by side at the lower edge: «previous», «play», «next» of a player?"""
    row = [
        x
        for x in sight.controls
        if x.fixed and x is not c and x.textless and abs(x.y + x.h / 2 - c.y - c.h / 2) <= ROW and abs(x.x - c.x) < BAR
    ]
    return len({round(x.x) for x in row if abs(x.x - c.x) > ROW}) >= 2


def writes(s: Session, label: str) -> bool:
    """Is it about a message: to a chat as well as to a letter-box?"""
    about = s.reader.mentions(label, s.locale)
    return s.says("message_box", label) or bool({"leave_message", "describe"} & about)


def wordless(c: Control) -> bool:
    """Nothing but a picture, or a number of things unread beside it."""
    return c.textless or not any(ch.isalpha() for ch in c.shown)


def corner_button(s: Session, sight: Sight, c: Control) -> bool:
    """A button in the corner of launchers that says nothing known, in whatever words a chat is called there."""
    if not is_launcher(c, sight.viewport) or c.href or c.role != "button" or c.why == "bare" or not c.name:
        return False
    if in_a_row(sight, c):
        return False
    if len(c.name) > 28 or sight.talk_frame is not None or not any(ch.isalpha() for ch in c.name):
        return False
    if s.reader.control(c.name, s.locale).rule != "nothing" or "cookie" in c.name.casefold():
        return False
    return not any(s.says(kind, c.name) for kind in NO_LAUNCHER)


@lru_cache(maxsize=4096)
def hosted(href: str) -> str:
    """The vendor whose hosted chat page a link to another host leads to; '' when it is none."""
    found = recognise([href]) if href.startswith("http") else []
    return next((v.id for v in found if not v.opens_app), "")


def closes(s: Session, label: str) -> bool:
    """Does the label close or end something, in whatever language it is left in?"""
    return s.says("close", label) or s.says("end_chat", label)


def nothing_to_close(s: Session, sight: Sight, c: Control) -> bool:
    """An icon where launchers stand that says «close chat» while none is open: some widgets name it so all the time."""
    return (
        c.textless
        and sight.talk_frame is None
        and not sight.weak_boxes
        and is_launcher(c, sight.viewport)
        and "control_open_chat" in s.reader.mentions(c.label, s.locale)
    )


def asks_helped(s: Session, c: Control) -> bool:
    """Is it the «no» beside a question whether the page helped?"""
    if not c.name or not c.context or len(c.name) > 24 or not s.says("no", c.name):
        return False
    return s.reader.notice(c.context.replace(c.name, " "), s.locale).signal == Signal.ASKS_HELPED


def in_tab_bar(sight: Sight, c: Control) -> bool:
    """Is it one of several buttons alike, side by side, at the very bottom of a panel: «Home», «Messages», «Help»?"""
    if (c.overlay < 0 and c.frame is sight.page.main_frame) or not c.name or c.href or c.why not in ("native", "role"):
        return False
    panel = [x for x in sight.controls if x.frame is c.frame and x.overlay == c.overlay and x is not c]
    row = [x for x in panel if abs(x.y - c.y) <= ROW and abs(x.h - c.h) <= ROW and abs(x.w - c.w) <= ROW]
    row = [x for x in row if x.role == c.role and x.name]
    # what is scrolled may reach under the bar; its middle is above it, or covered by it
    seen = [x for x in panel if x not in row and x.in_view and not x.covered]
    lowest = all(x.y + x.h / 2 <= c.y + ROW for x in seen)
    return bool(row) and lowest and len(panel) > len(row)


#: What a link loses that asks («how do I contact you?»): an article tells of the way, and what is the way says so.
TITLE = 24.0
#: The most such a title is worth: below whatever says that it is the contact.
ASKED = 70.0


def score(s: Session, sight: Sight, c: Control) -> Scored | None:
    """The control's score, or None when it is no way to a person."""
    if c.disabled or c.place != "outside" or c.tag == "iframe":
        return None
    label = c.name or c.context
    if c.in_talk and c.textless:
        return None
    if c.why == "bare" and (not c.name or c.region == "article"):
        return None
    if c.expanded == "true" and not c.fixed:
        return None  # pressed again it only folds away what it shows
    own_title = c.region in ("header", "nav") and any(h and label.endswith(h) for h in sight.headings[:1])
    if own_title and c.why not in ("native", "role"):
        return None  # the page's own title, told once more in its header
    if not c.name and (c.context == sight.title or c.context in sight.headings or (c.x < CORNER and c.y < CORNER)):
        return None  # an arrow beside the page's own title leads back
    r = s.reader.control(label, s.locale) if label else None
    if c.lead:
        # a card is what its title says, whatever the description below it speaks of
        title = s.reader.control(c.lead, s.locale)
        if title.signal in BASE and title.certainty >= SURE:
            r, label = title, c.lead
    if r is not None and r.signal == ControlClass.NOT_HELPFUL:
        # «still stuck? Chat with us» offers what it names
        r = next((x for x in r.also if x.signal in WAYS and x.certainty >= SURE), r)
    cls = r.signal if r is not None and r.certainty >= SURE else ControlClass.OTHER.value
    why: list[str] = []
    if cls not in BASE and asks_helped(s, c):
        return Scored(
            c, ControlClass.NOT_HELPFUL.value, BASE[ControlClass.NOT_HELPFUL] + 6.0, ["«no» to «was this helpful?»"]
        )
    # most links of a page lead to its own host; asking every vendor about each of them takes long
    own = c.href.startswith(f"{urlsplit(sight.url).scheme}://{urlsplit(sight.url).netloc}/")
    if r is not None and cls in BASE:
        points = BASE[cls] + 8.0 * r.certainty
        why.append(f"reads {cls} by “{r.phrase}”")
        if cls == ControlClass.OPEN_CHAT and writes(s, label):
            points -= LETTER
            why.append("or a letter")
    elif not own and hosted(c.href):
        points, cls = BASE[ControlClass.OPEN_CHAT], ControlClass.OPEN_CHAT.value
        why.append(f"leads to a chat hosted by {hosted(c.href)}")
    elif (
        is_launcher(c, sight.viewport)
        and cls == ControlClass.OTHER
        and (wordless(c) or not label)
        and not in_a_row(sight, c)
    ):
        idle = nothing_to_close(s, sight, c)
        if c.href.startswith(("tel:", "mailto:")) or (closes(s, label) and not idle) or s.says("back_to_top", label):
            return None
        points, cls = (LAUNCHER - 10.0 if label else LAUNCHER), ControlClass.OPEN_CHAT.value
        why.append("an icon where launchers stand")
    elif corner_button(s, sight, c):
        points, cls = LAUNCHER - 20.0, ControlClass.OPEN_CHAT.value
        why.append("a button where launchers stand")
    else:
        return None
    leads = cls in (ControlClass.OPEN_CHAT, ControlClass.CONTACT)
    if label and (s.says("sales", label) or (leads and closes(s, label) and not nothing_to_close(s, sight, c))):
        return None
    if c.in_talk and cls not in (ControlClass.ASK_HUMAN, ControlClass.CONTACT):
        return None  # a title or tab of the chat that stands here already
    if cls == ControlClass.LEAVE_MESSAGE and not c.leaves and (c.fixed or c.frame is not sight.page.main_frame):
        points += 40.0
        why.append("in a panel of its own")
    if (c.role == "tab" and (c.fixed or c.frame is not sight.page.main_frame)) or in_tab_bar(sight, c):
        # «Messages» below a messenger holds what was written before; the tile above begins
        points -= 25.0
        why.append("a tab of a panel")
    if cls == ControlClass.OPEN_CHAT and c.href and s.says("own_messages", label):
        # a link, not a launcher: to what one has written before, mostly behind a log-in
        points -= 45.0
        why.append("what was written before")
    points += REGION.get(c.region, 0.0)
    named = cls == ControlClass.CONTACT and not DESK.isdisjoint(s.reader.mentions(label, s.locale))
    if named or (cls == ControlClass.HELP_CENTRE and about_people(s, label) < len(ABOUT)):
        points += 2.0
        why.append("names the service")  # «help and support» before «shopping guide», «contact us» before «complaints»
    if cls == ControlClass.CONTACT and r is not None:
        said, told = r.phrase, folded(label).work.strip()
        within = not told.startswith(said) and not told.endswith(said)
        if said == told:
            points += PLAIN
        elif within and len(told.split()) >= SENTENCE and len(said.split()) == 1:
            points -= TITLE
            why.append("a sentence that only mentions it")
    if c.prose:
        # «contact the seller» in the middle of an article is advice, not a way
        points -= 30.0 if cls == ControlClass.CONTACT else 8.0
        why.append("inside prose")
    if c.region == "article" and c.href:
        points -= 4.0
    asks = bool(c.href) and cls in WAYS and bool(ASKS.search(label))
    if asks:
        points = min(points - TITLE, ASKED)
        why.append("asks, as the title of an article does")
    if len(c.label) > 48 and not (c.fixed or c.frame is not sight.page.main_frame):
        # a card: its title comes first, and a description below it
        titled_so = label is c.lead or (r is not None and bool(r.phrase) and bare(label).startswith(bare(r.phrase)))
        points -= 3.0 if titled_so else 12.0
        why.append("long label")
    if is_launcher(c, sight.viewport):
        points += 2.0
        why.append("fixed at the lower edge")
    if c.why == "bare":
        # words that something around them listens for: pressed when nothing surer reads as well
        if cls not in WAYS or (sight.talk_frame is not None and c.y + c.h <= APP_BAR):
            return None  # no way, or the title of the conversation that stands here
        points -= 25.0
        why.append("bare words")
    if c.covered:
        points -= 1.0
    twofold = r is not None and any(
        x.signal == ControlClass.HELP_CENTRE and x.certainty >= r.certainty - ALIKE for x in r.also
    )
    return Scored(c, cls, points, why, doubtful=asks or (cls == ControlClass.CONTACT and twofold))


def own_anchor(c: Control, here: str) -> bool:
    """A heading's link to itself: pressed it leads nowhere."""
    return (
        c.href.startswith("http")
        and "#" in c.href
        and plain_address(c.href.split("#")[0]) == here.split("#")[0]
        and bool(c.heading)
        and c.name.strip("#¶§🔗 ").casefold() in ("", c.heading.strip("#¶§🔗 ").casefold())
    )


def to_heading(sight: Sight, c: Control, cls: str) -> bool:
    """A table of contents' link to a part of this page, called like its heading: a heading «chat» opens none."""
    if cls not in CHATS or not c.href.startswith("http"):
        return False
    page, _, part = c.href.partition("#")
    if not part or part.startswith(("/", "!")) or plain_address(page) != plain_address(sight.url).split("#")[0]:
        return False
    return c.name.strip("#¶§🔗 ").casefold() in {h.strip("#¶§🔗 ").casefold() for h in sight.headings}


@dataclass(frozen=True)
class Shared:
    """A view's links by their words and the heading they stand under, and how many of them stand under a heading."""

    words: dict[str, dict[str, set[str]]]
    under: Counter[str]


def shared(sight: Sight) -> Shared:
    found = Shared({}, Counter())
    for c in sight.controls:
        if c.heading and c.name:
            found.words.setdefault(c.name, {}).setdefault(c.heading, set()).add(c.href)
            found.under[c.heading] += bool(c.href)
    return found


def titled(s: Session, c: Control, words: Shared) -> Scored | None:
    """A link whose words many share («read more»), or the only one in what is told under a heading, named by that."""
    if not c.href.startswith("http") or not c.name or not c.heading or c.heading.casefold() == c.name.casefold():
        return None
    if c.disabled or c.place != "outside":
        return None
    headings = words.words[c.name]
    alike = len(headings[c.heading]) == 1 and any(addresses != {c.href} for addresses in headings.values())
    lone = not alike and c.prose and words.under[c.heading] == 1
    if not alike and not lone:
        return None
    r = s.reader.control(c.heading, s.locale)
    if r.certainty < SURE or r.signal not in WAYS or s.says("sales", c.heading):
        return None
    if lone and r.signal not in CHATS:
        return None
    # the one link in what is told about the chat leads there, if anything does
    points = BASE[r.signal] + 8.0 * r.certainty + REGION.get(c.region, 0.0) - (30.0 if lone else 5.0)
    return Scored(c, r.signal, points, [f"“{c.heading[:60]}” above it reads {r.signal} by “{r.phrase}”"])


def begins_chat(s: Session, c: Control) -> Scored | None:
    """The button that begins what a press has promised («agree and start»), where it says no more than that."""
    if c.disabled or c.place != "outside" or c.submit or c.textless or not c.label or len(c.label) > 60:
        return None
    if c.why == "bare" or closes(s, c.label) or s.says("sales", c.label) or not s.says("start_chat", c.label):
        return None
    return Scored(c, ControlClass.OPEN_CHAT.value, BASE[ControlClass.OPEN_CHAT], ["begins what the press has promised"])


def candidates(s: Session, sight: Sight, tried: set[Key]) -> list[Scored]:
    """All ways of the view, best first, ties in page order; those tried and links to this very view left out."""
    here = plain_address(sight.url)
    best: dict[Key, Scored] = {}
    # the submit of a form is no way: a form is filled as a whole (forms.py) or is a wall (walls.py)
    submits = {(id(f.frame), i) for f in sight.fields if not f.search and not f.box for i in f.submits}
    words = shared(sight)
    own = inbox(s, sight)
    for c in sight.controls:
        if c.submit or (id(c.frame), c.id) in submits:
            continue
        if c.href.startswith("http") and plain_address(c.href) == here and c.href == page_of(c.href):
            continue
        if (
            c.href.startswith("http")
            and plain_address(c.href.split("#")[0]) == here.split("#")[0]
            and c.href.endswith("#")
            and not c.name
        ):
            continue
        if own_anchor(c, here):
            continue
        scored = score(s, sight, c)
        if scored is not None and to_heading(sight, c, scored.cls):
            continue
        if scored is None or scored.cls not in WAYS:
            scored = titled(s, c, words) or scored
        if scored is None or scored.key in tried or (scored.cls == ControlClass.OPEN_CHAT and scored.key in own):
            continue
        if scored.key not in best or scored.score > best[scored.key].score:
            best[scored.key] = scored
    return sorted(best.values(), key=lambda x: (-x.score, x.control.order))
