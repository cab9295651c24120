"""What was changed of a goal or an intervention, with its reason: written beside the change, read on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.adoption.models import Revision
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.refs import Ref
from portal.people.models import Person

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

STATE = "state"
WORDS = 2000
"""Letters a reason may have."""


def reason_of(text: str, *, is_needed: bool = True) -> str:
    """Return a reason as it is kept; refuses (Invalid) one that is too long, or none where one is needed."""
    words = " ".join(text.split())
    if is_needed and not words:
        raise Invalid(_("Say why. The reason stands on the page for everybody who reads this."), "reason")
    if len(words) > WORDS:
        raise Invalid(_("Please keep it shorter."), "reason")
    return words


def differences(before: DataclassInstance, after: DataclassInstance) -> dict[str, tuple[str, str]]:
    """Return what differs between what was said and what is, field by field, as it is kept."""
    pairs = {each.name: (getattr(before, each.name), getattr(after, each.name)) for each in fields(before)}
    return {name: (_written(name, old), _written(name, new)) for name, (old, new) in pairs.items() if old != new}


def _written(field: str, value: Any) -> str:
    if value is None:
        return ""
    if field == "owner_id":
        person = db.session.get(Person, value)
        return person.name if person is not None else ""
    if isinstance(value, float):
        return f"{value:g}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


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
