"""Choosing a person by typing: part of a name or a mail address, and a second look where several fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.core.database import db
from portal.core.errors import Invalid
from portal.people.models import Person

MOST = 8


@dataclass(frozen=True)
class Several(Exception):
    """More than one person fits; the page asks which."""

    people: Sequence[Person]


def candidates(words: str, *, is_active: bool | None = True, limit: int = MOST) -> list[Person]:
    """Return people whose name or address has all these words, by name."""
    query = select(Person).options(joinedload(Person.department)).where(Person.erased_at.is_(None))
    for word in words.split()[:5]:
        fits = (Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True))
        query = query.where(or_(*fits))
    if is_active is not None:
        query = query.where(Person.is_active.is_(is_active))
    return list(db.session.execute(query.order_by(func.lower(Person.name), Person.id).limit(limit)).scalars())


def chosen(
    words: str, person_id: int | None, *, field: str, is_active: bool | None = True, leave_out: int | None = None
) -> Person | None:
    """Return whom the words mean, None for no words; `person_id` is the answer to "which of them?".

    Refuses (Invalid) words that fit nobody, and raises Several where they fit more than one.
    """
    words = words.strip()
    if not words:
        return None
    found = [one for one in candidates(words, is_active=is_active, limit=MOST + 1) if one.id != leave_out]
    exact = [one for one in found if words.lower() in (one.email, one.name.lower())]
    if answered := [one for one in found if one.id == person_id]:
        return answered[0]
    if len(exact) == 1:
        return exact[0]
    if not found:
        raise Invalid(_("Nobody is called so, nor has this address."), field=field)
    if len(found) > 1:
        raise Several(found[:MOST])
    return found[0]


def label(person: Person) -> str:
    """Return how somebody is told from others of the same name."""
    where = person.department.name if person.department else ""
    return " · ".join(filter(None, (person.name, person.email, where)))
