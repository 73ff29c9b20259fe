"""`python -m tohuman.runners.explore_exam [--data DIR] [ID …]`: every practice platform explored, compared with the
shortest way of its truth.yaml. One line each: what was walked, what is true, seconds, pages.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tohuman.probes.explore_state import Limits
from tohuman.probes.practice import PracticePlatform, platform_ids, serve
from tohuman.results.vocabulary import Start, Surface

from .explore import Exploration, Wish, explore


@dataclass
class Answer:
    """One exploration beside the truth."""

    subject: str
    start: str
    exploration: Exploration
    differences: list[str]

    def line(self) -> str:
        e, m = self.exploration, self.exploration.measures
        got = f"{m.outcome} {m.clicks}+{m.turns}" if m is not None else "nothing"
        wrong = "; ".join(self.differences) or "right"
        return (
            f"{self.subject}/{self.start}: {got}, {e.seconds:.1f} s ({e.search_seconds:.1f} s search), "
            f"{e.pages} pages, {e.conversations} conversations, {e.walks} walks: {wrong}"
        )


def compare(platform: PracticePlatform, start: Start, exploration: Exploration) -> list[str]:
    """What the confirming walk counted otherwise than the truth's shortest way."""
    truth = platform.truth.starts[start].informed
    m = exploration.measures
    if m is None:
        return ["nothing was walked"]
    told: list[tuple[str, object, object]] = [
        ("outcome", str(m.outcome), str(truth.outcome)),
        ("clicks", m.clicks, truth.clicks),
        ("turns", m.turns, truth.turns),
    ]
    return [f"{name} {got} instead of {true}" for name, got, true in told if got != true]


async def one(platform: PracticePlatform, start: Start, data: Path, limits: Limits | None = None) -> Answer:
    """Explore one practice platform that is being served."""
    wish = Wish(
        url=platform.start_url(start),
        platform=platform.id,
        name=platform.name,
        locale=platform.locale,
        device="mobile" if platform.surface is Surface.WEB_MOBILE else "desktop",
        start="home" if start is Start.HOME else "help",
        simulated=True,
        limits=limits or Limits(),
    )
    exploration = await explore(wish, data)
    return Answer(platform.id, start.value, exploration, compare(platform, start, exploration))


async def examine(names: list[str], data: Path) -> list[Answer]:
    """The named platforms (all, if none is named), from every start they have, one after the other."""
    answers = []
    async with serve(only=names or platform_ids()) as practice:
        for platform in practice.platforms.values():
            for start in platform.truth.starts:
                practice.reset(platform.id)
                answer = await one(platform, start, data)
                print(answer.line(), flush=True)
                answers.append(answer)
    return answers


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("subject", nargs="*")
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        answers = asyncio.run(examine(given.subject, given.data or Path(own)))
    right = sum(not answer.differences for answer in answers)
    print(
        f"{right} of {len(answers)} right; median {statistics.median(a.exploration.seconds for a in answers):.1f} s, "
        f"{statistics.median(a.exploration.pages for a in answers):g} pages"
    )
    return 0 if right == len(answers) else 8


if __name__ == "__main__":
    raise SystemExit(main())
