"""Questions and answers from elsewhere come in once, and go again (portal.community.importing)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.community import answers, questions
from portal.community.models import Answer, Question
from portal.core.actor import system
from portal.core.database import db
from portal.imports import working
from portal.kb.models import Category
from portal.notifications.models import Notification, OutboxMail
from portal.people.models import Person
from portal.people.services import actor_of
from tests.factories.imports import begun, bring, outcomes, plans, undo, work_off
from tests.people import ANA, settle

PRINTER = {"id": "a", "title": "Why is half of the label missing?", "answers": ["Push the roll.", "Clean the head."]}
BADGE = {"id": 7, "title": "Where do I get a new badge?", "answers": []}


def file(tmp_path: Path, *rows: object, name: str = "threads.jsonl") -> Path:
    path = tmp_path / name
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    return path


def count(model: type[Question] | type[Answer]) -> int:
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_questions_come_in_once_with_their_answers_and_nobody_is_told(app: Flask, tmp_path: Path) -> None:
    settle(ANA)
    db.session.commit()
    path = file(tmp_path, PRINTER, BADGE)
    assert {plan.outcome.value for plan in plans("questions", path)} == {"created"}
    assert count(Question) == 0, "a dry run writes nothing"
    assert set(outcomes(bring("questions", path)).values()) == {"created"}
    first, second = db.session.execute(select(Question).order_by(Question.id)).scalars()
    assert (first.state, first.n_answers, first.category.title) == ("answered", 2, "Threads")
    assert first.access_key == first.category.access_key == "signed-in"
    assert (second.state, second.n_answers, second.external_id) == ("open", 0, "7")
    assert set(outcomes(bring("questions", path)).values()) == {"unchanged"}
    assert (count(Question), count(Answer)) == (2, 2)
    assert db.session.execute(select(Notification)).first() is None
    assert db.session.execute(select(OutboxMail)).first() is None


def test_a_line_that_cannot_be_used_is_named_and_stops_nothing(app: Flask, tmp_path: Path) -> None:
    faults = [
        "{no json",
        "[1]",
        {"id": "b"},
        {"id": "c", "title": "x" * 201},
        {"id": "d", "title": "T", "answers": "no"},
    ]
    found = plans("questions", file(tmp_path, PRINTER, *faults, PRINTER, {"title": "Nameless"}))
    assert [(plan.row.line, plan.outcome.value) for plan in found] == [
        (1, "created"),
        *((line, "failed") for line in range(2, 9)),
    ]
    assert all(plan.reason for plan in found[1:])


def test_an_import_that_was_killed_goes_on_where_it_stood(app: Flask, tmp_path: Path) -> None:
    rows = [{"id": str(n), "title": f"Question number {n}", "answers": ["Yes."]} for n in range(60)]
    run = begun("questions", file(tmp_path, *rows))

    steps = working.work_off(system("tests"), run)
    for _step in range(2):
        next(steps)
        db.session.commit()
    del steps
    assert 0 < count(Question) < 60
    db.session.refresh(run)
    work_off(run)
    assert (count(Question), count(Answer)) == (60, 60)


def test_taking_back_leaves_nothing_but_what_somebody_touched(app: Flask, tmp_path: Path) -> None:
    ana = settle(ANA)
    db.session.commit()
    path = file(tmp_path, PRINTER, BADGE)
    run = bring("questions", path)
    who = actor_of(db.session.get_one(Person, ana.id))
    badge = questions.get(who, db.session.execute(select(Question.id).where(Question.external_id == "7")).scalar_one())
    answers.give(who, badge, body="At the front desk.")
    db.session.commit()
    undo(run)
    assert list(db.session.execute(select(Question.external_id)).scalars()) == ["7"]
    assert db.session.execute(select(Category.title)).scalars().all() == ["Threads"], "there is a question in it"


def test_a_text_that_changed_there_changes_here_until_somebody_touched_it(app: Flask, tmp_path: Path) -> None:
    bring("questions", file(tmp_path, PRINTER))
    run = bring("questions", file(tmp_path, PRINTER | {"answers": ["Turn it off."]}))
    assert set(outcomes(run).values()) == {"changed"}
    assert db.session.execute(select(Answer.body)).scalars().all() == ["Turn it off."]
    undo(run)
    assert db.session.execute(select(Answer.body).order_by(Answer.id)).scalars().all() == PRINTER["answers"]


def test_taking_back_an_import_nobody_touched_takes_its_topic_too(app: Flask, tmp_path: Path) -> None:
    path = file(tmp_path, PRINTER)
    undo(bring("questions", path))
    assert (count(Question), count(Answer)) == (0, 0)
    assert db.session.execute(select(Category).where(Category.title == "Threads")).first() is None
    assert set(outcomes(bring("questions", path)).values()) == {"created"}


@pytest.mark.real_data
@pytest.mark.slow
def test_the_threads_of_another_site_come_in_whole_and_twice_the_same(app: Flask, real_data: Path) -> None:
    path = real_data / "stackfaq" / "questions.jsonl"
    run = bring("questions", path)
    assert {name: n for name, n in run.counts.items() if name != "notes"} == {"created": 125}
    assert (count(Question), count(Answer)) == (125, 719)
    again = bring("questions", path)
    assert {name: n for name, n in again.counts.items() if name != "notes"} == {"unchanged": 125}
    undo(run)
    assert (count(Question), count(Answer)) == (0, 0)
