"""S19: nobody finds out who wrote which sheet, from anything that is kept of a survey."""

from __future__ import annotations

import logging
import random
import secrets
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.core import actor as actors
from portal.people.models import Person
from portal.pulse import closing
from portal.pulse.models import Invitation, Wave
from tests.attack import linking
from tests.attack.linking import Survey
from tests.factories import pulse
from tests.factories.pulse import Invited
from tests.people import Visitor
from tests.torture.stage import IS_LONG, rounds

DEPARTMENTS = ("Finance", "Workshop", "Sales", "Logistics")
A_DEPARTMENT = 10
BY_BROWSER = 2
"""Surveys that are answered over HTTP, in browsers that are signed in; the others by the same service."""


def staff(n: int = A_DEPARTMENT) -> list[Person]:
    return [person for name in DEPARTMENTS for person in pulse.some_people(name, n)]


def run(db: Any, clock: Any, people: list[Person], answer: Any, chance: random.Random) -> tuple[Wave, Survey]:
    """Have a wave answered by most of these people, one minute after the other, with a reminder in between."""
    row, invited = pulse.open_wave(people)
    db.session.commit()
    order = chance.sample(invited, k=len(invited) - 4)
    truth: dict[str, int] = {}
    for n, one in enumerate(order):
        if n == len(order) // 2:
            left = Invitation.wave_id == row.id, Invitation.is_used.is_(False)
            db.session.execute(db.update(Invitation).where(*left).values(n_reminders=1))
        clock.move(minutes=1)
        comment = secrets.token_hex(16)
        answer(one, pulse.answers_to(row, 3.5, chance=chance), comment)
        db.session.commit()
        truth[comment] = one.person.id
    departments = {one.person.id: one.invitation.department for one in invited}
    return row, Survey(row.id, [one.person.id for one in order], truth, departments)


def by_service(one: Invited, answers: dict[str, int | None], comment: str) -> None:
    pulse.answer(one, answers, comment)


def by_browser(app: Flask) -> Any:
    browsers: dict[int, Visitor] = {}

    def answer(one: Invited, answers: dict[str, int | None], comment: str) -> None:
        visitor = browsers.setdefault(one.person.id, Visitor(app, None, one.person.id))
        if not visitor.client.get_cookie("dity"):
            visitor.sign_in()
        visitor.get("/")
        ticked = {code: str(value) for code, value in answers.items()}
        sent = visitor.open("/survey/answers", method="POST", data={"code": one.code, "comment": comment, **ticked})
        assert sent.status_code == 200

    return answer


def files(home: Path) -> dict[str, bytes]:
    """Everything in the home folder, the database's own files included."""
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


@pytest.mark.both
@pytest.mark.torture
@pytest.mark.slow
def test_a_closed_survey_is_linked_no_better_than_by_guessing(
    app: Flask, db: Any, home: Path, engine_name: str, stopped_clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    chance, people, surveys = random.Random(19), staff(), []
    caplog.set_level(logging.INFO)
    browser = by_browser(app)
    for n in range(rounds(10 if engine_name == "sqlite" else 5, 200)):
        answer = browser if n < BY_BROWSER else by_service
        row, survey = run(db, stopped_clock, people, answer, chance)
        closing.close(actors.system("tests"), row)
        db.session.commit()
        closing.read(row.id)
        db.session.commit()
        surveys.append(survey)
    app.extensions["dity-buffer"].flush()
    log = [record.getMessage() for record in caplog.records]
    assert not any(comment in line for survey in surveys for comment in survey.truth for line in log)
    tally = linking.attack(db.session.connection(), surveys, files=files(home), log=log)
    way, accuracy = tally.best
    assert len(tally.right) > 300, "too little was tried"
    assert any("log: last line" in name for name in tally.right), "the analyst did not read the log"
    assert accuracy <= tally.allowed(is_exact=IS_LONG), f"{accuracy:.1%} by {way}, and {tally.chance:.1%} by guessing"


def test_the_analyst_finds_everybody_where_sheets_keep_their_order(db: Any, home: Path, stopped_clock: Any) -> None:
    """The attack can succeed: in a survey that runs, and was never mixed, places on the disk tell the order."""
    _row, survey = run(db, stopped_clock, staff(6), by_service, random.Random(3))
    tally = linking.attack(db.session.connection(), [survey], files=files(home), log=[])
    assert tally.best[1] > 0.5
    assert "dity.sqlite3-wal" in tally.best[0]


def test_a_running_survey_is_not_linked_by_its_rows(db: Any, stopped_clock: Any) -> None:
    """Without the files: a dump of all tables, of which nothing orders sheets but their random keys."""
    chance, people, surveys = random.Random(5), staff(6), []
    for _ in range(8):
        surveys.append(run(db, stopped_clock, people, by_service, chance)[1])
    tally = linking.attack(db.session.connection(), surveys, files={}, log=[])
    way, accuracy = tally.best
    assert accuracy <= tally.allowed(), f"{accuracy:.1%} by {way}, and {tally.chance:.1%} by guessing"
