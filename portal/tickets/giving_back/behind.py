"""What stands behind an article: how many people searched for it, how many tickets it answered. Never which.

People are counted, from three on: fewer could be told apart.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import and_, cast, distinct, func, literal, or_, select
from sqlalchemy.types import String

from analytics.events import Name
from portal.core import clock
from portal.core.database import db
from portal.core.refs import Ref
from portal.kb.caring.insight import READERS
from portal.kb.models import Draft
from portal.ledger.models import LedgerEntry
from portal.ledger.queries import MIN_PEOPLE
from portal.tickets.models import Link, Ticket, TicketArticle

SINCE = dt.timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Behind:
    """Counts of the last year; None where fewer than three people stand behind one."""

    n_searched: int | None
    n_tickets: int | None


def of(ref: Ref) -> Behind:
    """Return what stands behind an article, as it was counted within the hour; else two queries, each by an index."""
    now = clock.now()
    return counted(str(db.engine.url), ref, int(now.timestamp() // 3600))


@lru_cache(maxsize=20_000)
def counted(database: str, ref: Ref, hour: int) -> Behind:
    """Count anew, once an hour: an article many read must not have a year looked through each time."""
    since = dt.datetime.fromtimestamp((hour + 1) * 3600, dt.UTC) - SINCE
    query = select(func.count(distinct(LedgerEntry.visitor))).where(
        LedgerEntry.subject == str(ref),
        LedgerEntry.name == Name.SEARCH_RESULT_OPENED.value,
        LedgerEntry.actor_kind.in_(READERS),
        LedgerEntry.at >= since,
    )
    n_searched = db.session.execute(query).scalar_one()
    became = select(literal("draft:", String) + cast(Draft.id, String)).where(Draft.article_id == ref.id)
    answers = or_(
        and_(TicketArticle.subject == str(ref), TicketArticle.kind.in_([Link.SENT.value, Link.RESOLVED_BY.value])),
        and_(TicketArticle.subject.in_(became), TicketArticle.kind == Link.DRAFTED.value),
    )
    tied = select(func.count(distinct(Ticket.id)), func.count(distinct(Ticket.requester_id)))
    tied = tied.join(TicketArticle, TicketArticle.ticket_id == Ticket.id).where(answers, TicketArticle.at >= since)
    n_tickets, n_people = db.session.execute(tied).one()
    return Behind(
        n_searched=n_searched if n_searched >= MIN_PEOPLE else None,
        n_tickets=n_tickets if n_people >= MIN_PEOPLE else None,
    )
