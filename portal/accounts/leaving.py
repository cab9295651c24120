"""Taking an import of people back, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, delete, exists, or_, select

from analytics.events import Name
from portal.accounts import services
from portal.core import personal
from portal.core.actor import Actor
from portal.core.database import Base, db
from portal.core.errors import Invalid
from portal.core.importing import Ground, Made, Outcome, Undone
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.people import audiences, structure
from portal.people import services as people
from portal.people.models import Department, Person, PersonRole, Site

_OWN = frozenset({"person_role.person_id"})
"""What goes with a person without a word."""


def undo(actor: Actor, made: Made) -> Undone:
    """Take back what an import did to a person or a department, unless it was changed since."""
    if made.subject.kind == "department":
        return _undo_leader(actor, made)
    person = db.session.get(Person, made.subject.id, populate_existing=True)
    if person is None:
        return Undone(reason=_("It is gone."))
    after = made.before.get("after", {})
    if any(_now(person, key) != value for key, value in after.items()):
        return Undone(reason=_("It was changed in the portal since."))
    if made.outcome is Outcome.CREATED:
        return _take_away(actor, person)
    return _put_back(actor, person, made)


def _now(person: Person, key: str) -> Any:
    return sorted(row.role for row in person.roles) if key == "roles" else getattr(person, key)


def _undo_leader(actor: Actor, made: Made) -> Undone:
    unit = db.session.get(Department, made.subject.id, populate_existing=True)
    if unit is None or unit.manager_id != made.before["after"]["manager_id"]:
        return Undone(reason=_("It was changed in the portal since."))
    manager_id = made.before["manager_id"]
    if manager_id is not None and db.session.get(Person, manager_id) is None:
        manager_id = None
    structure.change_department(actor, unit, name=unit.name, parent_id=unit.parent_id, manager_id=manager_id)
    return Undone()


def _take_away(actor: Actor, person: Person) -> Undone:
    """Remove somebody of whom nothing tells yet; deactivate everybody else."""
    if not person.is_active:
        return Undone(left={"left": True})
    if db.session.execute(_hangs(), {"person": person.id}).scalar():
        services.deactivate(actor, person)
        return Undone(left={"left": True})
    ref = person.ref
    db.session.execute(delete(PersonRole).where(PersonRole.person_id == person.id))
    db.session.expunge(person)
    db.session.execute(delete(Person).where(Person.id == ref.id))
    audiences.drop_cached()
    ledger.record(Name.PERSON_ERASED, actor=actor, subject=ref, n_places=1)
    return Undone()


@cache
def _hangs() -> Select[Any]:
    """Return the question whether anything refers to a person: a row of any table, or something they did."""
    person: Any = bindparam("person")
    found = [exists().where(LedgerEntry.actor_id == person)]
    for name in sorted(personal.referring() - _OWN):
        table, _dot, column = name.partition(".")
        found.append(exists().where(Base.metadata.tables[table].c[column] == person))
    return select(or_(*found))


def _put_back(actor: Actor, person: Person, made: Made) -> Undone:
    if (roles_after := made.before.get("roles_after")) is not None:
        if _now(person, "roles") != roles_after:
            return Undone(reason=_("It was changed in the portal since."))
        services.set_roles(actor, person, {Role(role) for role in made.before["roles"]})
    if (was_active := made.before.get("was_active")) is not None and was_active != person.is_active:
        if was_active:
            people.reactivate(actor, person)
        else:
            services.deactivate(actor, person)
    if was := made.before.get("was"):
        people.assign(actor, person, dict(was))
    return Undone(left={})


def after(actor: Actor, subjects: Iterable[Ref], ground: Sequence[Ground]) -> dict[Ref, str]:
    """Take back the departments and sites the import made, if nobody belongs there now; returns those that stay."""
    stay = {}
    for one in reversed(ground):
        try:
            if one.subject.kind == "department":
                _take_department(actor, one)
            else:
                _take_site(actor, one)
        except Invalid as refusal:
            stay[one.subject] = refusal.message
    return stay


def _take_department(actor: Actor, one: Ground) -> None:
    unit = db.session.get(Department, one.subject.id, populate_existing=True)
    _refuse_renamed(unit, one)
    if unit is not None:
        structure.remove_department(actor, unit)


def _take_site(actor: Actor, one: Ground) -> None:
    site = db.session.get(Site, one.subject.id, populate_existing=True)
    _refuse_renamed(site, one)
    if site is not None:
        structure.remove_site(actor, site)


def _refuse_renamed(unit: Department | Site | None, one: Ground) -> None:
    if unit is not None and unit.name != one.left["name"]:
        raise Invalid(_("It was changed in the portal since."))
