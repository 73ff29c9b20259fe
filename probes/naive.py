"""The naive policy: one fixed policy for all platforms — what a first-time visitor looking for a person goes through.

Presses the control that reads most like the way to a person, goes back from a wall while another way is left, and talks
where a conversation stands. Acts only through the shopper.
"""

from __future__ import annotations

from playwright.async_api import Frame

from tohuman.results.events import Choice, Failure, Finding, Spent
from tohuman.results.vocabulary import Barrier, ControlClass, Outcome

from . import deadlines as d
from .alike import norm
from .asked import MAX_ARTICLES, Asked
from .choosing import (
    CHATS,
    LAUNCHER,
    WAYS,
    WORTH_GOING_BACK,
    Scored,
    begins_chat,
    candidates,
    is_launcher,
)
from .conversation import Conversation
from .leading import articles, expanders, own_tab
from .lingering import adopt_box
from .obstacles import clear
from .session import Spend
from .shopper import Effect, NotPressable, Unreachable
from .sight import Control, NotSeen, Sight, page_of
from .talking import Talk
from .walls import journal_wall, judge

MAX_EXPANDERS = 3
MAX_TOPICS = 3
MAX_MISSES = 3
MAX_LOOKS = 120


class Naive(Asked):
    """One naive walk. `run` never raises for what a site does; it leaves findings and failures in the journal."""

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
            if e.which == "seconds" and not self.m.talked and not self.m.walls and await self.never_whole():
                return
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
            if await self.blocked_for_good(sight):
                return
            if await self.talk_here(sight):
                if self.done:
                    return
                continue
            if await self.prechat(sight):
                continue
            if await self.chat_comes(sight):
                continue
            self.notice_walls(sight)
            best = self.pick(sight)
            if m.fresh and (best is None or self.too_soon(best) or best.cls == ControlClass.LEAVE_MESSAGE):
                # a person waits a moment for what a press has promised before turning away
                m.fresh = False
                if not self.contact_page_stands() and await self.something_comes(sight):
                    m.fresh = self.s.clock() < m.pressed_at + 2 * d.PROMISE.seconds  # it may come piece by piece
                    continue
            # what a promise was answered with comes before what only may lead on, or stood there already
            old = best is not None and self.answered_by_more(best)
            if (best is None or best.cls not in WAYS or old) and (
                await self.choose_topic(sight, links=best is None or old) or await self.choose_listed(sight)
            ):
                continue
            if (best is None or best.cls == ControlClass.HELP_CENTRE) and (
                await self.step_on(sight) or await self.nearer_subject(sight, best)
            ):
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

    done = False
    covered = False  # something lay over what was pressed last

    def contact_page_stands(self) -> bool:
        """Did the press lead to a page of its own that promised a contact? It has been looked at for its launcher."""
        by = self.m.reached_by
        return by is not None and by.cls not in CHATS and page_of(self.s.page.url) != self.m.address

    def too_soon(self, best: Scored) -> bool:
        """A chat was just opened and comes still: what reads like another way to it may be its own title."""
        near = CHATS
        by = self.m.reached_by
        if best.key in self.m.stood and page_of(self.s.page.url) == self.m.address:
            return True  # it stood here before the press: it is not what that brought
        if by is not None and by.cls in near and best.cls not in near:
            return True  # the page of a chat may show its launcher last
        doubtful = best.control.why not in ("native", "role") or self.s.under_way() > 0
        return by is not None and by.cls in near and best.cls in near and doubtful

    def answered_by_more(self, best: Scored) -> bool:
        """Was a chat promised by the last press, and this way stood there before it?"""
        by = self.m.reached_by
        here = page_of(self.s.page.url) == self.m.address
        return by is not None and by.cls in CHATS and best.key in self.m.stood and here

    # ---- conversations
    def known_talk(self, sight: Sight) -> bool:
        return any(f is sight.talk_frame and a == page_of(sight.page.url) for f, a in self.m.talked)

    async def talk_here(self, sight: Sight) -> bool:
        """Converse when a conversation stands in the view that has not been had. True: look again (or done)."""
        s, m = self.s, self.m
        sight = await adopt_box(self.shopper, sight, promised=m.reached_by is not None and m.reached_by.cls in WAYS)
        if sight.talk_frame is None or self.known_talk(sight):
            return False
        frame, address = sight.talk_frame, page_of(sight.page.url)
        if await self.goes_on(frame, address):
            return False
        talk = Talk(self.shopper, frame)
        conversation = Conversation(self.shopper, talk, m.said)
        conversation.state.after_form = bool(m.sent) and m.sent == m.gesture
        m.fresh, m.topics = False, 0
        end = await conversation.run(sight)
        m.talked.append((frame, address))
        m.own |= {norm(b.text) for b in talk.transcript.bubbles if b.author == "consumer" and b.text.strip()}
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
            if not any(f is frame for f, _ in m.talked) and page_of(self.s.page.url) == address:
                m.talked.append((frame, address))
            self.promised = True
            self.pressed_human = conversation.state.pressed_human
        return True

    async def goes_on(self, frame: Frame, address: str) -> bool:
        """Is it a conversation that was had, still open on another page or route of this window?"""
        m = self.m
        if not any(f is frame for f, _ in m.talked):
            return False
        view = await self.shopper.talk(frame) or {}
        if not any(norm(line) in m.own for message in view.get("messages", []) for line in message["text"].split("\n")):
            return False
        m.talked.append((frame, address))
        return True

    promised = False
    pressed_human = 0  # the gesture of a press that offered a person and led out of the conversation

    # ---- walls and blocks
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
            # a number in the head of every page is no answer to this press
            everywhere = wall.form is None and wall.text in m.lines
            if everywhere:
                m.everywhere.add(key)
            elif wall.outcome is Outcome.GATED or page_of(sight.page.url) != m.address:
                m.barred = m.gesture
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
        if any(address == page_of(sight.page.url) for _, address in m.talked):
            # the launcher of a chat that was had opens and closes that same chat; while it stands open in the page
            # itself, so does every other way into the bot's chat
            stands = sight.talk_frame is sight.page.main_frame and self.known_talk(sight)
            found = [
                c
                for c in found
                if not (c.cls == ControlClass.OPEN_CHAT and (stands or is_launcher(c.control, sight.viewport)))
            ]
        had = {f for f, address in m.talked if address == page_of(sight.page.url)}
        # what was pressed in a conversation is not pressed again beside it
        found = [c for c in found if not (c.control.frame in had and norm(c.control.name) in m.said)]
        # a link to a page that has been seen leads round in a circle
        seen = {address for address, _ in self.s.views}
        if begins := self.begun(sight, found):
            found = [*begins, *(c for c in found if c.key != begins[0].key)]
        found = [c for c in found if not self.leads_round(c.control, seen)]
        m.pending = {k: p for k, p in m.pending.items() if not self.leads_round(p.control, seen)}
        if m.talked and m.walls:
            # who has talked to the service already looks for no other contact behind «support», and for no other bot
            found = [c for c in found if not (c.doubtful or self.bots(c))]
            m.pending = {k: p for k, p in m.pending.items() if not (p.doubtful or self.bots(p))}
        for c in found:
            if c.cls in WAYS and c.score >= WORTH_GOING_BACK:
                m.pending.setdefault(c.key, c)
        elsewhere = any(p.cls in WAYS and p.key not in m.tried for p in m.pending.values())
        by = m.reached_by
        # an article that came in the chat's or the contact's stead: «no, this did not help» is the way on, whatever
        # else was seen
        came = found and (found[0].key not in m.stood or page_of(sight.page.url) != m.address)
        denies = bool(found) and found[0].cls == ControlClass.NOT_HELPFUL
        deflected = bool(came) and by is not None and (by.cls in CHATS or (by.cls in WAYS and denies))
        deflected = deflected or (denies and m.subject == page_of(sight.page.url))
        best: Scored | None = None
        if found and (found[0].cls in WAYS or not elsewhere or deflected):
            best = found[0]
        elif elsewhere:
            best = next((c for c in found if c.cls in WAYS and c.score >= WORTH_GOING_BACK), None)
        if best is not None and best.cls not in WAYS and m.walls and not deflected:
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

    def bots(self, c: Scored) -> bool:
        """Does it open a bot by its own words?"""
        return c.cls == ControlClass.OPEN_CHAT and "bot" in self.s.reader.mentions(c.control.label, self.s.locale)

    def begun(self, sight: Sight, found: list[Scored]) -> list[Scored]:
        """After a press that promised a chat: what it brought that opens or begins it, before any other contact."""
        m = self.m
        if m.reached_by is None or m.reached_by.cls not in CHATS:
            return []
        if sight.talk_frame is not None:
            return []
        brought = [c for c in found if c.key not in m.stood]
        if found and found[0].cls not in CHATS:
            opens = [c for c in brought if c.cls in CHATS]
            # the tab below a messenger holds what was written before; a tile above it begins
            tile = found[0].cls == ControlClass.LEAVE_MESSAGE and found[0].control.role != "tab" and found[0] in brought
            if opens and not (tile and opens[0].control.role == "tab"):
                return opens[:1]
        elif found and self.answered_by_more(found[0]):
            # a window came: what it holds, be it called a message, before what is only told of chats elsewhere
            opens = [c for c in brought if c.cls in (*WAYS, ControlClass.LEAVE_MESSAGE)]
            if opens:
                return opens[:1]
        new = [c for c in sight.controls if c.key() not in m.stood and c.key() not in m.tried]
        begins = [x for x in (begins_chat(self.s, c) for c in new) if x is not None]
        sure = {c.key for c in found if c.cls in CHATS and c.score > LAUNCHER}
        return [x for x in begins if x.key not in sure][:1]

    async def get_at(self, control: Control) -> Effect | None:
        """Press a control, after closing what lies over it. None: it can't be pressed."""
        self.covered = False
        try:
            return await self.shopper.press(control)
        except NotPressable as e:
            fresh = await self.shopper.look()
            again = next((c for c in fresh.controls if c.key() == control.key()), None)
            why, self.covered = str(e), e.covered or (again is not None and again.covered)
            if self.covered:
                await clear(self.shopper, fresh, blocking=True)
                fresh = await self.shopper.look()
                again = next((c for c in fresh.controls if c.key() == control.key()), None)
                try:
                    if again is not None:
                        return await self.shopper.press(again)
                except NotPressable as still:
                    why = str(still)
        self.s.note("not pressable", control=control.label[:120], why=why[:200])
        return None

    async def take(self, sight: Sight, best: Scored) -> bool:
        m = self.m
        m.tried.add(best.key)
        m.pending.pop(best.key, None)
        self.remember(sight)
        effect = await self.get_at(best.control)
        # a press that nobody counted never came to the page
        if effect is None or not effect.gesture:
            if best.cls in WAYS and not self.covered:
                m.missed[best.key] += 1
                if m.missed[best.key] < MAX_MISSES:
                    m.tried.discard(best.key)
                else:
                    self.s.undone = f"“{best.control.label[:80]}” could not be pressed"
            return False
        self.s.undone = ""
        m.reached_by, m.gesture, m.unfolded = best, effect.gesture or m.gesture, False
        m.fresh, m.pressed_at = best.cls in WAYS, self.s.clock()
        m.topics = MAX_TOPICS
        if best.cls == ControlClass.OPEN_CHAT and best.control.name:
            m.opened.add(best.control.name.casefold())
        self.promised = False
        if best.cls in WAYS:
            m.contact_page = page_of(self.s.page.url)
        return True

    async def press_plain(self, sight: Sight, control: Control, reason: str, *, unfolds: bool = False) -> bool:
        """Press something that is no way by its words (an article, «show more»).

        `unfolds`: what newly lies over the page then is what was asked for (a menu), whatever else it praises.
        """
        m = self.m
        m.tried.add(control.key())
        self.remember(sight)
        self.s.emit(Choice(candidates=[Scored(control, "other", 0.0, [reason]).candidate()], chosen=0, reason=reason))
        effect = await self.get_at(control)
        if effect is None:
            return False
        m.reached_by, m.gesture = None, effect.gesture or m.gesture
        m.unfolded = unfolds
        return True

    async def return_to_pending(self) -> bool:
        """Go back one view because a way seen earlier has not been tried."""
        m = self.m
        m.backs += 1
        if m.backs > 12 or not await self.shopper.back():
            m.pending = {k: p for k, p in m.pending.items() if p.cls not in WAYS}
            return False
        m.reached_by, m.unfolded = None, False
        self.promised = False
        return True

    async def lower(self, sight: Sight) -> bool:
        """Nothing reads like a way: show more, open an article, search the help centre for the scenario."""
        m, s = self.m, self.s
        for control in expanders(s, sight, m.tried):
            if m.expanders < MAX_EXPANDERS:
                m.expanders += 1
                if await self.press_plain(sight, control, "shows more", unfolds=True):
                    return True
        own = own_tab(s, sight, m.tried)
        if own is not None and await self.press_plain(sight, own, "the visitor's own part of an app"):
            return True
        if m.articles < MAX_ARTICLES:
            found = articles(s, sight, m.tried, contact=m.contact_page == page_of(sight.page.url))
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
                m.reached_by, m.gesture, m.unfolded = None, effect.gesture or m.gesture, False
                return True
        for control in expanders(s, sight, m.tried, any_menu=True):
            if m.menus < MAX_EXPANDERS:
                m.menus += 1
                if await self.press_plain(sight, control, "a menu that was left", unfolds=True):
                    return True
        return False
