"""Menus of keys in a bot's text: where the key stands, what each entry is called, and what is no menu.

Which entry is taken is test_choosing's and the practice walks'.
"""

from __future__ import annotations

from unittest.mock import MagicMock

import pytest

from tohuman.probes.moments import Moments
from tohuman.probes.options import entries, menu_text, pick_category, told_key
from tohuman.probes.reading import Reader
from tohuman.probes.session import Session
from tohuman.probes.sight import Control


def session(locale: str) -> Session:
    s = MagicMock(spec=Session)
    s.reader, s.locale = Reader.load(), locale
    s.says = lambda kind, text: Reader.load().says(kind, text, locale)
    return s


def button(label: str) -> Control:
    return Control(
        frame=MagicMock(), id=1, role="button", name=label, href="", region="", place="log", overlay=-1, fixed=False,
        disabled=False, covered=False, in_view=True, prose=False, x=0, y=0, w=90, h=30,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "labels", "taken"),
    [
        ("pl", ["Zgadzam się", "Nie zgadzam się"], "Zgadzam się"),
        ("en", ["I do not agree", "I agree"], "I agree"),
        ("de", ["Ich stimme zu", "Ich stimme nicht zu"], "Ich stimme zu"),
        ("ko", ["동의하지 않음", "동의"], "동의"),
        ("fr", ["J'accepte", "Je refuse"], "J'accepte"),
        ("zh-TW", ["English", "繁體中文", "日本語"], "繁體中文"),
        ("en-GB", ["Cymraeg", "English"], "English"),
        ("en", ["Orders", "Something else", "Bills"], "Something else"),
        ("tr", ["Kartlar", "Listede yok"], "Listede yok"),
        ("ko", ["찾는 항목이 없어요", "마일리지"], "찾는 항목이 없어요"),
    ],
)  # fmt: skip
def test_what_is_chosen_of_what_is_offered(locale: str, labels: list[str], taken: str) -> None:
    chosen = pick_category(session(locale), [button(label) for label in labels])
    assert chosen is not None
    assert chosen.name == taken


@pytest.mark.parametrize(
    ("locale", "text", "key"),
    [
        ("zh-TW", "如需專員服務，請輸入 0。", "0"),
        ("en", "To talk to an agent, type 0.", "0"),
        ("pt", "Digite 9 para falar com um atendente.", "9"),
        ("de", "Tippen Sie 0, um mit einem Mitarbeiter zu sprechen.", "0"),
        ("en", "You are number 3 in the queue, an agent will be with you.", ""),
        ("en", "Call us on 0800 123 to talk to an agent", ""),
        ("en", "An agent will answer within 5 minutes, please wait", ""),
        ("en", "For orders type 1, for an agent type 0", ""),
    ],
)
def test_a_key_told_by_itself(locale: str, text: str, key: str) -> None:
    assert told_key(session(locale), text) == key


def test_a_time_told_in_words_is_no_part_of_a_message() -> None:
    def says(locale: str) -> Moments:
        return Moments(lambda text: Reader.load().says("moment", text, locale))

    view = {
        "messages": [
            {"text": "Rozumiem.\n10 s temu", "options": []},
            {"text": "teraz", "options": []},
            {"text": "teraz", "options": ["Tak"]},
            {"text": "Proszę czekać teraz", "options": []},
        ],
        "dialogs": 0,
    }
    told = says("pl").without(view)
    # choices below such a line are those of what was said before it
    assert [(m["text"], m["options"]) for m in told["messages"]] == [
        ("Rozumiem.", ["Tak"]),
        ("Proszę czekać teraz", []),
    ]
    assert told["dialogs"] == 0
    assert says("zh-CN").tells("3分钟前")
    assert says("ko").tells("3분 전")
    assert says("en").tells("Delivered")
    assert not says("en").tells("Delivered on Monday")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. Orders\n2. Returns", [("1", "Orders"), ("2", "Returns")]),
        ("【1】查询订单\n【2】其他", [("1", "查询订单"), ("2", "其他")]),
        ("查询订单请按1\n人工服务请按0", [("1", "查询订单"), ("0", "人工服务")]),
        ("申诉请按1；退款请按2", [("1", "申诉"), ("2", "退款")]),
        ("For orders press 1\nTo speak to an agent press 0", [("1", "For orders"), ("0", "To speak to an agent")]),
        ("Commandes : tapez 1\nUn conseiller : tapez 2", [("1", "Commandes"), ("2", "Un conseiller")]),
        ("Press 1 for orders\nPress 2 for a person", [("1", "for orders"), ("2", "for a person")]),
        ("您好，按1查询订单，按2申请退款，按0转人工客服", [("1", "查询订单"), ("2", "申请退款"), ("0", "转人工客服")]),
        (
            "更多服務：\n6 退票\n7 特別餐點\n8 寵物託運\n0 專員服務",
            [("6", "退票"), ("7", "特別餐點"), ("8", "寵物託運"), ("0", "專員服務")],
        ),
        ("Pick:\n1 Orders\n2 Bills\n9 More", [("1", "Orders"), ("2", "Bills"), ("9", "More")]),
        ("Hmm, I did not get that.\nPick:\n1 - Cards\n2 - Other", [("1", "Cards"), ("2", "Other")]),
        ("주문 조회는 1번\n상담원 연결은 0번", [("1", "주문 조회는"), ("0", "상담원 연결은")]),
    ],
)  # fmt: skip
def test_each_entry_has_its_key_and_its_whole_label(text: str, found: list[tuple[str, str]]) -> None:
    assert entries(text) == found
    assert menu_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "You have 2 orders\nYou have 3 letters",
        "We are open from 9 to 17\nCall us 24 hours",
        "Your order 1 is on its way.\nYour order 2 is late.",
        "订单1已发货，订单2在路上",
        "Lieferzeit 1 Tag\nRücknahme 2 Tage",
        "5 years\n7 days\n9 hours",
        "30 minutes\n45 minutes\n60 minutes",
    ],
)
def test_numbers_in_sentences_are_no_menu(text: str) -> None:
    assert not menu_text(text)
