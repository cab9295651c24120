"""Who may do what to a comment or an answer; the thing itself was loaded by its own feature before."""

from __future__ import annotations

from portal.core.actor import Actor
from portal.core.permissions import Permission
from portal.talk.models import Comment


def can_answer(actor: Actor) -> bool:
    return actor.person_id is not None and actor.can(Permission.FEEDBACK_GIVE)


def can_comment(actor: Actor) -> bool:
    return actor.person_id is not None and actor.can(Permission.COMMENT_ADD)


def can_remove(actor: Actor, comment: Comment) -> bool:
    return actor.is_signed_in and (comment.person_id == actor.person_id or actor.can(Permission.COMMENT_REMOVE))


def can_restore(actor: Actor, comment: Comment) -> bool:
    """Whoever may take every comment away; writers what they took away themselves."""
    if actor.person_id is None or comment.removed_at is None:
        return False
    is_own = comment.person_id == actor.person_id and comment.removed_by_id == actor.person_id
    return is_own or actor.can(Permission.COMMENT_REMOVE)
