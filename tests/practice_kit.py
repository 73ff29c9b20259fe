"""For the tests of the practice platforms: one browser, the served platforms, and the site log against the truth.

Knows nothing of the counter, the policies or the reader: the sites are driven by hand-written plain Playwright.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tohuman.probes.practice import Practice, PracticePlatform
from tohuman.results.vocabulary import Start, Stop, Surface

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@contextmanager
def launched() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A fresh visitor on one platform; remembers every request that left for another host, and every script error."""

    def __init__(self, browser: Browser, practice: Practice, platform_id: str, start: Start = Start.HELP) -> None:
        self.platform: PracticePlatform = practice.platforms[platform_id]
        practice.reset(platform_id)
        phone = self.platform.surface is Surface.WEB_MOBILE
        self.context = browser.new_context(locale=self.platform.locale, **(PHONE if phone else {}))
        self.context.set_default_timeout(10_000)
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.context.on("request", lambda request: self._asked(request.url))
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.page: Page = self.context.new_page()
        self.page.goto(self.platform.start_url(start))
        self.start = start

    def _asked(self, url: str) -> None:
        if not re.match(r"(https?|ws)://(127\.0\.0\.1|localhost):|data:|blob:|about:|javascript:", url):
            self.foreign.append(url)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def check(self, *, informed: bool = False, stop: Stop = Stop.OFFERED) -> None:
        """The site received exactly the way of the truth (words of leaving aside), and nothing went elsewhere."""
        truth = self.platform.truth.starts[self.start]
        way = truth.informed.way if informed else truth.naive.at(stop)[1]
        expected = [next(iter(step.items())) for step in way if "back" not in step]
        deadline = time.monotonic() + 5
        while True:
            got = [(e["kind"], e["what"]) for e in self.platform.log() if e["stage"] == "way"]
            if len(got) >= len(expected) or time.monotonic() > deadline:
                break
            self.page.wait_for_timeout(50)
        assert [kind for kind, _ in got] == [kind for kind, _ in expected], got
        for (_, what), (_, wanted) in zip(got, expected, strict=True):
            assert wanted in ("*", what), got
        assert self.foreign == []
        assert self.errors == []
