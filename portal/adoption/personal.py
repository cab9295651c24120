"""What goals and interventions keep about people: who set, owns and changed them. Figures name nobody."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.adoption import models as models  # its tables are what is declared here
from portal.core.personal import handled

PERSONAL = (
    handled("goal.owner_id", _l("Goals they answer for"), "id", "title", "due_on"),
    handled("goal.created_by_id", _l("Goals they set"), "id", "title", "created_at"),
    handled("intervention.owner_id", _l("Interventions they answer for"), "id", "title", "stop_on"),
    handled("intervention.created_by_id", _l("Interventions they registered"), "id", "title", "registered_at"),
    handled(
        "adoption_revision.person_id", _l("Goals and interventions they changed"), "subject", "field", "reason", "at"
    ),
)
