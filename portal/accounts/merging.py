"""Two accounts of one person become one: everything moves in one transaction, the other account ends and leads here.

Which rows there are is found in the metadata (`core.personal`), so that no table is forgotten. Where two rows exclude
each other (both accounts said something of the same article), the one of the account that goes on stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Column, Table, UniqueConstraint, and_, delete, func, select, update

from analytics.events import Name
from portal.accounts import services
from portal.core import personal
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.core.personal import Merge, PersonColumn, Subject
from portal.core.registry import registry
from portal.ledger import services as ledger
from portal.people import audiences
from portal.people.models import Person


@dataclass(frozen=True)
class Move:
    """How much of one kind moves."""

    label: str
    n: int
    n_double: int = 0
    """Of these, how many both accounts have; one of each stays."""


def refuse_impossible(loser: Person, winner: Person) -> None:
    """Refuse (Invalid) to merge what cannot be merged."""
    if loser.id == winner.id:
        raise Invalid(_("Choose another account."), field="into")
    if winner.merged_into_id is not None or winner.is_erased or not winner.is_active:
        raise Invalid(_("The account that goes on must be in use."), field="into")
    if loser.merged_into_id is not None or loser.is_erased:
        raise Invalid(_("This account was merged or erased before."), field="into")


def preview(loser: Person, winner: Person) -> list[Move]:
    """Return what would move, by kind, without moving anything."""
    found = []
    for one in personal.columns(registry().personal_data):
        if one.on_merge is not Merge.MOVE:
            continue
        n = db.session.execute(select(func.count()).where(one.key == loser.id)).scalar_one()
        if n:
            found.append(Move(str(one.label), n, len(list(_doubles(one, loser.id, winner.id)))))
    for place in personal.places(registry().personal_data):
        if not (place.merge and place.export):
            continue
        if n := len(list(place.export(Subject(loser.id, loser.name, loser.email)))):
            found.append(Move(str(place.label), n))
    return found


def merge(actor: Actor, loser: Person, *, into: Person) -> int:
    """Move everything of one account to another and end it; returns how many rows moved.

    The roles of the account that goes on stay as they are: nobody gains rights by a merge.
    """
    actor.require(Permission.PERSON_MANAGE)
    actor.require_self()
    refuse_impossible(loser, into)
    if loser.id == actor.person_id:
        raise Invalid(_("You cannot end your own account. Ask another administrator."), field="into")
    services.deactivate(actor, loser)
    n = sum(_move(one, loser.id, into.id) for one in personal.columns(registry().personal_data))
    n += sum(place.merge(loser.id, into.id) for place in personal.places(registry().personal_data) if place.merge)
    db.session.flush()
    db.session.expire_all()
    number, loser.staff_number = loser.staff_number, None
    db.session.flush()
    into.staff_number = into.staff_number or number
    loser.merged_into_id = into.id
    audiences.drop_cached()
    ledger.record(Name.PERSON_MERGED, actor=actor, subject=loser.ref, into=into.id, n_moved=n)
    return n


def _move(one: PersonColumn, loser_id: int, winner_id: int) -> int:
    if one.on_merge is Merge.STAY:
        return 0
    mine = one.key == loser_id
    if one.on_merge is Merge.DROP:
        db.session.execute(delete(one.table).where(mine))
        return 0
    for double in list(_doubles(one, loser_id, winner_id)):
        db.session.execute(delete(one.table).where(double))
    moved = db.session.execute(update(one.table).where(mine).values({one.key: winner_id}))
    return int(moved.rowcount)  # type: ignore[attr-defined]


def _doubles(one: PersonColumn, loser_id: int, winner_id: int) -> Iterator[Any]:
    """Yield conditions that each name one row of the loser's that the winner has too."""
    key = list(one.table.primary_key.columns)
    for columns in _unique_with(one.table, one.key):
        others = [column for column in columns if column is not one.key]
        theirs = select(*key, *others).where(one.key == loser_id)
        for row in db.session.execute(theirs).all():
            values = dict(zip(others, row[len(key) :], strict=True))
            if any(value is None for value in values.values()):
                continue  # nothing excludes a row that says nothing there
            same = and_(one.key == winner_id, *(column == value for column, value in values.items()))
            if db.session.execute(select(func.count()).where(same)).scalar_one():
                yield and_(*(column == value for column, value in zip(key, row[: len(key)], strict=True)))


def _unique_with(table: Table, column: Column[Any]) -> Iterator[list[Column[Any]]]:
    """Yield every set of columns that is unique and holds this one."""
    sets = [list(table.primary_key.columns)]
    sets += [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    sets += [list(index.columns) for index in table.indexes if index.unique]
    yield from (columns for columns in sets if column in columns)
