"""Hostile texts in every captured field of a run: no tag of theirs is on any page, no link but to the web."""

from __future__ import annotations

import tempfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboard_samples import FIRST, kept, run, started_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as given_a

from tohuman.dashboard import build
from tohuman.results import events as ev

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><a href=javascript:alert(1)>x</a>",
    "</title></style></script><iframe src=//evil.example>",
    "{{ 7*7 }}{% raw %}{0.__class__}{n}%s%(x)s",
    "<!--><plaintext><base href=//evil.example>",
    "]]><![CDATA[<x>",
    "javascript:alert(1)",
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/<marker>",
    "\u202emoc.live\u202c",
    "&lt;marker&gt;&#60;marker&#62;",
    "\x00<\x00marker>\x1b[2J",
    "\ud800<marker>",
    "' style='position:fixed",
    "</bdi></q></details></td></table><marker>",
    "\n\r\n<marker>\u2028<marker>",
]
hostile = given_a.one_of(
    given_a.sampled_from(ATTACKS),
    given_a.text(given_a.characters(exclude_categories=[]), max_size=80),
    given_a.tuples(given_a.sampled_from(ATTACKS), given_a.text(max_size=20), given_a.sampled_from(ATTACKS)).map(
        "".join
    ),
    given_a.sampled_from(ATTACKS).map(lambda attack: attack * 60),
)
#: What a page of ours is made of. Everything else on a page came from captured text.
TAGS = """
html head meta title link script body a span header div nav ul li i b main p h1 h2 h3 aside strong sup section time svg
rect circle line path text ol bdi q details summary table caption thead tbody tr th td dl dt dd blockquote input label
footer code
"""
ATTRIBUTES = """
lang charset http-equiv content name rel href hreflang src defer class id aria-label aria-current aria-hidden
aria-labelledby aria-sort role tabindex scope colspan datetime download type for data-v data-key data-label data-name
data-filter data-sort viewbox xmlns preserveaspectratio x y x1 y1 x2 y2 cx cy r rx d width height
"""


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.odd.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.odd.append(f"<!--{data}")

    def handle_pi(self, data: str) -> None:
        self.odd.append(f"<?{data}")

    def unknown_decl(self, data: str) -> None:
        self.odd.append(f"<![{data}")


def check(page: Path) -> None:
    reader = Reader()
    reader.feed(page.read_text("utf-8"))
    reader.close()
    # A tag that got through would be unknown, carry an attribute of its own, or upset the nesting.
    assert {t for t, _ in reader.tags} <= set(TAGS.split())
    assert {a for _, attributes in reader.tags for a in attributes} <= set(ATTRIBUTES.split())
    assert (reader.open, reader.odd) == ([], [])
    policies = [a for t, a in reader.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
    assert [p["content"] for p in policies] == [
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'"
    ]
    assert [a["src"] for t, a in reader.tags if t == "script"] in (["static/site.js"], ["../static/site.js"])
    for tag, attributes in reader.tags:
        target = urlsplit(attributes.get("href") or "")
        assert target.scheme in ("", "http", "https")
        assert not target.netloc or attributes.get("rel") == "noopener nofollow ugc", (tag, attributes)


def every_event(text: Any) -> list[ev.Event]:
    """One event of every kind, each captured field a hostile text of its own."""
    return [
        ev.View(page="p1", address=text(), title=text(), dialog=text()),
        ev.View(page="p1", address=f"https://a.example/{text()}"),
        ev.Choice(
            candidates=[ev.Candidate(label=text(), role=text(), control=text(), region=text(), why=text())],
            chosen=0,
            options_shown=3,
            reason=text(),
        ),
        ev.Gesture(gesture="pointer", label=text(), role=text(), tag=text(), href=text(), frame=text(), page="p1"),
        ev.Gesture(gesture="jump", href=text(), label=text()),
        ev.Gesture(gesture="dialog", label=text()),
        ev.Gesture(gesture="scripted", label=text(), trusted=False),
        ev.Gesture(gesture="key", key=text(), place="box", said=text()),
        ev.Obstacle(kind="cookie", label=text(), by="autoconsent"),
        ev.FormField(label=text(), kind=text(), where="wall"),
        ev.Conversation(state="begun", form=text(), evidence=text(), frame=text()),
        ev.Message(id="m1", author="bot", name=text(), text=text(), options=[text(), text()]),
        ev.Message(id="m2", author="human", name=text(), text=text()),
        ev.Message(id="m3", author="service", name=text(), text=text(), history=True),
        ev.MessageChanged(id="m1", text=text()),
        ev.Reading(
            of=2, subject="message", text=text(), signal=text(), rule=text(), phrase=text(), values={"x": text()}
        ),
        ev.Step(state=text(), rule=text(), action="say", detail=text()),
        ev.Wait(kind="bot", seconds=1.5),
        ev.Queue(state="joined", position=3, eta_seconds=90),
        ev.Finding(finding="wall", outcome="gated", gate=text(), to=text(), of=[3], text=text()),
        ev.Finding(finding="taken_back", outcome=text(), of=[3], text=text()),
        ev.BarrierMet(barrier=text(), of=[3], text=text()),
        ev.Spent(which="turns"),
        ev.Left(how="said", text=text()),
        ev.Picture(path=text(), sha256=text()),
        ev.Note(text=text(), data={"x": text()}),
        ev.RunEnded(at=text(), reason=text()),
    ]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(given_a.data(), given_a.booleans())
def test_no_captured_text_becomes_part_of_the_page(data: given_a.DataObject, simulated: bool) -> None:
    def text() -> str:
        return data.draw(hostile)

    started = started_for("x", "X", FIRST, simulated=simulated)
    probe = started.probe.model_copy(
        update={"platform": text() or "x", "scenario": text(), "locale": text(), "vantage": text()}
    )
    started = started.model_copy(
        update={
            "probe": probe,
            "platform_name": text(),
            "start_url": text(),
            "versions": {text(): text()},
            "setting": {text(): text()},
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        row = kept(Path(folder), started, [started, *every_event(text)])
        site = build([row], Path(folder) / "site")
        found = sorted(site.rglob("*.html"))
        assert len(found) == 11
        for page in found:
            check(page)


def test_the_check_itself_finds_a_tag_that_got_through(tmp_path: Path) -> None:
    """Without this, a reader that sees nothing would pass everything."""
    site = build([run(tmp_path, "a", "A", 0, "handoff")], tmp_path / "site")
    page = next((site / "run").glob("*.en.html"))
    whole = page.read_text("utf-8")
    check(page)
    for attack in ("<marker>", "<a href='javascript:alert(1)'>x</a>", "<b onclick=x>x</b>", "</div>", "<!-- x -->"):
        page.write_text(whole.replace("</h1>", f"{attack}</h1>"), "utf-8")
        try:
            check(page)
        except AssertionError:
            continue
        raise AssertionError(f"{attack} was not seen")
