"""A person's copy of everything the portal keeps about them: one archive, for machines and for people alike.

Every table that refers to a person gives its rows, every declared place what it has; nobody has to remember a table.
What opens something (hashes, seeds) is in no copy.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from analytics.events import Name
from portal.core import clock, limits, options, personal, sheets
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden
from portal.core.permissions import Permission
from portal.core.personal import PersonColumn, Record, Subject
from portal.core.registry import registry
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.people.models import Person

A_DAY = 10
DAY = 86_400


def copy_for(actor: Actor, person: Person) -> bytes:
    """Make the copy, for the person themselves or for whoever answers for their data; records that it was made."""
    is_own = actor.person_id == person.id
    if is_own:
        actor.require_self()
    elif not actor.can(Permission.PERSON_ERASE):
        raise Forbidden("")
    limits.spend("copy", str(actor.person_id), limit=A_DAY, seconds=DAY)
    made = archive(person)
    ledger.record(Name.PERSON_EXPORTED, actor=actor, subject=person.ref, by="self" if is_own else "admin")
    return made


def archive(person: Person) -> bytes:
    """Return the copy: `README.md`, `data.json`, a table for each kind, and the files themselves."""
    subjects = subjects_of(person)
    data = collected(subjects)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("README.md", _contents(person, data))
        made.writestr("data.json", json.dumps(_plain(data), ensure_ascii=False, indent=1))
        for name, (_label, records) in data.items():
            if records:
                made.writestr(f"tables/{name}.csv", "".join(_table(records)))
        for place in personal.places(registry().personal_data):
            for subject in subjects if place.files else ():
                for name, content in place.files(subject) if place.files else ():
                    made.writestr(f"{place.name}/{name}", content)
    return out.getvalue()


def subjects_of(person: Person) -> list[Subject]:
    """Return the account and those that were merged into it: they are one person."""
    merged = db.session.execute(select(Person).where(Person.merged_into_id == person.id).order_by(Person.id)).scalars()
    return [Subject(one.id, one.name, one.email, _earlier(one)) for one in (person, *merged)]


def _earlier(person: Person) -> tuple[str, ...]:
    """Return the names and addresses somebody had before, but for those that are another's now."""
    changes = LedgerEntry.name == Name.PERSON_CHANGED.value, LedgerEntry.subject == str(person.ref)
    found: dict[str, None] = {}
    for props in db.session.execute(select(LedgerEntry.props).where(*changes).order_by(LedgerEntry.id)).scalars():
        told = zip(props.get("fields") or (), props.get("before") or (), strict=False)
        found |= {before: None for field, before in told if field in ("name", "email") and before}
    others = select(Person.name, Person.email).where(
        Person.id != person.id, or_(Person.name.in_(found), Person.email.in_(found))
    )
    taken = {word for row in db.session.execute(others) for word in row} if found else set()
    return tuple(word for word in found if word not in taken and word not in (person.name, person.email))


def collected(subjects: Iterable[Subject]) -> dict[str, tuple[str, list[Record]]]:
    """Return everything there is about these accounts: by name of its table, with a label and its records."""
    found: dict[str, tuple[str, list[Record]]] = {}
    for place in personal.places(registry().personal_data):
        if place.export:
            found[place.name] = (str(place.label), [row for one in subjects for row in place.export(one)])
    ids = [one.person_id for one in subjects]
    for one in personal.columns(registry().personal_data):
        found[one.column] = (str(one.label), _rows(one, ids))
    return found


def _rows(one: PersonColumn, ids: list[int]) -> list[Record]:
    names = one.given if one.given is not None else [c.name for c in one.table.c if c.name not in one.withheld]
    if not names:
        return []
    query = select(*(one.table.c[name] for name in names)).where(one.key.in_(ids))
    query = query.order_by(*one.table.primary_key.columns)
    return [dict(zip(names, row, strict=True)) for row in db.session.execute(query)]


def counts(person: Person) -> list[tuple[str, int]]:
    """Return what is kept about somebody, by kind, for the page that offers the copy."""
    subjects = subjects_of(person)
    ids = [one.person_id for one in subjects]
    found = []
    for place in personal.places(registry().personal_data):
        if place.export:
            counted = (place.count(one) if place.count else len(list(place.export(one))) for one in subjects)
            found.append((str(place.label), sum(counted)))
    for one in personal.columns(registry().personal_data):
        n = db.session.execute(select(func.count()).select_from(one.table).where(one.key.in_(ids))).scalar_one()
        found.append((str(one.label), n))
    return [(label, n) for label, n in found if n]


def _contents(person: Person, data: dict[str, tuple[str, list[Record]]]) -> str:
    portal = options.get().portal_name
    title = _("What the portal of %(portal)s keeps about %(name)s", portal=portal, name=person.name)
    explained = _(
        "`data.json` holds everything for programs, `tables/` the same for spreadsheets, one file for each kind; "
        "`files/` holds what was uploaded. Times are in UTC. Passwords and keys are in no copy: they are not kept "
        "in a form that could be read."
    )
    made = _("Made on %(day)s (UTC).", day=f"{clock.now():%Y-%m-%d %H:%M}")
    head = f"| {_('What')} | {_('How many')} | {_('Table')} |"
    lines = [f"# {title}", "", made, "", explained, "", head, "|---|---|---|"]
    lines += [f"| {label} | {len(records)} | {name} |" for name, (label, records) in data.items() if records]
    return "\n".join(lines) + "\n"


def _table(records: list[Record]) -> Iterable[str]:
    names = list(dict.fromkeys(name for record in records for name in record))
    cells = ([_cell(record.get(name)) for name in names] for record in records)
    return sheets.write(names, cells)


def _cell(value: Any) -> object:
    return json.dumps(_plain(value), ensure_ascii=False) if isinstance(value, dict | list) else _plain(value)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
