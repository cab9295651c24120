"""Handing over, answering, resolving and assigning by a program, by the same rules as on the pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.community import texts
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.operations.making import made
from portal.core.operations.operation import Call, Operation, Reply
from portal.core.operations.shapes import choice, many, maybe, text, thing, yes_no
from portal.core.refs import Ref
from portal.core.scopes import Scope
from portal.kb.models import Article
from portal.people import queries as people
from portal.people.models import Person
from portal.tickets import holding, lifecycle, loading, opening, placing, policies, queues
from portal.tickets.api import shapes
from portal.tickets.holding import BODY
from portal.tickets.models import Knowledge, Priority, Queue, Source
from portal.tickets.opening import SUBJECT

EMAIL = text("Mail address of somebody with an account.", least=3, most=254)


def hand_over(call: Call) -> Reply:
    who, sent = call.actor, call.body
    queue, priority = _queue(sent), Priority(sent.get("priority", Priority.NORMAL))
    if priority is not Priority.NORMAL and not policies.can_log(who, queue or queues.default()):
        raise Forbidden(_("How pressing it is, the service desk says."))
    opening.spend(who)
    ticket = lifecycle.open_ticket(
        who,
        lifecycle.Request(
            subject=sent["subject"],
            body=sent.get("body", ""),
            requester=_person(sent, "requester"),
            source=Source.API,
            queue=queue,
            category=texts.topic_called(who, sent["category"]) if "category" in sent else None,
            priority=priority,
        ),
    )
    answer = made(call, f"/tickets/{ticket.id}", shapes.line(ticket))
    db.session.commit()
    return answer


def _person(sent: Any, name: str) -> Person | None:
    if sent.get(name) is None:
        return None
    found = people.by_email(sent[name])
    if found is None or not found.is_active:
        raise Invalid(_("Nobody here has the address %(address)s.", address=sent[name]), field=name)
    return found


def _queue(sent: Any) -> Queue | None:
    if "queue" not in sent:
        return None
    query = select(Queue).where(Queue.slug == sent["queue"], Queue.is_active)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise Invalid(_("There is no queue “%(name)s”.", name=sent["queue"]), field="queue")
    return found


def reply(call: Call) -> Reply:
    who, sent = call.actor, call.body
    ticket = loading.get(who, call.path["number"])
    holding.spend(who, is_by_desk=policies.acts_for_desk(who, ticket))
    said = lifecycle.reply(who, ticket, body=sent["body"], wait=sent.get("wait", False), via=Source.API)
    answer = made(call, f"/tickets/{ticket.id}", shapes.message(said))
    db.session.commit()
    return answer


def resolve(call: Call) -> Reply:
    who, sent = call.actor, call.body
    ticket = loading.for_desk(who, call.path["number"])
    knowledge = Knowledge(sent["knowledge"]) if sent.get("knowledge") else None
    if knowledge is Knowledge.NOT_REUSABLE and not sent.get("reason", "").strip():
        raise Invalid(_("Say why nobody else can use it."), field="reason")
    articles = _articles(who, sent.get("articles", ()))
    if knowledge is Knowledge.LINKED and not articles:
        raise Invalid(_("Name the article that says it."), field="articles")
    lifecycle.resolve(
        who,
        ticket,
        knowledge=knowledge,
        reason=sent.get("reason", ""),
        articles=articles,
        body=sent.get("body", ""),
    )
    db.session.commit()
    return Reply(body=shapes.line(ticket))


def _articles(who: Actor, slugs: Any) -> list[Ref]:
    rows = db.session.execute(select(Article).where(Article.slug.in_(list(slugs)))).scalars()
    seen = {row.slug: row.ref for row in rows if who.sees(row.access_key)}
    if missing := [slug for slug in slugs if slug not in seen]:
        raise Invalid(_("There is no article “%(name)s”.", name=missing[0]), field="articles")
    return list(seen.values())


def assign(call: Call) -> Reply:
    who = call.actor
    ticket = loading.for_desk(who, call.path["number"])
    placing.assign(who, ticket, person=_person(call.body, "person"))
    db.session.commit()
    return Reply(body=shapes.line(ticket))


OPERATIONS = (
    Operation(
        name="hand_over",
        method="POST",
        path="/tickets",
        group=shapes.GROUP,
        summary="Hand something over to the service desk",
        about="For the person whose token it is; who works the queue can also name another `requester`.",
        scope=Scope.TICKETS,
        run=hand_over,
        body=thing(
            "NewTicket",
            needed={"subject": text("What is wrong, in a few words.", least=1, most=SUBJECT)},
            extra={
                "body": text("What happened.", most=BODY),
                "requester": EMAIL,
                "queue": text("Short name of a queue; left out, it lands by itself.", least=1, most=64),
                "category": text("Short name of a topic.", least=1, most=64),
                "priority": choice(*(one.value for one in Priority), about="For the desk to say."),
            },
        ),
        example={"subject": "VPN drops every ten minutes", "body": "It began this morning."},
        answer=shapes.LINE,
        status=201,
        takes_key=True,
    ),
    Operation(
        name="reply_on_ticket",
        method="POST",
        path="/tickets/{number}/replies",
        group=shapes.GROUP,
        summary="Answer on a ticket",
        about="From its people it goes on, also one that was resolved within fourteen days. `wait` is the desk's: the"
        " clock then stands until somebody answers.",
        scope=Scope.TICKETS,
        run=reply,
        at=shapes.AT,
        body=thing("NewReply", needed={"body": shapes.WORDS}, extra={"wait": yes_no("Wait for an answer.")}),
        example={"body": "Please restart the app."},
        answer=shapes.MESSAGE,
        status=201,
        refusals=frozenset({409}),
        takes_key=True,
    ),
    Operation(
        name="resolve_ticket",
        method="POST",
        path="/tickets/{number}/resolve",
        group=shapes.GROUP,
        summary="Say that a ticket is solved",
        about="The service desk does. Without `knowledge` it stands as something the team still owes the next person.",
        scope=Scope.TICKETS,
        run=resolve,
        at=shapes.AT,
        body=thing(
            "Resolved",
            needed={},
            extra={
                "body": text("Words to its people.", most=BODY),
                "knowledge": maybe(choice("linked", "improved", "not_reusable", about="What it leaves behind.")),
                "reason": text("Why nobody else can use it.", most=300),
                "articles": many(text(least=1, most=120), "Short names of articles that said the answer.", most=20),
            },
        ),
        example={"body": "The new driver solves it.", "knowledge": "linked", "articles": ["reset-vpn"]},
        answer=shapes.LINE,
        refusals=frozenset({409}),
    ),
    Operation(
        name="assign_ticket",
        method="POST",
        path="/tickets/{number}/assign",
        group=shapes.GROUP,
        summary="Give a ticket to somebody, or to nobody",
        scope=Scope.TICKETS,
        run=assign,
        at=shapes.AT,
        body=thing("Assigned", needed={"person": maybe(EMAIL)}),
        example={"person": "cleo@ostreyvale.example"},
        answer=shapes.LINE,
        refusals=frozenset({409}),
    ),
)
