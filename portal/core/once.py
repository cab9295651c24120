"""A form sent twice acts once.

Every form that creates something carries a random token. The token is stored in the same transaction as what the
form created; the second post of it (double click, retry after a lost answer) finds the row and is led to the result.
"""

from __future__ import annotations

import datetime as dt
import secrets
from functools import cache
from typing import cast

from sqlalchemy import Integer, Select, String, Table, bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.database import Base, db
from portal.core.types import UTCDateTime

KEPT = dt.timedelta(days=7)


class FormToken(Base):
    """A form that was acted upon, and where its result is."""

    __tablename__ = "form_token"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(Integer, default=0, comment="0 for somebody not signed in")
    location: Mapped[str] = mapped_column(String(400), comment="address of what the form made")
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)


_TABLE = cast(Table, FormToken.__table__)


class AlreadyDone(Exception):
    """This very form was acted upon before; `location` is where its result is."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def new_token() -> str:
    return secrets.token_urlsafe(24)


def check(token: str, *, person_id: int | None) -> None:
    """Raise AlreadyDone when this form was taken before: asked ahead of limits, which count what is new."""
    if token and (earlier := _location(token, person_id)) is not None:
        raise AlreadyDone(earlier)


def _location(token: str, person_id: int | None) -> str | None:
    location: str | None = db.session.execute(_acted_upon(), {"token": token[:64], "person": person_id or 0}).scalar()
    return location


@cache
def _acted_upon() -> Select[str]:
    mine = (FormToken.token == bindparam("token")) & (FormToken.person_id == bindparam("person"))
    return select(FormToken.location).where(mine)


def claim(token: str, *, person_id: int | None, location: str) -> None:
    """Take the form token in this transaction, or raise AlreadyDone with the earlier result's address.

    Call it next to the change, before the commit. Two posts at the same instant: the unique key lets one through.
    Without a token (a client that sends none) nothing is claimed.
    """
    if not token:
        return
    row = {"token": token[:64], "person_id": person_id or 0, "location": location, "at": clock.now()}
    try:
        with db.session.begin_nested():
            db.session.execute(insert(_TABLE), row)
    except IntegrityError:
        raise AlreadyDone(_location(token, person_id) or location) from None


def count(before: dt.datetime) -> int:
    return db.session.execute(select(func.count()).select_from(FormToken).where(FormToken.at < before)).scalar_one()


def forget(before: dt.datetime) -> int:
    """Forget the tokens of forms that were sent before; returns how many."""
    result = db.session.execute(delete(FormToken).where(FormToken.at < before))
    return int(result.rowcount)  # type: ignore[attr-defined]


def sweep() -> int:
    """Forget tokens older than a week; returns how many."""
    return forget(clock.now() - KEPT)
