"""Talking: saying one thing in the conversation in front, and waiting until the reply to it is finished.

A reply is finished when the conversation is quiet and shows no typing or streaming sign; no meaning is read here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Frame

from tohuman.results.events import Conversation, Wait

from . import deadlines as d
from .moments import Moments
from .rows import Bubble
from .session import Session, Uncounted
from .shopper import NotPressable, Shopper
from .sight import Control, Sight
from .transcript import Transcript
from .typist import Refused, echoes
from .vendors import recognise
from .walls import forms

#: Kinds of fields that may stand in a composer: they choose, and tell nothing of the person.
CHOICES = frozenset({"checkbox", "radio", "select", "file", "range"})


@dataclass
class Reply:
    """What came since the last turn, in order. `gone`: the conversation itself has vanished."""

    bubbles: list[Bubble] = field(default_factory=list)
    gone: bool = False
    begun: bool = False
    unfinished: bool = False
    seconds: float = 0.0


class Talk:
    """One conversation in one frame."""

    def __init__(self, shopper: Shopper, frame: Frame) -> None:
        self.shopper = shopper
        self.s: Session = shopper.s
        self.frame = frame
        self.moments = Moments(lambda text: self.s.says("moment", text))
        self.transcript = Transcript(self.s, lambda text: self.s.says("typing", text), self.s.contact)
        self.quiet = d.REPLY_QUIET.seconds
        self.hurried = False  # one choice of many: one that says nothing for a moment does not talk
        self.next_known = False  # a written way says what comes after the greeting
        self.last_change = 0.0
        self.choices_late = 0.0  # seconds by which choices were seen to come after the words they belong to
        self.event = 0
        self.dialogs: int | None = None  # how many stood beside the conversation when it was last looked at
        self.refused = -1  # how much had been heard when the box threw away what was typed
        self.unseen: list[tuple[Bubble, int]] = []  # sent, and no gesture was told; with the last one told before
        #: Does what was said so far answer something? What does not is waited on a little longer.
        self.complete: Callable[[list[Bubble]], bool] = lambda _: True
        #: Does it ask for a moment's patience, and say nothing else yet?
        self.patience: Callable[[list[Bubble]], bool] = lambda _: False

    def announce(self, sight: Sight) -> None:
        """Record that the conversation has begun."""
        if self.frame is not sight.page.main_frame:
            form = "iframe"
        else:
            form = "popup" if len([p for p in self.s.pages if not p.is_closed()]) > 1 else "same_page"
        self.event = self.s.emit(
            Conversation(
                state="begun",
                page=self.s.page_names.get(sight.page, ""),
                frame=self.frame.url if form == "iframe" else "",
                form=form,
                evidence="box" if sight.talk_box else "log",
            )
        )

    async def enter(self, sight: Sight) -> Reply:
        """Record that the conversation has begun and wait for what it says by itself."""
        self.announce(sight)
        await self.recognise(sight)
        view = await self.view()
        first = self.transcript.merge(view, first=True) if view else []
        reply = await self.wait(greeting=True)
        reply.bubbles = first + [b for b in reply.bubbles if b not in first]
        return reply

    async def recognise(self, sight: Sight) -> None:
        """Whose chat system this is, by the marks its vendor documents: they tell authors apart."""
        urls, ids = await self.shopper.marks(sight.page.main_frame, self.frame)
        found = recognise(urls, ids)
        if found:
            self.transcript.vendor = found[0]
            self.s.note("chat system recognised", vendor=found[0].id, certainty=found[0].certainty)

    async def view(self) -> dict[str, Any] | None:
        try:
            view = await self.shopper.talk(self.frame)
        except d.Overdue:
            return None
        return None if view is None else self.moments.without(view)

    async def refind(self) -> bool:
        """The widget may have rebuilt its frame; look for the conversation again in the page in front."""
        try:
            return await self.stands()
        except d.Overdue:
            return False

    async def stands(self) -> bool:
        """The same; a page that does not answer the look either is Overdue: nothing can be said about it."""
        sight = await self.shopper.look()
        if sight.talk_frame is None:
            return False
        self.frame = sight.talk_frame
        return True

    # ---- saying
    async def say(self, text: str) -> bool:
        """Send a typed message: one turn. False when the box is gone or nothing sent it. Raises Refused."""
        self.s.afford(turn=True)
        counted, before = self.shopper.counted, 0
        try:
            before = echoes(await self.view(), text)
            sent = await self.shopper.type_message(self.frame, text, before) or await self._press_send(text)
        except Refused:
            self.refused = self.heard()
            raise
        except d.Overdue:
            sent = await self.shopper.sent_late(self.frame, text, before)
            # an empty box may never have been filled: the counter knows whether anything was sent
            sent = sent and (self.s.counter is None or bool(await self.shopper.gesture(counted)))
        if not sent:
            return False
        gesture = await self.shopper.gesture(counted)
        bubble = self.transcript.said(text, gesture, typed=True)
        if not gesture and self.s.counter is not None:
            self.unseen.append((bubble, counted))
        return True

    def heard(self) -> int:
        """How many messages have come from the other side."""
        return sum(b.author != "consumer" for b in self.transcript.bubbles)

    @property
    def locked(self) -> bool:
        """Has the box thrown away what was typed since the other side spoke last?"""
        return self.refused == self.heard()

    def check_counted(self) -> None:
        """A turn that nobody counted is worse than none: a message that was sent without a gesture ends the run."""
        for bubble, counted in self.unseen:
            if bubble not in self.transcript.awaiting and self.shopper.counted == counted:
                raise Uncounted(f"the message “{bubble.text[:60]}” was sent and the counter saw nobody send it")

    async def _press_send(self, text: str) -> bool:
        handle = await self.shopper.box(self.frame)
        if handle is None:
            return False
        before = echoes(await self.view(), text)
        await self.shopper.retype(handle, text)
        sight = await self.shopper.look()
        # what sends a form with values of its own sends no message of a chat
        letters = {id(c) for form in forms(sight) if form.kinds() - CHOICES for c in form.submits}
        near = [
            c
            for c in sight.controls
            if c.frame is self.frame and c.place in ("toolbar", "box") and not c.disabled and id(c) not in letters
        ]
        says = [c for c in near if self.s.says("send", c.name) or c.submit]
        for control in (says or sorted(near, key=lambda c: -(c.x + c.w)))[:3]:
            try:
                await self.shopper.press(control)
            except NotPressable:
                continue
            if await self.shopper.sent(self.frame, text, before):
                return True
        return False

    async def choose(self, control: Control) -> bool:
        """Press an option offered in the conversation: one turn."""
        effect = await self.shopper.press(control)
        if control.place != "outside":
            self.transcript.said(control.shown or control.name, effect.gesture)
        return True

    # ---- listening
    def choices_due(self, bubbles: list[Bubble]) -> bool:
        """Does the reply end in a question, or in nothing yet, with nothing to choose below it?"""
        last = next((b for b in reversed(bubbles) if b.author != "consumer"), None)
        if last is None or last.options:
            return False
        return last.text.rstrip().endswith(("?", "？", "؟")) or not self.complete(bubbles)

    def only_titled(self) -> bool:
        """Is all that stands one line without a choice? It may be the conversation's own title («ask Lin anything»)."""
        stands = self.transcript.bubbles
        return len(stands) == 1 and stands[0].history and not stands[0].options

    async def wait(self, *, greeting: bool = False, seconds: float | None = None) -> Reply:
        """Collect the reply until it is finished. `seconds`: watch exactly that long instead (method 4a)."""
        reply = Reply()
        clock = self.s.clock
        begun = clock()
        last_new = last_words = heard = silent = begun  # heard: by the page at all; silent: by those who talk
        missing = 0
        back = False  # the page came back once after it had been too busy to be read
        seen: set[int] = set()
        asked = self.dialogs  # what stood beside the conversation before the turn: one may come within the moment
        standing = greeting and bool(self.transcript.bubbles)
        pace = 0.0  # seconds its parts of a greeting were seen to come apart
        apart = 0.0  # seconds its parts came apart, whatever moved meanwhile

        def quiet() -> float:
            if greeting:
                known = self.next_known
                if self.complete(reply.bubbles):  # one that asks or offers a choice by now has come to its point
                    limit = d.GREETING_KNOWN if known else d.GREETING_QUIET
                else:
                    limit = d.GREETING_PACED if known and pace else d.GREETING_QUIET if pace else d.GREETING_OPEN
                return max(self.quiet, min(2.0, pace * 1.3 + 0.15), limit.seconds)
            if self.choices_late and self.choices_due(reply.bubbles):
                return max(self.quiet, min(d.CHOICES_LATE.seconds, self.choices_late * 1.2 + 0.7))
            if self.complete(reply.bubbles):
                return self.quiet
            return max(self.quiet, (d.REPLY_PATIENT if self.patience(reply.bubbles) else d.REPLY_OPEN).seconds)

        start_pages = len(self.s.pages)
        while True:
            now = clock()
            view = await self.view()
            if view is None:
                missing += 1
                if missing > 6 and not await self.refind():
                    reply.gone = True
                    break
                await asyncio.sleep(d.POLL.seconds * 2)
                if now - heard > d.REPLY.seconds:
                    # a page too busy to be read is no conversation that left it
                    if back or not await self.stands():
                        reply.gone = True
                        break
                    back, heard = True, clock()
                continue
            if missing:
                silent = now  # nobody knows what was said while the page did not answer
            missing, heard = 0, now
            asked = view["dialogs"] if asked is None else min(asked, view["dialogs"])
            self.dialogs = view["dialogs"]
            fresh = self.transcript.merge(view)
            for b in fresh:
                if b not in reply.bubbles and not b.history:
                    reply.bubbles.append(b)
            typing = self.transcript.typing(view)
            if self.transcript.belated:
                self.choices_late = max(self.choices_late, now - last_new)
                self.transcript.belated = False
            if fresh and standing and any(id(b) not in seen for b in fresh):
                pace = max(pace, now - last_new)
            if fresh and reply.begun and any(id(b) not in seen for b in fresh):
                # this bot pauses between the bubbles of one answer: wait as long for the next
                self.quiet = min(2.0, max(self.quiet, (now - last_new) * 1.3 + 0.15))
            if seen and any(id(b) not in seen for b in fresh):
                apart = max(apart, now - last_words)
            standing = standing or (greeting and bool(fresh))
            seen.update(id(b) for b in fresh)
            if fresh or typing:
                last_new = now if fresh or now - last_words < d.RESTLESS.seconds else last_new
                last_words = now if fresh else last_words
                patience = 3.0 if greeting else 4.0 if reply.bubbles else d.RESTLESS.seconds
                if typing and now - last_words >= patience:
                    # it moves and says nothing: decoration, not work
                    self.transcript.decor.update(view["moving"])
                    typing = False
                    # what stood for «I am writing» did not: the pauses were pauses
                    self.quiet = max(self.quiet, min(2.0, apart * 1.3 + 0.15)) if apart else self.quiet
                reply.begun = True
                if fresh:
                    self.last_change = now
            if seconds is not None:
                if now - begun >= seconds:
                    break
            elif view["dialogs"] > asked and not reply.bubbles and not typing and now - begun >= self.quiet:
                break  # the answer is a question in a dialog
            elif len(self.s.pages) != start_pages or (reply.bubbles and not typing and now - last_new >= quiet()):
                break
            elif not reply.bubbles and not typing:
                # nothing yet: wait longer while anything is under way
                limit = (
                    3.0
                    if greeting
                    else d.REPLY.seconds
                    if self.s.under_way(d.REPLY.seconds)
                    else d.CHOICE_SILENT.seconds
                    if self.hurried
                    else d.REPLY_SILENT.seconds
                )
                if greeting and self.transcript.bubbles:
                    limit = quiet()
                    if self.only_titled() and not self.next_known:
                        limit = max(limit, d.GREETING_OPEN.seconds)
                if now - max(silent, self.s.last_answer_at if greeting else silent) >= limit:
                    break
            elif now - begun >= d.REPLY_WHOLE.seconds:
                reply.unfinished = True
                break
            await asyncio.sleep(d.POLL.seconds)
        self.transcript.flush()
        self.check_counted()
        # half-drawn and taken back: nobody read anything there
        reply.bubbles = [b for b in reply.bubbles if b.text or not b.gone]
        reply.seconds = max(0.0, self.last_change - begun) if reply.bubbles else 0.0
        if reply.bubbles:
            await self.shopper.picture(reply.bubbles[-1].event)
        if reply.bubbles and not greeting and seconds is None:
            self.s.emit(Wait(kind="bot", seconds=round(reply.seconds, 3)))
        return reply
