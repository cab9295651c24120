"""The close of a wave: settled, read, put through the gate and frozen, once, in one transaction.

Nothing is worked out before, and nothing again after: another cut, a late sheet or people who moved would each be one
more equation about somebody (METRICS 11).
"""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.core import actor as actors
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.people.models import Person
from portal.pulse import beside, comparing, policies, raw, sheets, waves
from portal.pulse.models import Breakdown, Wave, WaveReading, WaveState
from portal.pulse.reading import SHAPE, Kept
from surveys import finding, flaws, loading
from surveys.privacy import freezing
from surveys.privacy.gate import release
from surveys.privacy.policy import Policy
from surveys.privacy.redaction import Known, Redactor, Words, folded

CLOSE = "pulse.close"


def close(actor: Actor, wave: Wave) -> Kept:
    """Close a running wave and freeze what may be read of it. Records `wave.closed`.

    Late answers are refused from here on: whoever answers holds the wave until they are done. Refuses (Conflict) a
    wave that is not running.
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
    found, n_answers = _worked_out(wave)
    db.session.add(WaveReading(wave_id=wave.id, version=SHAPE, released=freezing.freeze(found)))
    ledger.record(Name.WAVE_CLOSED, actor=actor, subject=wave.ref, n_answers=n_answers)
    db.session.flush()
    return found


def _worked_out(wave: Wave) -> tuple[Kept, int]:
    instrument = loading.load(wave.instrument)
    earlier = comparing.earlier(wave, instrument)
    reading = raw.read(wave, instrument)
    policy = Policy(
        least=wave.threshold,
        least_texts=max(wave.comment_threshold, wave.threshold),
        has_second=wave.second_breakdown != Breakdown.NONE,
    )
    released = release(instrument, reading, policy, before=earlier.before, redact=_redactor())
    found = finding.find(flaws.rules(), released, measures=beside.measures(wave, released))
    kept = Kept(released=released, flaws=found, why_not_compared=earlier.why_not.value)
    return kept, reading.total.valid


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
    close(actors.system("surveys"), wave)
