"""Reads for the pages of waves: each a fixed number of queries, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.pulse import policies
from portal.pulse.models import Invitation, MailKind, Wave, WaveMailing, WaveReading, WaveState


@dataclass(frozen=True)
class Counts:
    """How far a wave is: numbers alone, and never a score (METRICS 11)."""

    n_invited: int = 0
    n_arrived: int = 0
    """Sent or answered, and not come back: what a share of answers is a share of."""
    n_bounced: int = 0
    n_answered: int = 0

    @property
    def share(self) -> float | None:
        return self.n_answered / self.n_arrived if self.n_arrived else None


def waves(actor: Actor) -> list[Wave]:
    """Return the waves somebody may see, the newest first; one query."""
    query = select(Wave).where(policies.seen(actor)).options(joinedload(Wave.author))
    return list(db.session.execute(query.order_by(Wave.created_at.desc(), Wave.id.desc())).scalars())


def counts(wave_ids: Collection[int]) -> dict[int, Counts]:
    """Return how far these waves are, trials left out; one query."""
    if not wave_ids:
        return {}
    query = select(
        Invitation.wave_id,
        func.count(),
        func.count().filter(or_(Invitation.sent_at.is_not(None), Invitation.is_used), Invitation.is_bounced.is_(False)),
        func.count().filter(Invitation.is_bounced),
        func.count().filter(Invitation.is_used),
    ).where(Invitation.wave_id.in_(wave_ids), Invitation.is_test.is_(False))
    return {
        wave_id: Counts(n_invited=n, n_arrived=arrived, n_bounced=bounced, n_answered=used)
        for wave_id, n, arrived, bounced, used in db.session.execute(query.group_by(Invitation.wave_id))
    }


def n_trials(wave: Wave) -> int:
    """Return how many people a draft was sent to, to try it."""
    query = select(func.count()).where(Invitation.wave_id == wave.id, Invitation.is_test)
    return db.session.execute(query).scalar_one()


@dataclass(frozen=True)
class Mailing:
    """How far one mail to everybody is."""

    row: WaveMailing
    n_all: int

    @property
    def is_under_way(self) -> bool:
        return self.row.began_at is not None and self.row.ended_at is None

    @property
    def n_done(self) -> int:
        return self.row.n_sent + self.row.n_refused


def mailings(wave: Wave) -> list[Mailing]:
    """Return the mails of a wave in their order, each with how many get it as things stand; two queries."""
    rows = db.session.execute(select(WaveMailing).where(WaveMailing.wave_id == wave.id)).scalars()
    counted = counts([wave.id]).get(wave.id, Counts())
    found = []
    for row in sorted(rows, key=lambda row: list(MailKind).index(MailKind(row.kind))):
        n_left = counted.n_arrived - counted.n_answered
        n_all = counted.n_invited if row.kind == MailKind.INVITATION else max(n_left, row.n_sent + row.n_refused)
        found.append(Mailing(row, row.n_sent + row.n_refused if row.ended_at else n_all))
    return found


def comparable(wave: Wave) -> list[Wave]:
    """Return the waves that this one can be set against: worked out, with the same questionnaire, the newest first."""
    query = (
        select(Wave)
        .join(WaveReading, WaveReading.wave_id == Wave.id)
        .where(Wave.state == WaveState.CLOSED.value, Wave.instrument == wave.instrument, Wave.id != wave.id)
    )
    return list(db.session.execute(query.order_by(Wave.closed_at.desc(), Wave.id.desc())).scalars())


def others_running(wave: Wave) -> list[Wave]:
    """Return the other waves that are open now: people asked twice at once answer neither."""
    query = select(Wave).where(Wave.state == WaveState.OPEN.value, Wave.id != wave.id)
    return list(db.session.execute(query.order_by(Wave.id)).scalars())


@dataclass(frozen=True)
class Overview:
    """What the list of waves shows."""

    waves: list[Wave] = field(default_factory=list)
    answers: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    """By wave: how many have answered, of how many; nothing of a wave of which that is not told."""


def overview(actor: Actor) -> Overview:
    found = waves(actor)
    running = counts([wave.id for wave in found if wave.state == WaveState.OPEN])
    told = {wave_id: (each.n_answered, each.n_invited) for wave_id, each in running.items()}
    return Overview(found, told | _released([wave.id for wave in found if wave.state == WaveState.CLOSED]))


def _released(wave_ids: Collection[int]) -> dict[int, tuple[int, int | None]]:
    """Return how many answered closed waves, as far as that was released; one query."""
    total = ("released", "total")
    n, delivered = (WaveReading.released[(*total, name)].as_integer() for name in ("n", "delivered"))
    query = select(WaveReading.wave_id, n, delivered).where(WaveReading.wave_id.in_(wave_ids), n.is_not(None))
    return {wave_id: (answered, of) for wave_id, answered, of in db.session.execute(query)}
