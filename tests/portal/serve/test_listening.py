"""The listening socket: who gets it, and what is said when nobody can."""

import os
import socket

import pytest

from portal.serve.listening import CannotListen, PortTaken, listen


def test_port_zero_takes_any_free_port() -> None:
    with listen("127.0.0.1", 0) as opened:
        assert opened.getsockname()[1] > 0


def test_a_taken_port_is_named_and_a_free_one_near_by_is_offered() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1 is taken") as refused:
            listen("127.0.0.1", port)
        assert refused.value.free > port
        with listen("127.0.0.1", refused.value.free):
            pass


def test_a_port_can_be_taken_again_right_after_a_restart() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            accepted, _ = first.accept()
            accepted.close()
            assert visitor.recv(1) == b""
    with listen("127.0.0.1", port) as second:
        assert second.getsockname()[1] == port


def test_an_address_of_another_machine_is_refused_in_words() -> None:
    with pytest.raises(CannotListen, match=r"Nothing can listen on 192\.0\.2\.1"):
        listen("192.0.2.1", 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may take every port")
def test_a_port_for_root_alone_is_refused_in_words() -> None:
    with pytest.raises(CannotListen, match="more rights"):
        listen("127.0.0.1", 80)
