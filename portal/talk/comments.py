"""Colleagues' notes below a thing."""

from __future__ import annotations

from flask_babel import gettext as _

from analytics.events import Name
from portal.core import clock, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.talk import policies
from portal.talk.models import Comment

LIMIT = 10_000


def add(actor: Actor, thing: Ref, *, body: str, topic: Ref | None = None) -> Comment:
    """Add a note. Refuses people who are not signed in (Forbidden), an empty and an overlong one (Invalid)."""
    if not policies.can_comment(actor) or actor.person_id is None:
        raise Forbidden(_("Sign in to add a note."))
    body = body.strip()
    if not body:
        raise Invalid(_("Write a line first."), field="body")
    if len(body) > LIMIT:
        raise Invalid(_("Please keep it under %(n)s characters.", n=LIMIT), field="body")
    note = Comment(
        subject=str(thing),
        person_id=actor.person_id,
        body=body,
        html=markup.render_comment_safely(body).html,
        created_at=clock.now(),
    )
    db.session.add(note)
    db.session.flush()
    ledger.record(Name.COMMENT_ADDED, actor=actor, subject=thing, topic=topic, comment=note.id)
    return note


def remove(actor: Actor, thing: Ref, comment_id: int) -> Comment:
    """Take a note off the page; its row stays. Refuses one that is not below this thing (NotFound)."""
    note = db.session.get(Comment, comment_id)
    if note is None or note.subject != str(thing) or note.removed_at is not None:
        raise NotFound(_("This note is not there any more."))
    if not policies.can_remove(actor, note):
        raise Forbidden(_("Only the person who wrote it or an editor can take a note away."))
    note.removed_at, note.removed_by_id = clock.now(), actor.person_id
    db.session.flush()
    return note


def restore(actor: Actor, thing: Ref, comment_id: int) -> Comment:
    """Put a note back on the page. Refuses one that was not taken away, or not from below this thing (NotFound)."""
    note = db.session.get(Comment, comment_id)
    if note is None or note.subject != str(thing) or note.removed_at is None:
        raise NotFound(_("This note was not taken away."))
    if not policies.can_restore(actor, note):
        raise Forbidden(_("Editors bring it back; you yourself only what you took away."))
    note.removed_at = note.removed_by_id = None
    db.session.flush()
    return note
