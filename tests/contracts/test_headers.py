"""What every answer carries, on every route and as every role (QUALITY S2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.core.web import CSP
from tests.contracts.trying import rules_of
from tests.contracts.world import World
from tests.people import ADA, Visitor, settle
from tools.docs.routes import COLUMNS, declared

pytestmark = pytest.mark.slow

ONCE_ONLY = frozenset({"accounts.reset", "accounts.invitation", "accounts.setup"})
"""Their address is a secret, so it must not go along to any other page."""
TELLS_NOBODY = "survey."
"""Pages after which no other may know that somebody came from them."""
SIGNED_OUT = frozenset({"accounts.sign_out"})
MAY_BE_KEPT = frozenset({"brand.stylesheet", "files.download", "kb.asset"})
"""Files, not pages: a browser may keep them as long as it asks each time whether they still hold."""
OWN_POLICY = {"files.download": "default-src 'none'; frame-ancestors 'none'; sandbox"}
"""Endpoints with a stricter policy of their own."""


def complaints(endpoint: str, response: TestResponse, *, is_signed_in: bool) -> list[str]:
    headers, found = response.headers, []
    if headers.get("Content-Security-Policy") not in (CSP, OWN_POLICY.get(endpoint)):
        found.append("policy")
    if headers.get("X-Content-Type-Options") != "nosniff":
        found.append("nosniff")
    told = "strict-origin" if endpoint in ONCE_ONLY else "same-origin"
    if headers.get("Referrer-Policy") != ("no-referrer" if endpoint.startswith(TELLS_NOBODY) else told):
        found.append("referrer")
    if not re.search(r"no-store" if is_signed_in else r"no-store|private", headers.get("Cache-Control", "")):
        is_kept_on_purpose = endpoint in MAY_BE_KEPT and "no-cache" in headers.get("Cache-Control", "")
        found += [] if is_kept_on_purpose else ["cache"]
    for line in headers.getlist("Set-Cookie"):
        for name, morsel in SimpleCookie(line).items():
            found += [] if morsel["httponly"] else [f"{name} can be read by scripts"]
            found += [] if morsel["samesite"] in ("Lax", "Strict") else [f"{name} goes along to other sites"]
    return found


def test_every_answer_carries_the_protection_whoever_asks(app: Flask) -> None:
    world, rules, wrong = World(app), rules_of(app), []
    for row in declared():
        address = world.address(row, rules)
        for column in COLUMNS:
            world.rewind(is_public=column == "public")
            visitor = world.visitors[column]
            response = visitor.get(address) if row.method == "GET" else visitor.post(address)
            response.close()
            is_signed_in = column not in ("anonymous", "public") and not row.endpoint.startswith(("health.", "api."))
            is_signed_in = is_signed_in and row.endpoint not in SIGNED_OUT
            if found := complaints(row.endpoint, response, is_signed_in=is_signed_in):
                wrong.append(f"{row.method} {address} as {column}: {', '.join(found)}")
    assert not wrong, "\n".join(wrong)


def test_behind_tls_cookies_are_secure_and_the_way_back_is_closed(make_app: Callable[..., Flask]) -> None:
    app = make_app(public_url="https://help.example.org")
    with app.app_context():
        visitor = Visitor(app, ADA, settle(ADA).id)
        response = visitor.get("/sign-in", base_url="https://help.example.org")
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookies = response.headers.getlist("Set-Cookie")
    assert cookies
    for line in cookies:
        assert line.startswith("__Host-")
        assert "Secure" in line
        assert "Path=/" in line
        assert "Domain" not in line
