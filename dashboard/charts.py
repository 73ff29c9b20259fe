"""The drawings: inline SVG with classes (colours are the style sheet's), each with its text for who cannot see it.

Numbers in, markup out; every text is escaped here, since SVG is put together without a template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from tohuman.results.statistics import HORIZON, Interval


def _svg(width: float, height: float, name: str, label: str, *body: Markup, fit: str = "xMinYMid") -> Markup:
    return Markup(
        '<svg class="{c}" role="img" aria-label="{a}" viewBox="0 0 {w} {h}"'
        ' xmlns="http://www.w3.org/2000/svg" preserveAspectRatio="{r}">'
        "<title>{a}</title>{b}</svg>"
    ).format(c=name, a=label, w=_n(width), h=_n(height), r=fit, b=Markup("").join(body))


def _n(value: float) -> str:
    """A coordinate: two decimals, no trailing zeros, so that the same data give the same bytes everywhere."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _tag(tag: str, content: object = None, **attributes: object) -> Markup:
    parts = [Markup(' {}="{}"').format(Markup(k.rstrip("_").replace("_", "-")), v) for k, v in attributes.items()]
    inner = Markup("") if content is None else escape(content)
    return Markup("<{t}{a}>{i}</{t}>").format(t=Markup(tag), a=Markup("").join(parts), i=inner)


def _rect(x: float, y: float, width: float, height: float, name: str, **more: object) -> Markup:
    return _tag("rect", x=_n(x), y=_n(y), width=_n(max(width, 0)), height=_n(height), class_=name, **more)


def _line(x1: float, y1: float, x2: float, y2: float, name: str) -> Markup:
    return _tag("line", x1=_n(x1), y1=_n(y1), x2=_n(x2), y2=_n(y2), class_=name)


def interval(value: float | None, around: Interval | None, label: str) -> Markup:
    """A share from 0 to 1 as a dot on a line, with its interval as a thick band."""
    w, h, m = 160.0, 18.0, 6.0

    def x(v: float) -> float:
        return m + v * (w - 2 * m)

    body = [_line(m, h / 2, w - m, h / 2, "axis")]
    body += [_line(x(v), h / 2 - 3, x(v), h / 2 + 3, "axis") for v in (0, 0.5, 1)]
    if around is not None:
        body.append(_rect(x(around.low), h / 2 - 3.5, max(2.0, x(around.high) - x(around.low)), 7, "band", rx="3.5"))
    if value is not None:
        body.append(_tag("circle", cx=_n(x(value)), cy=_n(h / 2), r="5", class_="dot"))
    return _svg(w, h, "interval", label, *body)


def measure(value: float | None, label: str, top: float = HORIZON) -> Markup:
    """A number of actions as a bar from 0 to the horizon."""
    w, h = 100.0, 8.0
    body = [_rect(0, 2, w, 4, "track", rx="2")]
    if value is not None:
        body.append(_rect(0, 2, w * min(1.0, value / top), 4, "fill", rx="2"))
    return _svg(w, h, "measure", label, *body, fit="none")


def stacked(parts: Sequence[tuple[str, int]], label: str) -> Markup:
    """Counts as one bar: (class name, count) in order. Empty: an empty track."""
    w, h, gap = 200.0, 12.0, 1.0
    total = sum(n for _, n in parts)
    if not total:
        return _svg(w, h, "stacked", label, _rect(0, 0, w, h, "track"), fit="none")
    body: list[Markup] = []
    at = 0.0
    for name, n in parts:
        width = w * n / total
        body.append(_rect(at, 0, max(width - gap, 1.0), h, f"o-{name}"))
        at += width
    return _svg(w, h, "stacked", label, *body, fit="none")


@dataclass(frozen=True)
class Point:
    """One run of a course: `day` YYYY-MM-DD; `group` reached, never, missing, apart; `tip` its text."""

    day: str
    group: str
    outcome: str
    actions: int
    tip: str
    link: str


@dataclass(frozen=True)
class CourseWords:
    """What is written on a course: the label of the whole, of the axis, of the line of those who never reached, of
    the row of missing runs."""

    label: str
    actions: str
    never: str
    missing: str


def course(points: Sequence[Point], words: CourseWords) -> Markup:
    """Runs over time: a dot at its number of actions when a person was reached, a cross on the upper line when never,
    a hollow square below the axis when missing, a small tick when never tried. Each is a link to its run."""
    w, h, left, right, top, bottom = 720.0, 240.0, 44.0, 14.0, 30.0, 56.0
    plot_h = h - top - bottom
    days = [date.fromisoformat(p.day).toordinal() for p in points]
    first, last = (min(days), max(days)) if days else (0, 0)
    span = max(1, last - first)

    def x(day: int) -> float:
        return left + 12 + (w - left - right - 24) * ((day - first) / span if last > first else 0.5)

    def y(actions: float) -> float:
        return top + plot_h * (1 - min(actions, HORIZON) / HORIZON)

    below = h - bottom + 16
    body: list[Markup] = []
    for v in (0, 5, 10, 15, 20):
        body.append(_line(left, y(v), w - right, y(v), "grid" if v else "axis"))
        body.append(_tag("text", v, x=_n(left - 8), y=_n(y(v) + 4), class_="tick end"))
    body.append(_tag("text", words.actions, x="4", y="14", class_="tick"))
    body.append(_tag("text", words.never, x=_n(w - right), y="14", class_="tick end"))
    if any(p.group in ("missing", "apart") for p in points):
        body.append(_tag("text", words.missing, x="4", y=_n(below + 16), class_="tick"))
    for ordinal in sorted({first, (first + last) // 2, last} if days else set()):
        text = date.fromordinal(ordinal).isoformat()
        anchor = "tick middle" if first == last else "tick" if ordinal == first else "tick middle"
        anchor = "tick end" if ordinal == last and last > first else anchor
        body.append(_tag("text", text, x=_n(x(ordinal)), y=_n(h - 6), class_=anchor))
    stacked_at: dict[tuple[int, int, str], int] = {}
    for p, day in zip(points, days, strict=True):
        # Runs of one day at one height stand side by side, or a day's second run would hide its first.
        place = (day, p.actions if p.group == "reached" else -1, p.group)
        nudge = stacked_at.get(place, 0)
        stacked_at[place] = nudge + 1
        cx = x(day) + (nudge % 7) * 5 * (1 if nudge % 2 else -1)
        body.append(_mark(p, cx, y(p.actions) if p.group == "reached" else top if p.group == "never" else below))
    return _svg(w, h, "course", words.label, *body)


def _mark(p: Point, cx: float, cy: float) -> Markup:
    if p.group == "reached":
        shape = _tag("circle", cx=_n(cx), cy=_n(cy), r="5", class_=f"mark o-{p.outcome}")
    elif p.group == "never":
        d = f"M{_n(cx - 4)} {_n(cy - 4)}L{_n(cx + 4)} {_n(cy + 4)}M{_n(cx - 4)} {_n(cy + 4)}L{_n(cx + 4)} {_n(cy - 4)}"
        shape = _tag("path", d=d, class_=f"cross s-{p.outcome}")
    elif p.group == "missing":
        shape = _rect(cx - 4, cy - 4, 8, 8, "hollow")
    else:
        shape = _line(cx, cy - 4, cx, cy + 4, "axis")
    return _tag("a", shape + _tag("title", p.tip), href=p.link)
