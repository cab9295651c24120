"""The whole desk's saved replies; those of one person are their own matter."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.tickets.holding import BODY
from portal.tickets.managing import changes
from portal.tickets.models import SavedReply


def every() -> list[SavedReply]:
    """Return the desk's replies, by title; one query."""
    query = select(SavedReply).where(SavedReply.person_id.is_(None)).order_by(SavedReply.title, SavedReply.id)
    return list(db.session.execute(query).scalars())


def get(reply_id: int) -> SavedReply:
    """Return a reply of the desk; a person's own is not there (NotFound)."""
    found = db.session.get(SavedReply, reply_id)
    if found is None or found.person_id is not None:
        raise NotFound("")
    return found


def save(actor: Actor, reply: SavedReply | None, *, title: str, body: str) -> SavedReply:
    """Add or change a reply of the desk. Records `queue.changed`; refuses nothing at all and too much (Invalid)."""
    changes.manage(actor)
    title, body = changes.named(title, field="title"), body.strip()
    if not body:
        raise Invalid(_("Write the reply first."), field="body")
    if len(body) > BODY:
        raise Invalid(_("Please keep it under %(n)s characters.", n=BODY), field="body")
    before = _told(reply) if reply is not None else None
    if reply is None:
        reply = SavedReply(title=title, body=body, person_id=None)
        db.session.add(reply)
    reply.title, reply.body, reply.changed_at = title, body, clock.now()
    db.session.flush()
    changes.record(actor, "saved reply", title, before=before, after=_told(reply))
    return reply


def remove(actor: Actor, reply: SavedReply) -> None:
    """Take a reply of the desk away. Records `queue.changed`."""
    changes.manage(actor)
    before = _told(reply)
    db.session.delete(reply)
    db.session.flush()
    changes.record(actor, "saved reply", str(before["title"]), before=before, after=None)


def _told(reply: SavedReply) -> dict[str, object]:
    return {"title": reply.title, "words": reply.body}
