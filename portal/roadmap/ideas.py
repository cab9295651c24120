"""What people do with ideas: propose, edit, take back, want too, comment. What becomes of one is in `answering`."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.community import texts
from portal.core import clock, limits, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, NotFound
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.kb import texts as articles
from portal.kb.models import Category
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.roadmap import policies
from portal.roadmap.models import Idea
from portal.talk import comments, follows, votes
from portal.talk.models import Comment, Voice

PER_HOUR = 10


def get(actor: Actor, idea_id: int) -> Idea:
    """Return the idea or refuse (NotFound): one that is hidden and one that never was look the same."""
    query = select(Idea).where(Idea.id == idea_id).options(joinedload(Idea.person), joinedload(Idea.category))
    idea = db.session.execute(query).scalar_one_or_none()
    if idea is None or not policies.can_see(actor, idea):
        raise NotFound("")
    return idea


def topics_for(actor: Actor) -> list[Category]:
    """Return the topics this actor may file an idea under, in their order."""
    query = select(Category).order_by(Category.position, Category.id)
    return [row for row in db.session.execute(query).scalars() if actor.sees(row.access_key)]


def propose(actor: Actor, *, title: str, body: str, category_id: int | None) -> Idea:
    """Propose an idea; its proposer follows it. Records `idea.proposed`.

    Refuses what is not whole (Invalid, by field), who may not (Forbidden), and too many in an hour (TooMany).
    """
    if not policies.can_propose(actor):
        raise Forbidden(_("Sign in to propose something."))
    words = {"title": texts.title_of(title), "body": texts.body_of(body)}
    topic = texts.topic_of(actor, category_id)
    limits.spend("idea", str(actor.person_id), limit=PER_HOUR, seconds=3600)
    idea = Idea(**words, person_id=actor.person_id, created_at=clock.now())
    _file(idea, topic)
    _render(actor, idea)
    db.session.add(idea)
    db.session.flush()
    follows.follow_by_doing([actor.person_id], idea.ref)
    ledger.record(Name.IDEA_PROPOSED, actor=actor, subject=idea.ref, topic=topic.ref)
    follow_in_search(idea)
    return idea


def edit(actor: Actor, idea: Idea, *, version: int, title: str, body: str, category_id: int | None) -> None:
    """Put an idea otherwise while nobody has answered it. Records `idea.edited`.

    Refuses who may not (Forbidden), what is not whole (Invalid), and whoever saw an older text (Conflict).
    """
    if not policies.can_edit(actor, idea):
        raise Forbidden(_("Who proposed it changes it, until it is answered."))
    words = {"title": texts.title_of(title), "body": texts.body_of(body)}
    topic = texts.topic_of(actor, category_id)
    mine = update(Idea).where(Idea.id == idea.id, Idea.version == version).values(version=version + 1)
    if db.session.execute(mine.returning(Idea.id)).scalar() is None:
        raise Conflict(_("This idea was changed in another window. Nothing was overwritten; look at it first."))
    db.session.refresh(idea, ["version"])
    idea.title, idea.body = words["title"], words["body"]
    if idea.access_key != topic.access_key:
        idea.access_changed_at = clock.now()
    _file(idea, topic)
    _render(actor, idea)
    db.session.flush()
    ledger.record(Name.IDEA_EDITED, actor=actor, subject=idea.ref, topic=topic.ref, version=idea.version)
    follow_in_search(idea)


def withdraw(actor: Actor, idea: Idea) -> None:
    """Take an idea back. Records `idea.withdrawn`; whose idea somebody else took away is told."""
    if not policies.can_withdraw(actor, idea):
        raise Forbidden(_("Who proposed it takes it back, until it is answered."))
    idea.removed_at, idea.removed_by_id = clock.now(), actor.person_id
    db.session.flush()
    is_own = policies.is_own(actor, idea)
    ledger.record(Name.IDEA_WITHDRAWN, actor=actor, subject=idea.ref, topic=about(idea), is_own=is_own)
    if not is_own:
        notifications.tell([idea.person_id], "post_taken_away", subject=idea.ref, actor=actor)
    follow_in_search(idea)


def restore(actor: Actor, idea: Idea) -> None:
    """Bring an idea back. Records `idea.restored`."""
    if not policies.can_restore(actor, idea):
        raise Forbidden(_("The task force brings it back; you yourself only what you took back."))
    idea.removed_at = idea.removed_by_id = None
    db.session.flush()
    ledger.record(Name.IDEA_RESTORED, actor=actor, subject=idea.ref, topic=about(idea))
    follow_in_search(idea)


def want(actor: Actor, idea: Idea, *, is_on: bool) -> None:
    """Say "I would like this too", or take it back; everybody once, nobody of their own (Forbidden)."""
    if not policies.can_vote(actor, idea):
        actor.require_self()
        raise Forbidden(_("Others say whether they would like it too."))
    if not votes.cast(actor, idea.ref, voice=Voice.WANTED, is_on=is_on, topic=about(idea)):
        return
    db.session.execute(update(Idea).where(Idea.id == idea.id).values(n_votes=Idea.n_votes + (1 if is_on else -1)))
    db.session.refresh(idea, ["n_votes"])


def follow(actor: Actor, idea: Idea, *, is_on: bool) -> None:
    """Hear of what becomes of it, or not."""
    (follows.follow if is_on else follows.unfollow)(actor, idea.ref, topic=about(idea))


def comment(actor: Actor, idea: Idea, *, body: str) -> Comment:
    """Leave a comment; its proposer is told. Refuses who may not (Forbidden), an empty or overlong one (Invalid)."""
    if idea.removed_at is not None:
        raise Forbidden(_("What was taken back takes no comments."))
    note = comments.add(actor, idea.ref, body=body, topic=about(idea))
    _count_comments(idea)
    notifications.tell([idea.person_id], "idea_commented", subject=idea.ref, words=note.body, actor=actor)
    return note


def remove_comment(actor: Actor, idea: Idea, comment_id: int) -> None:
    """Take a comment away. Records `post.removed`; refuses as `comments.remove`."""
    note = comments.remove(actor, idea.ref, comment_id)
    is_own = note.person_id == actor.person_id
    subject = Ref("comment", note.id)
    ledger.record(Name.POST_REMOVED, actor=actor, subject=subject, topic=about(idea), is_own=is_own)
    _count_comments(idea)


def _count_comments(idea: Idea) -> None:
    n = select(func.count()).where(Comment.subject == str(idea.ref), Comment.removed_at.is_(None))
    idea.n_comments = db.session.execute(n).scalar_one()
    db.session.flush()


def _file(idea: Idea, topic: Category) -> None:
    idea.category, idea.access_key = topic, topic.access_key


def _render(actor: Actor, idea: Idea) -> None:
    made = markup.render_safely(idea.body, limit=texts.BODY, links=articles.address_for(actor), scope="i")
    idea.html, idea.excerpt = made.html, texts.beginning(made.text)


def about(idea: Idea) -> Ref | None:
    """Return the topic a fact about this idea belongs to."""
    return Ref("category", idea.category_id) if idea.category_id is not None else None


def follow_in_search(idea: Idea) -> None:
    """Have the index follow, in this transaction."""
    jobs.enqueue("search.update", {"refs": [str(idea.ref)]})
