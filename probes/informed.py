"""The informed policy: walks a written way step by step, as a platform file gives it (schema_steps.py).

Steps on the page are informed_page.py's; here are those of the conversation. After the last step the same judging as
everywhere decides how the run ended.
"""

from __future__ import annotations

from tohuman.results.events import Failure, Finding, Note, Spent
from tohuman.results.vocabulary import Outcome

from . import deadlines as d
from .conversation import Conversation
from .ends import End
from .informed_page import Broken, OnPage, Undone
from .lingering import adopt_box
from .meant import Step, fitting, names
from .options import entries
from .session import Spend
from .shopper import Unreachable
from .sight import NotSeen
from .talking import Reply, Talk
from .typist import Refused
from .walls import judge


class Informed(OnPage):
    """Walks `way` (a list of step objects). `run` leaves findings and failures in the journal.

    `take` walks one step; `end` is how the conversation ended, None as long as it has not.
    """

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
