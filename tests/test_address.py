"""Which start addresses pass: only this machine's, however they are written; each refusal is one sentence."""

from __future__ import annotations

import pytest

from tohuman.runners.address import check_start, parse, read_host
from tohuman.runners.errors import AddressRefused
from tohuman.runners.exits import Exit


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("HTTP://LOCALHOST/Help?a=1#x", "http://localhost/Help?a=1#x"),
        ("https://shop.localhost:8443/", "https://shop.localhost:8443/"),
        ("http://[::1]:9/", "http://[::1]:9/"),
        ("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://0177.0.0.1/", "http://127.0.0.1/"),
        ("http://127.1:80/", "http://127.0.0.1:80/"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("  http://127.0.0.1/  ", "http://127.0.0.1/"),
    ],
)
def test_this_machine_passes_however_it_is_written(url: str, normal: str) -> None:
    assert check_start(url).url == normal


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://help.example.com/contact",
        "http://8.8.8.8/",
        "http://10.0.0.1/",
        "http://192.168.1.1:8080/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fd00::1]/",
        "http://0.0.0.0/",
        "http://0/",
        "http://[::]/",
        "http://[::ffff:10.0.0.1]/",
        "http://3232235777/",
        "http://0xc0a80101/",
        "http://127.0.0.1.example.com/",
        "http://localhost.example.com/",
        "http://notlocalhost/",
        "http://user@127.0.0.1/",
        "http://127.0.0.1@example.com/",
        "http://example.com\\@127.0.0.1/",
        "http://127.0.0.1\t.example.com/",
        "http://127.0.0.256/",
        "http://1.2.3.4.5/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http:///help",
        "http://",
        "127.0.0.1:8000",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "chrome://settings",
        "ftp://127.0.0.1/",
        "ws://127.0.0.1/",
        "",
        "   ",
        "http://bücher.example/",
        "http://exa mple/",
    ],
)
@pytest.mark.parametrize("allow_private", [False, True])
def test_every_other_address_is_refused_in_one_sentence(url: str, allow_private: bool) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_start(url, allow_private=allow_private)
    sentence = str(refused.value)
    assert refused.value.exit is Exit.REFUSED
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_an_international_name_is_brought_to_ascii() -> None:
    assert read_host("BÜCHER.example")[0] == "xn--bcher-kva.example"
    assert read_host("例え。テスト")[0].startswith("xn--")


def test_ports_follow_the_scheme() -> None:
    assert (parse("http://localhost/").port, parse("https://localhost/").port) == (80, 443)
