"""Departments, sites and audiences, as the administrator meets them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from portal.admin import roles
from portal.core.permissions import Permission, Role
from portal.people import audiences
from portal.people.audiences import audiences_of
from portal.people.models import Audience, AudienceRule
from tests.factories import kb, people
from tests.pages import Page, words
from tests.people import Visitor

FORM = {"name": "Finance and managers", "slug": "finance-and-managers"}


def only_audience(db: Any) -> Audience | None:
    found: Audience | None = db.session.execute(select(Audience)).scalar_one_or_none()
    return found


def department_form(**changes: str) -> dict[str, str]:
    return {"name": "Paint shop", "parent_id": "0", "manager": "", **changes}


def test_departments_stand_nested_with_everybody_below_them(ada: Visitor, ana: Visitor) -> None:
    finance = ana.person.department_id
    sent = department_form(name="Pay", parent_id=str(finance))
    assert ada.post("/admin/departments", sent).status_code == 303
    page = ada.page("/admin/structure")
    assert [link for link in page.links if link in ("Finance", "Pay")] == ["Finance", "Pay"]
    assert "Harbour House" in page.links
    assert "Ana Ruiz" in ada.page(f"/admin/people?department={finance}").links


def test_a_manager_is_chosen_by_typing(ada: Visitor, mia: Visitor, db: Any) -> None:
    assert ada.post("/admin/departments", department_form(manager="duarte")).status_code == 303
    assert "Mia Duarte" in ada.page("/admin/structure").text
    assert ada.get("/admin/people/options?manager=dua").text.count("mia@ostreyvale.example") == 1


def test_of_several_that_fit_the_page_asks_which(ada: Visitor, db: Any) -> None:
    people.person("Kim Holm", email="kim@ostreyvale.example")
    second = people.person("Tom Holm", email="tom@ostreyvale.example")
    answer = ada.post("/admin/departments", department_form(manager="holm"))
    assert answer.status_code == 422
    assert "Tom Holm · tom@ostreyvale.example" in Page(answer.text).text
    again = ada.post("/admin/departments", department_form(manager="holm", manager_id=str(second.id)))
    assert again.status_code == 303
    assert "Tom Holm" in ada.page("/admin/structure").text
    nobody = ada.post("/admin/departments", department_form(name="Other", manager="xyzzy"))
    assert nobody.status_code == 422
    assert "Nobody is called so" in nobody.text


def test_a_department_is_moved_merged_and_taken_away(ada: Visitor, ana: Visitor, mia: Visitor) -> None:
    finance, workshop = ana.person.department_id, mia.person.department_id
    own = f"/admin/departments/{workshop}"
    below_itself = ada.submit(own, own, parent_id=str(workshop))
    assert below_itself.status_code == 422
    assert ada.submit(own, own, parent_id=str(finance)).status_code == 303
    refused = ada.post(f"{own}/remove")
    assert refused.status_code == 422
    assert ada.submit(own, f"{own}/merge", into_id=str(finance)).status_code == 303
    assert mia.person.department_id == finance
    assert ada.get(own).status_code == 404


def test_a_site_gets_another_time_zone(ada: Visitor, mia: Visitor) -> None:
    own = f"/admin/sites/{mia.person.site_id}"
    assert ada.submit(own, own, timezone="Asia/Tokyo").status_code == 303
    assert "Asia/Tokyo" in ada.page("/admin/structure").text
    assert ada.post(f"{own}/remove").status_code == 422
    assert ada.post("/admin/sites", {"name": "Northgate", "timezone": "Mars/Base"}).status_code == 422


def test_the_roles_page_says_who_may_do_what(ada: Visitor, dara: Visitor, ana: Visitor) -> None:
    page = ada.page("/admin/roles")
    assert "Dara Voss" in page.links
    assert "publish articles" in page.text
    assert "everything there is" in page.text
    assert ana.get("/admin/roles").status_code == 403


def test_every_permission_is_told_in_plain_words() -> None:
    assert set(roles.MAY) == set(Permission)
    assert {right.role for right in roles.rights()} == set(Role)


def test_other_rules_count_from_the_next_click_on(ada: Visitor, ana: Visitor, ben: Visitor, db: Any) -> None:
    ada.post("/admin/audiences", {**FORM, "people": "ana@ostreyvale.example"})
    audience = only_audience(db)
    assert audience is not None
    own = f"/admin/audiences/{audience.id}"
    page = ada.page(own)
    assert "1 person: Ana Ruiz" in page.text
    assert "Nothing yet." in page.text
    assert ada.submit(own, own, people="ben@ostreyvale.example").status_code == 303
    db.session.expire_all()
    assert audience.id not in audiences_of(ana.actor)
    assert audience.id in audiences_of(ben.actor)
    members = ada.get(f"/admin/audiences/members?roles=admin&departments={ana.person.department_id}").text
    assert "3 people" in members
    assert ada.post(f"{own}/remove").status_code == 303
    assert ada.get(own).status_code == 404


def test_an_audience_says_what_is_for_it_and_stays(ada: Visitor, ana: Visitor, db: Any) -> None:
    group = people.audience("Ana alone", ("person", str(ana.person_id)))
    kb.article("Secret salaries", access_key=audiences.key_for([[group.id]]))
    page = ada.page(f"/admin/audiences/{group.id}")
    assert "1 that is not for you" in page.text
    assert "Secret salaries" not in page.text
    assert ada.post(f"/admin/audiences/{group.id}/remove").status_code == 422


def test_an_audience_admits_whoever_fits_one_of_its_rules(
    ada: Visitor, ana: Visitor, mia: Visitor, ben: Visitor, db: Any
) -> None:
    mill = mia.person.site_id
    sent = {**FORM, "sites": str(mill), "people": "Ana@OstreyVale.example\n\n"}
    assert ada.post("/admin/audiences", sent).status_code == 303
    audience = only_audience(db)
    assert audience is not None
    assert {(rule.kind, rule.value) for rule in audience.rules} == {("site", str(mill)), ("person", str(ana.person_id))}
    assert audience.id in audiences_of(ana.actor)
    assert audience.id in audiences_of(mia.actor)
    assert audience.id not in audiences_of(ben.actor)
    shown = ada.page("/admin/audiences").text
    assert "Finance and managers" in shown
    assert "Old Mill" in shown


def test_a_group_of_nobody_is_refused(ada: Visitor, db: Any) -> None:
    answer = ada.post("/admin/audiences", FORM)
    assert answer.status_code == 422
    assert "Choose at least one" in answer.text
    assert only_audience(db) is None


def test_an_address_nobody_has_is_named(ada: Visitor, db: Any) -> None:
    answer = ada.post("/admin/audiences", {**FORM, "people": "nobody@ostreyvale.example"})
    assert answer.status_code == 422
    assert "nobody@ostreyvale.example" in answer.text
    assert only_audience(db) is None


@pytest.mark.parametrize("slug", ["Finance", "a b", "-a", "a-", "ä", "a" * 65, ""])
def test_a_short_name_is_made_of_small_letters_digits_and_hyphens(ada: Visitor, db: Any, slug: str) -> None:
    assert ada.post("/admin/audiences", {**FORM, "slug": slug, "roles": "editor"}).status_code == 422
    assert only_audience(db) is None


def test_a_short_name_is_given_once(ada: Visitor, db: Any) -> None:
    people.audience("Another", ("role", "editor"), slug=FORM["slug"])
    answer = ada.post("/admin/audiences", {**FORM, "roles": "editor"})
    assert answer.status_code == 422
    assert "Another audience has this short name" in answer.text


def test_a_portal_without_structure_says_where_it_comes_from(ada: Visitor) -> None:
    assert "No audiences yet" in ada.page("/admin/audiences").text


def test_a_department_shows_its_own_people_apart_from_those_below_it(ada: Visitor, db: Any) -> None:
    above = people.department("The house")
    below = people.department("Sales of the house", parent_id=above.id)
    people.person("Una", department_id=above.id)
    for name in ("Vic", "Wim"):
        people.person(name, department_id=below.id)
    db.session.commit()
    page = ada.page("/admin/structure")
    headings = [words(cell) for cell in page.all("th")]
    assert headings[:4] == ["Department", "Led by", "People in it", "With sub-departments"]
    assert re.search(r"The house\s*1\s*3", page.text)
    assert re.search(r"Sales of the house\D*2\s*2", page.text)
    lead = ada.page(f"/admin/departments/{above.id}").text
    assert "1 person in it. 3 people with its sub-departments." in lead
    assert "2 people in it." in ada.page(f"/admin/departments/{below.id}").text


def test_thirty_departments_cost_as_many_queries_as_two(ada: Visitor, db: Any, queries: Any) -> None:
    group = people.audience("Some", ("department", str(people.department("First").id)), ("site", "1"))

    def cost() -> list[int]:
        found = []
        for path in ("/admin/structure", "/admin/audiences", f"/admin/audiences/{group.id}", "/admin/roles"):
            ada.page(path)
            with queries() as seen:
                ada.page(path)
            found.append(len(seen))
        return found

    before = cost()
    for n in range(30):
        unit = people.department(f"Unit {n}", manager_id=people.person(f"Manager {n}", Role.MANAGER).id)
        people.audience(f"Group {n}", ("department", str(unit.id)), ("site", "1"))
        group.rules.append(AudienceRule(kind="department", value=str(unit.id)))
    audiences.drop_cached()
    assert cost() == before
