"""Options, as the administrator changes them."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import select

from analytics.events import Name
from portal.core import options
from portal.notifications.models import OutboxMail
from tests.factories.facts import props
from tests.people import Visitor

PASSWORD = "a-very-secret-mail-password"


def save(ada: Visitor, **changes: Any) -> Any:
    return ada.submit("/admin/options", "/admin/options", **changes)


def test_saving_without_a_change_writes_nothing(ada: Visitor, db: Any) -> None:
    assert save(ada).status_code == 303
    assert props(Name.OPTION_CHANGED) == []


def test_a_change_holds_at_once_and_is_recorded_with_before_and_after(ada: Visitor, db: Any) -> None:
    assert save(ada, portal_name="Ostrey & Vale", public_reading="y", intent_percent="40").status_code == 303
    assert "Ostrey & Vale" in ada.page("/").text
    assert options.get().intent_share == 0.4
    changed = {fact["option"]: (fact["before"], fact["after"]) for fact in props(Name.OPTION_CHANGED)}
    assert changed == {
        "portal_name": ("Our organisation", "Ostrey & Vale"),
        "public_reading": ("no", "yes"),
        "intent_share": ("0.25", "0.4"),
    }


def test_the_mail_password_is_kept_and_shown_nowhere(ada: Visitor, db: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert save(ada, smtp_password=PASSWORD).status_code == 303
    assert options.get().smtp_password == PASSWORD
    assert props(Name.OPTION_CHANGED) == [{"option": "smtp_password"}]
    for path in ("/admin/options", "/admin/audit", "/admin/"):
        assert PASSWORD not in ada.get(path).text
    assert PASSWORD not in caplog.text
    assert "a new value" in ada.page("/admin/audit").text


def test_an_empty_password_field_keeps_the_stored_one_and_the_box_forgets_it(ada: Visitor) -> None:
    save(ada, smtp_password=PASSWORD)
    save(ada, smtp_password="")
    assert options.get().smtp_password == PASSWORD
    save(ada, forget_password="y")
    assert options.get().smtp_password == ""


def test_a_mistake_elsewhere_never_gives_the_password_back(ada: Visitor) -> None:
    answer = save(ada, smtp_password=PASSWORD, smtp_port="none")
    assert answer.status_code == 422
    assert PASSWORD not in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"portal_name": ""},
        {"mail_from": "no address"},
        {"desk_mail": "no address"},
        {"mail_mode": "smtp", "smtp_host": ""},
        {"mail_mode": "pigeon"},
        {"smtp_port": "70000"},
        {"default_timezone": "Mars/Olympus"},
        {"default_locale": "tlh"},
        {"intent_percent": "101"},
    ],
)
def test_what_cannot_work_is_refused_and_nothing_is_changed(ada: Visitor, db: Any, changes: dict[str, str]) -> None:
    assert save(ada, desk_phone="100", **changes).status_code == 422
    assert options.get().desk_phone == ""
    assert props(Name.OPTION_CHANGED) == []


def test_a_test_mail_goes_to_the_administrator_through_the_outbox(ada: Visitor, db: Any) -> None:
    answer = ada.post("/admin/options/test-mail", follow_redirects=True)
    assert "ada@ostreyvale.example" in answer.text
    mail = db.session.execute(select(OutboxMail)).scalar_one()
    assert (mail.kind, mail.to) == ("mail_test", "ada@ostreyvale.example")


def test_only_who_may_change_options_gets_there(ana: Visitor, dara: Visitor) -> None:
    for visitor in (ana, dara):
        assert visitor.get("/admin/options").status_code == 403
        assert visitor.post("/admin/options", {"portal_name": "Mine"}).status_code == 403
    assert options.get().portal_name == "Our organisation"
