"""Steps of a written way that are taken on the page: pressing, searching, filling a form before the chat.

A step that finds nothing is `broken`, with what stands there now; nothing is guessed. The conversation's steps, and how
a way ends, are informed.py's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from tohuman.results.vocabulary import Signal

from . import deadlines as d
from .alike import norm
from .around import sights
from .asked import choose_listed, open_lists
from .choosing import CHATS, Scored
from .conversation import Conversation
from .ends import End
from .forms import fill_prechat
from .meant import Step, fitting, names, names_field
from .naive import MAX_MISSES, Naive
from .obstacles import clear
from .protocol import SURE
from .reading import Reading as Read
from .rows import Bubble
from .session import Session
from .shopper import Effect, NotPressable, Shopper
from .sight import Control, Sight
from .talking import Reply
from .walls import Form, forms


class Broken(Exception):
    """The written way does not fit: `step` (from 1) and what stands there now."""

    def __init__(self, step: int, what: str, now: list[str]) -> None:
        super().__init__(what)
        self.step, self.now = step, now


class Undone(Exception):
    """The way may still fit, but the page was too busy to take a press or a message."""


class OnPage(ABC):
    """`conversation`: the one that stands here, once it has been begun; `heard`: what its last reply said."""

    def __init__(self, shopper: Shopper, way: list[Step]) -> None:
        self.shopper, self.way = shopper, way
        self.s: Session = shopper.s
        self.judge = Naive(shopper)
        self.conversation: Conversation | None = None
        self.reply: Reply | None = None
        self.heard: list[tuple[Bubble, Read, int]] = []
        self.end: End | None = None
        self.patience = d.REPLY.seconds  # how long a control that a step names may be in coming
        self.going_on = False  # what is said or pressed next is known
        self.submits: set[str] = set()  # names of the submit controls of a form that has been filled and sent

    @property
    def done(self) -> bool:
        return self.judge.done

    @abstractmethod
    async def converse(self, number: int) -> Conversation:
        """The conversation that stands here, begun and heard out if it was not yet."""

    @abstractmethod
    async def digest(self, result: Reply | End) -> None:
        """Read the reply to a step; a terminal signal ends the walk whatever steps are left."""

    @abstractmethod
    async def wait_for(self, number: int, step: Step) -> None:
        """Wait for the conversation, the reply in progress, or a control. Raises Broken."""

    async def linger(self) -> None:
        """Look at the first page as long as one who sees it for the first time: overlays come by then."""
        end = self.s.clock() + d.LAUNCHER.seconds
        while self.s.clock() < end:
            await self.shopper.pause()
        await self.shopper.rest()

    async def look(self) -> Sight:
        own = self.judge.m.before() if self.judge.m.reached_by is not None else None
        return await clear(self.shopper, await self.shopper.look(), own=own)

    # ---- pressing
    async def press(self, number: int, step: Step) -> None:
        if norm(str(step.get("name", ""))) in self.submits:
            self.submits = set()
            return  # the form was sent when its first field was filled
        sight = await self.look()
        control = fitting(sight, step, talking=self.conversation is not None)
        if control is None and self.conversation is None:
            control, sight = await self.search_around(sight, step)
        if control is None:
            await self.wait_for(number, {**step, "what": "control"})
            sight = await self.look()
            control = fitting(sight, step, talking=self.conversation is not None)
        if control is None:
            raise Broken(number, f"there is no {step['role']} “{step['name']}”", names(sight))
        m = self.judge.m
        if control.place != "outside":
            conversation = await self.converse(number)
            if not self.done:
                control = await self.at_rest(control, step)
            if not self.done and self.conversation is not None:
                await self.digest(
                    await conversation.press(control, "way", f"step {number}", human=self.asks_person(control.label))
                )
            return
        m.lines, m.overlays = sight.lines(), {o.key() for o in sight.overlays}
        m.stood = {c.key() for c in sight.controls}
        effect = await self.get_at(number, step, control, sight)
        m.gesture = effect.gesture or m.gesture
        m.reached_by = Scored(control, "contact", 0.0)
        if effect.moved or effect.popup:
            self.conversation = None
        elif self.conversation is not None:  # the page's own button may speak in the conversation
            self.conversation.state.asked_person += self.asks_person(control.label)
            await self.digest(await self.conversation.talk.wait())

    async def search(self, number: int, step: Step) -> None:
        """Ask the page's own search for the scenario, or for fixed words. Raises Broken: there is no such field."""
        lines = self.s.reader.lines(self.s.locale)
        text = str(step.get("text") or lines.scenarios.get(self.s.scenario) or lines.scenarios["general"])
        late = self.s.clock() + self.patience
        while True:
            sight = await self.look()
            box = next((f for f in sight.fields if f.search and not f.disabled and names_field(f, step)), None)
            if box is not None or self.s.clock() >= late:
                break
            await self.shopper.pause()
        m = self.judge.m
        m.lines, m.overlays = sight.lines(), {o.key() for o in sight.overlays}
        effect = None if box is None else await self.shopper.search(box, text)
        if effect is None:
            raise Broken(number, f"there is no search field “{step['name']}” that takes a text", names(sight))
        m.gesture, m.reached_by = effect.gesture or m.gesture, None
        if effect.moved or effect.popup:
            self.conversation = None

    async def at_rest(self, control: Control, step: Step) -> Control:
        """A choice that no reply has shown yet came this moment: the log still moves under it, and the words that came
        with it are no answer to its press."""
        if any(norm(o) == norm(control.label) for b, _, _ in self.heard for o in b.options):
            return control
        assert self.conversation is not None
        late = await self.conversation.talk.wait(seconds=d.QUIET.seconds)
        if late.bubbles:
            await self.digest(late)
        return fitting(await self.look(), step, talking=True) or control

    async def get_at(self, number: int, step: Step, control: Control, sight: Sight) -> Effect:
        """Press what the step means, after closing what lies over it. Raises Broken: it stays covered; Undone: the page
        takes no press, though nothing lies over it."""
        covered = False
        for _ in range(2 if self.shopper.hasty else MAX_MISSES):
            try:
                effect = await self.shopper.press(control)
                if effect.gesture or effect.changed:
                    return effect
                why, e = f"“{control.label[:80]}” could not be pressed", None
            except NotPressable as told:
                why, e = str(told).rstrip("."), told
                if e.covered and covered:
                    break
                covered = covered or e.covered
            again = fitting(await clear(self.shopper, await self.shopper.look(), blocking=covered), step, talking=False)
            if again is None:
                raise Broken(number, why, names(sight)) from e
            control = again
        if covered:
            raise Broken(number, why, names(sight)) from e
        raise Undone(why)

    async def search_around(self, sight: Sight, step: Step) -> tuple[Control | None, Sight]:
        """What is not in sight may come in a moment, by scrolling, or with the pointer on a menu: none is a click."""
        late = self.s.clock() + d.LAUNCHER.seconds
        while self.s.clock() < late:
            await self.shopper.pause()
            sight = await self.look()
            control = fitting(sight, step, talking=False)
            if control is not None:
                return control, sight
        async for other in sights(self.shopper, sight):
            control = fitting(other, step, talking=False)
            if control is not None:
                return control, other
        return None, sight

    def asks_person(self, label: str) -> bool:
        """Does pressing this ask for a person: by its words, or because the last message asked whether to connect?"""
        r = self.s.reader.control(label, self.s.locale)
        if r.signal == "ask_human" and r.certainty >= SURE:
            return True
        return bool(self.heard) and self.heard[-1][1].signal == Signal.HANDOFF_OFFER

    async def fill(self, number: int, step: Step) -> None:
        """Fill the pre-chat form the field stands in, whole, and send it; its other steps are then walked already.

        A list that a contact page asks by is answered alone."""
        if self.submits:
            return
        sight = await self.look()
        if step.get("contact") == "topic" and await choose_listed(
            self.shopper, sight, self.judge.m.filled, str(step["name"])
        ):
            after = await self.look()
            if not any((f.frame, f.id) not in self.judge.m.filled for f, _ in open_lists(after)):
                await self.judge.something_comes(after)  # what the last list leads to
            return
        form = self.form_with(sight, step)
        if form is None:
            for _ in range(20):
                await self.shopper.pause()
                form = self.form_with(sight := await self.look(), step)
                if form is not None:
                    break
        if form is None:
            raise Broken(number, f"there is no field “{step['name']}”", [f.label for f in sight.fields])
        self.judge.m.lines = sight.lines()
        by = self.judge.m.reached_by
        promised = by is not None and self.s.reader.control(by.control.label, self.s.locale).signal in CHATS
        if form.fields[0].place in ("log", "between"):
            promised = promised or (
                self.conversation.begins(form)
                if self.conversation is not None
                else any(self.s.says("start_chat", c.name) for c in form.submits)
            )
        gesture = await fill_prechat(self.shopper, sight, form, promised=promised)
        if gesture is None:
            raise Broken(number, "the form asks for more than name, e-mail and topic", [f.label for f in form.fields])
        self.judge.m.gesture = self.judge.m.sent = gesture or self.judge.m.gesture
        self.submits = {norm(c.label) for c in form.submits}
        if self.conversation is not None and form.fields[0].place in ("log", "between"):
            self.conversation.state.form_filled = True
            await self.digest(await self.conversation.talk.wait())

    def form_with(self, sight: Sight, step: Step) -> Form | None:
        name = norm(str(step["name"]))
        named = [f for f in forms(sight) if any(name in norm(x.label) for x in f.fields)]
        # who wrote the way may have named the field by the example in it, as programs that read aloud do
        named += [f for f in forms(sight) if any(x.hint and name in norm(x.hint) for x in f.fields)]
        return next(iter(named), None)
