"""What finished work changed: searches, tickets and answers in the weeks before and after a text was published.

Counted at night and kept, as long as the weeks after are not over; what is over stays as it was counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, delete, insert, select

from analytics.before_after import MOST_DAYS, Change, Side
from analytics.events import Name
from analytics.gaps import key
from portal.core.actor import Actor
from portal.core.database import db, looking, unindexed
from portal.core.refs import Ref
from portal.kb.caring.insight import READERS
from portal.kb.models import Article, Category, Draft, State, Status
from portal.ledger.models import LedgerEntry
from portal.measures import columns
from portal.measures.models import WorkEffect
from portal.people.audiences import holds
from portal.talk.models import Solution
from portal.tickets.models import Status as TicketStatus
from portal.tickets.models import Ticket

DAY = dt.timedelta(days=1)
REACH = (MOST_DAYS + 4) * DAY
"""How long after publishing it is counted anew; after that it stays."""
KEPT = 365 * DAY
SHOWN = 60
"""Of so many of the latest texts it is looked up whose they are."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """A text that somebody published, and the days on both sides."""

    draft: int
    article: int
    category: int
    keys: frozenset[str]
    """What it was to answer, as searches are compared."""
    on: dt.date
    days: int

    @property
    def since(self) -> dt.date:
        return self.on - self.days * DAY

    @property
    def until(self) -> dt.date:
        return self.on + (self.days + 1) * DAY

    def side(self, day: dt.date) -> str:
        """Say on which side a day lies: `before`, `after`, or neither."""
        if self.since <= day < self.on:
            return "before"
        return "after" if self.on < day < self.until else ""


def renew(as_of: dt.date) -> None:
    """Count anew what can still change. Nothing may be waiting to be committed: it reads first."""
    db.session.rollback()
    with looking():
        works = list(_works(as_of))
        rows = [_row(work, as_of, side) for work, side in _counted(works).items()]
        db.session.rollback()
    numbers = [row["draft_id"] for row in rows]
    db.session.execute(delete(WorkEffect).where(WorkEffect.draft_id.in_(numbers)))
    db.session.execute(delete(WorkEffect).where(WorkEffect.published_on < as_of - KEPT))
    if rows:
        db.session.execute(insert(WorkEffect), rows)


def _works(as_of: dt.date) -> Iterator[Work]:
    query = select(Draft.id, Draft.article_id, Draft.category_id, Draft.queries, Draft.closed_at)
    query = query.where(Draft.state == State.PUBLISHED.value, Draft.closed_at >= columns.midnight(as_of - REACH))
    known = set(db.session.execute(select(WorkEffect.draft_id)).scalars())
    # What was published while nothing was counted is taken in once, however long ago.
    older = select(Draft.id, Draft.article_id, Draft.category_id, Draft.queries, Draft.closed_at)
    older = older.where(Draft.state == State.PUBLISHED.value, Draft.closed_at < columns.midnight(as_of - REACH))
    older = older.where(Draft.closed_at >= columns.midnight(as_of - KEPT))
    rows = [*db.session.execute(query), *(row for row in db.session.execute(older) if row.id not in known)]
    for row in rows:
        on = row.closed_at.date()
        days = min(MOST_DAYS, (as_of - on).days - 1)
        if days >= 0:
            keys = frozenset(found for words in row.queries if (found := key(words)))
            yield Work(draft=row.id, article=row.article_id, category=row.category_id, keys=keys, on=on, days=days)


Counted = dict[str, dict[str, int]]


def _counted(works: Sequence[Work]) -> dict[Work, Counted]:
    found: dict[Work, Counted] = {work: {"before": asdict(Side()), "after": asdict(Side())} for work in works}
    if works:
        since, until = min(work.since for work in works), max(work.until for work in works)
        _count_searches(found, since, until)
        _count_tickets(found, since, until)
        _count_answers(found)
    return found


def _add(found: Mapping[Work, Counted], work: Work, day: dt.date, *names: str) -> None:
    if side := work.side(day):
        for name in names:
            found[work][side][name] += 1


def _count_searches(found: Mapping[Work, Counted], since: dt.date, until: dt.date) -> None:
    by_key = _by([(each, work) for work in found for each in work.keys])
    if not by_key:
        return
    entry = LedgerEntry.__table__.c
    query = select(entry.at, entry.props).where(
        entry.name == Name.SEARCH_PERFORMED.value,
        entry.at >= columns.midnight(since),
        entry.at < columns.midnight(until),
        entry.actor_kind.in_(READERS),
    )
    keys: dict[str, str] = {}
    for at, props in db.session.execute(query.execution_options(yield_per=columns.BATCH)):
        if props.get("of") or props.get("is_behind"):
            continue
        words = props["query"]
        if words not in keys:
            keys[words] = key(words)
        for work in by_key.get(keys[words], ()):
            _add(found, work, at.date(), "searches", *([] if props["n_results"] else ["failed"]))


def _count_tickets(found: Mapping[Work, Counted], since: dt.date, until: dt.date) -> None:
    by_topic = _by([(work.category, work) for work in found])
    query = select(Ticket.category_id, Ticket.opened_at).where(
        Ticket.category_id.in_(by_topic),
        Ticket.opened_at >= columns.midnight(since),
        Ticket.opened_at < columns.midnight(until),
        Ticket.status.not_in([TicketStatus.MERGED, TicketStatus.WITHDRAWN]),
        Ticket.parent_id.is_(None),
    )
    for topic, at in db.session.execute(query):
        for work in by_topic[topic]:
            _add(found, work, at.date(), "tickets")


def _count_answers(found: Mapping[Work, Counted]) -> None:
    by_article = _by([(str(Ref("article", work.article)), work) for work in found])
    query = select(Solution.subject, Solution.is_solved, Solution.changed_at)
    for subject, is_solved, at in db.session.execute(query.where(Solution.subject.in_(by_article))):
        for work in by_article[subject]:
            _add(found, work, at.date(), "said", *(["solved"] if is_solved else []))


def _by(pairs: Collection[tuple[Any, Work]]) -> dict[Any, list[Work]]:
    found: dict[Any, list[Work]] = {}
    for name, work in pairs:
        found.setdefault(name, []).append(work)
    return found


def _row(work: Work, as_of: dt.date, sides: Counted) -> dict[str, Any]:
    figures = {"days": work.days, **sides}
    return {"draft_id": work.draft, "published_on": work.on, "as_of": as_of, "figures": figures}


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A text somebody published, and what was different after it."""

    draft: int
    title: str
    slug: str
    topic: str
    on: dt.date
    is_new: bool
    queries: tuple[str, ...]
    change: Change


def of(actor: Actor, *, limit: int = SHOWN) -> list[Finished]:
    """Return what this actor wrote and published, the latest first, as far as they still see it; one query."""
    if actor.person_id is None:
        return []
    rows = db.session.execute(_latest(actor.keys))
    own = [row for row in rows if actor.person_id in row.written_by or (row.is_new and actor.person_id == row.begun_by)]
    return [_finished(actor, row) for row in own[:limit]]


@lru_cache(maxsize=256)
def _latest(keys: frozenset[str]) -> Select[Any]:
    """Return the statement, built once for each set of keys."""
    query = select(
        *(WorkEffect.draft_id, WorkEffect.published_on, WorkEffect.figures, Article.title, Article.slug),
        *(
            Draft.written_by,
            Draft.created_by_id.label("begun_by"),
            (Draft.based_on == 0).label("is_new"),
            Draft.queries,
        ),
        *(Category.title.label("topic"), Category.access_key),
    )
    query = query.join_from(WorkEffect, Draft, Draft.id == WorkEffect.draft_id)
    query = query.join(Article, Article.id == Draft.article_id).join(Category, Category.id == Draft.category_id)
    query = query.where(unindexed(Article.status) == Status.PUBLISHED.value, holds(Article.access_key, keys))
    return query.order_by(WorkEffect.published_on.desc(), WorkEffect.draft_id.desc()).limit(SHOWN)


def _finished(actor: Actor, row: Any) -> Finished:
    figures = row.figures
    return Finished(
        draft=row.draft_id,
        title=row.title,
        slug=row.slug,
        topic=row.topic if actor.sees(row.access_key) else _("A topic you may not see"),
        on=row.published_on,
        is_new=row.is_new,
        queries=tuple(row.queries),
        change=Change(days=figures["days"], before=Side(**figures["before"]), after=Side(**figures["after"])),
    )
