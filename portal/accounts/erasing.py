"""Forgetting somebody for good. What they gave to all stays, by somebody who left; what tells who they were goes.

Asking ends the account at once; the rest is one job in one transaction, so that nobody is ever half erased. Its report
counts and never names. Backups are not rewritten: they go with their age, and the page says so.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import JSON, Column, String, Table, Text, cast, delete, false, func, or_, select, update

from analytics.events import Name
from portal.accounts import services
from portal.accounts.exporting import subjects_of
from portal.accounts.models import Erasure
from portal.core import clock, options, personal
from portal.core.actor import Actor, system
from portal.core.database import Base, db
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Permission
from portal.core.personal import Erase, PersonColumn, Subject, pattern
from portal.core.refs import Ref
from portal.core.registry import registry
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.people import audiences
from portal.people import services as people
from portal.people.models import Person

ERASE = "accounts.erase"
UPDATE_INDEX = "search.update"
GUARDED = frozenset({"ledger_entry", "option", "person"})
"""Not searched: the ledger has its own door, the person's row is written anew, options are for people to mend."""


def ask(actor: Actor, person: Person, *, name: str) -> Erasure:
    """End the account and have everything forgotten that tells who it was; the name must be typed as it stands.

    Refuses the actor's own account and the last administrator.
    """
    actor.require(Permission.PERSON_ERASE)
    actor.require_self()
    if person.is_erased:
        raise Conflict(_("This person was erased before."))
    if person.id == actor.person_id:
        raise Invalid(_("Another administrator has to erase you."), field="name")
    if " ".join(name.split()) != person.name:
        raise Invalid(_("This is not the name that stands above."), field="name")
    services.deactivate(actor, person)
    return plan(person, asked_by_id=actor.person_id)


def plan(person: Person, *, asked_by_id: int | None = None) -> Erasure:
    """Have somebody whose account has ended forgotten by a job; whether that may be is the caller's to know."""
    erasure = Erasure(person_id=person.id, asked_by_id=asked_by_id, asked_at=clock.now(), report={})
    db.session.add(erasure)
    db.session.flush()
    jobs.enqueue(ERASE, {"erasure": erasure.id}, key=f"erase:{person.id}")
    return erasure


def run(erasure_id: int) -> None:
    """Do it. Safe to run twice: who is erased is left alone."""
    erasure = db.session.get_one(Erasure, erasure_id)
    person = db.session.get_one(Person, erasure.person_id)
    if erasure.finished_at is not None:
        return
    with force_locale(options.get().default_locale):
        report = _forget(person)
    erasure.report, erasure.finished_at = report, clock.now()
    asked_by = db.session.get(Person, erasure.asked_by_id) if erasure.asked_by_id else None
    actor = people.actor_of(asked_by) if asked_by else system("erasing")
    n = sum(count for _label, count in report["done"])
    ledger.record(Name.PERSON_ERASED, actor=actor, subject=Ref("person", person.id), n_places=n)


def _forget(person: Person) -> dict[str, Any]:
    subjects = subjects_of(person)
    done: Counter[str] = Counter()
    signed: set[str] = set()
    for subject in subjects:
        for place in personal.places(registry().personal_data):
            if place.erase:
                done[str(place.label)] += place.erase(subject)
        for one in personal.columns(registry().personal_data):
            done[str(one.label)] += _erase_column(one, subject, signed)
    db.session.flush()
    db.session.expire_all()
    for subject in subjects:
        _empty(db.session.get_one(Person, subject.person_id))
    audiences.drop_cached()
    done[_("Other places with their address")] += sum(_scrub(email) for subject in subjects for email in subject.emails)
    db.session.expire_all()
    if refs := sorted(ref for ref in signed if Ref.parse(ref).kind in registry().sources):
        jobs.enqueue(UPDATE_INDEX, {"refs": refs})
    named = {table: n for subject in subjects for name in subject.names for table, n in _still_named(name)}
    opts, emails = asdict(options.get()), [email for subject in subjects for email in subject.emails]
    options_named = [name for name, value in opts.items() if any(email in str(value).lower() for email in emails)]
    return {"done": [[label, n] for label, n in done.items() if n], "named": named, "options": options_named}


def _erase_column(one: PersonColumn, subject: Subject, signed: set[str]) -> int:
    """Do with the rows of one column what their feature declared; returns how many there were."""
    mine = one.key == subject.person_id
    if one.on_erase is Erase.DELETE:
        statement: Any = delete(one.table).where(mine)
    elif one.on_erase is Erase.FORGET:
        statement = update(one.table).where(mine).values({one.key: None})
    else:
        signed.update(_sign_off(one, subject))
        n = db.session.execute(select(func.count()).where(mine)).scalar_one()
        if one.words and n:
            emptied = {name: None if one.table.c[name].nullable else "" for name in one.words}
            db.session.execute(update(one.table).where(mine).values(emptied))
        return int(n)
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _sign_off(one: PersonColumn, subject: Subject) -> Iterator[str]:
    """Take their name out of what they wrote: notes are often signed. Yields the things whose text changed."""
    if one.given is not None:  # they only dealt with it; the words are another's
        return
    columns = list(_texts(one.table))
    key = list(one.table.primary_key.columns)
    named = (column.icontains(word, autoescape=True) for column in columns for word in subject.spelled)
    found = or_(false(), *named)
    for row in db.session.execute(select(*key, *columns).where(one.key == subject.person_id, found)).mappings().all():
        texts = {c: row[c] for c in columns if isinstance(row[c], str)}
        changed = {c: subject.out_of(value) for c, value in texts.items()}
        this = [c == row[c] for c in key]
        db.session.execute(update(one.table).where(*this).values(changed))
        if len(key) == 1 and isinstance(row[key[0]], int):
            yield str(Ref(one.table.name, row[key[0]]))


def _texts(table: Table) -> Iterator[Column[Any]]:
    return (column for column in table.c if isinstance(column.type, String | Text) and not column.primary_key)


def _empty(person: Person) -> None:
    """Leave nothing in the row that tells who it was; its number stays, for contributions point at it."""
    person.name = _("Somebody who left")
    person.email = f"erased-{person.id}@erased.invalid"
    person.staff_number = person.department_id = person.site_id = None
    person.is_active = False
    person.deactivated_at = person.deactivated_at or clock.now()
    person.locale, person.timezone, person.theme = "", "", "auto"
    person.mail_trouble = person.mail_trouble_at = None
    person.erased_at = clock.now()


def _scrub(email: str) -> int:
    """Take an address out of every text and every JSON of every table, whatever feature it belongs to."""
    spelled = pattern(email)
    columns = (c for t in Base.metadata.sorted_tables if t.name not in GUARDED for c in t.c if not c.primary_key)
    return sum(_scrub_column(c, email, spelled) for c in columns if isinstance(c.type, JSON | String | Text))


def _scrub_column(column: Column[Any], email: str, spelled: re.Pattern[str]) -> int:
    key = list(column.table.primary_key.columns)
    held = cast(column, Text).icontains(email, autoescape=True)
    n = 0
    for row in db.session.execute(select(*key, column).where(held)).all():
        without = _without(row[-1], spelled)
        if without != row[-1]:
            this = [c == value for c, value in zip(key, row[:-1], strict=True)]
            db.session.execute(update(column.table).where(*this).values({column: without}))
            n += 1
    return n


def _without(value: Any, spelled: re.Pattern[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, spelled) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, spelled) for one in value]
    return spelled.sub("", value) if isinstance(value, str) else value


def _still_named(name: str) -> Iterator[tuple[str, int]]:
    """Yield tables in whose texts others name this person, with how many rows; that is for people to look through."""
    if " " not in name:  # a single word is too often another one
        return
    for table in Base.metadata.sorted_tables:
        if table.name in GUARDED:
            continue
        columns = [column for column in table.c if isinstance(column.type, JSON | String | Text)]
        forms = {name, json.dumps(name)[1:-1]}  # JSON may write letters as codes
        words = (cast(column, Text).contains(form, autoescape=True) for column in columns for form in forms)
        named = or_(false(), *words)
        if n := db.session.execute(select(func.count()).select_from(table).where(named)).scalar_one():
            yield table.name, n
