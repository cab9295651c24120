"""Acting for somebody: with their knowledge, for an hour, and never where only they may be."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from analytics.events import Name
from portal.accounts import hashing
from portal.accounts.models import SignInSession
from portal.core.permissions import Role
from portal.notifications.models import Notification
from portal.people import services as people
from tests.factories import accounts
from tests.factories.facts import entries
from tests.people import Visitor

WHY = "She asked me on the phone"
FORBIDDEN = (
    ("GET", "/account/password"),
    ("POST", "/account/password"),
    ("GET", "/account/tokens"),
    ("POST", "/account/tokens"),
    ("POST", "/account/sessions/end-others"),
    ("GET", "/account/data"),
    ("POST", "/account/data"),
    ("GET", "/admin/people"),
    ("GET", "/admin/options"),
)


def cookie(visitor: Visitor) -> str:
    with visitor.client.session_transaction() as session:
        return str(session.get("_user_id"))


def act(visitor: Visitor, person: Any, why: str = WHY) -> Any:
    return visitor.post(f"/admin/people/{person.id}/act", {"why": why})


def rows(db: Any, person: Any) -> list[SignInSession]:
    return list(db.session.execute(select(SignInSession).where(SignInSession.person_id == person.id)).scalars())


def test_a_banner_stands_above_every_page_until_it_is_ended(ada: Visitor, ana: Visitor) -> None:
    assert act(ada, ana.person).status_code == 303
    for path in ("/", "/account", "/account/sessions", "/search?q=vpn"):
        assert "You act for Ana Ruiz until" in ada.page(path).text
    assert "You act for Ana Ruiz until" in ada.page("/no-such-page", status=404).text
    assert ada.page("/account").form("/account")["name"] == "Ana Ruiz"
    assert ada.post("/account/acting/end").status_code == 303
    page = ada.page("/account")
    assert "You act for Ana Ruiz until" not in page.text
    assert page.form("/account")["name"] == "Ada Demir"


def test_the_name_of_the_session_changes_at_both_ends(ada: Visitor, ana: Visitor, db: Any) -> None:
    own = cookie(ada)
    act(ada, ana.person)
    acting = cookie(ada)
    ada.post("/account/acting/end")
    after = cookie(ada)
    assert len({own, acting, after}) == 3
    alive = {hashing.digest(name) for name in (own, acting, after)} & {
        row.token_hash for row in db.session.execute(select(SignInSession)).scalars() if row.ended_at is None
    }
    assert alive == {hashing.digest(after)}


@pytest.mark.parametrize(("method", "path"), FORBIDDEN)
def test_what_is_theirs_alone_stays_theirs(ada: Visitor, ana: Visitor, method: str, path: str) -> None:
    act(ada, ana.person)
    answer = ada.get(path) if method == "GET" else ada.post(path, {"label": "x", "days": "30"})
    assert answer.status_code == 403, path


def test_nobody_acts_on_from_there(ada: Visitor, ana: Visitor, ben: Visitor) -> None:
    act(ada, ana.person)
    assert act(ada, ben.person).status_code == 403


def test_nobody_acts_for_an_administrator_or_themselves_or_somebody_who_left(
    ada: Visitor, ana: Visitor, zoe: Visitor, db: Any
) -> None:
    ana.person.roles  # noqa: B018 - loaded before the change
    people.set_roles(ada.actor, ana.person, [Role.ADMIN])
    for whom in (ana.person, ada.person, zoe.person):
        assert act(ada, whom).status_code == 403
        assert "/act" not in ada.get(f"/admin/people/{whom.id}").text
    assert entries(Name.ACTING_STARTED) == []


@pytest.mark.parametrize("who", ["ana", "dara", "mia"])
def test_it_is_for_administrators_alone(who: str, ben: Visitor, request: pytest.FixtureRequest) -> None:
    assert act(request.getfixturevalue(who), ben.person).status_code == 403


def test_without_a_reason_nothing_begins(ada: Visitor, ana: Visitor, db: Any) -> None:
    answer = act(ada, ana.person, why="  ")
    assert answer.status_code == 422
    assert entries(Name.ACTING_STARTED) == []


def test_every_fact_names_both_and_counts_for_neither(ada: Visitor, ana: Visitor, db: Any) -> None:
    act(ada, ana.person)
    ada.post("/account", {"name": "Ana Maria Ruiz", "locale": "", "timezone": "", "theme": "dark"})
    (changed,) = entries(Name.PERSON_CHANGED)
    assert (changed.actor_id, changed.acted_by_id) == (ana.person_id, ada.person_id)
    assert changed.actor_kind == "admin", "figures of self-service count people who help themselves"
    ada.post("/account/acting/end")
    assert entries(Name.ACTING_STARTED)[0].props == {"why": WHY, "minutes": 60}
    assert entries(Name.ACTING_ENDED)[0].acted_by_id == ada.person_id
    assert "Ada Demir for Ana Maria Ruiz changed a person" in ada.page("/admin/audit?name=person.changed").text


def test_the_person_is_told_and_sees_it_among_their_devices(ada: Visitor, ana: Visitor, db: Any) -> None:
    act(ada, ana.person)
    (mail,) = accounts.mails("acted_for")
    assert mail.to == "ana@ostreyvale.example"
    assert WHY in mail.text
    assert db.session.execute(select(Notification.kind).where(Notification.person_id == ana.person_id)).scalars().all()
    page = ana.page("/account/sessions").text
    assert "Ada Demir acts for you" in page
    assert WHY in page


def test_the_person_can_end_it(ada: Visitor, ana: Visitor, db: Any) -> None:
    act(ada, ana.person)
    acting = next(row for row in rows(db, ana.person) if row.acted_by_id)
    assert ana.post(f"/account/sessions/{acting.id}/end").status_code == 303
    assert ada.get("/account").status_code == 302


def test_after_an_hour_it_is_over(ada: Visitor, ana: Visitor, stopped_clock: Any) -> None:
    act(ada, ana.person)
    stopped_clock.move(minutes=59)
    assert ada.get("/account").status_code == 200
    stopped_clock.move(minutes=2)
    assert ada.get("/account").status_code == 302


def test_who_signs_in_again_after_it_is_told_that_it_has_ended(
    ada: Visitor, ana: Visitor, ben: Visitor, db: Any, stopped_clock: Any
) -> None:
    for person in (ada.person, ben.person):
        accounts.password(person)
    db.session.commit()
    told = "You no longer act for Ana Ruiz"
    for person, is_told in ((ada.person, True), (ben.person, False)):
        assert act(ada, ana.person).status_code == 303
        stopped_clock.move(minutes=61)
        assert "Acting for somebody has ended." in ada.page("/sign-in").text
        ada.post("/sign-in", {"email": person.email, "password": accounts.PASSWORD})
        page = ada.page("/")
        assert (told in page.text) is is_told, "another person at this browser learns nothing"
        assert told not in ada.page("/").text


def test_signing_out_ends_both(ada: Visitor, ana: Visitor, db: Any) -> None:
    act(ada, ana.person)
    ada.post("/sign-out")
    assert ada.get("/account").status_code == 302
    assert all(row.ended_at for row in rows(db, ada.person))
    assert [row.ended_at is None for row in rows(db, ana.person)] == [True, False]


def test_it_ends_with_the_role_that_allowed_it(ada: Visitor, ana: Visitor, dara: Visitor, db: Any) -> None:
    from portal.accounts import services

    people.set_roles(ada.actor, dara.person, [Role.ADMIN])
    db.session.commit()
    act(ada, ana.person)
    services.set_roles(dara.actor, ada.person, [])
    assert ada.get("/account").status_code == 302
