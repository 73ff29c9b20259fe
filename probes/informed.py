"""The informed policy: walks a written way step by step, as a platform file gives it (schema_steps.py).

A step that finds nothing is `broken`, with what stands there now; nothing is guessed. After the last step the same
judging as everywhere decides how the run ended.
"""

from __future__ import annotations

from tohuman.results.events import Failure, Finding, Note, Spent
from tohuman.results.vocabulary import Outcome, Signal

from . import deadlines as d
from .alike import norm
from .around import sights
from .asked import choose_listed, open_lists
from .choosing import CHATS, Scored
from .conversation import Conversation
from .ends import End
from .forms import fill_prechat
from .lingering import adopt_box
from .meant import Step, fitting, names, names_field
from .naive import MAX_MISSES, Naive
from .obstacles import clear
from .options import entries
from .protocol import SURE
from .reading import Reading as Read
from .rows import Bubble
from .session import Session, Spend
from .shopper import Effect, NotPressable, Shopper, Unreachable
from .sight import Control, NotSeen, Sight
from .talking import Reply, Talk
from .typist import Refused
from .walls import Form, forms, judge


class Broken(Exception):
    """The written way does not fit: `step` (from 1) and what stands there now."""

    def __init__(self, step: int, what: str, now: list[str]) -> None:
        super().__init__(what)
        self.step, self.now = step, now


class Undone(Exception):
    """The way may still fit, but the page was too busy to take a press or a message."""


class Informed:
    """Walks `way` (a list of step objects). `run` leaves findings and failures in the journal.

    `take` walks one step; `end` is how the conversation ended, None as long as it has not.
    """

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

    async def run(self, url: str) -> None:
        s = self.s
        try:
            await self.shopper.open(url)
            for number, step in enumerate(self.way, 1):
                await self.take(number, step)
                if self.done:
                    return
            await self.close()
        except Broken as e:
            s.emit(Note(text="what stands there now", data={"step": e.step, "controls": e.now[:40]}))
            s.emit(
                Failure(
                    outcome="broken",
                    reason="step_not_found",
                    sentence=f"Step {e.step} of the written way no longer fits: {e}.",
                    step=str(e.step),
                )
            )
        except Undone as e:
            sentence = f"{e} on {s.page.url[:200]}; where it leads is not known."
            s.emit(Failure(outcome="unavailable", reason="undone", sentence=sentence, step="pressing"))
        except Unreachable as e:
            s.emit(
                Failure(
                    outcome="blocked" if e.reason.startswith("blocked") else "unavailable",
                    reason=e.reason,
                    sentence=str(e),
                    step="opening",
                )
            )
        except Spend as e:
            s.emit(Spent(which=e.which))  # type: ignore[arg-type]
        except NotSeen as e:
            s.emit(Failure(outcome="unavailable", reason="no_document", sentence=f"{e}.", step="looking"))
        except d.Overdue as e:
            s.emit(
                Failure(
                    outcome="unavailable",
                    reason="hung",
                    sentence=f"The page stopped answering ({e}).",
                    step=e.limit.where,
                )
            )

    async def take(self, number: int, step: Step) -> None:
        """Walk one step. Raises Broken."""
        do = step["do"]
        self.going_on = do in ("say", "press")
        if do == "open" and step.get("linger"):
            await self.linger()
        if do == "press":
            await self.press(number, step)
        elif do == "search":
            await self.search(number, step)
        elif do == "say":
            await self.say(number, step)
        elif do == "fill":
            await self.fill(number, step)
        elif do == "wait_for":
            await self.wait_for(number, step)
        elif do == "back":
            await self.shopper.back()
            self.conversation = None
        if do != "fill" and self.submits and do != "press":
            self.submits = set()
        self.going_on = False

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

    # ---- talking
    async def converse(self, number: int) -> Conversation:
        """The conversation that stands here, begun and heard out if it was not yet."""
        if self.conversation is None:
            sight = await adopt_box(self.shopper, await self.look(), promised=self.judge.m.reached_by is not None)
            if sight.talk_frame is None:
                await self.wait_for(number, {"do": "wait_for", "what": "box"})
                sight = await adopt_box(self.shopper, await self.look(), promised=self.judge.m.reached_by is not None)
            if sight.talk_frame is None:
                raise Broken(number, "no conversation stands here", names(sight))
            conversation = Conversation(self.shopper, Talk(self.shopper, sight.talk_frame), set())
            self.conversation = conversation
            conversation.state.after_form = bool(self.judge.m.sent) and self.judge.m.sent == self.judge.m.gesture
            conversation.talk.next_known = self.going_on
            self.reply = await conversation.begin(sight)
            self.heard = conversation.read(self.reply.bubbles)
            conversation.last = self.heard
            await self.settle(await conversation.digest(self.heard, self.reply, True))
            return conversation
        return self.conversation

    async def say(self, number: int, step: Step) -> None:
        conversation = await self.converse(number)
        if self.done:
            return
        lines, st = conversation.lines, conversation.state
        before = st.asked_person
        if step.get("scenario"):
            text = lines.scenarios.get(self.s.scenario) or lines.scenarios["general"]
            st.scenario_said = True
        elif step.get("contact"):
            text = conversation.tell_who(str(step["contact"]))
        elif step.get("ladder"):
            text = lines.ladder[(int(step["ladder"]) - 1) % len(lines.ladder)]
            st.asked_person += 1
            st.lines_said += 1
            st.wordings.add(text)
        else:
            text = str(step["text"])
            chosen = next((label for b, _, _ in self.heard for key, label in entries(b.text) if key == text), None)
            if (chosen is None and text != lines.not_helped) or (chosen and self.asks_person(chosen)):
                st.asked_person += 1
        st.asked_now = st.asked_person > before
        try:
            said = await conversation.say(text, "way", f"step {number}")
        except Refused:
            raise Broken(number, "the message box takes no text now", names(await self.look())) from None
        await self.digest(said)

    async def digest(self, result: Reply | End) -> None:
        """Read the reply to a step; a terminal signal ends the walk whatever steps are left."""
        conversation = self.conversation
        if conversation is None:
            return
        if isinstance(result, End):
            if self.s.undone:
                raise Undone(self.s.undone)
            await self.settle(result)
            return
        self.reply = result
        self.heard = conversation.read(result.bubbles)
        conversation.last = self.heard or conversation.last
        conversation.state.without = ""  # whatever was demanded before has been answered
        end = await conversation.digest(self.heard, result, False)
        if end is None and result.gone:
            end = await conversation.vanished()
        if end is None:
            end = conversation.looped(result, False)
        if end is None:
            end = conversation.behind(await self.shopper.look())
        await self.settle(end)

    async def settle(self, end: End | None) -> None:
        """Take note of how a conversation ended, if it did."""
        if end is None:
            return
        if end.how == "moved":
            self.conversation = None
            self.judge.promised = True
            return
        if end.how == "silent":
            self.s.emit(Finding(finding="wall", outcome=Outcome.DEAD_END.value, text="nothing was answered"))
            end = End("silent", Outcome.DEAD_END)
        self.end = end
        self.judge.done = True

    # ---- waiting and the end of the way
    async def wait_for(self, number: int, step: Step) -> None:
        what = step.get("what", "control")
        limit = self.s.clock() + (self.patience if what == "control" else d.REPLY.seconds)
        while self.s.clock() < limit:
            sight = await self.look()
            if what in ("conversation", "box"):
                sight = await adopt_box(self.shopper, sight, promised=self.judge.m.reached_by is not None)
                if sight.talk_frame is not None:
                    if what == "conversation":
                        await self.converse(number)
                    return
            elif what == "reply" and self.conversation is not None:
                await self.digest(await self.conversation.talk.wait())
                return
            elif what == "control" and fitting(sight, step, talking=self.conversation is not None) is not None:
                return
            await self.shopper.pause()
        if step.get("do") == "wait_for" and what != "box":
            raise Broken(number, f"waited in vain for the {what}", names(await self.shopper.look()))

    async def close(self) -> None:
        """The way is walked to its end and nothing terminal was said: what stands there now decides."""
        sight = await self.look()
        if self.conversation is None:
            promised = self.judge.m.reached_by is not None
            sight = await adopt_box(self.shopper, sight, promised=promised)
            if promised and sight.talk_frame is None and not judge(self.s, sight, self.judge.m.lines, contact=True):
                await self.judge.something_comes(sight)  # a heavy page is empty for seconds
                sight = await adopt_box(self.shopper, await self.look(), promised=True)
            if sight.talk_frame is not None:
                await self.converse(len(self.way))
                if self.done:
                    return
        before = len(self.judge.m.walls)
        self.judge.notice_walls(sight)
        if len(self.judge.m.walls) > before:
            return
        last = self.way[-1] if self.way else {"do": "open"}
        if last["do"] == "open" or last.get("ends") == Outcome.DEAD_END.value:
            # the shortest way where nothing leads anywhere: to look where a contact was promised and find none
            self.s.emit(Finding(finding="no_way_left", of=[self.judge.m.gesture] if self.judge.m.gesture else []))
            return
        raise Broken(len(self.way), "the way ends without a person or a wall", names(sight))
