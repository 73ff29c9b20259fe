"""Menus of keys in a bot's text: where the key stands, what each entry is called, and what is no menu.

Which entry is taken is test_choosing's and the practice walks'.
"""

from __future__ import annotations

import pytest

from tohuman.probes.options import entries, menu_text


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
    ],
)
def test_numbers_in_sentences_are_no_menu(text: str) -> None:
    assert not menu_text(text)
