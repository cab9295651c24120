"""Routes write the same addresses as ever, and compile what writes them when it is first needed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import Map, Rule

from portal.core.routing import LateRule

ROUTES = ("/", "/things/<int:n>", "/<path:place>/end", "/words/<word>")
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"n": 7},
    {"place": "a/b c"},
    {"word": "grüße", "q": "x y", "many": ["1", "2"], "none": None},
)


@pytest.mark.parametrize(("route", "values"), [*zip(ROUTES, ASKED, strict=True)])
@pytest.mark.parametrize("append_unknown", [True, False])
def test_an_address_is_what_werkzeug_would_write(route: str, values: dict[str, Any], append_unknown: bool) -> None:
    ours, theirs = (Map([kind(route, endpoint="here")]).bind("localhost").build for kind in (LateRule, Rule))
    for _time in range(2):
        said = ours("here", values, append_unknown=append_unknown)
        assert said == theirs("here", values, append_unknown=append_unknown)


def test_nothing_is_compiled_before_somebody_asks(app: Flask) -> None:
    rule = next(app.url_map.iter_rules("home.mine"))
    assert isinstance(rule, LateRule)
    late = LateRule("/<word>", endpoint="here")
    Map([late])
    assert late._build_unknown.__name__ == "build"
    with app.test_request_context():
        assert url_for("home.mine", q="x") == "/mine?q=x"
