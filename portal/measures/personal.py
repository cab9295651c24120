"""What measuring keeps about people: who pinned a date on the charts. Measures themselves name nobody."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.personal import contributed, handled
from portal.measures import models as models  # its tables are what is declared here

PERSONAL = (
    contributed("change_date.person_id", _l("Dates they pinned on charts")),
    handled("assumption.person_id", _l("Assumptions about cost they set"), "name", "value"),
)
