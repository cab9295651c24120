"""How somebody wants to be told, and the hours in which mail waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import delete

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.notifications import kinds, queries
from portal.notifications.models import Channel, Preference, QuietHours


def choose(
    actor: Actor,
    *,
    wanted: Collection[tuple[str, Channel]],
    quiet_from: dt.time | None,
    quiet_until: dt.time | None,
) -> None:
    """Store how the actor wants to be told, and the hours in which mail waits. Defaults have no rows."""
    if actor.person_id is None:
        raise NotFound("")
    if (quiet_from is None) != (quiet_until is None):
        raise Invalid(_("Quiet hours need a beginning and an end."), field="quiet_until")
    db.session.execute(delete(Preference).where(Preference.person_id == actor.person_id))
    for kind in kinds.chosen():
        for channel in Channel:
            is_on = (kind.key, channel) in wanted
            if is_on != (channel in kind.channels):
                row = Preference(person_id=actor.person_id, kind=kind.key, channel=channel.value, is_on=is_on)
                db.session.add(row)
    _keep_quiet(actor.person_id, quiet_from, quiet_until)
    db.session.flush()


def _keep_quiet(person_id: int, starts: dt.time | None, ends: dt.time | None) -> None:
    hours = queries.quiet_hours(person_id)
    if starts is None or ends is None:
        if hours is not None:
            db.session.delete(hours)
    elif hours is None:
        db.session.add(QuietHours(person_id=person_id, starts=starts, ends=ends))
    else:
        hours.starts, hours.ends = starts, ends
