"""Reads about people."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from portal.core.database import db
from portal.people.models import AccessKey, Audience, Department, Person, PersonRole, Site


def by_email(email: str) -> Person | None:
    return db.session.execute(select(Person).where(Person.email == email.strip().lower())).scalar_one_or_none()


def ids_by_email(emails: Collection[str]) -> dict[str, int]:
    """Return the ids of those of these addresses that somebody has, in lower case; one query."""
    if not emails:
        return {}
    query = select(Person.email, Person.id).where(Person.email.in_({email.strip().lower() for email in emails}))
    return dict(db.session.execute(query).all())


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


def all_keys() -> frozenset[str]:
    """Return every access key there is, for what leaves nothing out: an export by whoever holds the machine."""
    return frozenset({"public", "signed-in", *db.session.execute(select(AccessKey.key)).scalars()})
