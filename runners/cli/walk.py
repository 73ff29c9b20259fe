"""`tohuman walk`: one naive run on any address, told as a person would or as JSON."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import click

from tohuman.runners.cli.carrying import carry_out, require_valid
from tohuman.runners.cli.shared import data_option, json_option, print_json
from tohuman.runners.exits import Exit

if TYPE_CHECKING:
    from tohuman.results.measures import Measures


def platform_of(url: str) -> str:
    """An id for an address nobody has a platform file for: its host (and port)."""
    parts = urlsplit(url)
    host = (parts.hostname or "address").replace(".", "-").replace(":", "-")
    return f"{host}-{parts.port}" if parts.port else host


def walk_json(measures: Measures, url: str) -> dict[str, Any]:
    """What `--json` prints: the outcome, the counts, and the way with the events that prove it."""
    m = measures
    return {
        "url": url,
        "run_id": m.run_id,
        "outcome": str(m.outcome),
        "gate": m.gate,
        "to": m.to,
        "valid": m.valid,
        "reached": m.reached,
        "clicks": m.clicks,
        "turns": m.turns,
        "actions": m.actions,
        "fields": m.fields,
        "obstacle_clicks": m.obstacle_clicks,
        "waits": {"page": m.wait_page_s, "bot": m.wait_bot_s, "queue": m.wait_queue_s},
        "barriers": [b.barrier for b in m.barriers],
        "path": [p.model_dump(mode="json") for p in m.path],
        "why": m.why,
        "method_version": m.method_version,
    }


@click.command()
@click.argument("url")
@click.option("--locale", default="", help="Language and region, such as zh-CN; taken from the page unless set.")
@click.option("--device", type=click.Choice(["desktop", "mobile"]), default="desktop", show_default=True)
@click.option("--stop", type=click.Choice(["offered", "answered"]), default="offered", show_default=True)
@click.option("--scenario", default="general", show_default=True, help="What the shopper asks about.")
@click.option("--allow-private", is_flag=True, help="Private networks may be visited too.")
@click.option("--pictures", is_flag=True, help="Keep a picture of every step.")
@click.option("--headed", is_flag=True, help="Show the browser's window.")
@data_option
@json_option
def walk(
    url: str,
    locale: str,
    device: Literal["desktop", "mobile"],
    stop: Literal["offered", "answered"],
    scenario: str,
    allow_private: bool,
    pictures: bool,
    headed: bool,
    data: Path,
    as_json: bool,
) -> int:
    """Walk URL as a first-time visitor who looks for a person, once, and say how it ended."""
    from tohuman.runners.order import Order

    order = Order(
        platform=platform_of(url),
        name=urlsplit(url).netloc,
        url=url,
        locale=locale,
        surface="web-mobile" if device == "mobile" else "web",
        stop=stop,
        scenario=scenario,
        allow_private=allow_private,
        evidence="light" if pictures else "none",
    )
    outcomes = asyncio.run(carry_out([order], data, quiet=as_json, headless=not headed))
    (outcome,) = outcomes
    if outcome.measures is None:
        require_valid(outcomes)
        return Exit.OUR_FAULT
    if as_json:
        print_json(walk_json(outcome.measures, url))
    else:
        from tohuman.results.ids import journal_path
        from tohuman.results.journal import read
        from tohuman.results.narrate import narrate
        from tohuman.runners.cli.shared import lines
        from tohuman.runners.telling import Teller

        events = read(journal_path(data.expanduser().absolute(), outcome.run_id))
        teller = Teller()
        lines([*teller.head(outcome.measures, order.name), *teller.walk(narrate(events, outcome.measures))])
    return Exit.MEASURED if outcome.measures.valid else Exit.MISSING
