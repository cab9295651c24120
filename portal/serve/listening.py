"""The listening socket: opened once, kept over restarts of the web workers."""

from __future__ import annotations

import errno
import os
import socket

BACKLOG = 512
NEXT_PORTS = 50


class PortTaken(Exception):
    """Another program listens there; `free` is a port near by that nobody uses, 0 when there is none."""

    def __init__(self, host: str, port: int, free: int) -> None:
        instead = f" Port {free} is free." if free else ""
        super().__init__(f"Port {port} on {host} is taken by another program.{instead}")
        self.free = free


class CannotListen(Exception):
    """The address is not one of this machine's, or the port is not for this account."""


def listen(host: str, port: int) -> socket.socket:
    """Open the socket the portal answers on; port 0 takes any. Refuses (PortTaken, CannotListen) in words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there the flag would let two programs share a port
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(BACKLOG)
    except (OSError, OverflowError) as problem:
        opened.close()
        if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE:
            raise PortTaken(host, port, _next_free(host, port)) from None
        if isinstance(problem, PermissionError):
            raise CannotListen(f"Port {port} needs more rights than this account has; take one above 1023.") from None
        raise CannotListen(f"Nothing can listen on {host} port {port}: {problem}") from None
    return opened


def _next_free(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port + 1, min(port + NEXT_PORTS, 65535)):
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            try:
                if os.name != "nt":
                    tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind((host, candidate))
            except OSError:
                continue
            return candidate
    return 0
