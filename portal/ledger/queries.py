"""Reads of the ledger for pages: the audit log, and counts of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select

from analytics.events import AUDIT, Name
from portal.core.database import db
from portal.core.refs import Ref
from portal.ledger.models import LedgerEntry

MIN_PEOPLE = 3
"""Counts of people are shown from here on (METRICS 2.2)."""


def audit(
    *,
    name: str = "",
    actor_ids: Collection[int] | None = None,
    subjects: Collection[str] | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before_id: int | None = None,
    folded: ColumnElement[bool] | None = None,
    part_of: Ref | None = None,
    limit: int = 50,
) -> list[LedgerEntry]:
    """Return the newest audited facts, older than `before_id` when given; `until` is not included.

    `actor_ids` keeps what these people did, also in the place of others; `subjects` what was done to these things.
    `part_of` keeps the facts of one piece of work and what is told of itself; `folded` says of which facts only that
    is told.
    """
    names = {n.value for n in AUDIT}
    query = select(LedgerEntry).where(LedgerEntry.name.in_(names & {name} if name else names))
    if actor_ids is not None:
        query = query.where(or_(LedgerEntry.actor_id.in_(actor_ids), LedgerEntry.acted_by_id.in_(actor_ids)))
    if subjects is not None:
        query = query.where(LedgerEntry.subject.in_(subjects))
    if part_of is not None:
        query = query.where(or_(LedgerEntry.request_id == str(part_of), LedgerEntry.subject == str(part_of)))
    if folded is not None:
        is_whole = LedgerEntry.request_id == LedgerEntry.subject
        query = query.where(or_(LedgerEntry.request_id.is_(None), is_whole, ~folded))
    if since is not None:
        query = query.where(LedgerEntry.at >= since)
    if until is not None:
        query = query.where(LedgerEntry.at < until)
    if before_id is not None:
        query = query.where(LedgerEntry.id < before_id)
    return list(db.session.execute(query.order_by(LedgerEntry.id.desc()).limit(limit)).scalars())


def latest_of(
    actor_id: int,
    names: Collection[Name],
    *,
    since: dt.datetime,
    visit: str = "",
    ids: Collection[int] = (),
    limit: int = 50,
) -> list[LedgerEntry]:
    """Return the latest of these facts that somebody caused, in the order of truth; of one visit, or with these ids.

    For showing people what they did themselves, and nothing else.
    """
    query = select(LedgerEntry).where(LedgerEntry.actor_id == actor_id, LedgerEntry.at >= since)
    query = query.where(LedgerEntry.name.in_([name.value for name in names]))
    if visit:
        query = query.where(LedgerEntry.visit == visit)
    if ids:
        query = query.where(LedgerEntry.id.in_(ids))
    rows = db.session.execute(query.order_by(LedgerEntry.id.desc()).limit(limit)).scalars()
    return list(rows)[::-1]


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
