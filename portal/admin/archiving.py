"""Backups from the page: asked for by an administrator, written by a job, told in the audit log."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from analytics.events import Name
from portal.core import backup, clock, doctor
from portal.core.actor import Actor, system
from portal.core.database import db, looking
from portal.core.permissions import Permission
from portal.jobs import services as jobs
from portal.jobs.models import Job, State
from portal.ledger import services as ledger
from portal.people import services as people

BACK_UP = "admin.back_up"
IN_HAND = (State.WAITING.value, State.RUNNING.value)


def ask(actor: Actor) -> bool:
    """Have a backup written; False when one is being written already."""
    actor.require(Permission.JOB_MANAGE)
    if in_hand() is not None:
        return False
    jobs.enqueue(BACK_UP, {"asked_by": actor.person_id}, max_attempts=2)
    return True


def in_hand() -> Job | None:
    """Return the job that writes a backup now, or is about to."""
    query = select(Job).where(Job.kind == BACK_UP, Job.state.in_(IN_HAND)).order_by(Job.id.desc())
    return db.session.execute(query.limit(1)).scalar_one_or_none()


def latest() -> Job | None:
    """Return the job that last wrote a backup, or failed to."""
    query = select(Job).where(Job.kind == BACK_UP).order_by(Job.id.desc())
    return db.session.execute(query.limit(1)).scalar_one_or_none()


def write(*, asked_by: int | None) -> Path:
    """Write the backup into the home's folder and record it; to be called without an open transaction."""
    settings = current_app.config["DITY"]
    now, began = clock.now(), time.monotonic()
    target: Path = settings.home / "backups" / f"dity-{now:%Y%m%d-%H%M%S}.tar.gz"
    with looking():
        backup.write(target, engine=db.engine, home=settings.home, secret=settings.secret(), made_at=now.isoformat())
        db.session.rollback()
    (settings.home / doctor.LAST_BACKUP).write_text(f"{now.isoformat()}\n{target.absolute()}\n")
    actor = people.actor_of(people.get_person(asked_by)) if asked_by else system("backup")
    seconds = round(time.monotonic() - began)
    size = target.stat().st_size
    ledger.record(Name.BACKUP_MADE, actor=actor, file=target.name, bytes=size, seconds=seconds)
    return target


def is_late(made_at: dt.datetime | None) -> bool:
    """True when the last backup is older than a tired administrator should let it be."""
    return made_at is None or clock.now() - made_at > doctor.OLD_BACKUP
