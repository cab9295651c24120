"""Following the links of articles: between articles at once, to the outside only when an administrator wants it.

A link to the outside is followed politely: no host twice within a second, every address at most once a week, and one
that fails is asked on three days before it is called broken. Owners hear of it once, with the first one that breaks.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import joinedload

from portal.core import clock, outgoing, targets
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.kb.models import Article, ArticleLink, ArticleRedirect, LinkState, Status
from portal.notifications import services as notifications
from portal.people import queries as people
from portal.people.audiences import visible

AGAIN = dt.timedelta(days=7)
SOON = dt.timedelta(hours=20)
"""After how long one that failed is asked again: on the next night, whatever the hour of the last."""
PAUSE = 1.0
TRIES = 3
GONE = frozenset({404, 410})
NOT_FOR_HEAD = frozenset({400, 403, 405, 501})
LIVING = frozenset({401, 403, 405, 407, 429})
"""Whoever answers so is there; that a machine may not come in says nothing about people."""

_OUTSIDE = re.compile(r'<a [^>]*?href="(https?://[^"]{1,2000})"')
_INSIDE = re.compile(r"\]\(kb:([^)\s]{1,400})\)")


@dataclass(frozen=True)
class Found:
    """What came of following one address."""

    state: LinkState
    reason: str = ""


def collect(ids: Collection[int] | None = None) -> int:
    """Bring the rows in step with the texts of published articles and follow the inside links; returns how many.

    `ids` None means all. Tells the owners of articles whose first link broke.
    """
    query = select(Article).where(Article.status == Status.PUBLISHED.value)
    if ids is not None:
        query = query.where(Article.id.in_(ids))
    articles = list(db.session.execute(query).scalars())
    gone = delete(ArticleLink).where(
        ArticleLink.article_id.in_(select(Article.id).where(Article.status != Status.PUBLISHED.value))
    )
    db.session.execute(gone)
    known = _known_rows([article.id for article in articles])
    inside = _Inside()
    broken = [link for article in articles for link in _in_step(article, known.get(article.id, {}), inside)]
    db.session.flush()
    _tell(broken)
    return len(articles)


def _known_rows(ids: list[int]) -> dict[int, dict[str, ArticleLink]]:
    rows: dict[int, dict[str, ArticleLink]] = {}
    wanted = set(ids)
    for row in db.session.execute(select(ArticleLink)).scalars():
        if row.article_id in wanted:
            rows.setdefault(row.article_id, {})[row.target] = row
    return rows


def _in_step(article: Article, rows: dict[str, ArticleLink], inside: _Inside) -> list[ArticleLink]:
    """Give one article the rows its text wants; returns the links that are newly broken."""
    outside = {unescape(url)[:1000] for url in _OUTSIDE.findall(article.html)}
    named = set(_INSIDE.findall(article.body))
    for target in set(rows) - outside - named:
        db.session.delete(rows[target])
    for target in (outside | named) - set(rows):
        rows[target] = ArticleLink(
            article_id=article.id, target=target, is_outside=target in outside, state=LinkState.NEW.value, n_failed=0
        )
        db.session.add(rows[target])
    return [rows[target] for target in sorted(named) if _note(rows[target], inside.follow(target), is_sure=True)]


class _Inside:
    """Every address below /kb/ that leads somewhere, with its headings; two queries for all articles."""

    def __init__(self) -> None:
        published = Article.status == Status.PUBLISHED.value
        rows = db.session.execute(select(Article.id, Article.slug, Article.headings).where(published)).all()
        self._anchors = {slug: {heading[1] for heading in headings} for _id, slug, headings in rows}
        slugs = {row_id: slug for row_id, slug, _headings in rows}
        for old, article_id in db.session.execute(select(ArticleRedirect.slug, ArticleRedirect.article_id)):
            if article_id in slugs:
                self._anchors.setdefault(old, self._anchors[slugs[article_id]])

    def follow(self, target: str) -> Found:
        slug, _, heading = target.partition("#")
        if slug not in self._anchors:
            return Found(LinkState.BROKEN, "no_article")
        if heading and f"md-{heading}" not in self._anchors[slug]:
            return Found(LinkState.BROKEN, "no_heading")
        return Found(LinkState.ALIVE)


def _note(row: ArticleLink, found: Found, *, is_sure: bool = False) -> bool:
    """Write down what came of it; True when the link is broken from now on."""
    was_broken = row.state == LinkState.BROKEN
    row.asked_at, row.reason = clock.now(), found.reason
    row.n_failed = row.n_failed + 1 if found.state is LinkState.BROKEN else 0
    state = found.state
    if state is LinkState.BROKEN and not is_sure and row.n_failed < TRIES:
        state = LinkState.UNSURE
    row.state = state.value
    row.broken_at = (row.broken_at or clock.now()) if state is LinkState.BROKEN else None
    return state is LinkState.BROKEN and not was_broken


def due(*, limit: int) -> list[str]:
    """Return outside addresses to follow now, the longest unasked first, one host after another."""
    now = clock.now()
    is_due = or_(
        ArticleLink.asked_at.is_(None),
        ArticleLink.asked_at < now - AGAIN,
        (ArticleLink.n_failed > 0) & (ArticleLink.asked_at < now - SOON),
    )
    query = select(ArticleLink.target, ArticleLink.asked_at).where(ArticleLink.is_outside.is_(True), is_due)
    oldest: dict[str, float] = {}
    for target, asked_at in db.session.execute(query):
        at = asked_at.timestamp() if asked_at else 0.0
        oldest[target] = min(at, oldest.get(target, at))
    chosen = sorted(oldest, key=lambda url: (oldest[url], url))[:limit]
    return _by_turns(chosen)


def _by_turns(urls: Iterable[str]) -> list[str]:
    """Put the addresses so that the hosts take turns."""
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault(urlsplit(url).netloc.lower(), []).append(url)
    rows = list(by_host.values())
    return [row[n] for n in range(max(map(len, rows), default=0)) for row in rows if n < len(row)]


Send = Callable[..., outgoing.Answer]


def follow(url: str, *, send: Send = outgoing.send) -> Found:
    """Ask one outside address; it is never broken because it does not want machines or is slow today alone."""
    try:
        answer = send("HEAD", url, redirects=5, timeout=10.0)
        if answer.status in NOT_FOR_HEAD:
            answer = send("GET", url, redirects=5, timeout=10.0, max_bytes=1)
    except targets.Refused as refused:
        inside = refused.reason is targets.Reason.INSIDE
        return Found(LinkState.NOT_ASKED if inside else LinkState.BROKEN, refused.reason.value)
    except targets.Unreachable as trouble:
        return Found(LinkState.BROKEN, trouble.reason.value)
    if answer.status < 400 or answer.status in LIVING:
        return Found(LinkState.ALIVE)
    return Found(LinkState.BROKEN, str(answer.status))


def follow_all(
    urls: Iterable[str], *, send: Send = outgoing.send, sleep: Callable[[float], None] = time.sleep
) -> dict[str, Found]:
    """Follow addresses one after the other, pausing before a host is asked again; no transaction may be open."""
    found: dict[str, Found] = {}
    asked: dict[str, float] = {}
    for url in urls:
        host = urlsplit(url).netloc.lower()
        wait = asked.get(host, 0.0) + PAUSE - time.monotonic()
        if host in asked and wait > 0:
            sleep(wait)
        found[url] = follow(url, send=send)
        asked[host] = time.monotonic()
    return found


def note_all(found: dict[str, Found]) -> None:
    """Write down what came of following these addresses, in every article that names them, and tell owners."""
    rows = db.session.execute(select(ArticleLink).where(ArticleLink.target.in_(found))).scalars()
    broken = [
        row
        for row in rows
        if _note(row, found[row.target], is_sure=found[row.target].reason in {str(status) for status in GONE})
    ]
    db.session.flush()
    _tell(broken)


def _tell(broken: list[ArticleLink]) -> None:
    """Tell owners of articles in which these are the first broken links; editors where nobody owns one."""
    ids = {row.article_id for row in broken}
    if not ids:
        return
    new = {(row.article_id, row.target) for row in broken}
    query = select(ArticleLink.article_id, ArticleLink.target).where(
        ArticleLink.article_id.in_(ids), ArticleLink.state == LinkState.BROKEN.value
    )
    known = {article_id for article_id, target in db.session.execute(query) if (article_id, target) not in new}
    editors = [person.id for person in people.with_role("editor")]
    for article in db.session.execute(select(Article).where(Article.id.in_(ids - known))).scalars():
        first = min(target for article_id, target in new if article_id == article.id)
        whom = [article.owner_id] if article.owner_id else editors
        notifications.tell(whom, "link_broken", subject=article.ref, words=first, actor=system("links"))


def forget_outside() -> None:
    """Forget what came of outside links: from now on nobody looks."""
    values = {"state": LinkState.NEW.value, "reason": "", "n_failed": 0, "asked_at": None, "broken_at": None}
    db.session.execute(update(ArticleLink).where(ArticleLink.is_outside.is_(True)).values(**values))


@dataclass(frozen=True)
class Overview:
    """The links page: counts by state of inside and outside links, and the rows that want an editor."""

    counts: dict[tuple[bool, str], int]
    rows: list[ArticleLink]


def overview(actor: Actor, *, limit: int = 100) -> Overview:
    """Return broken and doubtful links of articles this actor may see, the longest broken first; two queries."""
    seen = visible(Article.access_key, actor)
    counts = select(ArticleLink.is_outside, ArticleLink.state, func.count()).join(ArticleLink.article).where(seen)
    counted = db.session.execute(counts.group_by(ArticleLink.is_outside, ArticleLink.state))
    ill = ArticleLink.state.in_([LinkState.BROKEN.value, LinkState.UNSURE.value])
    query = select(ArticleLink).join(ArticleLink.article).where(seen, ill)
    query = query.options(joinedload(ArticleLink.article).joinedload(Article.owner))
    query = query.order_by(ArticleLink.state, ArticleLink.broken_at, ArticleLink.article_id, ArticleLink.target)
    rows = list(db.session.execute(query.limit(limit)).scalars())
    return Overview({(is_outside, state): n for is_outside, state, n in counted}, rows)
