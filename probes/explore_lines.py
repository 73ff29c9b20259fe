"""The moves of a conversation: which lines could be said in it and which of its choices pressed, the likeliest first.

Each with the actions thought to remain after it and the reason; nothing is said or pressed here.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from tohuman.results.vocabulary import ControlClass, Signal

from .alike import norm
from .conversation import Conversation
from .explore_moves import press_step
from .explore_state import Move, Step
from .options import agreement, denies, entries, means_other, told_key
from .protocol import SURE
from .reading import Reading as Read
from .rows import Bubble
from .session import Session
from .sight import Sight
from .walls import forms

BEGUN: Step = {"do": "wait_for", "what": "conversation"}
MAX_OPTIONS = 30
#: The key of many menus that is not told.
ZERO = "0"
#: Actions that each further branch of one menu is thought to take more than the one before.
BRANCH = 0.12


def talk_moves(
    s: Session,
    sight: Sight,
    conversation: Conversation,
    heard: list[tuple[Bubble, Read, int]],
    steps: tuple[Step, ...],
    *,
    opening: bool,
    stood: Container[str] = (),
) -> list[Move]:
    """What could be said or pressed now, the likeliest first: a person on show, the direct request, what is asked for,
    then the menu. `stood`: the choices that stood there before the last turn."""
    asked = bool(steps) and asks_person(s, steps[-1])
    signals = [x.signal for _, r, _ in heard for x in (r, *r.also) if x.certainty >= SURE]
    said = [x for x in steps if x["do"] == "say"]
    can_type = sight.talk_box and not conversation.talk.locked
    moves: list[Move] = []
    cards = {id(c) for f in forms(sight) if f.fields[0].place in ("log", "between") for c in f.submits}
    rows = conversation.rows(sight)
    options = [
        c
        for c in sight.controls
        if c.place in ("log", "between", "toolbar") and not c.disabled and c.name and len(c.name) <= 120
        if (conversation.is_choice(c) or id(c) in rows) and id(c) not in cards
    ]
    pressed = {norm(str(x.get("name", ""))) for x in steps if x["do"] == "press"}
    spared = conversation.without(sight) if conversation.state.without else None
    if spared is not None:
        step = press_step(sight, spared, {})
        why = "what is demanded can be gone without"
        moves.append(Move((step,), 0.5, 0, "option", why, 70.0, turn=spared.place != "outside"))
        options = [c for c in options if c is not spared]
    asks_yes = bool(heard) and heard[-1][1].signal in (Signal.HANDOFF_OFFER, Signal.QUEUED)
    agreed = agreement(s, options)
    # a «yes» that stands there since before answers nothing
    offered = {norm(o) for b, _, _ in heard for o in b.options}
    shown: set[str] = set()
    branches = 0
    for c in reversed(options):  # of two alike the one offered last
        label = norm(c.label)
        if label in shown or s.says("rating", c.label) or s.says("end_chat", c.label) or s.says("send", c.label):
            continue
        shown.add(label)
        r = s.reader.control(c.label, s.locale)
        step = press_step(sight, c, {})
        if r.signal == ControlClass.ASK_HUMAN and r.certainty >= SURE:
            if label not in pressed:
                moves.append(Move((step,), 0.0, 0, r.signal, "a control offers a person", 100.0, turn=True))
        elif (
            asks_yes
            and (not offered or label in offered or c.place == "between")
            and (s.says("yes", c.label) or s.says("accept", c.label) or c is agreed)
        ):
            moves.append(Move((step,), 0.0, 0, "option", "a transfer is asked for", 95.0, turn=True))
        elif c.place == "toolbar":
            continue
        elif Signal.ASKS_HELPED in signals and denies(s, c.label):
            moves.append(Move((step,), 0.7, 0, "not_helpful", "it did not help", 60.0, turn=True))
        elif (
            r.signal in ("back", "call", "email", "leave_message")
            or (r.signal == "login" and id(c) not in rows)  # «my account is locked, what can I do» is a topic
            or label in pressed
            or (c.href.startswith("http") and c.tag == "a")
        ):
            continue
        elif c is agreed:
            moves.append(Move((step,), 0.6, 0, "option", "nothing goes on without it", 65.0, turn=True))
        elif means_other(s, c):
            moves.append(Move((step,), 1.0, 0, "option", "nearest to «other»", 50.0, turn=True))
        else:
            likely = r.signal in ("contact", "open_chat", "help_centre") and r.certainty >= SURE
            # of many branches a few are tried before what was begun elsewhere is gone on with
            guess, why = (1.2 if likely else 2.2 + BRANCH * branches), "a branch of the menu"
            if asked and label not in stood:
                guess, why = 0.9 + BRANCH * branches, "what the request for a person was answered with"
            branches += not likely
            moves.append(Move((step,), guess, 0, "option", why, 30.0, turn=True, unlikely=True))
    if not any(x["do"] in ("say", "wait_for") for x in steps):
        # a person lets the conversation begin before pressing what stands in it
        moves = [replace(m, steps=(BEGUN, *m.steps)) for m in moves]
    if can_type and (kind := conversation.who_asked(heard)):
        who: Step = {"do": "say", "contact": kind}
        moves.append(Move((who,), 0.1, 0, "option", "who one is, is asked for", 90.0, turn=True))
    elif can_type:
        moves += _lines(s, conversation, signals, said, heard, opening=opening, options=bool(options))
    moves.sort(key=lambda m: (m.guess, -m.score))
    return moves[:MAX_OPTIONS]


def asks_person(s: Session, step: Step) -> bool:
    """Did this turn ask for a person?"""
    if step["do"] != "press":
        return bool(step.get("ladder"))
    r = s.reader.control(str(step.get("name", "")), s.locale)
    return bool(r.signal == ControlClass.ASK_HUMAN and r.certainty >= SURE)


def _lines(
    s: Session,
    conversation: Conversation,
    signals: list[str],
    said: list[Step],
    heard: list[tuple[Bubble, Read, int]],
    *,
    opening: bool,
    options: bool,
) -> list[Move]:
    moves: list[Move] = []
    ladder = len([x for x in said if x.get("ladder")]) + 1
    size = len(conversation.lines.ladder)
    scenario = any(x.get("scenario") for x in said)
    if ladder <= size:
        menu = Signal.ASKS_CATEGORY in signals or options
        guess = 0.3 if ladder == 1 and opening else 0.6 if not menu else 0.9
        moves.append(
            Move(
                ({"do": "say", "ladder": ladder},),
                guess,
                0,
                "ask_human",
                "the direct request",
                90.0,
                turn=True,
                unlikely=not (ladder == 1 and opening),
            )
        )
    if not scenario and Signal.ASKS_PROBLEM in signals:
        guess = 0.8 if opening else 0.2
        moves.append(
            Move(({"do": "say", "scenario": True},), guess, 0, "option", "the problem is asked for", 80.0, turn=True)
        )
    told = [label for b, _, _ in heard for _, label in entries(b.text)]
    keyed = Signal.ASKS_HELPED in signals and any(denies(s, label) for label in told)
    if Signal.ASKS_HELPED in signals and not options and not keyed:
        text = conversation.lines.not_helped
        if not any(x.get("text") == text for x in said):
            moves.append(
                Move(({"do": "say", "text": text},), 0.7, 0, "not_helpful", "it did not help", 60.0, turn=True)
            )
    for b, _, _ in reversed(heard):
        if (key := told_key(s, b.text)) and not any(x.get("text") == key for x in said):
            by_key: Step = {"do": "say", "text": key}
            moves.append(Move((by_key,), 0.0, 0, "ask_human", "the key for a person is told", 100.0, turn=True))
            break
        menu_entries = entries(b.text)
        asked = conversation.state.asked_now
        if menu_entries and not asked and ZERO not in [key for key, _ in menu_entries]:
            zero: Step = {"do": "say", "text": ZERO}
            why = "zero leads to a person in many menus"
            moves.append(Move((zero,), 2.0, 0, "option", why, 20.0, turn=True, unlikely=True))
        for number, (key, label) in enumerate(menu_entries):
            r = s.reader.control(label, s.locale)
            step: Step = {"do": "say", "text": key}
            if r.signal == ControlClass.ASK_HUMAN and r.certainty >= SURE:
                moves.append(Move((step,), 0.0, 0, r.signal, f"“{label[:40]}” of a numbered menu", 100.0, turn=True))
            elif r.signal in ("back", "login", "call", "email", "leave_message"):
                continue
            elif keyed and denies(s, label):
                moves.append(Move((step,), 0.7, 0, "not_helpful", "it did not help", 60.0, turn=True))
            elif s.says("other_option", label):
                moves.append(Move((step,), 1.0, 0, "option", f"“{label[:40]}”: nearest to «other»", 50.0, turn=True))
            else:
                why = f"“{label[:40]}” of a numbered menu"
                guess = 0.6 + BRANCH * number if asked else 2.2  # what the request for a person was answered with
                moves.append(Move((step,), guess, 0, "option", why, 30.0, turn=True, unlikely=True))
        if menu_entries:
            break
    return moves
