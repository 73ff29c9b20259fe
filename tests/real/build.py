"""Builds the real subjects: the chat of each software into one bundle, each help centre into static pages.

`python -m tests.real.build [SUBJECT …]` (none: all). Finished builds are kept under .cache/real and used again.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from tests.real import tools
from tests.real.chat_servers import SERVERS
from tests.real.generators import mkdocs_material, sphinx_furo
from tests.real.tools import BuildError, Unavailable, alone, fingerprint, finish, made, npm_ci, run

HERE = Path(__file__).parent
APPS, SITES = HERE / "apps", HERE / "sites"
ESBUILD = (
    "--bundle", "--minify", "--target=es2020", "--jsx=automatic", "--outdir=out", "--entry-names=app",
    "--asset-names=[name]-[hash]", '--define:process.env.NODE_ENV="production"',
    "--loader:.svg=dataurl", "--loader:.png=dataurl", "--loader:.woff=dataurl", "--loader:.woff2=dataurl",
    "--loader:.ttf=dataurl", "--log-level=error",
)  # fmt: skip


def build_chat(software: str) -> Path:
    """What the chat of apps/<software> needs to run: the folder of its bundle, or of its server's front end.

    Unavailable where its packages cannot be had.
    """
    if software in SERVERS:
        return SERVERS[software].prepare()
    source = APPS / software
    place = tools.CACHE / "chats" / f"{software}-{fingerprint(source, *ESBUILD)}"
    with alone(f"chat-{software}"):
        if not made(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=place.parent) as folder:
                scratch = Path(folder) / software
                shutil.copytree(source, scratch, ignore=shutil.ignore_patterns("node_modules"))
                env = npm_ci(scratch)
                entry = next(file.name for file in scratch.glob("app.*") if file.suffix in (".jsx", ".js"))
                esbuild = scratch / "node_modules" / ".bin" / "esbuild"
                run([esbuild, entry, *ESBUILD], cwd=scratch, env=env)
                finish(scratch / "out", place)
    return place


def read_site(name: str) -> tuple[dict[str, Any], dict[str, str]]:
    """sites/<name>.md: its settings (YAML before the first page), and its pages by file name."""
    head, *rest = (SITES / f"{name}.md").read_text("utf-8").split("\n=== ")
    pages = {}
    for page in rest:
        file, _, text = page.partition("\n")
        pages[file.strip()] = text
    return yaml.safe_load(head), pages


def build_site(name: str) -> Path:
    """The folder with the static help centre made of sites/<name>.md by the generator it names."""
    settings, pages = read_site(name)
    make = {"mkdocs-material": mkdocs_material, "sphinx-furo": sphinx_furo}[settings["generator"]]
    place = tools.CACHE / "sites" / f"{name}-{fingerprint(SITES / f'{name}.md', HERE / 'generators.py')}"
    with alone(f"site-{name}"):
        if not made(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=place.parent) as folder:
                make(Path(folder), settings, pages)
                finish(Path(folder) / "out", place)
    return place


def main(wanted: list[str]) -> int:
    """Builds these subjects (none named: all), two parts at a time. 0 built, 1 our fault, 2 no such, 3 no registry."""
    from tests.real.subjects import names, told_of

    unknown = [name for name in wanted if name not in names()]
    if unknown:
        print(f"no such subject: {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    told = [told_of(name) for name in wanted or names()]
    chats = dict.fromkeys(one["chat"] for one in told)
    sites = dict.fromkeys(one["site"] for one in told)
    parts = [*((build_chat, chat) for chat in chats), *((build_site, site) for site in sites)]
    with ThreadPoolExecutor(2) as pool:
        return max(pool.map(lambda part: _build(*part), parts))


def _build(make: Callable[[str], Path], name: str) -> int:
    began = time.monotonic()
    what = {build_chat: "chat", build_site: "help centre"}[make]
    try:
        place = make(name)
    except Unavailable as why:
        print(f"{what} {name}: not to be had here: {why}", file=sys.stderr)
        return 3
    except BuildError as why:
        print(f"{what} {name}: {why}", file=sys.stderr)
        return 1
    size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    print(f"{what} {name}: {size / 1e6:.1f} MB in {time.monotonic() - began:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
