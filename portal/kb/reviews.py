"""Somebody else looks before a text is published: asking, remarking by paragraph, sending back, approving.

An approval is of one text. A save of another text makes it void (`drafts.save`), and what a reviewer decides names
the save they looked at, so that nobody approves what they have not seen.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.core import clock, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.kb import drafts, policies, publishing
from portal.kb.models import Draft, ReviewComment, State
from portal.kb.paragraphs import Paragraph
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import queries as people_queries
from portal.people import services as people
from portal.people.models import Person

LIMIT = 4000
QUOTE = 100


def get(actor: Actor, draft_id: int) -> Draft:
    """Return a draft, open or closed, for whoever writes or reviews it; for others there is none (NotFound)."""
    draft = db.session.get(Draft, draft_id)
    if draft is None or not policies.can_see_draft(actor, draft):
        raise NotFound("")
    return draft


def reviewers(actor: Actor) -> list[Person]:
    """Return who can be asked without knowing an address: editors other than oneself, by name."""
    return [one for one in people_queries.with_role(Role.EDITOR.value, Role.ADMIN.value) if one.id != actor.person_id]


def submit(actor: Actor, draft: Draft, *, reviewer_id: int | None = None, note: str = "") -> None:
    """Ask for a look, of somebody by name or of every editor. Records `article.submitted`.

    Refuses a text that is not whole (Invalid, by field), and somebody who could not look at it (Invalid, `reviewer`).
    """
    if not policies.can_edit(actor, draft.article):
        raise Forbidden(_("Only editors and the owner change this article."))
    publishing.complete(draft)
    _refuse_reviewer(actor, draft, reviewer_id)
    values = {"note": drafts.cleaned({"note": note})["note"]} if note.strip() else {}
    drafts.advance(
        draft,
        State.IN_REVIEW,
        submitted_at=clock.now(),
        submitted_by_id=actor.person_id,
        reviewer_id=reviewer_id,
        **values,
    )
    _record(Name.ARTICLE_SUBMITTED, actor, draft, is_asked=reviewer_id is not None)
    about = Ref("review", draft.id)
    if reviewer_id is not None:
        notifications.tell([reviewer_id], "review_asked", subject=about, words=draft.note, actor=actor)
    else:
        may_look = {one.id for one in reviewers(actor)} - draft.writers
        notifications.tell(may_look, "review_waits", subject=about, words=draft.note, actor=actor)


def _refuse_reviewer(actor: Actor, draft: Draft, reviewer_id: int | None) -> None:
    if reviewer_id is None:
        return
    if reviewer_id == actor.person_id or reviewer_id in draft.writers:
        raise Invalid(_("Ask somebody who has not written it."), field="reviewer")
    asked = people.actor_for(reviewer_id)
    if asked is None or not (asked.sees(draft.article.access_key) and asked.sees(draft.category.access_key)):
        raise Invalid(_("This person cannot open the article. Ask somebody else."), field="reviewer")


def withdraw(actor: Actor, draft: Draft) -> None:
    """Take it back from review to go on writing."""
    if not policies.can_edit(actor, draft.article):
        raise Forbidden(_("Only editors and the owner change this article."))
    drafts.advance(draft, State.WRITING, approved_at=None, approved_by_id=None)
    _record(Name.ARTICLE_REVIEW_WITHDRAWN, actor, draft)


def approve(actor: Actor, draft: Draft, *, lock: int | None = None) -> None:
    """Say that the text as it was seen is right. Records `article.approved` and tells its authors.

    Refuses its authors (Forbidden), a text nobody asked to look at, and one that changed meanwhile (Conflict).
    """
    _may_review(actor, draft)
    drafts.advance(draft, State.APPROVED, lock=lock, approved_at=clock.now(), approved_by_id=actor.person_id)
    _record(Name.ARTICLE_APPROVED, actor, draft, hours=_waited(draft))
    about = Ref("review", draft.id)
    notifications.tell(publishing.authors(draft), "draft_approved", subject=about, actor=actor)
    notifications.mark_read(actor, "review_asked", subject=about)
    notifications.mark_read(actor, "review_waits", subject=about)


def request_changes(actor: Actor, draft: Draft, *, words: str, lock: int | None = None) -> None:
    """Send it back, saying what is to be changed. Records `article.changes_requested` and tells its authors."""
    _may_review(actor, draft)
    said = _said(words, field="words")
    drafts.advance(draft, State.CHANGES_REQUESTED, lock=lock, approved_at=None, approved_by_id=None)
    _add(actor, draft, said, None)
    _record(Name.ARTICLE_CHANGES_REQUESTED, actor, draft, hours=_waited(draft))
    about = Ref("review", draft.id)
    notifications.tell(publishing.authors(draft), "changes_requested", subject=about, words=said, actor=actor)
    notifications.mark_read(actor, "review_asked", subject=about)
    notifications.mark_read(actor, "review_waits", subject=about)


def _may_review(actor: Actor, draft: Draft) -> None:
    if not policies.can_review(actor, draft):
        actor.require_self()
        raise Forbidden(why_not(actor, draft))


def why_not(actor: Actor, draft: Draft) -> str:
    """Say why this actor does not decide about this draft."""
    if actor.person_id in draft.writers:
        return _("You have written in it yourself, so somebody else decides.")
    return _("Editors and whoever was asked decide.")


def _waited(draft: Draft) -> int | None:
    return int((clock.now() - draft.submitted_at).total_seconds() // 3600) if draft.submitted_at else None


def _record(name: Name, actor: Actor, draft: Draft, **props: object) -> None:
    ledger.record(name, actor=actor, subject=draft.article.ref, topic=draft.category.ref, draft=draft.id, **props)


# Remarks


def comment(actor: Actor, draft: Draft, *, words: str, paragraph: Paragraph | None = None) -> ReviewComment:
    """Leave a remark about a paragraph, or about the whole text.

    Authors and reviewers do, while the draft is open (Conflict otherwise).
    """
    if not draft.is_open:
        raise Conflict(_("This text was published or put away in the meantime."))
    made = _add(actor, draft, _said(words, field="words"), paragraph)
    _record(Name.ARTICLE_REVIEW_COMMENTED, actor, draft, comment=made.id)
    return made


def _said(words: str, *, field: str) -> str:
    words = words.strip()
    if not words:
        raise Invalid(_("Say in a line what you mean."), field=field)
    if len(words) > LIMIT:
        raise Invalid(_("Please keep it under %(n)s characters.", n=LIMIT), field=field)
    return words


def _add(actor: Actor, draft: Draft, words: str, paragraph: Paragraph | None) -> ReviewComment:
    if actor.person_id is None:
        raise Forbidden(_("Sign in to add a note."))
    made = ReviewComment(
        draft_id=draft.id,
        paragraph=paragraph.number if paragraph else None,
        quote=paragraph.text[:QUOTE] if paragraph else "",
        person_id=actor.person_id,
        body=words,
        html=markup.render_comment_safely(words).html,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def comments(draft: Draft) -> list[ReviewComment]:
    """Return every remark on this draft, oldest first; one query."""
    query = select(ReviewComment).where(ReviewComment.draft_id == draft.id)
    loads = (joinedload(ReviewComment.person), joinedload(ReviewComment.resolved_by))
    query = query.options(*loads).order_by(ReviewComment.created_at, ReviewComment.id)
    return list(db.session.execute(query).scalars())


def resolve(actor: Actor, draft: Draft, comment_id: int, *, is_done: bool = True) -> None:
    """Say a remark is settled, or that it is not after all. Refuses one that is not about this draft (NotFound)."""
    found = db.session.get(ReviewComment, comment_id)
    if found is None or found.draft_id != draft.id:
        raise NotFound(_("This remark is not there."))
    found.resolved_at = clock.now() if is_done else None
    found.resolved_by_id = actor.person_id if is_done else None
    db.session.flush()
