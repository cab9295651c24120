"""Who sits in front of a draft right now: everybody who has the editor open says so three times a minute."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.kb.models import Draft, Presence
from portal.people.models import Person

COUNTS_FOR = dt.timedelta(seconds=60)


def renew(actor: Actor, draft: Draft) -> None:
    """Note that this actor has the editor open, and forget who has not said so for a while."""
    now = clock.now()
    own = (Presence.draft_id == draft.id) & (Presence.person_id == actor.person_id)
    db.session.execute(delete(Presence).where(Presence.draft_id == draft.id, Presence.seen_at < now - COUNTS_FOR))
    seen = db.session.execute(update(Presence).where(own).values(seen_at=now).returning(Presence.person_id)).scalar()
    if seen is None and actor.person_id is not None:
        try:
            with db.session.begin_nested():
                db.session.add(Presence(draft_id=draft.id, person_id=actor.person_id, seen_at=now))
        except IntegrityError:
            return  # another window of the same person was faster, which says the same


def leave(actor: Actor, draft: Draft) -> None:
    """Note that this actor has closed the editor."""
    own = (Presence.draft_id == draft.id) & (Presence.person_id == actor.person_id)
    db.session.execute(delete(Presence).where(own))


def others(actor: Actor, draft: Draft) -> list[Person]:
    """Return who else has this draft open, by name; one query."""
    query = (
        select(Presence)
        .where(Presence.draft_id == draft.id, Presence.seen_at >= clock.now() - COUNTS_FOR)
        .options(joinedload(Presence.person))
    )
    here = (row.person for row in db.session.execute(query).scalars() if row.person_id != actor.person_id)
    return sorted(here, key=lambda person: person.name)
