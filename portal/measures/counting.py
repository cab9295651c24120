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
    """Count what is over; gives each day with the last one to come. It ends the open transaction and commits often.

    Whatever is killed on the way, the next run goes on there: folding, and then counting what was folded.
    """
    yield from fold.fold(is_anew=is_anew)
    as_of = fold.as_of()
    if as_of is None:
        return
    for monday in daily.count(fold.state().uncounted_since or as_of, as_of):
        fold.note_counted(monday + daily.WEEK)
        db.session.commit()
    fold.note_counted(None)
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
