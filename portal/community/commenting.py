"""Comments below questions and answers: for what is no answer."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.community import policies, questions
from portal.community.models import Answer, Question
from portal.core.actor import Actor
from portal.core.errors import Forbidden
from portal.notifications import services as notifications
from portal.talk import comments
from portal.talk.models import Comment


def add(actor: Actor, post: Question | Answer, *, body: str) -> Comment:
    """Leave a comment; tells who wrote what is commented on. Records `comment.added`.

    Refuses who may not (Forbidden), an empty and an overlong text (Invalid, `body`).
    """
    question = post.question if isinstance(post, Answer) else post
    if post.removed_at is not None or question.removed_at is not None:
        raise Forbidden(_("What was taken away takes no comments."))
    note = comments.add(actor, post.ref, body=body, topic=questions.about(question))
    writer = policies.writer_id(post)
    notifications.tell([writer], "post_commented", subject=post.ref, words=note.body, actor=actor)
    return note
