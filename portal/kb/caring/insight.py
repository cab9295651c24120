"""What is known of articles: how many read one, whom it helped, what led there, at which step readers stop.

Every figure counts people, from three on; below that a page says "fewer than 3". Who they were is never asked.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, select

from analytics.events import Name
from analytics.gaps import Gap, Miss, gaps
from analytics.proportions import Share, wilson
from portal.core import clock
from portal.core.database import db, looking
from portal.core.refs import Ref
from portal.kb.models import Article, Draft, SearchFinding, State
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.ledger.queries import MIN_PEOPLE
from portal.search import queries as searching
from portal.talk import queries as talk

READERS = ("user", "anon")
"""Editors and agents read for their work; who looks for help counts."""
LATELY = dt.timedelta(days=28)
WEEKS = 12
SEARCHED = dt.timedelta(days=90)
STEPS = dt.timedelta(days=180)
VISITS = 5000
"""How many of the latest visits are looked through for the steps at which people stop."""
SHOWN = 8


def at_least(n: int) -> int | None:
    """Return a count of people as it may be shown, None for "fewer than 3".

    >>> [at_least(n) for n in (0, 2, 3, 41)]
    [None, None, 3, 41]
    """
    return n if n >= MIN_PEOPLE else None


@dataclass(frozen=True, kw_only=True)
class Week:
    """Seven days that begin on `since`."""

    since: dt.date
    n: int | None


@dataclass(frozen=True, kw_only=True)
class Stop:
    """So many people ticked their steps up to this one and no further; `step` 0 stands for all of them done."""

    step: int
    n: int


@dataclass(frozen=True, kw_only=True)
class Insight:
    """One article in figures."""

    n_readers: int | None
    weeks: list[Week]
    solved: Share | None
    """What people say of the version that is up; None before three did."""
    reasons: list[tuple[str, int | None]]
    searches: list[SearchFinding]
    stops: list[Stop]

    @property
    def highest(self) -> int:
        return max((week.n or 0 for week in self.weeks), default=0)


def of(article: Article) -> Insight:
    """Return what is known of an article; five queries, each by an index."""
    n_readers, weeks = _readers(article.ref)
    tally = talk.tallies({article.ref: article.version}).get(article.ref)
    chosen = talk.reasons(article.ref, version=article.version)
    return Insight(
        n_readers=n_readers,
        weeks=weeks,
        solved=wilson(tally.n_solved, tally.n_said) if tally and at_least(tally.n_said) else None,
        reasons=[(reason, at_least(n)) for reason, n in sorted(chosen.items(), key=lambda item: -item[1])],
        searches=searches(article.id),
        stops=_stops(article),
    )


def _readers(ref: Ref) -> tuple[int | None, list[Week]]:
    """Return how many people read it lately, and in each of the last weeks, from one look at its facts."""
    now = clock.now()
    ends = [now - dt.timedelta(days=7 * n) for n in range(WEEKS)]
    spans = [(end - dt.timedelta(days=7), end) for end in reversed(ends)]
    cells = [_people(since, until) for since, until in spans]
    query = select(_people(now - LATELY, now), *cells).where(
        LedgerEntry.subject == str(ref),
        LedgerEntry.name == Name.ARTICLE_VIEWED.value,
        LedgerEntry.actor_kind.in_(READERS),
        LedgerEntry.at > spans[0][0],
    )
    lately, *weekly = db.session.execute(query).one()
    weeks = [Week(since=since.date(), n=at_least(n)) for (since, _until), n in zip(spans, weekly, strict=True)]
    return at_least(lately), weeks


def _people(since: dt.datetime, until: dt.datetime) -> Any:
    is_within = (LedgerEntry.at > since) & (LedgerEntry.at <= until)
    return func.count(case((is_within, LedgerEntry.visitor)).distinct())


def _stops(article: Article) -> list[Stop]:
    """Return at which steps people stop, as far as at least three stop at one; without a sum that gives others away.

    Of each person what they had ticked when they left the page last; who ticked nothing may just have read.
    """
    if not article.n_steps:
        return []
    query = select(LedgerEntry.visitor, LedgerEntry.props).where(
        LedgerEntry.subject == str(article.ref),
        LedgerEntry.name == Name.ARTICLE_READ.value,
        LedgerEntry.actor_kind.in_(READERS),
        LedgerEntry.at >= clock.now() - STEPS,
    )
    last: dict[str, int] = {}
    for visitor, props in db.session.execute(query.order_by(LedgerEntry.id.desc()).limit(VISITS)):
        ticked, n_steps = props.get("ticked", 0), props.get("n_steps", 0)
        if ticked and props.get("version") == article.version:
            last.setdefault(visitor, 0 if ticked >= n_steps else ticked)
    counted = Counter(last.values())
    return [Stop(step=step, n=n) for step, n in sorted(counted.items()) if at_least(n)]


def searches(article_id: int) -> list[SearchFinding]:
    """Return what people searched for who came to this article, most people first."""
    query = select(SearchFinding).where(SearchFinding.article_id == article_id)
    query = query.order_by(SearchFinding.n_people.desc(), SearchFinding.id).limit(SHOWN)
    return list(db.session.execute(query).scalars())


def missed(*, limit: int = 50) -> list[SearchFinding]:
    """Return what people searched for in vain and nobody has begun to answer, most people first; two queries."""
    query = select(SearchFinding).where(SearchFinding.article_id.is_(None))
    query = query.order_by(SearchFinding.n_people.desc(), SearchFinding.n_searches.desc(), SearchFinding.id)
    found = _answered()
    rows = db.session.execute(query.limit(limit + len(found))).scalars()
    return [row for row in rows if not found & {words.casefold() for words in row.words}][:limit]


def _answered() -> set[str]:
    rows = db.session.execute(select(Draft.queries).where(is_answering(clock.now() - SEARCHED))).scalars()
    return {words.casefold() for queries in rows for words in queries}


def is_answering(since: Any) -> ColumnElement[bool]:
    """Return the SQL for drafts that answer failed searches, or are to, and were written on since then."""
    return and_(Draft.state != State.DISCARDED.value, Draft.saved_at >= since, cast(Draft.queries, String) != "[]")


# Reading the ledger, apart from requests


def gather(payload: Mapping[str, Any]) -> None:
    """Find out what people searched for who came to an article, or found nothing. Safe to run at any time.

    The ledger is read as a reader does, so that nobody who writes waits for it.
    """
    with looking():
        found = _found()
        db.session.rollback()
    _store(found)


def renew() -> None:
    """Do the same within the transaction that is open."""
    _store(_found())


def _found() -> dict[int | None, list[Gap]]:
    now = clock.now()
    return {**led(since=now - SEARCHED), None: searching.unanswered(since=now - LATELY)}


def led(*, since: dt.datetime) -> dict[int | None, list[Gap]]:
    """Return by article which searches led there, of at least three people each."""
    asked: dict[str, str] = {}
    opened: dict[int, list[Miss]] = {}
    for batch in ledger.replay(since=since, names=[Name.SEARCH_PERFORMED, Name.SEARCH_RESULT_OPENED]):
        for entry in batch:
            if entry.name == Name.SEARCH_PERFORMED:
                asked[entry.props["search"]] = entry.props["query"]
            elif entry.actor_kind in READERS and entry.subject:
                ref, query = Ref.parse(entry.subject), asked.get(entry.props["search"])
                if ref.kind == "article" and query:
                    opened.setdefault(ref.id, []).append(Miss(query=query, visitor=entry.visitor))
    return {article_id: gaps(looks, least_people=MIN_PEOPLE) for article_id, looks in opened.items()}


def _store(found: Mapping[int | None, Iterable[Gap]]) -> None:
    """Bring the rows in step; a row keeps its number as long as people mean the same."""
    at = clock.now()
    known = set(db.session.execute(select(Article.id)).scalars())
    rows = {(row.article_id, row.words[0]): row for row in db.session.execute(select(SearchFinding)).scalars()}
    for article_id, told in found.items():
        if article_id is not None and article_id not in known:
            continue
        for gap in told:
            row = rows.pop((article_id, gap.words[0]), None) or SearchFinding(article_id=article_id)
            row.words, row.n_people, row.n_searches = list(gap.words), gap.n_people, gap.n_searches
            row.found_at = at
            db.session.add(row)
    for row in rows.values():
        db.session.delete(row)
    db.session.flush()
