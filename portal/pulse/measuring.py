"""Figures of waves as named measures, so that goals and the roadmap can hang on them.

Read is what the last wave closed before a day has released, never an answer: of a department only where it was shown,
and where a figure is capped, the cap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import Select, select

from analytics.proportions import wilson
from portal.core.actor import Actor
from portal.core.database import db
from portal.measures.catalogue import Measure, Reading, Told, Unit
from portal.measures.reports import Slice
from portal.pulse import policies
from portal.pulse.models import Breakdown, Wave, WaveReading, WaveState, WaveUnit
from portal.pulse.reading import kept
from surveys.groups import INDEX
from surveys.privacy.released import Row

KINDS = ("department",)
NOTHING = Reading(value=None, n=0)
DIMENSIONS: dict[str, LazyString] = {
    "AW": _l("Survey: awareness"),
    "VA": _l("Survey: value"),
    "EA": _l("Survey: ease"),
    "SK": _l("Survey: skill"),
    "SO": _l("Survey: social"),
    "SU": _l("Survey: support"),
    "TR": _l("Survey: trust"),
    "RV": _l("Survey: recognition and voice"),
    "IN": _l("Survey: intention and habit"),
}


def _closed(*columns: Any) -> Select[Any]:
    """Return the SQL for the waves that can be read, the last one first."""
    query = select(*columns).join(WaveReading, WaveReading.wave_id == Wave.id)
    return query.where(Wave.state == WaveState.CLOSED.value).order_by(Wave.closed_at.desc(), Wave.id.desc())


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def told_to(actor: Actor) -> Told:
    """Return whether a reader may know what the last wave before a day says: all when its outcome is published.

    Who reads surveys may before; one query for the others.
    """
    if policies.reads(actor):
        return lambda until: True
    waves = db.session.execute(_closed(Wave.closed_at, Wave.published_at)).all()

    def is_told(until: dt.date) -> bool:
        published = [published_at for closed_at, published_at in waves if closed_at < _midnight(until)]
        return not published or published[0] is not None

    return is_told


def _row(until: dt.date, of: Slice) -> Row | None:
    """Return what is released of a group by the last wave closed before a day; None where nothing is."""
    query = _closed(Wave, WaveReading).where(Wave.closed_at < _midnight(until))
    found = db.session.execute(query.limit(1)).first()
    if found is None:
        return None
    wave, row = found
    released = kept(row).released
    if not of.kind:
        return released.total if released.total.is_shown else None
    if of.kind != Breakdown.DEPARTMENT or wave.breakdown != Breakdown.DEPARTMENT:
        return None
    name = db.session.execute(
        select(WaveUnit.name).where(
            WaveUnit.wave_id == wave.id, WaveUnit.breakdown == wave.breakdown, WaveUnit.department_id == of.id
        )
    ).scalars()
    names = list(name)
    return released.units.row(names[0]) if len(names) == 1 else None


def _score(code: str) -> Callable[[dt.date, dt.date, Slice], Reading]:
    def read(since: dt.date, until: dt.date, of: Slice) -> Reading:
        row = _row(until, of)
        score = row.score(code) if row is not None else None
        if score is None or score.mean is None:
            return NOTHING
        mean = score.mean
        return Reading(value=mean.value.value, n=score.n or 0, low=mean.low, high=mean.high)

    return read


def _response(since: dt.date, until: dt.date, of: Slice) -> Reading:
    row = _row(until, of)
    if row is None or row.n is None or not row.delivered:
        return NOTHING
    share = wilson(row.n, row.delivered)
    if share is None:
        return NOTHING
    return Reading(value=share.point, n=row.delivered, k=row.n, low=share.low, high=share.high)


_LAST = _l(
    "Of the last survey closed before the end of the days, as it was released: from 0 to 100, the mean of all who "
    "answered, of a department only where it is shown."
)

MEASURES = (
    Measure(name="pulse_index", label=_l("Survey: index"), unit=Unit.SCORE, minimum_n=5, better="up", kinds=KINDS,
            is_for_few=True, told_to=told_to, definition=_LAST, _read=_score(INDEX)),
    *(
        Measure(name=f"pulse_{code.lower()}", label=label, unit=Unit.SCORE, minimum_n=5, better="up", kinds=KINDS,
                is_for_few=True, told_to=told_to, definition=_LAST, _read=_score(code))
        for code, label in DIMENSIONS.items()
    ),
    Measure(name="pulse_response", label=_l("Survey: who answered"), unit=Unit.SHARE, minimum_n=5, better="up",
            definition=_l("Answers that count over mails that arrived, of the last survey closed before the end of "
                          "the days."),
            kinds=KINDS, is_for_few=True, told_to=told_to, _read=_response),
)  # fmt: skip
