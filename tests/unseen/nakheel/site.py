"""دار النخيل: right to left, a launcher at the lower left, a queue after the first request."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk


class Nakheel(HoldOut):
    help_path = "/ar/help"
    pages: ClassVar[dict[str, str]] = {
        "/ar/help": "help.html",
        "/ar/sales": "sales.html",
        "/ar/article": "article.html",
    }
    person = r"موظف|شخص|[اإ]نسان|بشر|ممثل|وكيل|خدمة العملاء|مندوب|حقيقي|أحد"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "مرحباً 👋 أنا سالم، المساعد الآلي لدار النخيل. كيف يمكنني مساعدتك؟")

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if self.wants_person(text):
            await self.say(talk, "حسناً، سأقوم بتحويلك إلى أحد موظفي خدمة العملاء.")
            self.ends("handoff")
            await self.say(talk, "أنت الآن في قائمة الانتظار. ترتيبك: ٢", who="system", pause=0.8)
        else:
            await self.say(talk, "عذراً، لم أفهم سؤالك.", pause=1.3)


SITE = Nakheel
