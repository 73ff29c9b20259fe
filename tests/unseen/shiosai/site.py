"""しおさい便: an endless list with the chat's card inside; a bot of buttons only; a queue that lets go."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from aiohttp import web

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_BATCH, _BATCHES, _CARD_IN = 12, 8, 3
_TITLES = (
    "送料について",
    "お届け日時の変更",
    "領収書の発行",
    "包装とのし",
    "会員ランク",
    "冷蔵便の注意",
    "支払い方法",
    "返品の条件",
)
_OPERATOR, _NONE, _OTHER, _YES, _NO = "オペレーターと話す", "該当なし", "その他", "はい", "いいえ"
_BACK = "メニューに戻る"
_MENU: dict[str, tuple[str, tuple[str, ...]]] = {
    "ご注文について": ("ご注文のどのような点でしょうか。", ("注文の確認", "キャンセル", _OPERATOR)),
    "配送について": ("配送のどのような点でしょうか。", ("配送状況", "日時の変更")),
    "お支払いについて": ("お支払いのどのような点でしょうか。", ("支払い方法", "領収書")),
    _OTHER: ("次の中から選んでください。", ("アプリの不具合", "ギフト", _NONE)),
}


class Shiosai(HoldOut):
    help_path = "/help/"
    pages: ClassVar[dict[str, str]] = {"/help/": "list.html", "/help/a": "article.html"}

    def more_routes(self) -> list[web.RouteDef]:
        return [web.get("/api/articles", self._articles)]

    async def _articles(self, request: web.Request) -> web.Response:
        batch = int(request.query.get("batch", "0"))
        await asyncio.sleep(0.25)
        if batch >= _BATCHES:
            return web.json_response({"items": [], "more": False})
        items = [
            {"title": f"{_TITLES[(batch * _BATCH + i) % len(_TITLES)]}({batch * _BATCH + i + 1})"}
            for i in range(_BATCH)
        ]
        return web.json_response({"items": items, "card": batch == _CARD_IN - 1, "more": batch + 1 < _BATCHES})

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "こんにちは、自動応答のなみです。")
        await self.say(talk, "お問い合わせの種類を選んでください。", options=tuple(_MENU), pause=0.7)

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text in _MENU:
            await self.say(talk, _MENU[text][0], options=_MENU[text][1])
        elif text == _NONE:
            await self.say(talk, "では、オペレーターにおつなぎしましょうか?", options=(_YES, _NO))
        elif text in (_OPERATOR, _YES):
            await self.say(talk, "かしこまりました。")
            talk.put(
                "msg", who="system", name="", text="オペレーターの順番をお待ちください。現在の順番:4番目", options=[]
            )
            await asyncio.sleep(5)
            self.ends("dropped")
            sorry = "大変混み合っているため、順番待ちを終了しました。チャットは切断されました。"
            talk.put("msg", who="system", name="", text=sorry, options=[])
        elif text == _NO:
            await self.say(talk, "承知しました。ご利用ありがとうございました。")
        elif text == _BACK:
            await self.say(talk, "お問い合わせの種類を選んでください。", options=tuple(_MENU))
        else:
            await self.say(talk, "こちらの記事をご覧ください:「よくある質問」", options=(_BACK,))


SITE = Shiosai
