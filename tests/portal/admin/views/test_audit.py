"""The audit log, as the administrator reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from analytics.events import AUDIT, Name
from portal.admin import wording
from portal.core.actor import system
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.imports import working
from portal.ledger import services as ledger
from portal.people import audiences, structure
from portal.people import services as people_services
from tests.factories import home, kb, people
from tests.factories.imports import begun
from tests.people import Visitor


def test_every_audited_fact_has_plain_words() -> None:
    assert set(wording.FACTS) == set(AUDIT)


def test_a_line_says_who_did_what_to_whom(ada: Visitor, ana: Visitor) -> None:
    people_services.set_roles(ada.actor, ana.person, {Role.EDITOR})
    text = ada.page("/admin/audit").text
    assert re.search(r"Ada Demir changed roles: Ana Ruiz now Editor", text)


def test_what_the_portal_did_by_itself_is_told_so(ada: Visitor, ana: Visitor) -> None:
    ledger.record(Name.MAIL_BOUNCED, actor=system("mail"), subject=Ref("person", ana.person_id), code="550")
    assert "The portal could not deliver mail: Ana Ruiz 550" in ada.page("/admin/audit").text


def test_reading_and_searching_are_not_part_of_it(ada: Visitor, ana: Visitor) -> None:
    before = len(ada.page("/admin/audit").all("tr"))
    ledger.record(Name.ARTICLE_VIEWED, actor=ana.actor, subject=Ref("article", 1), version=1)
    assert len(ada.page("/admin/audit").all("tr")) == before


def test_no_address_of_a_machine_is_in_it(ada: Visitor, ana: Visitor) -> None:
    ana.get("/", environ_base={"REMOTE_ADDR": "203.0.113.77"})
    ana.post("/admin/options", environ_base={"REMOTE_ADDR": "203.0.113.77"})
    assert "203.0.113" not in ada.get("/admin/audit").text


def test_a_refusal_is_written_down(ada: Visitor, ana: Visitor, app: Any) -> None:
    ana.get("/admin/options")
    app.extensions["dity-buffer"].flush()
    assert "Ana Ruiz was denied access" in ada.page("/admin/audit").text


def test_a_person_finds_what_they_did_and_what_was_done_to_them(ada: Visitor, ana: Visitor, ben: Visitor) -> None:
    people_services.set_roles(ada.actor, ana.person, {Role.EDITOR})
    people_services.set_roles(ada.actor, ben.person, {Role.AGENT})
    text = ada.page("/admin/audit?about=ruiz&name=roles.changed").text
    assert "Ana Ruiz" in text
    assert "Ben Kaya" not in text
    assert "Ben Kaya" in ada.page("/admin/audit?who=demir&name=roles.changed").text
    assert "Nothing found" in ada.page("/admin/audit?who=xyzzy").text


def test_a_day_is_a_day_on_the_readers_wall(ada: Visitor, ana: Visitor, stopped_clock: Any, db: Any) -> None:
    ada.person.timezone = "Pacific/Auckland"
    audiences.drop_cached()
    people_services.set_roles(ada.actor, ana.person, {Role.EDITOR})  # Monday 9:00 UTC, Monday 22:00 there
    stopped_clock.move(hours=4)
    people_services.set_roles(ada.actor, ana.person, {Role.AGENT})  # Monday 13:00 UTC, Tuesday 02:00 there
    monday = ada.page("/admin/audit?since=2026-03-09&until=2026-03-09&name=roles.changed").text
    tuesday = ada.page("/admin/audit?since=2026-03-10&name=roles.changed").text
    assert "now Editor" in monday
    assert "now Agent" not in monday
    assert "now Agent" in tuesday


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_cannot_be_is_left_out(ada: Visitor, day: str) -> None:
    assert ada.get(f"/admin/audit?since={day}&until={day}").status_code == 200


def test_a_longer_log_goes_on_with_the_filter_kept(ada: Visitor, ana: Visitor, db: Any) -> None:
    for n in range(60):
        people_services.set_roles(ada.actor, ana.person, {Role.EDITOR} if n % 2 else {Role.AGENT})
    page = ada.page("/admin/audit?name=roles.changed")
    following = ada.page(page.links["Next page"])
    assert len(following.all("tr")) == 1 + 10
    assert "name=roles.changed" in page.links["Next page"]


def test_a_page_of_fifty_lines_costs_as_many_queries_as_one_of_two(
    ada: Visitor, ana: Visitor, db: Any, queries: Any
) -> None:
    def cost() -> int:
        with queries() as seen:
            ada.page("/admin/audit?name=roles.changed")
        return len(seen)

    people_services.set_roles(ada.actor, ana.person, {Role.EDITOR})
    ada.page("/admin/audit")  # what a process looks up once is not the page's
    before = cost()
    for n in range(48):
        people_services.set_roles(ada.actor, ana.person, {Role.EDITOR} if n % 2 else {Role.AGENT})
    ada.page("/admin/audit")  # whoever acts is pictured anew after a change about people
    assert cost() == before


def test_a_change_is_told_with_what_was_there_before(ada: Visitor, ana: Visitor) -> None:
    unit = structure.add_department(ada.actor, name="Pay")
    structure.change_department(ada.actor, unit, name="Pay and travel", parent_id=None, manager_id=ana.person_id)
    group = people_services.add_audience(
        ada.actor, slug="payers", name="Payers", rules=[("department", str(unit.id)), ("role", "agent")]
    )
    people_services.change_audience(ada.actor, group, name="Payers", rules=[("person", str(ana.person_id))])
    text = ada.page("/admin/audit").text
    assert "name: “Pay” → “Pay and travel” · led by: empty → “Ana Ruiz”" in text
    assert "also Ana Ruiz · no longer Pay and travel · no longer Agent" in text
    assert "Payers" in ada.page("/admin/audit?about=payers").links
    assert "Nothing found" in ada.page("/admin/audit?about=payers&name=department.changed").text


def test_the_table_holds_what_the_page_shows_and_no_formula(ada: Visitor, ana: Visitor, ben: Visitor) -> None:
    people_services.set_roles(ada.actor, ben.person, {Role.AGENT})
    people_services.change_person(
        ada.actor, ana.person, name="=1+1", email=ana.person.email, department_id=None, site_id=None
    )
    answer = ada.get("/admin/audit.csv?name=person.changed")
    assert answer.mimetype == "text/csv"
    heading, line = answer.get_data(as_text=True).strip().splitlines()
    assert heading.startswith("\ufeff") or heading.startswith('"when')
    assert '"\'=1+1"' in line
    assert "person.changed" in line
    assert ana.get("/admin/audit.csv").status_code == 403


def test_what_a_reader_may_not_know_of_is_not_found_by_its_title(ada: Visitor, ana: Visitor) -> None:
    group = people.audience("Ana alone", ("person", str(ana.person_id)))
    hidden = kb.article("Secret salaries", access_key=audiences.key_for([[group.id]]))
    ledger.record(Name.ARTICLE_PUBLISHED, actor=ana.actor, subject=hidden.ref, version=1)
    assert "Nothing found" in ada.page("/admin/audit?about=salaries").text


def test_a_detail_names_nothing_its_reader_may_not_know_of(ada: Visitor, ana: Visitor) -> None:
    group = people.audience("Ana alone", ("person", str(ana.person_id)))
    hidden = home.incident("Payroll is wrong", access_key=audiences.key_for([[group.id]]))
    ledger.record(Name.INCIDENT_DECLARED, actor=ana.actor, subject=hidden.ref, title=hidden.title)
    text = ada.page("/admin/audit").text
    assert "announced a known problem: a notice you do not see" in text
    assert "Payroll" not in text


def test_what_an_import_did_is_one_line_until_somebody_asks_for_single_ones(
    db: Any, ada: Visitor, ana: Visitor, tmp_path: Path
) -> None:
    table = tmp_path / "people.csv"
    table.write_text("name,email\n" + "".join(f"New {n},new{n}@ostreyvale.example\n" for n in range(60)))
    people_services.set_roles(ada.actor, ana.person, {Role.EDITOR})
    run = begun("people", table, actor=ada.actor)
    steps = working.work_off(ada.actor, run)
    for _n in range(2):
        next(steps)
        db.session.commit()
    assert "added a person: New 59" in ada.page("/admin/audit").text, "nothing is hidden before it is told as a whole"
    for _step in steps:
        db.session.commit()
    page = ada.page("/admin/audit")
    assert "Ada Demir imported from a file: people.csv People · 60 lines" in page.text
    assert "added a person: New" not in page.text
    assert "changed roles: Ana Ruiz" in page.text, "what happened before is still on the first page"
    assert page.links["people.csv"] == f"/admin/imports/{run.id}"
    each = ada.page(page.links["Show each change"])
    assert "added a person: New 59" in each.text
    assert "changed roles: Ana Ruiz" not in each.text
    assert "added a person: New 7" in ada.page("/admin/audit?about=new7").text
    assert "added a person: New 59" in ada.page("/admin/audit?name=person.created").text
    assert "added a person" in ada.get("/admin/audit.csv").text
