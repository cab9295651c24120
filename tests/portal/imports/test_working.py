from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts import importing as people_importing
from portal.core.actor import system
from portal.core.errors import Conflict
from portal.core.personal import Subject, places
from portal.core.refs import Ref
from portal.files import shelf
from portal.imports import queries, services, working
from portal.imports.models import ImportKnown, ImportLine, ImportRun
from portal.imports.personal import PLACES
from portal.kb.models import Article
from portal.people.models import Department, Person
from portal.people.queries import by_email
from tests.factories.files import picture
from tests.factories.imports import begun, bring, folder, outcomes, undo, work_off

ROWS = "name,email\n" + "".join(f"Person {n},p{n}@ostreyvale.example\n" for n in range(5))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text(ROWS)
    return tmp_path / "people.csv"


def test_a_line_the_database_refuses_fails_alone(db: Any, table: Path) -> None:
    run = begun("people", table)
    steps = working.work_off(system("tests"), run)
    next(steps)
    db.session.add(Person(email="p3@ostreyvale.example", name="Quicker"))
    db.session.commit()
    for _step in steps:
        db.session.commit()
    assert outcomes(run) == {f"Person {n}": "failed" if n == 3 else "created" for n in range(5)}


def test_a_line_that_trips_us_fails_alone(db: Any, table: Path, monkeypatch: Any) -> None:
    honest = people_importing.PeopleWork.check

    def trip(self: Any, row: Any) -> Any:
        if row.values["email"].startswith("p1@"):
            raise ZeroDivisionError
        return honest(self, row)

    monkeypatch.setattr(people_importing.PeopleWork, "check", trip)
    assert outcomes(bring("people", table)) == {
        "p1@ostreyvale.example": "failed",
        **{f"Person {n}": "created" for n in (0, 2, 3, 4)},
    }


def test_of_two_workers_on_one_run_one_gets_through(db: Any, table: Path) -> None:
    run = begun("people", table)
    one, other = (working.work_off(system("tests"), run) for _n in range(2))
    for steps in (one, other):
        next(steps)
        db.session.commit()
    next(one)
    db.session.commit()
    with pytest.raises(Conflict):
        next(other)
    db.session.rollback()
    for _step in one:
        db.session.commit()
    db.session.refresh(run)
    assert (run.n_done, run.counts["created"]) == (5, 5)
    assert db.session.execute(select(func.count()).select_from(Person)).scalar_one() == 5


def test_two_imports_of_one_kind_do_not_run_at_once(db: Any, table: Path) -> None:
    begun("people", table)
    with pytest.raises(Conflict):
        begun("people", table)


def test_a_disk_that_fails_leaves_no_half_article_and_the_run_goes_on_later(
    app: Flask, db: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    files: dict[str, str | bytes] = {f"{n}.md": f"---\ntitle: Page {n}\n---\n![x](a.png)\n" for n in range(30)}
    run = begun("articles", folder(tmp_path / "f", {**files, "a.png": picture()}))
    honest, n_calls = shelf.put, []

    def fail(content: bytes, ending: str) -> str:
        n_calls.append(1)
        if len(n_calls) == 28:
            raise OSError(28, "No space left on device")
        return honest(content, ending)

    monkeypatch.setattr(shelf, "put", fail)
    with pytest.raises(OSError, match="No space"):
        work_off(run)
    db.session.rollback()
    db.session.refresh(run)
    n = db.session.execute(select(func.count()).select_from(Article)).scalar_one()
    lines = db.session.execute(select(func.count()).select_from(ImportLine)).scalar_one()
    assert (run.state, run.n_done, n, lines) == ("running", 25, 25, 25)
    work_off(run)
    assert (run.state, run.counts["created"]) == ("done", 30)
    assert db.session.execute(select(func.count()).select_from(Article)).scalar_one() == 30


def test_who_is_erased_is_in_no_line_any_more(db: Any, table: Path) -> None:
    run = bring("people", table)
    person = by_email("p1@ostreyvale.example")
    assert person is not None
    (place,) = places(PLACES)
    subject = Subject(person.id, person.name, person.email)
    assert place.export is not None
    assert place.erase is not None
    assert [record["title"] for record in place.export(subject)] == ["Person 1"]
    place.erase(subject)
    db.session.commit()
    db.session.expire_all()
    assert "Person 1" not in outcomes(run)
    known = select(ImportKnown).where(ImportKnown.subject == str(Ref("person", person.id)))
    assert db.session.execute(known).first() is None


def test_what_is_left_of_old_imports_is_swept(app: Flask, db: Any, table: Path, stopped_clock: Any) -> None:
    run = bring("people", table)
    bring("people", table)
    stopped_clock.move(days=91)
    services.sweep()
    db.session.commit()
    assert len(list(queries.all_lines(run))) == 5, "what was changed stays known, so that it can be undone"
    assert db.session.execute(select(func.count()).select_from(ImportLine)).scalar_one() == 5
    assert db.session.execute(select(func.count()).select_from(ImportRun)).scalar_one() == 2


def test_departments_an_import_made_go_with_it_unless_somebody_belongs_there(db: Any, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("name,email,department\nNia,nia@ostreyvale.example,Finance\nTom,tom@ostreyvale.example,Sales\n")
    run = bring("people", table, missing="create")
    sales = db.session.execute(select(Department).where(Department.name == "Sales")).scalar_one()
    db.session.add(Person(email="una@ostreyvale.example", name="Una", department_id=sales.id))
    db.session.commit()
    undo(run)
    assert [row.name for row in db.session.execute(select(Department)).scalars()] == ["Sales"]
    ((title, why),) = queries.stays(run)
    assert (title, "still belongs to it" in why) == ("Sales", True)
