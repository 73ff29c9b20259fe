"""The guard on the wire: what it lets through, what it refuses and records, and what no peer can make it do."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tohuman.runners.address import read_host
from tohuman.runners.egress import Allow, Guard, Limits

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes], Awaitable[None]]
CLOSED = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi"


class Origin:
    """A server on a free port of this machine that remembers the heads it was sent."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.heads: list[bytes] = []


@contextlib.asynccontextmanager
async def origin(handler: Handler | None = None) -> AsyncIterator[Origin]:
    made = Origin(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            made.heads.append(head)
            if handler is not None:
                await handler(reader, writer, head)
            else:
                writer.write(CLOSED)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


async def ask(guard: Guard, raw: bytes, seconds: float = 10) -> bytes:
    """Everything the guard answers to `raw` until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", guard.port)
    writer.write(raw)
    try:
        return await asyncio.wait_for(reader.read(-1), seconds)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def get(url: str) -> bytes:
    return f"GET {url} HTTP/1.1\r\nHost: wrong.example\r\nProxy-Connection: keep-alive\r\nX-A: b\r\n\r\n".encode()


def connect(target: str) -> bytes:
    return f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()


def run(test: Callable[[], Awaitable[Any]]) -> Any:
    async def bounded() -> Any:
        return await asyncio.wait_for(test(), 30)

    return asyncio.run(bounded())


async def never(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


def test_a_request_to_this_machine_goes_through_with_its_own_host_and_no_word_of_the_proxy() -> None:
    async def test() -> None:
        async with origin() as site, Guard(resolver=never) as guard:
            answer = await ask(guard, get(f"http://localhost:{site.port}/a?b=c"))
            assert answer.endswith(b"\r\n\r\nhi")
            assert b"Connection: close" in answer
            assert b"keep-alive" not in answer
            head = site.heads[0]
            assert head.startswith(b"GET /a?b=c HTTP/1.1\r\nHost: localhost:%d\r\n" % site.port)
            assert b"roxy" not in head
            assert b"x-a: b" in head
            assert not guard.refusals

    run(test)


def test_a_tunnel_to_this_machine_carries_bytes_both_ways() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
        writer.write(await reader.readexactly(4))
        await writer.drain()

    async def test() -> None:
        async with origin(echo) as site, Guard() as guard:
            reader, writer = await asyncio.open_connection("127.0.0.1", guard.port)
            writer.write(connect(f"127.0.0.1:{site.port}"))
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            writer.write(b"x\r\n\r\n" + b"ping")
            assert await reader.read(-1) == b"ping"
            writer.close()

    run(test)


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("example.com", "not this machine"),
        ("10.0.0.1", "a private or reserved network"),
        ("169.254.169.254", "a private or reserved network"),
        ("8.8.8.8", "not this machine"),
        ("0.0.0.0", "no address of one machine"),
        ("[::ffff:10.0.0.1]", "a private or reserved network"),
        ("[fd00::1]", "a private or reserved network"),
        ("3232235777", "a private or reserved network"),
        ("224.0.0.1", "no address of one machine"),
    ],
)
def test_everything_else_is_refused_recorded_and_never_looked_up(host: str, reason: str) -> None:
    async def test() -> None:
        async with Guard(resolver=never) as guard:
            assert (await ask(guard, get(f"http://{host}/"))).startswith(b"HTTP/1.1 403 ")
            assert (await ask(guard, connect(f"{host}:80"))).startswith(b"HTTP/1.1 403 ")
            (refusal,) = guard.refusals
            assert (refusal.port, refusal.reason, refusal.times) == (80, reason, 2)

    run(test)


def test_a_name_is_resolved_once_a_run_and_the_judged_address_is_the_connected_one() -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    async def test() -> None:
        async with origin() as site, Guard(Allow(private=True), resolver=rebinding) as guard:
            for _ in range(2):
                assert (await ask(guard, get(f"http://twice.example:{site.port}/"))).endswith(b"hi")
            assert asked == ["twice.example"]
            assert len(site.heads) == 2

    run(test)


@pytest.mark.parametrize(
    ("allow", "found", "reason"),
    [
        (Allow(loopback=False, public=True), ["127.0.0.1"], "this machine"),
        (Allow(loopback=False, public=True), ["93.184.216.34", "192.168.0.1"], "a private or reserved network"),
        (Allow(loopback=False, public=True), ["::ffff:169.254.169.254"], "a private or reserved network"),
        (Allow(loopback=False, public=True), ["fe80::1%eth0"], "a private or reserved network"),
        (Allow(private=True), ["93.184.216.34"], "not this machine"),
    ],
)
def test_a_public_name_that_points_inside_is_refused(allow: Allow, found: list[str], reason: str) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return found

    async def test() -> None:
        async with Guard(allow, resolver=resolver) as guard:
            assert (await ask(guard, connect("rebind.example:443"))).startswith(b"HTTP/1.1 403 ")
            assert guard.refusals[0].reason == reason
            assert guard.refusals[0].host == "rebind.example"

    run(test)


def test_an_exact_list_allows_its_pairs_and_nothing_beside_them() -> None:
    async def test() -> None:
        async with origin() as listed, origin() as other:
            async with Guard(Allow.exactly([("127.0.0.1", listed.port)]), resolver=never) as guard:
                assert (await ask(guard, get(f"http://127.0.0.1:{listed.port}/"))).endswith(b"hi")
                assert (await ask(guard, get(f"http://127.0.0.1:{other.port}/"))).startswith(b"HTTP/1.1 403 ")
                assert (await ask(guard, get(f"http://localhost:{listed.port}/"))).startswith(b"HTTP/1.1 403 ")
            assert other.heads == []

    run(test)


def test_a_second_request_on_the_same_connection_cannot_ride_on_the_first_ones_verdict() -> None:
    async def test() -> None:
        async with origin() as site, origin() as secret:
            async with Guard(Allow.exactly([("127.0.0.1", site.port)])) as guard:
                both = get(f"http://127.0.0.1:{site.port}/") + get(f"http://127.0.0.1:{secret.port}/")
                answer = await ask(guard, both)
            assert answer.count(b"HTTP/1.1") == 1
            assert secret.heads == []

    run(test)


def test_the_guard_does_not_connect_to_itself() -> None:
    async def test() -> None:
        async with Guard() as guard:
            assert (await ask(guard, connect(f"localhost:{guard.port}"))).startswith(b"HTTP/1.1 403 ")

    run(test)


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET https://127.0.0.1/ HTTP/1.1\r\n\r\n",
        b"GET http://u@127.0.0.1/ HTTP/1.1\r\n\r\n",
        b"GET http://127.0.0.1:abc/ HTTP/1.1\r\n\r\n",
        b"GET http:///x HTTP/1.1\r\n\r\n",
        b"GET http://127.0.0.1/ HTTP/1.1\r\n folded: x\r\n\r\n",
        b"CONNECT \xff:1 HTTP/1.1\r\n\r\n",
        b"CONNECT [::1 HTTP/1.1\r\n\r\n",
    ],
)
def test_an_unreadable_request_is_answered_and_ends_there(raw: bytes) -> None:
    async def test() -> None:
        async with Guard(resolver=never) as guard:
            assert (await ask(guard, raw)).startswith(b"HTTP/1.1 400 ")

    run(test)


def test_heads_are_bounded_in_size_and_time() -> None:
    async def test() -> None:
        async with Guard(limits=Limits(head_bytes=4096, head_seconds=0.2)) as guard:
            assert b" 431 " in await ask(guard, b"GET http://localhost/ HTTP/1.1\r\nA: " + b"x" * 9000 + b"\r\n\r\n")
            assert b" 408 " in await ask(guard, b"GET http://localhost/ HTTP/1.1\r\nA: x")

    run(test)


def test_a_body_that_never_ends_is_cut() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    async def test() -> None:
        async with origin(flood) as site, Guard(limits=Limits(body_bytes=300_000)) as guard:
            answer = await ask(guard, get(f"http://127.0.0.1:{site.port}/"))
            assert 100_000 < len(answer) < 1_000_000

    run(test)


def test_a_peer_that_never_answers_is_given_up_and_one_that_trickles_is_not() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
        if b"trickle" not in head:
            await reader.read(-1)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(6):  # together longer than the idle limit, which must not count while the other way is busy
            writer.write(b"drop")
            await writer.drain()
            await asyncio.sleep(0.15)

    async def test() -> None:
        async with origin(silent) as site, Guard(limits=Limits(idle_seconds=0.5)) as guard:
            assert b" 504 " in await ask(guard, get(f"http://127.0.0.1:{site.port}/silent"))
            assert (await ask(guard, get(f"http://127.0.0.1:{site.port}/trickle"))).count(b"drop") == 6

    run(test)


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 200 OK\r\nA: b", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 20_000]
)
def test_an_answer_that_is_none_becomes_a_bad_gateway(answer: bytes) -> None:
    async def odd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
        writer.write(answer)
        await writer.drain()

    async def test() -> None:
        async with origin(odd) as site, Guard() as guard:
            assert b" 502 " in await ask(guard, get(f"http://127.0.0.1:{site.port}/"))

    run(test)


def test_interim_answers_pass_and_the_real_one_still_closes() -> None:
    async def hints(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + CLOSED)
        await writer.drain()

    async def test() -> None:
        async with origin(hints) as site, Guard() as guard:
            answer = await ask(guard, get(f"http://127.0.0.1:{site.port}/"))
            assert answer.startswith(b"HTTP/1.1 103 ")
            assert answer.endswith(b"Connection: close\r\n\r\nhi")

    run(test)


def test_connections_are_bounded() -> None:
    async def test() -> None:
        async with Guard(limits=Limits(connections=2)) as guard:
            held = [await asyncio.open_connection("127.0.0.1", guard.port) for _ in range(2)]
            assert b" 503 " in await ask(guard, get("http://localhost:1/"))
            for _, writer in held:
                writer.close()

    run(test)


def test_a_dead_port_is_a_bad_gateway_and_no_refusal() -> None:
    async def test() -> None:
        async with origin() as gone:
            port = gone.port
        async with Guard() as guard:
            assert b" 502 " in await ask(guard, get(f"http://127.0.0.1:{port}/"))
            assert guard.refusals == []

    run(test)


def test_closing_the_guard_ends_open_connections() -> None:
    async def test() -> None:
        async with origin(lambda r, w, h: asyncio.sleep(20)) as site:
            async with Guard() as guard:
                reader, writer = await asyncio.open_connection("127.0.0.1", guard.port)
                writer.write(connect(f"127.0.0.1:{site.port}"))
                await reader.readuntil(b"\r\n\r\n")
            assert await asyncio.wait_for(reader.read(-1), 5) == b""
            writer.close()

    run(test)


def test_the_list_takes_hosts_in_their_normal_form() -> None:
    assert Allow.exactly([("0x7f.1", 80)]).address("x", 80, _ip("127.0.0.1")) == ""


def _ip(text: str) -> Any:
    return read_host(text)[1]
