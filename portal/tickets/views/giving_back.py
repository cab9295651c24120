"""Resolving a ticket and saying what it leaves behind; and what nobody has said yet."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import database, once
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.kb import policies as kb_policies
from portal.kb.models import Article, Category
from portal.tickets import loading, queries
from portal.tickets.giving_back import answers, leaving
from portal.tickets.giving_back.forms import LATER, NO_TOPIC, LeavingForm, ResolveForm
from portal.tickets.models import Knowledge, Ticket

Act = Callable[[leaving.Left | None], Ref | None]

bp = Blueprint("giving_back", __name__, url_prefix="/queue", template_folder="../templates")


@bp.get("/tickets/<int:ticket_id>/solve")
def resolve_form(ticket_id: int) -> str:
    """Resolve it: words to its people, and what stays for the next person."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    form = ResolveForm(formdata=None, q=ticket.subject, lock=ticket.version)
    return _page(who, ticket, form)


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
    return _page(who, ticket, LeavingForm(formdata=None, q=ticket.subject))


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


def _act(
    who: Actor, ticket: Ticket, form: LeavingForm, act: Callable[[leaving.Left | None], Ref | None], said: str
) -> ResponseReturnValue:
    """Do it and lead on: to the text that is to be written, else to the ticket. What is refused keeps its words."""
    topics = _topics(who)
    form.offer(topics)
    number = ticket.id
    if "look" in request.form:
        database.set_looking(True)
        return _page(who, ticket, form)
    try:
        if form.validate_on_submit():
            goes_on = act(form.left(topics))
            where = _where(goes_on) or url_for("tickets.show", ticket_id=number)
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            flash(said, "success")
            return redirect(where, 303)
        status = 422
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        status = refusal.status
        if isinstance(refusal, Invalid):
            form.add_error(refusal)
        else:
            form.form_errors.append(refusal.message)
    database.set_looking(True)
    return _page(who, loading.for_desk(who, number), form), status


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
    is_resolving = isinstance(form, ResolveForm)
    if not form.is_submitted():
        form.category_id.data = ticket.category_id or NO_TOPIC
        form.things.data = [str(thing.ref) for thing in answers.sent(who, ticket)]
        if form.things.data:
            form.knowledge.data = Knowledge.LINKED.value
    if not is_resolving:
        form.knowledge.choices = [one for one in form.knowledge.choices if one.value != LATER]
    chosen = form.things.data or []
    return render_template(
        "giving_back/leaving.html",
        ticket=ticket,
        form=form,
        is_resolving=is_resolving,
        things=_things(who, ticket, form.q.data or "", chosen),
        chosen=chosen,
    )


def _things(who: Actor, ticket: Ticket, words: str, chosen: list[str]) -> list[Thing]:
    """Return what to choose from, each once: what was sent, what is ticked, what fits the words."""
    listed = [*answers.sent(who, ticket), *answers.named(who, chosen), *answers.find(who, words)]
    return list({thing.ref: thing for thing in listed}.values())
