"""What the knowledge base keeps about people: what they wrote, look after, checked and suggested."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core.database import db
from portal.core.personal import Erase, Merge, PersonColumn, PersonPlace, contributed, handled
from portal.kb.models import Draft


def _merge_writers(loser_id: int, winner_id: int) -> int:
    """Let the account that goes on have written what the other had: nobody approves their own text by another name."""
    drafts = [d for d in db.session.execute(select(Draft)).scalars() if loser_id in d.written_by]
    for draft in drafts:
        draft.written_by = list(dict.fromkeys(winner_id if one == loser_id else one for one in draft.written_by))
    return len(drafts)


PERSONAL = (
    PersonColumn(
        column="article.owner_id",
        label=_l("Articles they look after"),
        on_erase=Erase.FORGET,
        given=("id", "slug", "title", "status", "review_by"),
    ),
    handled("article.verified_by_id", _l("Articles they checked"), "id", "slug", "title", "verified_at"),
    contributed("article_revision.author_id", _l("Texts of articles they wrote")),
    handled("article_revision.approved_by_id", _l("Texts they approved"), "article_id", "n", "title"),
    handled("article_revision.looked_by_id", _l("Texts they looked at afterwards"), "article_id", "n", "looked_at"),
    contributed("article_draft.created_by_id", _l("Drafts they began")),
    handled("article_draft.saved_by_id", _l("Drafts they saved last"), "id", "title", "body", "saved_at"),
    handled("article_draft.submitted_by_id", _l("Drafts they handed in"), "id", "title", "submitted_at"),
    PersonColumn(
        column="article_draft.reviewer_id",
        label=_l("Drafts they were asked to look at"),
        on_erase=Erase.FORGET,
        given=("id", "title", "submitted_at"),
    ),
    handled("article_draft.approved_by_id", _l("Drafts they approved"), "id", "title", "approved_at"),
    handled("article_draft.scheduled_by_id", _l("Drafts they planned"), "id", "title", "publish_at"),
    PersonColumn(
        column="draft_presence.person_id",
        label=_l("Editors they have open"),
        on_merge=Merge.DROP,
        on_erase=Erase.DELETE,
    ),
    contributed("article_suggestion.person_id", _l("Suggestions for articles")),
    handled("article_suggestion.decided_by_id", _l("Suggestions they decided on"), "id", "answer", "decided_at"),
    contributed("review_comment.person_id", _l("Comments in reviews"), withheld=("html",)),
    handled("review_comment.resolved_by_id", _l("Comments they settled"), "id", "resolved_at"),
    PersonPlace(name="written-drafts", label=_l("Drafts they wrote in"), merge=_merge_writers),
)
