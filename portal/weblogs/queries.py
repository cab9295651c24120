"""What was counted, for pages and tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

from flask import url_for
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from analytics.weblog import robots
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.weblogs.models import LogBatch, LogDay, LogRow, RowKind, WebLog


@dataclass(frozen=True, kw_only=True)
class Span:
    """Which log, and which days: `until` is the first day after it."""

    since: dt.date
    until: dt.date
    weblog_id: int | None = None

    @property
    def last(self) -> dt.date:
        return self.until - dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Sums of days."""

    hits: int = 0
    n_bytes: int = 0
    views: int = 0
    robots: int = 0
    bad_requests: int = 0
    other_methods: int = 0
    other_statuses: int = 0
    static: int = 0
    four_words: int = 0
    sessions: int = 0
    visits: int = 0
    visitors: int = 0
    robot_errors: int = 0
    client_errors: int = 0
    server_errors: int = 0


NUMBERS = tuple(each.name for each in fields(Counted))


@dataclass(frozen=True)
class Named:
    """How often something was counted; `note` is the status of an error, or what was opened."""

    name: str
    n: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What was read in all."""

    n_batches: int
    n_read: int
    n_parsed: int
    refused: Sequence[tuple[str, int]]

    @property
    def n_refused(self) -> int:
        return self.n_read - self.n_parsed


def logs() -> Sequence[WebLog]:
    return db.session.scalars(select(WebLog).order_by(func.lower(WebLog.name))).all()


def days_there(weblog_id: int | None = None) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day that was counted, None for none."""
    query = select(func.min(LogDay.day), func.max(LogDay.day)).where(LogDay.hits > 0)
    # A clock that ran ahead must not hide everything before.
    query = query.where(LogDay.day <= clock.today() + dt.timedelta(days=1))
    if weblog_id is not None:
        query = query.where(LogDay.weblog_id == weblog_id)
    first, last = db.session.execute(query).one()
    return (first, last) if first else None


def _within(model: type[LogDay | LogRow], span: Span) -> list[ColumnElement[bool]]:
    found = [model.day >= span.since, model.day < span.until]
    return [*found, model.weblog_id == span.weblog_id] if span.weblog_id is not None else found


def whole(span: Span) -> Counted:
    columns = [func.coalesce(func.sum(getattr(LogDay, name)), 0).label(name) for name in NUMBERS]
    row = db.session.execute(select(*columns).where(*_within(LogDay, span))).one()
    return Counted(**{name: int(getattr(row, name)) for name in NUMBERS})


def by_day(span: Span) -> dict[dt.date, Counted]:
    """Return the days that were counted."""
    columns = [func.sum(getattr(LogDay, name)).label(name) for name in NUMBERS]
    query = select(LogDay.day, *columns).where(*_within(LogDay, span)).group_by(LogDay.day).order_by(LogDay.day)
    return {
        row.day: Counted(**{name: int(getattr(row, name)) for name in NUMBERS}) for row in db.session.execute(query)
    }


def top(span: Span, kind: RowKind, *, note: str | None = None, most: int = 20) -> list[Named]:
    """Return what was counted most often."""
    n = func.sum(LogRow.n)
    query = select(LogRow.name, LogRow.note, n).where(*_within(LogRow, span), LogRow.kind == kind.value)
    if note is not None:
        query = query.where(LogRow.note == note)
    query = query.group_by(LogRow.name, LogRow.note).order_by(n.desc(), LogRow.name, LogRow.note).limit(most)
    return [Named(name, int(found), note) for name, note, found in db.session.execute(query)]


def imported(weblog_id: int | None = None) -> Imported:
    """Return what was read in all, and why lines were refused."""
    query = select(LogBatch.n_read, LogBatch.n_parsed, LogBatch.refused)
    if weblog_id is not None:
        query = query.where(LogBatch.weblog_id == weblog_id)
    n = n_read = n_parsed = 0
    refused: dict[str, int] = {}
    for read, parsed, reasons in db.session.execute(query):
        n, n_read, n_parsed = n + 1, n_read + read, n_parsed + parsed
        for why, lines in reasons.items():
            refused[why] = refused.get(why, 0) + lines
    ranked = sorted(refused.items(), key=lambda each: (-each[1], each[0]))
    return Imported(n_batches=n, n_read=n_read, n_parsed=n_parsed, refused=ranked)


@dataclass(frozen=True, kw_only=True)
class InAll:
    """What all readings of a log brought."""

    name: str
    n_read: int
    n_parsed: int
    n_addresses: int
    n_sessions: int
    n_visits: int
    n_views: int


def in_all(weblog_id: int) -> InAll:
    log = db.session.get_one(WebLog, weblog_id)
    names = ("n_read", "n_parsed", "n_addresses", "n_sessions", "n_visits")
    sums = [func.coalesce(func.sum(getattr(LogBatch, name)), 0) for name in names]
    row = db.session.execute(select(*sums).where(LogBatch.weblog_id == weblog_id)).one()
    views = select(func.coalesce(func.sum(LogDay.views), 0)).where(LogDay.weblog_id == weblog_id)
    return InAll(
        name=log.name, n_views=int(db.session.scalars(views).one()),
        **{name: int(n) for name, n in zip(names, row, strict=True)},
    )  # fmt: skip


def batches(weblog_id: int | None = None, *, limit: int = 20) -> Sequence[LogBatch]:
    """Return the latest readings."""
    query = select(LogBatch).options(joinedload(LogBatch.weblog)).order_by(LogBatch.id.desc()).limit(limit)
    if weblog_id is not None:
        query = query.where(LogBatch.weblog_id == weblog_id)
    return db.session.scalars(query).all()


def other_detectors() -> Sequence[str]:
    """Return lists of robots, other than today's, by which some lines were judged."""
    query = select(LogBatch.detector).where(LogBatch.detector != robots.detector()).distinct()
    return db.session.scalars(query.order_by(LogBatch.detector)).all()


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Show logs by their names, to whoever may see figures."""
    if not actor.can(Permission.INSIGHT_READ):
        return {}
    rows = db.session.execute(select(WebLog.id, WebLog.name).where(WebLog.id.in_(ids)))
    return {
        number: Thing(ref=Ref("weblog", number), title=name, url=url_for("insights.logs", log=number))
        for number, name in rows
    }
