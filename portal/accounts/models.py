"""Passwords, sessions, one-time links and tokens. Nothing here can be used by somebody who reads the database."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.scopes import LEAST
from portal.core.types import UTCDateTime
from portal.people.models import Person


class Credential(Base):
    """A person's password. Somebody invited who has not answered has none."""

    __tablename__ = "credential"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(200), comment="argon2id with its parameters and salt")
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)


class SignInSession(Base):
    """One browser somebody is signed in with."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="of the name in the cookie")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, comment="at most five minutes behind")
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, comment="however busy it is")
    idle_seconds: Mapped[int] = mapped_column(comment="it ends when nobody was seen for that long")
    is_remembered: Mapped[bool] = mapped_column(default=False)
    browser: Mapped[str] = mapped_column(String(24), default="")
    system: Mapped[str] = mapped_column(String(24), default="")
    address: Mapped[str] = mapped_column(String(32), default="", comment="coarse on purpose: 203.0.x.x")
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    acted_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, comment="the administrator who acts for the person in it"
    )
    own_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("sign_in_session.id", ondelete="SET NULL"), comment="theirs, to which the browser goes back"
    )
    acting_reason: Mapped[str] = mapped_column(String(300), default="", comment="why, in their own words")

    @property
    def is_acting(self) -> bool:
        return self.acted_by_id is not None


class Purpose(StrEnum):
    """What a one-time link is for."""

    RESET = "reset"
    INVITATION = "invitation"
    SETUP = "setup"


class OneTimeLink(Base):
    """A link that works once. Its text is made from the installation's secret and `seed`, and stored nowhere."""

    __tablename__ = "one_time_link"
    __table_args__ = (Index("ix_one_time_link_person_id_purpose", "person_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12))
    seed: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), comment="none: set-up")
    email: Mapped[str] = mapped_column(String(254), default="", comment="the address it was for; another voids it")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="used, or made void")

    @property
    def ref(self) -> Ref:
        return Ref("one_time_link", self.id)


class ApiToken(Base):
    """Lets a program read as its owner, until it expires or is revoked."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(12), comment="its beginning, to tell tokens apart")
    label: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    scopes: Mapped[list[str]] = mapped_column(JSON, default=lambda: sorted(LEAST), comment="what it is good for")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    expires_on: Mapped[dt.date] = mapped_column(Date, comment="last day it works")
    last_used_on: Mapped[dt.date | None] = mapped_column(Date)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    @property
    def ref(self) -> Ref:
        return Ref("api_token", self.id)


class ServiceToken(Base):
    """Lets a program act that is nobody's: with roles of its own, until it ends or who made it is shut out."""

    __tablename__ = "service_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(16), comment="its beginning, to tell tokens apart")
    label: Mapped[str] = mapped_column(String(80), comment="name of the program")
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    scopes: Mapped[list[str]] = mapped_column(JSON, default=lambda: sorted(LEAST), comment="what it is good for")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    expires_on: Mapped[dt.date | None] = mapped_column(Date, comment="last day it works; none: until revoked")
    last_used_on: Mapped[dt.date | None] = mapped_column(Date)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    created_by: Mapped[Person | None] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("service_token", self.id)


class Erasure(Base):
    """Somebody's wish to be forgotten, and what came of it. It cannot be undone."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="counts by what it was; never a name")
