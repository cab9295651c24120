"""Reads about jobs, for health and for administrators."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from portal.core import clock
from portal.core.database import db
from portal.jobs.models import Job, State


def oldest_wait() -> int:
    """Return how many seconds the longest due job has been waiting; 0 when none is."""
    query = select(func.min(Job.run_at)).where(Job.state == State.WAITING.value, Job.run_at <= clock.now())
    oldest = db.session.execute(query).scalar()
    return int((clock.now() - oldest).total_seconds()) if oldest else 0


def counts() -> dict[str, int]:
    """Return how many jobs there are in each state."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state))
    return {state.value: 0 for state in State} | dict(rows.all())


def in_hand(kind: str) -> list[dict[str, Any]]:
    """Return what the jobs of this kind are to do that wait or are being worked on; one query."""
    query = select(Job.payload).where(Job.state.in_((State.WAITING.value, State.RUNNING.value)), Job.kind == kind)
    return list(db.session.execute(query).scalars())


def latest(state: str, *, limit: int = 50) -> list[Job]:
    query = select(Job).where(Job.state == state).order_by(Job.id.desc()).limit(limit)
    return list(db.session.execute(query).scalars())
