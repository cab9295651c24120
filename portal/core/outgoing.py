"""Asking other machines: the only place from which the portal opens a connection to the outside (mail apart).

People choose where such requests go (a webhook, a link in an article), so `targets` judges every address. A name is
looked up once and every address it has is judged; we then connect to that very address, so that a second look-up
cannot lead inside. Nothing is followed, read or waited for beyond what the caller allows.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias
from urllib.parse import urljoin

from portal.core.targets import PORTS, Reason, Refused, Target, Unreachable, judged, target
from portal.core.version import VERSION

METHODS = frozenset({"GET", "HEAD", "POST"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_FOR_OTHERS = frozenset({"authorization", "cookie"})

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True)
class Answer:
    """What came back. `headers` have small names; `url` is where it came from after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    is_cut: bool = False


def look_up(host: str, port: int) -> list[str]:
    """Return every address of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


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
        return judged(found, to)
    return judged(_looked_up(to, resolve, deadline), to)


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
