"""Whatever breaks, people read a calm page with a number to name, and never a trace (QUALITY S23)."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, render_template_string
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from config import DEVELOPMENT_KEY, Settings, SettingsError
from tests.pages import Page
from tests.people import ADA, Visitor

SECRET = "the-planted-secret"  # in every planted trouble; no page may show it


def in_a_view() -> str:
    raise RuntimeError(SECRET)


def in_a_service() -> str:
    return {"a": "b"}[SECRET]


def in_a_template() -> str:
    return render_template_string("{{ the_planted_secret.or_so }}")


def in_the_database() -> str:
    from portal.core.database import db

    db.session.execute(text("SELECT 1 FROM missing_table WHERE name = :name"), {"name": SECRET})
    return ""


def in_the_disk() -> str:
    raise OSError(errno.EIO, SECRET, f"/home/{SECRET}")


def on_a_full_disk() -> str:
    raise OSError(errno.ENOSPC, SECRET)


def on_a_locked_database() -> str:
    raise OperationalError(f"UPDATE {SECRET}", {}, Exception("database is locked"))


def on_a_full_database() -> str:
    raise OperationalError(f"INSERT {SECRET}", {}, Exception("database or disk is full"))


TROUBLES: dict[Callable[[], str], int] = {
    in_a_view: 500,
    in_a_service: 500,
    in_a_template: 500,
    in_the_database: 500,
    in_the_disk: 500,
    on_a_full_disk: 507,
    on_a_locked_database: 503,
    on_a_full_database: 507,
}
NAMES = {trouble: trouble.__name__ for trouble in TROUBLES}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The portal with a page for each trouble."""
    made = make_app()
    for trouble in TROUBLES:
        made.add_url_rule(f"/planted/{trouble.__name__}", trouble.__name__, trouble, methods=["GET", "POST"])
    with made.app_context():
        yield made


@pytest.mark.parametrize("trouble", TROUBLES, ids=NAMES.get)
def test_the_page_names_an_incident_and_tells_nothing_else(trouble: Callable[[], str], ada: Visitor) -> None:
    response = ada.get(f"/planted/{trouble.__name__}")
    assert response.status_code == TROUBLES[trouble]
    assert response.headers["X-Request-ID"] in Page(response.text).text
    for word in (SECRET, "Traceback", "sqlite", "SELECT", "Error", ".py"):
        assert word not in response.text
    assert Page(response.text).heading


@pytest.mark.parametrize("trouble", TROUBLES, ids=NAMES.get)
def test_programs_get_a_problem_and_no_page(trouble: Callable[[], str], ada: Visitor) -> None:
    response = ada.get(f"/planted/{trouble.__name__}", headers={"Accept": "application/json"})
    assert response.mimetype == "application/problem+json"
    assert response.json is not None
    assert response.json["status"] == TROUBLES[trouble]
    assert response.json["instance"] == response.headers["X-Request-ID"]
    assert SECRET not in response.text


def test_the_log_has_the_trace_under_the_same_number(ada: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    number = ada.get("/planted/in_a_view").headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", number)
    (trouble,) = [record.getMessage() for record in caplog.records if "unexpected" in record.getMessage()]
    assert number in trouble
    assert SECRET in trouble


def test_the_request_after_a_broken_one_is_well(ada: Visitor) -> None:
    for trouble in TROUBLES:
        ada.get(f"/planted/{trouble.__name__}")
        assert ada.get("/").status_code == 200


def test_a_busy_portal_says_when_to_come_again_and_keeps_what_was_typed(ada: Visitor) -> None:
    typed = {"title": "My long text", "password": SECRET, "current_password": SECRET, "smtp_password": SECRET}
    response = ada.post("/planted/on_a_locked_database", typed, headers={"Origin": "http://localhost"})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "My long text" in response.text
    assert SECRET not in response.text


def test_the_page_comes_out_even_when_the_database_is_away(ada: Visitor, db: Any) -> None:
    db.session.execute(text("ALTER TABLE option RENAME TO option_away"))
    db.session.commit()
    response = ada.get("/")
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] in response.text
    assert "Traceback" not in response.text


def test_no_answer_tells_what_it_runs_on(ada: Visitor, stranger: Visitor) -> None:
    for visitor, path in ((ada, "/"), (ada, "/planted/in_a_view"), (stranger, "/healthz"), (stranger, "/no/such/page")):
        headers = visitor.get(path).headers
        assert "X-Powered-By" not in headers
        assert not re.search(r"\d", headers.get("Server", ""))


def test_debugging_shows_no_trace_either(make_app: Callable[..., Flask]) -> None:
    made = make_app(debug=True)
    made.add_url_rule("/planted", "planted", in_a_view)
    with made.app_context():
        from tests.people import settle

        visitor = Visitor(made, ADA, settle(ADA).id)
        visitor.sign_in()
        response = visitor.get("/planted")
    assert response.status_code == 500
    assert SECRET not in response.text


@pytest.mark.parametrize(
    "where", [{"host": "192.0.2.1"}, {"public_url": "https://help.example.org"}, {"trusted_proxies": 1}]
)
def test_debugging_refuses_to_run_where_others_come(settings: Settings, where: dict[str, Any]) -> None:
    replace(settings, debug=True)
    with pytest.raises(SettingsError, match="DITY_DEBUG"):
        replace(settings, debug=True, **where)


@pytest.mark.parametrize("key", [DEVELOPMENT_KEY, "short"])
def test_an_unsafe_key_refuses_to_start(make_app: Callable[..., Flask], key: str) -> None:
    with pytest.raises(SettingsError, match="secret key"):
        make_app(secret_key=key, testing=False)


def test_every_status_has_words_of_its_own(ada: Visitor, app: Flask) -> None:
    from portal.core.pages import PAGES

    titles = set()
    with app.test_request_context("/"):
        from portal.core.pages import answer

        for code in PAGES:
            titles.add(Page(answer(code, "").get_data(as_text=True)).title)
    assert len(titles) >= len(PAGES) - 2


@pytest.mark.parametrize("public_reading", [True, False])
def test_a_stranger_may_sign_in_and_look_again_whatever_the_address_holds(
    stranger: Visitor, app: Flask, public_reading: bool
) -> None:
    from portal.core import options
    from portal.core.actor import system

    options.change(system("tests"), public_reading=public_reading, is_set_up=True)
    page = stranger.page("/no/such/page?q=1", status=404)
    assert page.links["Sign in and look again"] == "/sign-in?next=/no/such/page?q%3D1"


def test_who_is_signed_in_keeps_menu_and_search_and_is_not_asked_to_sign_in(ada: Visitor) -> None:
    page = ada.page("/kb/no-such-article", status=404)
    assert "Sign in and look again" not in page.text
    assert page.all("form[@role='search']") or page.root.findall(".//*[@class='header-search']")
    assert page.root.findall(".//nav[@class='main-nav']")


def test_a_form_that_was_refused_is_not_said_to_want_a_sign_in(stranger: Visitor) -> None:
    assert "Sign in and look again" not in stranger.post("/no/such/page").text
