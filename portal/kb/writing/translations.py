"""Translating articles, and keeping translations in step with their originals."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.core import options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.kb import policies
from portal.kb.models import Article, Draft, Status
from portal.kb.reading.families import STAMP, language_of, languages, last_real_change
from portal.kb.writing import drafts
from portal.people.audiences import visible


def begin(actor: Actor, article: Article, language: str) -> Draft:
    """Begin the translation of an article, or open the draft of the one that is there, brought up to date.

    Refuses a language nobody knows or that of the original (Invalid), and who may not edit the original (Forbidden).
    """
    original = db.session.get_one(Article, article.translation_of_id) if article.translation_of_id else article
    if not policies.can_edit(actor, original):
        raise Forbidden(_("Only editors and the owner translate this article."))
    if language not in {code for code, _name in languages()} or language == language_of(original):
        raise Invalid(_("Choose another language than that of the original."), field="language")
    if not original.is_published:
        raise Conflict(_("Publish the original first, then translate it."))
    known = select(Article).where(Article.translation_of_id == original.id, Article.language == language)
    row = db.session.execute(known.where(Article.status != Status.ARCHIVED.value)).scalar_one_or_none()
    if row is not None and not policies.can_edit(actor, row):  # begun by somebody else and never published
        raise Forbidden(_("Only editors and the owner translate this article."))
    if row is not None:
        draft = drafts.edit(actor, row)
    else:
        draft = drafts.begin(
            actor,
            category=original.category,
            title=original.title,
            body=original.body,
            summary=original.summary,
            tags=[tag.tag for tag in original.tags],
            audience=list(original.audience),
            sources=[str(original.ref)],
        )
        draft.article.language, draft.article.translation_of_id = language, original.id
        options.touch(STAMP)
    draft.original_revision = original.n_revisions
    db.session.flush()
    return draft


def published(draft: Draft) -> None:
    """Note which revision of the original the text says from now on; called when a draft is published."""
    if draft.article.translation_of_id is None:
        return
    if draft.original_revision is not None:
        draft.article.translated_revision = draft.original_revision
    options.touch(STAMP)


@dataclass(frozen=True)
class Work:
    """What waits for a translator in one language."""

    stale: list[Article]
    missing: list[Article]
    n_missing: int


def work(actor: Actor, language: str, *, limit: int = 30) -> Work:
    """Return translations that are out of date, and originals without one, both by title; four queries."""
    open_to = [Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor)]
    query = select(Article).where(*open_to, Article.translation_of_id.is_not(None), Article.language == language)
    rows = list(db.session.execute(query.order_by(Article.title)).scalars())
    last = last_real_change({row.translation_of_id for row in rows if row.translation_of_id})
    stale = [row for row in rows if last.get(row.translation_of_id or 0, 0) > (row.translated_revision or 0)]
    there = aliased(Article)
    has = select(there.id).where(
        there.translation_of_id == Article.id, there.language == language, there.status != Status.ARCHIVED.value
    )
    own = [language, *([""] if language == options.get().default_locale else [])]
    lacks = [*open_to, Article.translation_of_id.is_(None), Article.language.not_in(own), ~has.exists()]
    missing = select(Article).where(*lacks).order_by(Article.title).limit(limit)
    n = db.session.execute(select(func.count()).select_from(Article).where(*lacks)).scalar_one()
    return Work(stale[:limit], list(db.session.execute(missing).scalars()), n)
