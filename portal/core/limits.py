"""How often somebody may do something.

Changes are counted in one table, so that every worker and machine counts the same. Reading is counted per process:
a limit that itself writes would cost more than what it protects.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import threading
import time
from collections import OrderedDict

from flask import request
from flask_babel import gettext as _
from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.database import Base, db, upsert
from portal.core.errors import TooMany
from portal.core.types import UTCDateTime


class LimitCount(Base):
    """How often one thing was done by one person or from one address within one window."""

    __tablename__ = "limit_count"

    bucket: Mapped[str] = mapped_column(String(160), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)


def address() -> str:
    """Return where the request comes from; an IPv6 address counts by its /64, which one household holds."""
    text = request.remote_addr or "unknown"
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False).network_address)
    return text


def spend(name: str, who: str, *, limit: int, seconds: int) -> None:
    """Count one use in this transaction; refuse (TooMany) the one above the limit. The caller commits either way.

    Counted first and judged after: two at the same instant cannot both be the last one allowed.
    """
    now = clock.now()
    values = {
        "bucket": _bucket(name, who, seconds),
        "n": 1,
        "expires_at": now + dt.timedelta(seconds=seconds),
    }
    statement = upsert(LimitCount).values(**values)
    statement = statement.on_conflict_do_update(index_elements=["bucket"], set_={"n": LimitCount.n + 1})
    if db.session.execute(statement.returning(LimitCount.n)).scalar_one() > limit:
        raise refusal(seconds)


def give_back(name: str, who: str, *, seconds: int) -> None:
    """Take one use back that turned out not to count."""
    bucket = LimitCount.bucket == _bucket(name, who, seconds)
    db.session.execute(update(LimitCount).where(bucket, LimitCount.n > 0).values(n=LimitCount.n - 1))


def used(name: str, who: str, *, seconds: int) -> int:
    """Return how often this was done in the window we are in."""
    query = select(LimitCount.n).where(LimitCount.bucket == _bucket(name, who, seconds))
    return db.session.execute(query).scalar() or 0


def refusal(seconds: int) -> TooMany:
    wait = seconds - int(clock.now().timestamp()) % seconds
    minutes = max(1, round(wait / 60))
    return TooMany(_("That was too often. Please try again in about %(n)s min.", n=minutes), retry_after=wait)


def _bucket(name: str, who: str, seconds: int) -> str:
    return f"{name}:{seconds}:{int(clock.now().timestamp()) // seconds}:{who}"[:160]


def sweep() -> int:
    """Forget windows that are over."""
    result = db.session.execute(delete(LimitCount).where(LimitCount.expires_at < clock.now()))
    return int(result.rowcount)  # type: ignore[attr-defined]


class ReadingLimit:
    """A limit on looking, kept in this process: so many a minute for each address or person."""

    def __init__(self, seconds: int = 60, keep: int = 20_000) -> None:
        self._seconds, self._keep = seconds, keep
        self._counts: OrderedDict[tuple[str, int], int] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, who: str, limit: int) -> None:
        """Count one look; refuse (TooMany) the one above the limit."""
        key = (who, int(time.monotonic()) // self._seconds)
        with self._lock:
            count = self._counts.get(key, 0) + 1
            self._counts[key] = count
            while len(self._counts) > self._keep:
                self._counts.popitem(last=False)
        if count > limit:
            raise TooMany(_("That was too often. Please wait a minute."), retry_after=self._seconds)
