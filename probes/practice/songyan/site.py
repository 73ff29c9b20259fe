"""松烟文具 (practice): every choice and every sentence leads back to the same menu.

A live view: the browser reports events over a WebSocket, the server answers with HTML to append or to put in place.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

from aiohttp import WSMsgType, web

from tohuman.probes.practice.site import Site, as_number
from tohuman.probes.practice.talk import Talk

GUIDE = [
    ("毛笔开笔的方法", "温水浸泡三分之一处,轻轻揉开。"),
    ("墨锭如何保存", "阴凉通风,忌曝晒。"),
    ("宣纸受潮怎么办", "平铺阴干,切勿烘烤。"),
    ("刻字印章制作周期", "下单后七日内寄出。"),
]
MENU = "请选择您要咨询的业务(订单与发票请到自助台办理):"
KEYS = ("其他问题", "没有找到")


class Songyan(Site):
    help_path = "/zhinan"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/zhinan", self.front),
            web.get("/zhinan/live", self.live),
            web.post("/zhinan/ji", self.beacon),
        ]

    async def front(self, _request: web.Request) -> web.Response:
        return self.page("zhinan.html", guide=GUIDE)

    async def live(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        talk, _ = self.talk(f"live-{id(socket)}")
        sender = asyncio.ensure_future(self.send_patches(socket, talk))
        talk.go(self.menu(talk))
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            self.on_event(talk, json.loads(frame.data))
        sender.cancel()
        return socket

    async def send_patches(self, socket: web.WebSocketResponse, talk: Talk) -> None:
        seen = 0
        while not socket.closed and not talk.closed:
            for event in await talk.after(seen, 2.0):
                seen = event["n"]
                html = self._pages.get_template("patch.html").render(event=event)
                target, how = ("busy", "inner") if event["kind"] == "busy" else ("rolls", "append")
                await socket.send_json({"target": target, "how": how, "html": html})

    def on_event(self, talk: Talk, event: Any) -> None:
        if not isinstance(event, dict):
            return
        value, at = str(event.get("value", "")).strip(), as_number(event.get("at"))
        if event.get("type") == "key" and value in KEYS:
            self.note("press", value, at)
        elif event.get("type") == "text" and value:
            self.note("message", value, at)
        else:
            return
        talk.put("guest", text=value)
        talk.go(self.menu(talk))

    async def menu(self, talk: Talk) -> None:
        talk.put("busy", text="砚台小助正在输入")
        await asyncio.sleep(0.6)
        talk.put("busy", text="")
        talk.put("menu", text=MENU, keys=KEYS)


SITE = Songyan
