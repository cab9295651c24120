"""Ways round the account's end, and what is done in another's name: each stays shut."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from analytics.events import Name
from portal.accounts import services
from portal.core import clock
from portal.core.errors import Forbidden
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.home import announcements
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from tests.factories import people
from tests.people import Visitor
from tests.programs import service

WHY = "She asked me on the phone"


def test_tokens_for_services_end_with_the_account_of_who_made_them(ada: Visitor, visit: Any, db: Any) -> None:
    boss = visit(people.person("Rosa Boss", Role.ADMIN))
    theirs, others = service(ada, Role.ADMIN), service(boss, Role.ADMIN)
    assert theirs.get("/me").status_code == 200
    services.deactivate(boss.actor, ada.person)
    assert theirs.get("/me").status_code == 401
    assert others.get("/me").status_code == 200
    revoked = select(LedgerEntry).where(LedgerEntry.name == Name.SERVICE_TOKEN_REVOKED.value)
    assert [row.actor_id for row in db.session.execute(revoked).scalars()] == [boss.person_id]


def test_who_acts_for_somebody_does_not_agree_to_announce_in_their_name(ada: Visitor, ana: Visitor, db: Any) -> None:
    until = clock.now() + dt.timedelta(days=2)
    wanted = announcements.Wanted(
        title="I leave", body="Bye.", since=clock.now(), until=until, sender=Ref("person", ana.person_id or 0)
    )
    row = announcements.make(ada.actor, wanted)
    acting = dataclasses.replace(ana.actor, acted_by_id=ada.person_id, acted_by="Ada Demir")
    with pytest.raises(Forbidden, match="You act for Ana Ruiz"):
        announcements.answer(acting, row, agrees=True)
    assert row.state == "asked"
    announcements.answer(ana.actor, row, agrees=True)
    assert row.agreed_at is not None


def test_that_somebody_acted_stays_new_until_the_person_reads_it(ada: Visitor, ana: Visitor, db: Any) -> None:
    ada.post(f"/admin/people/{ana.person_id}/act", {"why": WHY})
    told = select(Notification).where(Notification.person_id == ana.person_id, Notification.kind == "acted_for")
    row = db.session.execute(told).scalar_one()
    ada.post("/notifications/read")
    ada.post(f"/notifications/{row.id}/open")
    assert db.session.execute(told).scalar_one().read_at is None
    ana.post("/notifications/read")
    assert db.session.execute(told).scalar_one().read_at is not None


def test_who_acts_for_somebody_announces_nothing_in_their_name(ada: Visitor, dara: Visitor, db: Any) -> None:
    acting = dataclasses.replace(dara.actor, acted_by_id=ada.person_id, acted_by="Ada Demir")
    wanted = announcements.Wanted(
        title="I leave", body="Bye.", since=clock.now(), until=clock.now() + dt.timedelta(days=2)
    )
    with pytest.raises(Forbidden, match="You act for Dara Voss"):
        announcements.make(acting, wanted)
    row = announcements.make(dara.actor, wanted)
    with pytest.raises(Forbidden, match="announcement"):
        announcements.get_to_change(dataclasses.replace(acting, roles=frozenset(), permissions=frozenset()), row.id)
    with pytest.raises(Forbidden, match="You act for Dara Voss"):
        announcements.get_to_change(acting, row.id)
    announcements.end(acting, row)
    assert row.state == "over"
