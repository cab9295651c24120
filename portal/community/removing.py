"""Taking away what was written, and bringing it back. The row stays, and so does the trace of who did it."""

from __future__ import annotations

from flask_babel import gettext as _

from analytics.events import Name
from portal.community import policies, questions, tips
from portal.community.models import Answer, Question, Tip
from portal.community.policies import Post
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.talk import comments
from portal.talk.models import Comment


def remove(actor: Actor, post: Post) -> None:
    """Take a question, an answer or a tip away from everybody but its writer and moderators. Records `post.removed`.

    Refuses who may not (Forbidden). A writer whose text somebody else took away is told. An accepted answer that is
    taken away stays the accepted one, so that bringing it back brings that back too.
    """
    if not policies.can_remove(actor, post):
        raise Forbidden(_("Only who wrote it and editors take it away."))
    post.removed_at, post.removed_by_id = clock.now(), actor.person_id
    _follow(post)
    is_own = policies.is_own(actor, post)
    ledger.record(Name.POST_REMOVED, actor=actor, subject=post.ref, topic=_topic(post), is_own=is_own)
    if not is_own:
        notifications.tell([policies.writer_id(post)], "post_taken_away", subject=post.ref, actor=actor)


def restore(actor: Actor, post: Post) -> None:
    """Bring back what was taken away. Records `post.restored`; refuses who may not (Forbidden)."""
    if not policies.can_restore(actor, post):
        raise Forbidden(_("Editors bring it back; you yourself only what you took away."))
    post.removed_at = post.removed_by_id = None
    _follow(post)
    ledger.record(Name.POST_RESTORED, actor=actor, subject=post.ref, topic=_topic(post))


def _follow(post: Post) -> None:
    """Let counts and the search follow."""
    db.session.flush()
    if isinstance(post, Tip):
        tips.follow_in_search(post)
        return
    question = post.question if isinstance(post, Answer) else post
    questions.hold(question)
    questions.settle(question)
    questions.follow_in_search(question)


def _topic(post: Post) -> Ref:
    return Ref("category", post.question.category_id if isinstance(post, Answer) else post.category_id)


def remove_comment(actor: Actor, post: Question | Answer, comment_id: int) -> Comment:
    """Take a comment away. Records `post.removed`; refuses as `comments.remove`."""
    note = comments.remove(actor, post.ref, comment_id)
    is_own = note.person_id == actor.person_id
    ledger.record(Name.POST_REMOVED, actor=actor, subject=Ref("comment", note.id), topic=_topic(post), is_own=is_own)
    return note


def restore_comment(actor: Actor, post: Question | Answer, comment_id: int) -> Comment:
    """Put a comment back. Records `post.restored`; refuses as `comments.restore`, also below what is gone."""
    if not policies.can_see(actor, post) or post.removed_at is not None:
        raise Forbidden(_("What it was said of was taken away. Bring that back first."))
    note = comments.restore(actor, post.ref, comment_id)
    ledger.record(Name.POST_RESTORED, actor=actor, subject=Ref("comment", note.id), topic=_topic(post))
    return note
