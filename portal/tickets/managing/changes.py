"""Recording what was set up otherwise: what differs, as it was and as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.kb.writing.drafts import plain_slug
from portal.ledger import services as ledger
from portal.tickets.models import Queue, RequestTemplate

LONGEST = 1500
Told = Mapping[str, object]


def manage(actor: Actor) -> None:
    """Refuse (Forbidden) who does not manage the desk."""
    actor.require(Permission.TICKET_MANAGE)


def record(actor: Actor, what: str, name: str, *, before: Told | None, after: Told | None) -> None:
    """Record `queue.changed` with what differs; nothing when nothing does."""
    was, now = before or {}, after or {}
    keys = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    if keys:
        ledger.record(
            Name.QUEUE_CHANGED, actor=actor, what=what, title=name, before=_words(was, keys), after=_words(now, keys)
        )


def _words(told: Told, keys: list[str]) -> str | None:
    said = [f"{key}: {_value(told[key])}" for key in keys if told.get(key) not in (None, "", [], {})]
    text = "; ".join(said)
    return (text if len(text) <= LONGEST else text[: LONGEST - 1] + "…") or None


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)


def named(words: str, *, longest: int = 120, field: str = "name") -> str:
    """Return a name without the space around it; refuses none at all and too much (Invalid)."""
    words = " ".join(words.split())
    if not words:
        raise Invalid(_("Give it a name."), field=field)
    if len(words) > longest:
        raise Invalid(_("Please keep it under %(n)s characters.", n=longest), field=field)
    return words


def free_slug(model: type[Queue] | type[RequestTemplate], name: str) -> str:
    """Return an address made of a name that none of these has."""
    base = re.sub(r"-+$", "", plain_slug(name)[:56])
    taken = set(db.session.execute(select(model.slug).where(model.slug.startswith(base))).scalars())
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
