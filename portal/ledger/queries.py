"""Reads of the ledger for pages: the audit log, and counts of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import func, select

from analytics.events import AUDIT, Name
from portal.core.database import db
from portal.core.refs import Ref
from portal.ledger.models import LedgerEntry

MIN_PEOPLE = 3
"""Counts of people are shown from here on (METRICS 2.2)."""


def audit(
    *, before_id: int | None = None, actor_id: int | None = None, name: str = "", limit: int = 50
) -> list[LedgerEntry]:
    """Return the newest audited facts, older than `before_id` when given."""
    query = select(LedgerEntry).where(LedgerEntry.name.in_([n.value for n in AUDIT]))
    if before_id is not None:
        query = query.where(LedgerEntry.id < before_id)
    if actor_id is not None:
        query = query.where(LedgerEntry.actor_id == actor_id)
    if name:
        query = query.where(LedgerEntry.name == name)
    return list(db.session.execute(query.order_by(LedgerEntry.id.desc()).limit(limit)).scalars())


def people_by_subject(
    name: Name, *, since: dt.datetime, kind: str, department_ids: Collection[int] = (), limit: int = 10
) -> list[tuple[Ref, int]]:
    """Return the subjects of one kind most people met, with how many, the largest first; never under three people."""
    n_people = func.count(LedgerEntry.visitor.distinct())
    query = (
        select(LedgerEntry.subject, n_people)
        .where(LedgerEntry.name == name.value, LedgerEntry.at >= since, LedgerEntry.subject.like(f"{kind}:%"))
        .where(LedgerEntry.actor_kind == "user")
        .group_by(LedgerEntry.subject)
        .having(n_people >= MIN_PEOPLE)
        .order_by(n_people.desc(), LedgerEntry.subject)
        .limit(limit)
    )
    if department_ids:
        query = query.where(LedgerEntry.department_id.in_(list(department_ids)))
    return [(Ref.parse(subject), n) for subject, n in db.session.execute(query) if subject]
