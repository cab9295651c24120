"""Attachments. The row says what a file is; the file itself lies under `files/` in the home folder."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime


class Attachment(Base):
    """A stored file. Never changed: a better one is another row."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), index=True, comment="a Ref: what it hangs on, article:12")
    stored_name: Mapped[str] = mapped_column(String(64), unique=True, comment="below files/, made by us")
    download_name: Mapped[str] = mapped_column(String(160), comment="what a browser saves it as")
    media_type: Mapped[str] = mapped_column(String(96))
    size: Mapped[int] = mapped_column(comment="bytes as stored")
    sha256: Mapped[str] = mapped_column(String(64), comment="of the bytes as stored")
    width: Mapped[int | None] = mapped_column(comment="of a picture that we drew anew; only such are shown in pages")
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(String(300), default="", comment="words for those who cannot see the picture")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)

    @property
    def ref(self) -> Ref:
        return Ref("file", self.id)

    @property
    def is_picture(self) -> bool:
        return self.width is not None
