"""What folding leaves behind, as bytes in rows: the attempts of each day, and what is carried over midnight."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from analytics.findability import Searched
from analytics.needs import packing, reading
from analytics.needs.attempts import Attempts, together
from analytics.needs.reading import Carry
from analytics.needs.topics import Asked
from portal.core.database import db
from portal.measures.models import DailyAttempts, FoldCarry

RECENT = 8
"""So many of the last midnights can be folded from again; farther back, the first of each month."""


def carried(carry: Carry) -> bytes:
    """Pack what a day leaves to the next."""
    asked = [[*asker, known.at, known.topic, known.is_named] for asker, known in carry.asked.items()]
    head = zlib.compress(json.dumps(asked).encode(), 1)
    return len(head).to_bytes(4, "big") + head + packing.packed(carry.events)


def carried_back(data: bytes) -> Carry:
    """Read what a day left to the next."""
    n = 4 + int.from_bytes(data[:4], "big")
    asked = {
        (actor, session, question): Asked(at, topic, is_named)
        for actor, session, question, at, topic, is_named in json.loads(zlib.decompress(data[4:n]))
    }
    return Carry(packing.unpacked_events(data[n:]), asked)


@dataclass(frozen=True, slots=True)
class Packed:
    """A day as it is kept."""

    day: dt.date
    n: int
    attempts: bytes
    searches: bytes

    @classmethod
    def of(cls, day: dt.date, settled: reading.Settled) -> Packed:
        """Pack what was settled at the end of a day."""
        attempts, searches = packing.packed(settled.attempts), packing.packed(settled.searched)
        return cls(day, len(settled.attempts), attempts, searches)


def keep(days: Sequence[Packed], carry: Carry) -> None:
    """Keep days that follow each other, in place of what was there, and what the last leaves to the next."""
    following = days[-1].day + dt.timedelta(days=1)
    numbers = [each.day for each in days]
    db.session.execute(delete(DailyAttempts).where(DailyAttempts.day.in_(numbers)))
    rows = [
        {"day": each.day, "n": each.n, "packed": each.attempts, "searches": each.searches, "version": packing.VERSION}
        for each in days
    ]
    db.session.execute(insert(DailyAttempts), rows)
    db.session.execute(delete(FoldCarry).where(FoldCarry.day == following))
    db.session.execute(insert(FoldCarry), [{"day": following, "packed": carried(carry)}])
    _let_go(following)


def _let_go(day: dt.date) -> None:
    """Keep the last midnights and the first of each month."""
    old = [
        each
        for each in db.session.execute(select(FoldCarry.day)).scalars()
        if each.day != 1 and each <= day - dt.timedelta(days=RECENT)
    ]
    if old:
        db.session.execute(delete(FoldCarry).where(FoldCarry.day.in_(old)))


def carry_before(day: dt.date) -> tuple[dt.date, Carry] | None:
    """Return the last midnight up to this day that can be folded from, and what was carried over it."""
    row = db.session.execute(
        select(FoldCarry).where(FoldCarry.day <= day).order_by(FoldCarry.day.desc()).limit(1)
    ).scalar_one_or_none()
    return (row.day, carried_back(row.packed)) if row is not None else None


def forget_all() -> None:
    """Let go of everything folded."""
    db.session.execute(delete(FoldCarry))
    db.session.execute(delete(DailyAttempts))


def attempts(since: dt.date | None, until: dt.date) -> Attempts:
    """Return the attempts known at the midnight before `until`, those that may still go on included."""
    return together(_days(since, until))


def _days(since: dt.date | None, until: dt.date) -> Iterator[Attempts]:
    for packed in _rows(DailyAttempts.packed, since, until):
        yield packing.unpacked(packed)
    yield reading.finish(_open(until))


def searches(since: dt.date | None, until: dt.date) -> Iterator[Searched]:
    """Give the searches of each day, those not settled at the end included."""
    for packed in _rows(DailyAttempts.searches, since, until):
        yield packing.unpacked_searches(packed)
    yield reading.settle_rest(_open(until)).searched


def _rows(column: object, since: dt.date | None, until: dt.date) -> Iterator[bytes]:
    query = select(column).where(DailyAttempts.day < until).order_by(DailyAttempts.day)  # type: ignore[call-overload]
    if since is not None:
        query = query.where(DailyAttempts.day >= since)
    yield from db.session.execute(query.execution_options(yield_per=16)).scalars()


def _open(until: dt.date) -> Carry:
    row = db.session.get(FoldCarry, until)
    return carried_back(row.packed) if row is not None else reading.nothing()


def first_day() -> dt.date | None:
    """Return the first day whose attempts are kept."""
    return db.session.execute(select(func.min(DailyAttempts.day))).scalar()
