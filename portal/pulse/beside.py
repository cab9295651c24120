"""The portal's own figures beside the answers: what flaws ask of searches, needs and tickets of the same weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from analytics.proportions import Share
from portal.core import clock, options
from portal.measures import behaviour, fixed
from portal.measures.behaviour import EVERYBODY, Behaviour
from portal.pulse import raw
from portal.pulse.models import Breakdown, Wave
from surveys.finding import WHOLE, Measures
from surveys.flaws import Measured
from surveys.privacy.released import Released

WEEKS = dt.timedelta(weeks=12)
"""Behaviour is read over so long before a wave closes: long enough for most people to have needed help once."""
LEAST_CASES = 20
"""Fewer searches, needs or answers say nothing of a department."""


def span(wave: Wave) -> tuple[dt.date, dt.date]:
    """Return the days whose behaviour stands beside a wave's answers; the second is not included.

    They are fixed stretches, so that two waves closed a day apart do not tell of that day.
    """
    until = fixed.begin(wave.closed_at.date() if wave.closed_at else clock.today(options.get().default_timezone))
    return until - WEEKS, until


def by_unit(wave: Wave) -> dict[str, Behaviour]:
    """Return what each group of a wave did, by its name in the wave; everybody is the empty name."""
    found = behaviour.of_departments(*span(wave))
    told = {WHOLE: found[EVERYBODY]} if EVERYBODY in found else {}
    if wave.breakdown == Breakdown.DEPARTMENT:
        told |= {
            unit.name: found[unit.department_id]
            for unit in raw.units(wave, wave.breakdown)
            if unit.name and unit.department_id and unit.department_id in found
        }
    return told


def measures(wave: Wave, released: Released) -> Measures:
    """Return the measures that rules may ask for, of everybody and of the groups that are shown."""
    shown = {WHOLE, *(row.name for row in released.units.rows if row.is_shown)}
    return {name: dict(_measured(each)) for name, each in by_unit(wave).items() if name in shown}


def _measured(found: Behaviour) -> Iterator[tuple[str, Measured]]:
    shares = {
        "first_touch_share": found.first_here,
        "zero_result_rate": found.zero_results,
        "false_yes_rate": found.false_yes,
        "use_share": found.users,
    }
    for name, share in shares.items():
        if share is not None and (name == "use_share" or share.n >= LEAST_CASES):
            yield name, _as_measured(share)


def _as_measured(share: Share) -> Measured:
    return Measured(value=round(share.point, 2), low=round(share.low, 2), high=round(share.high, 2), n=share.n)
