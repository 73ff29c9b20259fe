"""Vendor rules: each vendor is known by its own marks and by no neighbour's, and no guess ever makes a person."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tohuman.probes.schema_fields import CERTAINTIES
from tohuman.probes.vendors import Vendor, VendorFileError, load_vendor, load_vendors, recognise

VENDORS = {vendor.id: vendor for vendor in load_vendors()}

#: One page each, as the vendor's documentation has it embedded: addresses, then ids, frame names and classes.
PAGES: dict[str, tuple[list[str], list[str]]] = {
    "53kf": (["https://tb.53kf.com/code/code/0a1b2c/1"], []),
    "7moor": (["https://webchat.7moor.com/javascripts/7moorInit.js?accessId=x"], []),
    "alime": (["https://ai.alimebot.taobao.com/intl/index.htm?from=AbC"], ["Message", "Composer-input"]),
    "chatwoot": (["https://talk.shop.example/packs/js/sdk.js"], ["woot-widget-bubble"]),
    "crisp": (["https://client.crisp.chat/l.js"], []),
    "dynamics-omnichannel": (
        ["https://oc-cdn-x.azureedge.net/livechatwidget/scripts/LiveChatBootstrapper.js"],
        [],
    ),
    "easemob": (["https://shop.example/webim/easemob.js?configId=1"], ["easemobim-chat-panel"]),
    "freshchat": (["https://wchat.freshchat.com/js/widget.js"], ["fc_frame"]),
    "genesys-messenger": (["https://apps.euc1.pure.cloud/genesys-bootstrap/genesys.min.js"], []),
    "hubspot": (["https://js.usemessages.com/conversations-embed.js"], []),
    "intercom": (["https://widget.intercom.io/widget/abc"], ["intercom-launcher-frame"]),
    "livechat": (["https://cdn.livechatinc.com/tracking.js"], []),
    "liveperson": (["https://lptag.liveperson.net/tag/tag.js"], []),
    "meiqia": (["https://static.meiqia.com/dist/meiqia.js"], ["MEIQIA-BTN"]),
    "qidian": (["https://wp.qiye.qq.com/qidian/1/0123456789abcdef0123456789abcdef"], []),
    "qiyu": (["https://qiyukf.com/script/0123456789abcdef0123456789abcdef.js"], ["YSF-CUSTOM-ENTRY-0"]),
    "rocketchat": (["https://chat.shop.example/livechat/rocketchat-livechat.min.js"], ["rocketchat-widget"]),
    "salesforce-miaw": (["https://acme.my.site.com/ESWweb1/assets/js/bootstrap.min.js"], []),
    "sobot": (["https://acme.sobot.com/chat/frame/v2/entrance.js?sysnum=1"], ["zhichiBtn"]),
    "tawk": (["https://embed.tawk.to/1/default"], []),
    "tidio": (["//code.tidio.co/key.js"], []),
    "udesk": (["https://acme.s2.udesk.cn/im_client/js/udeskApi.js"], []),
    "zammad": (["https://desk.shop.example/assets/chat/chat-no-jquery.min.js"], ["zammad-chat-header"]),
    "zendesk-classic": (["https://static.zdassets.com/ekr/snippet.js?key=1"], ["webWidget", "launcher"]),
    "zendesk-messaging": (["https://static.zdassets.com/ekr/snippet.js?key=1"], ["Messaging window", "launcher"]),
}


def names(urls: list[str], ids: list[str]) -> list[str]:
    return [vendor.id for vendor in recognise(urls, ids)]


def test_every_vendor_has_its_page_here() -> None:
    assert set(PAGES) == set(VENDORS)


@pytest.mark.parametrize("vendor", PAGES)
def test_a_vendor_is_known_on_its_own_page_and_nobody_else_is(vendor: str) -> None:
    noise = ["https://shop.example/", "https://cdn.example/jquery.js", "data:text/html,x", "about:blank", ""]
    assert names([*noise, *PAGES[vendor][0]], ["app", "main", *PAGES[vendor][1]]) == [vendor]


@pytest.mark.parametrize(
    ("link", "vendor"),
    [
        ("https://95543.qiyukf.com/client?k=0123456789abcdef0123456789abcdef&wp=1", "qiyu"),
        ("https://acme.sobot.com/chat/h5/v6/index.html?sysnum=1", "sobot"),
        ("https://acme.udesk.cn/im_client/?web_plugin_id=1", "udesk"),
        ("https://tb.53kf.com/code/client/0a1b/1", "53kf"),
        ("https://kefu.easemob.com/webim/im.html?configId=1", "easemob"),
        ("https://chatlink.meiqia.com/widget/standalone.html?eid=1", "meiqia"),
        ("https://ykf-webchat.7moor.com/wapchat.html?accessId=1", "7moor"),
        ("tencent://message/?uin=1", "qidian"),
        ("MQQWPA://im/chat?uin=1", "qidian"),
        ("http://wpa.qq.com/msgrd?v=3", "qidian"),
    ],
)
def test_a_hosted_link_is_known_by_its_address_alone(link: str, vendor: str) -> None:
    assert names([link], []) == [vendor]
    assert VENDORS[vendor].opens_app == (vendor == "qidian")


@pytest.mark.parametrize(
    "url",
    [
        "https://notintercom.io/widget/",
        "https://widget.intercom.io.evil.example/widget/x",
        "https://evil.example/widget.intercom.io/",
        "https://evil.example/?u=https://client.crisp.chat/l.js",
        "https://user@evil.example/client.crisp.chat",
        "ftp://client.crisp.chat/l.js",
        "javascript:'https://client.crisp.chat/l.js'",
        "https://tb.53kf.example/code/code/1",
        "https://www.zendesk.com/pricing",
        "https://static.zdassets.com/ekr/snippet.js",
        "https://js.hs-scripts.com/123.js",
        "https://shop.example/packs/js/sdk.js",
        "https://shop.example/assets/chat/chat.js",
        "https://[::1/x",
        "https://\ud800/",
        "https://shop.example:99999/",
    ],
)
def test_a_look_alike_or_a_mark_that_is_too_weak_recognises_nobody(url: str) -> None:
    assert names([url], ["launcher", "chat", "message", "YSF"]) == []


def test_two_vendors_on_one_page_are_both_known_the_surer_one_first() -> None:
    urls = [*PAGES["intercom"][0], *PAGES["qiyu"][0]]
    assert names(urls, ["YSF-IFRAME-LAYER", "YSF-BTN-HOLDER"]) == ["qiyu", "intercom"]
    assert names(list(reversed(urls)), ["YSF-BTN-HOLDER", "YSF-IFRAME-LAYER"]) == ["qiyu", "intercom"]


def test_a_hostile_page_costs_no_more_than_its_size() -> None:
    urls = [f"https://{'a' * 50}.example/{'a/' * 500}{n}" for n in range(300)]
    begun = time.perf_counter()
    assert names([*urls, "https://my.site.com/" + "ESW" * 20_000], ["x" * 10_000] * 300) == []
    assert time.perf_counter() - begun < 2


# -- authors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vendor", VENDORS.values(), ids=lambda vendor: vendor.id)
def test_general_knowledge_never_decides_that_a_person_writes(vendor: Vendor) -> None:
    for hint in vendor.authors.human:
        told = vendor.author([hint.value], hint.value)
        assert told is None if hint.certainty == "gk" or hint.kind == "described" else told == "human"


@pytest.mark.parametrize(
    ("vendor", "classes", "name", "author"),
    [
        ("easemob", ["em-widget-right"], "", "consumer"),
        ("easemob", ["em-widget-left"], "王芳", None),
        ("easemob", ["em-widget-event"], "", "system"),
        ("zammad", ["zammad-chat-message", "zammad-chat-message--agent"], "", "human"),
        ("zammad", ["zammad-chat-message", "zammad-chat-message--customer"], "", "consumer"),
        ("zammad", ["zammad-chat-message--agent", "zammad-chat-status"], "", "system"),
        ("chatwoot", ["agent-message"], "Bot", "bot"),
        ("chatwoot", ["agent-message"], "Ann", None),
        ("liveperson", ["lpc_message__text_agent"], "Ann", None),
        ("intercom", [], "Fin", "bot"),
        ("intercom", [], "Finn", None),
    ],
)
def test_the_marks_of_a_bubble_tell_its_author_or_nothing(
    vendor: str, classes: list[str], name: str, author: str | None
) -> None:
    assert VENDORS[vendor].author(classes, name) == author


# -- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vendor", VENDORS.values(), ids=lambda vendor: vendor.id)
def test_sources_are_in_our_own_words_and_marks_hold_no_pattern_language(vendor: Vendor) -> None:
    assert not any(re.search(r"\.txt|\.json|@[0-9a-f]{7}|/db/", source) for source in vendor.sources)
    assert vendor.certainty in CERTAINTIES
    r = vendor.recognise
    assert not any(re.search(r"[\\()\[\]+^$]", mark) for mark in (*r.script_hosts, *r.iframe_hosts, *r.hosted_links))


GOOD = """\
id: acme
names: {en: Acme Chat}
certainty: one
sources: [its documentation]
as_of: 2026
recognise:
  script_hosts: [cdn.acme.example/chat]
authors:
  human:
    - {kind: class, value: acme-agent, certainty: one}
"""


def test_a_good_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "acme.yaml"
    file.write_text(GOOD)
    vendor = load_vendor(file)
    assert vendor.marks(["https://eu.cdn.acme.example/chat/v2.js"], []) == 1
    assert vendor.author(["acme-agent"]) == "human"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("script_hosts", "script_host", 'did you mean "script_hosts"?'),
        ("cdn.acme.example/chat", "https://cdn.acme.example", "an address mark is a host"),
        ("cdn.acme.example/chat", '"*/c"', "at least eight characters"),
        ("cdn.acme.example/chat", '"*/assets/acme-chat"', "belongs under supporting"),
        ("cdn.acme.example/chat", '"cdn.acme.example/*a*"', "at most one *"),
        ("script_hosts: [cdn.acme.example/chat]", "element_ids: [ab]", "at least three characters"),
        ("script_hosts: [cdn.acme.example/chat]", "element_ids: []", "at least one mark"),
        ("value: acme-agent, certainty: one", "value: acme-agent, certainty: gk", "never decides that a person writes"),
        ("kind: class", "kind: css", "class, name, id, text, described"),
        ("names: {en: Acme Chat}", "names: {de: Acme Chat}", "English name"),
        ("id: acme", "id: other", "call the file other.yaml"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    file = tmp_path / "acme.yaml"
    file.write_text(GOOD.replace(old, new))
    with pytest.raises(VendorFileError) as caught:
        load_vendor(file)
    assert len(caught.value.sentences) == 1
    assert says in caught.value.sentences[0]
