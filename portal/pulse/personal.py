"""What surveys keep about people: that they were invited, and that they answered; never what."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.personal import handled, private
from portal.pulse import models as models  # its tables are what is declared here

PERSONAL = (
    handled("wave.author_id", _l("Waves they planned"), "id", "name", "created_at"),
    private("invitation.person_id", _l("Waves they were invited to"), withheld=("token_hash",)),
    handled("said_done.person_id", _l("What they said was done after a wave"), "id", "said", "created_at"),
)
