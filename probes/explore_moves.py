"""The moves of a page: which controls of a view, and which forms, are worth trying.

Each with the actions thought to remain after it and the reason; nothing is pressed here.
"""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import replace

from tohuman.results.vocabulary import ControlClass

from .alike import norm
from .asked import CHOOSES, folds
from .choosing import CHATS, WAYS, Shared, begins_chat, score, shared, titled, to_heading
from .explore_state import Memory, Move, Step, control_key, shape, told
from .forms import asks_contact, consents, expected
from .gates import barred
from .leading import about_people, own_tab, same_site
from .meant import fits
from .obstacles import kind_of
from .protocol import SURE
from .session import Session
from .sight import Control, Sight, plain_address
from .walls import Form, forms, is_login, starts_chat

#: Actions thought to remain after a press of this class, and the least there can be.
AHEAD: dict[str, tuple[float, int]] = {
    ControlClass.ASK_HUMAN: (0.4, 0),
    ControlClass.OPEN_CHAT: (1.0, 0),
    ControlClass.CONTACT: (1.6, 0),
    ControlClass.NOT_HELPFUL: (1.8, 1),
    ControlClass.LEAVE_MESSAGE: (2.2, 0),
    ControlClass.HELP_CENTRE: (2.2, 1),
}
MORE = (2.2, 1)  # opens what is hidden on this page
TOPIC = (2.4, 1)  # a topic that means «other»
ASKED = (1.4, 0)  # the same, where a press that promised somebody was answered with a choice of topics
LEADS = (3.0, 1)  # a link of the main part
CHROME = (3.6, 1)  # a link of header, menu, footer
SALES = (12.0, 8)  # who sells is a person too, asked only where nobody else is found
ACCOUNT = (9.0, 6)  # where one logs in: what stands behind it, or the wall, where nothing nearer is found
FOLDED = (2.0, 1)  # what a page that was promised to be about contact folds away, unless it answers a question
OTHER = "means «other»"
HIDDEN = "opens what is hidden here"
#: The page's own search, asked for the scenario: what it brings may offer a chat under the results.
SEARCH = (2.6, 1)
NEVER = ("login", "call", "email", "back", "search")
OPENERS = ("tab", "menuitem", "treeitem", "summary")
ROLES = {
    "button", "link", "tab", "menuitem", "option", "radio", "checkbox", "switch", "treeitem", "combobox",
    "listbox", "textbox", "searchbox", "img", "heading", "dialog", "log",
}  # fmt: skip
MAX_MOVES = 160
#: Buttons of one name on one page that are told apart.
SAME_NAME = 3


#: Where a control stands among those a step of its name and role could mean, counted once for a view.
Ranks = dict[tuple[str, str], dict[int, int]]


def press_step(sight: Sight, c: Control, ranks: Ranks) -> Step:
    """The step that names this control so that a person, and informed.py, finds this one and no other."""
    step: Step = {"do": "press", "role": c.role if c.role in ROLES else "generic", "name": c.label}
    if c.place == "outside":
        key = (norm(c.label), str(step["role"]))
        if key not in ranks:
            alike = [x for x in sight.namesakes[key[0]] if not x.disabled and x.place == "outside" and fits(x, step)]
            ranks[key] = {id(x): n for n, x in enumerate(alike, 1)}
        rank = ranks[key].get(id(c), 1)
        if rank > 1:
            step["nth"] = rank
    return step


def page_moves(
    s: Session,
    sight: Sight,
    old: set[tuple[str, str]] | None = None,
    *,
    promised: bool = False,
    asked: bool = False,
) -> list[Move]:
    """What could be pressed in this view, the likeliest first. `old`: the controls the view before had already; moves
    with them are marked as known. `promised`: the last press promised a chat or a person. `asked`: a person was asked
    for in the conversation that stands here."""
    moves: list[Move] = []
    here = plain_address(sight.url)
    seen: Tally[tuple[str, str, str]] = Tally()
    ranks: Ranks = {}
    words, own = shared(sight), own_tab(s, sight, set())
    filled = [
        (form, form_move(s, sight, form, promised=promised, asked=asked))
        for form in forms(sight)
        if not in_the_way(s, sight, form)
    ]
    sends = {id(c) for form, move in filled for c in form.submits if move is not None or (c.submit and c.form)}
    for c in sight.controls:
        if id(c) in sends:
            continue  # pressed with its form filled, or not at all
        if c.place != "outside" or c.disabled or c.tag == "iframe" or (c.submit and not _leads(s, c)):
            continue
        move = _move(s, sight, c, here, ranks, words, own)
        if promised and (move is None or move.unlikely) and (old is None or control_key(c) not in old):
            begins = begins_chat(s, c)
            if begins is not None:
                guess, least = AHEAD[begins.cls]
                step = press_step(sight, c, ranks)
                move = Move((step,), guess, least, begins.cls, begins.why[0], begins.score)
        if move is None:
            continue
        if promised and move.why == OTHER and not move.href and (old is None or control_key(c) not in old):
            guess, least = ASKED
            move = replace(move, guess=guess, least=least, unlikely=False)
        elif promised and move.why == HIDDEN and folds(s, c) and (old is None or control_key(c) not in old):
            guess, least = FOLDED
            move = replace(move, guess=guess, least=least)
        same = (c.role, norm(c.label), move.href)
        seen[same] += 1
        if seen[same] > (1 if move.href else SAME_NAME):
            continue
        moves.append(replace(move, known=True) if old is not None and control_key(c) in old else move)
    moves += [move for _, move in filled if move is not None]
    moves.sort(key=lambda m: (m.guess, -m.score))
    return moves[:MAX_MOVES]


def search_move(sight: Sight) -> Move | None:
    """The search field of this view, if it has one that can be named."""
    for f in sight.fields:
        name = f.label or f.hint
        if f.search and name and f.tag != "select" and not f.disabled and not f.box and f.overlay == -1:
            step: Step = {"do": "search", "role": "searchbox", "name": name, "scenario": True}
            guess, least = SEARCH
            return Move((step,), guess, least, ControlClass.SEARCH, "the page's own search")
    return None


def in_the_way(s: Session, sight: Sight, form: Form) -> bool:
    """Does the form stand in an obstacle: a newsletter asks for an address too."""
    overlays = {f.overlay for f in form.fields}
    return -1 not in overlays and all(kind_of(s, sight.overlays[i]) for i in overlays)


def _leads(s: Session, c: Control) -> bool:
    """A submit button that is a way of its own (a form of nothing but this button)."""
    r = s.reader.control(c.label, s.locale)
    return r.signal in WAYS and r.certainty >= SURE


def _move(
    s: Session, sight: Sight, c: Control, here: str, ranks: Ranks, words: Shared, own: Control | None
) -> Move | None:
    page = c.href.startswith("http")
    target = plain_address(c.href) if page else ""
    route = "#/" in target or "#!" in target
    inside = page and target.split("#")[0] == here.split("#")[0] and not route
    if page and not c.href.endswith("#") and target == here and "#" not in c.href:
        return None
    if c.href and not page and not c.href.startswith("javascript:"):
        return None  # tel:, mailto:, an app: a wall, judged where it stands
    href = target if page and not inside and not c.href.endswith("#") else ""
    chrome = c.region in ("header", "nav", "footer", "menu", "aside")
    scored = score(s, sight, c)
    label = c.label
    if scored is None:
        scored = titled(s, c, words) if c.prose else None
    elif to_heading(sight, c, scored.cls):
        scored = None
    if scored is not None and scored.cls in AHEAD:
        guess, least = AHEAD[scored.cls]
        guess += max(0.0, (80.0 - scored.score) / 200.0) if scored.cls == ControlClass.OPEN_CHAT else 0.0
        if not label and scored.cls == ControlClass.OPEN_CHAT:
            guess += 0.3
        return Move(
            (press_step(sight, c, ranks),), guess, least, scored.cls, "; ".join(scored.why), scored.score, href,
            address=c.href, unlikely=scored.cls not in WAYS,
        )  # fmt: skip
    if c.why == "bare" or (c.expanded == "true" and not href):
        return None
    if not href and label and norm(label) in {norm(h) for h in sight.headings[:1]}:
        return None  # the page's own title leads to where one is
    if not label or s.says("rating", label) or s.says("close", label):
        return None
    if s.says("sales", label):
        if not (href and same_site(sight.url, c.href)) and c.role not in ("button", "link"):
            return None
        guess, least = SALES
        step = press_step(sight, c, ranks)
        return Move((step,), guess, least, "other", "about buying", 0.0, href, c.href, unlikely=True)
    r = s.reader.control(label, s.locale)
    more = s.says("show_more", label)  # «menu» also leads back where a menu was
    folded = not href and (c.expanded == "false" or (c.role in OPENERS and c.selected != "true"))
    mine = folded and s.says("customer", c.lead or label)  # «existing customers» may read like a way to log in
    never = r.signal in NEVER and r.certainty >= SURE and not (more or mine or c is own)
    if never and not (r.signal == ControlClass.LOGIN and href and same_site(sight.url, c.href)):
        return None
    if never:
        guess, least, why = *ACCOUNT, "where one logs in"
    elif more:
        guess, least, why = *MORE, "shows more"
    elif folded:
        guess, least, why = *MORE, HIDDEN
        guess += 0.6 if not chrome else 0.9
        if not chrome and (mine or s.says("other_option", c.lead or label)):
            guess, least, why = *TOPIC, OTHER
    elif s.says("other_option", c.lead or label):
        guess, least, why = *TOPIC, OTHER
    elif href:
        if not same_site(sight.url, c.href):
            return None
        guess, least, why = *(CHROME if chrome else LEADS), "leads on inside the site"
    elif inside or c.href:
        # a link to nowhere is a button made of a link; one to a part of this page seldom leads anywhere
        guess, least, why = *CHROME, "a link that stays on this page"
        guess += -0.2 if c.href.endswith(("#", ";", ":void(0)")) else 0.8
    elif c.role in ("button", "") and not c.submit and len(label) <= (24 if chrome else 60):
        guess, least, why = *CHROME, "a button that says nothing known"
        guess += 0.6 if chrome else 0.0
    else:
        return None
    if c is own or (chrome and s.says("own_area", label)):
        guess -= 1.0  # an app keeps its service with what is the visitor's own
    near = about_people(s, label) if href else 2
    if near < 2:
        guess -= 0.8 - 0.4 * near  # an article about reaching somebody
    if r.signal in (ControlClass.HELP_CENTRE, ControlClass.CONTACT) or c.prose:
        guess += 0.3 if c.prose else -0.4
    return Move((press_step(sight, c, ranks),), guess, least, "other", why, 0.0, href, c.href, unlikely=True)


def hand_in(sight: Sight, c: Control) -> Move:
    """The press that hands in a form of lists in which everything has been chosen."""
    guess, least = ASKED
    return Move((press_step(sight, c, {}),), guess, least, ControlClass.CONTACT, "hands in what was asked", 60.0)


#: The most that what stands out among pages of one template waits for being one of many.
STANDS_OUT = 0.6


def crowding(memory: Memory, move: Move) -> float:
    """Pages of one template, and buttons of one name, wait longer the more of them are on the list already."""
    if move.cls in CHATS and move.href and not move.turn:
        return 0.0
    if move.href:
        alike = memory.shapes[shape(move.href)]
        if move.cls in AHEAD or move.guess < LEADS[0]:  # among many articles the one whose title stands out
            return min(STANDS_OUT, 0.15 * alike) if alike > 3 else 0.0
        return 0.22 * alike
    step = move.steps[-1]
    if move.turn:  # what was of no use once is likely to be of none again
        return min(2.4, 0.8 * memory.turned[told(step)])
    if move.cls == ControlClass.NOT_HELPFUL:  # what it brings may differ from article to article
        return 0.15 * memory.labels[(str(step.get("role")), norm(str(step.get("name"))))]
    alike = memory.families[family(step)] if move.unlikely else 0
    return 0.8 * memory.labels[(str(step.get("role")), norm(str(step.get("name"))))] + 0.3 * max(0, alike - 1)


def family(step: Step) -> tuple[str, str]:
    """What the buttons of rows alike share («Add … to my list»): the role, how the name begins and how it ends."""
    name = norm(str(step.get("name")))
    ends = f"{name[:2]}…{name[-2:]}" if len(name) >= 6 else name
    return str(step.get("role")), ends


def form_move(s: Session, sight: Sight, form: Form, *, promised: bool = False, asked: bool = False) -> Move | None:
    """A pre-chat form that asks only for what may be given: filling it and pressing its submit is one click."""
    card = form.fields[0].place in ("log", "between")  # its submit is a turn
    promised = promised or (card and (asked or any(s.says("start_chat", c.name) for c in form.submits)))
    believed = (
        consents(s, form)
        if form.kinds() == {"checkbox"}
        else starts_chat(form, s) or (promised and asks_contact(s, form))
    )
    if is_login(form) or not believed or not form.submits:
        return None
    if form.kinds() <= CHOOSES and all(f.filled for f in form.fields if f.kind != "checkbox") and not consents(s, form):
        return None  # answered already: what is pressed next is a control like any other
    steps: list[Step] = []
    expects = expected(s, form)
    if barred(s, form.fields) or any(f.required and f.kind in ("password", "date") for f in form.fields):
        return None
    for f in form.fields:
        if f not in expects or f.kind in ("radio", "checkbox"):
            continue
        contact = "email" if f.kind == "email" else "name" if f.kind == "name" or s.says("name_field", f.label) else ""
        if not contact:
            contact = "topic" if f.kind in ("textarea", "select") or s.says("topic_field", f.label) else "name"
        role = "combobox" if f.tag == "select" else "textbox"
        steps.append({"do": "fill", "role": role, "name": f.label, "contact": contact})
    if not steps:
        first = form.fields[0]
        steps = [{"do": "fill", "role": "textbox", "name": first.label, "contact": "name"}]
    send = next(
        (
            c
            for c in form.submits
            if s.says("start_chat", c.name) or s.reader.control(c.name, s.locale).signal in ("open_chat", "ask_human")
        ),
        form.submits[0],
    )
    steps.append({"do": "press", "role": send.role if send.role in ROLES else "generic", "name": send.label})
    return Move(
        tuple(steps), 0.5 if card else 1.0, 0, ControlClass.OPEN_CHAT, "a form before the chat", 90.0,
        turn=card, fields=len(expects),
    )  # fmt: skip
