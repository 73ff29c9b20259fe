"""What a contact page asks before it shows its ways: a form of who one is, a topic by buttons, or one by lists.

A list that begins a chat together with name or e-mail belongs to that form; one with a choice made already (a language,
an order of results) asks for nothing. Which way is taken then is naive.py's business.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from tohuman.results.events import Step
from tohuman.results.vocabulary import ControlClass, Outcome

from .choosing import CHATS, WAYS, Scored
from .forms import fill_prechat, put_in, wanted
from .hearing import QUESTION
from .leading import ABOUT, about_people, articles, guided, leads_up
from .lingering import Lingering
from .options import ASKS, pick_category
from .session import Session
from .shopper import Shopper
from .sight import Control, Field, Sight, page_of, plain_address
from .walls import Form, forms, record_fields

#: Articles and subjects opened for want of a way.
MAX_ARTICLES = 3
#: Steps of a page that asks what it is about.
MAX_STEPS = 5
#: Kinds of fields that only choose.
CHOOSES = frozenset({"select", "radio", "checkbox"})
#: What a button that hands something in must not read as.
LEAVES = ("leave_message", "login", "email")


def open_lists(sight: Sight) -> list[tuple[Field, Form]]:
    """The lists of a view in which nothing is chosen yet, each with its form, in page order."""
    found = []
    for form in forms(sight):
        if not form.kinds() <= CHOOSES:
            continue  # whoever wants a text as well has a form to fill or a wall
        for f in form.fields:
            own = f.place == "outside" and f.overlay < 0 and f.region not in ("header", "nav", "footer")
            if own and f.tag == "select" and not (f.filled or f.disabled or f.search) and len(f.options) >= 2:
                found.append((f, form))
    return found


async def choose_listed(shopper: Shopper, sight: Sight, done: set[tuple[object, int]], name: str | None = None) -> bool:
    """Choose in the first open list (of this name) what is nearest to «other»; a value given on the way. False: there
    is none."""
    for f, form in open_lists(sight):
        key = (f.frame, f.id)
        if key in done or (name is not None and f.label != name):
            continue
        done.add(key)
        if await put_in(shopper, f):
            shopper.s.emit(Step(state="form", rule="form", action="fill", detail=f"a list asks: {f.label[:80]}"))
            given = Form([f], form.submits)
            record_fields(shopper.s, wanted(given, {f.id}), "way", filled={f.id})
            await shopper.rest()
            return True
    return False


def hands_in(s: Session, sight: Sight, done: set[tuple[object, int]]) -> Control | None:
    """The button that hands in a form of lists in which everything has been chosen; none that would leave a request or
    log in: that is a wall and never handed in (method 5)."""
    for form in forms(sight):
        chosen = [f for f in form.fields if (f.frame, f.id) in done]
        if chosen and form.kinds() <= CHOOSES and not any(f in [x for x, _ in open_lists(sight)] for f in form.fields):
            inside = {f.region for f in form.fields}
            button = next((c for c in form.submits if not c.disabled and c.region in inside), None)
            if button is not None and s.reader.control(button.name, s.locale).signal not in LEAVES:
                return button
            return None
    return None


def folds(s: Session, c: Control) -> bool:
    """Does it open a closed part of this page that is no answer to a question?"""
    title = c.lead or c.label
    if c.href or c.expanded != "false" or title.rstrip().endswith(QUESTION):
        return False
    return not ASKS & s.reader.mentions(title, s.locale)


class Asked(Lingering, ABC):
    """A visitor who answers what is asked before a chat; `press_plain` is the policy's."""

    @abstractmethod
    async def press_plain(self, sight: Sight, control: Control, reason: str) -> bool: ...

    async def prechat(self, sight: Sight) -> bool:
        """Fill a pre-chat form that asks only for name, e-mail, topic."""
        if any(outcome == Outcome.MESSAGE_FORM for outcome, _, _ in self.m.walls):
            return False
        for form in forms(sight):
            if form.fields[0].place in ("log", "between"):
                continue
            key = (form.fields[0].frame, form.fields[0].id)
            if key in self.m.filled:
                continue
            gesture = await fill_prechat(self.shopper, sight, form, promised=self.chat_promised(form))
            if gesture is not None:
                self.m.filled.add(key)
                self.m.gesture = self.m.sent = gesture or self.m.gesture
                return True
        return False

    def chat_promised(self, form: Form) -> bool:
        """Did this form come with the press of a control that promised a chat or a person?"""
        by = self.m.reached_by
        if by is None or by.cls not in CHATS:
            return False
        return not all((f.label, f.kind) in self.m.fields for f in form.fields)

    async def choose_topic(self, sight: Sight, *, links: bool) -> bool:
        """A press that promised a person was answered with a choice of topics: the one nearest to «other» is taken.

        One thing alone that came in a chat's stead («I understand, begin») is pressed to go on. `links`: topics may be
        links; not so under an article that asks whether it helped. A contact page of its own asks by buttons only, one
        of which says «other».
        """
        m = self.m
        by = m.reached_by
        if m.topics <= 0 or by is None or by.cls not in WAYS or m.barred == m.gesture:
            return False
        chat = by.cls in CHATS
        page = page_of(sight.page.url) != m.address and not chat
        if page and by.cls != ControlClass.CONTACT:
            return False
        strict = page or not links
        new = [
            c
            for c in sight.controls
            if c.key() not in m.stood
            and c.key() not in m.tried
            and c.name
            and len(c.name) <= 80
            and not (c.disabled or c.submit or c.textless or c.place != "outside" or c.why == "bare")
            and c.region not in ("header", "nav", "footer")
            and not any(self.s.says(w, c.name) for w in ("close", "no", "back_to_top"))
            and not (c.href and strict)
        ]
        able = [c for c in new if not self.s.says("sales", c.name)]
        chosen = pick_category(self.s, able) if len(new) >= 2 else None
        if chosen is None and chat and not strict and len(new) == 1 and (new[0].role == "button" or not new[0].href):
            chosen = next(iter(able), None)
        if chosen is None or (strict and not self.s.says("other_option", chosen.name)):
            return False
        done = await self.press_plain(sight, chosen, "a topic is asked for" if len(new) > 1 else "nothing else goes on")
        m.reached_by, m.fresh, m.pressed_at = by, done, self.s.clock()  # what it leads to may come a moment later
        m.topics -= 1
        return done

    async def choose_listed(self, sight: Sight) -> bool:
        """A contact page asks by lists what it is about: each is answered, then what hands them in is pressed."""
        m = self.m
        by = m.reached_by
        if by is None or by.cls not in WAYS or m.barred == m.gesture:
            return False
        if await choose_listed(self.shopper, sight, m.filled):
            after = await self.shopper.look()
            if not any((f.frame, f.id) not in m.filled for f, _ in open_lists(after)):
                await self.something_comes(after)  # what the last list leads to
            return True
        button = hands_in(self.s, sight, m.filled)
        if button is None or button.key() in m.tried:
            return False
        if not await self.press_plain(sight, button, "hands in what was asked"):
            return False
        m.reached_by, m.fresh, m.pressed_at = by, True, self.s.clock()
        return True

    async def step_on(self, sight: Sight) -> bool:
        """A page that asks step by step what it is about is answered with what is nearest to «something else»."""
        m = self.m
        answer = guided(self.s, sight, m.tried, begun=m.steps > 0) if m.steps < MAX_STEPS else None
        if answer is None or not await self.press_plain(sight, answer, "a step of what it is about"):
            return False
        m.steps += 1
        return True

    async def nearer_subject(self, sight: Sight, best: Scored | None) -> bool:
        """A contact page shows subjects and no way: the one called «something else» comes before the site's rest. What
        is about reaching somebody comes before the link that leads back up."""
        m, here = self.m, page_of(sight.page.url)
        within = m.subject == here  # the subject led to articles: one of them is read, and denied, as the page wants it
        contact = m.contact_page == here or within
        up = best is not None and leads_up(best.control, plain_address(sight.url)) and len(self.s.views) > 1
        # a number told beside the subjects turns nobody away from them
        walls = {wall for wall in m.walls - m.everywhere if m.talked or wall[0] != Outcome.DIVERTED.value}
        if m.articles >= MAX_ARTICLES or walls or not (contact or up):
            return False
        subjects = articles(self.s, sight, m.tried, contact=contact)
        named = [c for c in subjects[:1] if about_people(self.s, c.label) < len(ABOUT)]
        other = [c for c in subjects if self.s.says("other_option", c.lead or c.label)]
        # what a contact page folds away, by who one is or what it is about, holds its ways as often as its answers
        folded = [c for c in subjects if contact and best is None and folds(self.s, c)]
        folded.sort(key=lambda c: not self.s.says("customer", c.lead or c.label))
        chosen = named if named and up else other or folded or (subjects[:1] if within and best is None else [])
        if not chosen or (named and not up and chosen is other):
            return False
        m.articles += 1
        by, topics = m.reached_by, m.topics
        done = await self.press_plain(sight, chosen[0], "a subject is asked for")
        if done and page_of(self.s.page.url) != here:
            m.subject = page_of(self.s.page.url)
        if done and not chosen[0].href and page_of(self.s.page.url) == page_of(sight.page.url):
            # what it unfolds may ask on: it answers the press that led to this page
            m.reached_by, m.topics, m.fresh, m.pressed_at = by, topics, True, self.s.clock()
        return done
