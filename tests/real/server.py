"""The site of one subject on loopback: the built help centre, the chat's files, the desk behind it, and the site's log.

The log is the site's own: messages as the desk received them, presses as the site's listener (seen.js) saw them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.real.desk import Desk, News, Visitor

HERE = Path(__file__).parent
#: Characters per streamed piece, and seconds between two pieces: about as fast as such bots type.
PIECE, BEAT = 4, 0.02
#: Seconds a long poll is held open.
POLL = 20.0

Entry = dict[str, Any]


class Site:
    """One subject's site. `pace` shortens the desk's waits (1.0: as written)."""

    def __init__(self, desk: Desk, pages: Path, chat: Path, locale: str, pace: float = 1.0) -> None:
        self.desk, self.pages, self.chat, self.locale, self.pace = desk, pages, chat, locale, pace
        self.entries: list[Entry] = []
        #: The ids of the presses noted: the listener tells again what got no answer.
        self.pressed: set[str | None] = set()
        #: When the last piece of each thing the desk said had left, in seconds since the epoch.
        self.spoken: list[float] = []
        self.visitors: dict[str, Visitor] = {}
        self.post: dict[str, asyncio.Queue[News]] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.began = time.monotonic()
        #: The address of a chat server on another port; pages name it CHAT_ADDRESS.
        self.chat_address = ""

    def note(self, kind: str, what: str, **more: Any) -> None:
        """One line of the site's log; `at` is in seconds since the site began."""
        self.entries.append({"kind": kind, "what": what, "at": round(time.monotonic() - self.began, 3), **more})

    def spoke(self) -> None:
        """Something the desk says has left as a whole."""
        self.spoken.append(time.time())

    def counted(self) -> dict[str, int]:
        """The log's own clicks, turns, fields and obstacle_clicks to the end of the way (see README)."""
        log = self.entries
        return {
            "clicks": sum(1 for one in log if one["kind"] == "press" and one["where"] == "page"),
            "turns": sum(1 for one in log if one["kind"] == "message" and one["to"] == "bot"),
            "fields": sum(1 for one in log if one["kind"] == "field" and one["required"]),
            "obstacle_clicks": sum(1 for one in log if one["kind"] == "obstacle"),
        }

    def forget(self) -> None:
        """A new, empty log and no visitors."""
        self.entries.clear()
        self.pressed.clear()
        self.spoken.clear()
        self.visitors.clear()
        self.post.clear()
        for task in self.tasks:
            task.cancel()

    # ── the desk ─────────────────────────────────────────────────────────────────────────────────────────────────

    def welcome(self) -> Visitor:
        visitor = Visitor(uuid4().hex[:12])
        self.visitors[visitor.id] = visitor
        self.post[visitor.id] = asyncio.Queue()
        return visitor

    def hear(self, visitor: Visitor, text: str) -> tuple[list[News], int]:
        """Notes the message; the direct reply, and how many news come later into the visitor's post."""
        self.note("message", text, to=visitor.talks_to)
        reply = self.desk.hear(visitor, text)
        now = [news for news in reply if news.after == 0]
        later = [news for news in reply if news.after > 0]
        for news in now:
            self._said(visitor, news)
        if later:
            task = asyncio.create_task(self._deliver(visitor, later))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        return now, len(later)

    async def _deliver(self, visitor: Visitor, later: list[News]) -> None:
        gone = 0.0
        for news in sorted(later, key=lambda one: one.after):
            await asyncio.sleep((news.after - gone) * self.pace)
            gone = news.after
            self._said(visitor, news)
            self.post[visitor.id].put_nowait(news)

    def _said(self, visitor: Visitor, news: News) -> None:
        if news.turns_to:
            visitor.talks_to = news.turns_to
        if news.form is not None:
            for label, required in news.form.fields.items():
                self.note("field", label, required=required)

    # ── the ways a chat talks to its server ──────────────────────────────────────────────────────────────────────

    async def tell(self, request: web.Request) -> web.Response:
        """What the chat must know to start: the visitor's id, the greeting, the words on its controls."""
        visitor = self.welcome()
        how = self.desk.behaviour
        greeting = [news.as_json() for news in how.greeting]
        told = {"visitor": visitor.id, "locale": self.locale, "company": self.desk.company, "greeting": greeting}
        return web.json_response({**told, **how.labels})

    def _who(self, visitor: str) -> Visitor:
        if visitor not in self.visitors:
            raise web.HTTPNotFound(text="no such conversation")
        return self.visitors[visitor]

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """POST {visitor, text}: the first news of the reply piece by piece as server-sent events."""
        body = await request.json()
        visitor = self._who(body["visitor"])
        now, _ = self.hear(visitor, body["text"])
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)

        async def send(kind: str, data: Any) -> None:
            await response.write(f"data: {json.dumps({'type': kind, 'data': data})}\n\n".encode())

        # A chat may stop a reply half-way (TDesign: Enter in its box while it is answering).
        with contextlib.suppress(ConnectionResetError):
            for first in now[:1]:
                for start in range(0, len(first.text), PIECE):
                    await send("text", first.text[start : start + PIECE])
                    await asyncio.sleep(BEAT)
                if first.options:
                    await send("suggestion", list(first.options))
                if first.form is not None:
                    await send("form", first.as_json()["form"])
                self.spoke()
        for news in now[1:]:
            self.post[visitor.id].put_nowait(news)
        with contextlib.suppress(ConnectionResetError):
            await response.write_eof()
        return response

    async def push(self, request: web.Request) -> web.StreamResponse:
        """GET ?visitor=: what the desk says of its own accord, as an event stream."""
        post = self.post[self._who(request.query["visitor"]).id]
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError, asyncio.CancelledError):
            while True:
                news = await post.get()
                await response.write(f"data: {json.dumps(news.as_json())}\n\n".encode())
                self.spoke()
        return response

    async def message(self, request: web.Request) -> web.Response:
        """POST {visitor, text}: the whole direct reply as JSON {news: […], later: how many more will come}."""
        body = await request.json()
        now, later = self.hear(self._who(body["visitor"]), body["text"])
        await asyncio.sleep(0.3 * self.pace)
        self.spoke()
        return web.json_response({"news": [news.as_json() for news in now], "later": later})

    async def poll(self, request: web.Request) -> web.Response:
        """GET ?visitor=: held open until there is news, or answered empty after POLL seconds."""
        post = self.post[self._who(request.query["visitor"]).id]
        try:
            news = [await asyncio.wait_for(post.get(), POLL)]
            self.spoke()
        except TimeoutError:
            news = []
        return web.json_response({"news": [one.as_json() for one in news]})

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """Both directions over one WebSocket: {text} in, {typing: true} and news out."""
        visitor = self._who(request.query["visitor"])
        post = self.post[visitor.id]
        ws = web.WebSocketResponse()
        await ws.prepare(request)

        async def outward() -> None:
            while True:
                await ws.send_json((await post.get()).as_json())
                self.spoke()

        sender = asyncio.create_task(outward())
        try:
            async for arrived in ws:
                if arrived.type is not WSMsgType.TEXT:
                    continue
                now, _ = self.hear(visitor, json.loads(arrived.data)["text"])
                for news in now:
                    await ws.send_json({"typing": True})
                    await asyncio.sleep(0.4 * self.pace)
                    await ws.send_json(news.as_json())
                    self.spoke()
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
        return ws

    async def seen(self, request: web.Request) -> web.Response:
        """What the listener saw pressed: {id, kind: press|obstacle, what, where}; told twice, it is one press."""
        told = json.loads(await request.text())
        if told.get("kind") in ("press", "obstacle") and told.get("id") not in self.pressed:
            self.pressed.add(told.get("id"))
            self.note(told["kind"], str(told.get("what", ""))[:200], where=str(told.get("where", "")))
        return web.Response(status=204)

    async def told(self, request: web.Request) -> web.Response:
        """GET: the site's log and its counts, for who serves the site in another process."""
        return web.json_response({"log": self.entries, "counted": self.counted()})

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A page of the help centre, a file of the chat, or the listener."""
        path = request.match_info["path"]
        if path == "site/seen.js":
            return web.FileResponse(HERE / "seen.js")
        root = self.pages
        if path.startswith("site/chat/"):
            root, path = self.chat, path.removeprefix("site/chat/")
        wanted = (root / path).resolve()
        if wanted != root.resolve() and root.resolve() not in wanted.parents:
            raise web.HTTPNotFound
        if wanted.is_dir():
            if path and not path.endswith("/"):
                raise web.HTTPFound(f"/{path}/")
            wanted = wanted / "index.html"
        if not wanted.is_file():
            raise web.HTTPNotFound
        if self.chat_address and wanted.suffix == ".html":
            text = wanted.read_text("utf-8").replace("CHAT_ADDRESS", self.chat_address)
            return web.Response(text=text, content_type="text/html")
        return web.FileResponse(wanted)

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/api/desk", self.tell),
                web.post("/api/stream", self.stream),
                web.get("/api/push", self.push),
                web.post("/api/message", self.message),
                web.get("/api/poll", self.poll),
                web.get("/api/socket", self.socket),
                web.post("/site/seen", self.seen),
                web.get("/site/log", self.told),
                web.get("/{path:.*}", self.file),
            ]
        )
        return app


@contextlib.asynccontextmanager
async def serving(site: Site, port: int = 0) -> AsyncIterator[str]:
    """Serves the site on 127.0.0.1 (port 0: a free one); gives its address without a slash at the end."""
    runner = web.AppRunner(site.app(), shutdown_timeout=0.5, access_log=None)
    await runner.setup()
    try:
        listener = web.TCPSite(runner, "127.0.0.1", port)
        await listener.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        for task in (tasks := list(site.tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await runner.cleanup()
