"""What a walk costs beside a bare Playwright script that makes the same presses: wall clock, processor, memory.

Pairs are interleaved: each round walks one practice platform in every variant, in an order drawn anew, so that what
else the machine does falls on all alike. The walks themselves are in bench_walks.py; prints nothing.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tohuman.probes.deadlines import Limit
from tohuman.runners import processes
from tohuman.runners.errors import TohumanError, UsageError

VARIANTS = ("bare", "counter", "walk")
#: The upper end of the interval of wall clock against the bare script must not be beyond this.
GOALS = {"counter": 1.08, "walk": 1.35}
MEASURES = ("wall", "cpu", "peak")
RESAMPLES = 4000
WALK = Limit("one walk of the bench", 120.0, "the slowest way takes ten seconds on a busy machine")
SAMPLE = Limit("between two looks at the memory of a bench's processes", 0.2, "a look costs 10 ms and must not be felt")
CALM = Limit("the processes of a closed page ending", 2.0, "their processor time is known once they have ended")
LIMITS = (WALK, SAMPLE, CALM)


@dataclass
class Walk:
    """One walk: seconds, processor seconds, peak bytes (0 where it was not looked at), parts of the time."""

    wall: float
    cpu: float
    peak: int
    gestures: int
    parts: dict[str, float]


@dataclass(frozen=True)
class Estimate:
    """A median and the ends of its 95 % interval."""

    median: float
    low: float
    high: float


@dataclass
class Report:
    """Per variant and measure the median; the ratio to the bare script; parts of a walk per step, in seconds."""

    pairs: int
    memory_pairs: int
    values: dict[str, dict[str, Estimate]] = field(default_factory=dict)
    ratios: dict[str, dict[str, Estimate]] = field(default_factory=dict)
    per_step: dict[str, Estimate] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)


def interval(values: Sequence[float], seed: int = 1) -> Estimate:
    """The median of the values with its bootstrap interval (percentile, 95 %). ValueError for none."""
    if not values:
        raise ValueError("no values")
    drawn = random.Random(seed)
    medians = sorted(statistics.median(drawn.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return Estimate(
        statistics.median(values), medians[int(0.025 * RESAMPLES)], medians[min(RESAMPLES - 1, int(0.975 * RESAMPLES))]
    )


class Child:
    """The process of one variant, kept for the whole bench so that starting a browser is in no figure."""

    def __init__(self, variant: str, data: Path) -> None:
        self.variant, self.data = variant, data
        self.process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Child:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tohuman.runners.bench_walks", self.variant, str(self.data),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await self.hear()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.process is not None
        known = [*processes.descendants(self.process.pid)]
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), CALM.seconds * 4)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        processes.kill(known)

    async def hear(self) -> dict[str, Any]:
        assert self.process is not None
        assert self.process.stdout is not None
        try:
            line = await asyncio.wait_for(self.process.stdout.readline(), WALK.seconds)
        except TimeoutError as error:
            raise TohumanError("A walk of the bench did not end in time", where=self.variant) from error
        told: dict[str, Any] = json.loads(line) if line else {"failed": "its process ended"}
        if "failed" in told:
            raise TohumanError("A walk of the bench failed", where=f"{self.variant}: {told['failed']}")
        return told

    def tree(self) -> list[int]:
        assert self.process is not None
        return [self.process.pid, *(one.pid for one in processes.descendants(self.process.pid))]

    async def walk(self, job: dict[str, Any], *, memory: bool) -> Walk:
        assert self.process is not None
        assert self.process.stdin is not None
        before = self.tree()
        spent = processes.cpu_seconds(before)
        peak = _Peak(self.process.pid) if memory else None
        self.process.stdin.write(json.dumps(job).encode() + b"\n")
        await self.process.stdin.drain()
        told = await self.hear()
        top = peak.stop() if peak is not None else 0
        until = time.monotonic() + CALM.seconds
        while len(self.tree()) > len(before) and time.monotonic() < until:
            await asyncio.sleep(0.02)
        spent = processes.cpu_seconds(self.tree()) - spent
        return Walk(told["wall"], spent, top, told["gestures"], told["parts"])


class _Peak:
    """Looks at the memory of a process and all that descends from it until stopped."""

    def __init__(self, pid: int) -> None:
        self.pid, self.most = pid, 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self) -> None:
        while not self.over.wait(SAMPLE.seconds):
            pids = [self.pid, *(one.pid for one in processes.descendants(self.pid))]
            self.most = max(self.most, processes.pss(pids))

    def stop(self) -> int:
        self.over.set()
        self.thread.join()
        return self.most


def ways() -> dict[str, dict[str, Any]]:
    """The ways of bench.yaml by platform."""
    told: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return told


def job_for(served: Any, way: dict[str, Any]) -> dict[str, Any]:
    """What a child is told of one platform: the bare script's way with its words, and the informed run's order."""
    from tohuman.probes.reading import Reader
    from tohuman.runners.order import Order

    lines = Reader.load().lines(served.locale)
    steps: list[dict[str, Any]] = []
    informed: list[dict[str, object]] = [{"do": "open", "start": "help"}]
    for step in way["steps"]:
        if "say" in step:
            ladder = step["say"].get("ladder")
            words = lines.ladder[ladder - 1] if ladder else lines.scenarios["general"]
            steps.append({"say": words})
            informed.append({"do": "say", **step["say"]})
        else:
            steps.append(step)
            if "press" in step:
                informed.append({"do": "press", "role": step["press"]["role"], "name": step["press"]["name"]})
    order = Order(
        platform=served.id,
        name=served.name,
        url=served.url,
        locale=served.locale,
        surface=str(served.surface),  # type: ignore[arg-type]
        policy="informed",
        simulated=True,
        evidence="light",
        way=informed,
    )
    return {
        "url": served.url,
        "locale": served.locale,
        "way": {**way, "steps": steps, "leave": lines.leave},
        "order": order.model_dump(mode="json"),
    }


async def bench(
    pairs: int,
    data: Path,
    *,
    only: Sequence[str] = (),
    seed: int = 1,
    told: Callable[[str], None] | None = None,
) -> Report:
    """`pairs` rounds for wall clock and processor, and a third as many again, apart, for memory.

    `only`: these platforms of bench.yaml; UsageError for one that is not there.
    """
    from tohuman.probes.practice import serve

    known = ways()
    for name in only:
        if name not in known:
            raise UsageError("There is no such way", where=name, do=f"known are {', '.join(known)}")
    sites = {name: way for name, way in known.items() if not only or name in only}
    memory_pairs = max(1, pairs // 3)
    drawn = random.Random(seed)
    walks: dict[str, list[Walk]] = {variant: [] for variant in VARIANTS}
    peaks: dict[str, list[Walk]] = {variant: [] for variant in VARIANTS}
    steps: list[int] = []
    async with AsyncExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tohuman-bench-", dir=data)))
        practice = await stack.enter_async_context(serve(only=list(sites)))
        jobs = {name: job_for(practice.platforms[name], way) for name, way in sites.items()}
        children = {variant: await stack.enter_async_context(Child(variant, place)) for variant in VARIANTS}

        async def one(variant: str, name: str, memory: bool) -> Walk:
            practice.reset(name)
            return await children[variant].walk(jobs[name], memory=memory)

        for name in sites:  # the first walk of a browser fills its caches
            for variant in VARIANTS:
                await one(variant, name, False)
        for number in range(pairs + memory_pairs):
            name = list(sites)[number % len(sites)]
            memory = number >= pairs
            found = {variant: await one(variant, name, memory) for variant in drawn.sample(VARIANTS, len(VARIANTS))}
            actions = {variant: walk.gestures for variant, walk in found.items() if variant != "bare"}
            if len(set(actions.values())) != 1:
                raise TohumanError("The variants did not make the same presses", where=f"{name}: {actions}")
            for variant, walk in found.items():
                (peaks if memory else walks)[variant].append(walk)
            if not memory:
                steps.append(sum("wait" not in step for step in sites[name]["steps"]))
            if told is not None:
                kind = "memory" if memory else "pair"
                walls = ", ".join(f"{variant} {found[variant].wall:.2f} s" for variant in VARIANTS)
                told(f"{kind} {number + 1} of {pairs + memory_pairs}, {name}: {walls}")
    return report(walks, peaks, steps)


def report(walks: dict[str, list[Walk]], peaks: dict[str, list[Walk]], steps: Sequence[int]) -> Report:
    """Medians, ratios within pairs, and what each step took; `steps` of each pair."""
    whole = Report(pairs=len(walks["bare"]), memory_pairs=len(peaks["bare"]))
    for variant in VARIANTS:
        whole.values[variant], whole.ratios[variant] = {}, {}
        for name in MEASURES:
            held = peaks if name == "peak" else walks
            mine, bare = ([float(getattr(walk, name)) for walk in held[which]] for which in (variant, "bare"))
            if not all(mine) or not all(bare):
                continue  # a system that does not tell
            whole.values[variant][name] = interval(mine)
            if variant != "bare":
                whole.ratios[variant][name] = interval([a / b for a, b in zip(mine, bare, strict=True)])
    for part in walks["walk"][0].parts if walks["walk"] else ():
        whole.per_step[part] = interval(
            [walk.parts[part] / count for walk, count in zip(walks["walk"], steps, strict=True)]
        )
    for variant, goal in GOALS.items():
        ratio = whole.ratios[variant]["wall"]
        if ratio.high > goal:
            whole.missed.append(f"{variant}: wall clock up to {ratio.high:.2f} × bare, the goal is {goal:.2f}")
    return whole
