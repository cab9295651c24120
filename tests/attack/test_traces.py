"""S21: a day after somebody was erased, nothing that is kept says who they were."""

from __future__ import annotations

import datetime as dt
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Erasure
from portal.core import clock, once, options
from portal.core.actor import system
from portal.core.database import db as database
from portal.jobs.runner import Runner
from portal.people.models import Person
from portal.talk import comments
from portal.talk.models import Comment
from tests import house
from tests.attack import traces
from tests.factories import accounts, community, imports, kb, tickets
from tests.factories.letters import DESK, arrive, letter
from tests.factories.people import person
from tests.people import ADA, ANA, CLEO, Visitor
from tests.torture.stage import IS_LONG

pytestmark = [pytest.mark.torture, pytest.mark.slow]

NAME, EMAIL, NUMBER = "Zoë O'Hartington", "zoe.ohartington@ostreyvale.example", "staff-47110815"
EARLIER_NAME, EARLIER_EMAIL = "Zoë Smythe-Grünfeld", "zoe.smythegruenfeld@ostreyvale.example"
TYPED = "quincunxes of her garden"
"""What she searched for."""
WORDS = (NAME, "O'Hartington", EMAIL, NUMBER, EARLIER_NAME, "Smythe-Grünfeld", EARLIER_EMAIL, TYPED)
SYSTEM = system("tests")


def a_day(app: Flask) -> None:
    """Let the portal work until tomorrow."""
    database.session.commit()
    began = clock.now()
    with ExitStack() as stack:
        for hour in range(0, 25, 6):
            stack.enter_context(clock.frozen(began + dt.timedelta(hours=hour)))
            Runner(app).tick()
            Runner(app).drain()
    app.extensions["dity-buffer"].flush()


def erase(app: Flask, ada: Visitor, person_id: int | None) -> dict[str, Any]:
    """Have somebody erased as an administrator does, and let the portal do its work; returns the report."""
    name = database.session.get_one(Person, person_id).name
    answer = ada.post(f"/admin/people/{person_id}/erase", {"name": name})
    assert answer.status_code == 303, answer.text
    Runner(app).drain()
    database.session.expire_all()
    found = database.session.query(Erasure).filter_by(person_id=person_id).one()
    assert found.finished_at is not None
    return found.report


def left(app: Flask, words: Any, *, home: Path | None = None, but_for: Any = ()) -> list[str]:
    """Return the traces in all rows, but for tables that the report names, and in all files of the home folder."""
    database.session.commit()
    found = traces.in_rows(database.session.connection(), words)
    database.session.remove()
    database.engine.dispose()
    if home:
        found += traces.in_files(home, words)
    return [each for each in found if each.split(".")[0] not in but_for]


@pytest.fixture
def zoe(app: Flask, visit: Callable[..., Visitor]) -> Visitor:
    """She married, got another address, and used everything there is."""
    row = person(EARLIER_NAME, email=EARLIER_EMAIL, staff_number=NUMBER)
    database.session.commit()
    visitor = Visitor(app, None, row.id)
    visitor.sign_in()
    return visitor


def live(app: Flask, zoe: Visitor, ada: Visitor, cleo: Visitor, ben: Visitor, folder: Path) -> None:
    """Write down all she did and what was done to her, under both names."""
    tickets.queue("Service desk", cleo.person, is_default=True, email=DESK)
    article = kb.article(owner_id=ben.person_id)
    database.session.commit()
    for name, email in ((EARLIER_NAME, EARLIER_EMAIL), (NAME, EMAIL)):
        if name != EARLIER_NAME:
            own = f"/admin/people/{zoe.person_id}"
            assert ada.submit(own, own, name=name, email=email, staff_number=NUMBER).status_code == 303
        signed = f"Best wishes, {name} ({email})"
        assert note(zoe, article.slug, f"It helped me. {signed}").status_code == 303
        assert note(zoe, article.slug, f"Wrong place, sorry. {signed}").status_code == 303
        mine = database.session.query(Comment).filter_by(person_id=zoe.person_id).order_by(Comment.id.desc()).first()
        assert mine is not None
        with app.test_request_context():
            comments.remove(zoe.actor, article.ref, mine.id)
        database.session.commit()
        form = {"solved": "no", "reason": "hard_to_follow", "comment": signed, "form_token": once.new_token()}
        assert zoe.post(f"/kb/{article.slug}/solved", form).status_code == 303
        asked = community.question(f"How do I print? {name}", body=signed, asker_id=zoe.person_id)
        community.answer(asked, signed, author_id=zoe.person_id)
        database.session.commit()
        form = {"subject": f"My card, {name}", "body": signed, "form_token": once.new_token()}
        opened = zoe.post("/tickets/new", form)
        assert opened.status_code == 303, opened.text
        where = opened.location.partition("?")[0]
        form = {"body": f"Good morning.\n\n{signed}", "form_token": once.new_token()}
        zoe.post(f"{where}/reply", form)
        zoe.get(f"/search?q={TYPED}")
        zoe.get("/search?q=" + name.replace(" ", "+"))
        zoe.post("/account/data")
        Visitor(app).post("/forgotten", {"email": email})
        Visitor(app).post("/sign-in", {"email": email, "password": "not hers at all"})
        with app.test_request_context():
            accounts.password(zoe.person) if name == EARLIER_NAME else None
        arrive(letter(f"{name} <{email}>", f"My card is lost.\n\n{signed}", Subject=f"Card of {name}"))
    table = folder / "people.csv"
    table.write_text(f"name,email,staff number\n{NAME},{EMAIL},{NUMBER}\nNobody,,\n", encoding="utf-8")
    imports.bring("people", table)
    a_day(app)


def note(visitor: Visitor, slug: str, body: str) -> Any:
    return visitor.post(f"/kb/{slug}/notes", {"body": body, "form_token": once.new_token()})


@pytest.mark.both
def test_of_who_used_everything_nothing_is_left_a_day_later(
    app: Flask,
    home: Path,
    engine_name: str,
    zoe: Visitor,
    ada: Visitor,
    cleo: Visitor,
    ben: Visitor,
    tmp_path: Path,
    stopped_clock: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    options.change(SYSTEM, mail_mode="folder")
    live(app, zoe, ada, cleo, ben, tmp_path)
    before = left(app, WORDS, home=home)
    assert len({each.split(".")[0] for each in before}) >= 15, "too little was kept of her to say anything"
    report = erase(app, ada, zoe.person_id)
    a_day(app)
    assert left(app, WORDS, home=home if engine_name == "sqlite" else None) == []
    assert [line for line in caplog.messages if traces.met(line.encode(), WORDS)] == []
    assert report["named"] == {}
    for visitor in (ada, cleo, ben):
        for path in (f"/admin/people/{zoe.person_id}", "/admin/people?q=zo", "/search?q=garden", "/questions/"):
            assert not traces.met(visitor.get(path).data, WORDS), path


def test_the_snoop_finds_whoever_is_not_erased(app: Flask, home: Path, zoe: Visitor) -> None:
    """So that finding nothing means something: rows, the database's own file, the search index, mail as it is sent."""
    article = kb.article()
    database.session.commit()
    note(zoe, article.slug, f"Yours, {EARLIER_NAME}")
    (home / "mail").mkdir()
    mail = letter(DESK, "x" * 900, Subject=f"For {EARLIER_NAME}")
    (home / "mail" / "1.eml").write_bytes(mail.as_bytes())
    found = left(app, WORDS, home=home)
    for place in ("comment.body", "person.name", "dity.sqlite3", "mail/1.eml"):
        assert any(place in each for each in found), (place, found)


def test_what_anybody_deletes_is_overwritten_in_the_file(db: Any) -> None:
    """Not by erasing alone: what went before lies in pages that nobody would look at again."""
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


@pytest.fixture
def demo(demo_home: Path, tmp_path: Path) -> Iterator[Flask]:
    app = house.build(house.copy(demo_home, tmp_path / "house"))
    with app.app_context():
        yield app
        database.session.remove()
        for engine in database.engines.values():
            engine.dispose()


@pytest.mark.skipif(not IS_LONG, reason="looks through a year of an organisation; `make torture` does")
def test_nothing_is_left_of_people_with_a_year_behind_them(demo: Flask) -> None:
    """Of the demo organisation: those with the most to forget, and forty of the others."""
    ada = Visitor(demo, ADA, database.session.query(Person).filter_by(email=ADA.email).one().id)
    ada.sign_in()
    names = {each.email for each in (ANA, CLEO)}
    rows = database.session.query(Person).filter(Person.email != ADA.email, Person.erased_at.is_(None)).all()
    others = [row for row in rows if row.email not in names]
    chosen = [row for row in rows if row.email in names] + random.Random(21).sample(others, 40)
    home = Path(demo.config["DITY"].home)
    for person_id, name, email in [(row.id, row.name, row.email) for row in chosen]:
        named = erase(demo, ada, person_id)["named"]
        assert left(demo, (name,), but_for=set(named)) == [], name
        in_others_words = ("dity.sqlite3", "index/") if named else ()
        found = left(demo, (name, email), home=home, but_for=set(named))
        assert [each for each in found if not each.startswith(in_others_words)] == [], name
        assert left(demo, (email,), home=home) == [], name
