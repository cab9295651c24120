"""What the knowledge base keeps about people: what they wrote, look after, checked and suggested.

A copy holds words they wrote, none of others: those may have been hidden from them since, or never open to them.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.core.database import db
from portal.core.personal import Erase, Merge, PersonColumn, PersonPlace, Record, Subject, contributed, handled
from portal.kb.models import WRITTEN, Draft, Revision


def _merge_writers(loser_id: int, winner_id: int) -> int:
    """Let the account that goes on have written what the other had: nobody approves their own text by another name."""
    drafts = [d for d in db.session.execute(select(Draft)).scalars() if loser_id in d.written_by]
    for draft in drafts:
        draft.written_by = list(dict.fromkeys(winner_id if one == loser_id else one for one in draft.written_by))
    return len(drafts)


def _texts(subject: Subject) -> Iterator[Record]:
    """Yield the published texts they wrote in and published; what they let appear for others is the others'."""
    query = select(Revision, Draft.written_by).outerjoin(Draft, Draft.id == Revision.draft_id)
    query = query.where(Revision.author_id == subject.person_id).order_by(Revision.article_id, Revision.n)
    for row, written_by in db.session.execute(query):
        if written_by is None or subject.person_id in written_by:
            names = ("article_id", "n", "title", "summary", "body", "note", "created_at")
            yield {name: getattr(row, name) for name in names}


def _drafts(subject: Subject) -> Iterator[Record]:
    """Yield what they are writing, or wrote, alone; where others wrote too nobody can tell the words apart."""
    query = select(Draft).options(joinedload(Draft.category)).order_by(Draft.id)
    began = or_(Draft.created_by_id == subject.person_id, Draft.saved_by_id == subject.person_id)
    for row in db.session.execute(query.where(began)).scalars():
        if row.writers == {subject.person_id}:
            text = {name: value for name, value in row.text().items() if name in WRITTEN and name != "category_id"}
            yield {"id": row.id, "state": row.state, **text, "saved_at": row.saved_at}


PERSONAL = (
    PersonColumn(
        column="article.owner_id",
        label=_l("Articles they look after"),
        on_erase=Erase.FORGET,
        given=("id", "risk", "review_by"),
    ),
    handled("article.verified_by_id", _l("Articles they checked"), "id", "verified_at"),
    handled("article_revision.author_id", _l("Texts of articles they published"), "article_id", "n", "created_at"),
    handled("article_revision.approved_by_id", _l("Texts they approved"), "article_id", "n"),
    handled("article_revision.looked_by_id", _l("Texts they looked at afterwards"), "article_id", "n", "looked_at"),
    handled("article_draft.created_by_id", _l("Drafts they began"), "id", "article_id", "created_at"),
    handled("article_draft.saved_by_id", _l("Drafts they saved last"), "id", "saved_at"),
    handled("article_draft.submitted_by_id", _l("Drafts they handed in"), "id", "submitted_at"),
    PersonColumn(
        column="article_draft.reviewer_id",
        label=_l("Drafts they were asked to look at"),
        on_erase=Erase.FORGET,
        given=("id", "submitted_at"),
    ),
    handled("article_draft.approved_by_id", _l("Drafts they approved"), "id", "approved_at"),
    handled("article_draft.scheduled_by_id", _l("Drafts they planned"), "id", "publish_at"),
    PersonColumn(
        column="desk_mark.assignee_id",
        label=_l("Rows of the desk they see to"),
        on_erase=Erase.FORGET,
        given=("key", "assigned_at"),
    ),
    handled("desk_mark.assigned_by_id", _l("Rows of the desk they gave to somebody"), "key", "assigned_at"),
    handled("desk_mark.aside_by_id", _l("Rows of the desk they put aside"), "key", "aside_at", "reason", "words"),
    PersonColumn(
        column="draft_presence.person_id",
        label=_l("Editors they have open"),
        on_merge=Merge.DROP,
        on_erase=Erase.DELETE,
    ),
    contributed("article_suggestion.person_id", _l("Suggestions for articles")),
    handled("article_suggestion.decided_by_id", _l("Suggestions they decided on"), "id", "answer", "decided_at"),
    contributed("review_comment.person_id", _l("Comments in reviews"), withheld=("html", "quote")),
    handled("review_comment.resolved_by_id", _l("Comments they settled"), "id", "resolved_at"),
    PersonPlace(name="written-texts", label=_l("Texts of articles they wrote"), export=_texts),
    PersonPlace(name="written-drafts", label=_l("Drafts they wrote"), export=_drafts, merge=_merge_writers),
)
