"""Asking other machines: what is refused whatever anybody writes, and what is cut off (QUALITY S11)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from portal.core.outgoing import Answer, send
from portal.core.targets import Reason, Refused, Unreachable

REFUSED = {
    "file:///etc/passwd": Reason.SCHEME,
    "gopher://example.org/": Reason.SCHEME,
    "ftp://example.org/": Reason.SCHEME,
    "//example.org/": Reason.SCHEME,
    "http://": Reason.ADDRESS,
    "http://ana@example.org/": Reason.ADDRESS,
    "http://example.org@10.0.0.1/": Reason.ADDRESS,
    "http://example.org\\@10.0.0.1/": Reason.ADDRESS,
    "http://exam ple.org/": Reason.ADDRESS,
    "http://example.org/\r\nHost: inside": Reason.ADDRESS,
    "http://2130706433/": Reason.ADDRESS,
    "http://0x7f000001/": Reason.ADDRESS,
    "http://0177.0.0.1/": Reason.ADDRESS,
    "http://127.1/": Reason.ADDRESS,
    "http://0x7f.1/": Reason.ADDRESS,
    "http://１２７.0.0.1/": Reason.ADDRESS,
    "http://[fe80::1%25eth0]/": Reason.ADDRESS,
    "http://[::ffff:7f00:1]/": Reason.INSIDE,
    "http://127.0.0.1/": Reason.INSIDE,
    "http://[::1]/": Reason.INSIDE,
    "http://169.254.169.254/latest/meta-data/": Reason.INSIDE,
    "http://example.org:22/": Reason.PORT,
    "http://example.org:8080/": Reason.PORT,
    "http://example.org:99999/": Reason.ADDRESS,
    "http://-bad-.example/": Reason.ADDRESS,
    "http://" + "a." * 150 + "example/": Reason.ADDRESS,
    "http://example.org/" + "a" * 3000: Reason.ADDRESS,
}


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_leads_elsewhere_is_refused_before_anything_is_asked(url: str) -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]  # whatever still gets looked up lies inside

    with pytest.raises(Refused) as refusal:
        send("GET", url, resolve=resolve)
    assert refusal.value.reason is REFUSED[url]


def test_one_address_inside_refuses_the_name_with_all_its_addresses() -> None:
    with pytest.raises(Refused) as refusal:
        send("GET", "https://two-faced.example/", resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])
    assert refusal.value.reason is Reason.INSIDE


Serve = Callable[[bytes], str]


@contextmanager
def listening(*answers: bytes, pause: float = 0.0) -> Iterator[tuple[int, list[bytes]]]:
    """A machine that gives each caller the next answer, byte by byte when there is a pause."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                caller, _ = server.accept()
                with caller:
                    heard.append(caller.recv(65_536))
                    try:
                        for piece in [answer] if not pause else [answer[n : n + 1] for n in range(len(answer))]:
                            caller.sendall(piece)
                            time.sleep(pause)
                    except OSError:  # the portal hung up
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
    thread.join(1)


@pytest.fixture
def allowed(make_app: Callable[..., Flask]) -> Iterator[Callable[..., None]]:
    """Let the portal reach hosts inside: `allowed("machine.example:8123")`."""
    contexts = []

    def allow(*hosts: str) -> None:
        contexts.append(make_app(inside_hosts=hosts).app_context())
        contexts[-1].push()

    yield allow
    for context in reversed(contexts):
        context.pop()


class Names:
    """Look-ups that count, and that answer with the next of their addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses, self.n = addresses, 0

    def __call__(self, _host: str, _port: int) -> list[str]:
        self.n += 1
        return [self.addresses[min(self.n, len(self.addresses)) - 1]]


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"


def test_a_host_allowed_by_name_is_asked_at_the_address_that_was_looked_up_once(allowed: Callable[..., None]) -> None:
    with listening(OK) as (port, heard):
        allowed(f"machine.example:{port}")
        names = Names("127.0.0.1", "169.254.169.254")
        answer = send(
            "POST", f"http://machine.example:{port}/hook?x=ä", body=b"{}", headers={"X-A": "1"}, resolve=names
        )
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"hello", "text/plain")
    assert names.n == 1
    head = heard[0].decode()
    assert head.startswith("POST /hook?x=%C3%A4 HTTP/1.1\r\n")
    assert f"\r\nHost: machine.example:{port}\r\n" in head
    assert "\r\nX-A: 1\r\n" in head


def test_a_redirect_is_the_answer_unless_the_caller_follows(allowed: Callable[..., None]) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    with listening(moved, moved) as (port, _heard):
        allowed(f"machine.example:{port}")
        url, names = f"http://machine.example:{port}/", Names("127.0.0.1")
        assert send("GET", url, resolve=names).status == 302
        with pytest.raises(Refused) as refusal:
            send("GET", url, redirects=3, resolve=names)
    assert refusal.value.reason is Reason.INSIDE


def test_redirects_end_and_carry_no_secret_to_another_machine(allowed: Callable[..., None]) -> None:
    with listening(OK) as (there, heard):
        moved = f"HTTP/1.1 301 Moved\r\nLocation: http://other.example:{there}/x\r\nContent-Length: 0\r\n\r\n".encode()
        again = b"HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
        with listening(moved, again, again) as (port, first):
            allowed(f"machine.example:{port}", f"other.example:{there}")
            url, names = f"http://machine.example:{port}/", Names("127.0.0.1")
            answer = send("GET", url, headers={"Authorization": "Bearer x"}, redirects=1, resolve=names)
            assert (answer.status, answer.url) == (200, f"http://other.example:{there}/x")
            assert b"Authorization" in first[0]
            assert b"Authorization" not in heard[0]
            with pytest.raises(Unreachable) as trouble:
                send("GET", url, redirects=1, resolve=names)
    assert trouble.value.reason is Reason.REDIRECTS


def test_a_long_answer_is_cut_off(allowed: Callable[..., None]) -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"a" * 1_000_000
    with listening(endless) as (port, _heard):
        allowed(f"machine.example:{port}")
        answer = send("GET", f"http://machine.example:{port}/", max_bytes=1000, resolve=Names("127.0.0.1"))
    assert answer == Answer(200, {"content-length": "9000000"}, b"a" * 1000, answer.url, is_cut=True)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", Reason.CONNECTION),
        (b"SSH-2.0-OpenSSH\r\n", Reason.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", Reason.PROTOCOL),
    ],
)
def test_what_is_no_answer_is_told_apart(answer: bytes, reason: Reason, allowed: Callable[..., None]) -> None:
    with listening(answer) as (port, _heard):
        allowed(f"machine.example:{port}")
        with pytest.raises(Unreachable) as trouble:
            send("GET", f"http://machine.example:{port}/", resolve=Names("127.0.0.1"))
    assert trouble.value.reason is reason


def test_who_drips_is_left_at_the_deadline(allowed: Callable[..., None]) -> None:
    with listening(OK, pause=0.03) as (port, _heard):
        allowed(f"machine.example:{port}")
        began = time.monotonic()
        with pytest.raises(Unreachable) as trouble:
            send("GET", f"http://machine.example:{port}/", timeout=0.3, resolve=Names("127.0.0.1"))
        took = time.monotonic() - began
    assert trouble.value.reason is Reason.TIMEOUT
    assert took < 1


def test_a_look_up_that_hangs_or_fails_is_left(allowed: Callable[..., None]) -> None:
    over = threading.Event()

    def hang(_host: str, _port: int) -> list[str]:
        over.wait(5)
        return []

    def fail(_host: str, _port: int) -> list[str]:
        raise socket.gaierror("no such name")

    for resolve, reason in ((hang, Reason.TIMEOUT), (fail, Reason.NAME), (lambda *_: [], Reason.NAME)):
        with pytest.raises(Unreachable) as trouble:
            send("GET", "http://slow.example/", timeout=0.1, resolve=resolve)
        assert trouble.value.reason is reason
    over.set()


def test_nobody_there_and_nobody_proven_are_told_apart(allowed: Callable[..., None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as (plain, _heard):
        allowed(f"machine.example:{plain}", f"machine.example:{closed}")
        for url, reason in (
            (f"http://machine.example:{closed}/", Reason.CONNECTION),
            (f"https://machine.example:{plain}/", Reason.TLS),
        ):
            with pytest.raises(Unreachable) as trouble:
                send("GET", url, resolve=Names("127.0.0.1"))
            assert trouble.value.reason is reason
