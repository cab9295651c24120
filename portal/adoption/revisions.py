"""What was changed of a goal or an intervention, with its reason: written beside the change, read on the page."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.adoption.models import Revision
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.refs import Ref

STATE = "state"


def note(actor: Actor, subject: Ref, changed: Mapping[str, tuple[str, str]], *, reason: str) -> None:
    """Write down each field that changed, from what to what, with the one reason for all of them."""
    for field, (before, after) in changed.items():
        db.session.add(
            Revision(
                subject=str(subject),
                at=clock.now(),
                person_id=actor.person_id,
                field=field,
                before=before,
                after=after,
                reason=reason,
            )
        )
    db.session.flush()


def of(subject: Ref) -> list[Revision]:
    """Return everything that was changed of a thing, the latest first; one query."""
    query = select(Revision).where(Revision.subject == str(subject)).options(joinedload(Revision.person))
    return list(db.session.execute(query.order_by(Revision.at.desc(), Revision.id.desc())).scalars())
