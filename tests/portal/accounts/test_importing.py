from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts import queries as accounts
from portal.core.actor import system
from portal.core.permissions import Role
from portal.imports import queries, working
from portal.ledger.models import LedgerEntry
from portal.people.models import Department, Person, Site
from portal.people.queries import by_email
from tests.factories import people as factory
from tests.factories.imports import begun, bring, line, outcomes, plans, undo, work_off
from tests.people import Visitor

HEAD = "Personalnummer;Vorname;Nachname;E-Mail;Abteilung;Standort;Rolle\n"


@pytest.fixture
def table(tmp_path: Path) -> Any:
    def write(*rows: str, head: str = HEAD) -> Path:
        path = tmp_path / "people.csv"
        path.write_text(head + "".join(f"{row}\n" for row in rows))
        return path

    return write


def mail(name: str) -> str:
    return f"{name}@ostreyvale.example"


def test_a_list_becomes_people_in_departments_and_sites(db: Any, table: Any) -> None:
    path = table(f"7;Tom;Reed;{mail('Tom.Reed')};IT / Service Desk;Old Mill;agent", f"8;Nia;Holm;{mail('nia')};IT;;")
    run = bring("people", path)
    assert outcomes(run) == {"Tom Reed": "created", "Nia Holm": "created"}
    tom = by_email(mail("tom.reed"))
    assert tom is not None
    assert (tom.name, tom.staff_number, tom.department.name, tom.site.name) == (
        "Tom Reed",
        "7",
        "Service Desk",
        "Old Mill",
    )
    assert tom.role_set == {Role.READER, Role.AGENT}
    assert db.session.get(Department, tom.department.parent_id).name == "IT"
    facts = db.session.execute(select(LedgerEntry.props).where(LedgerEntry.name == "person.created")).scalars().all()
    assert facts == [{"by": "import"}] * 2


def test_a_second_import_changes_nothing(db: Any, table: Any) -> None:
    path = table(f"7;Tom;Reed;{mail('tom')};IT;Old Mill;agent", f";Nia;Holm;{mail('nia')};;;")
    bring("people", path)
    n = db.session.execute(select(func.count()).where(LedgerEntry.name.like("person.%"))).scalar_one()
    assert set(outcomes(bring("people", path)).values()) == {"unchanged"}
    assert db.session.execute(select(func.count()).where(LedgerEntry.name.like("person.%"))).scalar_one() == n


def test_somebody_is_known_by_staff_number_when_the_address_changes(db: Any, table: Any) -> None:
    bring("people", table(f"7;Tom;Reed;{mail('tom')};IT;;"))
    tom = by_email(mail("tom"))
    assert tom is not None
    run = bring("people", table(f"7;Tom;Reed-Holm;{mail('tom.reed')};Sales;;"), missing="create")
    db.session.refresh(tom)
    assert (tom.email, tom.name, tom.department.name) == (mail("tom.reed"), "Tom Reed-Holm", "Sales")
    assert line(run, "Tom Reed-Holm").reason == "name, mail address, department"
    fact = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == "person.changed")).scalar_one()
    assert fact.props["before"] == ["IT", mail("tom"), "Tom Reed"]


FAULTY = {
    f"1;A;B;{mail('a')};;;": "",
    "2;A;B;a.b.c;;;": "does not look like a mail address",
    f"3;A;B;{mail('A')};;;": "The same address stands in line 2",
    f"1;A;B;{mail('c')};;;": "The same staff number stands in line 2",
    f"4;A;B;{mail('d')};Nowhere;;": "no department “Nowhere”",
    f"5;A;B;{mail('e')};;Nowhere;": "no site “Nowhere”",
    f"6;A;B;{mail('f')};;;wizard": "no role “wizard”",
    f"7;;;{mail('g')};;;": "no name",
    f"8;A;B;{mail('h')};;;;surplus": "more cells",
    "9;A;B;;;;": "no mail address",
}


def test_every_faulty_line_is_named_with_its_reason_while_the_rest_goes_on(db: Any, table: Any) -> None:
    factory.department("IT")
    factory.site("Old Mill")
    db.session.commit()
    path = table(*FAULTY)
    before = [(plan.row.line, plan.outcome.value, plan.reason) for plan in plans("people", path)]
    assert db.session.execute(select(func.count()).select_from(Person)).scalar_one() == 0
    run = bring("people", path)
    found = [(one.line, one.outcome, one.reason) for one in queries.all_lines(run)]
    assert found == before
    for (number, outcome, reason), why in zip(found, FAULTY.values(), strict=True):
        assert (outcome, why in reason) == ("failed" if why else "created", True), (number, reason)
    assert [number for number, _outcome, _reason in found] == list(range(2, 12))


def test_leavers_are_listed_and_shut_out_only_when_that_is_chosen(
    db: Any, table: Any, ada: Visitor, visit: Any
) -> None:
    both = (f"1;Tom;Reed;{mail('tom')};;;", f"2;Nia;Holm;{mail('nia')};;;")
    bring("people", table(*both))
    nia = by_email(mail("nia"))
    browser = visit(nia)
    assert browser.get("/").status_code == 200
    run = bring("people", table(both[0]), actor=ada.actor)
    assert (line(run, "Nia Holm").outcome, line(run, "Nia Holm").line) == ("kept", 0)
    assert "in no line" in ada.page(f"/admin/imports/{run.id}").text
    run = bring("people", table(both[0]), actor=ada.actor, leavers="deactivate")
    assert (line(run, "Nia Holm").outcome, nia.is_active, accounts.sessions_of(nia.id)) == ("changed", False, [])
    assert browser.get("/").status_code == 302
    back = bring("people", table(*both))
    assert (outcomes(back)["Nia Holm"], nia.is_active) == ("changed", True)
    assert ada.person.is_active, "who never was in a list does not leave by one"


def test_neither_oneself_nor_more_than_half_leave_by_a_list(db: Any, table: Any, ada: Visitor) -> None:
    everybody = [f"{n};A;B;{mail(f'p{n}')};;;" for n in range(30)]
    bring("people", table(*everybody, f";Ada;Demir;{ada.person.email};;;"))
    run = bring("people", table(*everybody), actor=ada.actor, leavers="deactivate")
    assert (line(run, "Ada Demir").outcome, ada.person.is_active) == ("kept", True)
    run = bring("people", table(*everybody[:3]), leavers="deactivate")
    assert set(outcomes(run).values()) <= {"unchanged", "kept"}
    assert db.session.execute(select(func.count()).where(~Person.is_active)).scalar_one() == 0


def test_the_last_administrator_stays_and_nobody_takes_their_own_role(db: Any, table: Any, ada: Visitor) -> None:
    bring("people", table(f"1;Ada;Demir;{ada.person.email};;;", *[f"{n};A;B;{mail(f'p{n}')};;;" for n in range(2, 9)]))
    rest = [f"{n};A;B;{mail(f'p{n}')};;;" for n in range(2, 9)]
    run = bring("people", table(*rest), leavers="deactivate")
    assert (line(run, "Ada Demir").outcome, ada.person.is_active) == ("failed", True)
    bring("people", table(f"1;Ada;Demir;{ada.person.email};;;reader"), actor=ada.actor)
    assert Role.ADMIN in ada.person.role_set


def test_departments_are_led_by_whom_most_of_their_lines_name(db: Any, table: Any) -> None:
    head = "name,email,department,manager email\n"
    rows = [
        f"Mia Duarte,{mail('mia')},Workshop,",
        f"A,{mail('a')},Workshop,{mail('mia')}",
        f"B,{mail('b')},Workshop,{mail('Mia')}",
    ]
    run = bring("people", table(*rows, head=head))
    unit = db.session.execute(select(Department)).scalar_one()
    assert unit.manager_id == by_email(mail("mia")).id  # type: ignore[union-attr]
    assert line(run, "Department Workshop").subject == f"department:{unit.id}"
    assert set(outcomes(bring("people", table(*rows, head=head))).values()) == {"unchanged"}
    run = bring("people", table(f"C,{mail('c')},Workshop,{mail('nobody')}", head=head))
    assert "neither in this list nor in the portal" in line(run, mail("c")).reason


@pytest.mark.both
def test_undoing_removes_whom_nothing_tells_of_and_puts_others_back(db: Any, table: Any, visit: Any) -> None:
    bring("people", table(f"1;Tom;Reed;{mail('tom')};IT;;agent"))
    rows = (f"1;Tom;Holm;{mail('tom')};IT;;", f"2;Nia;Holm;{mail('nia')};IT;;", f"3;Ola;Berg;{mail('ola')};IT;;",
            f"4;Pia;Lund;{mail('pia')};IT;;")  # fmt: skip
    run = bring("people", table(*rows))
    tom, ola, pia = (by_email(mail(name)) for name in ("tom", "ola", "pia"))
    visit(ola)
    pia.name = "Pia Lund-Holm"  # type: ignore[union-attr]
    db.session.commit()
    undo(run)
    assert by_email(mail("nia")) is None
    assert (tom.name, ola.is_active, pia.is_active) == ("Tom Reed", False, True)  # type: ignore[union-attr]
    assert [(one.title, one.undone) for one in queries.lines(run, show="not-undone")] == [
        ("Pia Lund", "It was changed in the portal since.")
    ]
    assert outcomes(bring("people", table(*rows))) == {
        "Tom Holm": "changed", "Nia Holm": "created", "Ola Berg": "changed", "Pia Lund": "changed",
    }  # fmt: skip


def test_a_run_that_was_killed_goes_on_behind_its_last_batch(db: Any, table: Any) -> None:
    path = table(*[f"{n};A;B;{mail(f'p{n}')};IT;;" for n in range(1, 1301)])
    run = begun("people", path)
    steps = working.work_off(system("tests"), run)
    for _n in range(2):
        next(steps)
        db.session.commit()
    steps.close()
    db.session.refresh(run)
    assert (run.state, run.n_done) == ("running", 500)
    work_off(run)
    assert (run.state, run.n_done, run.counts["created"]) == ("done", 1300, 1300)
    assert db.session.execute(select(func.count()).select_from(Person)).scalar_one() == 1300
    assert db.session.execute(select(func.count()).select_from(Site)).scalar_one() == 0
