"""Accounts that begin by the dozen, merge, and end; as the administrator and the person meet it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import erasing
from portal.accounts.models import Erasure
from portal.people.models import Person
from tests.factories import accounts, kb
from tests.people import Visitor

PLACE = {"department_id": "0", "site_id": "0"}


def test_several_are_invited_as_they_were_pasted(ada: Visitor, db: Any) -> None:
    lines = "Nia Holm <nia@ostreyvale.example>\n\ntom.reed@ostreyvale.example; Tom Reed\r\nkim.lee@ostreyvale.example\n"
    answer = ada.post("/admin/people/invite", {**PLACE, "lines": lines, "roles": "agent"})
    assert answer.status_code == 303
    query = select(Person.name).where(
        Person.email.in_([f"{n}@ostreyvale.example" for n in ("nia", "tom.reed", "kim.lee")])
    )
    assert set(db.session.execute(query).scalars()) == {"Nia Holm", "Tom Reed", "Kim Lee"}
    assert len(accounts.mails("invitation")) == 3


def test_one_wrong_line_keeps_all_back_and_is_named(ada: Visitor, ana: Visitor, db: Any) -> None:
    lines = (
        "nia@ostreyvale.example\nno address\nana@ostreyvale.example\na@x.example b@x.example\nnia@ostreyvale.example"
    )
    answer = ada.post("/admin/people/invite", {**PLACE, "lines": lines})
    assert answer.status_code == 422
    for words in (
        "Line 2",
        "no mail address",
        "Line 3",
        "has an account",
        "Line 4",
        "more than one",
        "Line 5",
        "line 1",
    ):
        assert words in answer.text
    assert "no address" in answer.text, "what was typed stays"
    assert accounts.mails("invitation") == []


def test_two_accounts_are_merged_after_a_look_at_what_moves(ada: Visitor, ana: Visitor, ben: Visitor, db: Any) -> None:
    kb.article(owner_id=ana.person_id)
    own = f"/admin/people/{ana.person_id}/merge"
    assert "Ben Kaya" in ada.page(f"{own}?q=kaya").links
    page = ada.page(f"{own}?into={ben.person_id}")
    assert "Articles they look after1" in page.text
    assert ada.open(own, method="POST", data=page.form(own)).status_code == 303
    assert (ana.person.is_active, ana.person.merged_into_id) == (False, ben.person_id)
    assert "It continues as Ben Kaya" in ada.page(f"/admin/people/{ana.person_id}").text
    assert ada.post(f"/admin/people/{ana.person_id}/reactivate").status_code == 409
    assert ada.post(own, {"into": "nobody"}).status_code == 422


def test_whoever_ends_an_account_sees_what_it_looks_after(ada: Visitor, dara: Visitor) -> None:
    kb.article(owner_id=dara.person_id)
    page = ada.page(f"/admin/people/{dara.person_id}")
    assert "Looks after 1 article." in page.text
    assert page.links["Hand them over"] == f"/desk/hand-over/{dara.person_id}"


def test_people_take_their_own_copy(ana: Visitor) -> None:
    page = ana.page("/account/data")
    assert "The account1" in page.text
    answer = ana.submit("/account/data", "/account/data")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="my-data-')
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "data.json" in archive.namelist()


def test_erasing_asks_for_the_name_and_reports_without_one(ada: Visitor, ana: Visitor, db: Any) -> None:
    own = f"/admin/people/{ana.person_id}/erase"
    assert "This cannot be undone." in ada.page(own).text
    refused = ada.submit(own, own, name="Ana")
    assert refused.status_code == 422
    assert ana.person.is_active
    answer = ada.submit(own, own, name="Ana Ruiz")
    assert answer.status_code == 303
    where = answer.headers["Location"]
    assert "being erased" in ada.page(where).text
    assert ana.get("/account").status_code == 302
    erasing.run(db.session.execute(select(Erasure.id)).scalar_one())
    page = ada.page(where)
    assert "has been erased" in page.text
    assert "Ana Ruiz" not in page.text
    assert "Nothing tells any more who it was" in ada.page(f"/admin/people/{ana.person_id}").text
    assert "Somebody who left" not in ada.page("/admin/people?state=all").text
    assert ada.get(own).status_code == 404


@pytest.mark.parametrize("path", ["copy", "erase"])
def test_only_administrators_take_or_end_what_is_anothers(path: str, dara: Visitor, ana: Visitor) -> None:
    assert dara.post(f"/admin/people/{ana.person_id}/{path}", {"name": "Ana Ruiz"}).status_code == 403
