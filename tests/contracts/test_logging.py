"""Logs tell what happened and keep every secret; the ledger keeps who did what, in UTC (QUALITY S22)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.ledger.models import LedgerEntry
from tests.contracts.trying import Try, reachable
from tests.contracts.world import PASSWORD, World
from tests.people import ANA, Visitor, settle
from tools.docs.routes import declared

WORDS = ("comment", "body", "reply", "title", "label")
"""What people write: between them and their readers."""


def secrets_of(world: World, one: Try) -> Iterator[str]:
    """Yield everything in this request that no log may hold."""
    yield from (value for name, value in one.body.items() if value and ("password" in name or name in WORDS))
    yield from (value for name, value in parse_qsl(one.row.query) if name == "q")
    yield from (str(value) for name, value in world.arguments_of(one.row).items() if name == "token")
    cookie = world.visitors[one.column].client.get_cookie(world.app.config["SESSION_COOKIE_NAME"])
    if cookie is not None:
        yield cookie.value


def is_nameless(app: Flask, one: Try) -> bool:
    """Pages where nobody may be known leave no line at all."""
    return getattr(app.blueprints.get(one.row.endpoint.split(".")[0]), "is_nameless", False)


@pytest.mark.slow
def test_no_request_leaves_a_secret_in_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    world, told = World(app), []
    caplog.set_level(logging.DEBUG)
    for one in reachable(world, "GET", "POST", "PUT", "PATCH", "DELETE"):
        world.rewind()
        caplog.clear()
        hidden = [secret for secret in secrets_of(world, one) if len(secret) > 3 and secret != "no-such-token"]
        visitor = world.visitors[one.column]
        response = visitor.get(one.address) if one.row.method == "GET" else visitor.post(one.address, one.body)
        response.close()
        assert bool(caplog.records) is not is_nameless(app, one), f"{one} left no line, or one too many"
        told += [f"{one}: {secret}" for secret in hidden if secret in caplog.text]
    assert not told, "\n".join(told)


@pytest.mark.slow
def test_what_breaks_leaves_no_secret_either(make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture) -> None:
    """A trace shows lines of code, never the values of variables."""

    def planted() -> str:
        password = PASSWORD  # noqa: F841 - a local variable that a trace could show
        raise RuntimeError("planted")

    app = make_app()
    app.add_url_rule("/planted", "planted", planted, methods=["POST"])
    with app.app_context():
        visitor = Visitor(app, ANA, settle(ANA).id)
        visitor.sign_in()
        visitor.post("/planted", {"password": PASSWORD, "body": "between us"})
    assert "planted" in caplog.text
    assert PASSWORD not in caplog.text
    assert "between us" not in caplog.text


def test_a_line_stays_a_line(stranger: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stranger.get("/kb/a%0d%0aPOST%20/forged%20200")
    stranger.get("/", headers={"X-Request-ID": "forged line", "User-Agent": "forged\tline"})
    assert all("\nPOST /forged" not in record.getMessage() for record in caplog.records)
    assert "forged" not in caplog.text.replace("/forged", "")


def test_entering_failing_and_being_refused_are_recorded_in_utc(app: Flask, db: Any, ana: Visitor) -> None:
    from portal.accounts.services import set_password

    set_password(ana.person, PASSWORD)
    db.session.commit()
    visitor = Visitor(app)
    visitor.submit("/sign-in", "/sign-in", email=ANA.email, password="wrong")
    visitor.submit("/sign-in", "/sign-in", email=ANA.email, password=PASSWORD)
    ana.get("/admin/options")
    ana.post("/sign-out")
    app.extensions["dity-buffer"].flush()
    entries = db.session.execute(select(LedgerEntry).order_by(LedgerEntry.id)).scalars().all()
    assert {entry.name for entry in entries} >= {
        Name.SIGN_IN_FAILED,
        Name.SESSION_STARTED,
        Name.PERMISSION_DENIED,
        Name.SESSION_ENDED,
    }
    assert all(entry.at.tzinfo is dt.UTC for entry in entries)
    assert all(PASSWORD not in str(entry.props) and entry.props.get("password") != "wrong" for entry in entries)


AUDITED = {
    "admin.act_for": Name.ACTING_STARTED,
    "admin.add_audience": Name.AUDIENCE_CREATED,
    "admin.add_department": Name.DEPARTMENT_CHANGED,
    "admin.add_site": Name.SITE_CHANGED,
    "admin.change_audience": Name.AUDIENCE_CHANGED,
    "admin.change_department": Name.DEPARTMENT_CHANGED,
    "admin.change_site": Name.SITE_CHANGED,
    "admin.change_retention": Name.OPTION_CHANGED,
    "admin.copy_of_person": Name.PERSON_EXPORTED,
    "admin.erase": Name.PERSON_DEACTIVATED,
    "admin.invite": Name.PERSON_CREATED,
    "admin.merge": Name.PERSON_MERGED,
    "admin.merge_department": Name.DEPARTMENT_CHANGED,
    "admin.remove_audience": Name.AUDIENCE_REMOVED,
    "admin.remove_department": Name.DEPARTMENT_CHANGED,
    "admin.remove_site": Name.SITE_CHANGED,
    "admin.add_person": Name.PERSON_CREATED,
    "admin.change_look": Name.OPTION_CHANGED,
    "admin.change_options": Name.OPTION_CHANGED,
    "admin.change_person": Name.PERSON_CHANGED,
    "admin.deactivate": Name.PERSON_DEACTIVATED,
    "admin.reactivate": Name.PERSON_REACTIVATED,
    "admin.retry_job": Name.JOB_RETRIED,
    "admin.retry_mail": Name.JOB_RETRIED,
    "admin.set_roles": Name.ROLES_CHANGED,
}
UNAUDITED = {"admin.make_backup", "admin.rebuild_index", "admin.send_link", "admin.send_test_mail"}
"""They change nothing that is kept: a mail to its owner, a job that writes its own fact, an index made anew."""
WITH_A_PICTURE = {"admin.keep_logo", "admin.remove_logo"}
"""Change nothing without a picture; `admin/views/test_look.py` holds them to it."""


@pytest.mark.slow
def test_everything_an_administrator_changes_is_recorded(app: Flask, db: Any) -> None:
    world = World(app)
    acts = {row.endpoint for row in declared() if row.method == "POST" and row.endpoint.startswith("admin.")}
    assert acts == set(AUDITED) | UNAUDITED | WITH_A_PICTURE
    for one in reachable(world, "POST"):
        if (name := AUDITED.get(one.row.endpoint)) is not None:
            world.rewind()
            world.visitors[one.column].post(one.address, one.body)
            newest = db.session.execute(select(LedgerEntry).order_by(LedgerEntry.id.desc()).limit(1)).scalar_one()
            recorded = db.session.execute(select(LedgerEntry.name).where(LedgerEntry.name == name.value)).first()
            assert recorded, one
            assert newest.actor_id == world.visitors[one.column].person_id
