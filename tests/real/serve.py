"""Serves one real subject until interrupted: `python -m tests.real.serve NAME [PORT]` prints its address."""

from __future__ import annotations

import asyncio
import signal
import sys

from tests.real.subjects import BuildError, names, serve_subject


async def serve(name: str, port: int) -> None:
    # Both signals end it in order, so that a chat server of its own is ended with it.
    end = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, end.set)
    async with serve_subject(name, port=port) as subject:
        print(subject.url, flush=True)
        await end.wait()


def main(words: list[str]) -> int:
    """0 when interrupted, 2 for a name that is none, 3 where it cannot be built."""
    if not words or words[0] not in names():
        print(f"usage: python -m tests.real.serve NAME [PORT], NAME one of: {', '.join(names())}", file=sys.stderr)
        return 2
    try:
        asyncio.run(serve(words[0], int(words[1]) if len(words) > 1 else 0))
    except BuildError as why:
        print(why, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
