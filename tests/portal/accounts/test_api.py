"""People for programs: what an administrator may do by hand, a token with the scope may do too, and no more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.core.database import db
from portal.core.scopes import Scope
from portal.notifications.models import OutboxMail
from portal.people.models import Person
from tests.factories import people
from tests.people import Visitor
from tests.programs import Program, program


@pytest.fixture
def directory(ada: Visitor) -> Program:
    """The program that keeps accounts in step."""
    return program(ada, Scope.PEOPLE)


def test_a_list_of_people_is_read_to_its_end(directory: Program, ana: Visitor, ben: Visitor) -> None:
    found, cursor = [], ""
    while True:
        page = directory.get(f"/people?limit=2{cursor}").json
        found += [item["email"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert found == ["ada@ostreyvale.example", "ana@ostreyvale.example", "ben@ostreyvale.example"]
    assert [item["name"] for item in directory.get("/people?q=kay").json["items"]] == ["Ben Kaya"]
    assert directory.get("/people?is_active=false").json["items"] == []
    assert directory.get("/people?cursor=forged").status_code == 400


def test_somebody_is_added_changed_and_shut_out(directory: Program, ana: Visitor) -> None:
    unit = people.department("Design", slug="design")
    sent = {"name": "Tom Reed", "email": "Tom@ostreyvale.example", "department": "design", "invite": True}
    added = directory.post("/people", sent)
    assert (added.status_code, added.json["email"]) == (201, "tom@ostreyvale.example")
    tom = db.session.scalars(select(Person).where(Person.email == "tom@ostreyvale.example")).one()
    assert (tom.department_id, added.headers["Location"]) == (unit.id, f"/api/v1/people/{tom.id}")
    assert db.session.scalars(select(OutboxMail.kind).where(OutboxMail.person_id == tom.id)).all() == ["invitation"]
    twice = directory.post("/people", sent)
    assert (twice.status_code, list(twice.json["errors"])) == (422, ["email"])
    changed = directory.open("PATCH", f"/people/{tom.id}", json={"department": None, "roles": ["editor"]})
    assert (changed.json["name"], changed.json["department"], changed.json["roles"]) == ("Tom Reed", None, ["editor"])
    assert directory.post(f"/people/{tom.id}/deactivate").json["is_active"] is False
    assert directory.post(f"/people/{tom.id}/deactivate").status_code == 200


def test_shutting_out_ends_tokens_and_sessions_too(directory: Program, ana: Visitor) -> None:
    hers = program(ana)
    assert hers.get("/me").status_code == 200
    directory.post(f"/people/{ana.person_id}/deactivate")
    assert hers.get("/me").status_code == 401
    assert ana.get("/account").status_code == 302


def test_what_the_service_refuses_comes_back_by_field(directory: Program, ada: Visitor) -> None:
    unknown = directory.post("/people", {"name": "Tom Reed", "email": "tom@ostreyvale.example", "department": "none"})
    assert (unknown.status_code, list(unknown.json["errors"])) == (422, ["department"])
    last = directory.post(f"/people/{ada.person_id}/deactivate")
    assert (last.status_code, last.json["type"]) == (403, "urn:dity:problem:not-allowed")
    assert last.json["detail"] == "This is the last administrator. Make somebody else one first."
    assert directory.get("/people/999999").status_code == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": b"{", "content_type": "application/json"}, 400),
        ({"data": b'{"name":"a","name":"b"}', "content_type": "application/json"}, 400),
        ({"data": b"name=Tom", "content_type": "application/x-www-form-urlencoded"}, 415),
        ({"data": b"{}"}, 415),
        ({"data": b" " * 1_000_001, "content_type": "application/json"}, 413),
    ],
)
def test_a_body_is_json_and_says_so_and_is_not_endless(
    directory: Program, sent: dict[str, object], status: int
) -> None:
    assert directory.open("POST", "/people", **sent).status_code == status
