"""木鱼听书 (practice): people are in the app only. No conversation; a native dialog with a QR code and an app link.

The code in the picture is drawn here from a seed; it leads nowhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site

SIDE = 25
CHAPTERS = [
    ("倍速与定时关闭", "播放页右下角可调节。"),
    ("离线收听", "书架长按封面即可下载。"),
    ("听书币有效期", "充值所得长期有效,赠送所得三十天。"),
    ("主播招募", "试音邮件请见主播中心。"),
]


def _dark() -> list[tuple[int, int]]:
    """Cells of a picture that looks like a QR code: three finder squares, and noise from a fixed seed."""
    noise = random.Random(417)
    corners = ((0, 0), (0, SIDE - 7), (SIDE - 7, 0))
    cells = []
    for y in range(SIDE):
        for x in range(SIDE):
            corner = next(((cy, cx) for cy, cx in corners if cy <= y < cy + 7 and cx <= x < cx + 7), None)
            if corner is not None:
                ring = max(abs(y - corner[0] - 3), abs(x - corner[1] - 3))
                dark = ring in (0, 1, 3)
            else:
                dark = noise.random() < 0.48
            if dark:
                cells.append((x, y))
    return cells


class Muyu(Site):
    help_path = "/service"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/service", self.service),
            web.get("/service/code.svg", self.code),
            web.post("/service/note", self.beacon),
        ]

    async def service(self, _request: web.Request) -> web.Response:
        return self.page("service.html", chapters=CHAPTERS)

    async def code(self, _request: web.Request) -> web.Response:
        path = "".join(f"M{x} {y}h1v1h-1z" for x, y in _dark())
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 29 29"><path d="{path}"/></svg>'
        return web.Response(text=svg, content_type="image/svg+xml")


SITE = Muyu
