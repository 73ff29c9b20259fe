"""What a field of a form asks for that no visitor of ours may give (method §5), by the words of its label.

Fills nothing (forms.py) and tells no wall (walls.py).
"""

from __future__ import annotations

import re

from .session import Session
from .sight import Field

#: What the reader finds named in a label, and the gate that asks for it.
NAMED = {"order_no": "order", "identity": "identity", "evidence": "evidence", "phone_number": "phone"}
_HINT = re.compile(r"[*\n(（:：]|(?<=[.!?。])\s")
#: The gate of what must be given and is neither name, e-mail nor topic, whatever it is called.
UNKNOWN = "identity"


def gate_of(s: Session, f: Field) -> str:
    """The gate a field stands for, were it required: order, identity, phone, …; '' for what may be given, and for what
    is not known."""
    if f.kind in ("tel", "file"):
        return "phone" if f.kind == "tel" else "evidence"
    if told := s.reader.notice(f.label, s.locale).values.get("gate"):
        return str(told)
    if f.kind in ("email", "name", "textarea") or names_contact(s, f):
        return ""
    named = s.reader.mentions(called(f), s.locale)
    return next((gate for concept, gate in NAMED.items() if concept in named), "")


def names_contact(s: Session, f: Field) -> bool:
    """Does the label ask for the name, the e-mail address or the topic?"""
    return any(s.says(kind, called(f)) for kind in ("name_field", "email_field", "topic_field"))


def called(f: Field) -> str:
    """What the field is called, without the hint behind it («order number * you find it in your e-mail»)."""
    parts = [part.strip() for part in _HINT.split(f.label)]
    return next((part for part in parts if part), f.label)


def barred(s: Session, fields: list[Field]) -> tuple[Field, str] | None:
    """The first field of a form that must be filled and may not be, with its gate.

    A line that says nothing known may be the name, in words we do not have; not beside one that surely asks for it.
    """
    required = [f for f in fields if f.required]
    for f in required:
        if gate := gate_of(s, f):
            return f, gate
    strange = [f for f in required if f.kind == "text" and not names_contact(s, f)]
    if strange and any(f.kind == "name" or s.says("name_field", f.label) for f in fields):
        return strange[0], UNKNOWN
    return None
