"""Who starts when: chosen day by day, or drawn by lot, and what so many departments can show at best."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from analytics.effects import planning
from analytics.effects.planning import Outlook
from portal.adoption.models import Intervention
from portal.core import clock
from portal.core.errors import Invalid
from portal.measures import people as groups
from portal.people.models import Department

WEEK = dt.timedelta(weeks=1)
SEEDS = 1_000_000
LONGEST = dt.timedelta(days=3 * 366)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The days on which departments start, by their number; and the lot, where it was one."""

    starts: Mapping[int, dt.date]
    lot: tuple[tuple[int, str], ...] = ()
    """Everybody it was drawn among, those who are to stay without included."""
    seed: int | None = None

    @property
    def is_randomised(self) -> bool:
        return self.seed is not None


def chosen(starts: Mapping[int, dt.date]) -> Plan:
    """Take the days somebody chose; refuses (Invalid) none, and days that do not lie ahead."""
    _check(starts)
    return Plan(starts=dict(starts))


def drawn(
    departments: Collection[Department], *, first: dt.date, weeks: int, n_without: int, seed: int | None = None
) -> Plan:
    """Draw by lot who starts when: one department every so many weeks, some of them not at all.

    Without a seed it takes one by chance; with it anybody can draw the same again.
    """
    names = {unit.name: unit.id for unit in departments}
    if len(names) < len(departments):
        raise Invalid(_("Two of these departments have the same name; a lot needs names that differ."), "departments")
    n = len(departments) - n_without
    if n < 1:
        raise Invalid(_("Somebody has to start: let fewer departments stay without."), "n_without")
    if not 1 <= weeks <= 26:
        raise Invalid(_("Between 1 and 26 weeks, please."), "weeks")
    days: list[dt.date | None] = [first + place * weeks * WEEK for place in range(n)]
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    ordinals = [day.toordinal() if day else None for day in [*days, *[None] * n_without]]
    order = planning.draw(list(names), ordinals, seed=seed)
    starts = {names[name]: dt.date.fromordinal(day) for name, day in order.items() if day is not None}
    _check(starts)
    return Plan(starts=starts, lot=tuple((names[name], name) for name in sorted(names)), seed=seed)


def _check(starts: Mapping[int, dt.date]) -> None:
    if not starts:
        raise Invalid(_("Choose at least one department, and the day on which it starts."), "departments")
    if min(starts.values()) <= clock.today():
        raise Invalid(
            _("An intervention is registered before it starts: the first day is tomorrow at the earliest. What has "
              "begun already cannot be registered any more, for nobody could tell what was expected of it."),
            "first_on",
        )  # fmt: skip
    if max(starts.values()) > clock.today() + LONGEST:
        raise Invalid(_("Choose days within the next three years."), "first_on")


def compared(intervention: Intervention) -> list[int]:
    """Return the departments that are looked at: those of the lot, else all that may be shown."""
    shown = groups.shown_groups()["department"]
    among = {number for number, _name in intervention.lot} if intervention.is_randomised else shown
    return sorted(shown & among)


def outlook(starts: Mapping[int, dt.date], among: Collection[int]) -> Outlook | None:
    """Say what a plan could show at best with these departments; None where there are none to look at."""
    if not among:
        return None
    return planning.outlook([day.toordinal() if (day := starts.get(number)) else None for number in sorted(among)])
