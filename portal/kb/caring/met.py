"""How many people met a thing lately, and how many of them ended at the service desk: what a row of the list weighs.

The figures are counted at night by whoever knows how people's needs ended (`measures`), and kept here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, delete, func, insert, literal, select
from sqlalchemy.types import String

from analytics.content import PRIOR, whole_share
from portal.core.database import db, unindexed
from portal.core.desk import USUAL, Given, word
from portal.kb.models import Article, DeskMet, Status
from portal.ledger.queries import MIN_PEOPLE
from portal.people.audiences import PUBLIC, SIGNED_IN, holds

WHOLE = "portal"
"""The row of everybody who had a need, whatever they met."""
CLEARLY = 1.25
"""So many times as likely as usual to end at the desk is a fault of the text."""
PEOPLE: ColumnElement[int] = func.coalesce(DeskMet.n_people, 0)
WEIGHT: dict[str, Any] = {"people": DeskMet.n_people, "met": DeskMet.n_met, "lost": DeskMet.n_lost}
"""What a statement that joins `DeskMet` says of a row's weight."""


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
    row = db.session.execute(_whole()).first()
    return Whole(n_met=row.n_met, n_lost=row.n_lost, counted_on=row.counted_on) if row else Whole()


@cache
def _whole() -> Select[int, int, dt.date]:
    return select(DeskMet.n_met, DeskMet.n_lost, DeskMet.counted_on).where(DeskMet.subject == WHOLE)


def ref(kind: str, number: Any) -> ColumnElement[str]:
    """Return the SQL for the Ref of a row's number."""
    return word(f"{kind}:") + cast(number, String)


def is_up(article: Any, given: Given) -> ColumnElement[bool]:
    """Return the SQL for "published, for whom this is asked to read", without an index: that would find nearly all."""
    return and_(unindexed(article.status) == Status.PUBLISHED.value, holds(article.access_key, given.keys))


def number_of(kind: str, subject: Any) -> ColumnElement[int]:
    """Return the SQL for the number in a Ref of this kind; of another kind there is none (NULL).

    A row joined by it is looked up by its number, where joining by `ref` goes through all of its table.
    """
    n = len(kind) + 1
    of_kind = case((func.substr(subject, 1, n) == word(f"{kind}:"), func.substr(subject, n + 1)))
    return cast(of_kind, Integer)


def is_of(kind: str, number: Any) -> ColumnElement[bool]:
    """Return the SQL for "counted of the thing of this kind and number"."""
    return DeskMet.subject == ref(kind, number)


def at_least(n: Any) -> dict[str, Any]:
    """Return the weight of a row for which so many people wait, whoever was counted."""
    people: ColumnElement[int] = func.coalesce(DeskMet.n_people, 0)
    return {**WEIGHT, "people": case((people > n, people), else_=n)}


def is_weak() -> ColumnElement[bool]:
    """Return the SQL for "the text is to blame": three people ended at the desk, and clearly more than usual."""
    drawn = (DeskMet.n_lost + PRIOR * USUAL) / (DeskMet.n_met + PRIOR)
    return (DeskMet.n_lost >= MIN_PEOPLE) & (drawn >= CLEARLY * USUAL)


def keep(found: Iterable[Met], *, counted_on: dt.date) -> None:
    """Keep what was counted, in place of everything that was."""
    rows = [{**vars(one), "counted_on": counted_on} for one in found]
    db.session.execute(delete(DeskMet))
    if rows:
        db.session.execute(insert(DeskMet), rows)
        db.session.execute(_of_owners(counted_on))


def _of_owners(counted_on: dt.date) -> Any:
    """Count for whoever looks after articles, or for nobody (0), the people who met the most met of them.

    Of articles that everybody here may read: the row is shown to editors who may not read the others.
    """
    people = func.max(DeskMet.n_people)
    query = select(ref("owner", func.coalesce(Article.owner_id, 0)), people, literal(counted_on))
    query = query.join_from(DeskMet, Article, Article.id == number_of("article", DeskMet.subject))
    query = query.where(Article.status == Status.PUBLISHED.value)
    query = query.where(holds(Article.access_key, frozenset({PUBLIC, SIGNED_IN})))
    query = query.group_by(Article.owner_id).having(people > 0)
    return insert(DeskMet).from_select(["subject", "n_people", "counted_on"], query)
