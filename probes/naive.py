"""The naive policy: one fixed policy for all platforms — what a first-time visitor looking for a person goes through.

Presses the control that reads most like the way to a person, goes back from a wall while another way is left, and talks
where a conversation stands. Acts only through the shopper.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tohuman.results.events import Choice, Failure, Finding, Spent
from tohuman.results.vocabulary import Barrier, ControlClass, Outcome

from . import deadlines as d
from .choosing import WAYS, Key, Scored, articles, candidates, expanders, is_launcher
from .conversation import Conversation
from .forms import fill_prechat
from .obstacles import clear
from .session import Session, Spend
from .shopper import Effect, NotPressable, Shopper, Unreachable
from .sight import Control, NotSeen, Sight, element
from .talking import Talk
from .walls import Form, forms, journal_wall, judge

MAX_ARTICLES = 3
MAX_EXPANDERS = 3
MAX_LOOKS = 120
#: A way scored below this (words in prose, a decoy's neighbourhood) is taken when it stands here, not gone back for.
WORTH_GOING_BACK = 55.0


@dataclass
class Memory:
    """What a visitor remembers of the way."""

    tried: set[Key] = field(default_factory=set)
    said: set[str] = field(default_factory=set)  # labels pressed in conversations
    pending: dict[Key, Scored] = field(default_factory=dict)  # ways seen and not taken
    talked: list[tuple[object, str]] = field(default_factory=list)  # conversations finished: (frame, page address)
    walls: set[tuple[str, str, str]] = field(default_factory=set)
    filled: set[tuple[object, int]] = field(default_factory=set)
    articles: int = 0
    expanders: int = 0
    searched: bool = False
    lines: set[str] = field(default_factory=set)  # lines read before the last press
    reached_by: Scored | None = None
    gesture: int = 0
    backs: int = 0
    opened: set[str] = field(default_factory=set)  # names of chat controls pressed: its title reads alike
    scrolled: set[tuple[str, str]] = field(default_factory=set)
    fresh: bool = False  # a way was just pressed
    fields: set[tuple[str, str]] = field(default_factory=set)  # (label, kind) of those that stood there too
    overlays: set[str] = field(default_factory=set)  # those that stood before the last press


class Naive:
    """One naive walk. `run` never raises for what a site does; it leaves findings and failures in the journal."""

    def __init__(self, shopper: Shopper) -> None:
        self.shopper = shopper
        self.s: Session = shopper.s
        self.m = Memory()

    async def run(self, url: str) -> None:
        s = self.s
        try:
            await self.shopper.open(url)
            await self.walk()
        except Unreachable as e:
            blocked = e.reason.startswith("blocked")
            s.emit(
                Failure(
                    outcome="blocked" if blocked else "unavailable", reason=e.reason, sentence=str(e), step="opening"
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

    async def walk(self) -> None:
        s, m = self.s, self.m
        for _ in range(MAX_LOOKS):
            sight = await clear(self.shopper, await self.shopper.look(), own=self.own_overlays())
            if self.blocked(sight):
                return
            if await self.talk_here(sight):
                if self.done:
                    return
                continue
            if await self.prechat(sight):
                continue
            self.notice_walls(sight)
            best = self.pick(sight)
            if best is None and m.fresh:
                # a person waits a moment for what a press has promised before turning away
                m.fresh = False
                if await self.something_comes(sight):
                    continue
            if best is not None:
                await self.take(sight, best)
                continue
            if any(p.cls in WAYS for p in m.pending.values()) and await self.return_to_pending():
                continue
            if await self.scrolled(sight):
                continue
            if not m.walls and await self.lower(sight):
                continue
            if not m.walls and not m.talked and await self.shut_window():
                continue
            break
        if not m.walls and await self.unread():
            return
        s.emit(Finding(finding="no_way_left", of=[m.gesture] if m.gesture else []))

    async def shut_window(self) -> bool:
        """A window in front that offers nothing is shut, once each, when something else stands behind it."""
        behind = [p for p in self.s.pages if not p.is_closed()]
        return len(behind) > 1 and self.shopper.depth.get(self.s.page, 0) == 0 and await self.shopper.back()

    async def unread(self) -> bool:
        """Nothing was found, but the page did not come whole or hides itself from being read: that is no dead end."""
        why = await self.shopper.unread()
        if why:
            sentence = f"{self.s.page.url[:200]} {why}; nothing can be said about it."
            self.s.emit(Failure(outcome="unavailable", reason="incomplete", sentence=sentence, step="looking"))
        return bool(why)

    done = False

    # ---- conversations
    def known_talk(self, sight: Sight) -> bool:
        return any(f is sight.talk_frame and a == sight.page.url.split("#")[0] for f, a in self.m.talked)

    async def talk_here(self, sight: Sight) -> bool:
        """Converse when a conversation stands in the view that has not been had. True: look again (or done)."""
        s, m = self.s, self.m
        if (
            sight.talk_frame is None
            and sight.weak_boxes
            and (
                (m.reached_by is not None and m.reached_by.cls in WAYS)
                or any(s.says("message_box", w[3]) for w in sight.weak_boxes)
            )
        ):
            # a lone text box that says it takes messages, or that a chat control led to
            frame, id, points, label = max(sight.weak_boxes, key=lambda w: (s.says("message_box", w[3]), w[2]))
            alone = len([f for f in sight.fields if not f.search]) == 1
            if s.says("message_box", label) or (points >= 1 and alone):
                handle = await element(frame, id)
                if handle is not None:
                    await d.within(d.EVALUATE, handle.evaluate("el => window.__tohuman.adopt(el)"))
                    sight = await self.shopper.look()
        if sight.talk_frame is None or self.known_talk(sight):
            return False
        frame, address = sight.talk_frame, sight.page.url.split("#")[0]
        talk = Talk(self.shopper, frame)
        conversation = Conversation(self.shopper, talk, m.said)
        end = await conversation.run(sight)
        m.talked.append((frame, address))
        if talk.frame is not frame:
            m.talked.append((talk.frame, address))
        if s.counter is not None:
            m.gesture = s.counter.last or m.gesture
        if end.how in ("reached", "unclear"):
            self.done = True
            return True
        # what the conversation said was read there; only what comes after it is judged on the page
        m.lines = (await self.shopper.look()).lines()
        if end.how == "wall" and end.outcome is not None:
            m.walls.add((end.outcome.value, "", ""))
            if end.outcome is Outcome.DROPPED:
                # a person had been promised: the outcome can not get nearer
                self.done = True
                return True
        if end.how == "silent":
            s.emit(Finding(finding="wall", outcome=Outcome.DEAD_END.value, of=[], text="nothing was answered"))
            m.walls.add((Outcome.DEAD_END.value, "", ""))
        if end.how == "moved":
            m.talked = [t for t in m.talked if t[0] is not frame or frame is not self.s.page.main_frame]
            m.reached_by = m.reached_by or None
            if not any(f is frame for f, _ in m.talked) and self.s.page.url.split("#")[0] == address:
                m.talked.append((frame, address))
            self.promised = True
            self.pressed_human = conversation.state.pressed_human
        return True

    promised = False
    pressed_human = 0  # the gesture of a press that offered a person and led out of the conversation

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
                self.m.gesture = gesture or self.m.gesture
                return True
        return False

    def chat_promised(self, form: Form) -> bool:
        """Did this form come with the press of a control that promised a chat or a person?"""
        by = self.m.reached_by
        if by is None or by.cls not in (ControlClass.OPEN_CHAT, ControlClass.ASK_HUMAN):
            return False
        return not all((f.label, f.kind) in self.m.fields for f in form.fields)

    def own_overlays(self) -> set[str] | None:
        """After a press that promised a person, what newly lies over the page is its answer, not an obstacle."""
        return self.m.overlays if self.m.reached_by is not None and self.m.reached_by.cls in WAYS else None

    async def something_comes(self, before: Sight) -> bool:
        """Wait for the view to change after a press that showed nothing yet; False: it stays as it is."""
        shown = (len(before.controls), len(before.fields), len(before.all_text), before.talk_frame is not None)
        end = self.s.clock() + d.PROMISE.seconds
        while self.s.clock() < end:
            await self.shopper.pause()
            await self.shopper.rest()
            sight = await self.shopper.look()
            if (len(sight.controls), len(sight.fields), len(sight.all_text), sight.talk_frame is not None) != shown:
                return True
        return False

    async def scrolled(self, sight: Sight) -> bool:
        """Scroll to the end (no click): pages that grow while one scrolls may hold the way further down."""
        if sight.view_key() in self.m.scrolled:
            return False
        self.m.scrolled.add(sight.view_key())
        return await self.shopper.scroll_down()

    # ---- walls and blocks
    def blocked(self, sight: Sight) -> bool:
        """A bot wall or CAPTCHA stands in the view: it is recorded, never solved."""
        s = self.s
        text = sight.text[:1200]
        short = len(sight.text) < 1500
        if short and (s.says("captcha", text) or s.says("blocked", text)) and not sight.talk_frame:
            s.emit(
                Failure(
                    outcome="blocked",
                    reason="captcha" if s.says("captcha", text) else "bot_wall",
                    sentence="The site asks to prove that no machine is visiting; this is not attempted.",
                    step=sight.url[:200],
                )
            )
            return True
        return False

    def notice_walls(self, sight: Sight) -> None:
        """Journal the walls of this view, each once."""
        m = self.m
        contact = self.promised or (m.reached_by is not None and m.reached_by.cls in WAYS)
        for wall in judge(self.s, sight, m.lines, contact=contact):
            if not contact and wall.outcome is not Outcome.GATED:
                continue
            if wall.outcome is Outcome.GATED and wall.gate == "login" and not contact and (m.reached_by is None):
                continue
            key = (wall.outcome.value, wall.gate, wall.to)
            if key in m.walls:
                continue
            m.walls.add(key)
            n = journal_wall(self.s, wall, [m.gesture], self.s.page_names.get(sight.page, ""))
            if wall.outcome is Outcome.MESSAGE_FORM and (
                self.pressed_human or (m.reached_by is not None and m.reached_by.cls == "ask_human")
            ):
                self.s.barrier(Barrier.FAKE_HUMAN_BUTTON.value, [self.pressed_human or m.gesture, n], wall.text)

    # ---- choosing and pressing
    def pick(self, sight: Sight) -> Scored | None:
        """The best way of this view; journals what was weighed."""
        m = self.m
        begun = self.s.clock()
        found = candidates(self.s, sight, m.tried)
        found = [c for c in found if c.cls != ControlClass.OPEN_CHAT or c.control.name.casefold() not in m.opened]
        if any(address == sight.page.url.split("#")[0] for _, address in m.talked):
            # the launcher of a chat that was had opens and closes that same chat
            found = [
                c for c in found if not (c.cls == ControlClass.OPEN_CHAT and is_launcher(c.control, sight.viewport))
            ]
        for c in found:
            if c.cls in WAYS and c.score >= WORTH_GOING_BACK:
                m.pending.setdefault(c.key, c)
        elsewhere = any(p.cls in WAYS and p.key not in m.tried for p in m.pending.values())
        best: Scored | None = None
        if found and (found[0].cls in WAYS or not elsewhere):
            best = found[0]
        if best is not None and best.cls == "help_centre" and m.walls:
            best = None
        self.s.emit(
            Choice(
                candidates=[c.candidate() for c in found[:8]],
                chosen=found.index(best) if best is not None and best in found[:8] else None,
                options_shown=0,
                reason=(best.why[0] if best else "no way in this view"),
                seconds=round(self.s.clock() - begun, 4),
            )
        )
        return best

    async def take(self, sight: Sight, best: Scored) -> bool:
        m = self.m
        m.tried.add(best.key)
        m.pending.pop(best.key, None)
        m.lines = sight.lines()
        m.overlays = {o.key() for o in sight.overlays}
        m.fields = {(f.label, f.kind) for f in sight.fields}
        effect: Effect | None
        try:
            effect = await self.shopper.press(best.control)
        except NotPressable as e:
            if e.covered:
                await clear(self.shopper, sight, blocking=True)
                fresh = await self.shopper.look()
                again = next((c for c in fresh.controls if c.key() == best.key), None)
                try:
                    effect = await self.shopper.press(again) if again is not None else None
                except NotPressable:
                    effect = None
            else:
                effect = None
            if effect is None:
                self.s.note("not pressable", control=best.control.label[:120], why=str(e)[:200])
                return False
        assert effect is not None
        m.reached_by, m.gesture = best, effect.gesture or m.gesture
        m.fresh = best.cls in WAYS
        if best.cls == ControlClass.OPEN_CHAT and best.control.name:
            m.opened.add(best.control.name.casefold())
        self.promised = False
        return True

    async def press_plain(self, sight: Sight, control: Control, reason: str) -> bool:
        """Press something that is no way by its words (an article, «show more»)."""
        m = self.m
        m.tried.add(control.key())
        m.lines = sight.lines()
        m.overlays = {o.key() for o in sight.overlays}
        m.fields = {(f.label, f.kind) for f in sight.fields}
        self.s.emit(Choice(candidates=[Scored(control, "other", 0.0, [reason]).candidate()], chosen=0, reason=reason))
        try:
            effect = await self.shopper.press(control)
        except NotPressable:
            return False
        m.reached_by, m.gesture = None, effect.gesture or m.gesture
        return True

    async def return_to_pending(self) -> bool:
        """Go back one view because a way seen earlier has not been tried."""
        m = self.m
        m.backs += 1
        if m.backs > 12 or not await self.shopper.back():
            m.pending = {k: p for k, p in m.pending.items() if p.cls not in WAYS}
            return False
        m.reached_by = None
        self.promised = False
        return True

    async def lower(self, sight: Sight) -> bool:
        """Nothing reads like a way: show more, open an article, search the help centre for the scenario."""
        m, s = self.m, self.s
        for control in expanders(s, sight, m.tried):
            if m.expanders < MAX_EXPANDERS:
                m.expanders += 1
                if await self.press_plain(sight, control, "shows more"):
                    return True
        if m.articles < MAX_ARTICLES:
            found = articles(s, sight, m.tried)
            if found:
                m.articles += 1
                if await self.press_plain(sight, found[0], "leads on"):
                    return True
        box = next((f for f in sight.fields if f.search and not f.disabled), None)
        if box is not None and not m.searched:
            m.searched = True
            m.lines = sight.lines()
            line = s.reader.lines(s.locale)
            effect = await self.shopper.search(box, line.scenarios.get(s.scenario) or line.scenarios["general"])
            if effect is not None:
                m.reached_by, m.gesture = None, effect.gesture or m.gesture
                return True
        return False
