"""Obstacles: closing the overlays between a visitor and the page — cookie, newsletter, app, region, notification.

Counted apart as obstacle clicks. An overlay that is the chat is none. Own words first: where
they find the one press that closes a banner nothing needs fewer; what they do not know the consent library gets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tohuman.results.events import Obstacle

from .session import Session
from .shopper import NotPressable, Shopper
from .sight import Control, Overlay, Sight, page_of
from .walls import APP_SCHEMES

Kind = Literal["cookie", "newsletter", "app", "region", "notification", "other"]
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("cookie_notice", "cookie"),
    ("newsletter", "newsletter"),
    ("app_install", "app"),
    ("region_choice", "region"),
    ("notification_prompt", "notification"),
)
MAX_ROUNDS = 6
#: Signs that close in every language, alone or before the words that say so.
CROSSES = frozenset("✕✖×✗⨯")
#: How consent managers mark their boxes, in every language.
_CONSENT = re.compile(r"cookie|consent|gdpr|(^|[^a-z])cmp([^a-z]|$)|privacy", re.I)


def kinds_of(s: Session, overlay: Overlay) -> list[Kind]:
    """What an overlay may be about by its words: a box that praises the app offers a first order's discount too."""
    return [kind for says, kind in _KINDS if s.says(says, overlay.text) or s.says(says, overlay.name)]


def kind_of(s: Session, overlay: Overlay) -> Kind | None:
    """What an overlay is about by its words, None when it says nothing known."""
    return next(iter(kinds_of(s, overlay)), None)


def way_out(s: Session, controls: list[Control], kind: Kind) -> Control | None:
    """The control that closes it: reject before close before accept, all being one press."""
    wanted = (
        ("reject_cookies", "close", "accept_cookies")
        if kind == "cookie"
        else ("close", "no", "reject_cookies", "accept_cookies" if kind == "region" else "close")
    )
    for says in wanted:
        for c in controls:
            if c.label and (s.says(says, c.name or c.context) or (says == "close" and c.name[:1] in CROSSES)):
                return c
    if kind == "app":
        # of two choices one is the app; the other stays here, whatever its words
        stay = [
            c
            for c in controls
            if c.name and c.why != "bare" and not s.says("app_install", c.name) and not APP_SCHEMES.match(c.href or "#")
        ]
        if stay:
            return stay[-1]
    if kind == "region" or kind == "other":
        # staying here is a button, going elsewhere a link
        stay = [c for c in controls if not c.href and c.name]
        if stay:
            # where nothing is known, what is wanted of the visitor stands first and the way past it last
            return stay[0] if kind == "region" else stay[-1]
    if kind != "cookie":
        # a cross in the corner often has no name at all
        bare = [c for c in controls if not any(ch.isalpha() for ch in c.name) and c.w <= 64 and c.h <= 64]
        if len(bare) == 1:
            return bare[0]
    return None


def promises_person(s: Session, controls: list[Control]) -> bool:
    return any(s.reader.control(c.name, s.locale).signal in ("ask_human", "open_chat") for c in controls if c.name)


@dataclass(frozen=True)
class Before:
    """What stood in the view before the last press."""

    overlays: frozenset[str]
    controls: frozenset[tuple[str, str, str]]  # Control.key of each
    address: str = ""  # the page it was


def answered_beside(s: Session, sight: Sight, before: Before) -> bool:
    """Did the last press bring a way to a person outside all overlays? Then a new overlay is not its answer."""
    return any(
        c.overlay < 0
        and c.name
        and c.place == "outside"
        and c.key() not in before.controls
        and s.reader.control(c.name, s.locale).signal in ("ask_human", "open_chat")
        for c in sight.controls
    )


def masked(sight: Sight) -> bool:
    """Does a veil of its own lie over the page: what stands in front of it is as good as modal."""
    used = {c.overlay for c in sight.controls} | {f.overlay for f in sight.fields}
    return any(o.share > 0.9 and not o.text and i not in used for i, o in enumerate(sight.overlays)) and covered(sight)


def covered(sight: Sight) -> bool:
    """Is everything that could be pressed on the page itself covered, and something in front of it is not?"""
    outside = [c for c in sight.controls if c.overlay < 0 and c.in_view and c.why != "bare"]
    front = any(c.overlay >= 0 and not c.covered for c in sight.controls)
    return front and len(outside) >= 2 and all(c.covered for c in outside)


async def clear(shopper: Shopper, sight: Sight, *, blocking: bool = False, own: Before | None = None) -> Sight:
    """Close what is known to be an obstacle.

    `blocking`: something was covered, so any overlay that can be closed is one. `own`: what stood before the last
    press; given, a new overlay is that press's answer and left alone, unless the answer stands beside it (a cookie
    banner never is an answer).
    """
    s = shopper.s
    tried: set[tuple[int, int]] = set()
    asked = False
    for _ in range(MAX_ROUNDS):
        acted = False
        veil = masked(sight)
        talks = {f.overlay for f in sight.fields if f.box}  # an overlay that is the chat is none
        for i, overlay in enumerate(sight.overlays):
            if i in talks:
                continue
            inside = [c for c in sight.controls if c.overlay == i and not c.disabled]
            if not inside or (id(overlay.frame), overlay.id) in tried:
                continue
            kinds = kinds_of(s, overlay)
            kind = kinds[0] if kinds else None
            new = own is not None and overlay.key() not in own.overlays
            if own is not None and new and kind != "cookie" and not (kind and answered_beside(s, sight, own)):
                # what lies over a page just opened praises something; over the page that was pressed it answers
                opened = bool(own.address) and page_of(sight.url) != own.address
                if kind is None or not opened or way_out(s, inside, kind) is None:
                    continue
            if promises_person(s, inside) and kind != "cookie":
                continue
            if kind is None:
                if not (blocking or veil) or not (overlay.modal or overlay.dialog or overlay.share > 0.25 or veil):
                    continue
                kind = "other"
            elif kind != "cookie" and not (overlay.modal or overlay.dialog or overlay.share > 0.2 or blocking or veil):
                continue
            out = ((k, way_out(s, inside, k)) for k in kinds or [kind])
            kind, control = next(((k, c) for k, c in out if c is not None), (kind, None))
            tried.add((id(overlay.frame), overlay.id))
            if control is None:
                continue
            try:
                effect = await shopper.press(control, free=True)
            except NotPressable as e:
                s.note("not pressable", control=control.label[:120], why=str(e)[:200])
                continue
            s.emit(Obstacle(kind=kind, gesture=effect.gesture or None, label=control.label[:120]))
            acted = True
            break
        closed = None if acted or asked or own is not None else await refused(shopper, sight)
        if not acted and closed is None:
            return sight
        asked = asked or closed is False  # it takes seconds: once for what stands here
        stood = {o.key() for o in sight.overlays}
        sight = await shopper.look()  # looking for a banner took its time, in which another may have come
        if not acted and not closed and {o.key() for o in sight.overlays} <= stood:
            return sight
    return sight


async def refused(shopper: Shopper, sight: Sight) -> bool | None:
    """Hand what looks like a consent banner, and was not closed by its words, to the consent library.

    None: nothing does."""
    s = shopper.s
    if s.consent is None or sight.talk_frame is not None:
        return None
    for i, overlay in enumerate(sight.overlays):
        kind = kind_of(s, overlay)
        named = _CONSENT.search(overlay.tokens) is not None
        if kind == "cookie" or (kind is None and (named or overlay.modal or overlay.share > 0.2)):
            if promises_person(s, [c for c in sight.controls if c.overlay == i]):
                continue
            return await s.consent.refuse(sight.page, heuristics=named or kind == "cookie")
    return None
