"""Who may see and do what with an article. Used by services and by templates, so that a button never lies."""

from __future__ import annotations

from portal.core.actor import Actor
from portal.core.permissions import Permission
from portal.kb import four_eyes, texts
from portal.kb.models import Article, Category, Draft, Revision, Status


def can_read(actor: Actor, article: Article) -> bool:
    """Published articles by their access key; unpublished ones only editors who would see them published."""
    if not actor.can(Permission.ARTICLE_READ) or not actor.sees(article.access_key):
        return False
    return article.is_published or actor.can(Permission.ARTICLE_VERIFY)


def can_write_in(actor: Actor, category: Category) -> bool:
    """Editors begin articles in every topic they see; in a wiki topic everybody who sees it does."""
    may = actor.can(Permission.ARTICLE_WRITE) or (category.is_wiki and actor.can(Permission.ARTICLE_SUGGEST))
    return actor.is_signed_in and may and actor.sees(category.access_key)


def can_give_back(actor: Actor, category: Category) -> bool:
    """Whoever helps others drafts what helped, in every topic they see; what becomes of it is for editors to say."""
    helps = actor.can(Permission.TICKET_WORK) or actor.can(Permission.QUESTION_MODERATE)
    return can_write_in(actor, category) or (actor.is_signed_in and helps and actor.sees(category.access_key))


def can_publish_in(actor: Actor, category: Category) -> bool:
    """Editors in every topic they see, readers in wiki topics; whether somebody has to look first is asked apart."""
    return can_write_in(actor, category) and (category.is_wiki or actor.can(Permission.ARTICLE_PUBLISH))


def can_move_draft(actor: Actor, draft: Draft, category: Category) -> bool:
    """Whoever publishes where it comes from and where it goes: filing it elsewhere decides who may let it appear."""
    return can_publish_in(actor, draft.category) and can_publish_in(actor, category)


def can_edit(actor: Actor, article: Article) -> bool:
    """Editors, the owner, and in a wiki topic everybody who reads it.

    What was never published is its owner's alone, and what was put away only editors bring back.
    """
    if not actor.is_signed_in or not actor.sees(article.access_key):
        return False
    if actor.can(Permission.ARTICLE_WRITE):
        return True
    if article.status == Status.ARCHIVED:
        return False
    is_owner = article.owner_id is not None and article.owner_id == actor.person_id
    is_own = article.owner_id == actor.person_id  # a new text of a service is nobody's, and so is the service
    return is_owner or ((article.is_published or is_own) and can_write_in(actor, article.category))


def can_see_draft(actor: Actor, draft: Draft) -> bool:
    """Whoever may edit the article, and who was asked to review; nobody else knows that there is a draft.

    One that is meant for fewer people than read the article now is theirs alone, and of those who wrote it.
    """
    is_reviewer = draft.reviewer_id is not None and draft.reviewer_id == actor.person_id
    if not actor.sees(draft.article.access_key) or not (is_reviewer or can_edit(actor, draft.article)):
        return False
    return not actor.hands.isdisjoint(draft.writers) or texts.is_open_to(actor, draft)


def can_publish(actor: Actor, draft: Draft) -> bool:
    """Editors; in a wiki topic whoever edits. Where four eyes are asked for, only after somebody else approved.

    An article that stands elsewhere does not become everybody's by a draft that would put it into a wiki topic.
    """
    if four_eyes.is_waited_for(draft):
        return False
    stands_in_wiki = draft.article.category.is_wiki or draft.article.status == Status.DRAFT
    may = actor.can(Permission.ARTICLE_PUBLISH) or (draft.category.is_wiki and stands_in_wiki)
    return may and can_edit(actor, draft.article) and actor.sees(draft.category.access_key)


def can_review(actor: Actor, draft: Draft) -> bool:
    """Editors and who was asked; nobody says of their own text that it is right, nor of any in another's name."""
    if actor.is_acting_for:
        return False
    may = actor.can(Permission.ARTICLE_REVIEW) or (
        draft.reviewer_id is not None and draft.reviewer_id == actor.person_id
    )
    return may and can_see_draft(actor, draft) and actor.hands.isdisjoint(draft.writers)


def can_see_history(actor: Actor, article: Article) -> bool:
    """Whoever may write the next text may see the former ones, as far as `can_read_revision` lets them."""
    return can_edit(actor, article)


def can_read_revision(actor: Actor, article: Article, revision: Revision) -> bool:
    """What is up now; of former texts those that were open to the actor then, and what they wrote themselves.

    An article that was for a few once and is for many now said things then that were for the few.
    """
    if revision.n == article.n_revisions or not revision.access_key or actor.sees(revision.access_key):
        return True
    return revision.author_id is not None and revision.author_id == actor.person_id


def can_arrange(actor: Actor, article: Article) -> bool:
    """Editors give articles other names and places, join and part them, take them off the shelves."""
    return can_edit(actor, article) and actor.can(Permission.ARTICLE_PUBLISH)


def can_verify(actor: Actor, article: Article) -> bool:
    """Editors, and the owner: who looks after an article says when it is right; nobody says so in another's name."""
    if actor.is_acting_for:
        return False
    is_owner = article.owner_id is not None and article.owner_id == actor.person_id
    return article.is_published and (is_owner or actor.can(Permission.ARTICLE_VERIFY)) and can_read(actor, article)


def can_answer_feedback(actor: Actor, article: Article) -> bool:
    """Editors answer readers of every article they may read; owners those of their own."""
    is_owner = article.owner_id is not None and article.owner_id == actor.person_id
    return can_read(actor, article) and (is_owner or actor.can(Permission.FEEDBACK_REPLY))
