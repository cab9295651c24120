"""A person's copy of everything, and being forgotten (QUALITY S21)."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import JSON, String, Text, inspect, select

from analytics.events import Name
from portal.accounts import erasing, exporting, services
from portal.accounts.models import Erasure
from portal.core import options, personal
from portal.core.actor import Actor, system
from portal.core.database import Base, db
from portal.core.errors import Forbidden, Invalid, TooMany
from portal.core.permissions import Role
from portal.core.personal import Erase, PersonColumn
from portal.core.refs import Ref
from portal.core.registry import registry
from portal.files import services as files
from portal.jobs.models import Job
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.notifications import services as notifications
from portal.people import services as people
from portal.people.models import Person
from portal.talk import comments
from portal.tickets.mail import taking
from tests.factories import accounts, kb, tickets
from tests.factories.files import picture
from tests.factories.letters import DESK, arrive, letter
from tests.factories.people import person
from tests.factories.planting import PLANTED, plant
from tests.people import ANA, settle

ADMIN = system("test")


@pytest.fixture
def zoe(app: Flask) -> Person:
    return person("Zoe Hartington", email="zoe.hartington@ostreyvale.example", staff_number="staff-4711")


def columns(app: Flask) -> list[PersonColumn]:
    return personal.columns(registry(app).personal_data)


def search(actor: Actor, query: str) -> None:
    ledger.record(Name.SEARCH_PERFORMED, actor=actor, search="k", query=query, n_results=0, surface="search")


def dump() -> str:
    """Return the whole database as text, as somebody reads who has the file."""
    db.session.commit()
    if db.engine.dialect.name != "sqlite":
        pytest.skip("read as a file")
    with sqlite3.connect(str(db.engine.url.database)) as connection:
        return "\n".join(connection.iterdump())


def erase(who: Person) -> Erasure:
    erasure = erasing.ask(ADMIN, who, name=who.name)
    db.session.flush()
    erasing.run(erasure.id)
    return erasure


def test_the_copy_holds_what_every_table_keeps(app: Flask, zoe: Person) -> None:
    with app.test_request_context():
        words = {one.column: plant(one, zoe) for one in columns(app) if one.table.name != "person"}
        found = json.dumps(exporting.collected(exporting.subjects_of(zoe)), default=str)
    shown = {one.column for one in columns(app) if has_words(one)}
    missing = [column for column, word in words.items() if column in shown and word not in found]
    assert missing == []
    assert len(shown) > 15


def has_words(one: PersonColumn) -> bool:
    """True where the copy gives a text in which the planted word has room."""
    names = one.given if one.given is not None else [c.name for c in one.table.c if c.name not in one.withheld]
    return one.table.name != "person" and any(
        isinstance(one.table.c[name].type, String | Text | JSON)
        and not one.table.c[name].foreign_keys
        and (getattr(one.table.c[name].type, "length", None) or 99) > 60
        for name in names
    )


def test_the_copy_is_for_machines_and_for_people(app: Flask, zoe: Person) -> None:
    article = kb.article()
    actor = people.actor_of(zoe)
    with app.test_request_context():
        comments.add(actor, article.ref, body="=1+1 helped")
        files.store(actor, io.BytesIO(picture()), "my drawing.png", on=article.ref)
        search(actor, "wages")
        made = exporting.archive(zoe)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = archive.namelist()
        data = json.loads(archive.read("data.json"))
        table = archive.read("tables/comment.person_id.csv").decode("utf-8-sig")
        readme = archive.read("README.md").decode()
    assert data["person"][1][0]["email"] == zoe.email
    assert data["facts"][1][-1]["props"]["query"] == "wages"
    assert "'=1+1 helped" in table
    assert "Zoe Hartington" in readme
    assert any(name.startswith("files/") and name.endswith(".png") for name in names)
    assert not [name for name in names if name.startswith("/") or ".." in name]


def test_a_copy_is_made_for_the_person_and_for_whoever_answers_for_it(app: Flask, zoe: Person) -> None:
    dara, ada = person("Dara Voss", Role.EDITOR), person("Ada Demir", Role.ADMIN)
    with app.test_request_context():
        exporting.copy_for(people.actor_of(zoe), zoe)
        exporting.copy_for(people.actor_of(ada), zoe)
        with pytest.raises(Forbidden):
            exporting.copy_for(people.actor_of(dara), zoe)
        for _n in range(exporting.A_DAY - 1):
            exporting.copy_for(people.actor_of(zoe), zoe)
        with pytest.raises(TooMany):
            exporting.copy_for(people.actor_of(zoe), zoe)
    made = select(LedgerEntry.props).where(LedgerEntry.name == Name.PERSON_EXPORTED).order_by(LedgerEntry.id)
    assert [props["by"] for props in db.session.execute(made).scalars()][:2] == ["self", "admin"]


def test_nothing_in_the_database_tells_who_it_was(app: Flask, zoe: Person) -> None:
    """Every table gets rows that are hers, and rows of others that name her; then the file is read."""
    ben, article = person("Ben Kaya"), kb.article(owner_id=zoe.id)
    actor = people.actor_of(zoe)
    with app.test_request_context():
        accounts.password(zoe)
        comments.add(actor, article.ref, body="It helped.\n\nZoe Hartington, zoe.hartington@ostreyvale.example")
        notifications.tell([ben], "article_feedback", subject=article.ref, actor=actor, words="from Zoe Hartington")
        search(actor, f"{PLANTED}-query")
        people.change_person(ADMIN, zoe, name="Zoe Hartington", email=zoe.email, department_id=None, site_id=None)
        ledger.record(
            Name.PERSON_CHANGED, actor=ADMIN, subject=zoe.ref, fields=["name"], before=["Zoe Hart"], after=[zoe.name]
        )
        services.request_reset(zoe.email)
        gone = [
            plant(one, zoe)
            for one in columns(app)
            if one.on_erase is Erase.DELETE and one.table.name not in ("credential", "person_role")
        ]
        letters = Path(app.config["DITY"].home) / "mail"
        letters.mkdir(exist_ok=True)
        (letters / "1.eml").write_text(f"To: {zoe.email}\n")
        assert "Hartington" in accounts.mails("article_feedback")[0].html
        erasure = erase(zoe)
    text = dump()
    for word in ("Hartington", "hartington", "staff-4711", "Zoe Hart", f"{PLANTED}-query", *gone):
        assert word not in text, next(line for line in text.splitlines() if word in line)[:600]
    assert not list(letters.iterdir())
    assert erasure.finished_at is not None
    assert "Somebody who left" in text
    assert "It helped." in text, "what was given to all stays"


def test_the_deleted_is_overwritten_in_the_file(app: Flask, zoe: Person) -> None:
    """A dump shows living rows; the file's free pages could still hold the dead."""
    accounts.password(zoe)
    notifications.tell([zoe], "mail_test", actor=ADMIN)
    db.session.commit()
    erase(zoe)
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    with sqlite3.connect(str(db.engine.url.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = Path(str(db.engine.url.database)).read_bytes()
    assert b"zoe.hartington@" not in content


def test_facts_stay_and_lead_nobody_back(app: Flask, zoe: Person) -> None:
    actor = people.actor_of(zoe)
    search(actor, "wages")
    ledger.record(Name.SOLUTION_MARKED, actor=actor, subject=Ref("article", 1), solved=True)
    before = db.session.execute(select(LedgerEntry.visitor)).scalars().all()
    erase(zoe)
    after = db.session.execute(select(LedgerEntry.visitor).where(LedgerEntry.visitor.startswith("x"))).scalars().all()
    assert len(after) == len(before) == 2
    assert len(set(after)) == 1
    assert not set(after) & set(before)


def test_what_was_merged_into_the_account_is_forgotten_too(app: Flask, zoe: Person) -> None:
    from portal.accounts import merging

    old = person("Zoe Beforemarriage", email="beforemarriage@ostreyvale.example")
    merging.merge(ADMIN, old, into=zoe)
    with app.test_request_context():
        erase(zoe)
    assert "eforemarriage" not in dump()


def test_who_others_still_name_is_for_people_to_look_through(app: Flask, zoe: Person) -> None:
    kb.article(body="Ask Zoe Hartington.")
    options.change(ADMIN, desk_mail=zoe.email)
    erasure = erase(zoe)
    assert erasure.report["named"] == {"article": 1}
    assert erasure.report["options"] == ["desk_mail"]
    assert zoe.name not in json.dumps(erasure.report) or zoe.name == "Somebody who left"


def test_it_needs_the_name_another_administrator_and_is_done_once(app: Flask, zoe: Person) -> None:
    ada = person("Ada Demir", Role.ADMIN)
    dara = person("Dara Voss", Role.EDITOR)
    as_ada = people.actor_of(ada)
    with pytest.raises(Invalid):
        erasing.ask(as_ada, zoe, name="Zoe")
    with pytest.raises(Invalid):
        erasing.ask(as_ada, ada, name=ada.name)
    with pytest.raises(Forbidden):
        erasing.ask(ADMIN, ada, name=ada.name)
    with pytest.raises(Forbidden):
        erasing.ask(people.actor_of(dara), zoe, name=zoe.name)
    assert zoe.is_active
    erasure = erasing.ask(as_ada, zoe, name=zoe.name)
    assert not zoe.is_active, "the account ends at once, the rest follows"
    (job,) = db.session.execute(select(Job).where(Job.kind == erasing.ERASE)).scalars()
    assert job.payload == {"erasure": erasure.id}
    erasing.run(erasure.id)
    erasing.run(erasure.id)
    done = select(LedgerEntry.actor_id).where(LedgerEntry.name == Name.PERSON_ERASED)
    assert db.session.execute(done).scalars().all() == [ada.id]


def test_the_declared_tables_are_those_of_the_database(app: Flask) -> None:
    """The metadata that is searched is what the database has; a table it does not know would be passed by."""
    assert set(inspect(db.engine).get_table_names()) - set(Base.metadata.tables) <= {"alembic_version"}


def test_mail_to_the_service_desk_is_in_the_copy_and_goes_as_it_came(app: Flask, zoe: Person) -> None:
    settle(ANA)
    tickets.queue(is_default=True, email=DESK)
    came = [
        arrive(letter(f"Zoe Hartington <{zoe.email}>", "My card is lost.", Subject="Card of Zoe")),
        arrive(letter(ANA.email, "It drops.")),
    ]
    lie = [taking.kept() / row.stored_name for row in came]
    with app.test_request_context(), zipfile.ZipFile(io.BytesIO(exporting.archive(zoe))) as copy:
        (name,) = [name for name in copy.namelist() if name.startswith("mail-to-the-desk/")]
        assert b"My card is lost." in copy.read(name)
        erase(zoe)
    assert [path.exists() for path in lie] == [False, True]
    assert "Hartington" not in dump()
    assert [row.subject for row in came] == ["", "VPN drops"]
