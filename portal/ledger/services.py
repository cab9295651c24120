"""Writing down what happened, and reading it back in order."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from flask import current_app, g, has_request_context
from sqlalchemy import Table, insert, select

from analytics.events import Name, check
from portal.core import clock
from portal.core.actor import Actor
from portal.core.buffer import Buffer
from portal.core.database import db
from portal.core.refs import Ref
from portal.ledger.models import LedgerEntry

BATCH = 2000
_TABLE = cast(Table, LedgerEntry.__table__)
_PART_OF: ContextVar[Ref | None] = ContextVar("part_of", default=None)


@contextmanager
def part_of(whole: Ref) -> Iterator[None]:
    """Mark facts recorded in the block as parts of one piece of work, by which the audit log folds them."""
    token = _PART_OF.set(whole)
    try:
        yield
    finally:
        _PART_OF.reset(token)


def record(
    name: Name, *, actor: Actor, subject: Ref | None = None, topic: Ref | None = None, **props: Any
) -> LedgerEntry:
    """Write a fact into the transaction of the change it tells of.

    Refuses props that the vocabulary does not know (`analytics.events.Undocumented`).
    """
    entry = LedgerEntry(**_row(name, actor, subject, topic, props))
    db.session.add(entry)
    db.session.flush()
    return entry


def observe(name: Name, *, actor: Actor, subject: Ref | None = None, topic: Ref | None = None, **props: Any) -> None:
    """Note a fact of mere looking: written within a second by the buffer; never waits, never fails the request."""
    buffer: Buffer = current_app.extensions["dity-buffer"]
    buffer.add(write, _row(name, actor, subject, topic, props))


def write(rows: list[dict[str, Any]]) -> None:
    """Insert finished rows in one statement; the door of the buffer and of bulk filling."""
    if rows:
        # The table, not the class: what is finished needs none of the session's bookkeeping.
        db.session.execute(insert(_TABLE), rows)


def row(
    name: Name,
    *,
    actor: Actor,
    at: dt.datetime,
    visit: str | None,
    subject: Ref | None = None,
    topic: Ref | None = None,
    props: dict[str, Any],
) -> dict[str, Any]:
    """Return a finished row for `write`, for facts that come from elsewhere with their own time and visit."""
    with clock.frozen(at):
        return _row(name, actor, subject, topic, props) | {"visit": visit}


def _row(name: Name, actor: Actor, subject: Ref | None, topic: Ref | None, props: dict[str, Any]) -> dict[str, Any]:
    props = {key: value for key, value in props.items() if value is not None}
    check(name, props)
    at = clock.now()
    return {
        "at": at,
        "recorded_at": at,
        "name": name.value,
        "v": name.fact.v,
        "visitor": visitor_of(actor),
        "actor_id": actor.person_id,
        "actor_kind": actor.kind.value,
        "department_id": actor.department_id,
        "site_id": actor.site_id,
        "subject": str(subject) if subject else None,
        "topic": str(topic) if topic else None,
        "visit": actor.visit or None,
        "props": props,
        "request_id": _origin(),
        "acted_by_id": actor.acted_by_id,
    }


def _origin() -> str | None:
    """Return what a fact is part of: a piece of work such as `import:12`, else the request that caused it."""
    whole = _PART_OF.get()
    if whole is not None:
        return str(whole)
    return g.get("request_id") if has_request_context() else None


def visitor_of(actor: Actor) -> str:
    """Return the pseudonym of whoever acts: a keyed hash of the account, of the anonymous visit, or of nothing."""
    who = (
        f"person:{actor.person_id}"
        if actor.person_id is not None
        else f"{actor.kind.value}:{actor.visit or actor.name}"
    )
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, who.encode(), hashlib.sha256).hexdigest()[:32]


def replay(
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    names: Iterable[Name] = (),
    after_id: int = 0,
) -> Iterator[list[LedgerEntry]]:
    """Yield entries in the order of truth, in batches; `since` is included, `until` is not."""
    wanted = [name.value for name in names]
    while True:
        query = select(LedgerEntry).where(LedgerEntry.id > after_id).order_by(LedgerEntry.id).limit(BATCH)
        if since is not None:
            query = query.where(LedgerEntry.at >= since)
        if until is not None:
            query = query.where(LedgerEntry.at < until)
        if wanted:
            query = query.where(LedgerEntry.name.in_(wanted))
        entries = list(db.session.execute(query).scalars())
        if not entries:
            return
        after_id = entries[-1].id
        yield entries
