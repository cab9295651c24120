"""What may already answer a ticket: what was sent on it, and what the search finds. Looking leaves no trace."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.search import maintenance
from portal.search.documents import SearchRequest
from portal.search.query import read
from portal.tickets.giving_back.leaving import LINKABLE
from portal.tickets.models import Link, Ticket, TicketArticle

log = structlog.get_logger(__name__)

FOUND = 6


def sent(actor: Actor, ticket: Ticket) -> list[Thing]:
    """Return the articles and questions that were sent on a ticket, as far as the actor sees them; two queries."""
    query = select(TicketArticle.subject).where(TicketArticle.ticket_id == ticket.id)
    query = query.where(TicketArticle.kind.in_([Link.SENT.value, Link.RESOLVED_BY.value])).order_by(TicketArticle.id)
    refs = [Ref.parse(text) for text in dict.fromkeys(db.session.execute(query).scalars())]
    return _seen(actor, refs)


def left(actor: Actor, ticket: Ticket) -> list[Thing]:
    """Return what a resolved ticket was tied to: answers, the improved one, its draft; two queries."""
    query = select(TicketArticle.subject).where(TicketArticle.ticket_id == ticket.id)
    query = query.where(TicketArticle.kind != Link.SENT.value).order_by(TicketArticle.id)
    refs = [Ref.parse(text) for text in dict.fromkeys(db.session.execute(query).scalars())]
    things = load_things(actor, refs) if refs else {}
    return [things[ref] for ref in refs if ref in things]


def named(actor: Actor, texts: list[str]) -> list[Thing]:
    """Return the things somebody ticked, as far as they are there."""
    refs = []
    for text in texts[:20]:
        try:
            refs.append(Ref.parse(text))
        except ValueError:
            continue
    return _seen(actor, refs)


def find(actor: Actor, words: str, *, is_unasked: bool = False) -> list[Thing]:
    """Return what the search finds for these words; nothing while it is down.

    Where nobody searched, nothing is better than what only shares a word.
    """
    if not words.strip():
        return []
    try:
        request = SearchRequest(text=read(words[:200]), size=2 * FOUND, is_unasked=is_unasked)
        hits = maintenance.engine().search(request, actor.allowed_keys).hits
    except Exception:  # whatever is wrong with the search, a ticket can still be resolved
        log.warning("looking_for_answers_failed", exc_info=True)
        return []
    return _seen(actor, [hit.ref for hit in hits])[:FOUND]


def _seen(actor: Actor, refs: list[Ref]) -> list[Thing]:
    refs = [ref for ref in dict.fromkeys(refs) if ref.kind in LINKABLE]
    things = load_things(actor, refs) if refs else {}
    return [things[ref] for ref in refs if ref in things]
