"""Folding the ledger, day by day: each whole day (in UTC) becomes its attempts once, and nobody reads it again.

A fold puts down how far it has come and goes on from there; one that was killed loses a week of days at most. What was
written down late but in time (72 hours) opens its day again, and the days after it are folded anew. A rebuild does the
same from the first day, and gives the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import case, func, select

from analytics.needs import reading
from analytics.needs.reading import Carry
from portal.core import clock
from portal.core.database import db, looking
from portal.ledger.models import LedgerEntry
from portal.measures import columns, forgetting, packs
from portal.measures.models import FoldState

VERSION = 2
"""Of the definitions and of the packing; when it grows, everything is folded again."""
DAY = dt.timedelta(days=1)
WEEKLY = frozenset({1, 8, 15, 22})
"""Days of the month before whose midnight is put down what is carried, so that a fold can go on from there."""


def state() -> FoldState:
    """Return how far folding has come."""
    found = db.session.get(FoldState, 1)
    if found is None:
        found = FoldState(id=1, last_entry_id=0, version=VERSION)
        db.session.add(found)
        db.session.flush()
    return found


def as_of() -> dt.date | None:
    """Return the first day that is not counted: figures are as of its midnight. None before the first fold."""
    found = db.session.get(FoldState, 1)
    return found.folded_until if found is not None else None


def fold(*, until: dt.date | None = None, is_anew: bool = False) -> Iterator[tuple[dt.date, dt.date]]:
    """Fold every whole day before `until` (today), and commit after each of the last, and every week of those before.

    Gives each folded day with the last one to come, for whoever shows progress. `is_anew` begins with the first day.
    """
    until = min(until or clock.today(), clock.today())
    found = state()
    if is_anew or found.version != VERSION:
        _begin_anew(found)
    _take_late(found)
    if found.folded_until is None:
        found.folded_until = _first_day()
    day, carry = found.folded_until, _carry(found.folded_until)
    # Taken before the first day is read: what is written down meanwhile is looked at as late the next time.
    last = _last_entry_id()
    # Named once for the whole fold: what is retitled meanwhile counts from the next on.
    called = columns.titles()
    db.session.commit()
    waiting: list[packs.Packed] = []
    while day is not None and day < until:
        with looking():  # reading and reckoning take time, in which nobody who writes should wait
            settled = _fold_day(carry, day, called)
            db.session.rollback()
        waiting.append(packs.Packed.of(day, settled))
        carry, following = settled.carry, day + DAY
        if following.day in WEEKLY or following > until - packs.RECENT * DAY:
            packs.keep(waiting, carry)
            _put_down(following, last, since=waiting[0].day)
            db.session.commit()
            waiting = []
        yield day, until - DAY
        day = following


def _put_down(day: dt.date, last: int, *, since: dt.date) -> None:
    """Note that everything before a day is folded, and what of it, from `since` on, is to be counted."""
    found = state()
    found.uncounted_since = min(since, found.uncounted_since or since)
    found.folded_until, found.last_entry_id, found.changed_at = day, last, clock.now()
    if found.rebuilt_until is not None and day >= found.rebuilt_until:
        found.rebuilt_until = None


def note_counted(until: dt.date | None) -> None:
    """Note that the sums of all days before one are counted; None: of all that are folded."""
    found = state()
    if found.uncounted_since is not None:
        found.uncounted_since = max(found.uncounted_since, until) if until is not None else None


def _fold_day(carry: Carry, day: dt.date, called: columns.Titles) -> reading.Settled:
    begin, end = columns.midnight(day), columns.midnight(day + DAY)
    table = columns.read_events(begin, end, called)
    return reading.settle_day(carry, table, until=columns.at_ms(end))


def _begin_anew(found: FoldState) -> None:
    """Forget what was folded; figures of days stay on the pages until they are counted again."""
    found.rebuilt_until = found.folded_until
    found.folded_until, found.last_entry_id, found.version = None, 0, VERSION
    packs.forget_all()


def _carry(day: dt.date | None) -> Carry:
    before = packs.carry_before(day) if day is not None else None
    return before[1] if before is not None and before[0] == day else reading.nothing()


def _take_late(found: FoldState) -> None:
    """Go back to the day of the earliest fact that came after its day was folded, if it counts still."""
    if found.folded_until is None:
        return
    entry, names = LedgerEntry, {name.value for name in columns.NAMES}
    begin = columns.midnight(found.folded_until)
    # By number alone: with more conditions the database would look through years of facts of the same names.
    new = entry.id > found.last_entry_id
    if db.session.execute(select(func.max(case((entry.at < begin, 1), else_=0))).where(new)).scalar() != 1:
        return
    query = select(entry.at, entry.recorded_at, entry.name).where(new)
    late = [
        at.date()
        for at, recorded_at, name in db.session.execute(query.execution_options(yield_per=columns.BATCH))
        if at < begin and name in names and recorded_at - at <= columns.LATE
    ]
    if not late:
        return
    before = packs.carry_before(min(late))
    found.folded_until = before[0] if before is not None else _first_day()


def _first_day() -> dt.date | None:
    """Return the first day worth folding: facts older than attempts are kept tell of nobody, so nothing joins them."""
    names = [name.value for name in columns.NAMES]
    query = select(func.min(LedgerEntry.at)).where(LedgerEntry.name.in_(names))
    if (before := forgetting.ATTEMPTS.before) is not None:
        query = query.where(LedgerEntry.at >= columns.midnight(before.date()))
    first = db.session.execute(query).scalar()
    return first.date() if first is not None else None


def _last_entry_id() -> int:
    return db.session.execute(select(func.max(LedgerEntry.id))).scalar() or 0
