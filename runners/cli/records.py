"""`tohuman runs | show | measure`: what the journals and the store say. Walks nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tohuman.runners.cli.shared import Progress, data_option, json_option, lines, opened, print_json, show_table, usable
from tohuman.runners.errors import MalformedFile, UsageError

if TYPE_CHECKING:
    from tohuman.results.store import Store

_COLUMNS = (
    "run_id",
    "platform",
    "platform_name",
    "started_at",
    "state",
    "outcome",
    "gate",
    "to",
    "valid",
    "reached",
    "clicks",
    "turns",
    "actions",
    "fields",
    "obstacle_clicks",
    "wait_page_s",
    "wait_bot_s",
    "wait_queue_s",
    "start",
    "surface",
    "policy",
    "scenario",
    "locale",
    "vantage",
    "stop",
    "simulated",
)


@click.command()
@click.option("--platform", help="Only runs of this platform.")
@click.option("--outcome", help="Only runs that ended so.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="The newest so many.")
@click.option("--search", help="Only runs in whose conversation all these words were said.")
@data_option
@json_option
def runs(platform: str | None, outcome: str | None, limit: int, search: str | None, data: Path, as_json: bool) -> None:
    """List the runs, newest first."""
    from tohuman.results.vocabulary import Outcome

    if outcome is not None and outcome not in {str(member) for member in Outcome}:
        raise UsageError("There is no such outcome", where=outcome, do=f"known are {', '.join(Outcome)}")
    with opened(data) as store:
        found = store.runs(
            platform=platform, outcome=outcome, newest_first=True, limit=limit if search is None else None
        )
        if search is not None:
            said = {row["run_id"] for row in store.search(search, limit=10_000)}
            found = [row for row in found if row["run_id"] in said][:limit]
    if as_json:
        rows = [{name: row[name] for name in _COLUMNS} for row in found]
        for row, whole in zip(rows, found, strict=True):
            row["barriers"] = [met["barrier"] for met in whole["barriers"]]
        print_json(rows)
        return
    if not found:
        click.echo("No runs.")
        return
    shown = [
        [row["run_id"], _name(row), row["outcome"], str(row["clicks"]), str(row["turns"]), str(row["fields"])]
        for row in found
    ]
    show_table(["run", "platform", "outcome", "clicks", "turns", "fields"], shown, [96, 40, 20, 8, 8, 8])


def _name(row: dict[str, Any]) -> str:
    name = row["platform_name"] or row["platform"]
    return f"{name} (simulated)" if row["simulated"] else str(name)


@click.command()
@click.argument("run")
@click.option("--lang", default="en", show_default=True, help="Language of the telling.")
@data_option
@json_option
def show(run: str, lang: str, data: Path, as_json: bool) -> None:
    """Tell one RUN as a person would: each click, each message, where it ended and why.

    RUN is a run id, the end of one, or `last`.
    """
    from tohuman.dashboard.locale import languages
    from tohuman.results.journal import read
    from tohuman.results.measures import measure as computed
    from tohuman.results.narrate import narrate
    from tohuman.runners.telling import Teller

    if lang not in languages():
        raise UsageError("There is no such language", where=lang, do=f"known are {', '.join(languages())}")
    with opened(data) as store:
        row = _one(store, run)
    journal = Path(row["journal"])
    if not journal.is_file():
        raise MalformedFile(
            "The run's journal is gone", where=str(journal), do="tohuman measure --all tidies the store"
        )
    events = read(journal)
    measures = computed(events)
    told = narrate(events, measures)
    if as_json:
        print_json(
            {
                "run_id": row["run_id"],
                "platform": row["platform"],
                "platform_name": row["platform_name"],
                "state": row["state"],
                "simulated": row["simulated"],
                "started_at": row["started_at"],
                "start_url": row["start_url"],
                "measures": measures.model_dump(mode="json"),
                "walk": [
                    {
                        "kind": line.kind,
                        "text": line.text,
                        "event": line.event,
                        "at": line.at,
                        "key": line.key,
                        "name": line.name,
                        "address": line.address,
                        "options": list(line.options),
                        "number": line.number,
                        "flags": list(line.flags),
                    }
                    for line in told
                ],
            }
        )
        return
    teller = Teller(lang)
    lines(teller.head(measures, _name(row)))
    click.echo()
    for text in teller.walk(told):
        click.echo(text)


def _one(store: Store, wanted: str) -> dict[str, Any]:
    """The run of that id, `last`, or the only one whose id ends so."""
    if wanted == "last":
        newest = store.runs(newest_first=True, limit=1)
        if not newest:
            raise UsageError("There are no runs yet", do="make one with tohuman demo")
        return newest[0]
    row = store.run(wanted)
    if row is not None:
        return row
    alike = [row for row in store.runs() if row["run_id"].endswith(wanted)] if len(wanted) >= 4 else []
    if len(alike) == 1:
        return alike[0]
    what = "Several runs end so" if alike else "There is no such run"
    raise UsageError(what, where=wanted, do="tohuman runs lists them")


@click.command()
@click.argument("run", required=False)
@click.option("--all", "every", is_flag=True, help="Compute all runs again and make the database anew.")
@data_option
@json_option
def measure(run: str | None, every: bool, data: Path, as_json: bool) -> None:
    """Compute the measures of a RUN again from its journal, or of all: the same journal gives the same numbers.

    RUN is a run id, the end of one, `last`, or the path of a journal.
    """
    if every == (run is not None):
        raise UsageError("Name a run or give --all", do="see tohuman measure --help")
    if every:
        _all(data, as_json)
    else:
        _again(str(run), data)


def _again(wanted: str, data: Path) -> None:
    from tohuman.results.journal import read
    from tohuman.results.measures import measure as computed

    if wanted.endswith(".jsonl"):
        path = Path(wanted)
        if not path.is_file():
            raise UsageError("There is no such journal", where=wanted)
        print_json(computed(read(path)).model_dump(mode="json"))
        return
    with opened(data) as store:
        path = Path(_one(store, wanted)["journal"])
        measures = computed(read(path))
        store.ingest(path)
    print_json(measures.model_dump(mode="json"))


def _all(data: Path, as_json: bool) -> None:
    from tohuman.results.store import Store

    store = Store.open(usable(data), sweep=False, repair=True)
    try:
        with Progress(quiet=as_json) as progress:
            rebuilt = store.rebuild(lambda done, of: progress.doing(f"{done} of {of} journals"))
    finally:
        store.close()
    if as_json:
        told = [{"journal": file, "problem": sentence} for file, sentence in rebuilt.problems]
        print_json({"runs": rebuilt.runs, "running": rebuilt.running, "problems": told})
    else:
        lines([sentence for _, sentence in rebuilt.problems])
        going = f", {rebuilt.running} still going on" if rebuilt.running else ""
        click.echo(f"{rebuilt.runs} runs measured{going}.")
    if rebuilt.problems:
        raise MalformedFile(f"{len(rebuilt.problems)} journals are damaged", where=str(data))
