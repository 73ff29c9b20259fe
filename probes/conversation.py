"""The conversation: the protocol of METHOD §4 as a state machine — what was read → what is done next.

Says and presses through talking.py; watching after a stated transfer is watching.py's work.
"""

from __future__ import annotations

from typing import Literal

from tohuman.results.events import Finding, Left
from tohuman.results.vocabulary import Barrier, Outcome, Signal

from .alike import norm
from .barred import Barred
from .ends import End
from .hearing import QUESTION, same_reply
from .options import LEADS, agreement, means_other, menu_text, numbered, only_suggests, told_key
from .protocol import MEANS, SURE
from .reading import Reading as Read
from .rows import Bubble
from .sight import Sight
from .talking import Reply
from .typist import Refused
from .watching import Watch

#: Certainty from which on a text says that a message is left, and not only that a form is to be filled in.
FORM_STATED = 0.75
#: The same for the end of a conversation whose box still takes text.
OVER = 0.75


def wants_answer(b: Bubble, r: Read, also: Read) -> bool:
    """A greeting that says one may ask anything asks nothing; one that ends in a question does."""
    invites = r.signal == Signal.GREETING and also.signal == Signal.ASKS_PROBLEM
    return not invites or b.text.rstrip().endswith(QUESTION)


class Conversation(Barred):
    """One conversation of a walk; `run` returns how it ended. Raises Spend when a budget is used up."""

    # ---- reading
    async def begin(self, sight: Sight) -> Reply:
        """Enter the conversation and hear what it says by itself."""
        self.page_lines = sight.lines()
        self.state.stood = {(o.name, o.tokens) for o in sight.overlays}
        return await self.talk.enter(sight)

    async def run(self, sight: Sight) -> End:
        reply = await self.begin(sight)
        opening = True
        while True:
            read = self.read(reply.bubbles)
            self.last = read or self.last
            end = await self.digest(read, reply, opening)
            if end is not None:
                return end
            if reply.gone:
                return await self.vanished()
            end = self.looped(reply, opening)
            if end is not None:
                return end
            result = await self.act(read, opening)
            if isinstance(result, End):
                return result
            reply = result
            opening = False

    # ---- what the reply means
    async def digest(self, read: list[tuple[Bubble, Read, int]], reply: Reply, opening: bool) -> End | None:
        s, st = self.s, self.state
        if not opening and not reply.bubbles and not reply.gone:
            st.ignored += 1
            if st.ignored == 1:
                s.barrier(Barrier.REQUEST_IGNORED.value, [])
        # an answer about which is asked whether it helped tells of phones, forms and members; none of them is a wall
        judged = next((i for i, (_, r, _) in reversed(list(enumerate(read))) if r.signal == Signal.ASKS_HELPED), -1)
        for i, (b, r, n) in enumerate(read):
            for signal in self.signals(r):
                means = MEANS[Signal(signal.signal)]
                if opening and means.standing in ("answers", "wall", "drops"):
                    continue  # a greeting is evidence of nothing
                if means.standing in ("offers", "joins"):
                    awaited = b.author == "system" or st.queued or (st.after_form and not st.bot_known)
                    if opening and means.standing == "joins" and not awaited:
                        continue
                    if self.is_question(b, signal) or await self.only_busy(b, signal):
                        continue
                    if signal.signal == Signal.QUEUED and self.asked_after(signal, read[i + 1 :]):
                        continue
                    if means.standing == "joins" and not opening and not st.offered and b.options:
                        continue  # a message that carries buttons is never a person
                    # «I'll put you through, first your name»: no transfer yet
                    if signal.signal == Signal.HANDOFF_OFFER and (
                        self.card_first(shown := await self.shopper.look()) or self.asked_before(read[i + 1 :], shown)
                    ):
                        continue
                    return await self.watch(read[i:], signal)
                # «please fill in this form» beside a card that asks only who one is: it comes before a person
                if (
                    signal.signal == Signal.MESSAGE_FORM
                    and (signal.certainty < FORM_STATED or st.promised)
                    and st.asked_person
                    and self.card_first(await self.shopper.look())
                ):
                    continue
                if means.standing == "answers" and st.offered:
                    return await self.watch(read[i:], signal)
                menu = menu_text(b.text)  # a menu names many things and states none
                if signal.signal == Signal.ENDED and signal.certainty < OVER and (await self.shopper.look()).talk_box:
                    continue  # it only sounds like an end: one can write on
                if signal.signal == Signal.ENDED and self.offers_person(b):
                    continue  # what comes after the end is told before the beginning: «kept for 30 days afterwards»
                if (
                    means.standing in ("wall", "drops")
                    and means.outcome is not None
                    and not menu
                    and i > judged
                    and self.counts_as_wall(signal)
                ):
                    if means.standing == "wall" and self.waits_after(read[i + 1 :]):
                        continue
                    near = self.nearest(r, signal, [x for _, x, _ in read[i + 1 :]])
                    nearer = self.instead(read[i + 1 :]) if near.signal == Signal.NO_HUMAN else None
                    of, near, event = nearer or (b, near, n)
                    return await self.wall(MEANS[Signal(near.signal)].outcome or means.outcome, near, of, event)
        if opening:
            st.greeted = bool(read)
        else:
            st.answers.append(read[-1][1].signal if read else "")
            st.last_keys.append(same_reply(reply.bubbles))
            if self.maybe_person(read):
                return await self.disclose()
        return None

    async def disclose(self) -> End:
        n = self.s.emit(
            Finding(
                finding="unclear",
                of=[b.event for b, _, _ in self.last],
                text=self.last[-1][0].text[:300] if self.last else "",
            )
        )
        self.s.emit(Finding(finding="touch", of=[n]))
        await self.leave(self.lines.disclosure)
        return End("unclear", Outcome.UNCLEAR)

    async def leave(self, sentence: str = "") -> None:
        """Leave: the fixed sentence where a person may be listening, then the conversation is closed with its page."""
        how: Literal["said", "cancelled", "closed"] = "closed"
        gesture = 0
        if sentence:
            try:
                if await self.shopper.type_message(self.talk.frame, sentence):
                    how, gesture = "said", await self.shopper.gesture()
            except Exception as e:  # leaving must never undo what was measured
                self.s.note("leaving failed", why=str(e)[:200])
        self.s.emit(Left(how=how, text=sentence, gesture=gesture or None))

    # ---- what is done next
    async def act(self, read: list[tuple[Bubble, Read, int]], opening: bool) -> Reply | End:
        """The next move by the protocol; where the box takes no text for now, the next one that is a press."""
        st = self.state
        said = st.lines_said, st.asked_person, st.scenario_said, st.helped_said
        try:
            return await self.move(read, opening)
        except Refused:
            self.s.note("the message box takes no text now")
            st.lines_said, st.asked_person, st.scenario_said, st.helped_said = said
            return await self.move(read, opening)

    async def move(self, read: list[tuple[Bubble, Read, int]], opening: bool) -> Reply | End:
        s, st = self.s, self.state
        sight = await self.shopper.look()
        if sight.talk_frame is not None:
            self.talk.frame = sight.talk_frame
        self.can_type = sight.talk_box and not self.talk.locked
        behind = self.behind(sight)
        if behind is not None:
            return behind
        filled = await self.card(sight)
        if filled is not None:
            return filled
        # «connect you now?» asked in a dialog is no offer yet: pressed, a click (method 2a.6)
        agreed = self.confirmation(sight)
        if agreed is not None:
            return await self.press(agreed, "1", "a dialog stands before the person", human=True)
        if (st.without or self.demanded(read)) and (control := self.without(sight)) is not None:
            st.without = ""
            return await self.press(control, "2", "what is demanded can be gone without")
        # rule 1: a control that offers a person
        human = self.human_controls(sight)
        if human:
            control = human[-1]  # the one offered last
            return await self.press(control, "1", "a control offers a person", human=True)
        if self.can_type and (kind := self.who_asked(read)):
            return await self.say(self.tell_who(kind), "form", f"who one is, is asked for: {kind}")
        signals = [x.signal for b, r, _ in read for x in (r, *r.also) if x.certainty >= SURE and wants_answer(b, r, x)]
        last = read[-1] if read else None
        options = self.options(sight)
        # a question that wants a yes
        answers = self.answers(last[0], options) if last is not None else []
        if last is not None and last[1].signal in (Signal.HANDOFF_OFFER, Signal.QUEUED):
            yes = [c for c in answers if s.says("yes", c.label) or s.says("accept", c.label)]
            if not yes and (agreed := agreement(s, answers)) is not None:
                yes = [agreed]
            if yes:
                return await self.press(yes[-1], "1", "a transfer is asked for", human=True)
        if (
            last is not None
            and Signal.ASKS_HELPED not in signals
            and s.reader.control(last[0].text, s.locale).signal == "ask_human"
        ):
            mine = [c for c in options if norm(c.name) in {norm(o) for o in last[0].options}]
            if any(s.says("no", c.name) for c in mine):
                agree = [c for c in mine if s.says("yes", c.name)]
                if agree:
                    return await self.press(agree[-1], "1", "a person is asked about, yes or no", human=True)
        # «your words are kept, do you agree?» after a person was asked for
        asked = last is not None and (st.asked_person > 0 or last[0].text.rstrip().endswith(QUESTION))
        if asked and last is not None and last[1].signal == Signal.OTHER:
            agreed = agreement(s, answers)
            if agreed is not None and norm(agreed.label) not in st.tried:
                return await self.press(agreed, "2", "nothing goes on without it")
        # a question of unknown words with a «yes, please» below it offers something: «no» is no nearest category
        if last is not None and last[1].signal == Signal.OTHER and last[0].text.rstrip().endswith(QUESTION):
            mine = [c for c in options if norm(c.name) in {norm(o) for o in last[0].options}]
            agree = [c for c in mine if s.says("accept", c.name) and norm(c.label) not in st.tried]
            if len(mine) == 2 and len(agree) == 1:
                return await self.press(agree[0], "2", "what is offered is taken")
        # a first question that is none of these, with its own answers below it, is answered by one of them
        picks = (
            last is not None
            and last[1].signal == Signal.OTHER
            and len(last[0].options) > 1
            and last[0].text.rstrip().endswith(QUESTION)
            and not only_suggests(s, last[0].options)
        )
        # «how can I help?» asks for the problem too: a greeting that ends in a question wants an answer (rule 3)
        greets = last is not None and last[1].signal == Signal.GREETING
        if (
            opening
            and last is not None
            and (
                (greets and last[0].text.rstrip().endswith(QUESTION))
                or (last[1].signal == Signal.OTHER and any(sign in last[0].text for sign in QUESTION) and not picks)
            )
        ):
            signals.append(Signal.ASKS_PROBLEM.value)
        if last is not None and self.can_type and (key := told_key(s, last[0].text)) and norm(key) not in st.tried:
            st.tried.add(norm(key))
            st.asked_person += 1
            return await self.say(key, "1", "the key for a person is told")
        if last is not None and self.can_type and menu_text(last[0].text):
            entry = numbered(s, last[0].text, st.tried)
            if entry is not None and entry[2]:
                st.tried.add(norm(entry[1]))
                st.asked_person += 1
                return await self.say(entry[0], "1", f"“{entry[1][:60]}” of a numbered menu")
        if st.choose:
            st.choose = False
            chosen = await self.category(options, [])
            if chosen is not None:
                return chosen
        # rule 4 before 2 when the choice offered is yes or no, and where an answer to the problem ends in nothing else
        if (Signal.ASKS_HELPED in signals or self.yes_or_no(last)) and st.helped_said < 3:
            return await self.not_helped(options, read)
        # rule 2: a category is asked for
        # a reply that does nothing but offer several choices asks to choose, whatever its words; so does «by which way
        # would you like to talk to us?»
        menu = picks or (
            not opening
            and last is not None
            and len(last[0].options) >= 2
            and (last[1].signal in (Signal.OTHER, Signal.GREETING) or self.asks_which(last))
        )
        if last is not None:
            menu = menu or self.exhaustive(last[0].options or [c.label for c in answers]) or self.leads_on(last)
            # «I'll pass you on, first choose»
            transfer = last[1].signal == Signal.HANDOFF_OFFER and last[1].certainty >= SURE
            menu = menu or (transfer and not last[0].text.rstrip().endswith(QUESTION) and self.asks_first(last[0]))
        suggested = opening and self.can_type and only_suggests(s, [o for b, _, _ in read for o in b.options])
        # «I did not get that, maybe one of these?»: none of them is what was asked for
        suggested = suggested or (
            last is not None
            and self.can_type
            and last[1].signal == Signal.BOT_FALLBACK
            and not any(means_other(s, c) or s.reader.control(c.label, s.locale).signal in LEADS for c in answers)
        )
        if (Signal.ASKS_CATEGORY in signals and not suggested) or menu or (not self.can_type and options):
            chosen = await self.category(options, read)
            if chosen is not None:
                return chosen
            if not options and Signal.ASKS_CATEGORY in signals:
                signals.append(Signal.ASKS_PROBLEM.value)  # «what is it about?» with nothing to choose from
        # a reply that is a numbered list of short entries is a menu too
        if (
            last is not None
            and last[1].signal in (Signal.OTHER, Signal.GREETING, Signal.BOT_FALLBACK)
            and menu_text(last[0].text)
        ):
            chosen = await self.category([], read)
            if chosen is not None:
                return chosen
        # rule 3: the problem is asked for
        if Signal.ASKS_PROBLEM in signals and self.can_type:
            if not st.scenario_said:
                st.scenario_said = True
                s.barrier(Barrier.FORCED_PREAMBLE.value, [read[-1][0].event] if read else [])
                return await self.say(
                    self.lines.scenarios.get(s.scenario) or self.lines.scenarios["general"],
                    "3",
                    "the problem is asked for",
                )
            s.barrier(Barrier.ASKED_AGAIN.value, [read[-1][0].event] if read else [])
        # rule 5: the ladder
        if self.can_type:
            if st.asked_person and read:
                s.barrier(Barrier.REQUEST_IGNORED.value, [read[-1][0].event, read[-1][2]], read[-1][0].text)
            line = self.lines.ladder[st.lines_said % len(self.lines.ladder)]
            st.lines_said += 1
            st.asked_person += 1
            st.wordings.add(line)
            return await self.say(line, "5", f"line {st.lines_said} of the ladder")
        # only presses are left
        chosen = await self.category(options, read, any_left=True)
        if chosen is not None:
            return chosen
        s.barrier(Barrier.NO_HUMAN_OPTION.value, [])
        s.emit(
            Finding(
                finding="wall",
                outcome=Outcome.DEAD_END.value,
                of=[b.event for b, _, _ in self.last],
                text="no way to ask is left",
            )
        )
        return End("wall", Outcome.DEAD_END)

    async def watch(self, rest: list[tuple[Bubble, Read, int]], first: Read) -> End:
        return await Watch(self, rest).run()

    async def vanished(self) -> End:
        """The conversation is no longer on the page."""
        if self.s.page.is_closed() or not await self.talk.refind():
            return End("moved")
        self.s.barrier(Barrier.BACK_TO_START.value, [])
        return End("moved")
