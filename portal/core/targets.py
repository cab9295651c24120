"""Where the portal may ask: every address is a stranger's, taken apart and judged before a connection is opened.

An address is fit when its scheme, port and name are; the numbers behind its name are judged once they are looked up.
Inside a network only those hosts are asked that whoever runs the portal allowed by name.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from flask import current_app, has_app_context
from flask_babel import lazy_gettext as _l

PORTS = {"http": 80, "https": 443}
LONGEST = 2000
MOST_ADDRESSES = 4
AS_IT_IS = "/%:@!$&'()*+,;=-._~"
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")

IP: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"


class Reason(StrEnum):
    """Why nothing came back. Stored in logs; people read WORDS."""

    ADDRESS = "address"
    SCHEME = "scheme"
    PORT = "port"
    INSIDE = "inside"
    NAME = "name"
    CONNECTION = "connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    REDIRECTS = "redirects"


WORDS = {
    Reason.ADDRESS: _l("This is not a web address the portal can use."),
    Reason.SCHEME: _l("The address must begin with https:// or http://."),
    Reason.PORT: _l("The portal asks only the usual ports of the web, 80 and 443."),
    Reason.INSIDE: _l(
        "This address lies inside a network. Whoever runs the portal can allow the host with DITY_INSIDE_HOSTS."
    ),
    Reason.NAME: _l("Nobody knows a machine of this name."),
    Reason.CONNECTION: _l("The machine does not answer."),
    Reason.TLS: _l("The machine could not prove who it is."),
    Reason.TIMEOUT: _l("The answer took too long."),
    Reason.PROTOCOL: _l("What came back is not an answer a web server gives."),
    Reason.REDIRECTS: _l("The address leads on too often."),
}


class Failed(Exception):
    """Nothing came back; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Refused(Failed):
    """We do not ask there, today or tomorrow."""


class Unreachable(Failed):
    """We asked and got no answer; later there may be one."""


@dataclass(frozen=True)
class Target:
    """An address taken apart and found fit to ask, before any name is looked up."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    is_allowed_inside: bool

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def target(url: str, *, allow_private: bool = False) -> Target:
    """Take an address apart. Refuses other schemes and ports, names in it, numbers in disguise (Refused)."""
    if len(url) > LONGEST or not url.isprintable() or " " in url or "\\" in url:
        raise Refused(Reason.ADDRESS)
    try:
        parts = urlsplit(url)
        named, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused(Reason.ADDRESS) from None
    if parts.scheme not in PORTS:
        raise Refused(Reason.SCHEME)
    if not named or parts.username is not None or parts.password is not None:
        raise Refused(Reason.ADDRESS)
    host = _host(named)
    port = PORTS[parts.scheme] if port is None else port
    inside = inside_hosts()
    if port not in PORTS.values() and f"{host}:{port}" not in inside:
        raise Refused(Reason.PORT)
    path = quote(parts.path or "/", safe=AS_IT_IS)
    if parts.query:
        path = f"{path}?{quote(parts.query, safe=AS_IT_IS + '?[]')}"
    is_allowed = allow_private or bool({host, f"{host}:{port}"} & inside)
    return Target(url, parts.scheme, host, port, path, is_allowed)


def inside_hosts() -> frozenset[str]:
    """Return the hosts (`name` or `name:port`) that whoever runs the portal lets it reach inside the network."""
    if not has_app_context():
        return frozenset()
    return frozenset(name.lower() for name in current_app.config["DITY"].inside_hosts)


def _host(named: str) -> str:
    """Return the name as look-ups take it. Refuses numbers in disguise, which some libraries read as addresses."""
    with contextlib.suppress(ValueError):
        found = ipaddress.ip_address(named)
        if "%" not in named:
            return str(found)
    try:
        name = named.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise Refused(Reason.ADDRESS) from None
    labels = name.split(".")
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise Refused(Reason.ADDRESS)
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):  # 2130706433, 0x7f.1, 0177.0.0.1
        raise Refused(Reason.ADDRESS)
    return name


_NETS = tuple[Any, ...]


def _nets(*texts: str) -> _NETS:
    return tuple(ipaddress.ip_network(text) for text in texts)


_INSIDE = _nets(
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"
)  # fmt: skip
_NEVER = _nets(
    "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)  # fmt: skip
_WORLD = _nets("0.0.0.0/0", "2000::/3")
"""What is neither inside nor in _NEVER and lies here is the open network; all other IPv6 (mapped, NAT64…) is not."""


def may_ask(address: str, *, is_allowed_inside: bool) -> bool:
    """True for addresses of the open network, and for those inside when the host was allowed by name.

    Never for addresses that mean this very link, a group, or another address in disguise.
    """
    ip: IP = ipaddress.ip_address(address)

    def lies_in(nets: _NETS) -> bool:
        return any(ip.version == net.version and ip in net for net in nets)

    if lies_in(_INSIDE):
        return is_allowed_inside
    return lies_in(_WORLD) and not lies_in(_NEVER)


def check(url: str, *, allow_private: bool = False) -> Target:
    """Refuse (Refused) an address of which it shows without a look-up that `send` would not ask it."""
    found = target(url, allow_private=allow_private)
    with contextlib.suppress(ValueError):
        judged([str(ipaddress.ip_address(found.host))], found)
    return found


def judged(found: Sequence[str], to: Target) -> list[str]:
    """Return addresses of a target, all of which may be asked: one that may not refuses them all."""
    if not found:
        raise Unreachable(Reason.NAME)
    if not all(may_ask(one.partition("%")[0], is_allowed_inside=to.is_allowed_inside) for one in found):
        raise Refused(Reason.INSIDE)
    return list(found[:MOST_ADDRESSES])
