"""The visitors of days as the database keeps them, and addresses met, each for as long as its salt lives."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from analytics.weblog.visits import DayState, as_logged, packed, unpacked
from portal.core.database import db, looking
from portal.weblogs.models import LogAddresses, LogDay

if TYPE_CHECKING:
    import numpy as np

EPOCH = dt.date(1970, 1, 1)


def date_of(day: int) -> dt.date:
    return EPOCH + dt.timedelta(days=day)


def number_of(day: dt.date) -> int:
    return (day - EPOCH).days


class DayShelf:
    """Days of a log. Looking one up takes no lock; what is laid here waits to be settled with its counts."""

    def __init__(self, weblog_id: int | None) -> None:
        self._weblog_id = weblog_id
        self.waiting: dict[int, tuple[bytes, bytes]] = {}

    def take(self, day: int) -> DayState | None:
        found = self.waiting.get(day)
        if found is None and self._weblog_id is not None:
            query = select(LogDay.salt, LogDay.visitors_kept)
            query = query.where(LogDay.weblog_id == self._weblog_id, LogDay.day == date_of(day))
            with looking():
                row = db.session.execute(query).one_or_none()
                db.session.rollback()
            if row is not None and row.salt is not None and row.visitors_kept is not None:
                found = (row.salt, row.visitors_kept)
        return unpacked(day, *found) if found else None

    def put(self, state: DayState) -> None:
        self.waiting[state.day] = (state.salt, packed(state))


class Met:
    """The addresses a log has met, as keys of 64 bits in a sorted column."""

    def __init__(self, salt: bytes, weblog_id: int | None) -> None:
        import numpy as np

        self._salt = salt
        rows: list[bytes] = []
        if weblog_id is not None:
            with looking():
                query = select(LogAddresses.packed).where(LogAddresses.weblog_id == weblog_id)
                rows = list(db.session.scalars(query))
                db.session.rollback()
        self._known: np.ndarray[Any, Any] = np.unique(np.frombuffer(b"".join(rows), dtype="<u8"))

    def new(self, addresses: Iterable[str]) -> bytes:
        """Return the keys of those not met before, packed; they are met from now on."""
        import numpy as np

        keys = b"".join(hmac.digest(self._salt, as_logged(address), "sha256")[:8] for address in addresses)
        here = np.unique(np.frombuffer(keys, dtype="<u8"))
        fresh = np.setdiff1d(here, self._known, assume_unique=True)
        self._known = np.union1d(self._known, fresh)
        return fresh.tobytes()
