"""Walls on a page: what stands behind a control that promised a person — a form, a log-in, a telephone number, an app.

Judges one view by its fields, links and the lines that appeared; presses nothing. The conversation's own walls are read
in conversation.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tohuman.results.events import Finding, FormField
from tohuman.results.vocabulary import Barrier, Outcome, Signal

from .gates import barred, gate_of
from .protocol import GATE_BARRIER
from .session import Session
from .sight import Control, Field, Sight

#: A line of a page is further from a statement to this visitor than a message is.
PAGE_SURE = 0.7
APP_SCHEMES = re.compile(r"^(?!https?:|mailto:|tel:|sms:|javascript:|about:|data:|blob:|#)[a-z][a-z0-9+.-]{2,}:", re.I)
STORES = re.compile(
    r"^https?://(apps\.apple\.com|itunes\.apple\.com|play\.google\.com/store|appgallery\.huawei\.com|a\.app\.qq\.com|sj\.qq\.com)",
    re.I,
)


@dataclass
class Form:
    """The fields of one form (or one group of fields without a form element) in the view."""

    fields: list[Field]
    submits: list[Control] = field(default_factory=list)

    def kinds(self) -> set[str]:
        return {f.kind for f in self.fields}


@dataclass
class Wall:
    outcome: Outcome
    gate: str = ""
    to: str = ""
    text: str = ""
    form: Form | None = None
    of: int = 0


def forms(sight: Sight) -> list[Form]:
    """The view's forms, search boxes and the message box left out."""
    groups: dict[tuple[int, int, bool], list[Field]] = {}
    for f in sight.fields:
        if f.search or f.box or f.disabled or f.region in ("header", "nav", "search"):
            continue
        groups.setdefault((id(f.frame), f.group, f.place in ("log", "between")), []).append(f)
    out = []
    for (frame, _, _), fields in groups.items():
        ids = {i for f in fields for i in f.submits}
        out.append(Form(fields, [c for c in sight.controls if id(c.frame) == frame and c.id in ids]))
    return out


def is_login(form: Form) -> bool:
    return "password" in form.kinds()


def starts_chat(form: Form, s: Session) -> bool:
    """Does a submit of the form say that a chat with somebody starts?"""
    return any(s.reader.control(c.name, s.locale).signal in ("open_chat", "ask_human") for c in form.submits if c.name)


def writes_message(form: Form) -> bool:
    """Name or address beside a free text: a letter-box."""
    texts = [f for f in form.fields if f.kind == "textarea"]
    return bool(texts) and (len(form.fields) > 1 or len(form.submits) > 0)


def record_fields(s: Session, form: Form, where: str, page: str = "", *, filled: set[int] | None = None) -> None:
    """Journal the values a form asks for."""
    if not page and form.fields:
        page = s.page_names.get(form.fields[0].frame.page, "")
    for f in form.fields:
        if f.kind in ("radio",) and any(
            g is not f
            and g.kind == "radio"
            and g.form == f.form
            and g.required
            and form.fields.index(g) < form.fields.index(f)
            for g in form.fields
        ):
            continue
        kind = {"tel": "phone", "textarea": "message", "password": "login", "select": "topic"}.get(f.kind, f.kind)
        s.emit(
            FormField(
                label=f.label,
                kind=kind,
                required=f.required,
                filled=f.id in (filled or set()),
                where="wall" if where == "wall" else "way",
                page=page,
            )
        )


def lines(text: str, limit: int = 60) -> list[str]:
    """The lines of a view worth reading: short enough to be a statement."""
    out: list[str] = []
    for line in text.split("\n"):
        line = line.strip()
        if 3 <= len(line) <= 320 and line not in out:
            out.append(line)
            if len(out) >= limit:
                break
    return out


def bars(s: Session, form: Form) -> tuple[Field, str] | None:
    """The field of a form on a contact page that nobody of ours comes past, with its gate.

    A form that neither begins a chat nor asks who one is (it tracks a parcel) bars the way only where the field says so
    by itself; a field in words we do not have only where the form begins a chat.
    """
    bar = barred(s, form.fields)
    if bar is None or starts_chat(form, s):
        return bar
    named = gate_of(s, bar[0])
    who = any(f.kind == "name" or s.says("name_field", f.label) for f in form.fields)
    demands = bar[0].kind == "tel" or bool(s.reader.notice(bar[0].label, s.locale).values.get("gate"))
    return bar if demands or (named and who) else None


#: Letters of a link that is a card with a text of its own, and of a line that can be known for a part of it.
CARD, PART = 24, 12


def judge(s: Session, sight: Sight, before: set[str], *, contact: bool) -> list[Wall]:
    """The walls this view shows, in the method's order not sorted. `before`: lines that stood on the previous view.

    `contact`: the view was reached through a control that promised a person or a contact, so that a form or a number
    standing there is the way's end and not decoration.
    """
    walls: list[Wall] = []
    for form in forms(sight):
        if is_login(form):
            walls.append(Wall(Outcome.GATED, gate="login", form=form, text=sight.title))
        elif contact and writes_message(form) and not starts_chat(form, s):
            walls.append(Wall(Outcome.MESSAGE_FORM, form=form, text=" / ".join(f.label for f in form.fields)[:200]))
        elif contact and (bar := bars(s, form)) is not None:
            walls.append(Wall(Outcome.GATED, gate=bar[1], form=form, text=bar[0].label))
    if not contact:
        return walls
    everything = "\n".join([sight.text, sight.all_text])
    # what a link is called is told on its own page
    links = [c.name for c in sight.controls if c.href.startswith("http")]
    labels = {f.label for f in sight.fields} | set(links)
    cards = [name for name in links if len(name) >= CARD]
    tiles = [c.name for c in sight.controls if not c.disabled and len(c.name) >= CARD]
    fresh = [
        line
        for line in lines(everything, 200)
        if line not in before and line not in labels and not any(line in card for card in cards if len(line) >= PART)
    ]
    for line in fresh[:60]:
        r = s.reader.notice(line, s.locale)
        if r.certainty < PAGE_SURE:
            continue
        if r.signal in (Signal.CLOSED, Signal.GATED, Signal.MESSAGE_FORM, Signal.DIVERTED, Signal.NO_HUMAN):
            outcome = {
                Signal.CLOSED: Outcome.CLOSED,
                Signal.GATED: Outcome.GATED,
                Signal.MESSAGE_FORM: Outcome.MESSAGE_FORM,
                Signal.DIVERTED: Outcome.DIVERTED,
                Signal.NO_HUMAN: Outcome.DEAD_END,
            }[Signal(r.signal)]
            if (
                outcome is Outcome.MESSAGE_FORM
                and not any(w.outcome is Outcome.MESSAGE_FORM for w in walls)
                and not any(f.kind == "textarea" for f in sight.fields)
            ):
                continue  # talk about a form that is not here
            if outcome is Outcome.GATED and len(line) >= PART and any(line in tile for tile in tiles):
                continue  # what a choice says of itself bars no other
            walls.append(Wall(outcome, gate=str(r.values.get("gate", "")), to=str(r.values.get("to", "")), text=line))
    for c in sight.controls:
        # a card that tells a whole sentence about e-mail offers none
        cls = s.reader.control(c.label, s.locale).signal if 0 < len(c.label) <= 48 else ""
        if (c.region in ("header", "nav") and not c.href.startswith("tel:")) or s.says("sales", c.label):
            continue  # a shop's own telephone for buyers is no way on for who has a problem
        if c.href.startswith("tel:") or (cls == "call" and c.region != "footer"):
            walls.append(Wall(Outcome.DIVERTED, to="phone", text=c.label))
        elif c.href.startswith("mailto:") or (cls == "email" and c.region != "footer"):
            walls.append(Wall(Outcome.DIVERTED, to="email", text=c.label))
        elif (c.href and APP_SCHEMES.match(c.href)) or STORES.match(c.href):
            walls.append(Wall(Outcome.DIVERTED, to="app", text=c.label))
    return walls


def journal_wall(s: Session, wall: Wall, of: list[int], where: str = "") -> int:
    """Journal a wall: its fields, the finding, and the barrier it shows."""
    if wall.form is not None:
        record_fields(s, wall.form, "wall", where)
    n = s.emit(
        Finding(
            finding="wall",
            outcome=wall.outcome.value,
            gate=wall.gate,
            to=wall.to,
            of=[n for n in of if n],
            text=wall.text[:300],
        )
    )
    if wall.outcome is Outcome.GATED and wall.gate in GATE_BARRIER:
        s.barrier(GATE_BARRIER[wall.gate].value, [n], wall.text)
    elif wall.outcome is Outcome.CLOSED:
        s.barrier(Barrier.CLOSED_HOURS.value, [n], wall.text)
    elif wall.outcome is Outcome.DIVERTED and wall.to in ("app", "mini_program"):
        s.barrier(Barrier.APP_ONLY.value, [n], wall.text)
    return n
