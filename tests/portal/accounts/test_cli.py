"""`dity people`, for the day when nobody can get in by the page."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.accounts.cli import people
from portal.core.database import db
from portal.people import queries
from tests.people import ADA, ANA, Visitor, settle


@pytest.fixture
def dity(app: Flask) -> Any:
    def run(*words: str) -> Any:
        db.session.commit()
        return app.test_cli_runner().invoke(people, list(words))

    return run


def test_somebody_added_chooses_a_password_by_the_printed_link(dity: Any, stranger: Visitor) -> None:
    told = dity("add", "noor@ostreyvale.example", "Noor Aziz", "--role", "editor")
    assert told.exit_code == 0
    path = "/invitation/" + told.output.strip().rpartition("/")[2]
    assert stranger.post(path, {"name": "Noor Aziz", "password": "lathes hum in the mill"}).status_code == 303
    assert "editor" in dity("list").output


def test_a_second_account_with_the_address_is_refused_in_a_sentence(dity: Any, app: Flask) -> None:
    settle(ANA)
    told = dity("add", ANA.email, "Another Ana")
    assert told.exit_code == 1
    assert "already" in told.output


def test_shutting_out_and_letting_in(dity: Any, ana: Visitor) -> None:
    settle(ADA)
    assert dity("deactivate", ANA.email).exit_code == 0
    assert ana.get("/account").status_code == 302
    assert dity("reactivate", ANA.email).exit_code == 0
    person = queries.by_email(ANA.email)
    assert person is not None
    assert person.is_active


def test_the_last_administrator_stays(dity: Any, app: Flask) -> None:
    settle(ADA)
    told = dity("deactivate", ADA.email)
    assert told.exit_code == 1
    assert "last administrator" in told.output


def test_a_reset_link_is_printed_when_mail_does_not_work(dity: Any, ana: Visitor, stranger: Visitor) -> None:
    path = "/reset/" + dity("reset-link", ANA.email).output.strip().rpartition("/")[2]
    assert stranger.get(path).status_code == 200
    assert dity("reset-link", "nobody@ostreyvale.example").exit_code == 1
