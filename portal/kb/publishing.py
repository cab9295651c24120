"""Letting a draft take the place of the published text, and what follows from it, in one transaction."""

from __future__ import annotations

from flask_babel import gettext as _

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.files import services as files
from portal.jobs import services as jobs
from portal.kb import drafts, policies, texts
from portal.kb.models import Article, Change, Draft, Origin, State, Status
from portal.ledger import services as ledger


def publish(actor: Actor, draft: Draft) -> Article:
    """Publish the draft. Records `article.published` or `article.changed`, and asks the search index to follow.

    Refuses who may not (Forbidden), a topic that wants a second pair of eyes before one has looked (Forbidden), and
    a text that is not whole (Invalid, by field). A major change makes old answers to "Did this solve it?" void.
    """
    if not policies.can_publish(actor, draft):
        raise Forbidden(why_not(actor, draft))
    article = draft.article
    _complete(draft)
    made = texts.render(draft.body, files=texts.picture(article, draft))
    was_published, now = article.is_published, clock.now()
    if article.status == Status.DRAFT:
        article.slug = drafts.free_slug(draft.title)
    if was_published and draft.change == Change.MAJOR:
        article.version += 1
    files.move(draft.ref, article.ref)
    texts.put(article, title=draft.title, summary=draft.summary, body=draft.body, made=made)
    texts.file_under(article, draft.category, audience=draft.audience, tags=draft.tags)
    article.origin, article.status = Origin.PORTAL.value, Status.PUBLISHED.value
    if was_published:
        article.changed_at = now
    article.published_at = article.published_at or now
    texts.keep_revision(
        article,
        actor,
        change=draft.change,
        note=draft.note,
        draft_id=draft.id,
        approved_by_id=draft.approved_by_id,
    )
    drafts.close(draft, State.PUBLISHED)
    _record(actor, article, draft, was_published=was_published)
    jobs.enqueue("search.update", {"refs": [str(article.ref)]})
    return article


def why_not(actor: Actor, draft: Draft) -> str:
    """Say why this actor cannot publish this draft, and who can."""
    if draft.category.needs_second and draft.approved_by_id is None:
        return _("In this topic a second person looks before anything is published.")
    return _("Only editors publish.")


def _complete(draft: Draft) -> None:
    if not draft.title:
        raise Invalid(_("Give the article a title."), field="title")
    if not draft.summary:
        raise Invalid(_("Say in one sentence what the article gives."), field="summary")
    if not draft.body.strip():
        raise Invalid(_("Write the text first."), field="body")


def _record(actor: Actor, article: Article, draft: Draft, *, was_published: bool) -> None:
    facts = {"actor": actor, "subject": article.ref, "topic": draft.category.ref, "version": article.version}
    if not was_published:
        ledger.record(Name.ARTICLE_PUBLISHED, **facts)  # type: ignore[arg-type]
        return
    ledger.record(Name.ARTICLE_CHANGED, **facts, change=draft.change, revision=article.n_revisions)  # type: ignore[arg-type]
    db.session.flush()
