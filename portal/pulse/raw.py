"""From rows to a wave read raw. Nothing of what this gives may be shown: `closing` puts it through the gate, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, func, select

from portal.core.database import db
from portal.pulse.models import Breakdown, Invitation, Sheet, Wave, WaveUnit
from surveys import reading, scoring
from surveys.groups import Headcount
from surveys.instrument import Instrument
from surveys.reading import WaveReading

COLUMNS = {Breakdown.DEPARTMENT.value: Invitation.department, Breakdown.SITE.value: Invitation.site}


def units(wave: Wave, breakdown: str) -> list[WaveUnit]:
    """Return the groups of a breakdown as they were at the launch."""
    query = select(WaveUnit).where(WaveUnit.wave_id == wave.id, WaveUnit.breakdown == breakdown)
    return list(db.session.execute(query.order_by(WaveUnit.name)).scalars())


def settle_deliveries(wave: Wave) -> None:
    """Write down how many mails arrived in each group: what bounced, and who left unasked, are out.

    Never fewer than answered: somebody may have answered and left since.
    """
    for breakdown, column in COLUMNS.items():
        query = select(column, func.count()).where(*_arrived(wave)).group_by(column)
        arrived = {name: int(n) for name, n in db.session.execute(query)}
        answered = Counter(_names(wave, breakdown))
        for unit in units(wave, breakdown):
            unit.n_delivered = min(unit.n_people, max(arrived.get(unit.name, 0), answered[unit.name]))
    db.session.flush()


def _arrived(wave: Wave) -> tuple[ColumnElement[bool], ...]:
    was_sent = and_(Invitation.sent_at.is_not(None), Invitation.is_bounced.is_(False))
    return (Invitation.wave_id == wave.id, Invitation.is_test.is_(False), was_sent)


def _names(wave: Wave, breakdown: str) -> Sequence[str]:
    column = Sheet.department if breakdown == Breakdown.DEPARTMENT else Sheet.site
    return db.session.execute(select(column).where(Sheet.wave_id == wave.id)).scalars().all()


def n_that_count(wave: Wave, instrument: Instrument) -> int:
    """Return how many sheets say enough to count, without reading them further."""
    query = select(Sheet.answers).where(Sheet.wave_id == wave.id)
    asked = {item.code for item in instrument.asked_at(wave.stage)}
    return sum(scoring.counts(instrument, asked, _ticked(answers)) for answers in db.session.execute(query).scalars())


def _ticked(answers: Mapping[str, int | None]) -> dict[str, int]:
    return {code: tick for code, tick in answers.items() if tick is not None}


def read(wave: Wave, instrument: Instrument, *, called: Mapping[str, str] | None = None) -> WaveReading:
    """Read a wave from its sheets and the headcounts of its launch; `called` gives groups other names."""
    names = called or {}
    query = select(Sheet.department, Sheet.site, Sheet.answers, Sheet.comment).where(Sheet.wave_id == wave.id)
    sheets = []
    for department, site, answers, comment in db.session.execute(query):
        groups = {Breakdown.DEPARTMENT.value: department, Breakdown.SITE.value: site}
        unit = groups.get(wave.breakdown, "")
        sheets.append(
            scoring.Sheet(
                answers=_ticked(answers),
                unit=names.get(unit, unit),
                other=groups.get(wave.second_breakdown, ""),
                comment=comment,
            )
        )
    second = None if wave.second_breakdown == Breakdown.NONE else _roster(wave, wave.second_breakdown, {})
    return reading.read_wave(
        instrument,
        sheets,
        wave=str(wave.id),
        stage=wave.stage,
        roster=_roster(wave, wave.breakdown, names),
        other_roster=second,
    )


def _roster(wave: Wave, breakdown: str, called: Mapping[str, str]) -> dict[str, Headcount]:
    if breakdown == Breakdown.NONE:
        return {"": _everybody(wave)}
    return {
        called.get(unit.name, unit.name): Headcount(eligible=unit.n_people, delivered=unit.n_delivered)
        for unit in units(wave, breakdown)
    }


def _everybody(wave: Wave) -> Headcount:
    """Count whom a wave without a breakdown asked."""
    asked = select(func.count()).select_from(Invitation)
    invited = asked.where(Invitation.wave_id == wave.id, Invitation.is_test.is_(False))
    n, n_arrived = (db.session.execute(query).scalar_one() for query in (invited, asked.where(*_arrived(wave))))
    n_sheets = db.session.execute(select(func.count()).where(Sheet.wave_id == wave.id)).scalar_one()
    return Headcount(eligible=max(n, n_sheets), delivered=max(n_arrived, n_sheets))
