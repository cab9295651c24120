"""What every route promises, whoever added it: no route is exempt unless it is named here with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule

from tests.pages import Page
from tests.people import Visitor

READING = {"GET", "HEAD", "OPTIONS"}
WITHOUT_TOKEN = {
    "api": "takes the tokens of programs and no cookie, so no browser can be made to send anything",
    "survey": "knows nobody: it takes the code of a mail and no cookie, and a token would need one",
}
"""Blueprints that take changes without a form's token, each with the reason."""
STRANGERS_SEE = {200, 302, 303, 401, 404}
SAMPLES = {
    "UnicodeConverter": "vpn-drops",
    "PathConverter": "css/app.css",
    "UUIDConverter": "0b7c9b0e-0000-4000-8000-000000000000",
}


def addresses(app: Flask, *, changing: bool) -> Iterator[tuple[str, str, str]]:
    """Yield (endpoint, method, address) of every route, with a plausible value for each variable."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if (method not in READING) is changing:
                yield rule.endpoint, method, fill(app, rule)


def fill(app: Flask, rule: Rule) -> str:
    values: dict[str, Any] = {}
    for name, converter in rule._converters.items():
        sample = SAMPLES.get(
            type(converter).__name__.removesuffix("Converter").lower().replace("unicode", "string"), "1"
        )
        one_of = sorted(getattr(converter, "items", ()))
        values[name] = one_of[0] if one_of else converter.to_python(sample)
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, {**(rule.defaults or {}), **values}, method=next(iter(rule.methods or {"GET"})))


def test_a_stranger_gets_an_answer_and_never_an_error(app: Flask, stranger: Visitor) -> None:
    wrong = {}
    for endpoint, _, address in addresses(app, changing=False):
        status = stranger.get(address).status_code
        if status not in STRANGERS_SEE and not (endpoint == "health.readyz" and status == 503):
            wrong[address] = status
    assert wrong == {}


def test_every_change_without_a_token_is_refused(app: Flask, ada: Visitor, stranger: Visitor) -> None:
    """By the administrator, so that nothing but the missing token can be the reason (QUALITY S3)."""
    taken = {}
    for endpoint, method, address in addresses(app, changing=True):
        for visitor in (ada, stranger):
            response = visitor.open(address, method=method, data={"title": "x"})
            is_led_away = visitor is stranger and response.status_code in (302, 303, 401, 404)
            if response.status_code != 400 and not is_led_away and endpoint.split(".")[0] not in WITHOUT_TOKEN:
                taken[f"{method} {address}"] = response.status_code
    assert taken == {}


def test_a_token_of_another_browser_is_refused(app: Flask, ada: Visitor, ana: Visitor) -> None:
    foreign = ana.csrf_token()
    taken = {
        address: response.status_code
        for endpoint, method, address in addresses(app, changing=True)
        if endpoint.split(".")[0] not in WITHOUT_TOKEN
        and (response := ada.open(address, method=method, data={"csrf_token": foreign})).status_code != 400
    }
    assert taken == {}


def test_a_form_from_another_site_is_refused(app: Flask, ada: Visitor) -> None:
    for header in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        taken = {
            address: response.status_code
            for endpoint, method, address in addresses(app, changing=True)
            if (
                response := ada.open(address, method=method, headers=header, data={"csrf_token": ada.csrf_token()})
            ).status_code
            != 400
        }
        assert taken == {}


def test_nothing_is_exempt_from_protection_in_silence() -> None:
    from portal.factory import csrf

    assert {*csrf._exempt_views, *(blueprint.name for blueprint in csrf._exempt_blueprints)} == set(WITHOUT_TOKEN)


def test_reading_writes_nothing(app: Flask, db: Any, ada: Visitor, ana: Visitor) -> None:
    written: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")):
            written.append(statement)

    for visitor in (ada, ana):
        for _, _, address in addresses(app, changing=False):
            db.session.commit()
            event.listen(db.engine, "before_cursor_execute", note)
            try:
                visitor.get(address)
            finally:
                event.remove(db.engine, "before_cursor_execute", note)
            assert written == [], address


def test_every_template_compiles(app: Flask) -> None:
    names = app.jinja_env.list_templates(extensions=["html", "txt", "xml"])
    assert len(names) > 10
    for name in names:
        app.jinja_env.get_template(name)


@pytest.mark.parametrize("path", ["/no/such/page", "/kb/no-such-article", "/static/dist/no-such-file.js"])
def test_what_is_not_there_is_a_calm_page(ana: Visitor, path: str) -> None:
    response = ana.get(path)
    assert response.status_code == 404
    if response.mimetype == "text/html":
        assert Page(response.text).heading
