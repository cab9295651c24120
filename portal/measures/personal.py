"""What measuring keeps about people: who noted what, and their pseudonym in what was folded. Measures name nobody."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.personal import PersonPlace, contributed, handled
from portal.measures import forgetting

PERSONAL = (
    contributed("change_date.person_id", _l("Dates they pinned on charts")),
    handled("assumption.person_id", _l("Assumptions about cost they set"), "name", "value"),
    PersonPlace(
        name="attempts",
        label=_l("Attempts to find help, counted under a pseudonym"),
        erase=forgetting.forget_person,
    ),
)
