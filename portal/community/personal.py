"""What the community keeps about people: what they asked, answered and wrote."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.community import models as models  # its tables are what is declared here
from portal.core.personal import contributed, handled, private

PERSONAL = (
    contributed("question.asker_id", _l("Questions"), withheld=("html",)),
    handled("question.removed_by_id", _l("Questions they took away"), "id", "title", "removed_at"),
    contributed("answer.author_id", _l("Answers to questions"), withheld=("html",)),
    handled("answer.removed_by_id", _l("Answers they took away"), "id", "question_id", "removed_at"),
    contributed("tip.author_id", _l("Tips"), withheld=("html",)),
    handled("tip.removed_by_id", _l("Tips they took away"), "id", "title", "removed_at"),
    contributed("earlier_text.person_id", _l("Earlier texts of questions, answers and tips")),
    handled("earlier_text.replaced_by_id", _l("Texts they replaced"), "id", "subject", "replaced_at"),
    private("question_invitation.person_id", _l("Questions they were asked to answer")),
    handled("question_invitation.invited_by_id", _l("Invitations to answer they sent"), "question_id", "at"),
)
