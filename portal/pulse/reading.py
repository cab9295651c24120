"""What a wave says, as somebody may read it: the one frozen object, narrowed to what they may see of it.

Page, print, CSV and API are made of `Seen` alone. Nothing is worked out here; `closing` did it, once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, NotFound
from portal.core.permissions import Permission
from portal.people.models import Department
from portal.people.structure import all_below
from portal.pulse import policies
from portal.pulse.models import Breakdown, Wave, WaveReading, WaveState, WaveUnit
from surveys import wordings
from surveys.flaws import Fired
from surveys.instrument import Instrument
from surveys.privacy import freezing
from surveys.privacy.released import Released, Row, Table

SHAPE = 1
"""Version of `Kept`."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept of a wave for good."""

    released: Released
    flaws: tuple[Fired, ...]
    why_not_compared: str = ""
    """Why the wave that was chosen for comparison is not there (`comparing.WhyNot`)."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A wave as one reader sees it."""

    wave: Wave
    instrument: Instrument
    """In the reader's language."""
    released: Released
    flaws: tuple[Fired, ...]
    why_not_compared: str
    is_whole: bool
    """Everything that was released; else the total and the reader's own groups."""
    own: tuple[str, ...] = ()
    """The groups that the reader answers for."""

    @property
    def has_units(self) -> bool:
        return bool(self.wave.breakdown != Breakdown.NONE and self.released.units.rows)

    @property
    def total(self) -> Row:
        return self.released.total


def kept(row: WaveReading) -> Kept:
    """Read what was frozen; raises `freezing.Misfit` on anything else."""
    return freezing.thaw(Kept, row.released)


def get(actor: Actor, wave_id: int) -> Seen:
    """Return what this actor may read of a wave: everything who plans, the total and their own groups who leads.

    Refuses (NotFound) waves they may not know of, (Conflict) one that is not worked out yet.
    """
    wave = db.session.get(Wave, wave_id)
    if wave is None or not policies.can_see(actor, wave):
        raise NotFound(_("There is no such survey."))
    if not (policies.can_plan(actor) or actor.can(Permission.SURVEY_READ)):
        raise Forbidden(_("What surveys say is read by who plans them and who leads a department."))
    if wave.state != WaveState.CLOSED:
        raise Conflict(_("There is nothing to read before the survey closes: no score is worked out while it runs."))
    return seen(actor, wave, kept(frozen(wave)))


def frozen(wave: Wave) -> WaveReading:
    """Return what was frozen of a closed wave; refuses (Conflict) one that is still being read."""
    row = db.session.get(WaveReading, wave.id)
    if row is None:
        raise Conflict(_("The survey is closed, and its answers are being worked out. Look again in a minute."))
    return row


def seen(actor: Actor, wave: Wave, known: Kept) -> Seen:
    """Narrow what was released to what this actor may read."""
    own = own_units(actor, wave)
    whole = Seen(
        wave=wave,
        instrument=wordings.wording(wave.instrument, str(get_locale() or "en")),
        released=known.released,
        flaws=known.flaws,
        why_not_compared=known.why_not_compared,
        is_whole=True,
        own=own,
    )
    if policies.can_plan(actor):
        return whole
    return replace(
        whole,
        released=_narrowed(known.released, own),
        flaws=tuple(flaw for flaw in known.flaws if not flaw.unit or flaw.unit in own),
        is_whole=False,
    )


def own_units(actor: Actor, wave: Wave) -> tuple[str, ...]:
    """Return the groups of a wave that belong to departments this actor leads, all below included."""
    if actor.person_id is None or wave.breakdown != Breakdown.DEPARTMENT:
        return ()
    led = db.session.execute(select(Department.id).where(Department.manager_id == actor.person_id)).scalars().all()
    if not led:
        return ()
    query = select(WaveUnit.name).where(
        WaveUnit.wave_id == wave.id,
        WaveUnit.breakdown == Breakdown.DEPARTMENT.value,
        WaveUnit.department_id.in_(all_below(led)),
    )
    return tuple(db.session.execute(query.order_by(WaveUnit.name)).scalars())


def _narrowed(released: Released, own: tuple[str, ...]) -> Released:
    """Leave the total, without what people wrote, and the rows of one's own groups."""
    return replace(
        released,
        total=replace(released.total, comments=()),
        units=Table(rows=tuple(replace(row, comments=()) for row in released.units.rows if row.name in own)),
        second=None,
        is_second_refused=False,
        not_on_roster=(),
        unweighted=(),
    )


def for_everybody(wave: Wave, known: Kept) -> Seen:
    """Narrow what was released to what a published wave tells everybody: how many answered, and the scores of all."""
    released = known.released
    total = replace(
        released.total,
        items=(),
        comments=(),
        scores=tuple(replace(score, bands=None, weighted=None) for score in released.total.scores),
    )
    return Seen(
        wave=wave,
        instrument=wordings.wording(wave.instrument, str(get_locale() or "en")),
        released=replace(
            _narrowed(released, ()), total=total, units=Table(), straight=None, reliability=(), drivers=None
        ),
        flaws=(),
        why_not_compared="",
        is_whole=False,
    )
