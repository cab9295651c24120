"""What talk keeps about people: what they said, and what they follow."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.personal import contributed, handled, private

PERSONAL = (
    contributed("comment.person_id", _l("Notes below articles"), withheld=("html",)),
    handled("comment.removed_by_id", _l("Notes they took away"), "id", "subject", "removed_at"),
    contributed("solution.person_id", _l("Answers to “Did this solve it?”")),
    handled("solution.replied_by_id", _l("Replies to feedback"), "id", "subject", "reply", "replied_at"),
    private("follow.person_id", _l("What they follow")),
    private("vote.person_id", _l("What they found useful, thanked for, or have too")),
    contributed("flag.person_id", _l("What they said should be looked at")),
    handled("flag.closed_by_id", _l("Decisions about what others flagged"), "id", "subject", "outcome", "closed_at"),
)
