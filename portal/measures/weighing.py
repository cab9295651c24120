"""What rows of the editors' desk weigh: how many people met a thing in 28 days, and how many of them ended at the desk.

Worked out at night from needs that ended, and handed to the knowledge base, whose list ranks by it (METRICS 2.4).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from sqlalchemy import select

from analytics import deflection, meetings
from analytics.content import UNREAD
from analytics.events import Name
from analytics.gaps import Gap, key, slip_of
from analytics.needs.outcomes import Needs
from analytics.table import Mask
from portal.core.database import db, looking
from portal.kb.caring import met
from portal.kb.caring.met import Met
from portal.kb.models import Article, Draft, SearchFinding, Status
from portal.ledger.models import LedgerEntry
from portal.measures import columns, reports

DAYS = dt.timedelta(days=28)
DAY = dt.timedelta(days=1)


def renew(as_of: dt.date) -> None:
    """Count anew, up to the last day that is over. Nothing may be waiting to be committed: it reads first."""
    db.session.rollback()
    with looking():
        found = list(_counted(as_of))
        db.session.rollback()
    met.keep(found, counted_on=as_of - DAY)


def _counted(as_of: dt.date) -> Iterator[Met]:
    reader = reports.read(as_of - DAYS, as_of)
    if reader is None:
        return
    needs = reader.needs(reports.WINDOW)
    since, until = columns.at_ms(columns.midnight(as_of - DAYS)), columns.at_ms(columns.midnight(as_of))
    among = deflection.ended(needs, since, until)
    n_met, n_lost = meetings.whole(needs, among)
    yield Met(subject=met.WHOLE, n_met=n_met, n_lost=n_lost)
    unread = _unread(as_of)
    things = meetings.of_things(needs, among)
    for subject in sorted({*things, *unread}):
        found = things.get(subject, meetings.Meeting())
        is_unread = subject in unread
        yield Met(subject=subject, n_people=found.people, n_met=found.met, n_lost=found.lost, is_unread=is_unread)
    gaps = list(_gaps(needs, among))
    yield from gaps
    yield from _drafts({found.subject: found.n_people for found in gaps})


def _unread(as_of: dt.date) -> set[str]:
    """Return the articles that were up for half a year and opened by nobody, whoever it might have been."""
    since = columns.midnight(as_of - UNREAD)
    entry = LedgerEntry
    seen = select(entry.subject).where(entry.name == Name.ARTICLE_VIEWED.value, entry.at >= since).distinct()
    opened = set(db.session.execute(seen).scalars())
    up = select(Article.id).where(Article.status == Status.PUBLISHED.value, Article.published_at < since)
    return {f"article:{one}" for one in db.session.execute(up).scalars()} - opened


def _drafts(people: Mapping[str, int]) -> Iterator[Met]:
    """Count for whom drafts are written: who searched for what they answer, or asked what they come from."""
    missed = select(SearchFinding.id, SearchFinding.words).where(SearchFinding.article_id.is_(None))
    asked = {
        one.casefold(): people.get(f"gap:{number}", 0) for number, words in db.session.execute(missed) for one in words
    }
    drafts = select(Draft.id, Draft.queries, Draft.sources).where(Draft.is_open.is_(True))
    for number, queries, sources in db.session.execute(drafts):
        n_sources = sum(not source.startswith("article:") for source in sources)
        n = max([n_sources, *(asked.get(words.casefold(), 0) for words in queries)])
        if n:
            yield Met(subject=f"draft:{number}", n_people=n)


def _gaps(needs: Needs, among: Mask) -> Iterator[Met]:
    """Count who searched for what nothing answers. What was meant in other words is not among the lost."""
    findings = list(db.session.execute(select(SearchFinding)).scalars())
    missed = [row for row in findings if row.article_id is None]
    if not missed:
        return
    names = {key(words): str(row.id) for row in missed for words in row.words}
    texts = needs.chains.attempts.texts.text.labels
    found = meetings.of_words(needs, among, {text: names[meant] for text in texts if (meant := key(text)) in names})
    known = {key(words) for row in findings if row.article_id is not None for words in row.words}
    for row in missed:
        counted = found.get(str(row.id), meetings.Meeting())
        gap = Gap(words=tuple(row.words), n_people=row.n_people, n_searches=row.n_searches, keys=(key(row.words[0]),))
        yield Met(
            subject=f"gap:{row.id}",
            n_people=row.n_people,
            n_met=row.n_people,
            n_lost=min(counted.lost, row.n_people),
            slip_of=(slip_of(gap, known) or "")[:60],
        )
