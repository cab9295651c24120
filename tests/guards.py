"""What no test may do: speak to other machines, send real mail. Loaded for every test."""

from __future__ import annotations

import ipaddress
import smtplib
import socket
from typing import Any

import pytest


class ReachedOut(AssertionError):
    """A test, or the code it runs, tried to speak to another machine."""


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):  # a socket in the file system
        return True
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every look-up of a name that leaves this machine (QUALITY S11)."""
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, original: Any = original) -> Any:
            if not _is_here(address):
                raise ReachedOut(f"a connection to {address}")
            return original(self, address)

        monkeypatch.setattr(socket.socket, name, guarded)
    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **kw: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_here((name,)) and name != socket.gethostname():
            raise ReachedOut(f"a look-up of {name}")
        return look_up(host, *args, **kw)

    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


@pytest.fixture(autouse=True)
def _no_mail(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse SMTP, unless the test is marked `smtp` and brings its own server."""
    if request.node.get_closest_marker("smtp"):
        return

    def refuse(*args: Any, **kw: Any) -> Any:
        raise ReachedOut("mail, without the mark `smtp`")

    monkeypatch.setattr(smtplib.SMTP, "connect", refuse)
