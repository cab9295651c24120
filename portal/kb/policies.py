"""Who may see and do what with an article. Used by services and by templates, so that a button never lies."""

from __future__ import annotations

from portal.core.actor import Actor
from portal.core.permissions import Permission
from portal.kb.models import Article


def can_read(actor: Actor, article: Article) -> bool:
    """Published articles by their access key; unpublished ones only editors who would see them published."""
    if not actor.can(Permission.ARTICLE_READ) or not actor.sees(article.access_key):
        return False
    return article.is_published or actor.can(Permission.ARTICLE_VERIFY)


def can_verify(actor: Actor, article: Article) -> bool:
    return article.is_published and actor.can(Permission.ARTICLE_VERIFY) and can_read(actor, article)


def can_answer_feedback(actor: Actor, article: Article) -> bool:
    """Editors answer readers of every article they may read; owners those of their own."""
    is_owner = article.owner_id is not None and article.owner_id == actor.person_id
    return can_read(actor, article) and (is_owner or actor.can(Permission.FEEDBACK_REPLY))
