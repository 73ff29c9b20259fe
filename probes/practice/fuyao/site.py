"""扶摇通行证 (practice): the log-in wall where the lost account is the problem.

Plain server-rendered pages, no script but beacons: help.html, login.html (opened in a new tab), forgot.html.
"""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site

QUESTIONS = [
    "账号被冻结怎么办",
    "更换绑定手机",
    "实名信息填错了",
    "家长监护如何开启",
    "注销通行证的后果",
]


class Fuyao(Site):
    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/help", self.help),
            web.get("/help/q{number}", self.question),
            web.get("/login", self.login),
            web.post("/login", self.refused),
            web.get("/forgot", self.forgot),
            web.post("/b", self.beacon),
        ]

    async def help(self, _request: web.Request) -> web.Response:
        return self.page("help.html", questions=QUESTIONS)

    async def question(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        if not number.isdigit() or int(number) >= len(QUESTIONS):
            raise web.HTTPNotFound
        return self.page("question.html", question=QUESTIONS[int(number)])

    async def login(self, _request: web.Request) -> web.Response:
        return self.page("login.html", wrong=False)

    async def refused(self, request: web.Request) -> web.Response:
        await request.post()
        return self.page("login.html", wrong=True)

    async def forgot(self, _request: web.Request) -> web.Response:
        return self.page("forgot.html")


SITE = Fuyao
