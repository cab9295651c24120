"""Persons and the structure they work in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.core.types import UTCDateTime


class Department(Base):
    """A unit of the organisation; units form a tree."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", use_alter=True, name="fk_department_manager_id_person")
    )


class Site(Base):
    """A place where people work."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")


class Person(Base):
    """Somebody with an account, or who once had one."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True, comment="lower case")
    name: Mapped[str] = mapped_column(String(120))
    staff_number: Mapped[str | None] = mapped_column(String(64), unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    deactivated_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    locale: Mapped[str] = mapped_column(String(16), default="", comment="empty: the portal's")
    timezone: Mapped[str] = mapped_column(String(64), default="", comment="empty: the site's, else the portal's")
    theme: Mapped[str] = mapped_column(String(8), default="auto", comment="light, dark or auto")
    mail_trouble: Mapped[str | None] = mapped_column(Text, comment="last bounce or refusal, for administrators")
    mail_trouble_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, comment="the account that goes on in place of this one"
    )
    erased_at: Mapped[dt.datetime | None] = mapped_column(
        UTCDateTime, comment="since when nothing here tells who it was"
    )

    roles: Mapped[list[PersonRole]] = relationship(cascade="all, delete-orphan")
    department: Mapped[Department | None] = relationship(foreign_keys=[department_id])
    site: Mapped[Site | None] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("person", self.id)

    @property
    def role_set(self) -> frozenset[Role]:
        return frozenset({Role.READER, *(Role(row.role) for row in self.roles)})

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


class PersonRole(Base):
    """A role somebody was given; `reader` is everybody's and has no row."""

    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)


class Audience(Base):
    """A named group of people by rule. The union of its rules; one without rules holds nobody."""

    __tablename__ = "audience"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))

    rules: Mapped[list[AudienceRule]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class AudienceRule(Base):
    """One way into an audience."""

    __tablename__ = "audience_rule"
    __table_args__ = (UniqueConstraint("audience_id", "kind", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16), comment="department (with all below), site, role or person")
    value: Mapped[str] = mapped_column(String(64), comment="row id, or the role's name")


class AccessKey(Base):
    """A combination of audiences that some thing requires. Things store the key; there are only tens of them.

    `a3+a7&a9` reads: (audience 3 or audience 7) and audience 9. `signed-in` and `public` are built in.
    """

    __tablename__ = "access_key"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
