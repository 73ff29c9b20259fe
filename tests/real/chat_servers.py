"""Chats that are servers of their own (chainlit, gradio): prepared once, run as a process of their own per subject.

Each asks our desk over HTTP for what to say. None sends telemetry or fetches anything from another host.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp

from tests.real import tools
from tests.real.desk import Desk
from tests.real.tools import BuildError, alone, fingerprint, finish, made, venv

APPS = Path(__file__).parent / "apps"
#: Seconds a chat server may take until it answers.
START = 90.0


class Chainlit:
    """Its front end is copied without the links to web fonts and to a style sheet elsewhere (its custom_build)."""

    def prepare(self) -> Path:
        python = venv("chainlit")
        place = tools.CACHE / "chats" / f"chainlit-{fingerprint(python.parents[1].name)}"
        with alone("chat-chainlit"):
            if not made(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                front = next(python.parents[1].glob("lib/python*/site-packages/chainlit/frontend/dist"))
                with tempfile.TemporaryDirectory(dir=place.parent) as folder:
                    scratch = Path(folder) / "front"
                    shutil.copytree(front, scratch, ignore=shutil.ignore_patterns("*.map"))
                    index = scratch / "index.html"
                    page = re.sub(r"<link\b[^>]*https://[^>]*>", "", index.read_text("utf-8"))
                    index.write_text(page, "utf-8")
                    finish(scratch, place)
        return place

    def command(self, front: Path, home: Path, port: int, desk_address: str, locale: str, desk: Desk) -> list[str]:
        language = {"en": "en-US"}.get(locale, locale)
        config = (APPS / "chainlit" / "config.toml").read_text("utf-8")
        filled = {"NAME": desk.behaviour.labels["title"], "LANGUAGE": language, "BUILD": front, "DESK": desk_address}
        for word, value in filled.items():
            config = config.replace(word, str(value))
        (home / ".chainlit").mkdir()
        (home / ".chainlit" / "config.toml").write_text(config, "utf-8")
        (home / "chainlit.md").touch()
        shutil.copy(APPS / "chainlit" / "app.py", home)
        at = ["--host", "127.0.0.1", "--port", str(port)]
        return [str(venv("chainlit")), "-m", "chainlit", "run", "app.py", "--headless", *at]


class Gradio:
    """Nothing to prepare but its venv; analytics are off, its theme uses the system's fonts."""

    def prepare(self) -> Path:
        return venv("gradio").parents[1]

    def command(self, front: Path, home: Path, port: int, desk_address: str, locale: str, desk: Desk) -> list[str]:
        return [str(front / "bin" / "python"), str(APPS / "gradio" / "app.py")]


SERVERS: dict[str, Chainlit | Gradio] = {"chainlit": Chainlit(), "gradio": Gradio()}


@contextlib.asynccontextmanager
async def running(software: str, prepared: Path, desk_address: str, locale: str, desk: Desk) -> AsyncIterator[str]:
    """Runs the chat server in a process group and a folder of its own; gives its address once it answers."""
    with tempfile.TemporaryDirectory(prefix="real-chat-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        port = _free_port()
        command = SERVERS[software].command(prepared, home, port, desk_address, locale, desk)
        env = {
            **os.environ, "DESK": desk_address, "PORT": str(port), "HOME": folder, "NO_PROXY": "*",
            "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1",
            "CHAINLIT_APP_ROOT": folder, "DO_NOT_TRACK": "1", "OTEL_SDK_DISABLED": "true",
        }  # fmt: skip
        said = home / "said.txt"
        process = await asyncio.to_thread(_start, command, home, env, said)
        try:
            address = f"http://127.0.0.1:{port}"
            await _answers(f"{address}/", process, said)
            yield address
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await asyncio.to_thread(process.wait)


def _start(command: list[str], home: Path, env: dict[str, str], said: Path) -> subprocess.Popen[bytes]:
    with said.open("wb") as out:
        return subprocess.Popen(
            command, cwd=home, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )


async def _answers(address: str, process: subprocess.Popen[bytes], said: Path) -> None:
    """Waits until the address answers 200; BuildError with the server's last words when it does not in time."""
    async with aiohttp.ClientSession() as client:
        deadline = asyncio.get_running_loop().time() + START
        while process.poll() is None and asyncio.get_running_loop().time() < deadline:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with client.get(address, timeout=aiohttp.ClientTimeout(total=5)) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
    last = await asyncio.to_thread(said.read_text, "utf-8", "replace")
    raise BuildError("the chat server does not answer:\n" + last[-1500:])


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port
