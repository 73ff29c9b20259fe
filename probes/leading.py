"""What leads on where nothing reads like a way to a person: closed menus, topics, articles, the page above.

Which of them a person would take first is told by their titles; nothing is scored here, and nothing pressed.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from .options import pick_category
from .session import Session
from .sight import Control, Sight, plain_address

#: Pixels from the top in which a page keeps its menu.
TOP = 160.0

#: Share of the view's height below which the bar of an app's parts stands, the parts it has at least, and its share of
#: the view at most.
LOW, SEVERAL_TABS, SMALL = 0.85, 3, 0.2

#: What a page about service is called.
SERVICE = ("help_centre", "contact", "open_chat", "ask_human")

#: What a page that asks step by step says, and the pixels by which its answers may differ in size.
ASKING = ("asks_category", "asks_problem")
ALIKE = 6.0

Key = tuple[str, str, str]

#: What an article about reaching somebody is about, nearest first.
ABOUT = (
    frozenset({"agent", "person", "control_ask_human"}),
    frozenset({"desk", "control_open_chat", "control_contact", "chatting_with"}),
)

#: Concepts of a label that names whom one reaches.
DESK = frozenset({"agent", "person", "desk", "team"})


def about_people(s: Session, label: str) -> int:
    """How near a title comes to a person: 0 names staff, 1 the service or a chat, 2 neither."""
    touched = s.reader.mentions(label, s.locale)
    if "decoy" in touched or "not_person" in touched:
        return len(ABOUT)
    return next((n for n, near in enumerate(ABOUT) if near & touched), len(ABOUT))


def same_site(a: str, b: str) -> bool:
    """Do two addresses belong to one site (same host or one a sub-domain of the other's last two labels)?"""
    ha, hb = (urlsplit(x).hostname or "" for x in (a, b))
    if ha == hb or not ha or not hb:
        return True
    return ".".join(ha.split(".")[-2:]) == ".".join(hb.split(".")[-2:])


def leads_up(c: Control, here: str) -> bool:
    """A link to what this page is a part of («Help › Contact us»), by the path of its address."""
    to, at = urlsplit(c.href), urlsplit(here)
    if not c.href.startswith("http") or to.netloc != at.netloc or to.query:
        return False
    above = (to.path.rstrip("/") + "/" + to.fragment.strip("#!/")).rstrip("/") + "/"
    inside = (at.path.rstrip("/") + "/" + at.fragment.strip("#!/")).rstrip("/") + "/"
    return above != inside and inside.startswith(above)


def expanders(s: Session, sight: Sight, tried: set[Key], *, any_menu: bool = False) -> list[Control]:
    """Closed menus, accordions and «show more» of the view that have not been tried.

    Of the named menus of a header those that are about service; the others too where `any_menu` is given.
    """
    found = []
    here = plain_address(sight.url).split("#")[0]
    for c in sight.controls:
        if c.disabled or c.place != "outside" or c.key() in tried or c.overlay >= 0:
            continue
        nowhere = not c.href or c.href.endswith(("#", ":;", "void(0)", "void(0);"))
        menu = c.expanded == "false" and nowhere and (c.y < TOP or c.region in ("header", "nav"))
        if c.label and s.says("show_more", c.label):
            found.append(c)
        elif menu and c.role == "button" and not c.href and c.w <= 120:
            found.append(c)  # the menu behind three bars
        elif menu and c.role in ("button", "link", "menuitem", ""):
            about = about_people(s, c.label) < len(ABOUT) or s.says("service_topic", c.label)
            if not s.says("sales", c.label) and (about or any_menu or not any(ch.isalpha() for ch in c.shown)):
                found.append(c)

    def off(c: Control) -> bool:
        """«More of our bestsellers» shows nothing more here: it leads to a page of its own, about something else."""
        page = c.href.startswith("http") and plain_address(c.href).split("#")[0] != here
        near = about_people(s, c.label) < len(ABOUT) or s.says("service_topic", c.label)
        return page and not near

    return sorted(found, key=lambda c: (off(c), c.y < TOP, about_people(s, c.label), c.order))


def guided(s: Session, sight: Sight, tried: set[Key], *, begun: bool) -> Control | None:
    """The «something else» of a page that asks what it is about and is answered by buttons, step by step. None where
    nothing is asked, or by links alone: those are the topics of a help centre. `begun`: a step has been answered, and
    what follows asks in whatever words."""
    lines = [line for line in [*sight.headings[:4], *sight.text[:1200].split("\n")] if 3 < len(line) <= 120]
    if not begun and not any(s.reader.notice(line, s.locale).signal in ASKING for line in dict.fromkeys(lines)):
        return None
    answers = [
        c
        for c in sight.controls
        if c.place == "outside" and not c.href and not c.disabled and c.overlay < 0 and c.label
        if c.why in ("native", "role") and c.region not in ("header", "nav", "footer", "search") and c.expanded == ""
    ]

    def beside(c: Control) -> list[Control]:
        return [x for x in answers if abs(x.w - c.w) < ALIKE and abs(x.h - c.h) < ALIKE]

    for c in reversed(answers):
        if len(beside(c)) > 1 and c.key() not in tried and s.says("other_option", c.lead or c.label):
            return c
    groups = [group for c in answers if begun and c.key() not in tried and len(group := beside(c)) > 1]
    if len(answers) == 2 and (no := next((c for c in answers if s.says("no", c.lead or c.label)), None)) is not None:
        return no if begun and no.key() not in tried else None
    return pick_category(s, [c for c in max(groups, key=len) if c.key() not in tried]) if groups else None


def app_bar(s: Session, sight: Sight) -> list[Control]:
    """The bar at the lower edge that an app keeps its parts in, the visitor's own («Me») among them. Empty where the
    page has no such bar, and on pages that are about service themselves."""
    named = [sight.title, *sight.headings[:1]]
    if any(s.reader.control(name[:80], s.locale).signal in SERVICE for name in named if name):
        return []
    lowest = sight.viewport[1] * LOW
    bar = [
        c
        for c in sight.controls
        if c.place == "outside" and not c.disabled and c.y + c.h / 2 >= lowest and (c.fixed or c.region == "nav")
        if 0 < len(c.label) <= 24 and not c.covered and (c.overlay < 0 or sight.overlays[c.overlay].share < SMALL)
    ]
    beside = {round(c.y + c.h / 2, -1) for c in bar}
    if len(bar) < SEVERAL_TABS or len(beside) > 2 or not any(s.says("own_area", c.label) for c in bar):
        return []
    return bar


def own_tab(s: Session, sight: Sight, tried: set[Key]) -> Control | None:
    """«Me» in an app's bar: what is the visitor's own, and the service too, stands behind it."""
    return next((c for c in app_bar(s, sight) if c.key() not in tried and s.says("own_area", c.label)), None)


def inbox(s: Session, sight: Sight) -> set[Key]:
    """«Messages» in an app's bar: what sellers and friends have written, and no service, unless it names it."""
    return {c.key() for c in app_bar(s, sight) if DESK.isdisjoint(s.reader.mentions(c.label, s.locale))}


def articles(s: Session, sight: Sight, tried: set[Key], *, contact: bool = False) -> list[Control]:
    """Links of the main part that lead on inside the same site: topics and articles.

    Titles about reaching somebody first, then «other» and what is about service, links in running text last; pages that
    were seen are left out.
    `contact`: this page was promised to be about contact, so what it folds away comes before what leads off it.
    """
    found = []
    here = plain_address(sight.url).split("#")[0]
    seen = {address for address, _ in s.views}
    for c in sight.controls:
        if (
            c.disabled
            or c.place != "outside"
            or c.key() in tried
            or not c.label
            or c.region in ("header", "nav", "footer", "search", "menu", "aside")
            or c.overlay >= 0
        ):
            continue
        link = (
            c.href.startswith("http")
            and same_site(sight.url, c.href)
            and plain_address(c.href) != here
            and plain_address(c.href) not in seen
            and (plain_address(c.href).split("#")[0] != here or "#/" in c.href or "#!" in c.href)
        )
        opens = not c.href and c.role in ("button", "link", "tab", "summary") and c.expanded == "false"
        if not (link or opens):
            continue
        if (
            s.reader.control(c.label, s.locale).signal in ("login", "call", "email", "back", "search")
            or s.says("sales", c.label)
            or s.says("rating", c.label)
        ):
            continue
        found.append(c)

    def rank(c: Control) -> tuple[int, bool, bool, bool, int]:
        near = about_people(s, c.label)
        topic = 2 if s.says("other_option", c.lead or c.label) else 3 if s.says("service_topic", c.label) else 4
        return (
            near if near < len(ABOUT) else topic,
            c.region not in ("main", "article") and any(x.region == "main" for x in found),
            contact and bool(c.href),
            bool(c.href) and c.prose,
            c.order,
        )

    return sorted(found, key=rank)
