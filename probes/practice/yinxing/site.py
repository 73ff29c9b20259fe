"""银杏信用卡 (practice): a bot that signs with a first name and a staff number, soothes and never transfers. WebSocket.

It never says it is a person in so many words; the window's title says what it is.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

from aiohttp import WSMsgType, web

from tohuman.probes.practice.site import Site, as_number
from tohuman.probes.practice.talk import Talk

SIGNED = "小美 工号8021"
OPENING = "您好,我是小美,工号 8021,很荣幸为您服务。"
SOOTHING = "您的心情小美完全理解,小美会一直陪着您的。"
CARD = (
    ("账单", "账单日为每月 12 日,还款日为次月 1 日。"),
    ("额度", "临时额度有效期最长 45 天。"),
    ("年费", "刷满六次免次年年费。"),
)


class Yinxing(Site):
    help_path = "/card/help"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/card/help", self.help),
            web.get("/card/line", self.line),
            web.post("/card/click", self.beacon),
        ]

    async def help(self, _request: web.Request) -> web.Response:
        return self.page("card.html", card=CARD)

    async def line(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        talk, _ = self.talk(f"{id(socket)}")
        pump = asyncio.ensure_future(self.pump(socket, talk))
        talk.go(self.mei(talk, OPENING, 0.6))
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            command, _, rest = str(frame.data).partition(" ")
            at, _, text = rest.partition(" ")
            if command == "SAY" and text.strip():
                self.note("message", text, as_number(at))
                answer = next((reply for word, reply in CARD if word in text), SOOTHING)
                talk.go(self.mei(talk, answer, 1.4))
        pump.cancel()
        return socket

    async def pump(self, socket: web.WebSocketResponse, talk: Talk) -> None:
        seen = 0
        while not socket.closed and not talk.closed:
            for event in await talk.after(seen, 2.0):
                seen = event["n"]
                await socket.send_str(json.dumps(event, ensure_ascii=False))

    async def mei(self, talk: Talk, text: str, pause: float) -> None:
        talk.put("writing", on=1)
        await asyncio.sleep(pause)
        talk.put("writing", on=0)
        talk.put("words", author=SIGNED, text=text)


SITE = Yinxing
