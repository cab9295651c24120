"""What is kept of each day: measures, attempts to find help, how far folding has come, and dates worth knowing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Date, Double, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.database import Base
from portal.core.types import UTCDateTime


class DailyMeasure(Base):
    """One figure of one day and one slice. Sums and counts only, so that days add up to months."""

    __tablename__ = "daily_measure"
    __table_args__ = (UniqueConstraint("measure", "slice", "day"), Index("ix_daily_measure_day", "day"))

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date, comment="in UTC")
    measure: Mapped[str] = mapped_column(String(64))
    slice: Mapped[str] = mapped_column(
        String(96), default="", comment="empty: all; department:3, site:2, category:7, window:24h and the like"
    )
    value: Mapped[float]


class DailyAttempts(Base):
    """The attempts that ended on a day, as packed columns: what another window is reckoned from without the ledger."""

    __tablename__ = "daily_attempts"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    n: Mapped[int] = mapped_column(comment="how many attempts")
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1, comment="of the packing; an older one is folded again")
    searches: Mapped[bytes] = mapped_column(
        LargeBinary, default=b"", server_default="", comment="settled with them, packed alike"
    )


class FoldCarry(Base):
    """What was not settled at a midnight: with it, folding can begin again on that day."""

    __tablename__ = "fold_carry"

    day: Mapped[dt.date] = mapped_column(
        Date, primary_key=True, comment="the first day that is not folded, as this was carried into it"
    )
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class FoldState(Base):
    """How far the ledger is folded, so that the next fold reads only what is new; one row."""

    __tablename__ = "fold_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    folded_until: Mapped[dt.date | None] = mapped_column(Date, comment="the first day that is not folded")
    last_entry_id: Mapped[int] = mapped_column(default=0, comment="of the ledger, when it was folded")
    version: Mapped[int] = mapped_column(default=1, comment="of the definitions; another one folds everything again")
    uncounted_since: Mapped[dt.date | None] = mapped_column(
        Date, comment="the first day that was folded and whose sums are not counted yet"
    )
    rebuilt_until: Mapped[dt.date | None] = mapped_column(Date, comment="while everything is folded again")
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)


class KeptReport(Base):
    """The figures of a usual period, worked out at night, so that pages need not."""

    __tablename__ = "kept_report"

    key: Mapped[str] = mapped_column(
        String(96), primary_key=True, comment="days, window and slice: 84d|24h|department:3"
    )
    as_of: Mapped[dt.date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(comment="of the definitions")
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class Assumption(Base):
    """Something one must believe before a figure can be money; what has no row keeps its usual value."""

    __tablename__ = "assumption"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[float] = mapped_column(Double)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)


class ChangeDate(Base):
    """A day on which something changed that charts should show: a launch, a new tool, an outage."""

    __tablename__ = "change_date"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[dt.date] = mapped_column(Date, index=True)
    text: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(
        String(64), default="", server_default="", comment="a Ref: the thing whose date it is; empty: pinned by hand"
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)


class WorkEffect(Base):
    """What was different before and after a text was published; counted at night, while it can still change."""

    __tablename__ = "work_effect"

    draft_id: Mapped[int] = mapped_column(ForeignKey("article_draft.id", ondelete="CASCADE"), primary_key=True)
    published_on: Mapped[dt.date] = mapped_column(Date, index=True)
    as_of: Mapped[dt.date] = mapped_column(Date)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
