"""What the front door keeps about people: notices and announcements, and who said "me too"."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.personal import contributed, handled, private

PERSONAL = (
    contributed("incident.created_by_id", _l("Notices of known problems")),
    handled("incident.ended_by_id", _l("Notices they ended"), "id", "title", "ended_at"),
    private("incident_echo.person_id", _l("“Me too” on notices")),
    contributed("announcement.created_by_id", _l("Announcements they wrote"), withheld=("html",)),
    handled("announcement.sender_id", _l("Announcements in their name"), "id", "title", "from_at"),
)
