"""What administration keeps of its own: how much room the installation took, day by day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base


class StorageDay(Base):
    """How many bytes each part of the installation took on one day."""

    __tablename__ = "storage_day"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    sizes: Mapped[dict[str, int]] = mapped_column(JSON, comment="bytes by part")
