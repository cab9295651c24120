"""How many people met a thing lately, and how many of them ended at the service desk: what a row of the list weighs.

The figures are counted at night by whoever knows how people's needs ended (`measures`), and kept here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, cast, delete, func, insert, literal, select
from sqlalchemy.types import String

from analytics.content import PRIOR, Work, whole_share
from portal.core.database import db
from portal.kb.models import DeskMet
from portal.ledger.queries import MIN_PEOPLE

WHOLE = "portal"
"""The row of everybody who had a need, whatever they met."""
CLEARLY = 1.25
"""So many times as likely as usual to end at the desk is a fault of the text."""
COUNTED = (DeskMet.n_people, DeskMet.n_met, DeskMet.n_lost)


@dataclass(frozen=True, kw_only=True)
class Met:
    """What was counted of one thing."""

    subject: str
    n_people: int = 0
    n_met: int = 0
    n_lost: int = 0
    is_unread: bool = False
    slip_of: str = ""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """What was counted of everybody, and up to which day; no day: nothing was counted yet."""

    n_met: int = 0
    n_lost: int = 0
    counted_on: dt.date | None = None

    @property
    def share(self) -> float:
        """How likely anybody with a need ends at the desk."""
        return whole_share(self.n_lost, self.n_met)


def whole() -> Whole:
    """Return what was counted of everybody; one query."""
    row = db.session.execute(
        select(DeskMet.n_met, DeskMet.n_lost, DeskMet.counted_on).where(DeskMet.subject == WHOLE)
    ).first()
    return Whole(n_met=row.n_met, n_lost=row.n_lost, counted_on=row.counted_on) if row else Whole()


def is_of(subject: Any) -> ColumnElement[bool]:
    """Return the SQL for "counted of this thing", of a column that holds Refs."""
    return DeskMet.subject == subject


def ref(kind: str, number: Any) -> ColumnElement[str]:
    """Return the SQL for the Ref of a row's number."""
    return literal(f"{kind}:", String) + cast(number, String)


def people() -> ColumnElement[int]:
    """Return the SQL for how many people met it, for the order of rows."""
    return func.coalesce(DeskMet.n_people, 0)


def work(
    item: str, found: Any, *, least: int = 0, effort: int = 1, overdue: bool = False, flagged: bool = False
) -> Work:
    """Return a row's work from the columns `COUNTED`; `least` people wait for it, whoever was counted."""
    n_people = max(found.n_people or 0, least)
    return Work(
        item=item,
        people=n_people,
        met=found.n_met or 0,
        lost=found.n_lost or 0,
        is_overdue=overdue,
        is_flagged=flagged,
        effort=effort,
    )


def keep(found: Iterable[Met], *, counted_on: dt.date) -> None:
    """Keep what was counted, in place of everything that was."""
    rows = [{**vars(one), "counted_on": counted_on} for one in found]
    db.session.execute(delete(DeskMet))
    if rows:
        db.session.execute(insert(DeskMet), rows)


def is_weak(n_met: int, n_lost: int, share: float) -> bool:
    """Tell whether so many ended at the desk that the text is to blame: three people, and clearly more than usual.

    >>> is_weak(50, 15, 0.2), is_weak(48, 3, 0.05), is_weak(2, 2, 0.2)
    (True, False, False)
    """
    return n_lost >= MIN_PEOPLE and (n_lost + PRIOR * share) / (n_met + PRIOR) >= CLEARLY * share
