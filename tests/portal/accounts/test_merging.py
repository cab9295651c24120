"""Two accounts become one, and nothing is left behind."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from analytics.events import Name
from portal.accounts import merging, services
from portal.core import personal
from portal.core.actor import system
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.permissions import Role
from portal.core.personal import Merge
from portal.core.registry import registry
from portal.files import services as files
from portal.ledger.models import LedgerEntry
from portal.people import services as people
from portal.people.models import AudienceRule
from portal.talk import comments, solutions
from portal.talk.models import Solution
from tests.factories import accounts, kb
from tests.factories.files import picture
from tests.factories.people import audience, department, person
from tests.people import Visitor

pytestmark = [pytest.mark.usefixtures("app")]
ADMIN = system("test")


def rows_of(person_id: int) -> dict[str, int]:
    """Return how many rows of each column name this person."""
    found = {}
    for one in personal.columns(registry().personal_data):
        n = db.session.execute(select(func.count()).where(one.key == person_id)).scalar_one()
        if n:
            found[one.column] = n
    return found


def fill(who: Any, article: Any) -> None:
    """Let somebody leave traces in many tables."""
    import io

    actor = people.actor_of(who)
    comments.add(actor, article.ref, body="It helped.")
    solutions.mark(actor, article.ref, version=article.version, solved=True)
    files.store(actor, io.BytesIO(picture()), "drawing.png", on=article.ref)
    kb.article(owner_id=who.id)
    department("Lead", manager_id=who.id)
    kb.draft(kb.article(), created_by_id=who.id, saved_by_id=who.id, written_by=[who.id])


@pytest.mark.both
def test_everything_that_may_move_moves(app: Flask) -> None:
    article = kb.article()
    old, new = person("Ana R.", staff_number="77"), person("Ana Ruiz")
    with app.test_request_context():
        fill(old, article)
    accounts.password(old)
    group = audience("Some", ("person", str(old.id)))
    before = rows_of(old.id)
    told = {move.label: move.n for move in merging.preview(old, new)}
    n = merging.merge(ADMIN, old, into=new)
    staying = {one.column for one in personal.columns(registry().personal_data) if one.on_merge is Merge.STAY}
    assert set(rows_of(old.id)) <= staying
    assert set(rows_of(new.id)) >= set(before) - staying
    assert n >= sum(told.values()) > 6
    assert (old.merged_into_id, old.is_active, new.staff_number) == (new.id, False, "77")
    assert [rule.value for rule in db.session.get_one(type(group), group.id).rules] == [str(new.id)]
    assert db.session.execute(select(AudienceRule.value)).scalars().all() == [str(new.id)]


def test_of_two_votes_the_one_of_the_account_that_goes_on_stays() -> None:
    article = kb.article()
    old, new = person("Ana R."), person("Ana Ruiz")
    for who, solved in ((old, False), (new, True)):
        reason = None if solved else "did_not_work"
        solutions.mark(people.actor_of(who), article.ref, version=1, solved=solved, reason=reason)
    assert [(move.n, move.n_double) for move in merging.preview(old, new)][:1] == [(1, 1)]
    merging.merge(ADMIN, old, into=new)
    (left,) = db.session.execute(select(Solution)).scalars()
    assert (left.person_id, left.is_solved) == (new.id, True)


def test_it_is_recorded_and_cannot_be_done_twice_or_to_oneself() -> None:
    ada = person("Ada Demir", Role.ADMIN)
    old, new, other = person("Ana R."), person("Ana Ruiz"), person("Ben Kaya")
    merging.merge(people.actor_of(ada), old, into=new)
    (fact,) = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.PERSON_MERGED)).scalars()
    assert (fact.actor_id, fact.subject, fact.props["into"]) == (ada.id, str(old.ref), new.id)
    for loser, winner in ((old, other), (other, old), (other, other), (ada, other)):
        with pytest.raises((Invalid, Forbidden)):
            merging.merge(people.actor_of(ada), loser, into=winner)
    with pytest.raises(Conflict):
        people.reactivate(ADMIN, old)


def test_what_was_merged_before_goes_along() -> None:
    first, second, third = person("A"), person("B"), person("C")
    merging.merge(ADMIN, first, into=second)
    merging.merge(ADMIN, second, into=third)
    assert (first.merged_into_id, second.merged_into_id) == (third.id, third.id)


def test_only_administrators_merge() -> None:
    mia = person("Mia Duarte", Role.MANAGER)
    with pytest.raises(Forbidden):
        merging.merge(people.actor_of(mia), person("A"), into=person("B"))


def test_the_ended_account_is_refused_kindly_and_only_with_its_password(app: Flask, stranger: Visitor) -> None:
    old, new = person("Ana R.", email="ana.r@ostreyvale.example"), person("Ana Ruiz", email="ana@ostreyvale.example")
    services.set_password(old, "five calm herons stand in the reed")
    merging.merge(ADMIN, old, into=new)
    db.session.commit()
    right = stranger.submit("/sign-in", "/sign-in", email=old.email, password="five calm herons stand in the reed")
    assert "Sign in with ana@ostreyvale.example" in right.text
    wrong = stranger.submit("/sign-in", "/sign-in", email=old.email, password="nine calm storks")
    assert "do not belong together" in wrong.text
    assert "Sign in with" not in wrong.text
    assert stranger.get("/account").status_code == 302
