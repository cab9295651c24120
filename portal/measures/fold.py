"""Folding the ledger, day by day: each whole day (in UTC) becomes its attempts once, and nobody reads it again.

A fold commits after each day and goes on where it was; one that was killed loses a day's work. What was written down
late but in time (72 hours) opens its day again, and the days after it are folded anew. A rebuild does the same from
the first day, and gives the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import func, select

from analytics.needs import reading
from analytics.needs.reading import Carry
from portal.core import clock
from portal.core.database import db
from portal.ledger.models import LedgerEntry
from portal.measures import columns, packs
from portal.measures.models import FoldState

VERSION = 1
"""Of the definitions and of the packing; when it grows, everything is folded again."""
DAY = dt.timedelta(days=1)


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
    """Fold every whole day before `until` (today), and commit after each.

    Gives each folded day with the last one to come, for whoever shows progress. `is_anew` begins with the first day.
    """
    until = min(until or clock.today(), clock.today())
    found = state()
    if is_anew or found.version != VERSION:
        _begin_anew(found)
        db.session.commit()
    _take_late(found)
    if found.folded_until is None:
        found.folded_until = _first_day()
    if found.folded_until is None:
        return
    carry = _carry(found.folded_until)
    # Named once for the whole fold: what is retitled meanwhile counts from the next on.
    called = columns.titles()
    # Taken before the first day is read: what is written down meanwhile is looked at as late the next time.
    last = _last_entry_id()
    while found.folded_until < until:
        day = found.folded_until
        settled = _fold_day(carry, day, called)
        carry = settled.carry
        packs.keep_day(day, settled)
        found.folded_until, found.last_entry_id, found.changed_at = day + DAY, last, clock.now()
        if found.rebuilt_until is not None and found.folded_until >= found.rebuilt_until:
            found.rebuilt_until = None
        db.session.commit()
        yield day, until - DAY


def _fold_day(carry: Carry, day: dt.date, called: columns.Titles) -> reading.Settled:
    begin, end = columns.midnight(day), columns.midnight(day + DAY)
    table = columns.read_events(begin, end, called)
    return reading.settle_day(carry, table, until=columns.at_ms(end))


def _begin_anew(found: FoldState) -> None:
    """Forget what was folded; figures of days stay on the pages until they are counted again."""
    found.rebuilt_until = found.folded_until
    found.folded_until, found.last_entry_id, found.version = None, 0, VERSION
    packs.forget_all()


def _carry(day: dt.date) -> Carry:
    before = packs.carry_before(day)
    return before[1] if before is not None and before[0] == day else reading.nothing()


def _take_late(found: FoldState) -> None:
    """Go back to the day of the earliest fact that came after its day was folded, if it counts still."""
    if found.folded_until is None:
        return
    entry = LedgerEntry
    rows = db.session.execute(
        select(entry.at, entry.recorded_at).where(
            entry.id > found.last_entry_id,
            entry.at < columns.midnight(found.folded_until),
            entry.name.in_([name.value for name in columns.NAMES]),
        )
    )
    late = [at.date() for at, recorded_at in rows if recorded_at - at <= columns.LATE]
    if not late:
        return
    before = packs.carry_before(min(late))
    found.folded_until = before[0] if before is not None else min(*late, _first_day() or min(late))


def _first_day() -> dt.date | None:
    names = [name.value for name in columns.NAMES]
    first = db.session.execute(select(func.min(LedgerEntry.at)).where(LedgerEntry.name.in_(names))).scalar()
    return first.date() if first is not None else None


def _last_entry_id() -> int:
    return db.session.execute(select(func.max(LedgerEntry.id))).scalar() or 0
