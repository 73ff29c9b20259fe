"""青螺出行 (practice): a bot that gives in at the third request for a person; the chat lives in a closed shadow root.

Transport: fetch for what is said, long polling for what comes. The widget is kefu.js.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site, as_number, read_json
from tohuman.probes.practice.talk import Talk

#: A request for a person, in any of many words.
PERSON_WORDS = (
    "人工", "真人", "活人", "坐席", "座席", "专员", "接线员", "工作人员", "客服", "转接", "找个人", "找人", "有人",
    "人来", "人吗", "和人", "跟人", "与人", "是人", "human", "agent", "person",
)  # fmt: skip
EVASIONS = (
    "小螺已经学会了三百多项出行业务,九成以上的情况都能马上办好~",
    "明白您的心情。自助办理通常一分钟就能完成,在「我的行程」页面里就可以直接操作。",
)
KNOWN = {
    "改签": "改签在发车前 30 分钟内都可以办理,入口在「我的行程」。",
    "退票": "退票手续费按照距发车时间分三档收取,详见《退改规则》。",
    "发票": "行程结束后,电子发票会在 24 小时内生成。",
    "行李": "每位旅客可免费携带 20 公斤行李。",
}
TOPICS = [
    ("退改签规则说明", "距发车 8 天以上免费退票,其余按票面价 5%、10%、20% 三档收取。"),
    ("如何开具电子发票", "行程结束后在「我的行程」中选择对应车次,填写抬头即可。"),
    ("学生票购买须知", "每学年可享受四次单程优惠,请提前核验资质。"),
    ("行李携带标准", "每位成人 20 公斤,儿童 10 公斤。"),
    ("车上充电与网络", "大巴每排设有两个 USB 接口。"),
]


class Qingluo(Site):
    home_path = "/"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/", self.home),
            web.get("/help", self.help),
            web.get("/help/{number}", self.topic),
            web.post("/kefu/say", self.say),
            web.get("/kefu/news", self.news),
            web.post("/kefu/mark", self.beacon),
        ]

    async def home(self, _request: web.Request) -> web.Response:
        return self.page("shouye.html")

    async def help(self, _request: web.Request) -> web.Response:
        return self.page("bangzhu.html", topics=TOPICS)

    async def topic(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        if not number.isdigit() or int(number) >= len(TOPICS):
            raise web.HTTPNotFound
        return self.page("wenzhang.html", topic=TOPICS[int(number)])

    async def news(self, request: web.Request) -> web.Response:
        talk, new = self.talk(request.query.get("id", ""))
        if new:
            talk.go(self.welcome(talk))
        events = await talk.after(int(as_number(request.query.get("after")) or 0), 8.0)
        return web.json_response(events)

    async def say(self, request: web.Request) -> web.Response:
        body = await read_json(request)
        talk, _ = self.talk(str(body.get("id", "")))
        text = str(body.get("text", "")).strip()
        if text:
            self.note("message", text, as_number(body.get("at")))
            talk.go(self.answer(talk, text))
        return web.json_response({"ok": bool(text)})

    async def welcome(self, talk: Talk) -> None:
        await self.robot(talk, "您好呀,我是青螺智能助手小螺~", 0.4)
        await self.robot(talk, "行程、改签、发票的事情我都懂一些。", 0.5)

    async def robot(self, talk: Talk, text: str, pause: float) -> None:
        talk.put("busy", on=True)
        await asyncio.sleep(pause)
        talk.put("busy", on=False)
        talk.put("text", side="robot", name="小螺 · 智能助手", text=text)

    async def answer(self, talk: Talk, text: str) -> None:
        if talk.memory.get("handed"):
            return
        if not any(word in text.lower() for word in PERSON_WORDS):
            known = next((reply for word, reply in KNOWN.items() if word in text), None)
            await self.robot(talk, known or "唔,这句话小螺没有听懂,可以换个说法哦。", 0.7)
            return
        asked = talk.memory["asked"] = talk.memory.get("asked", 0) + 1
        if asked <= len(EVASIONS):
            await self.robot(talk, EVASIONS[asked - 1], 0.5 + 0.3 * asked)
            return
        talk.memory["handed"] = True
        await self.robot(talk, "好的,正在为您转接人工客服,请稍候…", 0.9)
        self.reached("offered")
        await asyncio.sleep(2.8)
        talk.put("notice", text="客服专员 林溪(工号 2087)已加入会话")
        self.reached("joined")
        await asyncio.sleep(1.3)
        talk.put("text", side="staff", name="林溪 工号2087", text="您好,我是林溪,刚刚看了您的记录,马上为您处理。")


SITE = Qingluo
