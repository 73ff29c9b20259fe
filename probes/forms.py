"""Pre-chat forms: filling one that asks only for name, e-mail, topic with the declared contact, and sending it.

A form that asks for more is a wall (walls.py); nothing personal is ever invented.
"""

from __future__ import annotations

from dataclasses import replace

from tohuman.results.events import Step

from . import deadlines as d
from .gates import barred, gate_of
from .session import Session
from .shopper import NotPressable, Shopper
from .sight import Control, Field, Sight, element
from .walls import Form, is_login, record_fields


def value_for(s: Session, f: Field) -> str | None:
    """What goes into a field: the declared contact or the scenario; None when it must stay empty."""
    if f.kind == "email":
        return s.contact["email"]
    if f.kind == "name":
        return s.contact["name"]
    if f.kind in ("tel", "password", "file", "date"):
        return None
    lines = s.reader.lines(s.locale)
    if f.kind == "textarea":
        return lines.scenarios.get(s.scenario) or lines.scenarios["general"]
    if gate_of(s, f):
        return None
    if s.says("name_field", f.label):
        return s.contact["name"]
    if s.says("email_field", f.label):
        return s.contact["email"]
    return s.contact["name"] if not s.says("topic_field", f.label) else lines.scenarios["general"]


def asks_contact(s: Session, form: Form) -> bool:
    """Does the form ask for who one is, at most for a topic beside, and for nothing else that must be given?"""
    marked = any(f.required for f in form.fields)
    who = [f for f in form.fields if f.kind in ("name", "email") or says_who(s, f)]
    # a free text makes a letter-box of it even where it may stay empty: never sent (method 5)
    rest = [f for f in form.fields if f not in who and (f.required or not marked or f.kind in ("textarea", "password"))]
    return bool(who) and all(
        f.kind in ("select", "radio", "checkbox") or (f.kind == "text" and s.says("topic_field", f.label)) for f in rest
    )


def says_who(s: Session, f: Field) -> bool:
    return f.kind == "text" and (s.says("name_field", f.label) or s.says("email_field", f.label))


def may_fill(s: Session, form: Form, around: str, *, promised: bool = False) -> bool:
    """Does the form say that a chat starts, and ask only for a contact, so that it may be filled and sent?

    A plain «submit» is believed only beside name and e-mail, or where the words around say that a chat begins; a free
    text only where the submit itself does: a letter-box is never sent, a log-in never tried. `promised`: the form came
    where a press had promised a chat; then any submit is believed of a form that asks only who one is.
    """
    if consents(s, form):
        return True
    if (
        is_login(form)
        or not form.submits
        or not any(f.kind in ("text", "email", "name", "textarea") for f in form.fields)
    ):
        return False
    if any(f.required and f.kind in ("password", "date") for f in form.fields) or barred(s, form.fields):
        return False
    names = [c.name for c in form.submits if c.name]
    if any(s.reader.control(name, s.locale).signal in ("open_chat", "ask_human") for name in names):
        return True
    if promised and asks_contact(s, form):
        return True
    if any(f.kind == "textarea" for f in form.fields) or not any(s.says("start_chat", name) for name in names):
        return False
    kinds = form.kinds() | {"name" for f in form.fields if s.says("name_field", f.label)}
    return {"name", "email"} <= kinds or s.reader.notice(around[:600], s.locale).signal == "prechat_form"


def begins(s: Session, c: Control) -> bool:
    """Does the control's name say that it begins the chat?"""
    return s.says("start_chat", c.name) or s.reader.control(c.name, s.locale).signal in ("open_chat", "ask_human")


def consents(s: Session, form: Form) -> bool:
    """Nothing but boxes to tick before the chat begins: one is required, or its button can not be pressed before."""
    starts = [c for c in form.submits if c.name and begins(s, c)]
    if not starts or form.kinds() != {"checkbox"}:
        return False
    return any(f.required for f in form.fields) or all(c.disabled for c in starts)


def is_prechat(s: Session, sight: Sight, form: Form, *, promised: bool = False) -> bool:
    """Is it a pre-chat form that may be filled, by its own words and those around it?"""
    own = form.fields[0].frame is not sight.page.main_frame
    return may_fill(s, form, " ".join(sight.frame_texts) if own else sight.text, promised=promised)


def expected(s: Session, form: Form) -> list[Field]:
    """The fields a person fills in before sending: those that are marked; where none is, what is written into, unless
    it is said to be optional: nobody can know that a form without marks takes empty ones."""
    if any(f.required for f in form.fields):
        return [f for f in form.fields if f.required]
    open_ones = [f for f in form.fields if f.kind in ("text", "email", "name", "textarea")]
    return [f for f in open_ones if value_for(s, f) is not None and not s.says("optional_field", f.label)]


def wanted(form: Form, filled: set[int]) -> Form:
    """The form with what had to be filled in as required, marked or not."""
    return Form([replace(f, required=f.required or f.id in filled) for f in form.fields], form.submits)


async def put_in(shopper: Shopper, f: Field) -> bool:
    """Fill in one field. False: nothing may stand there, or it would not take it."""
    s = shopper.s
    handle = await element(f.frame, f.id)
    if handle is None:
        return True
    if f.kind in ("radio", "checkbox"):
        await d.within(d.PRESS, handle.check(timeout=2000))
        return True
    if f.tag == "select":
        choice = next((o for o in f.options if s.says("other_option", o)), f.options[-1] if f.options else None)
        if choice is not None:
            await d.within(d.PRESS, handle.select_option(label=choice, timeout=2000))
        return choice is not None or not f.required
    value = value_for(s, f)
    return value is not None and await shopper.put(f.frame, f.id, value)


async def ready_to_send(shopper: Shopper, form: Form) -> list[Control]:
    """The form's submits that can be pressed now; a form drawn anew has new ones. Where one of them begins the chat, a
    button beside it is none."""
    fresh = await shopper.look()
    submits = {i for f in fresh.fields if f.id == form.fields[0].id for i in f.submits} or {c.id for c in form.submits}
    frame = form.fields[0].frame
    mine = [c for c in fresh.controls if c.frame is frame and c.id in submits]
    starts = [c for c in mine if c.name and begins(shopper.s, c)] if form.kinds() == {"checkbox"} else []
    return [c for c in starts or mine if not c.disabled]


async def fill_prechat(shopper: Shopper, sight: Sight, form: Form, *, promised: bool = False) -> int | None:
    """Fill and submit; the submit's gesture number, or None when this is no pre-chat form that may be filled."""
    s = shopper.s
    if not is_prechat(s, sight, form, promised=promised):
        return None
    filled: set[int] = set()
    for f in expected(s, form):
        if not await put_in(shopper, f):
            return None
        filled.add(f.id)
    ready = await ready_to_send(shopper, form)
    # while it can not be sent, something without a mark is wanted as well: a consent first, a choice, then words
    order = {"checkbox": 0, "select": 1, "radio": 2}
    for f in sorted((x for x in form.fields if x.id not in filled), key=lambda x: order.get(x.kind, 3)):
        if ready or not form.submits:
            break
        chosen = f.kind == "radio" and any(x.kind == "radio" and x.id in filled for x in form.fields)
        if not chosen and await put_in(shopper, f):
            filled.add(f.id)
            ready = await ready_to_send(shopper, form)
    record_fields(s, wanted(form, filled), "way", s.page_names.get(sight.page, ""), filled=filled)
    s.emit(Step(state="form", rule="form", action="fill", detail=f"{len(filled)} of {len(form.fields)} fields"))
    ready.sort(
        key=lambda c: (
            s.reader.control(c.name, s.locale).signal not in ("open_chat", "ask_human"),
            not s.says("start_chat", c.name),
            not c.submit,
        )
    )
    for control in ready[:2]:
        try:
            return (await shopper.press(control)).gesture
        except NotPressable:
            continue
    return None
