"""What somebody of the desk keeps for themselves: views of the queue under names, and whether letters act."""

from __future__ import annotations

from functools import cache
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.people.models import Person
from portal.tickets.desk.listing import Wanted
from portal.tickets.models import DeskHabit, SavedView

MOST = 12
NAME = 40


def views(actor: Actor) -> list[SavedView]:
    """Return one's own views in the order they were kept; one query."""
    query = select(SavedView).where(SavedView.person_id == actor.person_id).order_by(SavedView.id)
    return list(db.session.execute(query).scalars())


def habits(actor: Actor) -> tuple[bool, list[SavedView]]:
    """Return whether letters act, and one's own views; one query."""
    rows = db.session.execute(_habits(), {"person": actor.person_id}).all()
    return all(has is not False for has, _view in rows), [view for _has, view in rows if view is not None]


@cache
def _habits() -> Select[bool | None, SavedView | None]:
    query = select(DeskHabit.has_keys, SavedView).select_from(Person)
    query = query.outerjoin(DeskHabit, DeskHabit.person_id == Person.id)
    query = query.outerjoin(SavedView, SavedView.person_id == Person.id)
    return query.where(Person.id == bindparam("person")).order_by(SavedView.id)


def wanted(view: SavedView) -> Wanted:
    return Wanted.read(dict(parse_qsl(view.query)))


def keep_view(actor: Actor, *, name: str, wanted: Wanted) -> SavedView:
    """Keep a view under a name; one of the same name is replaced. Refuses no name and too many (Invalid)."""
    name = " ".join(name.split())
    if not name or len(name) > NAME:
        raise Invalid(_("Give it a name of at most %(n)s characters.", n=NAME), field="name")
    there = views(actor)
    query = urlencode(wanted.arguments(view=wanted.view))
    for one in there:
        if one.name.casefold() == name.casefold():
            one.query = query
            return one
    if len(there) >= MOST:
        raise Invalid(_("%(n)s views are enough. Take one away first.", n=MOST), field="name")
    kept = SavedView(person_id=actor.person_id, name=name, query=query)
    db.session.add(kept)
    db.session.flush()
    return kept


def drop_view(actor: Actor, number: int) -> None:
    """Take one of one's own views away (NotFound for any other)."""
    found = db.session.get(SavedView, number)
    if found is None or found.person_id != actor.person_id:
        raise NotFound("")
    db.session.delete(found)
    db.session.flush()


def has_keys(actor: Actor) -> bool:
    """Say whether single letters act in the queue."""
    found = db.session.get(DeskHabit, actor.person_id) if actor.person_id is not None else None
    return found.has_keys if found is not None else True


def set_keys(actor: Actor, *, on: bool) -> None:
    """Let single letters act, or not."""
    if actor.person_id is None:
        raise NotFound("")
    found = db.session.get(DeskHabit, actor.person_id)
    if found is None:
        db.session.add(DeskHabit(person_id=actor.person_id, has_keys=on))
    else:
        found.has_keys = on
    db.session.flush()
