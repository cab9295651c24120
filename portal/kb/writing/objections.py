"""What speaks against publishing a text that is whole: changes a reviewer asked for, remarks nobody settled.

Nothing of it forbids publishing. It is said beside the button, and whoever publishes all the same says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from portal.core.database import db
from portal.core.errors import Invalid
from portal.kb.models import Draft, ReviewComment, State


@dataclass(frozen=True)
class Objections:
    """What reviewers said about a draft that still stands; false when there is nothing."""

    is_sent_back: bool
    n_remarks: int

    def __bool__(self) -> bool:
        return self.is_sent_back or self.n_remarks > 0

    @property
    def words(self) -> str:
        """Say what stands, as a sentence."""
        if self.is_sent_back and self.n_remarks:
            return ngettext(
                "Changes were requested, and %(num)s remark is open.",
                "Changes were requested, and %(num)s remarks are open.",
                self.n_remarks,
            )
        if self.is_sent_back:
            return _("Changes were requested, and nobody has approved the text since.")
        return ngettext("%(num)s remark is open.", "%(num)s remarks are open.", self.n_remarks)

    @property
    def agreement(self) -> str:
        """Say what somebody agrees to who publishes all the same."""
        if self.is_sent_back and self.n_remarks:
            return ngettext(
                "Publish although changes were requested and %(num)s remark is open",
                "Publish although changes were requested and %(num)s remarks are open",
                self.n_remarks,
            )
        if self.is_sent_back:
            return _("Publish although changes were requested")
        return ngettext(
            "Publish although %(num)s remark is open", "Publish although %(num)s remarks are open", self.n_remarks
        )


def of(draft: Draft) -> Objections:
    """Return what still stands against a draft; one query."""
    n = select(func.count()).where(ReviewComment.draft_id == draft.id, ReviewComment.resolved_at.is_(None))
    return Objections(draft.state == State.CHANGES_REQUESTED, db.session.execute(n).scalar_one())


def refuse(draft: Draft) -> None:
    """Refuse (Invalid, `although`) to publish over what still stands without a word."""
    if found := of(draft):
        raise Invalid(
            _("%(words)s Settle it first, or tick that you publish all the same.", words=found.words), field="although"
        )
