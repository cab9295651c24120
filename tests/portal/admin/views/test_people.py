"""People, as the administrator meets them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from analytics.events import Name
from portal.accounts import queries as account_queries
from portal.core.permissions import Role
from portal.notifications.models import OutboxMail
from portal.people.models import Person
from tests.factories import people
from tests.factories.facts import entries
from tests.people import ADA, ZOE, Visitor, settle


def by_email(db: Any, email: str) -> Person | None:
    found: Person | None = db.session.execute(select(Person).where(Person.email == email)).scalar_one_or_none()
    return found


def test_a_reader_is_told_who_looks_after_people(ana: Visitor, db: Any) -> None:
    settle(ADA)
    page = ana.page("/admin/people", status=403)
    assert "Ada Demir" in page.text


def test_nobody_but_administrators_sees_the_menu_entry(ana: Visitor, ada: Visitor) -> None:
    assert "/admin/" not in ana.page("/").links.values()
    assert ada.page("/").links["Administration"] == "/admin/"


def test_somebody_is_found_by_name_and_filtered_by_role(ada: Visitor, dara: Visitor, ben: Visitor) -> None:
    assert "Ben Kaya" in ada.page("/admin/people?q=kaya").links
    editors = ada.page("/admin/people?role=editor").links
    assert "Dara Voss" in editors
    assert "Ben Kaya" not in editors


def test_a_new_colleague_is_invited_and_chooses_the_password(ada: Visitor, db: Any) -> None:
    page = ada.page("/admin/people/new")
    assert not [field for field in page.all("input") if field.get("type") == "password"]
    answer = ada.submit(
        "/admin/people/new", "/admin/people", name="Nia Holm", email="Nia@OstreyVale.example", roles="editor"
    )
    assert answer.status_code == 303
    nia = by_email(db, "nia@ostreyvale.example")
    assert nia is not None
    assert nia.role_set == {Role.READER, Role.EDITOR}
    assert not account_queries.has_password(nia.id)
    mail = db.session.execute(select(OutboxMail).where(OutboxMail.person_id == nia.id)).scalar_one()
    assert mail.kind == "invitation"
    assert entries(Name.PERSON_CREATED)[-1].props == {"by": "invitation"}


def test_the_form_sent_twice_adds_one_person(ada: Visitor, db: Any) -> None:
    form = {
        **ada.page("/admin/people/new").form("/admin/people"),
        "name": "Nia Holm",
        "email": "nia@ostreyvale.example",
    }
    assert ada.open("/admin/people", method="POST", data=form).status_code == 303
    again = ada.open("/admin/people", method="POST", data=form)
    assert again.status_code == 303
    assert "Nia Holm" in ada.page(again.headers["Location"]).links
    assert len(db.session.execute(select(OutboxMail)).scalars().all()) == 1


@pytest.mark.parametrize("email", ["ana@ostreyvale.example", "no address", ""])
def test_an_address_that_cannot_be_is_said_beside_its_field(ada: Visitor, ana: Visitor, email: str) -> None:
    answer = ada.submit("/admin/people/new", "/admin/people", name="Nia Holm", email=email)
    assert answer.status_code == 422
    assert "Nia Holm" in answer.text


def test_details_are_changed_and_the_fact_tells_before_and_after(ada: Visitor, ana: Visitor, db: Any) -> None:
    unit = people.department("Design")
    address = f"/admin/people/{ana.person_id}"
    assert ada.submit(address, address, name="Ana Ruiz Vega", department_id=str(unit.id)).status_code == 303
    assert ana.person.name == "Ana Ruiz Vega"
    assert ana.person.department_id == unit.id
    assert entries(Name.PERSON_CHANGED)[-1].props == {
        "fields": ["department_id", "name"],
        "before": ["Finance", "Ana Ruiz"],
        "after": ["Design", "Ana Ruiz Vega"],
    }


def test_a_mistake_in_the_details_keeps_what_was_typed(ada: Visitor, ana: Visitor, ben: Visitor) -> None:
    address = f"/admin/people/{ana.person_id}"
    answer = ada.submit(address, address, name="Ana Ruiz Vega", email="ben@ostreyvale.example")
    assert answer.status_code == 422
    assert "Ana Ruiz Vega" in answer.text
    assert ana.person.name == "Ana Ruiz"


def test_other_roles_end_the_sessions_from_before(ada: Visitor, ana: Visitor, db: Any) -> None:
    address = f"/admin/people/{ana.person_id}"
    assert ada.post(f"{address}/roles", {"roles": "editor"}).status_code == 303
    assert ana.person.role_set == {Role.READER, Role.EDITOR}
    assert ana.get("/").status_code == 302
    assert entries(Name.ROLES_CHANGED)[-1].props == {"added": ["editor"], "removed": []}


def test_a_role_that_does_not_exist_changes_nothing(ada: Visitor, ana: Visitor) -> None:
    assert ada.post(f"/admin/people/{ana.person_id}/roles", {"roles": "emperor"}).status_code == 422
    assert ana.person.role_set == {Role.READER}


def test_the_last_administrator_cannot_be_lost(ada: Visitor) -> None:
    address = f"/admin/people/{ada.person_id}"
    assert ada.post(f"{address}/roles", {}).status_code == 403
    assert ada.post(f"{address}/deactivate").status_code == 403
    assert ada.person.role_set == {Role.READER, Role.ADMIN}
    assert ada.person.is_active


def test_shutting_out_ends_every_session_and_token_at_once(ada: Visitor, visit: Any, db: Any) -> None:
    zoe, at_home = visit(ZOE), visit(ZOE)
    assert zoe.get("/").status_code == 200
    assert ada.post(f"/admin/people/{zoe.person_id}/deactivate").status_code == 303
    assert zoe.get("/").status_code == 302
    assert at_home.get("/").status_code == 302
    assert not zoe.person.is_active
    assert account_queries.sessions_of(zoe.person_id) == []
    assert "Reactivate" in ada.page(f"/admin/people/{zoe.person_id}").text


def test_who_is_let_in_again_has_to_sign_in_anew(ada: Visitor, visit: Any) -> None:
    zoe = visit(ZOE)
    ada.post(f"/admin/people/{zoe.person_id}/deactivate")
    assert ada.post(f"/admin/people/{zoe.person_id}/reactivate").status_code == 303
    assert zoe.person.is_active
    assert zoe.get("/").status_code == 302


def test_an_administrator_starts_a_reset_and_sees_neither_link_nor_password(
    ada: Visitor, ana: Visitor, db: Any
) -> None:
    from portal.accounts.services import set_password

    set_password(ana.person, "five calm herons stand in the reed")
    db.session.commit()
    page = ada.page(f"/admin/people/{ana.person_id}")
    assert not [field for field in page.all("input") if field.get("type") == "password"]
    answer = ada.post(f"/admin/people/{ana.person_id}/link", follow_redirects=True)
    assert "ana@ostreyvale.example" in answer.text
    assert "token" not in answer.text.replace("csrf_token", "").replace("csrf-token", "").replace(
        "form_token", ""
    ).lower().replace("api tokens", "").replace("sessions and tokens", "")
    assert db.session.execute(select(OutboxMail.kind)).scalars().all() == ["password_reset"]
    assert entries(Name.PASSWORD_RESET_REQUESTED)[-1].props == {"by": "admin"}


def test_who_never_chose_a_password_is_invited_again(ada: Visitor, ana: Visitor, db: Any) -> None:
    assert ada.post(f"/admin/people/{ana.person_id}/link").status_code == 303
    assert db.session.execute(select(OutboxMail.kind)).scalars().all() == ["invitation"]


def test_nobody_who_left_gets_a_link(ada: Visitor, zoe: Visitor, db: Any) -> None:
    assert ada.post(f"/admin/people/{zoe.person_id}/link").status_code == 422
    assert db.session.execute(select(OutboxMail)).scalars().all() == []


def test_mail_that_comes_back_stands_on_the_person(ada: Visitor, ana: Visitor, db: Any) -> None:
    from portal.core import clock

    ana.person.mail_trouble, ana.person.mail_trouble_at = "550 5.1.1 no such mailbox", clock.now()
    assert "550 5.1.1 no such mailbox" in ada.page(f"/admin/people/{ana.person_id}").text
    assert "Mail bounces" in ada.page("/admin/people?q=ruiz").text


@pytest.mark.parametrize("number", [999_999, 2**31, 10**30])
def test_somebody_unknown_is_not_found(ada: Visitor, number: int) -> None:
    assert ada.get(f"/admin/people/{number}").status_code == 404


def test_a_longer_list_is_paged_with_the_filter_kept(ada: Visitor, db: Any) -> None:
    for n in range(60):
        people.person(f"Person {n:03}")
    page = ada.page("/admin/people?q=person")
    assert page.heading == "60 people"
    assert "Page 1 of 2" in page.text
    following = ada.page(page.links["Next page"])
    assert "Person 050" in following.links
    assert "Person 049" not in following.links


def test_nobody_found_says_what_to_try(ada: Visitor) -> None:
    assert "Nobody found" in ada.page("/admin/people?q=xyzzy").text
