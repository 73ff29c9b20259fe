"""さくま精器: a modal dialog with a list of topics; a thread with a bot behind each of them."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_YES, _NO, _STAFF, _ARTICLES = "はい", "いいえ", "担当者とチャットする", "記事をもう一度見る"


class Sakuma(HoldOut):
    help_path = "/support/"
    pages: ClassVar[dict[str, str]] = {"/support/": "help.html", "/support/kiji": "article.html"}
    person = r"担当|オペレータ|人間|有人|スタッフ|係|人と|方と|つない|繋い"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "お問い合わせありがとうございます。自動応答アシスタントの「さく」です。", name="さく")
        await self.say(talk, "どのようなことでお困りでしょうか。ご質問をご入力ください。", name="さく", pause=0.6)

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if text == _YES:
            await self.say(talk, "お役に立てて何よりです。", name="さく")
        elif text == _NO:
            await self.say(
                talk, "お役に立てず申し訳ございません。", name="さく", options=(_STAFF, _ARTICLES), pause=0.8
            )
        elif text == _ARTICLES:
            await self.articles(talk)
        elif self.wants_person(text):
            await self.say(talk, "かしこまりました。担当者におつなぎいたします。", name="さく", pause=1.1)
            self.ends("handoff")
            waiting = "担当者を呼び出しています。現在お待ちの方:2名"
            talk.put("msg", who="system", name="", text=waiting, options=[])
        else:
            await self.articles(talk)

    async def articles(self, talk: Talk) -> None:
        await self.say(
            talk, "関連する記事はこちらです。", name="さく", links=["保証期間について", "修理のお申し込み"], pause=1.6
        )
        await self.say(talk, "こちらの記事で解決しましたか?", name="さく", options=(_YES, _NO), pause=0.5)


SITE = Sakuma
