"""What the doctor says of an installation, in words somebody tired understands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.core import doctor
from portal.core.feature import Health


def asked(app: Flask, name: str) -> Health:
    with app.app_context():
        return next(health for check, health in doctor.ask(doctor.CHECKS) if check.name == name)


@pytest.mark.parametrize(
    ("changes", "is_ok"),
    [
        ({}, True),
        ({"public_url": "http://127.0.0.1:8000"}, True),
        ({"public_url": "https://help.example.org"}, False),
        ({"public_url": "https://help.example.org/it", "url_prefix": "/it"}, False),
        ({"public_url": "https://help.example.org", "trusted_proxies": 1}, True),
    ],
)
def test_a_proxy_nobody_announced_is_found(
    make_app: Callable[..., Flask], changes: dict[str, str], is_ok: bool
) -> None:
    found = asked(make_app(**changes), "proxy")
    assert found.is_ok is is_ok
    assert is_ok or "DITY_TRUSTED_PROXIES" in found.advice


def test_safety_is_told_in_words(app: Flask) -> None:
    found = asked(app, "durability")
    assert found.detail == "what was confirmed survives a power cut"
    for word in ("journal", "synchronous", "wal"):
        assert word not in found.detail
