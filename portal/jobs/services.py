"""Enqueuing work, claiming it under a lease, and finishing it in one transaction with its effect."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, or_, select, update

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, NotFound
from portal.core.permissions import Permission
from portal.jobs.models import Job, State

LEASE = dt.timedelta(seconds=60)
BACKOFF = (10, 60, 300, 1800, 7200, 21_600)
"""Seconds until the next attempt, by attempts made."""
KEPT = dt.timedelta(days=7)


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    key: str | None = None,
    run_at: dt.datetime | None = None,
    max_attempts: int = 5,
) -> Job | None:
    """Add a job to the current transaction. With a `key` that exists already nothing is added, and None comes back."""
    now = clock.now()
    if key is not None and db.session.execute(_by_key(), {"key": key}).first():
        return None
    job = Job(
        kind=kind,
        payload=payload,
        key=key,
        run_at=run_at or now,
        created_at=now,
        max_attempts=max_attempts,
        state=State.WAITING.value,
        attempts=0,
    )
    db.session.add(job)
    db.session.flush()
    return job


@cache
def _by_key() -> Select[int]:
    return select(Job.id).where(Job.key == bindparam("key"))


def claim(worker: str, *, lease: dt.timedelta = LEASE) -> Job | None:
    """Take the next due job, or one whose worker is gone, for the length of the lease. The caller commits at once."""
    now = clock.now()
    due = select(Job.id).where(
        or_(
            (Job.state == State.WAITING.value) & (Job.run_at <= now),
            (Job.state == State.RUNNING.value) & (Job.lease_until < now),
        )
    )
    job_id = db.session.execute(due.order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)).scalar()
    if job_id is None:
        return None
    job = db.session.get_one(Job, job_id, populate_existing=True)
    if job.attempts >= job.max_attempts:  # its worker died each time: it must not take the next one along
        job.state, job.error, job.finished_at = (
            State.DEAD.value,
            job.error or "the worker died each time",
            now,
        )
        return claim(worker, lease=lease)
    job.state, job.worker, job.lease_until = State.RUNNING.value, worker, now + lease
    job.attempts += 1
    return job


def finish(job_id: int, *, worker: str, attempt: int) -> None:
    """Mark a job done in the transaction of its effect. Refuses (Conflict) when the lease went to another worker."""
    _only_if_held(
        job_id, worker, attempt, state=State.DONE.value, finished_at=clock.now(), lease_until=None, error=None
    )


def fail(job_id: int, *, worker: str, attempt: int, error: str, max_attempts: int) -> None:
    """Plan the next attempt of a failed job, or bury it in the dead list after the last."""
    values: dict[str, Any] = {"error": error[:4000], "lease_until": None}
    if attempt >= max_attempts:
        values |= {"state": State.DEAD.value, "finished_at": clock.now()}
    else:
        pause = BACKOFF[min(attempt, len(BACKOFF)) - 1]
        values |= {"state": State.WAITING.value, "run_at": clock.now() + dt.timedelta(seconds=pause)}
    _only_if_held(job_id, worker, attempt, **values)


def extend(job_id: int, *, worker: str, attempt: int, lease: dt.timedelta = LEASE) -> None:
    """Keep the lease of a job that takes long."""
    _only_if_held(job_id, worker, attempt, lease_until=clock.now() + lease)


def _only_if_held(job_id: int, worker: str, attempt: int, **values: Any) -> None:
    held = update(Job).where(
        Job.id == job_id, Job.worker == worker, Job.attempts == attempt, Job.state == State.RUNNING.value
    )
    result = db.session.execute(held.values(**values))
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(f"job {job_id} is no longer held by {worker}")


def retry(actor: Actor, job_id: int) -> Job:
    """Give a dead job new attempts, now."""
    actor.require(Permission.JOB_MANAGE)
    job = db.session.get(Job, job_id)
    if job is None or job.state != State.DEAD.value:
        raise NotFound(_("There is no such failed job."))
    job.state, job.run_at, job.attempts, job.finished_at = State.WAITING.value, clock.now(), 0, None
    db.session.flush()
    return job


def count_done(before: dt.datetime) -> int:
    return db.session.execute(select(func.count()).select_from(Job).where(_done(before))).scalar_one()


def forget_done(before: dt.datetime) -> int:
    """Forget jobs that were done before; dead ones stay until a person looks."""
    return int(db.session.execute(delete(Job).where(_done(before))).rowcount)  # type: ignore[attr-defined]


def _done(before: dt.datetime) -> ColumnElement[bool]:
    return and_(Job.state == State.DONE.value, Job.finished_at < before)


def sweep() -> int:
    """Forget jobs done more than a week ago."""
    return forget_done(clock.now() - KEPT)
