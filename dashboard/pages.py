"""The pages: what each template is given, and the one renderer (autoescape on, undefined names are errors).

Writes no file and reads no journal; build.py does.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tohuman.dashboard import charts, text
from tohuman.dashboard.export import COLUMNS, FIGURES
from tohuman.dashboard.locale import FOLDER, Locale
from tohuman.dashboard.walk import story
from tohuman.results import overview
from tohuman.results.events import AnyEvent, RunStarted
from tohuman.results.overview import Key, Ranking, RunRow, Summary
from tohuman.results.vocabulary import CENSORED, MISSING, REACHED, WALLS, Barrier, Outcome

_LANG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Site:
    """All pages of one database. `rows` in order; `method_texts`: languages whose
    METHOD text is beside the pages. Methods give the bytes of a page in a language."""

    def __init__(self, rows: Sequence[RunRow], locales: Sequence[Locale], method_texts: Set[str] = frozenset()) -> None:
        self.rows = rows
        self.rankings = overview.rank(rows)
        self.method_texts = method_texts
        self.newest = rows[-1].day if rows else ""
        real = [r for r in self.rankings if not r.key.simulated]
        practice = [r for r in self.rankings if r.key.simulated]
        self._first = real or practice
        self._second = practice if real else []
        self._names = {(r.platform, r.simulated): r.platform_name or r.platform for r in rows if r.probe_known}
        self._unknown = sum(not r.probe_known for r in rows)
        self._files = page_names(self._names)
        menu = ["index", *(["practice"] if self._second else []), "method", "data"]
        self._environment = _environment()
        self._environment.globals.update(
            languages=[t.language for t in locales],
            names={t.language: str(t("language")) for t in locales},
            menu=menu,
            newest=self.newest,
        )

    def others(self, t: Locale) -> Iterator[tuple[str, bytes]]:
        """Every page that is no run's: (name without language, bytes)."""
        yield "index", self.index(t)
        if self._second:
            yield "practice", self._ranking_page(t, "practice", self._second)
        yield "method", self._method(t)
        yield "data", self._render(t, "data", stem="data", here="data", columns=COLUMNS)
        for platform in sorted(self._names):
            yield f"platform/{self._files[platform]}", self._platform(t, *platform)

    def index(self, t: Locale) -> bytes:
        """The ranking of real runs; of practice runs where there are no real ones."""
        return self._ranking_page(t, "index", self._first)

    def run(self, t: Locale, row: RunRow, events: Sequence[AnyEvent], state: str) -> bytes:
        """The page of a run; `state` kept, missing or damaged says whether its events are there."""
        started = next((e for e in events if isinstance(e, RunStarted)), None)
        return self._render(
            t,
            "run",
            stem=row.run_id,
            root="../",
            page_simulated=row.simulated,
            row=row,
            name=self._names.get((row.platform, row.simulated), row.platform),
            platform_file=self._files[row.platform, row.simulated] if row.probe_known else "",
            key=overview.key_of(row),
            ending=ending(t, row),
            proof=full_proof(row),
            figures=FIGURES,
            story=story(events, row.proof) if state == "kept" else None,
            journal_state=state,
            setting=started.setting if started else {},
        )

    def _ranking_page(self, t: Locale, name: str, rankings: Sequence[Ranking]) -> bytes:
        rows = [row for r in rankings for s in r.summaries for row in s.rows]
        totals = {
            "runs": len(rows),
            "platforms": len({row.platform for row in rows}),
            "since": min((row.day for row in rows), default=""),
            "until": max((row.day for row in rows), default=""),
        }
        simulated = bool(rankings) and rankings[0].key.simulated
        return self._render(
            t,
            "index",
            stem=name,
            here=name,
            page_simulated=simulated,
            rankings=rankings,
            totals=totals,
            unknown=self._unknown,
            files={platform: self._files[platform, simulated] for platform in {row.platform for row in rows}},
        )

    def _method(self, t: Locale) -> bytes:
        return self._render(
            t,
            "method",
            stem="method",
            here="method",
            figures=FIGURES,
            outcomes=[(o.value, counts_as(o)) for o in Outcome],
            barriers=[b.value for b in Barrier],
            has_method=t.language in self.method_texts,
        )

    def _platform(self, t: Locale, platform: str, simulated: bool) -> bytes:
        # One page never holds both real and simulated runs, not even where their platforms share an id.
        own = [r for r in self.rows if (r.platform, r.simulated) == (platform, simulated) and r.probe_known]
        sections = [self._section(t, ranking, platform, own) for ranking in self.rankings if _has(ranking, own)]
        return self._render(
            t,
            "platform",
            stem=self._files[platform, simulated],
            root="../",
            page_simulated=simulated,
            name=self._names[platform, simulated],
            sections=sections,
        )

    def _section(self, t: Locale, ranking: Ranking, platform: str, own: Sequence[RunRow]) -> dict[str, Any]:
        rows = [r for r in own if overview.key_of(r) == ranking.key]
        # A platform whose last run is older than the ranking's window has no figures there, only its course.
        summary = next((s for s in ranking.summaries if s.platform == platform), None) or overview.empty(rows)
        valid = [r for r in summary.rows if r.kind == "valid"]
        return {
            "key": ranking.key,
            "summary": summary,
            "rows": rows,
            "older": len(rows) - len(summary.rows),
            "start_url": rows[-1].start_url,
            "waits": [
                summary.median_of(lambda r: r.wait_page_s),
                summary.median_of(lambda r: r.wait_bot_s),
                summary.median_of(lambda r: r.wait_queue_s),
            ],
            "offered": sum(r.offered for r in valid),
            "answered": sum(r.answered for r in valid),
            "course": _course(t, self._names[platform, rows[0].simulated], rows),
            "barriers": overview.barriers_of(summary.rows),
        }

    def _render(self, t: Locale, template: str, /, **values: Any) -> bytes:
        known = {"root": "", "here": "", "page_simulated": False}
        drawn = _Drawn(t)
        page = self._environment.get_template(f"{template}.html.j2").render(
            {**known, **values},
            t=t,
            key_words=drawn.key_words,
            key_title=drawn.key_title,
            key_rest=drawn.key_rest,
            share_svg=drawn.share,
            actions_svg=drawn.actions,
            outcomes_svg=drawn.outcomes,
        )
        return page.lstrip("\n").encode("utf-8", "replace") + b"\n"


class _Drawn:
    """What templates call that depends on the language."""

    def __init__(self, t: Locale) -> None:
        self.t = t

    def key_title(self, key: Key) -> str:
        """Who went from where in which language, in words: what differs most between rankings."""
        t = self.t
        title = t(
            "key.title",
            policy=t.name("key.policy", key.policy),
            start=t.name("key.start", key.start),
            locale=t.name("locale_name", key.locale),
        )
        # Codes without a word come from outside; they are shown, not trusted.
        return text.one_line(title.unescape(), 120)

    def key_rest(self, key: Key) -> str:
        """The other parts of a ranking key in words."""
        t = self.t
        parts = [t.name(f"key.{p}", getattr(key, p)) for p in ("surface", "scenario")]
        unset = key.vantage in ("", "unset")
        parts.append(t("key.vantage_unset") if unset else t("key.vantage", vantage=text.one_line(key.vantage)))
        parts.append(t.name("key.stop", key.stop))
        if key.observer == "human":
            parts.append(t("key.observer.human"))
        if key.simulated:
            parts.insert(0, t("key.simulated"))
        return text.one_line(Markup(" · ").join(parts).unescape(), 240)

    def key_words(self, key: Key) -> str:
        """A whole ranking key in words."""
        return f"{self.key_title(key)} · {self.key_rest(key)}"

    def share(self, s: Summary) -> Markup:
        around = s.share.interval
        if around is None or s.share.value is None:
            return Markup("")
        t = self.t
        label = t(
            "cell.share_label",
            share=t.percent(s.share.value),
            n=s.share.n,
            low=t.percent(around.low),
            high=t.percent(around.high),
        )
        return charts.interval(float(s.share.value), around, self._marked(s, label))

    def actions(self, s: Summary) -> Markup:
        if s.mean_actions is None:
            return Markup("")
        label = self.t("cell.actions_label", n=self.t.number(s.mean_actions))
        return charts.measure(float(s.mean_actions), self._marked(s, label))

    def outcomes(self, s: Summary) -> Markup:
        t = self.t
        counts = valid_outcomes(s)
        words = [t("cell.outcome_n", outcome=t(f"outcome.{o}"), n=n) for o, n in counts.items()]
        label = t("cell.outcomes_label", list=t("list_separator").join(words) or t("cell.none"))
        return charts.stacked(list(counts.items()), self._marked(s, label))

    def _marked(self, s: Summary, label: str) -> str:
        text_of = Markup(label).unescape()
        return f"{self.t('practice.badge')}: {text_of}" if s.rows and s.rows[0].simulated else text_of


def page_names(platforms: Iterable[tuple[str, bool]]) -> dict[tuple[str, bool], str]:
    """(platform id, simulated) → name of its page: the id itself where that is a plain file name, else made one."""
    names: dict[tuple[str, bool], str] = {}
    for platform, simulated in sorted(platforms):
        plain = re.sub(r"[^a-z0-9-]+", "-", platform.lower()).strip("-")[:80] or "unnamed"
        exact = plain == platform and plain not in names.values()
        check = zlib.crc32(f"{platform}\0{simulated}".encode("utf-8", "surrogatepass"))
        names[platform, simulated] = plain if exact else f"{plain}-{check:08x}"
    return names


def ending(t: Locale, row: RunRow) -> Markup | None:
    """A sentence on the end that the outcome alone does not tell, or None. Longest known part of the key first."""
    parts = row.sentence_key.split(".")
    for length in range(len(parts), 0, -1):
        key = f"ending.{'.'.join(parts[:length])}"
        if t.has(key):
            return t(key)
    return None


def full_proof(row: RunRow) -> Mapping[str, Sequence[int]]:
    """The proofs of a row, with those of figures that are made of others: sums, and what is read or done in all."""
    proof: dict[str, Sequence[int]] = dict(row.proof)
    acts = sorted({*proof.get("clicks", ()), *proof.get("turns", ())})
    read = proof.get("bot_messages", ())
    proof.setdefault("actions", acts)
    proof.setdefault("bot_characters", read)
    effort = {*acts, *read, *proof.get("obstacle_clicks", ()), *proof.get("fields", ())}
    proof.setdefault("effort_s", sorted(effort))
    for column in (*(f.name for f in FIGURES), "outcome"):
        proof.setdefault(column, ())
    return proof


def valid_outcomes(s: Summary) -> dict[str, int]:
    """Outcomes of the valid runs, in the order of the vocabulary."""
    out = {o.value for o in overview.VALID}
    return {o: n for o, n in s.outcomes.items() if o in out}


def counts_as(outcome: Outcome) -> str:
    """What an outcome is to the statistics: reached, never, censored, missing or apart."""
    for name, group in (("reached", REACHED), ("never", WALLS), ("censored", CENSORED), ("missing", MISSING)):
        if outcome in group:
            return name
    return "apart"


def _has(ranking: Ranking, own: Sequence[RunRow]) -> bool:
    return any(overview.key_of(r) == ranking.key for r in own)


def _course(t: Locale, name: str, rows: Sequence[RunRow]) -> Markup:
    points = []
    for row in rows:
        group = "reached" if row.reached else "never" if row.kind == "valid" else row.kind
        tip = "platform.course_tip_actions" if row.reached else "platform.course_tip"
        words = t(tip, date=_when(row), outcome=t(f"outcome.{row.outcome}"), n=row.actions)
        link = f"../run/{row.run_id}.{t.language}.html"
        points.append(charts.Point(row.day, group, row.outcome, row.actions, words.unescape(), link))
    label = t(
        "platform.course_label", n=len(rows), name=text.one_line(name), since=rows[0].day, until=rows[-1].day
    ).unescape()
    if rows[0].simulated:
        label = f"{t('practice.badge')}: {label}"
    words_of = charts.CourseWords(
        label,
        t("platform.course_actions").unescape(),
        t("platform.course_never").unescape(),
        t("platform.course_missing").unescape(),
    )
    return charts.course(points, words_of)


def _when(row: RunRow) -> str:
    return overview.utc(row.started_at).strftime("%Y-%m-%d %H:%M")


def _day(day: str) -> Markup:
    return Markup('<time datetime="{0}">{0}</time>').format(day)


def _slug(key: Key) -> str:
    """A stable anchor; the check number keeps keys apart whose words differ only in what an anchor can't hold."""
    parts = [key.start, key.surface, key.policy, key.scenario, key.locale, key.vantage, key.stop]
    parts += ["human"] * (key.observer == "human") + ["practice"] * key.simulated
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")[:120]
    exact = "\0".join(map(str, parts)).encode("utf-8", "replace")
    return f"r-{plain}-{zlib.crc32(exact):08x}"


def _quoted(value: str, locale: str = "") -> Markup:
    return Markup("<q><bdi{}>{}</bdi></q>").format(_lang(locale), text.one_line(value, 160))


def _lang(locale: str) -> Markup:
    return Markup(' lang="{}"').format(locale) if _LANG.fullmatch(locale) else Markup("")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0.0, seconds), 60)
    return f"{int(minutes)}:{rest:04.1f}"


def _split_placed(summaries: Sequence[Summary]) -> list[tuple[bool, list[Summary]]]:
    groups = [(True, [s for s in summaries if s.place]), (False, [s for s in summaries if not s.place])]
    return [(placed, group) for placed, group in groups if group]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        visible=text.visible,
        one_line=text.one_line,
        web_address=text.web_address,
        quoted=_quoted,
        lang=_lang,
        clock=_clock,
        slug=_slug,
        when=_when,
        day=_day,
        iso=lambda at: overview.utc(at).isoformat(),
        split_placed=_split_placed,
        valid_outcomes=valid_outcomes,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True}
    environment.globals.update(escape=escape)
    return environment
