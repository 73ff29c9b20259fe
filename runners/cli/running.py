"""`tohuman run`: one or more runs of known probes, or of a plain Playwright script against an address."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tohuman.runners.cli.carrying import as_json as run_as_json
from tohuman.runners.cli.carrying import carry_out, require_valid
from tohuman.runners.cli.shared import data_option, json_option, print_json
from tohuman.runners.errors import UsageError

if TYPE_CHECKING:
    from tohuman.results.events import ProbeKey
    from tohuman.runners.order import Order


@click.command()
@click.argument("probe", nargs=-1, required=True)
@click.option("--url", help="Start page of a script.")
@click.option("--start", type=click.Choice(["help", "home"]), help="Where to start; the help centre unless set.")
@click.option("--surface", type=click.Choice(["web", "web-mobile"]), help="Computer or emulated phone.")
@click.option("--policy", type=click.Choice(["naive", "informed"]), help="First-time visitor, or the written way.")
@click.option("--scenario", help="What the shopper asks about; a general question unless set.")
@click.option("--locale", help="Language and region, such as zh-CN.")
@click.option("--stop", type=click.Choice(["offered", "answered"]), default="offered", show_default=True)
@click.option("--vantage", envvar="TOHUMAN_VANTAGE", default="unset", help="Where the runs are made from, as declared.")
@click.option("--times", type=click.IntRange(1, 1000), default=1, show_default=True, help="Runs of each probe.")
@click.option("--jobs", type=click.IntRange(1, 8), default=1, show_default=True, help="Runs at a time.")
@click.option("--pictures", is_flag=True, help="Keep a picture of every step.")
@click.option("--headed", is_flag=True, help="Show the browser's window.")
@click.option("--allow-private", is_flag=True, help="Private networks may be visited too.")
@data_option
@json_option
def run(
    probe: tuple[str, ...],
    url: str | None,
    times: int,
    jobs: int,
    pictures: bool,
    headed: bool,
    data: Path,
    as_json: bool,
    **wanted: Any,
) -> None:
    """Run PROBEs: a platform's id, a whole probe (platform/start/surface/policy/scenario/locale), or a script.

    A script is a Python file with `async def walk(page)`, plain Playwright; it needs --url. Ids of practice platforms
    are served for the run; `tohuman practice --list` and `tohuman probes` list what there is.
    """
    wanted["evidence"] = "light" if pictures else "none"
    scripts = [name for name in probe if name.endswith(".py")]
    if scripts and (len(scripts) != len(probe) or url is None):
        raise UsageError("A script needs --url, the address it starts at, and no probes beside it", where=scripts[0])
    if url is not None and not scripts:
        raise UsageError("--url goes with a script", do="an address is walked by tohuman walk")
    outcomes = asyncio.run(_run(list(probe), url, wanted, times, jobs, headed, data, as_json))
    if as_json:
        print_json([run_as_json(outcome) for outcome in outcomes])
    require_valid(outcomes)


async def _run(
    probes: list[str],
    url: str | None,
    wanted: dict[str, Any],
    times: int,
    jobs: int,
    headed: bool,
    data: Path,
    quiet: bool,
) -> Any:
    from tohuman.probes.practice import platform_ids, serve
    from tohuman.runners.orders import platform_order, practice_order

    more = {name: wanted[name] for name in ("stop", "allow_private", "evidence")}
    if url is not None:
        orders = [_script(path, url, wanted, more) for path in probes]
        return await carry_out(orders * times, data, jobs=jobs, quiet=quiet, headless=not headed)
    keys = [_key(name, wanted, set(platform_ids()), data) for name in probes]
    practised = [key.platform for key in keys if key.platform in platform_ids()]
    async with AsyncExitStack() as stack:
        served = (await stack.enter_async_context(serve(only=practised))).platforms if practised else {}
        orders = [
            practice_order(served[key.platform], key, **more)
            if key.platform in served
            else platform_order(_platform(key.platform, data), key, **more)
            for key in keys
        ]
        return await carry_out(orders * times, data, jobs=jobs, quiet=quiet, headless=not headed)


def _key(name: str, wanted: dict[str, Any], practice: set[str], data: Path) -> ProbeKey:
    """The probe that is meant: named whole, or a platform with what the options say and else what is usual there."""
    from tohuman.probes.schema import parse_probe_id, probe_id
    from tohuman.results.events import ProbeKey
    from tohuman.runners.orders import practice_key

    parts = {part: wanted[part] for part in ("start", "surface", "policy", "scenario", "locale") if wanted[part]}
    if "/" in name:
        if parts:
            raise UsageError("A probe named whole takes no options that name its parts", where=", ".join(sorted(parts)))
        try:
            return parse_probe_id(name, wanted["vantage"])
        except ValueError as error:
            raise UsageError(str(error)) from error
    if name in practice:
        usual = practice_key(name)
    else:
        platform = _platform(name, data)
        start = "help" if "help" in platform.starts else "home"
        surface = next((known for known in platform.surfaces if known in ("web", "web-mobile")), "web")
        usual = ProbeKey.model_validate(
            {"platform": name, "start": start, "surface": surface, "locale": platform.locale}
        )
    key = usual.model_copy(update={**parts, "vantage": wanted["vantage"]})
    try:
        return parse_probe_id(probe_id(key), wanted["vantage"])  # the options' values are judged as the file's are
    except ValueError as error:
        raise UsageError(str(error)) from error


def _platform(name: str, data: Path) -> Any:
    from tohuman.runners.saved import find_platform

    platform = find_platform(name, data)
    if platform is None:
        raise UsageError(
            "There is no such platform or probe", where=name, do="tohuman probes and tohuman practice --list list them"
        )
    return platform


def _script(path: str, url: str, wanted: dict[str, Any], more: dict[str, Any]) -> Order:
    from tohuman.runners.order import Order

    file = Path(path).expanduser().absolute()
    if not file.is_file():
        raise UsageError("There is no such script", where=path)
    return Order.model_validate(
        {
            "platform": file.stem.lower().replace("_", "-"),
            "name": file.name,
            "url": url,
            "locale": wanted["locale"] or "",
            "surface": wanted["surface"] or "web",
            "policy": "script",
            "start": wanted["start"] or "help",
            "vantage": wanted["vantage"],
            "script": str(file),
            **more,
        }
    )
