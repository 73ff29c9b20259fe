"""Pre-chat forms: filling one that asks only for name, e-mail, topic with the declared contact, and pressing its submit.

A form that asks for more is a wall (walls.py); nothing personal is ever invented.
"""

from __future__ import annotations

from tohuman.results.events import Step

from .session import Session
from .shopper import NotPressable, Shopper
from .sight import Field, Sight, element
from .walls import Form, is_login, record_fields, starts_chat


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
    if s.reader.message(f.label, s.locale).values.get("gate"):
        return None
    if s.reader.says("name_field", f.label, s.locale):
        return s.contact["name"]
    if s.reader.says("email_field", f.label, s.locale):
        return s.contact["email"]
    return s.contact["name"] if not s.reader.says("topic_field", f.label, s.locale) else lines.scenarios["general"]


async def fill_prechat(shopper: Shopper, sight: Sight, form: Form) -> int | None:
    """Fill and submit; the submit's gesture number, or None when this is no pre-chat form that may be filled."""
    s = shopper.s
    if is_login(form) or not starts_chat(form, s):
        return None
    needed = [f for f in form.fields if f.required or f.kind not in ("tel",)]
    if any(
        f.kind in ("tel", "file", "password") or s.reader.message(f.label, s.locale).values.get("gate")
        for f in form.fields
        if f.required
    ):
        return None
    filled: set[int] = set()
    for f in needed:
        if f.kind in ("radio", "checkbox"):
            if f.required and f.id not in filled:
                handle = await element(f.frame, f.id)
                if handle is not None:
                    await handle.check(timeout=2000)
                    filled.add(f.id)
            continue
        if f.kind == "select" or f.tag == "select":
            choice = next(
                (o for o in f.options if s.reader.says("other_option", o, s.locale)),
                f.options[-1] if f.options else None,
            )
            handle = await element(f.frame, f.id)
            if handle is not None and choice is not None and f.required:
                await handle.select_option(label=choice, timeout=2000)
                filled.add(f.id)
            continue
        if not f.required and f.kind not in ("email", "name", "text", "textarea"):
            continue
        value = value_for(s, f) if f.required else None
        if value is not None and await shopper.put(f.frame, f.id, value):
            filled.add(f.id)
    record_fields(s, form, "way", s.page_names.get(sight.page, ""), filled=filled)
    s.emit(Step(state="form", rule="form", action="fill", detail=f"{len(filled)} of {len(form.fields)} fields"))
    fresh = await shopper.look()
    submits = {i for f in fresh.fields if f.id == form.fields[0].id for i in f.submits} or {c.id for c in form.submits}
    for control in fresh.controls:
        if control.disabled or control.frame is not form.fields[0].frame or control.id not in submits:
            continue
        if (
            s.reader.says("start_chat", control.name, s.locale)
            or control.submit
            or s.reader.control(control.name, s.locale).signal in ("open_chat", "ask_human")
        ):
            try:
                return (await shopper.press(control)).gesture
            except NotPressable:
                continue
    return None
