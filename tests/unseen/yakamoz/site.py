"""Yakamoz Ev: several bubbles to an answer, a picture and a card among them."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_YES, _NO = "Evet", "Hayır"


class Yakamoz(HoldOut):
    help_path = "/yardim"
    pages: ClassVar[dict[str, str]] = {"/yardim": "yardim.html", "/yardim/iade": "yazi.html", "/kariyer": "yazi.html"}
    person = r"temsilci|insan|kişi|operatör|yetkili|görevli|canlı|birisi|biriyle|danışman|personel|çalışan|aktar"

    async def greet(self, talk: Talk) -> None:
        await self.say(talk, "Merhaba! 🌙", name="Yaka", pause=0.5)
        await self.say(talk, "Ben Yakamoz'un sanal asistanı Yaka.", name="Yaka", pause=0.5)
        await self.say(talk, "Size nasıl yardımcı olabilirim?", name="Yaka", pause=0.6)

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        if via == "option" and text == _YES:
            await self.say(talk, "Ne güzel! İyi günler dileriz.", name="Yaka")
        elif via == "option" and text == _NO:
            await self.say(talk, "Bunu duyduğuma üzüldüm. Bu konuda daha fazla bilgim yok.", name="Yaka", pause=1.0)
        elif self.wants_person(text):
            await self.say(talk, "Tabii. Sizi bir müşteri temsilcimize aktarıyorum.", name="Yaka", pause=0.9)
            self.ends("handoff")
            await self.say(talk, "Lütfen hatta kalın, temsilcimiz birazdan sizinle olacak.", name="Yaka", pause=0.6)
        else:
            await self.say(talk, "Bir bakayım…", name="Yaka", pause=0.5)
            await self.say(talk, "Teslimat ve iade ile ilgili şunları buldum:", name="Yaka", pause=1.3, picture=True)
            await self.say(talk, "İade nasıl yapılır?", name="Yaka", pause=0.6, card=True)
            await self.say(talk, "Bu bilgiler işinize yaradı mı?", name="Yaka", pause=0.7, options=(_YES, _NO))


SITE = Yakamoz
