"""An import of people under way. It lives with accounts, since whoever leaves loses sessions and tokens at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, select, update

from analytics.events import Name
from portal.accounts import leaving, services
from portal.core import clock, tables
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Refusal
from portal.core.importing import Choice, Done, Given, Ground, Importer, Known, Outcome, Plan, Row, Text
from portal.core.permissions import Permission, Role
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.people import audiences, importing, structure
from portal.people import services as people
from portal.people.importing import Said, Somebody, Unit
from portal.people.models import Department, Person, PersonRole

FIELDS = ("name", "email", "staff_number", "department_id", "site_id")
FEW_LEAVERS = 10
GONE = "left"
"""What an import notes of somebody it deactivated: only such come back by a list."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be done about somebody."""

    person_id: int | None
    said: Said | None = None
    values: dict[str, Any]
    """Fields that get another value; departments and sites as units."""
    roles: frozenset[Role] | None = None
    is_leaving: bool = False
    is_coming_back: bool = False
    leads: Unit | None = None


class PeopleWork:
    """See `core.importing.Work`."""

    def __init__(self, actor: Actor, rows: Sequence[Row], given: Given) -> None:
        actor.require(Permission.IMPORT_RUN)
        actor.require(Permission.PERSON_MANAGE)
        self._actor, self._rows, self._given = actor, rows, given
        self._list = importing.List(rows, missing=given.choice("missing"))
        self._facts: list[dict[str, Any]] = []

    # Looking

    def check(self, row: Row) -> Plan:
        said, person = self._list.read(row)
        title = said.name or (person.name if person else said.email)
        plan = Plan(row=row, outcome=Outcome.UNCHANGED, title=title)
        if person is None:
            if said.is_active is False:
                return replace(plan, outcome=Outcome.SKIPPED, reason=_("Has left and never had an account."))
            return replace(plan, outcome=Outcome.CREATED, content=self._newcomer(said))
        if person.is_merged:
            return replace(plan, outcome=Outcome.KEPT, reason=_("This account was merged into another."))
        known = self._given.known.get(str(person.id))
        if not person.is_active and not (known and known.left.get(GONE)) and said.is_active is not False:
            return replace(plan, outcome=Outcome.KEPT, reason=_("Was deactivated in the portal, and stays so."))
        change = self._changed(said, person)
        is_any = change.values or change.roles is not None or change.is_leaving or change.is_coming_back
        outcome = Outcome.CHANGED if is_any else Outcome.UNCHANGED
        return replace(plan, outcome=outcome, reason=self._in_words(change), content=change)

    @staticmethod
    def _newcomer(said: Said) -> Change:
        values = {
            "name": said.name,
            "email": said.email,
            "staff_number": said.staff_number,
            "department_id": said.department,
            "site_id": said.site,
        }
        return Change(person_id=None, said=said, values=values, roles=said.roles or frozenset())

    def _changed(self, said: Said, person: Somebody) -> Change:
        wanted: dict[str, Any] = {
            "name": said.name,
            "email": said.email,
            "staff_number": said.staff_number,
            "department_id": said.department,
            "site_id": said.site,
        }
        values = {
            key: value
            for key, value in wanted.items()
            if value is not None and (value.id if isinstance(value, Unit) else value) != getattr(person, key)
        }
        is_self = person.id == self._actor.person_id
        roles = said.roles if said.roles is not None and not is_self else None
        return Change(
            person_id=person.id,
            said=said,
            values=values,
            roles=roles if roles != self._list.roles.get(person.id, frozenset()) else None,
            is_leaving=said.is_active is False and person.is_active,
            is_coming_back=said.is_active is not False and not person.is_active,
        )

    @staticmethod
    def _in_words(change: Change) -> str:
        words = {
            "name": _("name"),
            "email": _("mail address"),
            "staff_number": _("staff number"),
            "department_id": _("department"),
            "site_id": _("site"),
        }
        told = [words[key] for key in change.values]
        told += [_("roles")] if change.roles is not None else []
        told += [_("has left")] if change.is_leaving else []
        told += [_("is back")] if change.is_coming_back else []
        return ", ".join(told)

    def rest(self) -> Iterator[Plan]:
        """Say who leads which department now, and who is missing that an earlier list had."""
        yield from self._leaders()
        yield from self._leavers()

    def _leaders(self) -> Iterator[Plan]:
        managers = self._list.managers(self._rows)
        now = dict(db.session.execute(select(Department.id, Department.manager_id)).all())
        query = select(Person.email, Person.id).where(Person.email.in_(managers.values()))
        ids: dict[str, int] = dict(db.session.execute(query).all())
        for unit, mail in managers.items():
            row = Row(line=0, values={"email": mail})
            title = _("Department %(name)s", name=unit.name)
            if mail not in ids and mail not in self._list.mails:
                reason = _("%(mail)s has no account, so the department gets no manager.", mail=mail)
                yield Plan(row=row, outcome=Outcome.KEPT, reason=reason, title=title)
            elif unit.id is None or mail not in ids or now.get(unit.id) != ids[mail]:
                change = Change(person_id=ids.get(mail), values={}, leads=unit)
                reason = _("Led by %(mail)s", mail=mail)
                yield Plan(row=row, outcome=Outcome.CHANGED, reason=reason, title=title, content=change)

    def _leavers(self) -> Iterator[Plan]:
        ids = {known.subject.id for known in self._given.known.values() if known.subject.kind == "person"}
        missing = sorted(one for one in ids - self._list.present if (p := self._list.by_id.get(one)) and p.is_active)
        are_too_many = len(missing) > max(FEW_LEAVERS, len(ids) // 2)
        for person_id in missing:
            person = self._list.by_id[person_id]
            row = Row(line=0, values={"email": person.email})
            if self._given.choice("leavers") != "deactivate":
                outcome, reason = Outcome.KEPT, _("Was in an earlier list and is missing now; still active.")
            elif are_too_many:
                outcome, reason = Outcome.KEPT, _("More than half of everybody would leave; nobody was deactivated.")
            elif person_id == self._actor.person_id:
                outcome, reason = Outcome.KEPT, _("Is missing from the list, but nobody deactivates themselves.")
            else:
                outcome, reason = Outcome.CHANGED, _("Was in an earlier list and is missing now: deactivated.")
            change = Change(person_id=person_id, values={}, is_leaving=True)
            yield Plan(row=row, outcome=outcome, reason=reason, title=person.name, content=change)

    # Doing

    def prepare(self) -> list[Ground]:
        """Make the departments and sites that faultless lines name."""
        made: list[Ground] = []
        for row in self._rows:
            if not row.problem:
                try:
                    self._list.read(row)
                except Refusal:
                    continue
        for unit in self._list.departments.new:
            parent = db.session.get(Department, unit.parent.id) if unit.parent and unit.parent.id else None
            # Asked once more: another runner of this import may have made it since the list was read.
            there = importing.department_named(unit.name, unit.parent.id if unit.parent else None)
            unit.id = (there or structure.add_department(self._actor, name=unit.name, parent=parent)).id
            if there is None:
                made.append(Ground(subject=Ref("department", unit.id), title=unit.name, left={"name": unit.name}))
        for unit in self._list.sites.new:
            site = importing.site_named(unit.name)
            unit.id = (site or structure.add_site(self._actor, name=unit.name)).id
            if site is None:
                made.append(Ground(subject=Ref("site", unit.id), title=unit.name, left={"name": unit.name}))
        self._list.departments.new, self._list.sites.new = [], []
        return made

    def apply(self, plans: Sequence[Plan]) -> list[Done]:
        self._facts = []
        newcomers = [plan for plan in plans if plan.outcome is Outcome.CREATED]
        ids = iter(self._add([plan.content for plan in newcomers]))
        done = [
            self._created(plan, next(ids)) if plan.outcome is Outcome.CREATED else self._done(plan) for plan in plans
        ]
        ledger.write(self._facts)
        if any(plan.outcome is not Outcome.UNCHANGED for plan in plans):
            audiences.drop_cached()
        return done

    def _add(self, changes: Sequence[Change]) -> list[int]:
        """Add people in one statement, and the roles of those who have any in another."""
        if not changes:
            return []
        now = clock.now()
        rows = [{**_plain(change.values), "is_active": True, "created_at": now} for change in changes]
        found = db.session.execute(insert(Person).returning(Person.email, Person.id), rows).all()
        ids: dict[str, int] = dict(found)
        own = [ids[change.values["email"]] for change in changes]
        given = [
            {"person_id": person_id, "role": role.value}
            for person_id, change in zip(own, changes, strict=True)
            for role in sorted(change.roles or ())
        ]
        if given:
            db.session.execute(insert(PersonRole), given)
        return own

    def _created(self, plan: Plan, person_id: int) -> Done:
        change: Change = plan.content
        self._note(Name.PERSON_CREATED, person_id, by="import")
        after = {**_plain(change.values), "roles": sorted(role.value for role in change.roles or ())}
        return Done(
            plan=replace(plan, content=None),
            subject=Ref("person", person_id),
            before={"after": after},
            key=str(person_id),
            known=Known(subject=Ref("person", person_id)),
        )

    def _done(self, plan: Plan) -> Done:
        change: Change = plan.content
        if change.leads is not None:
            return self._lead(plan, change)
        subject = Ref("person", change.person_id or 0)
        known = self._given.known.get(str(subject.id))
        if plan.outcome is Outcome.UNCHANGED:
            return Done(
                plan=plan, subject=subject, key=str(subject.id), known=None if known else Known(subject=subject)
            )
        before = self._assign(change)
        left: dict[str, Any] = {}
        if change.roles is not None or change.is_leaving or change.is_coming_back:
            person = db.session.get_one(Person, subject.id, populate_existing=True)
            before |= {"was_active": person.is_active, "roles": sorted(row.role for row in person.roles)}
            if change.is_coming_back:
                people.reactivate(self._actor, person)
            if change.roles is not None:
                services.set_roles(self._actor, person, change.roles)
                before["roles_after"] = sorted(role.value for role in change.roles)
            if change.is_leaving:
                services.deactivate(self._actor, person)
                left = {GONE: True}
        return Done(
            plan=plan,
            subject=subject,
            before=before,
            key=str(subject.id),
            known=Known(subject=subject, left=left),
        )

    def _assign(self, change: Change) -> dict[str, Any]:
        person = self._list.by_id.get(change.person_id or 0)
        if not change.values or person is None:
            return {}
        after = _plain(change.values)
        was = {key: getattr(person, key) for key in after}
        db.session.execute(update(Person).where(Person.id == person.id).values(**after))
        fields = sorted(after)
        self._note(
            Name.PERSON_CHANGED,
            person.id,
            fields=fields,
            before=[self._told(key, was[key]) for key in fields],
            after=[self._told(key, change.values[key]) for key in fields],
        )
        return {"was": was, "after": after}

    def _told(self, key: str, value: Any) -> str:
        if isinstance(value, Unit):
            return value.name
        if key in ("department_id", "site_id") and value is not None:
            units = self._list.departments if key == "department_id" else self._list.sites
            return next((u.name for found in units.by_name.values() for u in found if u.id == value), "")
        return "" if value is None else str(value)

    def _lead(self, plan: Plan, change: Change) -> Done:
        """Let somebody lead a department; their account may have come with this very list."""
        unit = db.session.get(Department, change.leads.id) if change.leads and change.leads.id else None
        found = db.session.execute(
            select(Person.id).where(Person.email == plan.row.values["email"], Person.is_active)
        ).scalar()
        if unit is None or found is None:
            reason = _("%(mail)s has no account, so the department gets no manager.", mail=plan.row.values["email"])
            return Done(plan=replace(plan, outcome=Outcome.KEPT, reason=reason, content=None))
        before = {"manager_id": unit.manager_id, "after": {"manager_id": found}}
        structure.change_department(self._actor, unit, name=unit.name, parent_id=unit.parent_id, manager_id=found)
        return Done(plan=replace(plan, content=None), subject=Ref("department", unit.id), before=before)

    def _note(self, name: Name, person_id: int, **props: Any) -> None:
        subject = Ref("person", person_id)
        fact = ledger.row(name, actor=self._actor, at=clock.now(), visit=None, subject=subject, props=props)
        self._facts.append(fact)

    def finish(self, subjects: Iterable[Ref]) -> None:
        """Nothing follows: who may see what is asked anew with every request."""


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values as columns keep them."""
    return {key: value.id if isinstance(value, Unit) else value for key, value in values.items()}


def _missing() -> Sequence[tuple[str, Text]]:
    return [
        ("", _("Create them only if there are none at all yet")),
        ("create", _("Create them")),
        ("refuse", _("Report the line as failed")),
    ]


def _leavers() -> Sequence[tuple[str, Text]]:
    return [("keep", _("Only list them")), ("deactivate", _("Deactivate them; sessions and tokens end at once"))]


IMPORTER = Importer(
    kind="people",
    label=_l("People"),
    hint=_l("A table as .csv, with one line for everybody. An empty cell changes nothing."),
    endings=(".csv", ".txt", ".tsv"),
    read=tables.rows,
    plan=PeopleWork,
    undo=leaving.undo,
    after_undo=leaving.after,
    columns=importing.COLUMNS,
    needed=(frozenset({"email"}),),
    choices=(
        Choice(name="missing", label=_l("Departments and sites that do not exist yet"), options=_missing),
        Choice(
            name="leavers",
            label=_l("People from earlier lists who are missing from this one"),
            options=_leavers,
            default="keep",
        ),
    ),
    batch=500,
)
