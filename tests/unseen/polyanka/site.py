"""Полянка-Маркет: a menu of numbers, three levels deep; behind the operator is a telephone number."""

from __future__ import annotations

from typing import ClassVar

from tests.unseen.kit import HoldOut
from tohuman.probes.practice.talk import Talk

_OPERATOR = "operator"
#: place in the menu -> (text, what the numbers lead to)
_MENU: dict[str, tuple[str, dict[str, str]]] = {
    "top": (
        "Здравствуйте! На связи бот «Поляна». Чтобы выбрать тему, отправьте цифру:\n"
        "1 — Заказы и доставка\n2 — Оплата и возврат\n3 — Бонусная программа\n4 — Другое",
        {"1": "orders", "2": "money", "3": "bonus", "4": "other"},
    ),
    "orders": (
        "Заказы и доставка. Отправьте цифру:\n1 — Где мой заказ\n2 — Изменить адрес\n3 — Отменить заказ\n"
        "4 — Связаться с оператором\n0 — Назад",
        {"4": _OPERATOR, "0": "top", "1": "tip", "2": "tip", "3": "tip"},
    ),
    "money": ("Оплата и возврат. Отправьте цифру:\n1 — Способы оплаты\n2 — Возврат денег\n0 — Назад", {"0": "top"}),
    "bonus": ("Бонусы. Отправьте цифру:\n1 — Как начисляются\n2 — Как потратить\n0 — Назад", {"0": "top"}),
    "other": (
        "Другое. Отправьте цифру:\n1 — Личный кабинет\n2 — Подарочные карты\n3 — Мобильное приложение\n"
        "4 — Другой вопрос\n0 — Назад",
        {"4": "rest", "0": "top", "1": "tip", "2": "tip", "3": "tip"},
    ),
    "rest": (
        "Другой вопрос. Отправьте цифру:\n1 — Адреса магазинов\n2 — Оставить отзыв\n"
        "3 — Связаться с оператором\n0 — Назад",
        {"3": _OPERATOR, "0": "top", "1": "tip", "2": "tip"},
    ),
    "tip": (
        "Подробная инструкция есть в разделе «Вопросы и ответы». Отправьте 0, чтобы вернуться в меню.",
        {"0": "top"},
    ),
}


class Polyanka(HoldOut):
    pages: ClassVar[dict[str, str]] = {"/help": "help.html"}

    async def greet(self, talk: Talk) -> None:
        talk.memory["at"] = "top"
        await self.say(talk, _MENU["top"][0])

    async def hear(self, talk: Talk, text: str, via: str) -> None:
        at = talk.memory.get("at", "top")
        leads = _MENU[at][1]
        choice = text.strip().rstrip(".")
        if choice not in leads:
            tip = at in ("money", "bonus") and choice in ("1", "2")
            await self.say(talk, _MENU["tip"][0] if tip else "Пожалуйста, отправьте только цифру из меню.")
            return
        if leads[choice] == _OPERATOR:
            self.ends("diverted")
            await self.say(
                talk,
                "В чате операторы не отвечают. Позвоните, пожалуйста, на горячую линию: 8 800 555-01-99, "
                "звонок бесплатный, ежедневно с 8:00 до 22:00.",
            )
            talk.put("msg", who="system", name="", text="Диалог завершён", options=[])
            talk.put("box", on=False)
            return
        talk.memory["at"] = leads[choice]
        await self.say(talk, _MENU[leads[choice]][0])


SITE = Polyanka
