"""Two of the desk at the same instant (QUALITY R12): tickets never hang below, nor go into, each other."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.tickets.models import Ticket
from tests.factories import tickets
from tests.people import Visitor
from tests.portal.community.test_races import at_once, press

pytestmark = [pytest.mark.torture, pytest.mark.slow, pytest.mark.both]


def pair(db: Any, ana: Visitor, cleo: Visitor) -> tuple[int, int]:
    queue = tickets.queue("Service desk", cleo.person)
    numbers = tickets.ticket(ana.person, queue=queue).id, tickets.ticket(ana.person, queue=queue).id
    db.session.commit()
    return numbers


@pytest.mark.parametrize("verb", ["parent", "merge"])
def test_of_two_who_put_two_tickets_into_each_other_one_does(db: Any, ana: Visitor, cleo: Visitor, verb: str) -> None:
    for _round in range(4):
        first, second = pair(db, ana, cleo)
        both = ((first, second), (second, first))
        met = at_once([press(cleo, f"/queue/tickets/{one}/{verb}", number=str(other)) for one, other in both])
        db.session.rollback()
        rows = db.session.scalars(select(Ticket).where(Ticket.id.in_((first, second)))).all()
        assert sum(row.parent_id is not None or row.merged_into_id is not None for row in rows) == 1
        assert sorted(met)[0] == 303
        assert max(met) < 500
