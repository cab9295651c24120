"""QUALITY S6: a session begins with a new name, ends on the server, and no later than it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import services, sessions
from portal.accounts.models import SignInSession
from portal.core.permissions import Role
from tests.factories import accounts
from tests.people import ADA, ANA, Visitor, settle

HOME = "/account"


def enter(visitor: Visitor, email: str = ANA.email, **more: str) -> Any:
    return visitor.post("/sign-in", {"email": email, "password": accounts.PASSWORD, **more})


@pytest.fixture
def ana_row(app: Flask) -> Any:
    row = settle(ANA)
    accounts.password(row)
    return row


def cookie(visitor: Visitor) -> str:
    with visitor.client.session_transaction() as held:
        return str(held.get("_user_id", ""))


def test_the_cookie_holds_a_name_the_database_knows_only_by_its_hash(ana_row: Any, stranger: Visitor) -> None:
    enter(stranger)
    name = cookie(stranger)
    stored = accounts.db.session.scalars(select(SignInSession.token_hash)).all()
    assert len(name) >= 43
    assert name not in stored
    assert sessions.hashing.digest(name) in stored


def test_a_cookie_planted_before_the_sign_in_opens_nothing_after_it(ana_row: Any, stranger: Visitor) -> None:
    with stranger.client.session_transaction() as held:
        held["_user_id"] = "planted"
        held["csrf_token"] = "planted"
        held["visit"] = "planted"
    assert enter(stranger).status_code == 303
    with stranger.client.session_transaction() as held:
        assert "planted" not in (held["_user_id"], held.get("csrf_token"), held.get("visit"))


def test_signing_out_ends_the_session_on_the_server(app: Flask, ana: Visitor) -> None:
    stolen = Visitor(app)
    with stolen.client.session_transaction() as held:
        held["_user_id"] = cookie(ana)
    assert stolen.get(HOME).status_code == 200
    assert ana.post("/sign-out").status_code == 303
    assert stolen.get(HOME).status_code == 302


@pytest.mark.parametrize(("stays", "idle", "longest"), [(False, 12, 7 * 24), (True, 30 * 24, 90 * 24)])
def test_a_session_ends_when_nobody_was_seen_and_in_any_case(
    stays: bool, idle: int, longest: int, app: Flask, ana_row: Any, stranger: Visitor, stopped_clock: Any
) -> None:
    enter(stranger, **({"is_remembered": "y"} if stays else {}))
    buffer = app.extensions["dity-buffer"]
    hours = 0
    while hours + idle - 1 < longest:  # somebody looks in just before it is idle for too long, again and again
        stopped_clock.move(hours=idle - 1)
        hours += idle - 1
        assert stranger.get(HOME).status_code == 200, f"ended after {hours} h"
        buffer.flush()
    stopped_clock.move(hours=longest - hours)
    assert stranger.get(HOME).status_code == 302


@pytest.mark.parametrize(("stays", "idle"), [(False, 12), (True, 30 * 24)])
def test_an_idle_session_ends(stays: bool, idle: int, ana_row: Any, stranger: Visitor, stopped_clock: Any) -> None:
    enter(stranger, **({"is_remembered": "y"} if stays else {}))
    stopped_clock.move(hours=idle)
    assert stranger.get(HOME).status_code == 302


def test_only_who_asked_to_stay_gets_a_cookie_that_outlives_the_browser(ana_row: Any, app: Flask) -> None:
    for stays in (True, False):
        visitor = Visitor(app)
        answer = enter(visitor, **({"is_remembered": "y"} if stays else {}))
        held = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("dity="))
        assert ("Expires=" in held) is stays
        assert "HttpOnly" in held
        assert "SameSite=Lax" in held


def test_looking_at_pages_writes_nothing_and_is_seen_every_five_minutes(
    app: Flask, ana: Visitor, stopped_clock: Any, queries: Callable[[], Any]
) -> None:
    buffer = app.extensions["dity-buffer"]
    ana.sign_in()
    row = accounts.db.session.scalars(select(SignInSession).order_by(SignInSession.id.desc())).first()
    began = row.last_seen_at
    for minutes, seen in ((4, 0), (2, 6), (4, 6), (2, 12)):
        stopped_clock.move(minutes=minutes)
        with queries() as statements:
            assert ana.get(HOME).status_code == 200
        assert not [s for s in statements if s.split()[0] in ("INSERT", "UPDATE", "DELETE")]
        buffer.flush()
        accounts.db.session.expire_all()
        assert row.last_seen_at == began + dt.timedelta(minutes=seen)


def test_who_it_is_costs_one_query_with_the_bell_in_it(ana: Visitor, queries: Callable[[], Any]) -> None:
    ana.get(HOME)
    with queries() as statements:
        ana.get("/reset-sent")
    asked = [s for s in statements if "sign_in_session" in s or "notification" in s or "person" in s]
    assert len(asked) == 1


def test_a_new_password_ends_the_other_sessions_and_renames_this_one(app: Flask, ana_row: Any) -> None:
    here, there, thief = Visitor(app), Visitor(app), Visitor(app)
    enter(here)
    enter(there)
    with thief.client.session_transaction() as held:
        held["_user_id"] = cookie(here)
    sent = {"current_password": accounts.PASSWORD, "new_password": "gulls over the grey harbour"}
    assert here.post("/account/password", sent).status_code == 303
    assert here.get(HOME).status_code == 200
    assert there.get(HOME).status_code == 302
    assert thief.get(HOME).status_code == 302


def test_other_roles_mean_signing_in_anew(ada: Visitor, ana: Visitor) -> None:
    services.set_roles(ada.actor, ana.person, [Role.EDITOR])
    assert ana.get(HOME).status_code == 302
    assert ada.get(HOME).status_code == 200


def test_a_change_of_a_name_signs_nobody_out(ana: Visitor) -> None:
    ana.submit("/account", "/account", name="Ana Maria Ruiz")
    assert "Ana Maria Ruiz" in ana.page("/account").text


def test_somebody_shut_out_is_out_at_once_and_stays_out_when_let_in_again(ada: Visitor, ana: Visitor) -> None:
    from portal.people import services as people

    services.deactivate(ada.actor, ana.person)
    assert ana.get(HOME).status_code == 302
    people.reactivate(ada.actor, ana.person)
    assert ana.get(HOME).status_code == 302


def test_a_deactivation_that_fails_ends_nothing(ada: Visitor) -> None:
    from portal.core.errors import Forbidden

    with pytest.raises(Forbidden):
        services.deactivate(ada.actor, ada.person)  # the last administrator
    accounts.db.session.rollback()
    assert ada.get(HOME).status_code == 200


def test_the_list_shows_every_browser_and_ends_any(app: Flask, ana: Visitor) -> None:
    other = Visitor(app, ANA, ana.person_id)
    other.sign_in()
    listed = ana.page("/account/sessions")
    assert listed.text.count("Firefox on Linux") == 2
    ends = [f.get("action", "") for f in listed.all("form") if f.get("action", "").endswith("/end")]
    for action in ends:
        ana.post(action)
    assert ana.get(HOME).status_code == 302
    assert other.get(HOME).status_code == 302


def test_all_others_end_at_one_press(app: Flask, ana: Visitor) -> None:
    other = Visitor(app, ANA, ana.person_id)
    other.sign_in()
    ana.post("/account/sessions/end-others")
    assert ana.get(HOME).status_code == 200
    assert other.get(HOME).status_code == 302


def test_nobody_ends_a_session_of_somebody_else(ana: Visitor, ben: Visitor) -> None:
    theirs = accounts.db.session.scalars(select(SignInSession).where(SignInSession.person_id == ben.person_id)).one()
    assert ana.post(f"/account/sessions/{theirs.id}/end").status_code == 404
    assert ben.get(HOME).status_code == 200


def test_a_session_of_nobody_is_nothing(app: Flask, visit: Callable[..., Visitor]) -> None:
    ada = visit(ADA)
    accounts.db.session.delete(ada.person)
    accounts.db.session.commit()
    assert ada.get(HOME).status_code == 302
