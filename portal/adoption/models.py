"""Goals, interventions, what became of either, and the sums by which adoption is told. No row is about one person.

How far people have come is worked out at night from attempts that are forgotten with them; what stays are counts of a
day and a group, as in `daily_measure`, and only of groups that may be shown (but for headcounts, which nobody is shown
of small groups).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, Double, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.measures.reports import Slice
from portal.people.models import Department, Person


class Headcount(Base):
    """How many people of a group could use the portal at the beginning of a day: a snapshot, never counted again."""

    __tablename__ = "headcount"
    __table_args__ = (UniqueConstraint("slice", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date, comment="in UTC")
    slice: Mapped[str] = mapped_column(String(32), comment="empty: all; department:3, site:2, department:0 for none")
    n: Mapped[int]


class Standing(Base):
    """How many people of a group had come so far when a day began; one row for each stage."""

    __tablename__ = "adoption_standing"
    __table_args__ = (UniqueConstraint("slice", "stage", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date, comment="the first one not counted: a Monday, or the latest")
    slice: Mapped[str] = mapped_column(String(32), comment="empty: all; department:3, site:2")
    stage: Mapped[str] = mapped_column(String(24), comment="eligible, reached, … and counts of the days before")
    n: Mapped[float]


class AdoptionReading(Base):
    """What the page of adoption shows of a group, worked out at night."""

    __tablename__ = "adoption_reading"

    slice: Mapped[str] = mapped_column(String(32), primary_key=True)
    as_of: Mapped[dt.date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(comment="of the definitions")
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class Goal(Base):
    """A figure somebody wants to be somewhere on a day, and who answers for it."""

    __tablename__ = "goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    why: Mapped[str] = mapped_column(Text, default="")
    measure: Mapped[str] = mapped_column(String(64), comment="a name of the catalogue of measures")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), comment="whose; neither: all")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    target: Mapped[float] = mapped_column(Double, comment="in the unit of the measure; a share between 0 and 1")
    set_on: Mapped[dt.date] = mapped_column(Date)
    due_on: Mapped[dt.date] = mapped_column(Date, comment="the day on which the figure is to be there")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    dropped_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="given up, with a reason")
    version: Mapped[int] = mapped_column(default=1, comment="raised by every change; an older one is a collision")
    kept: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="how it stands, worked out at night")

    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])

    @property
    def ref(self) -> Ref:
        return Ref("goal", self.id)

    @property
    def of(self) -> Slice:
        """The people it is about."""
        if self.department_id is not None:
            return Slice("department", self.department_id)
        return Slice("site", self.site_id) if self.site_id is not None else Slice()


class Sort(StrEnum):
    """What kind of thing is done; a campaign is one of them."""

    CAMPAIGN = "campaign"
    TRAINING = "training"
    CONTENT = "content"
    CHANGE = "change"
    OTHER = "other"


class Intervention(Base):
    """Something done to change a figure, written down before it starts, so that nobody can choose afterwards."""

    __tablename__ = "intervention"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    sort: Mapped[str] = mapped_column(String(16), default=Sort.CAMPAIGN)
    what: Mapped[str] = mapped_column(Text, default="", comment="what is done, in plain words")
    flaw: Mapped[str] = mapped_column(String(40), default="", comment="of surveys.flaws, which it is to mend; or none")
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("wave.id"), comment="in which the flaw was found")
    measure: Mapped[str] = mapped_column(String(64), comment="frozen at the start, as the next five are")
    direction: Mapped[str] = mapped_column(String(8), comment="up or down")
    expected: Mapped[float] = mapped_column(Double, comment="by how much, in the unit of the measure; never below 0")
    is_randomised: Mapped[bool] = mapped_column(default=False, comment="whether starts were drawn by lot")
    seed: Mapped[int | None] = mapped_column(comment="of the lot; the same seed draws the same order")
    lot: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, comment="departments it was drawn among: [3, HR]")
    stop_on: Mapped[dt.date] = mapped_column(Date, comment="the first day on which it does not run any more")
    cost: Mapped[float | None] = mapped_column(Double, comment="in the currency of the portal, as planned")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    registered_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    stopped_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="before its time, with a reason")
    readout: Mapped[str] = mapped_column(Text, default="", comment="what is said of it for everybody")
    published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    frozen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="the effect as it was published")
    version: Mapped[int] = mapped_column(default=1, comment="raised by every change; an older one is a collision")
    kept: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="its effect, worked out at night")

    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    starts: Mapped[list[Start]] = relationship(
        cascade="all, delete-orphan", order_by="(Start.starts_on, Start.id)", back_populates="intervention"
    )

    @property
    def ref(self) -> Ref:
        return Ref("intervention", self.id)

    @property
    def starts_on(self) -> dt.date:
        """The day on which the first department starts."""
        return min(start.starts_on for start in self.starts)

    @property
    def start_days(self) -> dict[int, dt.date]:
        """By department the day on which it starts; of one that was merged the earlier."""
        found: dict[int, dt.date] = {}
        for start in self.starts:
            found[start.department_id] = min(start.starts_on, found.get(start.department_id, start.starts_on))
        return found


class Start(Base):
    """When a department starts. Those without a row are what it is compared with."""

    __tablename__ = "intervention_start"

    id: Mapped[int] = mapped_column(primary_key=True)
    intervention_id: Mapped[int] = mapped_column(ForeignKey("intervention.id", ondelete="CASCADE"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    starts_on: Mapped[dt.date] = mapped_column(Date)

    intervention: Mapped[Intervention] = relationship(back_populates="starts")
    department: Mapped[Department] = relationship()


class Revision(Base):
    """One change of a goal or an intervention, with its reason: what was written down first stays to be read."""

    __tablename__ = "adoption_revision"
    __table_args__ = (Index("ix_adoption_revision_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), comment="a Ref: goal:3, intervention:2")
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    field: Mapped[str] = mapped_column(String(24), comment="which field; state: given up, stopped, published")
    before: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person | None] = relationship()
