"""Departments, sites and audiences, as the administrator meets them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.people.audiences import audiences_of
from portal.people.models import Audience
from tests.factories import people
from tests.people import Visitor

FORM = {"name": "Finance and managers", "slug": "finance-and-managers"}


def only_audience(db: Any) -> Audience | None:
    found: Audience | None = db.session.execute(select(Audience)).scalar_one_or_none()
    return found


def test_departments_and_sites_are_listed_with_their_people(ada: Visitor, ana: Visitor) -> None:
    page = ada.page("/admin/structure")
    assert "Finance" in page.links
    assert "Harbour House" in page.text
    assert "Ana Ruiz" in ada.page(page.links["Finance"]).links


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
