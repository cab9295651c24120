"""Addresses that imported articles had where they came from."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base


class OldAddress(Base):
    """A path of another site that leads to an article here, when the portal itself has no page of this path."""

    __tablename__ = "old_address"

    path: Mapped[str] = mapped_column(String(300), primary_key=True, comment="lower case, without a last slash")
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
