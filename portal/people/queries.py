"""Reads about people."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from portal.core.database import db
from portal.people.models import Audience, Department, Person, PersonRole, Site


def by_email(email: str) -> Person | None:
    return db.session.execute(select(Person).where(Person.email == email.strip().lower())).scalar_one_or_none()


def with_role(*roles: str) -> list[Person]:
    """Return the active people with any of these roles, by name."""
    chosen = select(PersonRole.person_id).where(PersonRole.role.in_(roles))
    query = select(Person).where(Person.id.in_(chosen), Person.is_active).order_by(Person.name)
    return list(db.session.execute(query).scalars())


def names(ids: Collection[int]) -> dict[int, str]:
    """Return the names of these people, one query; somebody erased is missing."""
    if not ids:
        return {}
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def departments() -> list[Department]:
    return list(db.session.execute(select(Department).order_by(Department.name)).scalars())


def sites() -> list[Site]:
    return list(db.session.execute(select(Site).order_by(Site.name)).scalars())


def audience_ids() -> dict[str, int]:
    """Return the audiences' ids by slug."""
    return dict(db.session.execute(select(Audience.slug, Audience.id)).all())
