"""What was taken away comes back, by who may, and both leave a trace."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community import commenting, removing, things
from portal.core.database import db
from portal.core.errors import Forbidden, NotFound
from portal.core.permissions import Role
from portal.ledger.models import LedgerEntry
from portal.talk import queries as talk
from tests.factories import community
from tests.factories.people import actor
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("db")


def facts() -> list[tuple[str, str | None]]:
    query = select(LedgerEntry.name, LedgerEntry.subject).where(LedgerEntry.name.startswith("post."))
    return [(name, subject) for name, subject in db.session.execute(query.order_by(LedgerEntry.id))]


@pytest.mark.both
def test_a_comment_comes_back_by_its_writer_or_an_editor_with_a_trace() -> None:
    ana, ben, dara = actor(), actor("Ben Kaya"), actor("Dara Voss", Role.EDITOR)
    question = community.question(asker_id=ana.person_id)
    note = commenting.add(ben, question, body="Which roll?")
    with pytest.raises(NotFound):
        removing.restore_comment(ben, question, note.id)
    removing.remove_comment(ben, question, note.id)
    assert talk.notes_on(ana, [question.ref]) == talk.Notes()
    assert talk.notes_on(ben, [question.ref]).gone == {question.ref: [note]}
    with pytest.raises(Forbidden):
        removing.restore_comment(ana, question, note.id)
    removing.restore_comment(ben, question, note.id)
    removing.remove_comment(dara, question, note.id)
    assert talk.notes_on(ben, [question.ref]).gone == {}
    with pytest.raises(Forbidden):
        removing.restore_comment(ben, question, note.id)
    removing.restore_comment(dara, question, note.id)
    assert talk.notes_on(dara, [question.ref]).standing == {question.ref: [note]}
    assert facts() == [("post.removed", f"comment:{note.id}"), ("post.restored", f"comment:{note.id}")] * 2


def test_below_what_was_taken_away_nothing_comes_back() -> None:
    dara = actor("Dara Voss", Role.EDITOR)
    question = community.question()
    note = commenting.add(dara, question, body="Which roll?")
    removing.remove_comment(dara, question, note.id)
    removing.remove(dara, question)
    with pytest.raises(Forbidden):
        removing.restore_comment(dara, question, note.id)


def test_editors_find_what_was_taken_away_on_their_desk_and_bring_it_back_where_it_stood(
    ana: Visitor, dara: Visitor
) -> None:
    question = community.question(asker_id=ana.person_id)
    answer = community.answer(question, "Push it.", author_id=ana.person_id)
    notes = [commenting.add(ana.actor, post, body="Which roll?") for post in (question, answer)]
    removing.remove_comment(dara.actor, question, notes[0].id)
    removing.remove_comment(ana.actor, answer, notes[1].id)
    removing.remove(ana.actor, answer)
    db.session.commit()
    desk = dara.page("/desk/flags")
    assert "taken away by Ana Ruiz" in desk.text
    assert "taken away by Dara Voss" in desk.text
    page = dara.page(desk.links[question.title])
    assert "One comment was taken away" in page.text
    assert "Taken away by Ana Ruiz" in page.text
    assert dara.post(f"/questions/{question.id}/comments/{notes[0].id}/restore").status_code == 303
    assert "Which roll?" in ana.page(desk.links[question.title]).text


def test_a_comment_has_the_name_of_its_question_for_who_may_read_that(app: Flask) -> None:
    ana, dara = actor(), actor("Dara Voss", Role.EDITOR)
    question, hidden = community.question(asker_id=ana.person_id), community.question("What is it?", access_key="a0")
    answer = community.answer(question)
    notes = [commenting.add(dara, post, body="Which roll?").id for post in (question, answer, hidden)]
    gone = commenting.add(dara, question, body="No.")
    removing.remove_comment(dara, question, gone.id)
    with app.test_request_context():
        assert {one: thing.title for one, thing in things.comments(ana, [*notes, gone.id]).items()} == dict.fromkeys(
            notes[:2], question.title
        )
        found = things.comments(dara, [gone.id])[gone.id]
    assert found.url.endswith(f"#comment-{gone.id}")
