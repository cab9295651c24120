"""Somebody else looks before a text is published: asking, remarking by paragraph, sending back, approving.

An approval is of one text. A save of another text makes it void (`drafts.save`), and what a reviewer decides names
the save they looked at, so that nobody approves what they have not seen.
"""

from __future__ import annotations

import unicodedata

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
from portal.kb import policies
from portal.kb.models import Article, Draft, ReviewComment, Revision, State
from portal.kb.prose.paragraphs import Paragraph
from portal.kb.writing import drafts, publishing
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import queries as people_queries
from portal.people import services as people
from portal.people.models import Person

LIMIT = 4000
QUOTE = 100
NAMED = 5
"""How many people are named where a beginning may mean several."""


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


def meant(actor: Actor, draft: Draft, words: str) -> Person | None:
    """Return whom an address, a name or the beginning of one means; nobody when nothing was typed.

    Names are those of editors, addresses anybody's. Refuses what means nobody, and names whom it may mean where that
    is more than one (Invalid, `reviewer`).
    """
    words = " ".join(words.split()).casefold()
    if not words:
        return None
    if (found := people_queries.by_email(words)) is not None and found.is_active:
        return found
    known = reviewers(actor)
    exact = [one for one in known if one.name.casefold() == words]
    begun = exact or [one for one in known if _begins(one, words)]
    able = [one for one in begun if one.id not in draft.writers] or begun
    if len(able) == 1:
        return able[0]
    if not able:
        raise Invalid(
            _("No editor is called so. Choose one from the list, or write the e-mail address of a colleague."),
            field="reviewer",
        )
    named = ", ".join(f"{one.name} ({one.email})" for one in able[:NAMED])
    if len(able) > NAMED:
        named += " …"
    raise Invalid(_("This may be %(people)s. Write a little more.", people=named), field="reviewer")


def _begins(person: Person, words: str) -> bool:
    """Say whether a name, one of its parts or the address begins with these words, accents or not.

    >>> _begins(Person(name="Zoë Hart", email="zh@ostreyvale.example"), "zoe")
    True
    """
    words = _plain(words)
    name = _plain(person.name)
    return f" {name}".find(f" {words}") >= 0 or person.email.casefold().startswith(words)


def _plain(words: str) -> str:
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def withdraw(actor: Actor, draft: Draft) -> None:
    """Take it back from review to go on writing."""
    if not policies.can_edit(actor, draft.article):
        raise Forbidden(_("Only editors and the owner change this article."))
    drafts.advance(draft, State.WRITING, approved_at=None, approved_by_id=None, is_checked=False)
    _record(Name.ARTICLE_REVIEW_WITHDRAWN, actor, draft)


def approve(actor: Actor, draft: Draft, *, lock: int | None = None, is_checked: bool = False) -> None:
    """Say that the text as it was seen may go up. Records `article.approved` and tells its authors.

    With `is_checked` whoever approves has also tried that what it says is right: once published, it counts as checked.
    Refuses its authors (Forbidden), a text nobody asked to look at, and one that changed meanwhile (Conflict).
    """
    _may_review(actor, draft)
    said = {"approved_at": clock.now(), "approved_by_id": actor.person_id, "is_checked": is_checked}
    drafts.advance(draft, State.APPROVED, lock=lock, **said)
    _record(Name.ARTICLE_APPROVED, actor, draft, hours=_waited(draft))
    about = Ref("review", draft.id)
    notifications.tell(publishing.authors(draft), "draft_approved", subject=about, actor=actor)
    notifications.mark_read(actor, "review_asked", subject=about)
    notifications.mark_read(actor, "review_waits", subject=about)


def request_changes(actor: Actor, draft: Draft, *, words: str, lock: int | None = None) -> None:
    """Send it back, saying what is to be changed. Records `article.changes_requested` and tells its authors."""
    _may_review(actor, draft)
    said = _said(words, field="words")
    drafts.advance(draft, State.CHANGES_REQUESTED, lock=lock, approved_at=None, approved_by_id=None, is_checked=False)
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


def approver(article: Article) -> str:
    """Return the first name of who approved the text that is up; nothing where nobody did."""
    query = select(Person).join(Revision, Revision.approved_by_id == Person.id)
    query = query.where(Revision.article_id == article.id, Revision.n == article.n_revisions)
    found = db.session.execute(query).scalar_one_or_none()
    return found.first_name if found is not None else ""


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
