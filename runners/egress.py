"""The guard on the wire: a small proxy every browser is launched behind, which decides where its traffic may go.

A name is resolved once per run and the judged address is the connected one, so redirects, WebSockets, workers and
rebinding names cannot get around it. Refusals are recorded. Which *start* addresses are allowed stands in address.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TypeAlias
from urllib.parse import urlsplit

from tohuman.runners.address import Ip, is_loopback, read_host, unwrap
from tohuman.runners.errors import AddressRefused

Resolver = Callable[[str, int], Awaitable[list[str]]]
Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter

#: Headers that speak of one connection, not of the request or answer.
_HOP = (b"connection", b"proxy-connection", b"proxy-authorization", b"proxy-authenticate", b"keep-alive", b"upgrade")
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Allow:
    """Where traffic may go. `only`: exact (host or address, port) pairs; when set, nothing else, the rest unset.

    Otherwise by kind of address: this machine (`loopback`), private networks (`private`), everything (`public`).
    """

    loopback: bool = True
    private: bool = False
    public: bool = False
    only: frozenset[tuple[str, int]] | None = None

    @classmethod
    def exactly(cls, pairs: Iterable[tuple[str, int]]) -> Allow:
        return cls(only=frozenset((read_host(host)[0], port) for host, port in pairs))

    def name(self, host: str, port: int, ip: Ip | None) -> str:
        """Why this host is refused before any look-up ('' when it may be looked up)."""
        if self.only is not None:
            known = {(host, port)} | ({(str(ip), port)} if ip is not None else set())
            return "" if known & self.only else "not on the list"
        if ip is None and not is_loopback(host, None) and not (self.private or self.public):
            return "not this machine"
        return ""

    def address(self, host: str, port: int, ip: Ip) -> str:
        """Why this address is refused ('' when it may be connected to)."""
        if self.only is not None:
            return "" if {(host, port), (str(ip), port)} & self.only else "not on the list"
        if ip.is_loopback:
            return "" if self.loopback else "this machine"
        if ip.is_unspecified or ip.is_multicast or (ip.version == 4 and str(ip) == "255.255.255.255"):
            return "no address of one machine"
        if ip.is_link_local or not ip.is_global:
            return "" if self.private else "a private or reserved network"
        return "" if self.public else "not this machine"


@dataclass(frozen=True)
class Limits:
    """Bounds on what a peer may do: bytes, connections, seconds."""

    head_bytes: int = 64 * 1024
    head_seconds: float = 15.0
    connect_seconds: float = 10.0
    idle_seconds: float = 330.0  # longer than a queue is watched: a quiet socket is no dead one
    connections: int = 128
    body_bytes: int = 64 * 1024 * 1024  # per connection, each way
    total_bytes: int = 512 * 1024 * 1024
    refusals: int = 500
    names: int = 1000


@dataclass(frozen=True)
class Refusal:
    """One refused request: `ip` is '' when it was refused before a look-up; `t` seconds since the guard began."""

    host: str
    port: int
    ip: str
    reason: str
    t: float
    times: int = 1


#: The header that tells an answer of the guard from one of the site; its value is the guard's own status.
MARK = "X-Tohuman-Guard"


class Stopped(Exception):
    """A connection is ended for the reason given; `status` is answered when nothing was answered yet."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


async def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, from the system."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass
class Guard:
    """`async with Guard(Allow()) as guard:` then launch the browser with `proxy=guard.proxy`."""

    allow: Allow = field(default_factory=Allow)
    limits: Limits = field(default_factory=Limits)
    resolver: Resolver = resolve
    on_refusal: Callable[[Refusal], None] | None = None
    port: int = 0
    bytes_moved: int = 0
    _server: asyncio.Server | None = None
    _began: float = 0.0
    _open: set[asyncio.Task[None]] = field(default_factory=set)
    _pinned: dict[str, list[Ip]] = field(default_factory=dict)
    _refused: dict[tuple[str, int, str, str], Refusal] = field(default_factory=dict)

    @property
    def proxy(self) -> dict[str, str]:
        """For Playwright's launch. `<-loopback>`: without it Chromium goes around a proxy for this machine."""
        return {"server": f"http://127.0.0.1:{self.port}", "bypass": "<-loopback>"}

    @property
    def refusals(self) -> list[Refusal]:
        """Every refused (host, port, address, reason) once, with how often, in order of first sight."""
        return list(self._refused.values())

    async def __aenter__(self) -> Guard:
        self._began = time.monotonic()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=self.limits.head_bytes)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    # ---- one connection of the browser

    async def _accept(self, reader: Reader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            if len(self._open) > self.limits.connections:
                raise Stopped("503 Service Unavailable", "too many connections")
            await self._serve(reader, writer)
        except Stopped as stop:
            with contextlib.suppress(OSError):
                body = f"tohuman's guard: {stop.reason}\n".encode()
                head = f"HTTP/1.1 {stop.status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
                head += f"{MARK}: {stop.status}\r\nConnection: close\r\n\r\n"
                writer.write(head.encode() + body)
                await asyncio.wait_for(writer.drain(), self.limits.connect_seconds)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a peer that went away or overstayed: its connection is closed, which is all there is to do
        finally:
            self._open.discard(task)
            await _close(writer)

    async def _serve(self, reader: Reader, writer: Writer) -> None:
        line, headers = await self._head(reader, "400 Bad Request")
        try:
            method, target, _version = line.decode("ascii").split(" ")
            if method == "CONNECT":
                parts = urlsplit(f"//{target}")
            else:
                parts = urlsplit(target)
                if parts.scheme != "http" or "@" in parts.netloc:
                    raise ValueError(target)
            host, ip = read_host(parts.hostname or "")
            port = parts.port or (443 if method == "CONNECT" else 80)
        except (ValueError, AddressRefused) as error:
            raise Stopped("400 Bad Request", "unreadable request") from error
        upstream_reader, upstream = await self._connect(host, port, ip)
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                kept = [header for header in headers if header[0] not in (*_HOP, b"host")]
                lines = [f"{method} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n".encode("ascii")]
                lines += [name + b":" + value + b"\r\n" for name, value in kept]
                upstream.write(b"".join(lines) + b"Connection: close\r\n\r\n")
            await self._both_ways(reader, writer, upstream_reader, upstream, answer=method != "CONNECT")
        finally:
            await _close(upstream)

    async def _head(self, reader: Reader, status: str) -> tuple[bytes, list[tuple[bytes, bytes]]]:
        """First line and headers (names in lower case) of a request or an answer, within the limits."""
        try:
            raw = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), self.limits.head_seconds)
        except asyncio.LimitOverrunError as error:
            raise Stopped("431 Request Header Fields Too Large", "header too large") from error
        except TimeoutError as error:
            raise Stopped("408 Request Timeout", "header too slow") from error
        first, *rest = raw[:-4].split(b"\r\n")
        headers: list[tuple[bytes, bytes]] = []
        for line in rest:
            name, colon, value = line.partition(b":")
            if not colon or not name or name != name.strip():
                raise Stopped(status, "unreadable header")
            headers.append((name.lower(), value))
        return first, headers

    # ---- where it may go

    async def _connect(self, host: str, port: int, ip: Ip | None) -> tuple[Reader, Writer]:
        reason = "the guard itself" if port == self.port and is_loopback(host, ip) else self.allow.name(host, port, ip)
        if reason:
            raise self._refuse(host, port, "", reason)
        addresses = [unwrap(ip)] if ip is not None else await self._look_up(host, port)
        for address in addresses:  # one bad address among several is reason enough: the name is not to be trusted
            reason = self.allow.address(host, port, address)
            if reason:
                raise self._refuse(host, port, str(address), reason)
        for address in addresses:
            try:
                return await asyncio.wait_for(
                    asyncio.open_connection(str(address), port, limit=self.limits.head_bytes),
                    self.limits.connect_seconds,
                )
            except (OSError, TimeoutError):
                continue  # the next address of the same name
        raise Stopped("502 Bad Gateway", "no connection")

    async def _look_up(self, host: str, port: int) -> list[Ip]:
        if host not in self._pinned:
            if len(self._pinned) >= self.limits.names:
                raise self._refuse(host, port, "", "too many names")
            if is_loopback(host, None):
                found = ["127.0.0.1", "::1"]
            else:
                try:
                    found = await asyncio.wait_for(self.resolver(host, port), self.limits.connect_seconds)
                except (OSError, TimeoutError) as error:
                    raise Stopped("502 Bad Gateway", "no such name") from error
            addresses = [read_host(text.partition("%")[0])[1] for text in found]
            # Pinned for the whole run: what was judged stays what is connected to.
            self._pinned[host] = [address for address in addresses if address is not None]
        if not self._pinned[host]:
            raise Stopped("502 Bad Gateway", "no such name")
        return self._pinned[host]

    def _refuse(self, host: str, port: int, ip: str, reason: str) -> Stopped:
        key = (host, port, ip, reason)
        before = self._refused.get(key)
        if before is not None:
            self._refused[key] = replace(before, times=before.times + 1)
        elif len(self._refused) < self.limits.refusals:
            refusal = Refusal(host, port, ip, reason, round(time.monotonic() - self._began, 3))
            self._refused[key] = refusal
            if self.on_refusal is not None:
                self.on_refusal(refusal)
        return Stopped("403 Forbidden", f"{host}:{port} refused, {reason}")

    # ---- moving bytes

    async def _both_ways(
        self, reader: Reader, writer: Writer, upstream_reader: Reader, upstream: Writer, answer: bool
    ) -> None:
        """Until either side ends. Whoever ends first, the other is closed with it: browsers do not half-close."""
        clock = _Idle()

        async def down() -> None:
            if answer:
                await self._answer_head(upstream_reader, writer)
            await self._pump(upstream_reader, writer, clock)

        up = asyncio.create_task(self._pump(reader, upstream, clock))
        answered = asyncio.create_task(down())
        try:
            await asyncio.wait([up, answered], return_when=asyncio.FIRST_COMPLETED)
            if up.done() and not answered.done() and isinstance(up.exception(), OSError):
                await answered  # a server may answer and stop listening before it was sent everything
            for task in (answered, up):
                if task.done():
                    task.result()
        finally:
            for task in (up, answered):
                task.cancel()
            await asyncio.gather(up, answered, return_exceptions=True)

    async def _answer_head(self, upstream_reader: Reader, writer: Writer) -> None:
        """Passes the answer's head on, saying that this connection ends with it: a second request is judged anew."""
        while True:
            try:
                # A slow page is the page's affair and is measured as a wait: only idleness bounds it.
                first = await asyncio.wait_for(upstream_reader.readuntil(b"\r\n"), self.limits.idle_seconds)
                rest = b""
                if not first.startswith(b"HTTP/"):
                    raise Stopped("502 Bad Gateway", "no answer in HTTP")
                while not rest.endswith(b"\r\n\r\n") and rest != b"\r\n":
                    rest += await asyncio.wait_for(upstream_reader.readuntil(b"\r\n"), self.limits.head_seconds)
                    if len(rest) > self.limits.head_bytes:
                        raise Stopped("502 Bad Gateway", "header too large")
            except asyncio.IncompleteReadError as error:
                raise Stopped("502 Bad Gateway", "the answer broke off") from error
            except asyncio.LimitOverrunError as error:
                raise Stopped("502 Bad Gateway", "header too large") from error
            except TimeoutError as error:
                raise Stopped("504 Gateway Timeout", "no answer in time") from error
            interim = first.split(b" ", 2)[1:2] in ([b"100"], [b"102"], [b"103"])
            if interim:
                writer.write(first + rest)
                continue
            headers = [line for line in rest.split(b"\r\n") if line]
            kept = [line for line in headers if line.partition(b":")[0].strip().lower() not in _HOP]
            writer.write(b"\r\n".join([first.rstrip(b"\r\n"), *kept, b"Connection: close", b"", b""]))
            await writer.drain()
            return

    async def _pump(self, reader: Reader, writer: Writer, clock: _Idle) -> None:
        moved = 0
        while True:
            try:
                chunk = await asyncio.wait_for(reader.read(_CHUNK), self.limits.idle_seconds)
            except TimeoutError:
                if clock.quiet() < self.limits.idle_seconds:
                    continue  # the other way is busy: a stream, a long answer
                raise
            if not chunk:
                return
            clock.moved()
            moved += len(chunk)
            self.bytes_moved += len(chunk)
            if moved > self.limits.body_bytes or self.bytes_moved > self.limits.total_bytes:
                raise TimeoutError("a peer that never ends")
            writer.write(chunk)
            await asyncio.wait_for(writer.drain(), self.limits.idle_seconds)


class _Idle:
    """How long a connection has been quiet in both directions."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def moved(self) -> None:
        self._last = time.monotonic()

    def quiet(self) -> float:
        return time.monotonic() - self._last


async def _close(writer: Writer) -> None:
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), 1.0)
