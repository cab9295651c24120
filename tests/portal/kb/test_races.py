"""Many people at one text at the same instant (QUALITY R11): one is first, nobody's text is lost, the history is whole.

Threads with connections of their own on a real file; 40 races in every run, 1,000 by `make torture`.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.errors import Conflict
from portal.core.permissions import Role
from portal.kb.models import Article, Draft, Revision, State
from portal.kb.reviewing import reviews
from portal.kb.writing import drafts, publishing
from portal.kb.writing.drafts import Collision
from portal.people import services as people
from portal.people.models import Person
from tests.factories import kb
from tests.factories import people as made
from tests.torture.stage import rounds

pytestmark = [pytest.mark.torture, pytest.mark.slow]

RACES = rounds(40, 1000)
MOST = 20


@pytest.fixture
def writers(db: Any) -> list[int]:
    ids = [made.person(f"Writer {n}", Role.EDITOR).id for n in range(MOST)]
    db.session.commit()
    return ids


def race(app: Flask, ids: list[int], act: Callable[[Any, int], Any]) -> list[Any]:
    """Let everybody act at the same instant, each in a transaction of their own; return what each met."""
    met: list[Any] = [None] * len(ids)
    start = threading.Barrier(len(ids))

    def run(place: int, person_id: int) -> None:
        from portal.core.database import db

        with app.app_context():
            person = db.session.get_one(Person, person_id)
            actor = people.actor_of(person)
            db.session.rollback()
            start.wait()
            try:
                met[place] = act(actor, place)
                db.session.commit()
            except Conflict as refusal:
                met[place] = (refusal, refusal.draft.text()) if isinstance(refusal, Collision) else refusal
                db.session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(ids)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return met


def test_of_many_who_save_at_once_one_is_first_and_the_others_get_both_texts(
    app: Flask, db: Any, writers: list[int]
) -> None:
    draw = random.Random(11)
    draft = drafts.begin(people.actor_of(db.session.get(Person, writers[0])), category=kb.category(), title="Race")
    db.session.commit()
    draft_id, before = draft.id, draft.lock
    for n in range(RACES):
        seen = db.session.get_one(Draft, draft_id, populate_existing=True).lock
        db.session.rollback()
        racing = draw.sample(writers, draw.randint(2, MOST))

        def save(actor: Any, place: int, seen: int = seen, n: int = n) -> str:
            from portal.core.database import db

            own = db.session.get_one(Draft, draft_id)
            drafts.save(actor, own, {"body": f"Race {n}, by {place}.\n"}, lock=seen)
            return "first"

        met = race(app, racing, save)
        (winner,) = (place for place, one in enumerate(met) if one == "first")
        kept = db.session.get_one(Draft, draft_id, populate_existing=True)
        assert (kept.body, kept.lock) == (f"Race {n}, by {winner}.\n", seen + 1)
        for place, one in enumerate(met):
            if place != winner:
                collision, theirs = one
                assert collision.text["body"] == f"Race {n}, by {place}.\n"
                assert theirs["body"] == kept.body
        db.session.rollback()
    assert db.session.get_one(Draft, draft_id, populate_existing=True).lock == before + RACES


def test_of_many_who_publish_at_once_one_does_and_the_history_is_whole(app: Flask, db: Any, writers: list[int]) -> None:
    dara = people.actor_of(db.session.get(Person, writers[0]))
    article_id = kb.article().id
    n_races = max(4, RACES // 10)
    for n in range(n_races):
        draft = drafts.edit(dara, db.session.get_one(Article, article_id))
        drafts.save(dara, draft, {"body": f"Text {n}.\n"}, lock=draft.lock)
        draft_id = draft.id
        db.session.commit()

        def publish(actor: Any, place: int, draft_id: int = draft_id) -> str:
            from portal.core.database import db

            publishing.publish(actor, db.session.get_one(Draft, draft_id))
            return "first"

        met = race(app, writers[:5], publish)
        assert met.count("first") == 1
        assert all(one == "first" or isinstance(one, Conflict) for one in met)
        db.session.expire_all()
    kept = select(Revision.n, Revision.body).where(Revision.article_id == article_id).order_by(Revision.n)
    assert [tuple(row) for row in db.session.execute(kept)] == [(n + 1, f"Text {n}.\n") for n in range(n_races)]


def test_what_is_approved_and_saved_at_once_is_never_approved_unseen(app: Flask, db: Any, writers: list[int]) -> None:
    dara = people.actor_of(db.session.get(Person, writers[0]))
    for n in range(max(6, RACES // 10)):
        draft = drafts.begin(dara, category=kb.category(), title="Race", summary="In short.", body="Looked at.\n")
        reviews.submit(dara, draft)
        draft_id, lock = draft.id, draft.lock
        db.session.commit()

        def act(actor: Any, place: int, draft_id: int = draft_id, lock: int = lock, n: int = n) -> str:
            from portal.core.database import db

            own = db.session.get_one(Draft, draft_id)
            if place == n % 2:
                reviews.approve(actor, own, lock=lock)
                return "approved"
            drafts.save(dara, own, {"body": "Not looked at.\n"}, lock=lock)
            return "saved"

        race(app, writers[1:3], act)
        kept = db.session.get_one(Draft, draft_id, populate_existing=True)
        assert kept.body == "Not looked at.\n"
        assert (kept.state, kept.approved_by_id) == (State.WRITING, None)
        db.session.rollback()
