"""Planning a wave: begun as a draft, changed in steps, thrown away or cancelled. Its launch is `launching`'s."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import delete, update

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, NotFound
from portal.ledger import services as ledger
from portal.pulse import keys, mailings, policies, queries, settling, sheets, wording
from portal.pulse.models import Invitation, Wave, WaveState
from surveys import loading, wordings
from surveys.instrument import Instrument, Phase, Stage

INSTRUMENT = "pulse-1"
"""What new waves ask."""
USUAL_DAYS = 14
USUAL_REMINDERS = (4, 9)


class Collision(Conflict):
    """Somebody changed the wave since it was looked at; what they saved is what stands now."""


class Settled(Conflict):
    """What a launched wave means cannot be changed."""

    def __init__(self) -> None:
        super().__init__(
            _("This wave was launched. What it asks, whom, and how it is read cannot be changed any more.")
        )


def get(actor: Actor, wave_id: int) -> Wave:
    """Return the wave or refuse (NotFound): one this actor may not know of and one that never was look the same."""
    wave = db.session.get(Wave, wave_id)
    if wave is None or not policies.can_see(actor, wave):
        raise NotFound(_("There is no such survey."))
    return wave


def get_to_plan(actor: Actor, wave_id: int) -> Wave:
    """Return the wave for somebody who plans; refuses (Forbidden) who may only read it."""
    wave = get(actor, wave_id)
    if not policies.can_plan(actor):
        raise Forbidden(_("Surveys are planned by the task force."))
    return wave


def instrument_of(wave: Wave) -> Instrument:
    """Return what the wave asks, in the reader's language."""
    return asked(wave.instrument)


def asked(name: str = INSTRUMENT) -> Instrument:
    """Return an instrument in the reader's language; codes, rules and digest are those of every language."""
    return wordings.wording(name, str(get_locale() or wordings.ORIGINAL))


def stage_of(wave: Wave) -> Stage:
    return instrument_of(wave).stage(wave.stage)


def plan(actor: Actor, *, name: str, stage: str, **more: Any) -> Wave:
    """Begin a wave with what most waves have, to be changed in peace. Records `wave.planned`."""
    if not policies.can_plan(actor):
        raise Forbidden(_("Surveys are planned by the task force."))
    stage = settling.stage(stage, loading.load(INSTRUMENT))
    opens_on = _next_start(clock.today(options.get().default_timezone))
    wave = Wave(
        name=settling.name(name),
        stage=stage,
        instrument=INSTRUMENT,
        instrument_digest="",
        state=WaveState.DRAFT.value,
        sender_name=actor.name[:120],
        why=_first_words(stage),
        reply_to=actor.email,
        opens_on=opens_on,
        closes_on=opens_on + dt.timedelta(days=USUAL_DAYS),
        reminder_days=list(USUAL_REMINDERS),
        departments=[],
        author_id=actor.person_id,
        created_at=clock.now(),
    )
    db.session.add(wave)
    db.session.flush()
    before = queries.comparable(wave)
    wave.before_id = before[0].id if before else None
    ledger.record(Name.WAVE_PLANNED, actor=actor, subject=wave.ref, stage=wave.stage)
    if more:
        change(actor, wave, version=wave.version, **more)
    return wave


def _first_words(stage: str) -> str:
    """Return a reason to begin with, with a gap for what only the planner knows."""
    is_before = loading.load(INSTRUMENT).stage(stage).phase is Phase.BEFORE
    return str(wording.FIRST_WORDS if is_before else wording.LATER_WORDS)


def _next_start(today: dt.date) -> dt.date:
    """Return the first Tuesday at least three days ahead: mails of Mondays and Fridays are read late."""
    day = today + dt.timedelta(days=3)
    return day + dt.timedelta(days=(1 - day.weekday()) % 7)


def change(actor: Actor, wave: Wave, *, version: int, **values: Any) -> list[str]:
    """Change a draft; returns which fields changed. Records `wave.changed` for each.

    Refuses what cannot be (Invalid, by field), a wave that is launched (Settled), and whoever saw an older one
    (Collision).
    """
    if not policies.can_plan(actor):
        raise Forbidden(_("Surveys are planned by the task force."))
    if wave.state != WaveState.DRAFT:
        raise Settled
    return _keep(actor, wave, settling.of_draft(wave, values), version=version)


def adjust(actor: Actor, wave: Wave, *, version: int, **values: Any) -> list[str]:
    """Change what a running wave may still have changed: its last day, reminders to come, a higher threshold.

    Anything else is refused (Settled). Records `wave.changed`.
    """
    if not policies.can_plan(actor):
        raise Forbidden(_("Surveys are planned by the task force."))
    if wave.state != WaveState.OPEN or not set(values) <= settling.ADJUSTABLE:
        raise Settled
    changed = _keep(actor, wave, settling.of_running(wave, values), version=version)
    if "reminder_days" in changed:
        mailings.plan(wave)
    return changed


def _keep(actor: Actor, wave: Wave, settled: dict[str, Any], *, version: int) -> list[str]:
    changed = [name for name, value in settled.items() if getattr(wave, name) != value]
    if not changed:
        return []
    take(wave, version=version)
    for name in changed:
        setattr(wave, name, settled[name])
        ledger.record(Name.WAVE_CHANGED, actor=actor, subject=wave.ref, field=name)
    db.session.flush()
    return changed


def take(wave: Wave, *, version: int) -> None:
    """Let the next state be ours; of several who change at once one is first, the others are refused (Collision)."""
    first = update(Wave).where(Wave.id == wave.id, Wave.version == version).values(version=version + 1)
    if db.session.execute(first.returning(Wave.id)).scalar() is None:
        db.session.refresh(wave)
        raise Collision(_("Somebody else has changed this survey meanwhile. Nothing was overwritten."))
    db.session.refresh(wave)


def end_mails(wave: Wave) -> None:
    """Let no mail of the wave go out any more, and take away what its tokens came from; at its close, too."""
    keys.forget(wave.id)
    db.session.execute(delete(Invitation).where(Invitation.wave_id == wave.id, Invitation.is_test))
    # Who was reminded, and who had answered before, would date their sheet beside an older copy of the database.
    db.session.execute(update(Invitation).where(Invitation.wave_id == wave.id).values(n_reminders=0))
    mailings.end_all(wave)


def drop(actor: Actor, wave: Wave) -> None:
    """Throw a draft away, with everything that hangs on it."""
    if not policies.can_plan(actor):
        raise Forbidden(_("Surveys are planned by the task force."))
    if wave.state != WaveState.DRAFT:
        raise Settled
    end_mails(wave)
    db.session.execute(update(Wave).where(Wave.before_id == wave.id).values(before_id=None))
    ledger.record(Name.WAVE_CANCELLED, actor=actor, subject=wave.ref)
    db.session.delete(wave)
    db.session.flush()


def cancel(actor: Actor, wave: Wave, *, version: int) -> None:
    """End a running wave unread: what was answered is deleted, no link works any more. Records `wave.cancelled`."""
    if not policies.can_plan(actor):
        raise Forbidden(_("Surveys are planned by the task force."))
    if wave.state != WaveState.OPEN:
        raise Conflict(_("This survey is not running."))
    take(wave, version=version)
    wave.state, wave.closed_at = WaveState.CANCELLED.value, clock.now()
    end_mails(wave)
    sheets.delete(wave)
    ledger.record(Name.WAVE_CANCELLED, actor=actor, subject=wave.ref)
    db.session.flush()
