"""Which addresses may be asked at all (QUALITY S11)."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core import targets
from portal.core.targets import Reason

INSIDE = [
    "127.0.0.1", "127.8.8.8", "::1", "10.0.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1",
]  # fmt: skip
NEVER = [
    "169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::", "fe80::1", "ff02::1",  # noqa: S104
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1",
    "2001:0:7f00:1::1", "2001:db8::1",
]  # fmt: skip
WORLD = ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_asked_only_when_allowed_by_name(address: str) -> None:
    assert not targets.may_ask(address, is_allowed_inside=False)
    assert targets.may_ask(address, is_allowed_inside=True)


@pytest.mark.parametrize("address", NEVER)
def test_addresses_that_mean_something_else_are_never_asked(address: str) -> None:
    assert not targets.may_ask(address, is_allowed_inside=True)


@pytest.mark.parametrize("address", WORLD)
def test_the_open_network_may_be_asked(address: str) -> None:
    assert targets.may_ask(address, is_allowed_inside=False)


def test_every_reason_has_words(app: Flask) -> None:
    assert set(targets.WORDS) == set(Reason)
    assert all(str(words) for words in targets.WORDS.values())
