"""More clients than can be served, and clients that send nothing or a byte a second (QUALITY R18)."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from portal.serve.patient import HEAD_SECONDS
from tests.portal.serve.running import Running, until
from tests.torture.stage import rounds

pytestmark = [pytest.mark.torture, pytest.mark.slow, pytest.mark.xdist_group("alone")]

N_THREADS = 2


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for all of these: each has to leave it as well as it was."""
    started = Running(tmp_path_factory.mktemp("overload"), "--workers", "1", "--threads", str(N_THREADS), "--no-jobs")
    yield started
    started.stop()


def connected(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def seconds_of(running: Running, n: int) -> list[float]:
    """How long honest clients wait for a page, the quickest first."""
    took = []
    for _ in range(n):
        started = time.monotonic()
        assert running.status("/sign-in") in (200, 302, 303)
        took.append(time.monotonic() - started)
    return sorted(took)


def is_closed(client: socket.socket) -> bool:
    client.settimeout(0.01)
    try:
        return client.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_who_sends_nothing_or_a_byte_a_second_holds_nobody_up_and_is_let_go(running: Running) -> None:
    with contextlib.ExitStack() as held:
        silent = [held.enter_context(connected(running.port)) for _ in range(rounds(150, 900))]
        slow = [held.enter_context(connected(running.port)) for _ in range(rounds(30, 90))]
        for client in slow:
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        began = time.monotonic()
        waits = seconds_of(running, 20)
        assert waits[18] < 2, waits
        while time.monotonic() - began < HEAD_SECONDS + 3:
            for client in slow:
                with contextlib.suppress(OSError):
                    client.sendall(b"X")
            time.sleep(1)
        assert all(is_closed(client) for client in [*silent, *slow])


def test_a_body_that_never_comes_holds_one_thread_and_not_for_ever_a_page(running: Running) -> None:
    with contextlib.closing(connected(running.port)) as client:
        client.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        assert seconds_of(running, 5)[-1] < 2


def test_a_head_in_pieces_and_two_requests_in_one_piece_are_answered(running: Running) -> None:
    with contextlib.closing(connected(running.port)) as client:
        request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for place in range(0, len(request), 7):
            client.sendall(request[place : place + 7])
            time.sleep(0.01)
        answer = http.client.HTTPResponse(client)
        answer.begin()
        assert (answer.status, answer.read() != b"") == (200, True)
        client.sendall(request + request)
        came = b""
        client.settimeout(10)
        while came.count(b"HTTP/1.1 200") < 2:
            chunk = client.recv(65536)
            assert chunk, came
            came += chunk


def test_ten_times_what_can_be_served_is_told_so_and_all_is_well_again(running: Running) -> None:
    met: Counter[int] = Counter()
    unsaid: list[int] = []
    stop = threading.Event()

    def press() -> None:
        while not stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
            try:
                connection.request("GET", "/sign-in")
                answer = connection.getresponse()
                answer.read()
                met[answer.status] += 1
                if answer.status == 503 and not answer.getheader("Retry-After"):
                    unsaid.append(answer.status)
            except (OSError, http.client.HTTPException):
                met[0] += 1
            finally:
                connection.close()

    threads = [threading.Thread(target=press) for _ in range(80)]
    for thread in threads:
        thread.start()
    time.sleep(rounds(4, 60))
    stop.set()
    for thread in threads:
        thread.join()
    assert unsaid == []
    assert set(met) - {200, 302, 303} == {503}, met
    assert met[200] + met[302] + met[303] > 20, met
    assert until(lambda: running.status("/sign-in", seconds=2) in (200, 302, 303), 10) < 10
