"""What increments, gates and the task force keep about people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.personal import handled, private
from portal.roadmap.gates import models as gates  # their tables are what is declared here
from portal.roadmap.increments import models as increments
from portal.roadmap.taskforce import models as taskforce

MODELS = (gates, increments, taskforce)

PERSONAL = (
    handled("increment.owner_id", _l("Increments they answer for"), "id", "name", "ends_on"),
    handled("increment.created_by_id", _l("Increments they planned"), "id", "name", "created_at"),
    private("attendance.person_id", _l("Sessions they say they were at")),
    handled("requirement.accepted_by_id", _l("Requirements they accepted"), "id", "title", "accepted_at"),
    handled("gate.created_by_id", _l("Gates they set up"), "id", "name", "created_at"),
    handled("gate_condition.seen_by_id", _l("What they looked at for a gate"), "gate_id", "seen", "seen_at"),
    handled("gate_signature.person_id", _l("Gates they signed at"), "gate_id", "seat", "at"),
    handled("gate_decision.person_id", _l("Gates they decided"), "gate_id", "verdict", "why", "at"),
    handled("taskforce_member.person_id", _l("Seats in the task force"), "seat", "joined_on", "left_on"),
    handled("minutes.author_id", _l("Minutes they wrote"), "id", "title", "body", "held_on"),
    handled("minutes_presence.person_id", _l("Meetings of the task force they were at"), "minutes_id"),
    handled("taskforce_decision.person_id", _l("Decisions they wrote down"), "text", "why", "at"),
    handled("taskforce_action.owner_id", _l("What they are to do"), "title", "due_on", "done_at", "outcome"),
    handled("taskforce_action.created_by_id", _l("What they asked others to do"), "title", "due_on", "created_at"),
    handled("taskforce_action.done_by_id", _l("What they ticked off"), "title", "done_at"),
)
