"""Builds the site: from rows and their journals to pages and data files, the same bytes for the same database.

What a page says is the templates' and locales', what is drawn charts.py's, where files go folder.py's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tohuman.dashboard import pages
from tohuman.dashboard.export import as_csv, as_json
from tohuman.dashboard.folder import DashboardError, Folder
from tohuman.dashboard.locale import Locale, languages
from tohuman.dashboard.redact import Redaction
from tohuman.results import journal, overview
from tohuman.results.events import AnyEvent
from tohuman.results.ids import is_run_id
from tohuman.results.overview import RunRow
from tohuman.results.store import Store

LANGUAGES = ("en", "zh-CN")
STATIC = Path(__file__).parent / "static"
#: Where the method's full text is, when the project's folder is at hand; a wheel goes without.
METHOD = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Told:
    """A row and its events, people's names and staff numbers masked. `state`: kept, missing or damaged."""

    row: RunRow
    events: Sequence[AnyEvent]
    state: str


def build(
    source: Store | Iterable[RunRow],
    out_dir: Path | str,
    languages: Sequence[str] = LANGUAGES,
    method: Path | None = METHOD,
) -> Path:
    """Write the whole site to `out_dir` and return that folder.

    `source`: the store, or rows as overview.from_store gives them. `method`: the folder whose METHOD.md (or
    METHOD.<language>.md) is put beside the method page. The old site stands until the new one is whole, and pages of
    runs that are gone go with it. DashboardError (one sentence) when the disk, a language or an id does not allow it.
    """
    rows = overview.in_order(source) if isinstance(source, Iterable) else overview.from_store(source)
    locales = _locales(languages)
    _check(rows)
    with Folder(Path(out_dir)) as folder:
        for file in sorted(STATIC.iterdir()):
            folder.write(f"static/{file.name}", file.read_bytes())
        texts = {t.language: _method_text(method, t.language) for t in locales}
        for language, content in texts.items():
            if content:
                folder.write(f"METHOD.{language}.txt", content)
        masked: list[RunRow] = []
        site = pages.Site(rows, locales, {language for language, content in texts.items() if content})
        for row in rows:
            told = _tell(row)
            masked.append(told.row)
            for t in locales:
                folder.write(f"run/{row.run_id}.{t.language}.html", site.run(t, told.row, told.events, told.state))
            if told.state == "kept":
                folder.write(f"run/{row.run_id}.journal.txt", _lines(told.events))
        for t in locales:
            for name, page in site.others(t):
                folder.write(f"{name}.{t.language}.html", page)
        folder.write("index.html", site.index(locales[0]))
        folder.write("runs.csv", as_csv(masked))
        folder.write("runs.json", as_json(masked))
    return Path(out_dir)


def _locales(wanted: Sequence[str]) -> list[Locale]:
    known = languages()
    for language in wanted:
        if language not in known:
            raise DashboardError(f"There is no dashboard in {language!r}, only in {', '.join(known)}.")
    if not wanted:
        raise DashboardError(f"A dashboard needs at least one language of {', '.join(known)}.")
    return [Locale(language) for language in dict.fromkeys(wanted)]


def _check(rows: Sequence[RunRow]) -> None:
    """Run ids become names of files: what is no id of ours stops the build instead of writing elsewhere."""
    seen: set[str] = set()
    for row in rows:
        if not is_run_id(row.run_id):
            raise DashboardError(f"The run {row.run_id[:96]!r} has an id that is no file name.")
        if row.run_id in seen:
            raise DashboardError(f"The run {row.run_id} is there twice.")
        seen.add(row.run_id)


def _method_text(folder: Path | None, language: str) -> bytes:
    """METHOD.md in the language where there is one, else as it is; b'' where there is none."""
    for name in (f"METHOD.{language}.md", "METHOD.md") if folder else ():
        try:
            return (folder / name).read_bytes() if folder else b""
        except OSError:
            continue
    return b""


def _tell(row: RunRow) -> Told:
    if row.journal is None or not row.journal.exists():
        return Told(row, (), "missing")
    try:
        events = journal.read(row.journal)
    except journal.JournalError:
        # What is told of a damaged file names where it lies on this machine: that is nobody else's.
        return Told(replace(row, why=""), (), "damaged")
    if not events:
        return Told(row, (), "missing")
    mask = Redaction(events)
    path = tuple(replace(s, label=mask.text(s.label)) for s in row.path)
    return Told(replace(row, why=mask.text(row.why), path=path), mask.events(events), "kept")


def _lines(events: Sequence[AnyEvent]) -> bytes:
    text = "".join(json.dumps(e.model_dump(), ensure_ascii=False, separators=(",", ":")) + "\n" for e in events)
    return text.encode("utf-8", "replace")
