"""Who sits in the task force, and for whom."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.people import queries as people
from portal.people.models import Person
from portal.roadmap.taskforce.models import Member, Seat

NAMED = 5


def seats_of(actor: Actor) -> frozenset[str]:
    """Return the seats somebody holds; one query."""
    if actor.person_id is None or actor.is_acting_for:
        return frozenset()
    query = select(Member.seat).where(Member.person_id == actor.person_id, Member.left_on.is_(None))
    return frozenset(db.session.execute(query).scalars())


def is_member(actor: Actor) -> bool:
    return bool(seats_of(actor))


def can_seat(actor: Actor) -> bool:
    """By their role: a member does not bring in others."""
    return actor.can(Permission.ROADMAP_STEER)


def members() -> Sequence[Member]:
    """Return everybody who holds a seat, seat by seat; one query."""
    query = select(Member).join(Member.person).options(joinedload(Member.person)).where(Member.left_on.is_(None))
    found = db.session.execute(query.order_by(Member.joined_on, Person.name)).scalars().all()
    order = list(Seat)
    return sorted(found, key=lambda one: order.index(Seat(one.seat)))


def people_in() -> list[Person]:
    """Return those who hold a seat, each once, by name."""
    return sorted({one.person_id: one.person for one in members()}.values(), key=lambda person: person.name)


def named(words: str, *, field: str = "person") -> Person:
    """Return the colleague whom an address or a name means; refuses (Invalid) nobody, and several."""
    words = " ".join(words.split())
    if not words:
        raise Invalid(_("Write the name or e-mail address of a colleague."), field=field)
    found = people.by_email(words.casefold())
    if found is not None and found.is_active:
        return found
    query = select(Person).where(Person.is_active, Person.name.icontains(words, autoescape=True))
    able = db.session.execute(query.order_by(Person.name).limit(NAMED + 1)).scalars().all()
    exact = [one for one in able if one.name.casefold() == words.casefold()]
    able = exact or able
    if len(able) == 1:
        return able[0]
    if not able:
        raise Invalid(_("Nobody is called so. Write the e-mail address of a colleague."), field=field)
    told = ", ".join(f"{one.name} ({one.email})" for one in able[:NAMED])
    raise Invalid(_("Several are called so: %(names)s. Write the e-mail address.", names=told), field=field)


def join(actor: Actor, person: Person, *, seat: str) -> Member:
    """Give somebody a seat. Records `member.joined`. Refuses (Conflict) a seat they hold."""
    if not can_seat(actor):
        raise Forbidden(_("Seats in the task force are given by those who run it."))
    if seat not in set(Seat):
        raise Invalid(_("Choose from the list."), field="seat")
    held = select(func.count()).where(Member.person_id == person.id, Member.seat == seat, Member.left_on.is_(None))
    if db.session.execute(held).scalar_one():
        raise Conflict(_("%(name)s holds this seat already.", name=person.name))
    row = Member(person_id=person.id, seat=seat, joined_on=clock.today())
    db.session.add(row)
    db.session.flush()
    ledger.record(Name.MEMBER_JOINED, actor=actor, subject=Ref("person", person.id), seat=seat)
    return row


def leave(actor: Actor, member_id: int) -> Member:
    """Let a seat be free again; members may leave their own. Records `member.left`."""
    row = db.session.get(Member, member_id)
    if row is None or row.left_on is not None:
        raise NotFound(_("There is no such seat."))
    if not can_seat(actor) and row.person_id != actor.person_id:
        raise Forbidden(_("Seats in the task force are given by those who run it."))
    row.left_on = clock.today()
    ledger.record(Name.MEMBER_LEFT, actor=actor, subject=Ref("person", row.person_id), seat=row.seat)
    db.session.flush()
    return row


def let_go(person: Person) -> None:
    """Free the seats of somebody who leaves the organisation."""
    query = select(Member).where(Member.person_id == person.id, Member.left_on.is_(None))
    for row in db.session.execute(query).scalars():
        row.left_on = clock.today()
