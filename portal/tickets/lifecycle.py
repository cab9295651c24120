"""The verbs on a ticket, from opening to closing.

Each takes the ticket (`lock` is the version somebody saw, where they decided by what they saw), changes it, keeps
pauses and due times right, writes its fact in the same transaction and tells whom it concerns. None commits.
"""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select, update

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.refs import Ref
from portal.tickets import holding, news, policies
from portal.tickets.desk import away
from portal.tickets.levels import promises
from portal.tickets.models import (
    Knowledge,
    Link,
    Message,
    MessageKind,
    Source,
    Status,
    Ticket,
    TicketArticle,
    TicketPause,
)
from portal.tickets.opening import Request, Tried, open_ticket

__all__ = ["Request", "Tried", "open_ticket"]


# What is said


def reply(
    actor: Actor,
    ticket: Ticket,
    *,
    body: str,
    wait: bool = False,
    via: Source = Source.PORTAL,
    sender_email: str = "",
    message_id: str = "",
    copy_of: Message | None = None,
    lock: int | None = None,
) -> Message:
    """Answer on a ticket. Records `ticket.replied`.

    From the desk it is the first answer if there was none; with `wait` the clock then stands until somebody replies.
    From its people it ends the waiting, and opens a ticket again that was resolved within fourteen days.
    Refuses what is over for good (Conflict) and who does not see it (Forbidden).
    """
    words = holding.said(body)
    holding.hold(ticket, lock)
    if not policies.can_reply(actor, ticket) and not sender_email:
        raise _over(actor, ticket)
    is_by_desk = not sender_email and policies.acts_for_desk(actor, ticket)
    if not is_by_desk:
        _go_on(actor, ticket)
    message = holding.write(
        actor,
        ticket,
        MessageKind.REPLY,
        words,
        is_by_desk=is_by_desk,
        via=via,
        sender_email=sender_email,
        message_id=message_id,
        copy_of=copy_of,
    )
    _record_reply(actor, ticket, message)
    if is_by_desk and wait and ticket.is_open:
        _pause(actor, ticket)
    if is_by_desk:
        kind = "ticket_waiting" if ticket.status == Status.WAITING and wait else "ticket_answered"
        news.tell_its_people(actor, ticket, kind, about=message.ref, words=words)
    else:
        _pass_on(ticket)
        by = "" if actor.person_id is not None else sender_email
        news.tell_the_desk(actor, ticket, "ticket_said", about=message.ref, words=words, by=by)
        news.tell_its_people(actor, ticket, "ticket_answered", about=message.ref, words=words, by=by)
    db.session.flush()
    return message


def _over(actor: Actor, ticket: Ticket) -> Conflict | Forbidden:
    if not policies.can_see(actor, ticket):
        return Forbidden(_("You cannot write on this ticket."))
    return Conflict(_("This ticket is closed. Open a new one and name its number, and it is found again."))


def _go_on(actor: Actor, ticket: Ticket) -> None:
    """Let a ticket go on because its people said something."""
    if ticket.status == Status.WAITING:
        _resume(actor, ticket)
    elif not ticket.is_open:
        _reopen(actor, ticket, is_by_desk=False)


def _pass_on(ticket: Ticket) -> None:
    """Give a ticket whose agent is away to their stand-in, or back to the queue. Records `ticket.assigned`."""
    is_away, stand_in = away.goes_to(ticket.assignee_id) if ticket.assignee_id is not None else (False, None)
    if not is_away:
        return
    ticket.assignee = stand_in if stand_in is not None and policies.can_be_assigned(stand_in, ticket.queue) else None
    db.session.flush()
    who = system("away")
    holding.record(Name.TICKET_ASSIGNED, who, ticket, person=ticket.assignee_id, queue=ticket.queue_id)
    if ticket.assignee_id is not None:
        news.tell([ticket.assignee_id], "ticket_given", ticket, actor=who)


def _record_reply(actor: Actor, ticket: Ticket, message: Message) -> None:
    is_first = message.is_by_desk and ticket.first_response_at is None
    facts: dict[str, object] = {}
    if is_first:
        ticket.first_response_at = message.at
        facts["minutes"] = promises.minutes(ticket, message.at, promises.pauses(ticket))
        if ticket.first_response_due_at is not None:
            facts["is_in_time"] = message.at <= ticket.first_response_due_at
        if ticket.status == Status.NEW:
            ticket.status = Status.OPEN.value
    holding.record(
        Name.TICKET_REPLIED,
        actor,
        ticket,
        message=message.id,
        is_by_desk=message.is_by_desk,
        is_first=is_first,
        via=_way(message.via),
        **facts,
    )


def _way(via: str) -> str:
    return via if via in (Source.PORTAL, Source.MAIL, Source.API) else Source.CALL.value


def note(actor: Actor, ticket: Ticket, *, body: str, lock: int | None = None) -> Message:
    """Write something only the desk reads. Records `ticket.noted`; tells who works on it."""
    if not policies.can_note(actor, ticket):
        raise Forbidden(_("Only the service desk writes internal notes."))
    words = holding.said(body)
    holding.hold(ticket, lock)
    message = holding.write(actor, ticket, MessageKind.NOTE, words, is_by_desk=True)
    holding.record(Name.TICKET_NOTED, actor, ticket, message=message.id)
    if ticket.assignee is not None and policies.can_be_assigned(ticket.assignee, ticket.queue):
        news.tell([ticket.assignee_id], "ticket_said", ticket, actor=actor, about=message.ref, words=words)
    return message


# Waiting


def pause(actor: Actor, ticket: Ticket, *, lock: int | None = None) -> None:
    """Wait for somebody: the clock stands still. Records `ticket.paused`. Waiting already is no change."""
    holding.take(actor, ticket, lock)
    if ticket.status != Status.WAITING:
        _pause(actor, ticket)
        news.tell_its_people(actor, ticket, "ticket_waiting")
    db.session.flush()


def _pause(actor: Actor, ticket: Ticket) -> None:
    db.session.add(TicketPause(ticket_id=ticket.id, starts_at=clock.now()))
    ticket.status = Status.WAITING.value
    db.session.flush()
    promises.renew(ticket)
    holding.record(Name.TICKET_PAUSED, actor, ticket)


def resume(actor: Actor, ticket: Ticket, *, lock: int | None = None) -> None:
    """Go on: the clock runs again and what was promised moves on by the wait. Records `ticket.resumed`."""
    holding.take(actor, ticket, lock)
    if ticket.status == Status.WAITING:
        _resume(actor, ticket)
    db.session.flush()


def _resume(actor: Actor, ticket: Ticket) -> None:
    ticket.status = (Status.OPEN if ticket.first_response_at is not None else Status.NEW).value
    minutes = end_pause(ticket)
    promises.renew(ticket)
    holding.record(Name.TICKET_RESUMED, actor, ticket, minutes=minutes)


def end_pause(ticket: Ticket) -> int:
    """End the wait that is going on, if one is; returns how many minutes it lasted by the clock."""
    now = clock.now()
    going_on = (TicketPause.ticket_id == ticket.id) & TicketPause.ends_at.is_(None)
    began = db.session.execute(select(TicketPause.starts_at).where(going_on)).scalars().first()
    db.session.execute(update(TicketPause).where(going_on).values(ends_at=now))
    return int((now - began).total_seconds() // 60) if began is not None else 0


# Ending


def resolve(
    actor: Actor,
    ticket: Ticket,
    *,
    knowledge: Knowledge | None = None,
    reason: str = "",
    articles: Collection[Ref] = (),
    body: str = "",
    copy_of: Message | None = None,
    lock: int | None = None,
) -> Message | None:
    """Say that a ticket is solved, with words to its people if there are any. Records `ticket.resolved`.

    Returns the message with those words.

    `knowledge` is what it leaves behind (`reason` says why nothing), `articles` what said the answer; without
    knowledge it stands as a debt of the team. Refuses what is not open (Conflict) and who is not the desk (Forbidden).
    """
    holding.take(actor, ticket, lock)
    words = holding.said(body) if body.strip() else ""
    about: Message | None = None
    if words:
        about = holding.write(actor, ticket, MessageKind.REPLY, words, is_by_desk=True, copy_of=copy_of)
        _record_reply(actor, ticket, about)
    end_pause(ticket)
    promises.renew(ticket)
    pauses, now = promises.pauses(ticket), clock.now()
    due = ticket.resolution_due_at
    ticket.status, ticket.resolved_at, ticket.resolved_by_id = Status.RESOLVED.value, now, actor.person_id
    ticket.knowledge = knowledge.value if knowledge else None
    ticket.knowledge_reason = " ".join(reason.split())[:300]
    linked = [ref for ref in articles if link(actor, ticket, ref, kind=Link.RESOLVED_BY)]
    db.session.flush()
    holding.record(
        Name.TICKET_RESOLVED,
        actor,
        ticket,
        knowledge=ticket.knowledge,
        minutes=promises.minutes(ticket, now, pauses),
        is_in_time=None if due is None else now <= due,
        articles=[str(ref) for ref in linked],
    )
    news.tell_its_people(actor, ticket, "ticket_resolved", about=about.ref if about else None, words=words)
    return about


def reopen(actor: Actor, ticket: Ticket, *, body: str = "", lock: int | None = None) -> None:
    """Let a resolved or withdrawn ticket go on, with words if there are any. Records `ticket.reopened`.

    Its people can for fourteen days, the desk while it is not closed (Conflict for what is over).
    """
    is_by_desk = policies.acts_for_desk(actor, ticket)
    if body.strip() and not is_by_desk:
        if ticket.is_open or not policies.can_reopen(actor, ticket):
            raise _over(actor, ticket)
        reply(actor, ticket, body=body, lock=lock)
        return
    holding.hold(ticket, lock)
    if not policies.can_reopen(actor, ticket):
        raise _over(actor, ticket)
    _reopen(actor, ticket, is_by_desk=is_by_desk)
    if body.strip():
        note(actor, ticket, body=body)
    news.tell_the_desk(actor, ticket, "ticket_said")
    db.session.flush()


def _reopen(actor: Actor, ticket: Ticket, *, is_by_desk: bool) -> None:
    """Take the ticket up again; the clock stood still while it was thought to be solved."""
    ended = ticket.resolved_at or ticket.closed_at or clock.now()
    db.session.add(TicketPause(ticket_id=ticket.id, starts_at=ended, ends_at=clock.now()))
    ticket.status = (Status.OPEN if ticket.first_response_at is not None else Status.NEW).value
    ticket.resolved_at = ticket.resolved_by_id = ticket.closed_at = None
    ticket.knowledge, ticket.knowledge_reason = None, ""
    ticket.rating, ticket.rating_comment, ticket.rated_at = None, "", None
    ticket.is_warned = False
    ticket.reopened_n += 1
    db.session.flush()
    promises.renew(ticket)
    holding.record(Name.TICKET_REOPENED, actor, ticket, is_by_desk=is_by_desk, n=ticket.reopened_n)


def close(actor: Actor, ticket: Ticket) -> bool:
    """Close a resolved ticket that nobody came back to; returns whether it was one. Records `ticket.closed`."""
    holding.hold(ticket)
    if ticket.status != Status.RESOLVED:
        return False
    ticket.status, ticket.closed_at = Status.CLOSED.value, clock.now()
    db.session.flush()
    holding.record(Name.TICKET_CLOSED, actor, ticket)
    news.tell_its_people(actor, ticket, "ticket_closed")
    return True


def withdraw(actor: Actor, ticket: Ticket, *, solved_by: Ref | None = None, body: str = "") -> None:
    """Say that help is not needed any more, and what solved it. Records `ticket.withdrawn`.

    Refuses everybody but the requester (Forbidden), and what is not open any more (Conflict).
    """
    holding.hold(ticket)
    if not policies.is_requester(actor, ticket):
        raise Forbidden(_("Only who handed it over can withdraw it."))
    if not ticket.is_open:
        raise Conflict(_("This ticket is not open any more."))
    if solved_by is not None and not holding.sees(actor, solved_by):
        raise Invalid(_("This page is not there any more."), field="solved_by")
    words = holding.said(body) if body.strip() else ""
    about = holding.write(actor, ticket, MessageKind.REPLY, words, is_by_desk=False) if words else None
    end_pause(ticket)
    ticket.status, ticket.closed_at = Status.WITHDRAWN.value, clock.now()
    ticket.resolution_due_at = None
    db.session.flush()
    holding.record(Name.TICKET_WITHDRAWN, actor, ticket, solved_by=str(solved_by) if solved_by else None)
    news.take_back(ticket)
    if ticket.assignee_id is not None:
        who = [ticket.assignee_id]
        news.tell(who, "ticket_ended", ticket, actor=actor, about=about.ref if about else None, words=words)


# What it rests on


def link(actor: Actor, ticket: Ticket, thing: Ref, *, kind: Link) -> bool:
    """Tie an article or question to a ticket; returns whether it is tied. Records `ticket.linked`, once a kind.

    What the actor does not see is not tied, and nothing says that it is there.
    """
    if not holding.sees(actor, thing):
        return False
    same = (TicketArticle.ticket_id == ticket.id) & (TicketArticle.subject == str(thing)) & (TicketArticle.kind == kind)
    if db.session.execute(select(TicketArticle.id).where(same)).first() is None:
        tied = TicketArticle(ticket_id=ticket.id, subject=str(thing), kind=kind.value, person_id=actor.person_id)
        db.session.add(tied)
        db.session.flush()
        holding.record(Name.TICKET_LINKED, actor, ticket, link=str(thing), kind=kind.value)
    return True
