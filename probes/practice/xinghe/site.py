"""星禾理财 (practice): staff serve paying members only. Custom elements in open shadow roots, server-sent events.

The page is help.html; elements.js defines <xh-dock>, <xh-line> and <xh-entry>.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk

HUMAN_TERMS = frozenset(
    {
        "人工",
        "真人",
        "活人",
        "客服",
        "坐席",
        "座席",
        "专员",
        "顾问",
        "经理",
        "工作人员",
        "转接",
        "找人",
        "有人",
        "人吗",
        "人聊",
    }
)
HELPS = {
    "收益": "持仓收益于每个交易日 20 点后更新。",
    "赎回": "普通赎回 T+1 到账,快速赎回实时到账。",
    "风险": "风险测评有效期为一年。",
    "银行卡": "更换银行卡前请先清空在途资金。",
}


class Xinghe(Site):
    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/help", self.help),
            web.get("/stream/{visitor}", self.stream),
            web.post("/talk/{visitor}", self.hear),
            web.post("/mark", self.beacon),
        ]

    async def help(self, _request: web.Request) -> web.Response:
        return self.page("help.html", topics=HELPS)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        talk, new = self.talk(request.match_info["visitor"])
        if new:
            talk.go(self.open_with(talk))
        seen = int(as_number(request.headers.get("Last-Event-ID")) or 0)
        try:
            while not talk.closed:
                events = await talk.after(seen, 5.0)
                for event in events:
                    seen = event["n"]
                    body = json.dumps(event, ensure_ascii=False)
                    await response.write(f"id: {seen}\nevent: {event['kind']}\ndata: {body}\n\n".encode())
                if not events:
                    await response.write(b": still here\n\n")
        except ConnectionError:
            pass
        return response

    async def open_with(self, talk: Talk) -> None:
        await asyncio.sleep(0.5)
        talk.put("line", who="bot", text="尊敬的客户,星禾智能助理为您在线解读产品与规则。")

    async def hear(self, request: web.Request) -> web.Response:
        talk, _ = self.talk(request.match_info["visitor"])
        body = await read_json(request)
        text = str(body.get("text", "")).strip()
        if text:
            self.note("message", text, as_number(body.get("at")))
            talk.go(self.respond(talk, text))
        return web.Response(status=202)

    async def respond(self, talk: Talk, text: str) -> None:
        talk.put("busy")
        await asyncio.sleep(1.2)
        for topic, line in HELPS.items():
            if topic in text:
                talk.put("line", who="bot", text=line)
                return
        if any(term in text for term in HUMAN_TERMS):
            talk.put(
                "line",
                who="bot",
                text="人工客服仅向星钻会员开放,您还不是会员,暂时无法使用该服务。",
                offer="开通星钻会员",
            )
            return
        talk.put("line", who="bot", text="这个问题超出了我的解读范围。")


SITE = Xinghe
