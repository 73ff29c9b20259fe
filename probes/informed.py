"""The informed policy: walks a written way step by step, as a platform file gives it (schema_steps.py).

A step that finds nothing is `broken`, with what stands there now; nothing is guessed. After the last step the same
judging as everywhere decides how the run ended.
"""

from __future__ import annotations

from typing import Any

from tohuman.results.events import Failure, Note, Spent

from . import deadlines as d
from .conversation import Conversation
from .naive import Naive
from .session import Spend
from .shopper import NotPressable, Shopper, Unreachable
from .sight import Control, NotSeen, Sight
from .talking import Reply, Talk
from .transcript import norm

ALIKE = {"link": ("link", "a"), "button": ("button", "submit", "summary", "input"), "generic": ()}


def fits(control: Control, step: dict[str, Any]) -> bool:
    """Role and accessible name, as the step names them."""
    name = str(step.get("name", ""))
    role = str(step.get("role", ""))
    named = norm(control.name) == norm(name) if step.get("exact", True) else norm(name) in norm(control.name)
    return named and (control.role == role or role == "generic" or control.role in ALIKE.get(role, ()))


class Broken(Exception):
    """The written way does not fit: `step` (from 1) and what stands there now."""

    def __init__(self, step: int, what: str, now: list[str]) -> None:
        super().__init__(what)
        self.step, self.now = step, now


class Informed:
    """Walks `way` (a list of step objects). `run` leaves findings and failures in the journal."""

    def __init__(self, shopper: Shopper, way: list[dict[str, Any]]) -> None:
        self.shopper, self.s, self.way = shopper, shopper.s, way
        self.judge = Naive(shopper)
        self.conversation: Conversation | None = None
        self.reply: Reply | None = None
        self.opening = True

    async def run(self, url: str) -> None:
        s = self.s
        try:
            await self.shopper.open(url)
            for number, step in enumerate(self.way, 1):
                if step.get("do") != "open":
                    await self.step(number, step)
                    if self.judge.done:
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

    async def step(self, number: int, step: dict[str, Any]) -> None:
        do = step["do"]
        if do == "press":
            await self.press(number, step)
        elif do == "say":
            await self.say(number, step)
        elif do == "fill":
            sight = await self.look()
            field = next((f for f in sight.fields if norm(str(step["name"])) in norm(f.label)), None)
            if field is None or not await self.shopper.put(
                field.frame, field.id, self.s.contact.get(step["contact"]) or "general question"
            ):
                raise Broken(number, f"there is no field “{step['name']}”", [f.label for f in sight.fields])
        elif do == "wait_for":
            await self.wait_for(number, step)
        elif do == "back":
            await self.shopper.back()

    async def look(self) -> Sight:
        from .obstacles import clear

        return await clear(self.shopper, await self.shopper.look())

    async def press(self, number: int, step: dict[str, Any]) -> None:
        sight = await self.look()
        found = [c for c in sight.controls if fits(c, step) and not c.disabled]
        if not found:
            await self.wait_for(number, {**step, "what": "control"})
            sight = await self.look()
            found = [c for c in sight.controls if fits(c, step) and not c.disabled]
        if not found:
            raise Broken(
                number,
                f"there is no {step['role']} “{step['name']}”",
                [f"{c.role}: {c.name}" for c in sight.controls if c.name],
            )
        control = found[0] if found[0].place == "outside" else found[-1]
        self.judge.m.lines = set(sight.text.split("\n"))
        if control.place != "outside":
            conversation = await self.converse(number)
            end = await conversation.press(control, "way", f"step {number}", human=True)
            await self.digest(end)
            return
        from .choosing import Scored

        cls = self.s.reader.control(control.label, self.s.locale).signal
        self.judge.m.reached_by = Scored(control, cls, 0.0)
        try:
            effect = await self.shopper.press(control)
        except NotPressable as e:
            raise Broken(number, str(e), []) from e
        self.judge.m.gesture = effect.gesture or self.judge.m.gesture
        self.judge.m.reached_by = Scored(control, "contact", 0.0)

    async def converse(self, number: int) -> Conversation:
        if self.conversation is None:
            sight = await self.look()
            if sight.talk_frame is None:
                raise Broken(number, "no conversation stands here", [c.name for c in sight.controls if c.name])
            self.conversation = Conversation(self.shopper, Talk(self.shopper, sight.talk_frame), set())
            self.reply = await self.conversation.begin(sight)
        return self.conversation

    async def say(self, number: int, step: dict[str, Any]) -> None:
        conversation = await self.converse(number)
        lines = conversation.lines
        if step.get("scenario"):
            text = lines.scenarios.get(self.s.scenario) or lines.scenarios["general"]
        elif step.get("ladder"):
            text = lines.ladder[(int(step["ladder"]) - 1) % len(lines.ladder)]
            conversation.state.asked_person += 1
        else:
            text = str(step["text"])
            conversation.state.asked_person += 1
        await self.digest(await conversation.say(text, "way", f"step {number}"))

    async def digest(self, result: Any) -> None:
        """Read the reply to a step; a terminal signal ends the walk whatever steps are left."""
        conversation = self.conversation
        if conversation is None:
            return
        end = (
            result
            if not isinstance(result, Reply)
            else await conversation.digest(conversation.read(result.bubbles), result, False)
        )
        if end is not None and end.how in ("reached", "wall", "unclear"):
            self.judge.done = True

    async def wait_for(self, number: int, step: dict[str, Any]) -> None:
        limit = self.s.clock() + d.REPLY.seconds
        while self.s.clock() < limit:
            sight = await self.look()
            what = step.get("what", "control")
            if what == "conversation" and sight.talk_frame is not None:
                return
            if what == "reply" and self.conversation is not None:
                await self.digest(await self.conversation.talk.wait())
                return
            if what == "control" and any(fits(c, step) and not c.disabled for c in sight.controls):
                return
            await self.shopper.pause()
        if step.get("do") == "wait_for":
            raise Broken(number, f"waited in vain for the {step.get('what', 'control')}", [])

    async def close(self) -> None:
        """The way is walked to its end and nothing terminal was said: what stands there now decides."""
        sight = await self.look()
        if self.conversation is None and sight.talk_frame is not None:
            await self.converse(len(self.way))
            if self.reply is not None and self.conversation is not None:
                await self.digest_opening()
                if self.judge.done:
                    return
        before = len(self.judge.m.walls)
        self.judge.notice_walls(sight)
        if len(self.judge.m.walls) == before:
            raise Broken(
                len(self.way), "the way ends without a person or a wall", [c.name for c in sight.controls if c.name]
            )

    async def digest_opening(self) -> None:
        assert self.conversation is not None and self.reply is not None
        end = await self.conversation.digest(self.conversation.read(self.reply.bubbles), self.reply, True)
        if end is not None:
            self.judge.done = True
