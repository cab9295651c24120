"""Colleagues, named as one names them: by their address, their name, or the beginning of it."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.people.models import Person

MOST = 10
NAMED = 5
"""How many people are named where a beginning may mean several."""
SHORTEST = 3
_APART = re.compile(r"[,;\n]+")


def meant(actor: Actor, words: str, *, field: str = "people") -> list[Person]:
    """Return whom somebody means by names or addresses, apart by commas; nobody for no words.

    Refuses what means nobody, and names whom it may mean where that is more than one (Invalid).
    """
    pieces = list(dict.fromkeys(" ".join(piece.split()) for piece in _APART.split(words) if piece.strip()))
    if len(pieces) > MOST:
        raise Invalid(_("%(n)s colleagues are enough.", n=MOST), field=field)
    found = {person.id: person for piece in pieces for person in [_one(piece, field)]}
    found.pop(actor.person_id or 0, None)
    return list(found.values())


def _one(words: str, field: str) -> Person:
    active = select(Person).where(Person.is_active)
    if "@" in words:
        person = db.session.execute(active.where(Person.email == words.lower())).scalar_one_or_none()
        if person is None:
            raise Invalid(_("Nobody here has the address %(address)s.", address=words), field=field)
        return person
    if len(words) < SHORTEST:
        raise Invalid(_("Write a little more of the name “%(words)s”.", words=words), field=field)
    begins = Person.name.istartswith(words, autoescape=True) | Person.name.icontains(f" {words}", autoescape=True)
    people = list(db.session.execute(active.where(begins).order_by(Person.name, Person.id).limit(NAMED + 1)).scalars())
    exact = [one for one in people if one.name.casefold() == words.casefold()]
    people = exact or people
    if len(people) == 1:
        return people[0]
    if not people:
        raise Invalid(
            _("Nobody here is called “%(words)s”. Write the e-mail address of a colleague.", words=words), field=field
        )
    named = ", ".join(f"{one.name} ({one.email})" for one in people[:NAMED]) + (" …" if len(people) > NAMED else "")
    raise Invalid(_("“%(words)s” may be %(people)s. Write the address.", words=words, people=named), field=field)
