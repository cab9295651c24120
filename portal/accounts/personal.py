"""What accounts keep about people, and what lies below them: persons, the ledger, jobs, forms that were sent."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select, update

from portal.core.database import db
from portal.core.once import FormToken
from portal.core.personal import (
    Erase,
    Merge,
    PersonColumn,
    PersonPlace,
    Record,
    Subject,
    handled,
    pattern,
    private,
)
from portal.jobs.models import Job
from portal.ledger import redaction
from portal.ledger.models import LedgerEntry
from portal.people.models import AudienceRule, Person


def _person(subject: Subject) -> Iterator[Record]:
    row = db.session.get_one(Person, subject.person_id)
    yield {
        **{column.name: getattr(row, column.name) for column in Person.__table__.columns},
        "department": row.department.name if row.department else None,
        "site": row.site.name if row.site else None,
    }


def _theirs(subject: Subject) -> ColumnElement[bool]:
    return or_(
        LedgerEntry.actor_id == subject.person_id,
        LedgerEntry.acted_by_id == subject.person_id,
        LedgerEntry.subject == f"person:{subject.person_id}",
    )


def _count_facts(subject: Subject) -> int:
    return db.session.execute(select(func.count()).select_from(LedgerEntry).where(_theirs(subject))).scalar_one()


def _facts(subject: Subject) -> Iterator[Record]:
    """Yield what they did and what was done to them, without who else is in it."""
    query = select(LedgerEntry).where(_theirs(subject)).order_by(LedgerEntry.id)
    for fact in db.session.execute(query).scalars():
        yield {
            "at": fact.at,
            "name": fact.name,
            "by": "you" if subject.person_id in (fact.actor_id, fact.acted_by_id) else "somebody else",
            "about": fact.subject,
            "topic": fact.topic,
            "props": fact.props,
        }


def _forget_facts(subject: Subject) -> int:
    # A single word may be a name and anything else besides; it is taken out only where the fact is theirs.
    names = [*subject.emails, *(name for name in subject.names if " " in name)]
    return redaction.forget_person(subject.person_id, names)


def _audiences(subject: Subject) -> Iterator[Record]:
    for rule in _listed(subject.person_id):
        yield {"audience_id": rule.audience_id}


def _listed(person_id: int) -> list[AudienceRule]:
    query = select(AudienceRule).where(AudienceRule.kind == "person", AudienceRule.value == str(person_id))
    return list(db.session.execute(query).scalars())


def _move_audiences(loser_id: int, winner_id: int) -> int:
    there = {rule.audience_id for rule in _listed(winner_id)}
    rules = _listed(loser_id)
    for rule in rules:
        if rule.audience_id in there:
            db.session.delete(rule)
        else:
            rule.value = str(winner_id)
    db.session.flush()
    return len(rules)


def _leave_audiences(subject: Subject) -> int:
    rules = _listed(subject.person_id)
    for rule in rules:
        db.session.delete(rule)
    db.session.flush()
    return len(rules)


def _forget_jobs(subject: Subject) -> int:
    fields = (cast(Job.payload, Text), Job.error)
    named = or_(*(field.icontains(email, autoescape=True) for field in fields for email in subject.emails))
    rows = db.session.execute(select(Job).where(named)).scalars().all()
    theirs = [row for row in rows if any(pattern(one).search(f"{row.payload} {row.error}") for one in subject.emails)]
    for row in theirs:
        db.session.delete(row)
    db.session.flush()
    return len(theirs)


def _forget_forms(subject: Subject) -> int:
    sent = delete(FormToken).where(FormToken.person_id == subject.person_id)
    return int(db.session.execute(sent).rowcount)  # type: ignore[attr-defined]


def _move_forms(loser_id: int, winner_id: int) -> int:
    db.session.execute(update(FormToken).where(FormToken.person_id == loser_id).values(person_id=winner_id))
    return 0


PERSONAL = (
    PersonPlace(name="person", label=_l("The account"), export=_person),
    PersonColumn(
        column="person.merged_into_id", label=_l("Accounts that were merged into it"), given=("id", "email", "name")
    ),
    PersonColumn(column="person_role.person_id", label=_l("Roles"), on_merge=Merge.STAY, on_erase=Erase.DELETE),
    PersonColumn(
        column="department.manager_id",
        label=_l("Departments they lead"),
        on_erase=Erase.FORGET,
        given=("id", "name"),
    ),
    PersonPlace(
        name="audiences",
        label=_l("Audiences that name them"),
        export=_audiences,
        merge=_move_audiences,
        erase=_leave_audiences,
    ),
    private("credential.person_id", _l("Password"), on_merge=Merge.STAY, withheld=("hash",)),
    private("sign_in_session.person_id", _l("Devices"), on_merge=Merge.STAY, withheld=("token_hash",)),
    PersonColumn(
        column="sign_in_session.acted_by_id",
        label=_l("Times they acted for somebody"),
        on_merge=Merge.STAY,
        given=("created_at", "ended_at", "acting_reason"),
    ),
    private("one_time_link.person_id", _l("Links by mail"), on_merge=Merge.STAY, withheld=("seed", "token_hash")),
    private("api_token.person_id", _l("API tokens"), on_merge=Merge.STAY, withheld=("token_hash",)),
    handled("service_token.created_by_id", _l("Tokens of services they made"), "label", "created_at"),
    PersonColumn(column="erasure.person_id", label=_l("Wishes to be forgotten"), on_merge=Merge.STAY),
    handled("erasure.asked_by_id", _l("Erasures they asked for"), "id", "asked_at", "finished_at"),
    PersonPlace(name="facts", label=_l("What happened"), export=_facts, count=_count_facts, erase=_forget_facts),
    PersonPlace(name="jobs", label=_l("Work in the background"), erase=_forget_jobs),
    PersonPlace(name="forms", label=_l("Forms that were sent"), merge=_move_forms, erase=_forget_forms),
)
