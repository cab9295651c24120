"""Resolving a ticket and saying what it leaves behind; and what nobody has said yet."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import database
from portal.core.actor import Actor
from portal.core.arguments import ROW, number
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb import policies as kb_policies
from portal.kb.models import Article, Category
from portal.tickets import loading, policies, queries
from portal.tickets.giving_back import answers, debt, leaving
from portal.tickets.giving_back.forms import LATER, NO_TOPIC, LeavingForm, ResolveForm
from portal.tickets.models import Knowledge, Queue, Ticket
from portal.tickets.views.sending import Refused, send

QUICK = ("one_off", "order", "personal")
"""Reasons that need no further word, offered as one click."""

Act = Callable[[leaving.Left | None], Ref | None]

bp = Blueprint("giving_back", __name__, url_prefix="/queue", template_folder="../templates")


@bp.get("/tickets/<int:ticket_id>/solve")
def resolve_form(ticket_id: int) -> str:
    """Resolve it: words to its people, and what stays for the next person."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    return _page(who, ticket, ResolveForm(formdata=None))


@bp.post("/tickets/<int:ticket_id>/solve")
def resolve(ticket_id: int) -> ResponseReturnValue:
    """Resolve it."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    form = ResolveForm()

    def act(left: leaving.Left | None) -> Ref | None:
        return leaving.resolve(who, ticket, left, body=form.body.data or "", lock=form.lock.data)

    return _act(who, ticket, form, act, _("Resolved. Its people have been told."))


@bp.get("/tickets/<int:ticket_id>/knowledge")
def say_form(ticket_id: int) -> str:
    """Say afterwards what it left behind."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    return _page(who, ticket, LeavingForm(formdata=None))


@bp.post("/tickets/<int:ticket_id>/knowledge")
def say(ticket_id: int) -> ResponseReturnValue:
    """Keep it."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    form = LeavingForm()

    def act(left: leaving.Left | None) -> Ref | None:
        if left is None:
            raise Invalid(_("Choose one of these."), field="knowledge")
        return leaving.say(who, ticket, left)

    return _act(who, ticket, form, act, _("Kept. Thank you: the next person has it from you."))


@bp.get("/tickets/<int:ticket_id>/answers")
def found(ticket_id: int) -> str:
    """Answers that fit the words typed, as a piece of the page."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    chosen = request.args.getlist("things")
    things = _things(who, ticket, request.args.get("q", ""), chosen)
    return render_template("giving_back/_answers.html", things=things, chosen=chosen)


@bp.get("/debt")
def owed() -> str:
    """What nobody has said yet, by queue and ticket by ticket."""
    who = actors.current()
    who.require(Permission.TICKET_WORK)
    chosen = _queue(who, number("queue"))
    rows = debt.rows(who, queue_id=chosen.id if chosen else None, before=number("before"))
    return render_template(
        "giving_back/debt.html",
        queues=debt.by_queue(who),
        chosen=chosen,
        rows=rows,
        older=rows[-1].ticket.id if len(rows) == debt.PAGE else None,
        reasons=leaving.REASONS,
        quick=QUICK,
    )


@bp.post("/debt/<int:ticket_id>")
def settle(ticket_id: int) -> ResponseReturnValue:
    """Say it with one click: what was sent answers it, or why nothing stays."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    answer = request.form.get("answer", "")
    if answer in leaving.REASONS:
        left = leaving.Left(knowledge=Knowledge.NOT_REUSABLE, reason=answer)
    else:
        named = tuple(thing.ref for thing in answers.named(who, [answer]))
        left = leaving.Left(knowledge=Knowledge.LINKED, things=named)
    try:
        leaving.say(who, ticket, left)
        db.session.commit()
        flash(_("Kept. Thank you."), "success")
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
    chosen = _queue(who, request.form.get("queue", ROW, type=int))
    return redirect(url_for("giving_back.owed", queue=chosen.id if chosen else None), 303)


def _queue(who: Actor, queue_id: int | None) -> Queue | None:
    """Return the queue that was chosen, if the reader works it."""
    found = db.session.get(Queue, queue_id) if queue_id and queue_id <= ROW else None
    return found if found is not None and policies.works(who, found.id) else None


def _act(
    who: Actor, ticket: Ticket, form: LeavingForm, act: Callable[[leaving.Left | None], Ref | None], said: str
) -> ResponseReturnValue:
    """Do it and lead on: to the text that is to be written, else to the ticket. What is refused keeps its words."""
    topics = _topics(who)
    form.offer(topics)
    ticket_id = ticket.id
    if "look" in request.form:
        database.set_looking(True)
        return _page(who, ticket, form)

    def do() -> tuple[str, str]:
        goes_on = act(form.left(topics))
        return _where(goes_on) or url_for("working.show", ticket_id=ticket_id), said

    answer = send(who, form, do)
    if not isinstance(answer, Refused):
        return answer
    form.form_errors += filter(None, [answer.overtaken])
    return _page(who, loading.for_desk(who, ticket_id), form), answer.status


def _where(goes_on: Ref | None) -> str:
    """Return where to write on: the draft, or what is to be suggested for the article."""
    if goes_on is None:
        return ""
    if goes_on.kind == "draft":
        return url_for("editing.edit", draft_id=goes_on.id)
    return url_for("suggestions.new", slug=db.session.get_one(Article, goes_on.id).slug)


def _topics(who: Actor) -> list[Category]:
    return [one for one in queries.topics_for(who) if kb_policies.can_give_back(who, one)]


def _page(who: Actor, ticket: Ticket, form: LeavingForm) -> str:
    topics = _topics(who)
    form.offer(topics)
    if not form.is_submitted() or "q" not in request.form:  # from the ticket's page only the reply's words come along
        form.q.data = ticket.subject
        form.category_id.data = ticket.category_id or NO_TOPIC
        form.things.data = [str(thing.ref) for thing in answers.sent(who, ticket)]
        if form.things.data:
            form.knowledge.data = Knowledge.LINKED.value
    if isinstance(form, ResolveForm):
        form.lock.data = form.lock.data or ticket.version
    else:
        form.knowledge.choices = [one for one in form.knowledge.choices if one.value != LATER]
    chosen = form.things.data or []
    return render_template(
        "giving_back/leaving.html",
        ticket=ticket,
        form=form,
        is_resolving=isinstance(form, ResolveForm),
        things=_things(who, ticket, form.q.data or "", chosen),
        chosen=chosen,
    )


def _things(who: Actor, ticket: Ticket, words: str, chosen: list[str]) -> list[Thing]:
    """Return what to choose from, each once: what was sent, what is ticked, what fits the words."""
    listed = [*answers.sent(who, ticket), *answers.named(who, chosen), *answers.find(who, words)]
    return list({thing.ref: thing for thing in listed}.values())
