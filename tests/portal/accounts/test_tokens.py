"""Tokens for programs: they read as their owner, change nothing, and die with the account."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import queries, services, tokens
from portal.accounts.models import ApiToken
from portal.core.database import db
from portal.core.errors import Invalid
from tests.people import Visitor


def program(app: Flask, token: str) -> Any:
    """Return a function that asks for a page with this token and no cookie."""
    return lambda path="/account", **kw: Visitor(app).open(path, headers={"Authorization": f"Bearer {token}"}, **kw)


@pytest.fixture
def token(ana: Visitor) -> str:
    _row, text = tokens.make(ana.actor, label="display", days=90)
    db.session.commit()
    return text


def test_a_program_reads_what_its_owner_may_read(app: Flask, token: str) -> None:
    answer = program(app, token)()
    assert answer.status_code == 200
    assert "ana@ostreyvale.example" in answer.text


def test_it_is_stored_as_a_hash_and_shown_once(ana: Visitor) -> None:
    sent = {**ana.page("/account/tokens").form("/account/tokens"), "label": "display", "days": "30"}
    shown = ana.open("/account/tokens", method="POST", data=sent)
    (row,) = db.session.scalars(select(ApiToken))
    text = next(line for line in shown.text.split('"') if line.startswith("dity_"))
    assert text not in row.token_hash
    assert text not in ana.get("/account/tokens").text
    again = ana.open("/account/tokens", method="POST", data=sent)
    assert again.status_code == 303
    assert len(db.session.scalars(select(ApiToken)).all()) == 1


def test_it_changes_nothing(app: Flask, token: str) -> None:
    sent = program(app, token)("/account", method="POST", data={"name": "Somebody else"})
    assert sent.status_code == 400


@pytest.mark.parametrize("text", ["dity_nonsense", "", "dity_" + "A" * 43])
def test_a_wrong_one_is_told_so_and_not_led_to_a_page_for_people(text: str, app: Flask) -> None:
    assert program(app, text)().status_code == 401


def test_it_dies_on_its_last_day_by_revoking_and_with_the_account(
    app: Flask, ana: Visitor, ada: Visitor, stopped_clock: Any
) -> None:
    ask = {}
    for label in ("old", "revoked", "left"):
        row, text = tokens.make(ana.actor, label=label, days=365 if label == "left" else 30)
        ask[label] = (row.id, program(app, text))
    ana.post(f"/account/tokens/{ask['revoked'][0]}/revoke")
    assert [ask[label][1]().status_code for label in ask] == [200, 401, 200]
    stopped_clock.move(days=31)
    assert [ask[label][1]().status_code for label in ask] == [401, 401, 200]
    services.deactivate(ada.actor, ana.person)
    assert ask["left"][1]().status_code == 401


def test_nobody_revokes_the_token_of_somebody_else(app: Flask, ben: Visitor, token: str) -> None:
    (row,) = db.session.scalars(select(ApiToken))
    assert ben.post(f"/account/tokens/{row.id}/revoke").status_code == 404
    assert program(app, token)().status_code == 200


def test_the_day_of_its_last_use_is_noted_without_a_write_in_the_request(app: Flask, token: str) -> None:
    program(app, token)()
    app.extensions["dity-buffer"].flush()
    (row,) = db.session.scalars(select(ApiToken))
    assert row.last_used_on is not None


def test_nobody_hoards_them(ana: Visitor) -> None:
    for _ in range(tokens.MOST):
        tokens.make(ana.actor, label="one more", days=30)
    with pytest.raises(Invalid):
        tokens.make(ana.actor, label="one more", days=30)
    assert len(queries.tokens_of(ana.person_id or 0)) == tokens.MOST
