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
