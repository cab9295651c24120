"""What of the service desk stands on the editors' list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.permissions import Role
from portal.kb.caring import met, rows
from portal.people.services import actor_of
from portal.tickets.giving_back import for_editors
from tests.factories import kb, people, tickets


@pytest.fixture(autouse=True)
def asked(app: Flask, stopped_clock: Any) -> Iterator[None]:
    with app.test_request_context():
        yield


def owed(who: Actor) -> list[Any]:
    return [row for row in rows.found(who, met.whole()) if row.kind in for_editors.KINDS]


@pytest.mark.both
def test_solved_tickets_that_say_nothing_stand_by_topic_for_who_works_their_queue() -> None:
    cleo = people.person("Cleo Okafor", Role.EDITOR, Role.AGENT)
    topic, queue = kb.category("Printing"), tickets.queue("Workplace", cleo)
    by = [people.person(f"Reader{n} Example") for n in range(3)]
    told = [(one, 3, None) for one in by] + [(by[0], 3, "linked"), (by[1], 40, None)]
    for one, days, knowledge in told:
        ticket = tickets.ticket(one, queue=queue, category=topic)
        ticket.status, ticket.knowledge = "resolved", knowledge
        ticket.resolved_at = clock.now() - dt.timedelta(days=days)
    db.session.flush()
    who = actor_of(cleo)
    (row,) = owed(who)
    assert (row.people, row.met, row.lost) == (3, 3, 3)
    assert for_editors.draw(who, row).title == "Say what 3 solved tickets about “Printing” leave behind"
    for roles in ((Role.EDITOR,), (Role.EDITOR, Role.AGENT)):
        assert owed(people.actor("Dara Voss", *roles)) == []
