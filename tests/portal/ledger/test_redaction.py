"""The one exception to "what has happened cannot be changed"."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from analytics.events import Name
from portal.core import clock
from portal.core.database import db
from portal.core.refs import Ref
from portal.ledger import redaction, services
from portal.ledger.models import LedgerEntry, LedgerOpening
from tests.factories.people import actor

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]


def entries() -> list[LedgerEntry]:
    db.session.expire_all()
    return list(db.session.execute(select(LedgerEntry).order_by(LedgerEntry.id)).scalars())


def search(who: object, words: str) -> None:
    services.record(
        Name.SEARCH_PERFORMED,
        actor=who,
        search="k1",
        query=words,
        n_results=0,
        surface="search",  # type: ignore[arg-type]
    )


def test_whoever_is_erased_is_named_nowhere_and_still_counted_once() -> None:
    zoe, ana = actor("Zoe Hart"), actor("Ana Ruiz")
    search(zoe, "my salary")
    search(zoe, "my illness")
    search(ana, "call zoe hart")
    services.record(
        Name.PERSON_CHANGED,
        actor=ana,
        subject=Ref("person", zoe.person_id or 0),
        fields=["name"],
        before=["Zoe Heart"],
        after=["Zoe Hart"],
    )
    assert redaction.forget_person(zoe.person_id or 0, ["Zoe Hart"]) == 4
    first, second, of_ana, about = entries()
    assert first.visitor == second.visitor != services.visitor_of(zoe)
    assert (first.actor_id, first.visit, first.props["query"]) == (None, None, "")
    assert of_ana.props["query"] == "call Somebody who left"
    assert (of_ana.actor_id, of_ana.visitor) == (ana.person_id, services.visitor_of(ana))
    assert about.actor_id == ana.person_id
    assert "Hea" not in str(about.props)


def test_old_looks_keep_their_counts_and_lose_their_names() -> None:
    ana, ben = actor("Ana Ruiz"), actor("Ben Kaya")
    for month in (1, 2):
        with clock.frozen(dt.datetime(2026, month, 5, tzinfo=dt.UTC)):
            for who in (ana, ana, ben):
                search(who, "vpn")
            services.record(Name.SOLUTION_MARKED, actor=ana, subject=Ref("article", 1), solved=True)
    until = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    assert [redaction.forget_visitors(until) for _n in range(3)] == [3, 3, 0], "month by month"
    found = entries()
    looks = [entry for entry in found if entry.name == Name.SEARCH_PERFORMED]
    by_month = {month: {e.visitor for e in looks if e.at.month == month} for month in (1, 2)}
    assert [len(visitors) for visitors in by_month.values()] == [2, 2]
    assert not by_month[1] & by_month[2], "what joins the months would be a name"
    assert {(e.actor_id, e.visit) for e in looks} == {(None, None)}
    assert {e.actor_id for e in found if e.name == Name.SOLUTION_MARKED} == {ana.person_id}


def test_the_door_is_shut_behind_it() -> None:
    search(actor(), "vpn")
    redaction.forget_visitors(clock.now() + dt.timedelta(days=1))
    db.session.commit()
    assert db.session.execute(select(func.count()).select_from(LedgerOpening)).scalar_one() == 0
    for statement in ("UPDATE ledger_entry SET name = 'x'", "DELETE FROM ledger_entry"):
        with pytest.raises(DatabaseError, match="cannot be changed"):
            db.session.execute(text(statement))
        db.session.rollback()
