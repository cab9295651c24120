"""What search keeps about people: who looked after its words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.personal import handled

PERSONAL = (
    handled("search_word_group.changed_by_id", _l("Words of the search they changed"), "id", "words", "changed_at"),
    handled("judged_query.created_by_id", _l("Searches they judged"), "id", "query", "created_at"),
)
