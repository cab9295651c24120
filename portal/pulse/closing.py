"""The close of a wave: ended and settled; then read and put through the gate; then frozen.

Nothing is worked out before, and nothing again after: another cut, a late sheet or people who moved would each be one
more equation about somebody (METRICS 11). Ending and freezing write, and are short; between them a large wave is read
for seconds, in which whoever writes waits for nothing. Should that end in the middle, a job reads it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.core import actor as actors
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db, looking
from portal.core.errors import Conflict, Forbidden
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.people.models import Person
from portal.pulse import beside, comparing, policies, raw, sheets, waves
from portal.pulse.models import Breakdown, Wave, WaveReading, WaveState
from portal.pulse.reading import SHAPE, Kept, kept
from surveys import finding, flaws, loading
from surveys.privacy import freezing
from surveys.privacy.gate import release
from surveys.privacy.policy import Policy
from surveys.privacy.redaction import Known, Redactor, Words, folded

CLOSE, READ = "pulse.close", "pulse.read"
PATIENCE = dt.timedelta(minutes=1)
"""Whoever closes a wave reads it at once; if it was not read after this, a job does."""


def close(actor: Actor, wave: Wave, *, read_at: dt.datetime | None = None) -> None:
    """End a running wave and settle what it is read from. Records `wave.closed`.

    Late answers are refused from here on: whoever answers holds the wave until they are done. Refuses (Conflict) a
    wave that is not running. When this is committed it is to be read; a job does so, unless it is read by `read_at`.
    """
    if not policies.can_plan(actor):
        raise Forbidden(_("Surveys are closed by who plans them."))
    db.session.refresh(wave)
    if wave.state != WaveState.OPEN:
        raise Conflict(_("This survey is not running."))
    waves.take(wave, version=wave.version)
    wave.state, wave.closed_at = WaveState.CLOSED.value, clock.now()
    waves.end_mails(wave)
    raw.settle_deliveries(wave)
    sheets.rewrite_in_random_order(wave)
    n_answers = raw.n_that_count(wave, loading.load(wave.instrument))
    ledger.record(Name.WAVE_CLOSED, actor=actor, subject=wave.ref, n_answers=n_answers)
    jobs.enqueue(READ, {"wave": wave.id}, key=f"{READ}:{wave.id}", run_at=read_at or clock.now() + PATIENCE)
    db.session.flush()


def read(wave_id: int) -> Kept:
    """Read a closed wave and keep what it says, or return what was kept. The caller commits.

    Nothing may be waiting to be committed: it looks in a transaction of its own, so that nobody who writes waits.
    """
    db.session.rollback()
    with looking():
        row = db.session.get(WaveReading, wave_id)
        found = kept(row) if row is not None else worked_out(db.session.get_one(Wave, wave_id))
        db.session.rollback()
    return found if row is not None else keep(wave_id, found)


def keep(wave_id: int, found: Kept) -> Kept:
    """Freeze what a wave says; what was frozen before stays, whoever has read it meanwhile. Returns what stands."""
    frozen = freezing.freeze(found)
    db.session.execute(select(Wave.id).where(Wave.id == wave_id).with_for_update())
    row = db.session.get(WaveReading, wave_id)
    if row is not None:
        return kept(row)
    db.session.add(WaveReading(wave_id=wave_id, version=SHAPE, released=frozen))
    db.session.flush()
    return found


def worked_out(wave: Wave) -> Kept:
    """Read a closed wave and put it through the gate; writes nothing."""
    instrument = loading.load(wave.instrument)
    earlier = comparing.earlier(wave, instrument)
    policy = Policy(
        least=wave.threshold,
        least_texts=max(wave.comment_threshold, wave.threshold),
        has_second=wave.second_breakdown != Breakdown.NONE,
    )
    released = release(instrument, raw.read(wave, instrument), policy, before=earlier.before, redact=_redactor())
    found = finding.find(flaws.rules(), released, measures=beside.measures(wave, released))
    return Kept(released=released, flaws=found, why_not_compared=earlier.why_not.value)


def _redactor() -> Redactor:
    """Take the names of everybody the portal has ever known out of what people wrote, and say so in its language."""
    rows = db.session.execute(select(Person.name, Person.email, Person.staff_number).where(Person.erased_at.is_(None)))
    people = [Known(name=name, also=_marks(name, email.split("@")[0], number or "")) for name, email, number in rows]
    with force_locale(options.get().default_locale):
        words = Words(name=_("[name]"), address=_("[address]"), number=_("[number]"), ticket=_("[ticket]"))
    return Redactor.of(people, words=words)


def _marks(name: str, *marks: str) -> tuple[str, ...]:
    """Return account names; not one that is a part of the name, which is found by the rules for names."""
    parts = {folded(part) for part in name.split()}
    return tuple(mark for mark in marks if mark and folded(mark) not in parts)


def close_due(payload: dict[str, Any]) -> None:
    """Plan the close of every wave whose last day is over; each in a transaction of its own."""
    today = clock.today(options.get().default_timezone)
    query = select(Wave.id).where(Wave.state == WaveState.OPEN.value, Wave.closes_on < today)
    for wave_id in db.session.execute(query).scalars():
        jobs.enqueue(CLOSE, {"wave": wave_id}, key=f"{CLOSE}:{wave_id}")


def close_one(payload: dict[str, Any]) -> None:
    """Close a wave whose last day is over; one that somebody closed or put off meanwhile is left alone."""
    wave = db.session.get(Wave, int(payload["wave"]))
    today = clock.today(options.get().default_timezone)
    if wave is None or wave.state != WaveState.OPEN or wave.closes_on is None or wave.closes_on >= today:
        return
    close(actors.system("surveys"), wave, read_at=clock.now())


def read_one(payload: dict[str, Any]) -> None:
    """Read a closed wave that nobody has read. Safe to run twice: what is kept stays."""
    read(int(payload["wave"]))
