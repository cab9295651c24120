"""Changes to people and structure. Each is recorded with before and after, and drops what processes had cached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.core import addresses, clock, options
from portal.core.actor import Actor, kind_of, permissions_of
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Permission, Role
from portal.ledger import services as ledger
from portal.people import audiences, queries
from portal.people.grouping import add_audience, change_audience, remove_audience
from portal.people.models import Department, Person, PersonRole, Site
from portal.people.structure import add_department, add_site

__all__ = ["add_audience", "add_department", "add_site", "change_audience", "remove_audience"]

THEMES = ("auto", "light", "dark")
PLACES: dict[str, Any] = {"department_id": Department, "site_id": Site}


def allowed_keys(actor: Actor) -> frozenset[str]:
    """Return the access keys this actor may see."""
    return audiences.allowed_keys(actor)


def actor_of(person: Person) -> Actor:
    """Return this person as somebody who acts, with everything pages and policies ask for."""
    opts = options.get()
    actor = Actor(
        person_id=person.id,
        kind=kind_of(person.role_set),
        name=person.name,
        email=person.email,
        roles=person.role_set,
        permissions=permissions_of(person.role_set),
        department_id=person.department_id,
        site_id=person.site_id,
        locale=person.locale or opts.default_locale,
        timezone=person.timezone or (person.site.timezone if person.site else "") or opts.default_timezone,
        theme=person.theme,
    )
    return replace(actor, keys=audiences.allowed_keys(actor))


@lru_cache(maxsize=4096)
def _cached_actor(person_id: int, stamp: str, defaults: tuple[str, str], database: str) -> Actor | None:
    person = db.session.get(Person, person_id)
    return actor_of(person) if person is not None and person.is_active else None


def actor_for(person_id: int) -> Actor | None:
    """Return the active person as an actor, None for everybody else; free of queries while no person changed.

    Every change here gives the stamp `people` a new value in its own transaction, so no process shows an old picture.
    """
    opts = options.get()
    database = str(db.engine.url)
    return _cached_actor(person_id, options.stamp("people"), (opts.default_locale, opts.default_timezone), database)


def add_person(
    actor: Actor,
    *,
    email: str,
    name: str,
    department: Department | None = None,
    site: Site | None = None,
    roles: Iterable[Role] = (),
    staff_number: str | None = None,
    by: str = "admin",
) -> Person:
    """Add an account without a password; refuse a second one with the same address (Invalid)."""
    actor.require(Permission.PERSON_MANAGE)
    person = Person(
        email=clean_email(email),
        name=clean_name(name),
        staff_number=staff_number,
        department_id=department.id if department else None,
        site_id=site.id if site else None,
        is_active=True,
        created_at=clock.now(),
        roles=[PersonRole(role=role.value) for role in sorted(set(roles) - {Role.READER})],
    )
    if queries.by_email(person.email):
        raise Invalid(_("Somebody already has an account with this address."), field="email")
    db.session.add(person)
    audiences.drop_cached()
    ledger.record(Name.PERSON_CREATED, actor=actor, subject=person.ref, by=by)
    return person


def clean_email(email: str) -> str:
    """Return the address in the form we compare; refuse what is none (Invalid)."""
    return addresses.mail(email, field="email").lower()


def clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Please give a name."), field="name")
    if len(name) > 120:
        raise Invalid(_("Please keep the name under 120 characters."), field="name")
    return name


def change_profile(actor: Actor, *, name: str, locale: str, timezone: str, theme: str) -> Person:
    """Change one's own name, language, time zone and theme."""
    person = get_person(actor.person_id)
    if timezone and timezone not in clock.timezones():
        raise Invalid(_("This is not a time zone we know."), field="timezone")
    if theme not in THEMES:
        raise Invalid(_("Choose light, dark or automatic."), field="theme")
    values = {"name": clean_name(name), "locale": locale, "timezone": timezone, "theme": theme}
    assign(actor, person, values)
    return person


def change_person(
    actor: Actor, person: Person, *, name: str, email: str, department_id: int | None, site_id: int | None
) -> None:
    """Change what an administrator keeps about somebody."""
    actor.require(Permission.PERSON_MANAGE)
    email = clean_email(email)
    other = queries.by_email(email)
    if other is not None and other.id != person.id:
        raise Invalid(_("Somebody already has an account with this address."), field="email")
    values = {"name": clean_name(name), "email": email, "department_id": department_id, "site_id": site_id}
    assign(actor, person, values)


def assign(actor: Actor, person: Person, values: dict[str, Any]) -> None:
    """Give somebody these values and record those that differ; for services that have checked them."""
    fields = sorted(key for key, value in values.items() if getattr(person, key) != value)
    if not fields:
        return
    before = [_told(key, getattr(person, key)) for key in fields]
    for key in fields:
        setattr(person, key, values[key])
    audiences.drop_cached()
    after = [_told(key, values[key]) for key in fields]
    ledger.record(Name.PERSON_CHANGED, actor=actor, subject=person.ref, fields=fields, before=before, after=after)


def _told(field: str, value: Any) -> str:
    """Return a value as the audit log tells it: departments and sites by their names."""
    if field in PLACES and value is not None:
        row = db.session.get(PLACES[field], value)
        return str(row.name) if row else ""
    return "" if value is None else str(value)


def set_roles(actor: Actor, person: Person, roles: Collection[Role]) -> None:
    """Give somebody exactly these roles. Refuses to take the last administrator (Forbidden)."""
    actor.require(Permission.PERSON_MANAGE)
    before, after = person.role_set, frozenset({Role.READER, *roles})
    if before == after:
        return
    if Role.ADMIN in before - after:
        _refuse_last_admin(person)
    person.roles = [PersonRole(role=role.value) for role in sorted(after - {Role.READER})]
    audiences.drop_cached()
    added, removed = sorted(after - before), sorted(before - after)
    ledger.record(Name.ROLES_CHANGED, actor=actor, subject=person.ref, added=added, removed=removed)


def deactivate(actor: Actor, person: Person) -> None:
    """Shut somebody out. Sessions and tokens are ended by `accounts`, in the same transaction."""
    actor.require(Permission.PERSON_MANAGE)
    if not person.is_active:
        return
    if Role.ADMIN in person.role_set:
        _refuse_last_admin(person)
    person.is_active = False
    person.deactivated_at = clock.now()
    audiences.drop_cached()
    ledger.record(Name.PERSON_DEACTIVATED, actor=actor, subject=person.ref)
    for hook in _on_leaving:
        hook(person)


_on_leaving: list[Callable[[Person], None]] = []


def on_leaving(hook: Callable[[Person], None]) -> None:
    """Let `hook(person)` run in the transaction in which somebody is shut out."""
    if hook not in _on_leaving:
        _on_leaving.append(hook)


def reactivate(actor: Actor, person: Person) -> None:
    """Let somebody in again; old sessions and tokens stay dead."""
    actor.require(Permission.PERSON_MANAGE)
    if person.is_active:
        return
    if person.is_erased or person.merged_into_id is not None:
        raise Conflict(_("This account was merged or erased; it cannot come back."))
    person.is_active = True
    person.deactivated_at = None
    audiences.drop_cached()
    ledger.record(Name.PERSON_REACTIVATED, actor=actor, subject=person.ref)


def get_person(person_id: int | None) -> Person:
    """Return the person or refuse (NotFound)."""
    person = db.session.get(Person, person_id) if person_id is not None else None
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def _refuse_last_admin(person: Person) -> None:
    admins = select(PersonRole.person_id).where(PersonRole.role == Role.ADMIN.value)
    others = select(Person.id).where(Person.id.in_(admins), Person.is_active, Person.id != person.id).limit(1)
    if db.session.execute(others).first() is None:
        raise Forbidden(_("This is the last administrator. Make somebody else one first."))
