"""A service desk to measure: a queue, its agent, and tickets of the reader with a conversation each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import once
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.permissions import Role
from portal.notifications import links
from portal.people import queries as people_queries
from portal.people import services as people
from portal.tickets import lifecycle
from portal.tickets.models import BusinessHours, Holiday, Queue, QueueMember, ServiceLevel, Ticket, TrailKind

NEW = "/tickets/new"
READER, AGENT = "ana@ostreyvale.example", "cleo@ostreyvale.example"
EXCHANGES = 4
"""Questions and answers on the ticket that is looked at."""


def furnish(app: Flask) -> str:
    """Put a desk and some of the reader's tickets there; returns the address of one with a conversation."""
    with app.app_context(), links.addressable():
        reader, agent = _actor(READER), _actor(AGENT)
        queue = db.session.execute(select(Queue).order_by(Queue.is_default.desc())).scalars().first()
        if queue is None:
            hours = BusinessHours(name="Desk", timezone="Europe/Berlin", week=[[["09:00", "17:00"]]] * 5 + [[], []])
            hours.holidays = [Holiday(on=dt.date(2026, 12, day), name="Holiday") for day in (24, 25, 26, 31)]
            queue = Queue(slug="desk", name="Service desk", hours=hours, is_default=True)
            queue.levels = [ServiceLevel(priority="normal", first_response_minutes=60, resolution_minutes=480)]
            db.session.add(queue)
            db.session.flush()
        if agent.person_id not in {member.person_id for member in queue.members}:
            queue.members.append(QueueMember(person_id=agent.person_id))
            db.session.flush()
        for n in range(12):
            ticket = _ticket(reader, n, queue)
        for n in range(EXCHANGES):
            lifecycle.reply(agent, ticket, body=f"Did you try to restart it? ({n})", wait=True)
            lifecycle.reply(reader, ticket, body="Yes, **twice**, and it is the same.")
        db.session.commit()
        return f"/tickets/{ticket.id}"


def _actor(email: str) -> Actor:
    person = people_queries.by_email(email)
    if person is None:
        person = people.add_person(
            system("benchmark"), email=email, name=email.partition("@")[0].title(), roles=[Role.AGENT]
        )
    return people.actor_of(person)


def _ticket(reader: Actor, n: int, queue: Queue) -> Ticket:
    tried = tuple(lifecycle.Tried(kind=TrailKind.SEARCH, text=f"laptop screen black {k}") for k in range(4))
    words = f"Screen {n} stays black after the update"
    return lifecycle.open_ticket(
        reader, lifecycle.Request(subject=words, body="Since today.", queue=queue, trail=tried)
    )


def hand_over(client: FlaskClient) -> None:
    """Send the form as its reader does; anything but a new ticket ends the measurement."""
    sent: dict[str, Any] = {
        "subject": "Screen stays black after the update",
        "body": "Since this morning, at the **new** desk. I changed the cable.",
        "form_token": once.new_token(),
    }
    answer = client.post(NEW, data=sent, headers={"Origin": "http://localhost"})
    if answer.status_code != 303:
        raise SystemExit(f"Handing over answered {answer.status_code}")
