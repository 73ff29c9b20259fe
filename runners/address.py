"""Which start addresses may be visited: judged by the address alone, before anything is sent, without a name look-up.

The guard on the wire is egress.py; it uses the same host and address rules.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

from tohuman.runners.errors import AddressRefused

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

_DO_URL = "give an address such as http://127.0.0.1:8000/"
#: As long as caps, robots rules and an operator's contact are not enforced in code, only this machine may be visited.
_LIVE = "only addresses of this machine (127.0.0.1, ::1, localhost) can be visited so far"


@dataclass(frozen=True)
class Address:
    """A start address in its normal form. `host` is lower-case ASCII; `ip` is set when it is written as a number."""

    url: str
    scheme: str
    host: str
    port: int
    ip: Ip | None

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host, self.ip)


def check_start(url: str, *, allow_private: bool = False) -> Address:
    """The address in its normal form, or AddressRefused with one sentence.

    Only this machine's own (loopback) addresses pass. `allow_private` is the operator's word that private networks may
    be visited; it changes the sentence, not the refusal, until the rules of conduct are enforced in code.
    """
    address = parse(url)
    if address.loopback:
        return address
    if address.ip is not None and not address.ip.is_global:
        do = _LIVE if allow_private else _LIVE + ", and private networks not even then without --allow-private"
        raise AddressRefused("The address lies in a private or reserved network", where=address.host, do=do)
    raise AddressRefused(
        "The address is not on this machine, and live sites are not visited before the rules of conduct are in force",
        where=address.host,
        do=_LIVE,
    )


def parse(url: str) -> Address:
    """Scheme, host and port as a browser would read them; AddressRefused when it is no plain http(s) address."""
    text = url.strip()
    if any(ord(char) < 33 or char == "\\" or ord(char) == 127 for char in text) or not text:
        raise AddressRefused("The address holds blanks, control characters or backslashes", where=repr(url), do=_DO_URL)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("The address cannot be read", where=repr(text), do=_DO_URL) from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefused("Only http and https addresses can be visited", where=repr(text), do=_DO_URL)
    if "@" in parts.netloc:
        raise AddressRefused("The address holds a user name or password", where=parts.netloc, do="leave it out")
    if not parts.hostname or port == 0:
        raise AddressRefused("The address names no host or no possible port", where=repr(text), do=_DO_URL)
    host, ip = read_host(parts.hostname)
    known = port or (443 if parts.scheme == "https" else 80)
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port is None else f"{shown}:{port}"
    normal = urlunsplit(SplitResult(parts.scheme, netloc, parts.path or "/", parts.query, parts.fragment))
    return Address(normal, parts.scheme, host, known, ip)


def read_host(host: str) -> tuple[str, Ip | None]:
    """A host in its normal form, and its address when it is one: `0x7f.1`, `2130706433`, `127.0.0.1` are the same."""
    text = host.strip("[]") if host.startswith("[") else host
    if ":" in text:
        try:
            six = ipaddress.IPv6Address(text)
        except ValueError as error:
            raise AddressRefused("The host is no valid IPv6 address", where=host, do=_DO_URL) from error
        if six.scope_id:
            raise AddressRefused("The host is an IPv6 address with a zone", where=host, do=_DO_URL)
        return six.compressed, unwrap(six)
    name = _ascii(text).rstrip(".")
    if not name or len(name) > 253 or not all(char.isalnum() or char in "-._" for char in name):
        raise AddressRefused("The host is no valid name", where=host, do=_DO_URL)
    if _ends_in_number(name):
        four = _read_ipv4(name)
        if four is None:
            raise AddressRefused("The host is no valid IPv4 address", where=host, do=_DO_URL)
        return str(four), four
    return name, None


def unwrap(ip: Ip) -> Ip:
    """The IPv4 address inside an IPv4-mapped IPv6 one; all others as they are."""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    return ip


def is_loopback(host: str, ip: Ip | None) -> bool:
    """This machine: 127.0.0.0/8, ::1, `localhost` and names under it (RFC 6761), which are never looked up."""
    if ip is not None:
        return unwrap(ip).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def _ascii(name: str) -> str:
    lowered = name.lower().replace("\u3002", ".").replace("\uff0e", ".").replace("\uff61", ".")
    if lowered.isascii():
        return lowered
    try:
        return lowered.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise AddressRefused("The host is no valid international name", where=repr(name), do=_DO_URL) from error


def _ends_in_number(name: str) -> bool:
    last = name.rsplit(".", 1)[-1]
    return last.isdigit() or (last[:2] == "0x" and all(char in "0123456789abcdef" for char in last[2:]))


def _read_ipv4(name: str) -> ipaddress.IPv4Address | None:
    """IPv4 as browsers read it (WHATWG URL): one to four parts, each decimal, 0x hexadecimal or 0 octal."""
    parts = name.split(".")
    if len(parts) > 4:
        return None
    numbers: list[int] = []
    for part in parts:
        try:
            if part.startswith("0x"):
                numbers.append(int(part[2:] or "0", 16))
            elif part.startswith("0") and len(part) > 1:
                numbers.append(int(part, 8))
            else:
                numbers.append(int(part, 10))
        except ValueError:
            return None
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        return None
    value = numbers[-1]
    for place, number in enumerate(numbers[:-1]):
        value += number << (8 * (3 - place))
    return ipaddress.IPv4Address(value)
