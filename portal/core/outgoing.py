"""Asking other machines: the only place from which the portal opens a connection to the outside (mail apart).

People choose where such requests go (a webhook, a link in an article), so every address is a stranger's. A name is
looked up once and every address it has is judged; we then connect to that very address, so that a second look-up
cannot lead inside. Nothing is followed, read or waited for beyond what the caller allows.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias
from urllib.parse import quote, urljoin, urlsplit

from flask import current_app, has_app_context
from flask_babel import lazy_gettext as _l

from portal.core.version import VERSION

PORTS = {"http": 80, "https": 443}
METHODS = frozenset({"GET", "HEAD", "POST"})
LONGEST = 2000
MOST_ADDRESSES = 4
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_FOR_OTHERS = frozenset({"authorization", "cookie"})
AS_IT_IS = "/%:@!$&'()*+,;=-._~"
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")

IP: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"
Resolve: TypeAlias = Callable[[str, int], Sequence[str]]


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
class Answer:
    """What came back. `headers` have small names; `url` is where it came from after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    is_cut: bool = False


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


def look_up(host: str, port: int) -> list[str]:
    """Return every address of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check(url: str, *, allow_private: bool = False) -> Target:
    """Refuse (Refused) an address of which it shows without a look-up that `send` would not ask it."""
    found = target(url, allow_private=allow_private)
    with contextlib.suppress(ValueError):
        _judged([str(ipaddress.ip_address(found.host))], found)
    return found


def send(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 5.0,
    max_bytes: int = 65_536,
    allow_private: bool = False,
    redirects: int = 0,
    resolve: Resolve = look_up,
) -> Answer:
    """Ask another machine and return its answer, whatever its status; `timeout` is for everything together.

    A longer answer is cut off. Redirects are followed only for GET and HEAD and only `redirects` of them, each judged
    like the first; without, the redirect itself is the answer. Raises Refused and Unreachable.
    """
    if method not in METHODS:
        raise ValueError(f"{method!r} is not a method we send")
    deadline, sent = _Deadline(timeout), dict(headers or {})
    for n in range(redirects + 1):
        to = target(url, allow_private=allow_private)
        answer = _ask(_Request(method, to, body, sent, max_bytes), _addresses(to, resolve, deadline), deadline)
        location = answer.headers.get("location")
        if answer.status not in REDIRECTS or location is None or not redirects or method not in ("GET", "HEAD"):
            return answer
        if n < redirects:
            url = _next(url, location)
            if target(url, allow_private=allow_private).origin != to.origin:
                sent = {name: value for name, value in sent.items() if name.lower() not in NOT_FOR_OTHERS}
    raise Unreachable(Reason.REDIRECTS)


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Refused(Reason.ADDRESS) from None


class _Deadline:
    """When everything must be over."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left, or give up (Unreachable)."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise Unreachable(Reason.TIMEOUT)
        return left


def _addresses(to: Target, resolve: Resolve, deadline: _Deadline) -> list[str]:
    """Return the addresses of a target, all of which may be asked: one that may not refuses them all."""
    with contextlib.suppress(ValueError):
        found = [str(ipaddress.ip_address(to.host))]
        return _judged(found, to)
    return _judged(_looked_up(to, resolve, deadline), to)


def _judged(found: Sequence[str], to: Target) -> list[str]:
    if not found:
        raise Unreachable(Reason.NAME)
    if not all(may_ask(one.partition("%")[0], is_allowed_inside=to.is_allowed_inside) for one in found):
        raise Refused(Reason.INSIDE)
    return list(found[:MOST_ADDRESSES])


def _looked_up(to: Target, resolve: Resolve, deadline: _Deadline) -> Sequence[str]:
    """Look the name up in a thread of its own: the system's look-up knows no time limit."""
    found: list[Sequence[str]] = []
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            found.append(resolve(to.host, to.port))
        except BaseException as error:
            trouble.append(error)

    thread = threading.Thread(target=run, name="look-up", daemon=True)
    thread.start()
    thread.join(deadline.left())
    if trouble and not isinstance(trouble[0], OSError | UnicodeError):
        raise trouble[0]
    if trouble:
        raise Unreachable(Reason.NAME)
    if not found:
        raise Unreachable(Reason.TIMEOUT)
    return found[0]


@dataclass(frozen=True)
class _Request:
    method: str
    to: Target
    body: bytes | None
    headers: dict[str, str] = field(repr=False)
    max_bytes: int


class _Wire:
    """A connected socket as http.client wants it, every read and write of which keeps to the deadline."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock, self._deadline))

    def close(self) -> None:
        self._sock.close()


class _Reading(io.RawIOBase):
    """The bytes that come in, each of them before the deadline."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        super().__init__()
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


def _ask(wanted: _Request, addresses: Sequence[str], deadline: _Deadline) -> Answer:
    """Send the request to the first address that takes it, and read the answer."""
    try:
        wire = _connect(wanted.to, addresses, deadline)
    except ssl.SSLError:
        raise Unreachable(Reason.TLS) from None
    except TimeoutError:
        raise Unreachable(Reason.TIMEOUT) from None
    except OSError:
        raise Unreachable(Reason.CONNECTION) from None
    try:
        return _exchange(wanted, wire)
    except TimeoutError:
        raise Unreachable(Reason.TIMEOUT) from None
    except OSError:
        raise Unreachable(Reason.CONNECTION) from None
    except (http.client.HTTPException, ValueError):
        raise Unreachable(Reason.PROTOCOL) from None
    finally:
        wire.close()


def _connect(to: Target, addresses: Sequence[str], deadline: _Deadline) -> _Wire:
    """Connect to an address we looked up and judged, never to a name."""
    trouble: OSError = OSError("no address")
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(deadline.left())
            sock.connect((address, to.port))
            if to.scheme == "https":
                sock.settimeout(deadline.left())  # for the whole handshake
                sock = _tls().wrap_socket(sock, server_hostname=to.host)
            return _Wire(sock, deadline)
        except OSError as error:
            sock.close()
            trouble = error
        except BaseException:
            sock.close()
            raise
    raise trouble


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _exchange(wanted: _Request, wire: _Wire) -> Answer:
    to = wanted.to
    line = http.client.HTTPConnection(f"[{to.host}]" if ":" in to.host else to.host, to.port)
    line.default_port = PORTS[to.scheme]  # so that the Host header names the port where it is not the usual one
    line.sock = wire
    given = {"User-Agent": f"DITY/{VERSION}", "Accept-Encoding": "identity", "Connection": "close", **wanted.headers}
    line.request(wanted.method, to.path, body=wanted.body, headers=given)
    with line.getresponse() as response:
        read = b"" if wanted.method == "HEAD" else _read(response, wanted.max_bytes + 1)
        return Answer(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=read[: wanted.max_bytes],
            url=to.url,
            is_cut=len(read) > wanted.max_bytes,
        )


def _read(response: http.client.HTTPResponse, most: int) -> bytes:
    """Read no more than `most` bytes; what comes after is never taken off the wire."""
    pieces, n = [], 0
    while n < most and (piece := response.read(min(16_384, most - n))):
        pieces.append(piece)
        n += len(piece)
    return b"".join(pieces)
