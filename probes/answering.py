"""The moves of a conversation: say a line, press a control in it, choose from a menu, fill a card.

Which of them is made when is conversation.py's business; typing and waiting for the reply are talking.py's.
"""

from __future__ import annotations

from collections import Counter as Tally

from tohuman.results.events import FormField, Step
from tohuman.results.vocabulary import Gate, Signal

from .alike import norm
from .ends import End
from .forms import fill_prechat, is_prechat
from .gates import NAMED
from .hearing import QUESTION, QUEUE_STATED, Hearing
from .obstacles import clear, kind_of
from .options import LEADS, denies, entries, means_other, numbered, pick_category
from .protocol import SURE
from .reading import Reading as Read
from .rows import Bubble
from .shopper import NotPressable, Shopper
from .sight import Control, Sight
from .talking import Reply, Talk
from .walls import Form, forms

#: Gates that ask for a value, where others ask for what one is or has done.
DEMANDS = (Gate.ORDER, Gate.IDENTITY, Gate.PHONE)
#: What speaks of an answer by letter, or of nobody being there: then who one is, is asked for another reason.
LETTERS = (Signal.MESSAGE_FORM, Signal.PROMISE, Signal.CLOSED, Signal.NO_HUMAN, Signal.DIVERTED)
#: What of who one is may be told.
WHO = ("name", "email")
#: Share of the view a dialog takes at least that says by no role what it is.
LEAST_DIALOG = 0.03


class Answering(Hearing):
    """What can be done in a conversation, each move with the reply it brings."""

    def __init__(self, shopper: Shopper, talk: Talk, tried: set[str]) -> None:
        super().__init__(shopper.s, talk, tried)
        self.shopper = shopper
        self.lines = self.s.reader.lines(self.s.locale)
        self.last: list[tuple[Bubble, Read, int]] = []

    async def say(self, text: str, rule: str, why: str) -> Reply | End:
        self.s.emit(Step(state="talking", rule=rule, action="say", detail=why))
        # when the box went away or is dead: look once more, else nothing can be said here
        if await self.talk.say(text) or (await self.talk.refind() and await self.talk.say(text)):
            self.s.undone = ""
            return await self.talk.wait()
        self.can_type = False
        if (await self.shopper.look()).talk_box:
            self.s.undone = "A message could not be sent"  # the box stands there: the page is too busy to take it
        return End("moved")

    async def press(self, control: Control, rule: str, why: str, *, human: bool = False) -> Reply | End:
        self.s.emit(Step(state="talking", rule=rule, action="press", detail=f"{control.label[:80]}: {why}"))
        self.state.tried.add(norm(control.label))
        pages, address = len(self.s.pages), self.s.page.url
        try:
            try:
                await self.talk.choose(control)
            except NotPressable as e:
                if not e.covered:
                    raise
                await clear(self.shopper, await self.shopper.look())
                await self.talk.choose(control)
        except NotPressable as e:
            self.s.note("not pressable", control=control.label[:120], why=str(e)[:200])
            return await self.talk.wait(seconds=0.3)
        if human:
            self.state.asked_person += 1
            self.state.pressed_human = self.s.counter.last if self.s.counter else 0
        if len(self.s.pages) != pages or self.s.page.url.split("#")[0] != address.split("#")[0]:
            await self.shopper.rest()
            return End("moved")
        return await self.talk.wait()

    async def not_helped(self, options: list[Control], read: list[tuple[Bubble, Read, int]]) -> Reply | End:
        self.state.helped_said += 1
        for c in options:
            if denies(self.s, c.label):
                return await self.press(c, "4", "it did not help")
        if self.can_type:
            menu = [entry for b, _, _ in reversed(read) for entry in entries(b.text)]
            key = next((key for key, label in menu if denies(self.s, label)), "")
            if key:
                return await self.say(key, "4", "it did not help, of a numbered menu")
        offered = {norm(o) for o in read[-1][0].options} if read else set()
        pair = [c for c in options if norm(c.name) in offered]
        if len(pair) == 2:
            return await self.press(pair[-1], "4", "it did not help: the second of two answers")
        if self.can_type and self.state.helped_said <= 1:
            return await self.say(self.lines.not_helped, "4", "it did not help")
        return await self.talk.wait(seconds=0.3)

    def options(self, sight: Sight) -> list[Control]:
        """What can be chosen in the conversation now: what its messages offered, and the strip above the box, be it of
        buttons or of words alike that only listen for presses."""
        offered = {norm(o) for b in self.talk.transcript.bubbles for o in b.options}
        named = [
            c
            for c in sight.controls
            if c.place in ("log", "between") and not (c.disabled or c.textless) and 0 < len(c.name) <= 80
        ]
        strip = [c for c in named if c.place == "between"]
        chips = Tally((c.tag, round(c.h)) for c in strip if c.role not in ("button", "link"))
        return [
            c
            for c in named
            if norm(c.name) in offered
            or (c in strip and (c.role in ("button", "link") or chips[c.tag, round(c.h)] > 1))
        ]

    def answers(self, last: Bubble, options: list[Control]) -> list[Control]:
        """What the last message is answered by: its own choices, or those that came with it above the box."""
        own = {norm(o) for o in last.options}
        strip = {norm(c.label) for c in options if c.place == "between"}
        came, self.state.strip = strip - self.state.strip, strip
        return [c for c in options if norm(c.label) in (own or came)]

    async def category(
        self, options: list[Control], read: list[tuple[Bubble, Read, int]], *, any_left: bool = False
    ) -> Reply | End | None:
        """Rule 2: nearest to «other / not listed», never the same twice. None: nothing to choose from."""
        st = self.state
        shown = {norm(o) for b, _, _ in (read or self.last) for o in b.options}
        typed = {norm(b.text) for b in self.talk.transcript.bubbles if b.author == "consumer" and b.typed}
        options = [c for c in options if norm(c.label) not in typed]  # the consumer's own words are no choice
        candidates = [
            c for c in options if norm(c.label) not in st.tried and (any_left or not shown or norm(c.label) in shown)
        ]
        # a question in a card may be answered by the choices below the log, when one of them says «other»
        below = [c for c in options if c.place == "between" and norm(c.label) not in st.tried and c not in candidates]
        candidates += [c for c in below if means_other(self.s, c)]
        control = pick_category(self.s, candidates, leaving=any_left)
        if control is not None:
            # «chat with customer service», chosen in a conversation with a bot, asks for those behind it
            st.asked_person += self.s.reader.control(control.label, self.s.locale).signal in LEADS
            return await self.press(control, "2", "a category is asked for")
        if self.can_type:
            for b, _, _ in reversed(read):
                choice = numbered(self.s, b.text, st.tried)
                if choice is not None:
                    key, label, human = choice
                    st.tried.add(norm(label))
                    if human:
                        st.asked_person += 1
                    return await self.say(key, "1" if human else "2", f"“{label[:60]}” of a numbered menu")
        return None

    def confirmation(self, sight: Sight) -> Control | None:
        """What is to be pressed in a dialog that came over the conversation: what agrees to being connected, or one of
        the things one may have come for; once each dialog, and where it stands on after a choice, what goes on."""
        s, st = self.s, self.state
        for i, overlay in enumerate(sight.overlays):
            if not (overlay.modal or overlay.dialog or overlay.share > LEAST_DIALOG):
                continue
            key = overlay.key()
            inside = [c for c in sight.controls if c.overlay == i and c.place == "outside" and c.name]
            if not st.asked_person or not inside or key in st.dialogs:
                continue
            agree = [c for c in inside if s.reader.control(c.name, s.locale).signal == "ask_human"]
            agree += [c for c in inside if s.says("yes", c.name) or s.says("start_chat", c.name)]
            # a dialog that takes the focus bears its title's words: what is a button stands before it
            agree.sort(key=lambda c: c.tag not in ("button", "a", "input") and c.role not in ("button", "link"))
            left = [c for c in inside if not s.says("no", c.name) and not s.says("close", c.name)]
            said = self.said_of(overlay.text[:400])
            if s.reader.control(overlay.text[:200], s.locale).signal == "ask_human" or Signal.HANDOFF_OFFER in said:
                st.dialogs.add(key)
                # of words that say neither, the last: the one to go on with stands at the end
                return next(iter([*agree, *reversed(left)]), None)
            asks = Signal.ASKS_CATEGORY in said or any(r.signal == Signal.ASKS_CATEGORY for _, r, _ in self.last)
            choices = [c for c in left if c not in agree and not c.textless]
            mark = (overlay.name, overlay.tokens)
            if asks and len(choices) > 1 and mark not in st.stood and not kind_of(s, overlay):
                if st.chosen == mark:
                    st.dialogs.add(key)
                    return agree[-1] if agree else None
                st.chosen = mark
                return pick_category(s, choices)
        return None

    def said_of(self, text: str) -> set[str]:
        """All that is read in a text."""
        r = self.s.reader.notice(text, self.s.locale)
        return {x.signal for x in (r, *r.also)}

    def without(self, sight: Sight) -> Control | None:
        """The answer by which what was demanded is gone without: «I have no order», «something else»."""
        beside = {i for i, o in enumerate(sight.overlays) if o.modal or o.dialog or o.share > 0.2}
        bubbles = self.talk.transcript.bubbles
        offered = {norm(o) for b in bubbles for o in b.options}
        said = {norm(b.text) for b in bubbles if b.author == "consumer" and b.text}
        for c in sight.controls:
            # a message may listen for presses too: of what stands in the log only what was offered answers
            here = c.place == "between" or c.overlay in beside or (c.place == "log" and norm(c.name) in offered)
            if not here or c.disabled or (c.covered and c.place != "log") or not c.name or len(c.name) > 80:
                continue
            if norm(c.label) in self.state.tried or any(norm(c.name).endswith(text) for text in said):
                continue
            if self.s.says("other_option", c.name) or (self.s.says("no", c.name) and not self.s.says("close", c.name)):
                return c
        return None

    async def only_busy(self, b: Bubble, r: Read) -> bool:
        """«My colleagues are busy just now», says a bot one can write on to: nobody waits by that alone."""
        bare = r.signal == Signal.QUEUED and r.certainty < QUEUE_STATED and not self.state.queued
        return bare and b.author == "bot" and self.state.bot_known and (await self.shopper.look()).talk_box

    def asked_before(self, rest: list[tuple[Bubble, Read, int]], sight: Sight) -> bool:
        """Does the same reply ask something after its offer that can be answered or gone without: a name, an order, one
        of several choices?"""
        if self.who_asked(rest) or self.choice_asked(rest):
            return True
        return self.demanded(rest) and self.without(sight) is not None

    def demanded(self, read: list[tuple[Bubble, Read, int]]) -> bool:
        """Do these words ask for a value that no visitor of ours has?"""
        return any(x.signal == Signal.GATED and x.values.get("gate", "") in DEMANDS for _, x, _ in read)

    def choice_asked(self, rest: list[tuple[Bubble, Read, int]]) -> bool:
        """Do the last words ask, with several choices below them, something else than whether it helped?"""
        if not rest:
            return False
        b, r, _ = rest[-1]
        asks = r.signal == Signal.ASKS_CATEGORY or (r.signal == Signal.OTHER and b.text.rstrip().endswith(QUESTION))
        rates = any(self.s.says("rating", text) for text in (b.text, *b.options))
        return asks and not rates and len({norm(o) for o in b.options} - self.state.tried) > 1

    def shown_to_choose(self, b: Bubble) -> bool:
        """Do several choices stand below a message, in it or in what came after it?"""
        bubbles = self.talk.transcript.bubbles
        after = bubbles[bubbles.index(b) :] if b in bubbles else [b]
        chosen = [o for x in after for o in x.options if norm(o) not in self.state.tried]
        self.state.choose = len(chosen) > 1
        return self.state.choose

    def who_asked(self, read: list[tuple[Bubble, Read, int]]) -> str:
        """What of who one is the last words ask to be written: «name», «email», «both»; '' for what has been told, for
        a choice, and where something is wanted beside that no visitor of ours may give."""
        if not read or read[-1][0].options:
            return ""
        b, r, _ = read[-1]
        # «leave your e-mail and we'll come back to you» begins a ticket, and nobody's time is taken for one (method 5)
        letter = any(x.signal in LETTERS for _, other, _ in read for x in (other, *other.also))
        if letter or not any(x.signal == Signal.PRECHAT_FORM and x.certainty >= SURE for x in (r, *r.also)):
            return ""
        if not NAMED.keys().isdisjoint(self.s.reader.mentions(b.text, self.s.locale)):
            return ""
        kinds = [k for k in WHO if self.s.says(f"{k}_field", b.text) and k not in self.state.told]
        return "both" if len(kinds) == len(WHO) else "".join(kinds)

    def tell_who(self, kind: str) -> str:
        """The line that tells it; each is a value one must give (method 2: field)."""
        kinds = [k for k in WHO if kind in (k, "both")]
        for k in kinds:
            self.state.told.add(k)
            self.s.emit(FormField(label=k, kind=k, required=True, filled=True, where="way"))
        return ", ".join(self.s.contact[k] for k in kinds)

    def details(self, sight: Sight) -> Form | None:
        """A form card in the log that asks only who one is and has not been filled."""
        inside = [
            f
            for f in ([] if self.state.form_filled else forms(sight))
            if f.fields[0].place in ("log", "between") and f.fields[0].frame is self.talk.frame
        ]
        # «get notified by e-mail (optional)» holds nobody up
        inside = [
            f for f in inside if not all(self.s.says("optional_field", x.label) and not x.required for x in f.fields)
        ]
        return next((f for f in inside if is_prechat(self.s, sight, f, promised=self.begins(f))), None)

    def card_first(self, sight: Sight) -> bool:
        """Is what was said of a person to come said for a card that asks who one is? Then nobody comes before that."""
        self.state.promised = True
        stands = self.details(sight) is not None
        self.state.promised = stands
        return stands

    def card_due(self) -> bool:
        """Does what asks only who one is come before a person, whatever its button says: one was asked for or promised,
        or the last words ask for it?"""
        asked = any(x.signal == Signal.PRECHAT_FORM for _, r, _ in self.last for x in (r, *r.also))
        return bool(self.state.asked_person) or self.state.promised or asked

    def begins(self, form: Form) -> bool:
        """Is the card what the chat, or a person, begins with?"""
        return self.card_due() or any(self.s.says("start_chat", c.name) for c in form.submits)

    async def card(self, sight: Sight) -> Reply | None:
        """Fill the form card in the log, if one stands there: its submit is one turn."""
        form = self.details(sight)
        if form is None or await fill_prechat(self.shopper, sight, form, promised=self.begins(form)) is None:
            return None
        self.state.form_filled = True
        return await self.talk.wait()
