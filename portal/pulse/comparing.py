"""The wave that a wave is set against: read anew under the names of today, beside what of it was released."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from portal.core.database import db
from portal.pulse import raw
from portal.pulse.models import Wave, WaveReading, WaveUnit
from portal.pulse.reading import Kept, kept
from surveys.instrument import Instrument
from surveys.privacy.gate import Before
from surveys.privacy.released import Released


class WhyNot(StrEnum):
    """Why a wave that was to be compared is not."""

    NONE = ""
    NO_ANSWERS = "no_answers"
    """What people answered then is not kept any more."""
    OTHER_QUESTIONS = "other_questions"


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What a wave is set against."""

    before: Before | None = None
    why_not: WhyNot = WhyNot.NONE


def earlier(wave: Wave, instrument: Instrument) -> Earlier:
    """Return the wave before, if one was chosen and can still be read."""
    if wave.before_id is None:
        return Earlier()
    other = db.session.get(Wave, wave.before_id)
    row = db.session.get(WaveReading, wave.before_id)
    if other is None or row is None:
        return Earlier(why_not=WhyNot.NO_ANSWERS)
    if other.instrument != wave.instrument or other.instrument_digest != wave.instrument_digest:
        return Earlier(why_not=WhyNot.OTHER_QUESTIONS)
    known: Kept = kept(row)
    called = names_of_today(
        raw.units(other, other.breakdown),
        raw.units(wave, wave.breakdown),
        is_same_breakdown=other.breakdown == wave.breakdown,
    )
    reading = raw.read(other, instrument, called=called)
    if not reading.total.rows:
        return Earlier(why_not=WhyNot.NO_ANSWERS)
    return Earlier(before=Before(reading, _renamed(known.released, called)))


def _renamed(released: Released, called: dict[str, str]) -> Released:
    rows = tuple(replace(row, name=called.get(row.name, row.name)) for row in released.units.rows)
    return replace(released, units=replace(released.units, rows=rows))


def names_of_today(
    before: Sequence[WaveUnit], now: Sequence[WaveUnit], *, is_same_breakdown: bool = True
) -> dict[str, str]:
    """Return what groups of an earlier wave are called in a later one (METRICS 11).

    A department that was only renamed keeps its line. One that was merged, split, or has its name from another gets a
    name that no group of today has: its line breaks.
    """
    often = Counter(unit.department_id for unit in before if unit.department_id is not None)
    today = {unit.department_id: unit.name for unit in now if unit.department_id is not None}
    owners = {unit.name: unit.department_id for unit in now}
    found = {}
    for unit in before:
        number = unit.department_id
        if not is_same_breakdown or (number is not None and often[number] > 1):
            found[unit.name] = _of_no_group_today(unit.name)
        elif number in today:
            found[unit.name] = today[number]
        elif number is not None and owners.get(unit.name) is not None:
            found[unit.name] = _of_no_group_today(unit.name)
    taken = Counter(found.get(unit.name, unit.name) for unit in before)
    return {
        name: _of_no_group_today(name) if taken[other] > 1 else other for name, other in found.items() if name != other
    }


def _of_no_group_today(name: str) -> str:
    return f"{name}\n"
