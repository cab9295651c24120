"""What people do with articles: read, answer, note, verify. Loading decides 404 or 403, once for every page."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import defer, joinedload

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, NotFound
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.kb import policies
from portal.kb.models import Article, ArticleRedirect
from portal.kb.shelving import ownership
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.talk import comments, solutions
from portal.talk.models import Comment, Solution


def get(actor: Actor, slug: str) -> Article:
    """Return the article or refuse (NotFound): one that is hidden and one that never was look the same."""
    article = db.session.execute(_by_slug(), {"slug": slug}).scalar_one_or_none()
    if article is None or not policies.can_read(actor, article):
        raise NotFound("")
    return article


@cache
def _by_slug() -> Select[*tuple[Any, ...]]:
    return (
        select(Article)
        .where(Article.slug == bindparam("slug"))
        .options(
            joinedload(Article.category),
            joinedload(Article.owner),
            joinedload(Article.verified_by),
            defer(Article.body),
            defer(Article.passages),
            defer(Article.steps),
        )
    )


def moved_to(actor: Actor, slug: str) -> Article | None:
    """Return the article that replaced this address, if this actor may read it."""
    query = (
        select(Article).join(ArticleRedirect).where(ArticleRedirect.slug == slug).options(joinedload(Article.category))
    )
    article = db.session.execute(query).scalar_one_or_none()
    return article if article is not None and policies.can_read(actor, article) else None


def note_view(actor: Actor, article: Article, *, via: str | None, search: str | None, rank: int | None) -> None:
    """Observe that the article was opened, and which result or suggestion led there."""
    facts = {"actor": actor, "subject": article.ref, "topic": article.category.ref}
    ledger.observe(Name.ARTICLE_VIEWED, **facts, version=article.version, via=via, search=search)  # type: ignore[arg-type]
    if via == "search" and search:
        ledger.observe(Name.SEARCH_RESULT_OPENED, **facts, search=search, rank=rank)  # type: ignore[arg-type]
    elif via in ("suggestion", "form"):
        surface = "form" if via == "form" else "home"
        ledger.observe(Name.SUGGESTION_OPENED, **facts, surface=surface, search=search, rank=rank)  # type: ignore[arg-type]


def note_reading(actor: Actor, article: Article, *, seconds: int, ticked: int = 0, n_steps: int = 0) -> None:
    """Observe how long the page was on the screen, and how many of the steps shown were ticked by then."""
    facts: dict[str, Any] = {"actor": actor, "subject": article.ref, "topic": article.category.ref, "place": "page"}
    n_steps = max(0, min(n_steps, article.n_steps))
    if n_steps:
        facts |= {"n_steps": n_steps, "ticked": max(0, min(ticked, n_steps))}
    ledger.observe(Name.ARTICLE_READ, **facts, seconds=max(0, min(seconds, 3600)), version=article.version)


def answer(
    actor: Actor, article: Article, *, solved: bool, reason: str | None = None, comment: str | None = None, via: str
) -> Solution:
    """Say whether the article solved it; a "not yet" in words tells the owner."""
    before = solutions.of(actor, article.ref, version=article.version)
    had_words = before is not None and bool(before.comment)
    said = solutions.mark(
        actor,
        article.ref,
        version=article.version,
        solved=solved,
        reason=reason,
        comment=comment,
        via=via,
        topic=article.category.ref,
    )
    if not solved and said.comment and not had_words and article.owner_id:
        about = Ref("feedback", said.id)
        notifications.tell([article.owner_id], "article_feedback", subject=about, words=said.comment, actor=actor)
    return said


def get_feedback(actor: Actor, solution_id: int) -> tuple[Solution, Article]:
    """Return feedback and its article for who may answer it.

    Refuses what is not there or hidden (NotFound), and readers who neither edit nor own the article (Forbidden).
    """
    said = db.session.get(Solution, solution_id)
    ref = Ref.parse(said.subject) if said is not None else None
    article = db.session.get(Article, ref.id) if ref is not None and ref.kind == "article" else None
    if said is None or article is None or not policies.can_read(actor, article):
        raise NotFound("")
    if not policies.can_answer_feedback(actor, article):
        raise Forbidden(_("The owner of an article and editors answer what readers say."))
    return said, article


def reply(actor: Actor, solution_id: int, *, text: str) -> Solution:
    """Answer feedback on an article and tell the person who gave it; who answers has read the news of it."""
    said, _article = get_feedback(actor, solution_id)
    solutions.reply(actor, said, text=text)
    notifications.tell([said.person_id], "feedback_reply", subject=Ref("reply", said.id), words=said.reply, actor=actor)
    notifications.mark_read(actor, "article_feedback", subject=Ref("feedback", said.id))
    return said


def add_note(actor: Actor, article: Article, *, body: str) -> Comment:
    """Add a colleague's note below the article and tell its owner."""
    note = comments.add(actor, article.ref, body=body, topic=article.category.ref)
    if article.owner_id:
        notifications.tell([article.owner_id], "article_note", subject=article.ref, actor=actor)
    return note


def verify(actor: Actor, article: Article) -> None:
    """Say the article is right as it stands; when it is due again follows from its risk (`ownership.next_check`)."""
    if not policies.can_verify(actor, article):
        actor.require_self()
        raise Forbidden(_("Only editors and the owner say that an article is right."))
    now = clock.now()
    due = ownership.next_check(article, checked_on=now.date())
    article.verified_at, article.verified_by_id = now, actor.person_id
    article.review_by = due
    db.session.flush()
    ledger.record(
        Name.ARTICLE_VERIFIED,
        actor=actor,
        subject=article.ref,
        topic=Ref("category", article.category_id),
        verified_on=now.date().isoformat(),
        version=article.version,
        review_by=article.review_by.isoformat(),
    )
    jobs.enqueue("search.update", {"refs": [str(article.ref)]})
