"""When the mails of a wave leave: one row for each, planned at the launch, each step of it a job."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from portal.core import clock, options
from portal.core.database import db
from portal.jobs import services as jobs
from portal.pulse.models import MailKind, Wave, WaveMailing

SEND = "pulse.send"
MORNING = dt.time(8, 0)
"""When mails of a day leave, in the portal's time zone."""


def plan(wave: Wave) -> None:
    """Have each mail of the wave leave on its day; what has begun stays as it is. Safe to call again."""
    query = select(WaveMailing).where(WaveMailing.wave_id == wave.id)
    there = {row.kind: row for row in db.session.execute(query).scalars()}
    wanted = {MailKind.INVITATION.value: morning(wave, 0)}
    for kind, day in zip((MailKind.FIRST, MailKind.SECOND), wave.reminder_days, strict=False):
        wanted[kind.value] = morning(wave, day)
    for name, due_at in wanted.items():
        row = there.pop(name, None)
        if row is None:
            row = WaveMailing(wave_id=wave.id, kind=name, due_at=due_at, step=0)
            db.session.add(row)
        elif row.began_at is not None or row.due_at == due_at:
            continue
        else:  # the job of the step before finds itself out of date
            row.due_at, row.step = due_at, row.step + 1
        db.session.flush()
        put_to_work(row)
    for row in there.values():
        if row.began_at is None:
            db.session.delete(row)
    db.session.flush()


def put_to_work(row: WaveMailing, *, slot: str = "") -> None:
    """Enqueue the next step of a mailing; its job finds out by itself whether it still has something to do."""
    key = f"{SEND}:{row.id}:{row.step}{slot}"
    jobs.enqueue(SEND, {"mailing": row.id, "step": row.step}, key=key, run_at=row.due_at)


def end_all(wave: Wave) -> None:
    """Let no mail of the wave go out any more."""
    left = (WaveMailing.wave_id == wave.id, WaveMailing.ended_at.is_(None))
    db.session.execute(update(WaveMailing).where(*left).values(ended_at=clock.now()))


def morning(wave: Wave, day: int) -> dt.datetime:
    """Return the morning so many days after the first one, or now if that is over."""
    zone = options.get().default_timezone
    opens_on = wave.opens_on or clock.today(zone)
    at = dt.datetime.combine(opens_on + dt.timedelta(days=day), MORNING, tzinfo=ZoneInfo(zone))
    return max(at.astimezone(dt.UTC), clock.now())
