"""Counting the days that are over: attempts first, sums of each day, usual reports, what editors’ work weighs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from portal.core.database import db
from portal.jobs import services as jobs
from portal.measures import daily, finished, fold, kept, weighing

_following: list[str] = []


def follow(kind: str) -> None:
    """Let a job of a feature above run whenever days were counted, for what it works out from them."""
    if kind not in _following:
        _following.append(kind)


def counted(*, is_anew: bool = False) -> Iterator[tuple[dt.date, dt.date]]:
    """Count what is over; gives each day with the last one to come. It ends the open transaction and commits often."""
    begun = fold.as_of()
    for day, last in fold.fold(is_anew=is_anew):
        begun = min(begun or day, day)
        yield day, last
    as_of = fold.as_of()
    if as_of is None:
        return
    for _week in daily.count(None if is_anew else begun, as_of):
        db.session.commit()
    kept.renew(as_of)
    db.session.commit()
    weighing.renew(as_of)
    db.session.commit()
    finished.renew(as_of)
    db.session.commit()
    for kind in _following:
        jobs.enqueue(kind, {})
    db.session.commit()
