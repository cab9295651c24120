"""Departments and sites: added, changed, merged, taken away. Each is recorded with before and after.

What refers to a department or a site is found in the metadata, so that a table added later is neither left behind by a
merge nor left pointing at nothing by a removal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Column, func, select, update

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import Base, db
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.people import audiences
from portal.people.models import AudienceRule, Department, Person, Site

MOST_NAME = 120


def add_department(
    actor: Actor, *, name: str, slug: str = "", parent: Department | None = None, manager_id: int | None = None
) -> Department:
    """Add a unit; without a short name it gets one made of its name."""
    actor.require(Permission.PERSON_MANAGE)
    name = _name(name)
    unit = Department(
        slug=slug or _slug(name, Department), name=name, parent_id=parent.id if parent else None, manager_id=manager_id
    )
    db.session.add(unit)
    audiences.drop_cached()
    _record_department(actor, unit, "added", after=_told(unit))
    return unit


def change_department(
    actor: Actor, unit: Department, *, name: str, parent_id: int | None, manager_id: int | None
) -> None:
    """Rename it, move it below another one, give it a manager. Refuses (Invalid) to put it below itself."""
    actor.require(Permission.PERSON_MANAGE)
    if parent_id is not None:
        if db.session.get(Department, parent_id) is None:
            raise NotFound(_("There is no such department."))
        if parent_id in with_all_below(unit.id):
            raise Invalid(_("A department cannot stand below itself."), field="parent_id")
    before = _told(unit)
    unit.name, unit.parent_id, unit.manager_id = _name(name), parent_id, manager_id
    db.session.flush()
    after = _told(unit)
    if before == after:
        return
    audiences.drop_cached()
    _record_department(actor, unit, "changed", before=before, after=after)


def merge_departments(actor: Actor, unit: Department, *, into: Department) -> int:
    """Move everybody and everything of one unit to another and take it away; returns how many people moved."""
    actor.require(Permission.PERSON_MANAGE)
    if unit.id == into.id:
        raise Invalid(_("Choose another department."), field="into_id")
    before, n = _told(unit), _count(Person.department_id, unit.id)
    if into.id in with_all_below(unit.id):
        into.parent_id = unit.parent_id
    for column in _referring_to("department"):
        db.session.execute(update(column.table).where(column == unit.id).values({column: into.id}))
    if into.parent_id == into.id:
        into.parent_id = unit.parent_id
    _move_rules("department", unit.id, into.id)
    db.session.flush()
    db.session.expire_all()
    ref = Ref("department", unit.id)
    db.session.delete(unit)
    audiences.drop_cached()
    ledger.record(
        Name.DEPARTMENT_CHANGED, actor=actor, subject=ref, how="merged", before=before, after=_told(into), n_people=n
    )
    return n


def remove_department(actor: Actor, unit: Department) -> None:
    """Take an empty unit away; refuses (Invalid) one that anybody or anything still belongs to."""
    actor.require(Permission.PERSON_MANAGE)
    _refuse_used("department", unit.id)
    before, ref = _told(unit), Ref("department", unit.id)
    db.session.delete(unit)
    audiences.drop_cached()
    ledger.record(Name.DEPARTMENT_CHANGED, actor=actor, subject=ref, how="removed", before=before)


def add_site(actor: Actor, *, name: str, slug: str = "", timezone: str = "UTC") -> Site:
    actor.require(Permission.PERSON_MANAGE)
    name = _name(name)
    site = Site(slug=slug or _slug(name, Site), name=name, timezone=_zone(timezone))
    db.session.add(site)
    audiences.drop_cached()
    ledger.record(
        Name.SITE_CHANGED, actor=actor, subject=Ref("site", site.id), how="added", after=[site.name, site.timezone]
    )
    return site


def change_site(actor: Actor, site: Site, *, name: str, timezone: str) -> None:
    """Rename a site, or say in which time zone it lies; people there without one of their own follow."""
    actor.require(Permission.PERSON_MANAGE)
    before = [site.name, site.timezone]
    site.name, site.timezone = _name(name), _zone(timezone)
    after = [site.name, site.timezone]
    if before == after:
        return
    audiences.drop_cached()
    ledger.record(
        Name.SITE_CHANGED, actor=actor, subject=Ref("site", site.id), how="changed", before=before, after=after
    )


def remove_site(actor: Actor, site: Site) -> None:
    """Take a site away at which nobody works; refuses (Invalid) any other."""
    actor.require(Permission.PERSON_MANAGE)
    _refuse_used("site", site.id)
    ref, before = Ref("site", site.id), [site.name, site.timezone]
    db.session.delete(site)
    audiences.drop_cached()
    ledger.record(Name.SITE_CHANGED, actor=actor, subject=ref, how="removed", before=before)


def get_department(department_id: int) -> Department:
    """Return the unit or refuse (NotFound)."""
    found = db.session.get(Department, department_id)
    if found is None:
        raise NotFound(_("There is no such department."))
    return found


def get_site(site_id: int) -> Site:
    """Return the site or refuse (NotFound)."""
    found = db.session.get(Site, site_id)
    if found is None:
        raise NotFound(_("There is no such site."))
    return found


def with_all_below(department_id: int) -> list[int]:
    """Return the unit and everything below it; a ring, which nothing here makes, ends it."""
    return all_below([department_id])


def all_below(department_ids: Collection[int]) -> list[int]:
    """Return these units and everything below them; one query."""
    children: dict[int | None, list[int]] = {}
    for row in db.session.execute(select(Department.id, Department.parent_id)):
        children.setdefault(row.parent_id, []).append(row.id)
    found: list[int] = []
    waiting = list(department_ids)
    while waiting:
        found.append(waiting.pop())
        waiting += [child for child in children.get(found[-1], ()) if child not in found]
    return found


def _told(unit: Department) -> list[str]:
    """Return the unit as the audit log tells it: name, the one above, manager."""
    above = db.session.get(Department, unit.parent_id) if unit.parent_id else None
    manager = db.session.get(Person, unit.manager_id) if unit.manager_id else None
    return [unit.name, above.name if above else "", manager.name if manager else ""]


def _record_department(actor: Actor, unit: Department, how: str, **values: Any) -> None:
    ledger.record(Name.DEPARTMENT_CHANGED, actor=actor, subject=Ref("department", unit.id), how=how, **values)


def _referring_to(table_name: str) -> Iterator[Column[Any]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == table_name for key in column.foreign_keys):
                yield column


def _count(column: Any, value: int) -> int:
    return db.session.execute(select(func.count()).where(column == value)).scalar_one()


def _move_rules(kind: str, old_id: int, new_id: int) -> None:
    """Let audiences name the new unit where they named the old one; one rule of two that say the same."""
    rules = select(AudienceRule).where(AudienceRule.kind == kind)
    old = list(db.session.execute(rules.where(AudienceRule.value == str(old_id))).scalars())
    there = {rule.audience_id for rule in db.session.execute(rules.where(AudienceRule.value == str(new_id))).scalars()}
    for rule in old:
        if rule.audience_id in there:
            db.session.delete(rule)
        else:
            rule.value = str(new_id)


def _refuse_used(kind: str, row_id: int) -> None:
    named = AudienceRule.__table__.c.value == str(row_id)
    rules = db.session.execute(
        select(func.count()).select_from(AudienceRule).where(AudienceRule.kind == kind, named)
    ).scalar_one()
    if rules:
        raise Invalid(_("An audience names it. Change the audience first."))
    if any(_count(column, row_id) for column in _referring_to(kind)):
        raise Invalid(_("Somebody or something still belongs to it. Merge it into another one, or move them."))


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise Invalid(_("Please give a name."), field="name")
    if len(name) > MOST_NAME:
        raise Invalid(_("Please keep the name under 120 characters."), field="name")
    return name


def _zone(timezone: str) -> str:
    if timezone not in clock.timezones():
        raise Invalid(_("This is not a time zone we know."), field="timezone")
    return timezone


def _slug(name: str, model: type[Department] | type[Site]) -> str:
    """Return a short name nobody has yet, made of the letters of the name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:56] or model.__tablename__
    taken = set(db.session.execute(select(model.slug).where(model.slug.startswith(base))).scalars())
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)
