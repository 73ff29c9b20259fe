"""Platform files: the shipped ones hold facts and no results; a wrong one is refused in plain sentences."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import yaml

from tohuman.probes.data_file import MAX_BYTES, MAX_DEPTH, read_document
from tohuman.probes.schema import (
    Platform,
    PlatformFileError,
    builtin_dir,
    load_platform,
    load_platforms,
    parse_probe_id,
    probe_id,
    read_platforms,
)
from tohuman.probes.schema_steps import Press, Say
from tohuman.results.vocabulary import Scenario

GOOD = """\
id: acme
names: {en: Acme, zh-CN: 艾克米}
country: NO
locale: en
surfaces: [web, web-mobile]
starts:
  help:
    url: https://help.example/
    certainty: one
    sources: [its own page]
    as_of: 2026-11-22
    mobile: {url: "https://m.help.example/", certainty: gk, sources: [a guess], as_of: 2026}
informed:
  web:
    - do: open
    - {do: press, role: link, name: Contact}
    - {do: press, role: button, name: Chat, exact: false, frame: widget}
    - {do: wait_for, what: conversation}
    - {do: say, scenario: true}
    - {do: wait_for, what: reply}
    - {do: say, ladder: 2}
    - {do: say, text: agent}
    - {do: fill, role: textbox, name: Your name, contact: name}
    - {do: wait_for, role: button, name: End chat}
    - do: back
"""


def write(folder: Path, text: str | bytes, name: str = "acme.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def sentences(folder: Path, text: str | bytes, name: str = "acme.yaml") -> list[str]:
    with pytest.raises(PlatformFileError) as caught:
        load_platform(write(folder, text, name))
    assert all("\n" not in sentence and sentence.startswith(name) for sentence in caught.value.sentences)
    return caught.value.sentences


# -- the files that come with the program --------------------------------------------------------------------------

FIRST = [
    "99bill",
    "alipay",
    "china-mobile",
    "china-telecom",
    "china-unicom",
    "honor-of-kings",
    "jd",
    "qq",
    "qulia",
    "taobao",
    "tencent-ketang",
    "tencent-kf",
    "tencent-meeting",
    "tencent-video",
    "wechat",
    "wechat-pay",
]
SHIPPED = load_platforms()


def texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [str(value)]


def test_the_first_platforms_are_there_in_the_order_of_their_ids() -> None:
    assert set(FIRST) <= {platform.id for platform in SHIPPED}
    assert [platform.id for platform in SHIPPED] == sorted(platform.id for platform in SHIPPED)


@pytest.mark.parametrize("platform", SHIPPED, ids=lambda platform: platform.id)
def test_a_shipped_file_claims_nothing_that_was_not_measured(platform: Platform) -> None:
    assert platform.status == "unverified"
    assert platform.informed == {}, "an informed way is known only after somebody walked it"
    assert not platform.own
    assert {"en", "zh-CN"} <= set(platform.names)


@pytest.mark.parametrize("path", sorted(builtin_dir().glob("*.yaml")), ids=lambda path: path.stem)
def test_no_telephone_number_stands_outside_the_field_phone(path: Path) -> None:
    data = yaml.safe_load(path.read_text("utf-8"))
    data.pop("phone", None)
    for text in texts(data):
        without_addresses = re.sub(r"https?://\S+", "", text)
        assert not re.search(
            r"\d(?:[ -]?\d){4,}", re.sub(r"\b\d{4}-\d{2}(-\d{2})?\b|10000号", "", without_addresses)
        ), text


@pytest.mark.parametrize("path", sorted(builtin_dir().glob("*.yaml")), ids=lambda path: path.stem)
def test_sources_are_described_and_never_file_names_of_ours(path: Path) -> None:
    assert not re.search(r"seed|\b[0-9a-f]{12,}\b|\.txt\b|\.json\b", path.read_text("utf-8"))


def test_a_phone_number_is_given_only_where_three_sources_agree() -> None:
    assert {platform.id for platform in SHIPPED if platform.phone} == {"tencent-kf"}


def test_every_shipped_probe_can_be_named_and_read_back() -> None:
    ids = [(platform, text) for platform in SHIPPED for text in platform.probe_ids()]
    assert len(ids) >= 15
    for platform, text in ids:
        key = parse_probe_id(text)
        assert probe_id(key) == text
        assert platform.cannot(key) is None
        assert platform.address(key.start, key.surface).startswith("http")


def test_a_discontinued_service_and_an_app_without_web_page_are_never_probed() -> None:
    by_id = {platform.id: platform for platform in SHIPPED}
    assert by_id["tencent-ketang"].probe_ids() == []
    assert by_id["qulia"].probe_ids() == []
    assert "withheld" in str(
        by_id["tencent-ketang"].cannot(parse_probe_id("tencent-ketang/home/web/naive/general/zh-CN"))
    )


# -- a good file ---------------------------------------------------------------------------------------------------


def test_a_good_file_is_read(tmp_path: Path) -> None:
    platform = load_platform(write(tmp_path, GOOD))
    assert (platform.country, platform.name("zh-CN"), platform.name("fr")) == ("NO", "艾克米", "Acme")
    assert platform.starts["help"].as_of == "2026-11-22"
    press, say = platform.informed["web"][2], platform.informed["web"][6]
    assert isinstance(press, Press)
    assert (press.role, press.name, press.exact, press.frame) == ("button", "Chat", False, "widget")
    assert isinstance(say, Say)
    assert say.ladder == 2
    assert platform.address("help") == "https://help.example/"
    assert platform.address("help", "web-mobile") == "https://m.help.example/"


def test_probe_ids_name_the_informed_way_only_where_there_is_one(tmp_path: Path) -> None:
    platform = load_platform(write(tmp_path, GOOD))
    assert platform.probe_ids() == [
        "acme/help/web/naive/general/en",
        "acme/help/web/informed/general/en",
        "acme/help/web-mobile/naive/general/en",
    ]
    assert len(platform.probe_ids(Scenario)) == 3 * len(Scenario)


@pytest.mark.parametrize("encoded", [b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode()])
def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path, encoded: bytes) -> None:
    assert load_platform(write(tmp_path, encoded)).id == "acme"


def test_words_that_yaml_would_take_for_something_else_stay_what_was_written(tmp_path: Path) -> None:
    text = GOOD.replace("艾克米", "no").replace("name: Contact", "name: 0755").replace("name: Chat", "name: 12:30")
    platform = load_platform(write(tmp_path, text))
    assert platform.name("zh-CN") == "no"
    assert [step.name for step in platform.informed["web"] if isinstance(step, Press)] == ["0755", "12:30"]


@pytest.mark.parametrize("number", ["12306", "0", "-5", "007", "1e5", "1_000"])
def test_a_number_as_a_name_keeps_every_digit(tmp_path: Path, number: str) -> None:
    assert load_platform(write(tmp_path, GOOD.replace("Acme", number))).name("en") == number


# -- wrong files: one sentence for each problem --------------------------------------------------------------------


def test_a_misspelt_key_names_the_place_the_line_and_the_right_word(tmp_path: Path) -> None:
    found = sentences(tmp_path, GOOD.replace("name: Chat", "nmae: Chat"))
    assert 'acme.yaml: informed.web.3.nmae: unknown key "nmae" (did you mean "name"?) (line 17)' in found
    assert "acme.yaml: informed.web.3.name: this is missing (line 17)" in found
    assert len(found) == 2


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("locale: en", "locale: english", "locale", 'like "en"'),
        ("country: NO", "country: Norway", "country", "two capital letters"),
        ("country: NO", "own: yes\ncountry: NO", "own", "true or false"),
        ("country: NO", "status: done\ncountry: NO", "status", "unverified, verified"),
        ("country: NO", "county: NO", "county", 'did you mean "country"?'),
        ("en: Acme", "de: Acme", "names", "English name"),
        ("en: Acme", "en: true", "names.en", "put it in quotes"),
        ("[web, web-mobile]", "[web, webmobile]", "surfaces.2", 'did you mean "web-mobile"?'),
        ("[web, web-mobile]", "web", "surfaces", "must be a list"),
        ("[web, web-mobile]", "[web, web]", "surfaces", "twice"),
        ("[web, web-mobile]", "[]", "surfaces", "at least one"),
        ("certainty: one", "certainty: sure", "starts.help.certainty", "multi, few, one, gk"),
        ("sources: [its own page]", "sources: []", "starts.help.sources", "at least one"),
        ("as_of: 2026-11-22", "as_of: yesterday", "starts.help.as_of", "2026-11"),
        ("as_of: 2026-11-22", "as_of: 2026-13", "starts.help.as_of", "2026-11"),
        ("https://help.example/", "javascript:alert(1)", "starts.help.url", "https://"),
        ("https://help.example/", "https://u:p@help.example/", "starts.help.url", "user name"),
        ("https://help.example/", "https://", "starts.help.url", "host name"),
        ("https://help.example/", "https://[::1", "starts.help.url", "not a web address"),
        ("  help:\n", "  hlep:\n", "starts", 'did you mean "help"?'),
        ("do: back", "do: bakc", "informed.web.11", 'did you mean "back"?'),
        ("do: back", "role: link", "informed.web.11", 'the key "do" is missing'),
        ("role: link", "role: lnik", "informed.web.2.role", 'did you mean "link"?'),
        ("- do: back", "- {do: goto, url: https://a.example}", "informed.web.11", "must not jump to an address"),
        ("- do: back", "- {do: open}", "informed.web", "only the first step opens a page"),
        ("- do: open", "- {do: open, url: https://a.example}", "informed.web.1", "must not jump to an address"),
        ("- do: open", "- {do: back}", "informed.web", "begins with the step"),
        ("- do: open", "- {do: open, start: home}", "informed.web.1", "no start page home"),
        ("role: link, name: Contact", 'css: "#a"', "informed.web.2", "never by selector"),
        ("text: agent", "text: agent, ladder: 1", "informed.web.8", "exactly one of"),
        ("text: agent", "text: order 123 456", "informed.web.8.text", "five or more digits"),
        ("text: agent", "text: me@example.org", "informed.web.8.text", "e-mail"),
        ("ladder: 2", "ladder: two", "informed.web.7.ladder", "whole number"),
        ("contact: name", "contact: passport", "informed.web.9.contact", "name, email, topic"),
        ("contact: name", "value: Ann", "informed.web.9.value", "unknown key"),
        ("role: button, name: End chat", "role: button", "informed.web.10", "its role and name"),
        ("what: reply", "what: reply, role: link", "informed.web.6", "takes no role"),
        ("country: NO", "phone: {value: 1, certainty: few, sources: [a], as_of: 2026}\ncountry: NO", "phone", "multi"),
        ("country: NO", "hours: {value: 9-18, certainty: gk, sources: [a], as_of: 2026}\ncountry: NO", "hours", "few"),
        (
            "country: NO",
            "login_required: {value: no, certainty: few, sources: [a], as_of: 2026}\ncountry: NO",
            "login_required.value",
            "true or false",
        ),
        ("country: NO", "kind: redress_body\ncountry: NO", "informed", "never probed"),
        ("country: NO", "withheld: closed\ncountry: NO", "informed", "never probed"),
        ("  web:\n    - do: open", "  phone:\n    - do: open", "informed", "phone"),
        ("[web, web-mobile]", "[web-mobile]", "informed.web", "not among the surfaces"),
        ("id: acme", "id: Acme", "id", "small letters"),
        ("id: acme", "id: acme2", "id", "call the file acme2.yaml"),
        ("country: NO", "country: NO\ncountry: SE", "country", "twice (first in line 3)"),
    ],
)
def test_one_mistake_is_one_sentence_with_its_place(tmp_path: Path, old: str, new: str, place: str, says: str) -> None:
    assert old in GOOD
    found = sentences(tmp_path, GOOD.replace(old, new, 1))
    named = [sentence for sentence in found if re.match(rf"acme\.yaml: {re.escape(place)}[.:]", sentence)]
    assert any(says in sentence for sentence in named), found
    assert len(found) <= 2


def test_contradictions_are_all_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("en: Acme", "de: Acme").replace("[web, web-mobile]", "[app, app]")
    assert len(sentences(tmp_path, text)) == 3


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "the file is empty"),
        (b"# only a remark\n", "the file is empty"),
        (b"- a\n- b\n", "keys and values"),
        (b"just words\n", "keys and values"),
        (b"id: a\n\tnames: b\n", "a tab stands at the beginning of the line; use spaces (line 2)"),
        ("id: 支付宝\n".encode("gbk"), "save it as UTF-8 (line 1)"),
        ("id: a\n".encode("utf-16"), "UTF-16"),
        (b"id: a\x00b\n", "U+0000"),
        ("id: a\nnotes: 'x\u202ey'\n".encode(), "U+202E is not allowed (line 2)"),
        (b"id: &a x\nnames: *a\n", "anchors and aliases"),
        (b"id: !!python/object/apply:os.system [x]\n", "tags"),
        (b"id: !x y\n", "tags"),
        (b"id: a\n---\nid: b\n", "one document"),
        (b"id: a: b\n", "needs quotes) (line 1)"),
        (b"id: [a\n", "not well-formed YAML"),
        (b"? [a, b]\n: c\n", "a key must be one word"),
        (b"x: " + b"[" * (MAX_DEPTH + 1), f"more than {MAX_DEPTH} levels"),
        (b"x: " + b"{a: " * 200_000, f"more than {MAX_DEPTH} levels"),
        (b"#" * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_what_yaml_would_let_pass_or_choke_on_is_refused(tmp_path: Path, raw: bytes, says: str) -> None:
    assert any(says in sentence for sentence in sentences(tmp_path, raw))


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor(tmp_path: Path) -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"k{n}: &k{n} [{','.join([f'*k{n - 1}'] * 9)}]\n" for n in range(1, 9))
    assert sentences(tmp_path, bomb) == [
        "acme.yaml: anchors and aliases (& and *) are not used here; write the text out (line 1)"
    ]


def test_text_of_the_file_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    found = sentences(tmp_path, GOOD.replace("country: NO", '"\\e]0;x\\a": "\\e[31m"\ncountry: "\\e[2J"'))
    assert all(sentence.isprintable() for sentence in found)
    assert any("\\u001b" in sentence for sentence in found)


def test_a_missing_file_a_directory_and_a_wrong_name(tmp_path: Path) -> None:
    (tmp_path / "dir.yaml").mkdir()
    for name, says in (("none.yaml", "no such file"), ("dir.yaml", "not a regular file")):
        with pytest.raises(PlatformFileError, match=says):
            load_platform(tmp_path / name)
    assert "call the file acme.yaml" in sentences(tmp_path, GOOD, "other.yaml")[0]


def test_one_broken_file_hides_neither_the_others_nor_itself(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD.replace("id: acme", "id: beta"), "beta.yaml")
    write(tmp_path, "id: [", "broken.yaml")
    write(tmp_path, GOOD, "acme.yml")
    write(tmp_path, "not a platform", "notes.txt")
    platforms, problems = read_platforms(tmp_path)
    assert [platform.id for platform in platforms] == ["acme", "beta"]
    assert [problem.split(":")[0] for problem in problems] == ["acme.yml", "broken.yaml"]
    with pytest.raises(PlatformFileError) as caught:
        load_platforms(tmp_path)
    assert caught.value.sentences == problems
    assert "no such directory" in read_platforms(tmp_path / "none")[1][0]


def test_no_damaged_copy_of_a_file_raises_anything_but_sentences(tmp_path: Path) -> None:
    """A thousand copies with bytes changed, removed, doubled or swapped; the seed makes a failure repeatable."""
    chance = random.Random(20261122)
    raw = GOOD.encode()
    refused: list[list[str]] = []
    for _ in range(1000):
        damaged = bytearray(raw)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randint(0, 3)] = chance.choice(
                [
                    b"",
                    bytes([chance.randrange(256)]),
                    b"&",
                    b"*a",
                    b"!",
                    b"\t",
                    b"{",
                    b"]",
                    b": ",
                    b"- ",
                    b"null",
                    b"\n",
                ]
            )
        try:
            load_platform(write(tmp_path, bytes(damaged)))
        except PlatformFileError as error:
            refused.append(error.sentences)
    assert len(refused) > 500
    assert all(told and all(sentence.startswith("acme.yaml: ") for sentence in told) for told in refused)


def test_reading_is_strict_about_types_the_yaml_library_would_invent(tmp_path: Path) -> None:
    document = read_document(write(tmp_path, "a: [no, on, 2021-08-07, 0x1F, 1e3, .inf, ~, 'null', true]\n"))
    assert document.data == {"a": ["no", "on", "2021-08-07", "0x1F", "1e3", ".inf", None, "null", True]}


# -- probe ids -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("acme", "is no probe"),
        ("acme/help/web/naive/general/en/extra", "is no probe"),
        ("acme/hlep/web/naive/general/en", 'did you mean "help"?'),
        ("acme/help/wap/naive/general/en", "is no surface"),
        ("acme/help/web/naif/general/en", 'did you mean "naive"?'),
        ("acme/help/web/naive/refnud/en", 'did you mean "refund"?'),
        ("acme/help/web/naive/general/English", "like"),
        ("../x/help/web/naive/general/en", "is no probe"),
        ("Acme/help/web/naive/general/en", "small letters"),
    ],
)
def test_a_wrong_probe_id_is_refused_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        parse_probe_id(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("beta/help/web/naive/general/en", "is not acme"),
        ("acme/help/app/naive/general/en", "no surface app"),
        ("acme/home/web/naive/general/en", "no start page home"),
        ("acme/help/web/naive/general/fr", "measured in en"),
        ("acme/help/web-mobile/informed/general/en", "no informed way"),
    ],
)
def test_a_platform_says_why_a_probe_cannot_be_walked(tmp_path: Path, text: str, says: str) -> None:
    assert says in str(load_platform(write(tmp_path, GOOD)).cannot(parse_probe_id(text)))
