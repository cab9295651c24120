"""Logs, how far their files are read, what each reading brought, and the counts of days. No column names a person.

Keys that live two days would live on in every backup, so no backup holds them.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.types import UTCDateTime
from portal.core.withheld import withheld


class Pace(StrEnum):
    """How often a watched path is looked at."""

    NEVER = "never"
    HOURLY = "hourly"
    NIGHTLY = "nightly"


class RowKind(StrEnum):
    """What a row of a day counts."""

    PAGE = "page"
    ERROR = "error"
    REFERRER = "referrer"
    TERM = "term"
    OPENER = "opener"


class WebLog(Base):
    """One log: all files that one server, or several as one, write their lines into."""

    __tablename__ = "weblog"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    path: Mapped[str] = mapped_column(
        String(400), default="", comment="file, folder or pattern on this machine; empty: files are brought by hand"
    )
    pace: Mapped[str] = mapped_column(String(16), default=Pace.NEVER.value)
    hosts: Mapped[list[str]] = mapped_column(JSON, default=list, comment="hosts of the portal in this log")
    below: Mapped[str] = mapped_column(String(200), default="", comment="path below which the portal lies in it")
    is_common: Mapped[bool] = mapped_column(default=False, comment="lines end before referrer and agent")
    version: Mapped[int] = mapped_column(default=0, comment="one more with every reading, so that two never mix")
    salt: Mapped[bytes | None] = mapped_column(
        LargeBinary,
        info=withheld("salt IS NOT NULL"),
        comment="of addresses while a log is being brought; gone after 48 hours",
    )
    salted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    read_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="when it was last looked at")
    trouble: Mapped[str] = mapped_column(String(400), default="", comment="why the last look failed")


class LogFile(Base):
    """How far a file was read, known by its first bytes and never by its name."""

    __tablename__ = "weblog_file"
    __table_args__ = (UniqueConstraint("weblog_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    weblog_id: Mapped[int] = mapped_column(ForeignKey("weblog.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    length: Mapped[int] = mapped_column(comment="bytes the fingerprint is of")
    offset: Mapped[int] = mapped_column(BigInteger, comment="in the unpacked file")
    n_lines: Mapped[int] = mapped_column(BigInteger, comment="before the offset")
    name: Mapped[str] = mapped_column(String(400), comment="under which it was last seen")
    size: Mapped[int] = mapped_column(BigInteger, comment="as it lay there when it was last read to its end")
    changed_ns: Mapped[int] = mapped_column(BigInteger, comment="its time of change then; the same: nothing new")


class LogBatch(Base):
    """What one reading of a file brought, whatever came of it."""

    __tablename__ = "weblog_batch"
    __table_args__ = (Index("ix_weblog_batch_weblog_id_id", "weblog_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    weblog_id: Mapped[int] = mapped_column(ForeignKey("weblog.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200), comment="of the file, without its folder")
    began_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    n_read: Mapped[int] = mapped_column(default=0)
    n_parsed: Mapped[int] = mapped_column(default=0)
    refused: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, comment="lines by reason")
    examples: Mapped[list[list[int | str]]] = mapped_column(JSON, default=list, comment="first refused: line, why")
    classes: Mapped[list[int]] = mapped_column(JSON, default=list, comment="hits by why they are no page view")
    n_sessions: Mapped[int] = mapped_column(default=0, comment="that are new by it; joined ones count less")
    n_visits: Mapped[int] = mapped_column(default=0)
    n_addresses: Mapped[int] = mapped_column(default=0, comment="not met in this log while its salt lived")
    detector: Mapped[str] = mapped_column(String(80), comment="list of robots, with its version")
    is_broken: Mapped[bool] = mapped_column(default=False, comment="the file broke off")
    weblog: Mapped[WebLog] = relationship()


class LogDay(Base):
    """The counts of a day, and its visitors for as long as late lines may come."""

    __tablename__ = "weblog_day"

    weblog_id: Mapped[int] = mapped_column(ForeignKey("weblog.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date, primary_key=True, comment="in UTC")
    hits: Mapped[int] = mapped_column(default=0)
    n_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    views: Mapped[int] = mapped_column(default=0)
    robots: Mapped[int] = mapped_column(default=0)
    bad_requests: Mapped[int] = mapped_column(default=0)
    other_methods: Mapped[int] = mapped_column(default=0)
    other_statuses: Mapped[int] = mapped_column(default=0)
    static: Mapped[int] = mapped_column(default=0)
    four_words: Mapped[int] = mapped_column(default=0, comment="hits four plain words would call robots")
    sessions: Mapped[int] = mapped_column(default=0)
    visits: Mapped[int] = mapped_column(default=0)
    visitors: Mapped[int] = mapped_column(default=0, comment="with a page view")
    everyone: Mapped[int] = mapped_column(default=0, comment="robots too")
    robot_errors: Mapped[int] = mapped_column(default=0)
    client_errors: Mapped[int] = mapped_column(default=0, comment="answers 4xx to people")
    server_errors: Mapped[int] = mapped_column(default=0, comment="answers 5xx to people")
    salt: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=withheld("salt IS NOT NULL"), comment="of the keys; gone after 48 hours"
    )
    visitors_kept: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=withheld("visitors_kept IS NOT NULL"), comment="keys and stretches; gone with the salt"
    )
    touched_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)


class LogRow(Base):
    """How often something was counted on a day: a page, an error, a referrer, words, where the portal was opened."""

    __tablename__ = "weblog_row"
    __table_args__ = (UniqueConstraint("weblog_id", "day", "kind", "note", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    weblog_id: Mapped[int] = mapped_column(ForeignKey("weblog.id", ondelete="CASCADE"))
    day: Mapped[dt.date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(16), default="", comment="status of an error; what was opened")
    name: Mapped[str] = mapped_column(String(600))
    n: Mapped[int]


class LogAddresses(Base):
    """Addresses met while a log is being brought, as keys by its salt, so that each counts once; gone with the salt."""

    __tablename__ = "weblog_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    weblog_id: Mapped[int] = mapped_column(ForeignKey("weblog.id", ondelete="CASCADE"), index=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary, default=b"", info=withheld("packed IS NOT NULL"))
