"""The site as a whole: what is on it, that its links hold, that real and simulated never meet, how it is written."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from dashboard_samples import FIRST, kept, practice, run, several, started_for, telling

from tohuman.dashboard import DashboardError, build, folder
from tohuman.results.events import EVENTS
from tohuman.results.journal import read
from tohuman.results.measures import measure
from tohuman.results.overview import RunRow, from_store
from tohuman.results.store import Store

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
LANGUAGES = ("en", "zh-CN")


@dataclass
class Page(HTMLParser):
    """What a test asks of a page."""

    ids: list[str] = field(default_factory=list)
    links: list[dict[str, str | None]] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if (tag in ("a", "link") and "href" in given) or tag == "script":
            self.links.append(given)

    def handle_data(self, data: str) -> None:
        self.text += data


def page(path: Path) -> Page:
    return parsed(path.read_text("utf-8"))


@cache
def parsed(html: str) -> Page:
    found = Page()
    found.feed(html)
    found.close()
    return found


def pages(site: Path) -> Iterator[Path]:
    yield from sorted(site.rglob("*.html"))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[RunRow]:
    return several(tmp_path_factory.mktemp("real")) + practice(tmp_path_factory.mktemp("practice"))


@pytest.fixture(scope="module")
def site(rows: list[RunRow], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(rows, tmp_path_factory.mktemp("out") / "site")


def test_every_page_is_there_in_every_language(site: Path, rows: list[RunRow]) -> None:
    for language in LANGUAGES:
        assert {p.name for p in site.glob(f"*.{language}.html")} == {
            f"{name}.{language}.html" for name in ("index", "practice", "method", "data")
        }
        assert {p.name.split(".")[0] for p in (site / "run").glob(f"*.{language}.html")} == {r.run_id for r in rows}
        assert {p.name.split(".")[0] for p in (site / "platform").glob(f"*.{language}.html")} == {
            r.platform for r in rows
        }
    assert (site / "index.html").read_bytes() == (site / "index.en.html").read_bytes()


def test_every_link_and_anchor_on_the_site_leads_somewhere(site: Path) -> None:
    all_pages = {path.resolve(): page(path) for path in pages(site)}
    checked = 0
    for path, content in all_pages.items():
        assert len(content.ids) == len(set(content.ids)), path
        for link in content.links:
            target = urlsplit(link.get("href") or link.get("src") or "")
            if target.scheme:
                continue
            file = (path.parent / unquote(target.path)).resolve() if target.path else path
            assert file.is_file(), (path, link)
            if target.fragment:
                assert target.fragment in all_pages[file].ids, (path, link)
            checked += 1
    assert checked > 5000


def test_every_page_has_the_policy_and_nothing_inline(site: Path) -> None:
    for path in pages(site):
        content = page(path)
        policies = [a["content"] for t, a in content.tags if t == "meta" and a.get("http-equiv")]
        assert policies == [CSP]
        names = [t for t, _ in content.tags]
        # The policy must stand before anything it is to govern.
        assert names.index("meta") < min(names.index(t) for t in ("link", "script", "body"))
        for tag, attributes in content.tags:
            assert tag not in ("style", "iframe", "object", "embed", "form", "base")
            assert not any(a == "style" or a.startswith("on") for a in attributes), (path, tag, attributes)
            if tag == "script":
                assert set(attributes) == {"src", "defer"}
        html = path.read_text("utf-8")
        assert re.findall(r"<script[^>]*>([^<]+)</script>", html) == []


def test_links_away_from_the_site_are_web_links_that_give_nothing_away(site: Path) -> None:
    away = [a for path in pages(site) for a in page(path).links if urlsplit(a.get("href") or "").scheme]
    assert away
    assert {a.get("rel") for a in away} == {"noopener nofollow ugc"}
    assert {urlsplit(a["href"] or "").scheme for a in away} <= {"http", "https"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_say_their_language_and_lead_to_the_same_page_in_the_other(site: Path, language: str) -> None:
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    for path in pages(site):
        if not path.name.endswith(f".{language}.html"):
            continue
        content = page(path)
        assert content.tags[0] == ("html", {"lang": language})
        twin = path.name.replace(f".{language}.html", f".{other}.html")
        assert twin in [a.get("href") for a in content.links]
        assert content.tags[[t for t, _ in content.tags].index("body") + 1][1].get("class") == "skip"


def test_simulated_and_real_runs_never_meet_on_a_page(site: Path, rows: list[RunRow]) -> None:
    real = {r.platform_name for r in rows if not r.simulated}
    simulated = {r.platform_name for r in rows if r.simulated}
    for path in pages(site):
        text = page(path).text
        seen_real, seen_simulated = {n for n in real if n in text}, {n for n in simulated if n in text}
        assert not (seen_real and seen_simulated), path
        marked = 'class="practice"' in path.read_text("utf-8")
        assert marked == bool(seen_simulated), path


@pytest.mark.parametrize(("language", "mark"), [("en", "sim."), ("zh-CN", "模拟")])
def test_every_figure_of_a_simulated_run_is_marked(site: Path, rows: list[RunRow], language: str, mark: str) -> None:
    some = next(r for r in rows if r.simulated)
    names = [f"practice.{language}.html", f"platform/{some.platform}.{language}.html"]
    for name in [*names, f"run/{some.run_id}.{language}.html"]:
        html = (site / name).read_text("utf-8")
        numbers = re.findall(r'<span class="num">(.*?)</span>', html)
        assert numbers
        assert all(f'<sup class="sim">{mark}</sup>' in n for n in numbers), name
        svg = re.findall(r'<svg [^>]*aria-label="([^"]*)"', html)
        assert all(label.startswith({"en": "simulated", "zh-CN": "模拟"}[language]) for label in svg)
    real = next(r for r in rows if not r.simulated)
    for name in (f"index.{language}.html", f"platform/{real.platform}.{language}.html"):
        assert 'class="sim"' not in (site / name).read_text("utf-8")


def test_where_there_are_only_practice_runs_the_front_page_shows_them_marked(tmp_path: Path) -> None:
    site = build(practice(tmp_path), tmp_path / "site")
    assert not (site / "practice.en.html").exists()
    front = page(site / "index.en.html")
    assert "these companies are invented" in front.text
    assert "Few runs, since this is practice: 2 of 20 runs" in front.text
    assert "Ferngate" in front.text


def test_the_ranking_tells_share_interval_actions_outcomes_and_what_is_lacking(site: Path) -> None:
    text = " ".join(page(site / "index.en.html").text.split())
    assert "Brightcart 50% 12 of 24" in text
    assert "31%–69%" in text
    assert "Only a message form 6" in text
    assert "Not enough data: 6 of 20 runs, 6 of 20 days" in text
    assert "true share between 83% and 100%" in text


def test_figures_of_a_run_link_to_the_events_that_prove_them(site: Path, rows: list[RunRow]) -> None:
    row = next(r for r in rows if r.platform == "corvid-telecom" and r.outcome == "dropped")
    html = (site / f"run/{row.run_id}.en.html").read_text("utf-8")
    table = html[html.index('<table class="figures"') :]
    for column, name in (("clicks", "Clicks"), ("turns", "Turns"), ("bot_messages", "Bot messages")):
        line = table[table.index(f'scope="row">{name}<') :].split("</tr>")[0]
        assert [int(n) for n in re.findall(r'href="#e(\d+)"', line)] == list(row.proof[column])
    content = page(site / f"run/{row.run_id}.en.html")
    assert [i for i in content.ids if re.fullmatch(r"e\d+", i)] == [f"e{e.n}" for e in read(row.journal or Path())]


def test_a_barrier_is_told_as_seen_in_k_of_n_runs_with_its_events(site: Path, rows: list[RunRow]) -> None:
    html = (site / "platform/brightcart.en.html").read_text("utf-8")
    assert "Observed in <span" in html
    assert "6</span> of <span" in html
    own = [r for r in rows if r.platform == "brightcart" and r.policy == "naive" and r.outcome == "gated"]
    for r in own:
        (barrier,) = [b for b in r.barriers if b.barrier == "login_needed"]
        assert f'href="../run/{r.run_id}.en.html#e{barrier.of[0]}"' in html


def test_a_persons_name_and_number_are_nowhere_on_the_site(site: Path) -> None:
    for path in site.rglob("*"):
        if path.is_file():
            content = path.read_text("utf-8")
            for secret in ("Mara Ellison", "CS4417", "林小满", "80231"):
                assert secret not in content, path


def test_the_journal_beside_a_run_gives_the_same_measures(site: Path, rows: list[RunRow]) -> None:
    for row in rows:
        lines = (site / f"run/{row.run_id}.journal.txt").read_text("utf-8").splitlines()
        again = measure([EVENTS.validate_python(json.loads(line)) for line in lines])
        assert (again.outcome, again.clicks, again.turns) == (row.outcome, row.clicks, row.turns)
        assert {k: tuple(v) for k, v in again.proof.items()} == dict(row.proof)


def test_the_same_rows_give_the_same_bytes_whatever_their_order(rows: list[RunRow], site: Path, tmp_path: Path) -> None:
    other = build(list(reversed(rows)), tmp_path / "again")
    first = {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    second = {p.relative_to(other): p.read_bytes() for p in other.rglob("*") if p.is_file()}
    assert first == second


def test_the_store_gives_the_same_site_as_its_rows(tmp_path: Path) -> None:
    rows = practice(tmp_path / "data")
    with Store.open(tmp_path / "data") as store:
        stored = from_store(store)
        assert [replace(r, versions={}) for r in stored] == [
            replace(r, versions={}, started_at=s.started_at)
            for r, s in zip(sorted(rows, key=lambda r: (r.started_at, r.run_id)), stored, strict=True)
        ]
        from_store_site = build(store, tmp_path / "one")
    from_rows_site = build(stored, tmp_path / "two")
    for path in from_store_site.rglob("*"):
        if path.is_file():
            twin = from_rows_site / path.relative_to(from_store_site)
            assert path.read_bytes() == twin.read_bytes()


def test_an_empty_store_is_a_site_that_says_so(tmp_path: Path) -> None:
    site = build([], tmp_path / "site")
    assert "Nothing has been measured yet" in page(site / "index.en.html").text
    assert json.loads((site / "runs.json").read_text()) == []


def test_pages_of_runs_that_are_gone_go_with_the_next_build(tmp_path: Path) -> None:
    rows = practice(tmp_path)
    site = build(rows, tmp_path / "site")
    build(rows[:2], tmp_path / "site")
    assert {p.name.split(".")[0] for p in (site / "run").iterdir()} == {r.run_id for r in rows[:2]}
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".site")] == []


def test_a_run_without_a_readable_journal_still_has_a_page(tmp_path: Path) -> None:
    damaged, gone = practice(tmp_path)[:2]
    assert damaged.journal
    assert gone.journal
    damaged.journal.write_bytes(b"{}\n{}\n")
    gone.journal.unlink()
    site = build([replace(damaged, why=f"The journal {damaged.journal} is damaged."), gone], tmp_path / "site")
    assert "cannot be read" in page(site / f"run/{damaged.run_id}.en.html").text
    assert "is not kept" in page(site / f"run/{gone.run_id}.en.html").text
    for path in site.rglob("*"):
        assert not path.is_file() or str(tmp_path) not in path.read_text("utf-8")


def test_a_run_of_which_nothing_is_known_is_in_no_ranking_but_is_told_of(tmp_path: Path) -> None:
    row = practice(tmp_path / "data")[0]
    assert row.journal
    row.journal.write_bytes(b"not json\n")
    with Store.open(tmp_path / "data") as store:
        site = build(store, tmp_path / "site")
    front = page(site / "index.en.html").text
    assert "1 run cannot be read so far" in front
    assert "9 runs on 5 platforms" in front
    assert not (site / "practice.en.html").exists()


def test_a_platform_with_both_kinds_of_runs_has_two_pages(tmp_path: Path) -> None:
    rows = [run(tmp_path, "twin", "Twin", 0, "handoff"), run(tmp_path, "twin", "Twin", 1, "gated", simulated=True)]
    site = build(rows, tmp_path / "site")
    found = sorted(p.name for p in (site / "platform").glob("*.en.html"))
    assert len(found) == 2
    assert sorted('class="practice"' in (site / "platform" / n).read_text() for n in found) == [False, True]


@pytest.mark.parametrize("platform", ["help.example.com", "../../etc", "A B", "支付", "x" * 300, ".", "con/aux"])
def test_any_platform_id_becomes_a_plain_file_name(tmp_path: Path, platform: str) -> None:
    started = started_for("x", "X", FIRST).model_copy(update={"platform_name": ""})
    started = started.model_copy(update={"probe": started.probe.model_copy(update={"platform": platform})})
    site = build([kept(tmp_path, started, telling(started, "handoff"))], tmp_path / "site")
    (found,) = (site / "platform").glob("*.en.html")
    assert re.fullmatch(r"[a-z0-9-]+\.en\.html", found.name)
    assert not (tmp_path / "etc").exists()


def test_an_id_that_is_no_file_name_stops_the_build(tmp_path: Path) -> None:
    row = RunRow("../../x", "a", "handoff", "2026-03-01T09:00:00Z")
    with pytest.raises(DashboardError, match="no file name"):
        build([row], tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_language_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DashboardError, match=r"^There is no dashboard in 'tlh', only in en, zh-CN\.$"):
        build([], tmp_path / "site", languages=("tlh",))


def test_somebody_elses_folder_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(DashboardError, match="no dashboard of this program"):
        build([], tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(DashboardError, match="is a link"):
        build([], tmp_path / "link")


def test_when_the_disk_is_full_the_old_site_stands_and_one_sentence_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = build([], tmp_path / "site")
    before = sorted(p.name for p in site.rglob("*"))

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DashboardError) as told:
        build(practice_rows(tmp_path), tmp_path / "site")
    monkeypatch.undo()
    assert str(told.value) == f"The dashboard can't be written to {tmp_path / 'site'} (No space left on device)."
    assert sorted(p.name for p in site.rglob("*")) == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".site")] == []


def practice_rows(folder: Path) -> list[RunRow]:
    return [RunRow("20260301t090000-a-abcdef", "a", "handoff", "2026-03-01T09:00:00Z", simulated=True)]


def test_a_place_that_is_a_file_or_can_not_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "site"):
        with pytest.raises(DashboardError, match=str(tmp_path)):
            build([], place)


def test_a_failed_swap_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = build([], tmp_path / "site")
    real = os.rename

    def fails(source: Path, target: Path) -> None:
        if ".new-" in str(source):
            raise OSError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(folder.os, "rename", fails)
    with pytest.raises(DashboardError, match="Permission denied"):
        build([], tmp_path / "site")
    monkeypatch.undo()
    assert (site / "index.en.html").exists()
