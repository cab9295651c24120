"""Adoption as named measures, so that goals and evidence read it as they read any other figure.

A figure of how far people have come is that of the last day counted before the end of the stretch asked for.
"""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from analytics.proportions import wilson
from portal.adoption.models import AdoptionReading, Headcount, Standing
from portal.core.database import db
from portal.measures import daily
from portal.measures.catalogue import Measure, Read, Reading, Unit
from portal.measures.contacts import DAYS_OF_MONTH
from portal.measures.reports import Slice

OLD = dt.timedelta(days=7)
"""A count older than this when the stretch ends says nothing of it."""
ACTIVATION = "activation"
"""Counts people who do not go away again: the only one that can follow an S-curve."""


def _key(of: Slice) -> str:
    return str(of) if of.kind else ""


def standing(until: dt.date, of: Slice) -> dict[str, int]:
    """Return how many of a group had come how far by the end of a stretch; nothing where it was not counted."""
    stood = select(func.max(Standing.day)).where(
        Standing.slice == _key(of), Standing.day <= until, Standing.day > until - OLD
    )
    query = select(Standing.stage, Standing.n).where(
        Standing.slice == _key(of), Standing.day == stood.scalar_subquery()
    )
    return {stage: int(n) for stage, n in db.session.execute(query)}


def _share(part: str, whole: str = "eligible") -> Read:
    def read(since: dt.date, until: dt.date, of: Slice) -> Reading:
        found = standing(until, of)
        share = wilson(found.get(part, 0), found.get(whole, 0))
        if share is None:
            return Reading(value=None, n=0)
        return Reading(value=share.point, n=share.n, k=share.k, low=share.low, high=share.high)

    return read


def _needs_rate(since: dt.date, until: dt.date, of: Slice) -> Reading:
    """Needs over person-months; days without a headcount are left out on both sides.

    Headcounts are kept of all groups, so it is asked first whether this one may be shown.
    """
    if of.kind and db.session.get(AdoptionReading, _key(of)) is None:
        return Reading(value=None, n=0)
    query = select(Headcount.day, Headcount.n).where(
        Headcount.slice == _key(of), Headcount.day >= since, Headcount.day < until
    )
    people: dict[dt.date, int] = dict(db.session.execute(query).all())
    months = sum(people.values()) / DAYS_OF_MONTH
    if not months:
        return Reading(value=None, n=0)
    n_people = round(sum(people.values()) / len(people))
    sums = daily.sums(since, until, _key(of))
    needs = int(sum(
        n for name in daily.NEEDS[:6] for day, n in sums.get(f"needs.{name}", {}).items() if day in people
    ))  # fmt: skip
    return Reading(value=100 * needs / months, n=n_people, k=needs)


KINDS = ("department", "site")
MEASURES = (
    Measure(
        name="reach", label=_l("Reach"), unit=Unit.SHARE, minimum_n=5, better="up", kinds=KINDS,
        _read=_share("came_28"),
        definition=_l("People who came here within the 28 days before, of all who could. Who could come: everybody "
                      "with an account, without the desk, editors and administrators."),
    ),
    Measure(
        name=ACTIVATION, label=_l("Helped here at least once"), unit=Unit.SHARE, minimum_n=5, better="up", kinds=KINDS,
        _read=_share("activated"),
        definition=_l("People who were helped here once: they said so, or read something and no ticket followed; of "
                      "all who could come."),
    ),
    Measure(
        name="habit", label=_l("Come here as a habit"), unit=Unit.SHARE, minimum_n=5, better="up", kinds=KINDS,
        _read=_share("habitual"),
        definition=_l("People who were helped here before, looked for something in two of the last eight weeks, and "
                      "began here when they needed help last; of all who could come."),
    ),
    Measure(
        name="contributors", label=_l("Gave something to others"), unit=Unit.SHARE, minimum_n=5, better="up",
        kinds=KINDS, _read=_share("contributors"),
        definition=_l("People who gave an accepted answer, a tip, a correction or a text; of all who could come."),
    ),
    Measure(
        name="repeat_on_need", label=_l("Began here again"), unit=Unit.SHARE, minimum_n=5, better="up", kinds=KINDS,
        _read=_share("again_here", "again"),
        definition=_l("Of those who needed help again after they were helped here: how many began here the next "
                      "time, instead of asking the desk."),
    ),
    Measure(
        name="needs_rate", label=_l("Needs brought here for each 100 people and month"), unit=Unit.RATE, minimum_n=5,
        better="up", kinds=KINDS, _read=_needs_rate,
        definition=_l("Needs looked for here, however they ended, for each hundred people who could come and month of "
                      "30.4 days. It swings with the season: who is well does not come."),
    ),
)  # fmt: skip
