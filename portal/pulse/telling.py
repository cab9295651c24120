"""That an outcome is published: behind the bells of who was asked, and on the home page for some weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import render_template
from sqlalchemy import select

from portal.core import actor as actors
from portal.core import clock
from portal.core.database import db
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.notifications import services as notifications
from portal.people.models import Person
from portal.pulse import outcomes, roster
from portal.pulse.models import Wave

AT_ONCE = 200
"""People who are told in one job, so that none of them takes long."""
STAYS = dt.timedelta(days=28)


def tell(payload: dict[str, Any]) -> None:
    """Tell some of those who were asked, and plan the next of them; everybody once."""
    wave = db.session.get(Wave, int(payload["wave"]))
    if wave is None or wave.published_at is None:
        return
    asked = select(Person).where(*roster.is_asked(wave.departments), Person.id > int(payload.get("after", 0)))
    some = list(db.session.execute(asked.order_by(Person.id).limit(AT_ONCE)).scalars())
    if len(some) == AT_ONCE:
        last = some[-1].id
        jobs.enqueue(outcomes.TELL, {"wave": wave.id, "after": last}, key=f"{outcomes.TELL}:{wave.id}:{last}")
    notifications.tell(
        some, "survey_outcome", subject=Ref(outcomes.KIND, wave.id), actor=actors.system(wave.sender_name or "HR")
    )


def on_home(context: Mapping[str, Any]) -> str:
    """Draw what came of the last survey, while it is new."""
    found = outcomes.latest() if actors.current().is_signed_in else None
    if found is None or found.published_at < clock.now() - STAYS:
        return ""
    return render_template("pulse/_on_home.html", outcome=found)
