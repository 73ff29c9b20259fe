"""Choosing among the controls of a view: what shares its words, what leads to itself, what lies folded away.

The pages are made here; whole sites are test_walk_practice's and test_unseen_walk's.
"""

from __future__ import annotations

from unittest.mock import MagicMock

from test_finding import seen

from tohuman.probes.choosing import candidates
from tohuman.probes.leading import expanders
from tohuman.probes.reading import Reader
from tohuman.probes.session import Session
from tohuman.probes.sight import Sight, page_of


def ways(body: str, locale: str = "en", title: str = "") -> list[tuple[str, str, str]]:
    """(class, name, address) of the ways a page of this body shows, best first; a help page, unless it has a title."""
    sight: Sight = seen(body)
    if title:
        sight.title, sight.headings = title, [title]
    sight.url = "https://help.example/start"
    session = Session(context=MagicMock(), reader=Reader.load(), journal=lambda _: 1, locale=locale)
    return [(w.cls, w.control.name, w.control.href) for w in candidates(session, sight, set())]


def card(title: str, to: str) -> str:
    link = f'<a href="https://help.example/{to}">View articles</a>'
    return f"<article><h3>{title}</h3><p>Words about it.</p>{link}</article>"


def test_links_that_share_their_words_are_named_by_their_headings() -> None:
    found = ways(card("Paying", "pay") + card("How to reach us", "reach") + card("Moving", "move"))
    assert found[0] == ("contact", "View articles", "https://help.example/reach")


def test_one_link_is_not_named_by_its_heading() -> None:
    assert all(cls != "contact" for cls, _, _ in ways(card("How to reach us", "reach")))


def test_a_heading_that_links_to_itself_is_no_way() -> None:
    anchor = '<h2 id="c"><a href="https://help.example/start#c">Contact us</a></h2>'
    assert ways(anchor) == []
    assert [cls for cls, _, _ in ways(anchor + '<a href="https://help.example/contact">Contact us</a>')] == ["contact"]


def test_what_asks_about_a_person_is_the_title_of_an_article() -> None:
    titles = ("When will the technician arrive?", "How long does an agent take?")
    body = "".join(f'<p><a href="https://help.example/{n}">{t}</a></p>' for n, t in enumerate(titles))
    assert all(cls != "ask_human" for cls, _, _ in ways(body))


def test_a_link_to_one_s_own_messages_comes_after_the_contact_and_a_launcher_does_not() -> None:
    own = '<nav><a href="https://help.example/login">Messages</a></nav>'
    article = '<main><p><a href="https://help.example/a">How to contact our team</a></p></main>'
    assert [name for _, name, _ in ways(own + article)] == ["How to contact our team", "Messages"]
    launcher = '<button style="position:fixed;right:8px;bottom:8px;width:90px;height:40px">Messages</button>'
    assert next(name for _, name, _ in ways(launcher + article)) == "Messages"


def test_a_link_without_an_address_is_one_where_the_whole_page_has_the_hand() -> None:
    body = "<style>html{cursor:pointer}</style><main><p>Words</p><a class=button>Contact us</a></main>"
    assert [(cls, name) for cls, name, _ in ways(body)] == [("contact", "Contact us")]


def test_in_a_flat_form_each_field_has_the_words_before_it() -> None:
    sight = seen(
        "<form><h3>Talk to us</h3><label>Name *</label><input name=a>Mail<br><input name=b type=email>"
        "<span>Customer number (optional)</span><input name=c><button>Start</button></form>"
    )
    assert [(f.label, f.required) for f in sight.fields] == [
        ("Name *", True),
        ("Mail", False),
        ("Customer number (optional)", False),
    ]


def test_an_article_s_title_is_known_by_the_letter_before_it_and_comes_after_the_way() -> None:
    titles = ("Q. Where to contact us", "Q2: Contact us about an order", "Other / contact us", "Contact us")
    body = "".join(f'<p><a href="https://help.example/{n}">{t}</a></p>' for n, t in enumerate(titles))
    assert [name for _, name, _ in ways(body)] == ["Contact us", "Other / contact us", *titles[:2]]


def test_a_sentence_that_only_mentions_contact_comes_after_the_way() -> None:
    main = '<main><a href="https://help.example/a">Jag har ingen kontakt med internet</a></main>'
    nav = '<nav><a href="https://help.example/c">Kontakta oss</a></nav>'
    assert ways(main + nav, "sv")[0][1] == "Kontakta oss"


def test_of_help_pages_the_one_that_names_the_service_comes_first() -> None:
    labels = ("Getting help with sizes", "Help guides", "Help and support")
    body = "".join(f'<p><a href="https://help.example/{n}">{t}</a></p>' for n, t in enumerate(labels))
    assert ways(body)[0][1] == "Help and support"


def test_support_may_be_a_contact_or_only_the_pages_of_help() -> None:
    sight = seen('<a href="https://help.example/s">サポート</a> <a href="https://help.example/c">お問い合わせ</a>')
    session = Session(context=MagicMock(), reader=Reader.load(), journal=lambda _: 1, locale="ja")
    assert {w.control.name: w.doubtful for w in candidates(session, sight, set())} == {
        "サポート": True,
        "お問い合わせ": False,
    }


def test_more_of_something_else_is_opened_after_the_menu() -> None:
    sight = seen(
        '<button aria-expanded="false" style="width:80px">Menu</button>'
        '<p style="margin-top:300px"><a href="https://shop.example/best">Show more bestsellers</a></p>'
    )
    session = Session(context=MagicMock(), reader=Reader.load(), journal=lambda _: 1, locale="en")
    assert [c.name for c in expanders(session, sight, set())] == ["Menu", "Show more bestsellers"]


def test_a_route_is_a_page_of_its_own_and_a_part_of_a_page_is_none() -> None:
    assert page_of("https://a.example/x#part") == page_of("https://a.example/x") == "https://a.example/x"
    assert page_of("https://a.example/#/chat") != page_of("https://a.example/#/open")
    assert page_of("https://a.example/#!chat") != page_of("https://a.example/")


def test_a_card_is_read_by_its_title_and_not_put_off_for_its_description() -> None:
    card = "<main><a href='/c'>Chat with us The quickest way to somebody, open all week</a></main>"
    found = ways(f"<base href='https://help.example/'>{card}<footer><a href='/d'>Live chat</a></footer>")
    assert [to for _, _, to in found] == ["https://help.example/c", "https://help.example/d"]


def test_the_bar_below_a_panel_leads_to_parts_of_it() -> None:
    tab = '<button style="position:absolute;bottom:0;width:150px;height:40px;left:{}px">{}</button>'
    body = (
        '<div role="dialog" style="position:fixed;right:10px;bottom:10px;width:300px;height:400px;background:#fff">'
        '<button style="width:280px;height:50px">Send us a message</button>'
        + tab.format(0, "Home")
        + tab.format(150, "Conversations")
        + "</div>"
    )
    assert ways(body)[0][1] == "Send us a message"
    assert ways(body.replace("Send us a message", "Our opening hours"))[0][1] == "Conversations"


def test_whoever_names_the_service_comes_before_complaints() -> None:
    link = '<a href="https://help.example/{}">{}</a> '
    assert ways(link.format("a", "投诉") + link.format("b", "联系客服"), "zh-CN")[0][1] == "联系客服"
    assert [w[0] for w in ways(link.format("a", "投诉进度"), "zh-CN")] == []


def test_the_messages_of_an_app_are_no_service() -> None:
    tabs = "".join(
        f'<a style="position:fixed;bottom:0;left:{160 * i}px;width:150px;height:44px" href="https://help.example/{i}">'
        f"{name}</a>"
        for i, name in enumerate(["首页", "分类", "TAB", "购物车", "我的"])
    )
    assert ways(tabs.replace("TAB", "消息"), "zh-CN", "二手好物") == []
    assert [w[0] for w in ways(tabs.replace("TAB", "在线客服"), "zh-CN", "二手好物")] == ["open_chat"]
    assert [w[0] for w in ways(tabs.replace("TAB", "消息").replace("我的", "发现"), "zh-CN", "二手好物")] == [
        "open_chat"
    ]


def test_one_icon_at_the_lower_edge_is_a_launcher_and_a_row_of_them_is_a_player() -> None:
    icon = (
        '<button aria-label="{}" style="position:fixed;bottom:12px;left:{}px;width:44px;height:44px">'
        '<svg width="20" height="20"></svg></button>'
    )
    row = "".join(icon.format(name, 40 + 60 * i) for i, name in enumerate(["Vorig", "Speel", "Volg"]))
    assert ways(row) == []
    assert [w[0] for w in ways(icon.format("Vorig", 900))] == ["open_chat"]
