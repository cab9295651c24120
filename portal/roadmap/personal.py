"""What the roadmap keeps about people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.personal import contributed, handled
from portal.roadmap import models as models  # its tables are what is declared here
from portal.roadmap.taskforce import personal as taskforce

PERSONAL = (
    contributed("idea.person_id", _l("Ideas"), withheld=("html",)),
    handled("idea.answered_by_id", _l("Ideas they answered"), "id", "title", "answered_at"),
    handled("idea.removed_by_id", _l("Ideas they took away"), "id", "title", "removed_at"),
    handled("item.owner_id", _l("Items of the roadmap they answer for"), "id", "title", "due_on"),
    handled("item.created_by_id", _l("Items of the roadmap they made"), "id", "title", "created_at"),
    handled("evidence.created_by_id", _l("Evidence they tied to an item"), "item_id", "measure", "created_at"),
    handled("status_note.person_id", _l("Steps of ideas and items they took"), "subject", "after", "at"),
    *taskforce.PERSONAL,
)
