"""The site in a browser, from file://: the policy lets our style and script in and nothing else; sorting; a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dashboard_samples import practice, several
from playwright.sync_api import Browser, sync_playwright

from tohuman.dashboard import build
from tohuman.runners.browser import launch_options

ATTACK = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    real = [replace(r, why=ATTACK, vantage=ATTACK) for r in several(folder / "real", days=20)]
    return build(real + practice(folder / "practice"), folder / "site")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(**launch_options())
        yield launched
        launched.close()


def some_pages(site: Path) -> list[Path]:
    folders = [sorted((site / name).glob("*.html"))[:3] for name in ("platform", "run")]
    return [*sorted(site.glob("*.html")), *folders[0], *folders[1]]


def test_pages_load_whole_and_complain_of_nothing(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for path in some_pages(site):
        page.goto(path.as_uri())
        assert page.title() != "owned"
        # The style sheet came in: the skip link is off the page.
        assert page.evaluate("document.querySelector('.skip').getBoundingClientRect().left") < -100
    page.close()
    assert said == []
    assert {url.split(":")[0] for url in asked} == {"file"}


def test_the_policy_stops_what_would_get_past_the_escaping(site: Path, browser: Browser, tmp_path: Path) -> None:
    html = (site / "index.en.html").read_text("utf-8").replace("</h1>", f"</h1>{ATTACK}")
    (site / "attacked.html").write_text(html, "utf-8")
    page = browser.new_page()
    page.goto((site / "attacked.html").as_uri())
    title = page.title()
    page.close()
    (site / "attacked.html").unlink()
    assert title != "owned"


def test_a_heading_sorts_its_column_and_never_mixes_the_unranked_in(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((site / "index.en.html").as_uri())
    table = page.locator("table.rank").first
    first = "tbody:first-of-type tr .c-platform a"

    def names() -> list[str]:
        return table.locator(first).all_inner_texts()

    def values(column: str) -> list[float]:
        cells = table.locator(f"tbody:first-of-type tr .c-{column}").all()
        return [float(cell.get_attribute("data-v") or "nan") for cell in cells]

    before = names()
    table.get_by_role("button", name="Actions").click()
    assert values("actions") == sorted(values("actions"))
    table.get_by_role("button", name="Actions").click()
    assert values("actions") == sorted(values("actions"), reverse=True)
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    assert sorted(names()) == sorted(before)
    assert table.locator("tbody").last.locator("tr.group").inner_text().strip() == "Not enough data for a place"
    below = table.locator("tbody").last.locator(".c-platform a").all_inner_texts()
    assert sorted(below) == ["Eiderdown Hotels", "Fulmar Rail"]
    page.close()


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_nothing_runs_off_the_page(site: Path, browser: Browser, script: bool) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=script)
    page = context.new_page()
    for path in some_pages(site):
        page.goto(path.as_uri())
        box = page.locator("main").bounding_box()
        assert box
        assert box["width"] <= 360
        if script:
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path.name
    context.close()


def test_an_event_that_is_folded_away_is_shown_when_a_figure_points_to_it(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    path = next(p for p in sorted((site / "run").glob("*.en.html")) if 'minor"' in p.read_text("utf-8"))
    page.goto(path.as_uri())
    minor = page.locator("li.ev.minor").first
    assert not minor.is_visible()
    page.goto(f"{path.as_uri()}#{minor.get_attribute('id')}")
    assert minor.is_visible()
    page.goto(path.as_uri())
    page.get_by_label("Also show how the program read and decided").check()
    assert page.locator("li.ev:visible").count() == page.locator("li.ev").count()
    page.close()
