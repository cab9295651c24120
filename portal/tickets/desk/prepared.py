"""Prepared replies: the desk's and one's own, with places for a name and a number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, or_, select, update

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.core.refs import Ref
from portal.tickets import holding, lifecycle
from portal.tickets.models import Link, SavedReply, Ticket

MOST = 100
TITLE = 120


def offered(actor: Actor) -> list[SavedReply]:
    """Return one's own and the desk's, those used most first; one query."""
    return list(db.session.execute(_offered(), {"person": actor.person_id}).scalars())


@cache
def _offered() -> Select[SavedReply]:
    mine = or_(SavedReply.person_id == bindparam("person"), SavedReply.person_id.is_(None))
    return select(SavedReply).where(mine).order_by(SavedReply.n_used.desc(), SavedReply.title).limit(MOST)


def own(actor: Actor) -> list[SavedReply]:
    query = select(SavedReply).where(SavedReply.person_id == actor.person_id).order_by(SavedReply.title)
    return list(db.session.execute(query.limit(MOST)).scalars())


def get(actor: Actor, number: int) -> SavedReply:
    """Return a reply the actor may use (NotFound for any other)."""
    found = db.session.get(SavedReply, number)
    if found is None or found.person_id not in (None, actor.person_id):
        raise NotFound(_("This prepared reply is not there any more."))
    return found


def get_own(actor: Actor, number: int) -> SavedReply:
    """Return a reply of the actor's own (NotFound for any other)."""
    found = get(actor, number)
    if found.person_id is None or actor.person_id is None:
        raise NotFound("")
    return found


def keep(actor: Actor, reply: SavedReply | None, *, title: str, body: str) -> SavedReply:
    """Keep a reply of one's own, a new one or one changed. Refuses too many (Invalid)."""
    title = " ".join(title.split())
    if not title or len(title) > TITLE:
        raise Invalid(_("Give it a name of at most %(n)s characters.", n=TITLE), field="title")
    body = holding.said(body)
    if reply is None:
        if len(own(actor)) >= MOST:
            raise Invalid(_("%(n)s are enough. Change or delete one first.", n=MOST))
        reply = SavedReply(person_id=actor.person_id, title=title, body=body)
        db.session.add(reply)
    reply.title, reply.body, reply.changed_at = title, body, clock.now()
    db.session.flush()
    return reply


def filled(reply: SavedReply, ticket: Ticket) -> str:
    """Return its words for this ticket: {name} is whom one writes to, {number} the ticket's."""
    name = ticket.requester.first_name if ticket.requester else ""
    words = reply.body.replace("{number}", str(ticket.id))
    return words.replace("{name}", name) if name else words.replace(" {name}", "").replace("{name}", "")


def note_use(actor: Actor, ticket: Ticket, replies: Sequence[SavedReply]) -> None:
    """Count that prepared replies went out, and tie their articles to the ticket."""
    if not replies:
        return
    used = [reply.id for reply in replies]
    step = update(SavedReply).where(SavedReply.id.in_(used)).values(n_used=SavedReply.n_used + 1)
    db.session.execute(step.execution_options(synchronize_session=False))
    for reply in replies:
        if reply.article_id is not None:
            lifecycle.link(actor, ticket, Ref("article", reply.article_id), kind=Link.SENT)
