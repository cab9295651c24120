"""What is no proper request is refused before anything else looks at it (QUALITY S24)."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.people import Visitor
from tests.portal.serve.running import Running

FOREIGN = (
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost:80@evil.example",
    "",
    "a b",
    "[::1",
    "*",
)


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_host_name_is_refused_and_never_repeated(stranger: Visitor, host: str) -> None:
    response = stranger.get("/sign-in", headers={"Host": host}, base_url="http://localhost")
    assert response.status_code == 400
    assert "evil.example" not in response.text
    assert "evil.example" not in response.headers.get("Location", "")


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000"])
def test_this_machine_is_answered(stranger: Visitor, host: str) -> None:
    assert stranger.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Forwarded-Server", "Forwarded", "X-Original-URL", "X-Rewrite-URL"]
)
def test_what_a_proxy_would_say_is_not_believed_without_one(stranger: Visitor, name: str) -> None:
    response = stranger.get("/", headers={name: "evil.example" if name != "Forwarded" else "host=evil.example"})
    assert response.status_code in (200, 302)
    assert "evil.example" not in response.text + response.headers.get("Location", "")


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "PURGE", "DELETE"])
def test_other_methods_are_refused(ada: Visitor, method: str) -> None:
    response = ada.open("/", method=method)
    assert response.status_code in (400, 405)
    assert "X-Secret" not in response.text


def test_a_method_cannot_be_put_on_like_a_hat(ada: Visitor, app: Flask) -> None:
    before = ada.get("/").status_code
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        assert ada.get("/", headers={header: "DELETE"}).status_code == before
    assert ada.get("/admin/people?_method=POST").status_code == 200
    assert ada.post("/", {"_method": "GET"}).status_code == 405


needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A portal served as people serve it."""
    portal = Running(tmp_path_factory.mktemp("served") / "home")
    yield portal
    portal.stop()


def say(portal: Running, words: bytes) -> bytes:
    """Send bytes to the server as they are; returns what it answers until it closes or is silent."""
    said = b""
    with socket.create_connection(("127.0.0.1", portal.port), timeout=5) as connection:
        connection.sendall(words)
        try:
            while piece := connection.recv(65536):
                said += piece
        except (TimeoutError, ConnectionResetError):
            pass
    return said


def statuses(said: bytes) -> list[int]:
    return [int(line.split()[1]) for line in said.split(b"\r\n") if line.startswith(b"HTTP/1.")]


@needs_linux
@pytest.mark.slow
@pytest.mark.xdist_group("alone")
@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding : chunked",
        b"Content-Length: +5",
        b"Content-Length: -1",
        b"Content-Length: 0x5",
        b" Content-Length: 5",
        b"Header\x00Name: x",
        b"Host: evil.example",
    ],
)
def test_a_request_that_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_answered(
    running: Running, head: bytes
) -> None:
    smuggled = b"0\r\n\r\nGET /healthz?smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    said = say(running, b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n" + smuggled)
    assert len(statuses(said)) <= 1
    assert all(400 <= status < 500 or status == 501 for status in statuses(said))


@needs_linux
@pytest.mark.slow
@pytest.mark.xdist_group("alone")
@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /" + b"a" * 16_384 + b" HTTP/1.1\r\nHost: localhost",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 16_384,
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"\r\n".join(b"X-%d: y" % n for n in range(300)),
        b"GET / HTTP/9.9\r\nHost: localhost",
        b"GET\x00 / HTTP/1.1\r\nHost: localhost",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example",
    ],
    ids=["long line", "long header", "many headers", "version", "control", "absolute"],
)
def test_an_overlong_or_broken_head_is_refused_and_the_server_goes_on(running: Running, request_line: bytes) -> None:
    said = say(running, request_line + b"\r\nConnection: close\r\n\r\n")
    assert statuses(said)
    assert all(400 <= status < 500 or status in (501, 505) for status in statuses(said))
    assert b"Traceback" not in said
    assert running.status("/healthz") == 200


@needs_linux
@pytest.mark.slow
@pytest.mark.xdist_group("alone")
def test_the_server_does_not_tell_its_version(running: Running, tmp_path: Path) -> None:
    said = say(running, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    server = next((line for line in said.split(b"\r\n") if line.lower().startswith(b"server:")), b"")
    assert not any(byte in b"0123456789" for byte in server)
