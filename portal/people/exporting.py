"""Giving people out as a table that the importer reads back."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.core import sheets
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.permissions import Permission
from portal.people import importing
from portal.people.models import Department, Person, Site

HEADINGS = ("name", "email", "staff_number", "department", "site", "manager", "roles", "active")


def members(actor: Actor) -> Iterator[tuple[str, bytes]]:
    """Yield the table of everybody with an account, for whoever manages people."""
    actor.require(Permission.PERSON_MANAGE)
    yield "people.csv", "".join(sheets.write(HEADINGS, list(_rows()))).encode()


def _rows() -> Iterator[tuple[str, ...]]:
    people = list(importing.everybody())
    roles, ways, managers = importing.roles(), _ways(), _managers({one.id: one.email for one in people})
    sites: dict[int, str] = dict(db.session.execute(select(Site.id, Site.name)).all())
    for one in sorted(people, key=lambda one: one.email):
        if one.is_merged:
            continue
        yield (
            one.name,
            one.email,
            one.staff_number or "",
            ways.get(one.department_id or 0, ""),
            sites.get(one.site_id or 0, ""),
            managers.get(one.department_id or 0, ""),
            ", ".join(sorted(roles.get(one.id, ()))),
            "yes" if one.is_active else "no",
        )


def _ways() -> dict[int, str]:
    """Return each department with the way to it, such as `IT / Service Desk`."""
    rows = {row.id: row for row in db.session.execute(select(Department)).scalars()}

    def way(row: Department) -> str:
        above = rows.get(row.parent_id) if row.parent_id else None
        return f"{way(above)} / {row.name}" if above else row.name

    return {row.id: way(row) for row in rows.values()}


def _managers(mails: dict[int, str]) -> dict[int, str]:
    query = select(Department.id, Department.manager_id).where(Department.manager_id.is_not(None))
    active = set(db.session.execute(select(Person.id).where(Person.is_active)).scalars())
    return {unit: mails[one] for unit, one in db.session.execute(query) if one in mails and one in active}
