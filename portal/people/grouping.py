"""Audiences named, changed and taken away. Whoever sees other things from then on sees them with the next request."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, cast, delete, false, func, or_, select, update
from sqlalchemy import Text as SqlText

from analytics.events import Name
from portal.core.actor import Actor
from portal.core.database import Base, db
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Permission, Role
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.people import audiences, structure
from portal.people.models import AccessKey, Audience, AudienceRule, Person, PersonRole

RULE_KINDS = ("department", "site", "role", "person")
Rule = tuple[str, str]


def add_audience(actor: Actor, *, slug: str, name: str, rules: Iterable[Rule]) -> Audience:
    """Name a group of people; each rule is (kind, row id or role name). Refuses an unknown kind (Invalid)."""
    actor.require(Permission.PERSON_MANAGE)
    audience = Audience(slug=slug, name=name, rules=_rows(rules))
    db.session.add(audience)
    audiences.drop_cached()
    ledger.record(
        Name.AUDIENCE_CREATED, actor=actor, subject=Ref("audience", audience.id), slug=slug, after=_told(audience)
    )
    return audience


def change_audience(actor: Actor, audience: Audience, *, name: str, rules: Iterable[Rule]) -> None:
    """Give a group another name or other rules; its short name stays, for articles speak of it."""
    actor.require(Permission.PERSON_MANAGE)
    before = _told(audience)
    audience.name = name
    wanted = {(kind, str(value)) for kind, value in rules}
    there = {(rule.kind, rule.value): rule for rule in audience.rules}
    for key, rule in there.items():
        if key not in wanted:
            audience.rules.remove(rule)
    audience.rules += _rows(sorted(wanted - set(there)))
    db.session.flush()
    after = _told(audience)
    if before == after:
        return
    audiences.drop_cached()
    ledger.record(Name.AUDIENCE_CHANGED, actor=actor, subject=Ref("audience", audience.id), before=before, after=after)


def remove_audience(actor: Actor, audience: Audience) -> None:
    """Take a group away that nothing requires; refuses (Invalid) any other, for what it guards must stay guarded."""
    actor.require(Permission.PERSON_MANAGE)
    if uses(audience):
        raise Invalid(_("It is still in use. What is for it alone would have nobody left who may decide."))
    ref, before = Ref("audience", audience.id), _told(audience)
    keys = _keys_of(audience.id)
    db.session.execute(delete(AccessKey).where(AccessKey.key.in_(keys)))
    for table in Base.metadata.sorted_tables:  # what is past and for them alone stays for nobody: numbers come again
        if "access_key" in table.c:
            lost = update(table).where(table.c.access_key.in_(keys))
            db.session.execute(lost.values(access_key=audiences.NOBODY))
    db.session.delete(audience)
    audiences.drop_cached()
    ledger.record(Name.AUDIENCE_REMOVED, actor=actor, subject=ref, before=before)


def get_audience(audience_id: int) -> Audience:
    """Return the audience or refuse (NotFound)."""
    found = db.session.get(Audience, audience_id)
    if found is None:
        raise NotFound(_("There is no such audience."))
    return found


def uses(audience: Audience) -> dict[str, list[int]]:
    """Return the rows that are for this audience, by table: those that name it, and those whose key demands it.

    Every table with a column `audience` or `access_key` is asked, whichever feature it belongs to.
    """
    keys, found = _keys_of(audience.id), {}
    for table in Base.metadata.sorted_tables:
        conditions: list[ColumnElement[bool]] = []
        if "audience" in table.c:
            conditions.append(cast(table.c.audience, SqlText).contains(f'"{audience.slug}"', autoescape=True))
        if "access_key" in table.c and keys:
            conditions.append(table.c.access_key.in_(keys))
        if not conditions or "id" not in table.c:
            continue
        rows = db.session.execute(select(table.c.id).where(or_(*conditions)).order_by(table.c.id)).scalars().all()
        if rows:
            found[table.name] = list(rows)
    return found


def _keys_of(audience_id: int) -> list[str]:
    name = f"a{audience_id}"
    keys = db.session.execute(select(AccessKey.key)).scalars()
    return [key for key in keys if name in key.replace("&", "+").split("+")]


def belonging(rules: Collection[Rule]) -> ColumnElement[bool]:
    """Return the SQL for "fits one of these rules", of `Person`; the union, nobody without a rule."""
    conditions: list[ColumnElement[bool]] = [false()]
    units = [int(value) for kind, value in rules if kind == "department" and value.isdigit()]
    if units:
        conditions.append(Person.department_id.in_(structure.all_below(units)))
    for kind, value in rules:
        if kind == "role":
            given = Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == value))
            conditions.append(Person.id.is_not(None) if value == Role.READER.value else given)
        elif not value.isdigit():
            continue
        elif kind == "site":
            conditions.append(Person.site_id == int(value))
        elif kind == "person":
            conditions.append(Person.id == int(value))
    return or_(*conditions)


def members(rules: Collection[Rule], *, limit: int) -> tuple[int, list[Person]]:
    """Return how many active people fit, and the first of them by name."""
    who = (Person.is_active, belonging(rules))
    n = db.session.execute(select(func.count()).select_from(Person).where(*who)).scalar_one()
    query = select(Person).where(*who).order_by(func.lower(Person.name), Person.id).limit(limit)
    return n, list(db.session.execute(query).scalars())


def rules_of(audience: Audience) -> list[Rule]:
    return [(rule.kind, rule.value) for rule in audience.rules]


def _rows(rules: Iterable[Rule]) -> list[AudienceRule]:
    rows = []
    for kind, value in rules:
        if kind not in RULE_KINDS:
            raise Invalid(f"An audience rule is of {', '.join(RULE_KINDS)}, not {kind!r}.")
        rows.append(AudienceRule(kind=kind, value=str(value)))
    return rows


def _told(audience: Audience) -> list[Any]:
    return [audience.name, *sorted(f"{rule.kind}:{rule.value}" for rule in audience.rules)]
