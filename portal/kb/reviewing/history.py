"""What an article once said: its revisions, bringing one back, and looking afterwards where readers edit at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import defer, joinedload

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Permission
from portal.kb import policies
from portal.kb.models import Article, Change, Draft, Revision
from portal.kb.prose import differences
from portal.kb.reading import services
from portal.kb.reviewing import filing
from portal.kb.writing import drafts, publishing
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import queries as people
from portal.people.audiences import visible

PAGE = 50


def get(actor: Actor, slug: str) -> Article:
    """Return the article for whoever may see what it once said; hidden ones are not there, readers may not."""
    article = services.get(actor, slug)
    if not policies.can_see_history(actor, article):
        raise Forbidden(_("Editors and the owner see what an article said before."))
    return article


@dataclass(frozen=True)
class Entry:
    """A revision as the list shows it."""

    revision: Revision
    approved_by: str
    is_current: bool
    before: int | None
    """The revision before it that the actor may see."""
    filed: Sequence[str]
    """What was filed otherwise before: topic, tags, readers."""


@dataclass(frozen=True)
class Page:
    """Some of the revisions the actor may see, the newest first."""

    entries: list[Entry]
    older: int | None
    """Where the next page begins: before this revision."""
    is_all: bool
    """False where there are texts from when the article was for others."""


def page(actor: Actor, article: Article, *, before: int | None = None) -> Page:
    """Return a page of the revisions this actor may see; three queries."""
    query = select(Revision).where(_seen(actor, article)).order_by(Revision.n.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Revision.n < before)
    loads = (joinedload(Revision.author), joinedload(Revision.category), defer(Revision.body))
    rows = list(db.session.execute(query.options(*loads)).scalars())
    shown = rows[:PAGE]
    names = people.names({row.approved_by_id for row in shown if row.approved_by_id})
    entries = [
        Entry(
            row,
            names.get(row.approved_by_id or 0, ""),
            row.n == article.n_revisions,
            former.n if former is not None else None,
            filing.labels(filing.of(former), filing.of(row)) if former is not None else [],
        )
        for row, former in zip_longest(shown, rows[1 : len(shown) + 1])
    ]
    n_seen = db.session.execute(select(func.count()).select_from(Revision).where(_seen(actor, article))).scalar_one()
    older = shown[-1].n if len(rows) > PAGE else None
    return Page(entries, older, is_all=n_seen == article.n_revisions)


def _seen(actor: Actor, article: Article) -> ColumnElement[bool]:
    """Return the SQL for `policies.can_read_revision`, of the revisions of an article the actor may see."""
    seen = [
        Revision.n == article.n_revisions,
        Revision.access_key == "",
        visible(Revision.access_key, actor),
        *([Revision.author_id == actor.person_id] if actor.person_id is not None else []),
    ]
    return and_(Revision.article_id == article.id, or_(*seen))


def around(actor: Actor, article: Article, n: int) -> tuple[int | None, int | None]:
    """Return the numbers of the revisions before and after this one that the actor may see; one query."""
    former = select(func.max(Revision.n)).where(_seen(actor, article), Revision.n < n).scalar_subquery()
    later = select(func.min(Revision.n)).where(_seen(actor, article), Revision.n > n).scalar_subquery()
    before, after = db.session.execute(select(former, later)).one()
    return before, after


def revision(actor: Actor, article: Article, n: int) -> Revision:
    """Return one revision; there is none (NotFound) of this number, or none that this actor may see."""
    found = db.session.get(Revision, (article.id, n), options=[joinedload(Revision.author)])
    if found is None or not policies.can_read_revision(actor, article, found):
        raise NotFound(_("There is no such revision."))
    return found


@dataclass(frozen=True)
class Comparison:
    """Two revisions beside each other; what did not change of title and summary is empty."""

    old: Revision
    new: Revision
    title: Sequence[differences.Piece]
    summary: Sequence[differences.Piece]
    rows: Sequence[differences.Row]
    n: int
    filed: Sequence[filing.Difference]
    before: int | None
    """The revision before the older one, and the one after the newer, as far as the actor may see them."""
    after: int | None

    @property
    def is_same(self) -> bool:
        return not (self.n or self.title or self.summary or self.filed)


def compare(actor: Actor, article: Article, *, old: int | None = None, new: int | None = None) -> Comparison:
    """Compare two revisions, the older first whichever way they are named; by default the last two."""
    later = revision(actor, article, article.n_revisions if new is None else new)
    former = revision(actor, article, (around(actor, article, later.n)[0] or later.n) if old is None else old)
    if former.n > later.n:
        former, later = later, former
    rows = differences.rows(former.body, later.body)
    return Comparison(
        old=former,
        new=later,
        title=differences.words(former.title, later.title) if former.title != later.title else (),
        summary=differences.words(former.summary, later.summary) if former.summary != later.summary else (),
        rows=differences.shortened(rows),
        n=differences.n_changed(rows),
        filed=filing.differences(actor, filing.of(former), filing.of(later)),
        before=around(actor, article, former.n)[0],
        after=around(actor, article, later.n)[1],
    )


def restore(actor: Actor, article: Article, n: int, *, change: str, note: str = "", at_once: bool = False) -> Draft:
    """Bring a former text back, as a draft or at once; the texts since then stay in the history.

    Topic, tags and readers of then come along as far as `filing.to_bring_back` lets them.
    Refuses while somebody is writing the next text (Conflict), the text that is up already (Invalid), and, at once,
    whoever may not publish here without a second pair of eyes (Forbidden).
    """
    old = revision(actor, article, n)
    filed = filing.to_bring_back(actor, article, filing.of(old))
    if not filed and (old.title, old.summary, old.body) == (article.title, article.summary, article.body):
        raise Invalid(_("This is the text that is up now."))
    refuse_while_written(article)
    draft = drafts.edit(actor, article)
    text = {"title": old.title, "summary": old.summary, "body": old.body, "change": change, **filed}
    text["note"] = note or _("Text of revision %(n)s brought back", n=n)
    drafts.save(actor, draft, text, lock=draft.lock)
    if at_once:
        publishing.publish(actor, draft)
    return draft


def merged_into(actor: Actor, article: Article) -> Article | None:
    """Return the article that took this one's place, if the actor may read it."""
    into = db.session.get(Article, article.merged_into_id) if article.merged_into_id else None
    return into if into is not None and policies.can_read(actor, into) else None


def merged_from(actor: Actor, article: Article) -> list[Article]:
    """Return the articles this one took the place of, as far as the actor may read them."""
    query = (
        select(Article).where(Article.merged_into_id == article.id).options(defer(Article.body), defer(Article.html))
    )
    rows = db.session.execute(query.options(joinedload(Article.category)).order_by(Article.title)).scalars()
    return [row for row in rows if policies.can_read(actor, row)]


def refuse_while_written(article: Article) -> None:
    """Refuse (Conflict) what would pull the text from under somebody who is writing the next one."""
    if drafts.open_draft(article) is not None:
        raise Conflict(_("Somebody is writing the next text of this article. Publish it or put it away first."))


# Wiki topics: looking afterwards


def _unseen(article: Article):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a condition
    return (Revision.article_id == article.id) & Revision.draft_id.is_not(None) & Revision.looked_at.is_(None)


def is_unseen(article: Article) -> bool:
    """Say whether a wiki article has changes that no editor has looked at."""
    if not article.category.is_wiki:
        return False
    return db.session.execute(select(Revision.n).where(_unseen(article)).limit(1)).first() is not None


def look(actor: Actor, article: Article, *, n: int) -> None:
    """Say that an editor has looked at every change up to revision `n`, nobody in another's name.

    Records `article.looked_at`.
    """
    actor.require(Permission.ARTICLE_REVIEW)
    actor.require_self()
    seen = {"looked_at": clock.now(), "looked_by_id": actor.person_id}
    done = db.session.execute(update(Revision).where(_unseen(article), Revision.n <= n).values(**seen))
    if done.rowcount:  # type: ignore[attr-defined]
        ledger.record(Name.ARTICLE_LOOKED_AT, actor=actor, subject=article.ref, topic=article.category.ref, revision=n)


def put_back(actor: Actor, article: Article, *, n: int, note: str = "") -> Article:
    """Let the text from before the changes nobody had looked at stand again, and tell their authors.

    Refuses when the article changed again since revision `n` was looked at (Conflict).
    """
    actor.require(Permission.ARTICLE_REVIEW)
    if article.n_revisions != n:
        raise Conflict(_("The article has changed again since. Look at it once more."))
    first = db.session.execute(select(func.min(Revision.n)).where(_unseen(article))).scalar()
    former = around(actor, article, first)[0] if first is not None else None
    if former is None:
        raise Conflict(_("There is no former text to put back."))
    authors = select(Revision.author_id).where(_unseen(article)).distinct()
    tell = set(db.session.execute(authors).scalars())
    look(actor, article, n=n)
    note = note or _("Former text put back")
    restore(actor, article, former, change=Change.MINOR.value, note=note, at_once=True)
    notifications.tell(tell, "text_put_back", subject=article.ref, words=note, actor=actor)
    return article
