"""A ticket with the desk's tools: reading what was tried, answering, noting, sorting, resolving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import database, once
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.forms import Form
from portal.files import queries as files
from portal.tickets import companions, lifecycle, loading, policies, queries
from portal.tickets.desk import agents, sorting, telling
from portal.tickets.desk.forms import AnswerForm, NoteForm, PlaceForm, Seen
from portal.tickets.models import Message, Priority, Ticket
from portal.tickets.requesting import begun, trail
from portal.tickets.requesting.forms import Uploading

bp = Blueprint("working", __name__, url_prefix="/queue/tickets", template_folder="../templates")


@bp.get("/<int:ticket_id>")
def show(ticket_id: int) -> ResponseReturnValue:
    """What was handed over, what was tried before, what was said, and what to do about it."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    if (final := loading.final(ticket)) is not ticket:
        return redirect(url_for("working.show", ticket_id=loading.for_desk(who, final.id).id))
    return page(who, ticket)


def page(who: Actor, ticket: Ticket, *, overtaken: str = "", since: int = 0, **typed: Form) -> str:
    """Draw the ticket; `typed` are forms that were sent and not taken, with their words.

    `overtaken` says what happened meanwhile, `since` names the last message the writer had seen.
    """
    said = queries.conversation(who, ticket)
    forms: dict[str, Form] = {
        "answer": AnswerForm(formdata=None),
        "note": NoteForm(formdata=None),
        "place": _place(who, ticket, formdata=None),
        "seen": Seen(formdata=None),
        **typed,
    }
    for form in forms.values():
        if "lock" in form:
            form["lock"].data = ticket.version
    return render_template(
        "tickets/desk/show.html",
        ticket=ticket,
        said=said,
        last=said[-1].id if said else 0,
        attached=files.on([message.ref for message in said]),
        tried=queries.trail(who, ticket),
        trail_icons=trail.ICONS,
        people=companions.of(ticket),
        topic=queries.topic(who, ticket.category_id or 0),
        forms=forms,
        overtaken=overtaken,
        since=since,
        tell=telling,
        can_reply=policies.can_reply(who, ticket),
        can_work=policies.can_work(who, ticket),
        can_reopen=policies.can_reopen(who, ticket),
        can_note=policies.can_note(who, ticket),
        is_mine=ticket.assignee_id == who.person_id,
    )


def _place(who: Actor, ticket: Ticket, **more: Any) -> PlaceForm:
    form = PlaceForm(
        assignee=ticket.assignee_id or 0,
        priority=ticket.priority,
        queue=ticket.queue_id,
        topic=ticket.category_id or 0,
        **more,
    )
    form.offer(ticket, people=agents.of([ticket.queue_id]), queues=agents.queues(who), topics=queries.topics_for(who))
    return form


def act(
    ticket_id: int,
    form: Form,
    name: str,
    do: Callable[[Actor, Ticket], str | None],
    said: str,
    *,
    anchor: str = "",
    back: str = "",
) -> ResponseReturnValue:
    """Do something to a ticket and lead on; what is refused comes back with its words, beside what happened meanwhile.

    `do` may answer other words than `said` for what it did.
    """
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    where = back or url_for("working.show", ticket_id=ticket_id, _anchor=anchor or None)
    overtaken = ""
    try:
        if form.validate_on_submit():
            words = do(who, ticket) or said
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            flash(words, "success")
            return redirect(_landing(who, ticket_id, where), 303)
        status = 422
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        status = refusal.status
        if isinstance(refusal, Invalid):
            form.add_error(refusal)
        else:
            overtaken = refusal.message
    database.set_looking(True)
    ticket = loading.for_desk(who, ticket_id)
    seen = request.form.get("last", "")
    since = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    return page(who, ticket, overtaken=overtaken, since=since, **{name: form}), status


def _landing(who: Actor, ticket_id: int, where: str) -> str:
    """Return where to go on; a ticket that went to a queue of others is out of sight."""
    ticket = db.session.get(Ticket, ticket_id)
    return where if ticket is not None and policies.is_desk(who, ticket) else url_for("queue.index")


@bp.post("/<int:ticket_id>/reply")
def reply(ticket_id: int) -> ResponseReturnValue:
    """Answer the requester; by the button pressed, wait for them then."""
    form = AnswerForm()
    then = request.form.get("then", "")

    def do(who: Actor, ticket: Ticket) -> str | None:
        is_waiting = then == "wait"
        message = lifecycle.reply(who, ticket, body=form.body.data or "", wait=is_waiting, lock=form.lock.data)
        hang(who, message, form)
        return _("Sent. The clock stands still until they answer.") if is_waiting else None

    return act(ticket_id, form, "answer", do, _("Sent."), anchor="reply")


def hang(who: Actor, message: Message, form: Uploading) -> None:
    """Hang the form's files on what was written; refuses those that cannot be taken (Invalid)."""
    if refused := begun.hang(who, form.uploads(), on=message.ref):
        raise Invalid(" ".join(refused), field="files")


@bp.post("/<int:ticket_id>/note")
def note(ticket_id: int) -> ResponseReturnValue:
    """Write something only the desk reads."""
    form = NoteForm()

    def do(who: Actor, ticket: Ticket) -> None:
        hang(who, lifecycle.note(who, ticket, body=form.body.data or ""), form)

    return act(ticket_id, form, "note", do, _("Noted. Only the service desk reads it."), anchor="note")


@bp.post("/<int:ticket_id>/place")
def place(ticket_id: int) -> ResponseReturnValue:
    """Say whose it is, how pressing, in which queue and topic, in one go."""
    who = actors.current()
    form = _place(who, loading.for_desk(who, ticket_id))

    def do(who: Actor, ticket: Ticket) -> None:
        sorting.place(
            who,
            ticket,
            assignee=agents.person(form.assignee.data or 0),
            priority=Priority(form.priority.data),
            queue_id=form.queue.data,
            category_id=form.topic.data or None,
            lock=form.lock.data,
        )

    return act(ticket_id, form, "place", do, _("Changed."))


@bp.post("/<int:ticket_id>/take")
def take(ticket_id: int) -> ResponseReturnValue:
    """Take it oneself."""

    def do(who: Actor, ticket: Ticket) -> None:
        lifecycle.assign(who, ticket, person=agents.person(who.person_id or 0))

    return act(ticket_id, Seen(), "seen", do, _("It is yours."), back=_back())


@bp.post("/<int:ticket_id>/wait")
def wait(ticket_id: int) -> ResponseReturnValue:
    """Stop the clock until somebody answers, or let it run again."""

    def do(who: Actor, ticket: Ticket) -> str | None:
        if request.form.get("wait") == "no":
            lifecycle.resume(who, ticket)
            return _("It goes on. The clock runs again.")
        lifecycle.pause(who, ticket)
        return None

    return act(ticket_id, Seen(), "seen", do, _("Waiting. The clock stands still."))


@bp.post("/<int:ticket_id>/reopen")
def reopen(ticket_id: int) -> ResponseReturnValue:
    """Take it up again."""

    def do(who: Actor, ticket: Ticket) -> None:
        lifecycle.reopen(who, ticket)

    return act(ticket_id, Seen(), "seen", do, _("It is open again."))


def _back() -> str:
    """Return the list somebody acted from, if it was one."""
    back = request.form.get("back", "")
    path = url_for("queue.index")
    is_list = back == path or back.startswith((f"{path}?", f"{path}#"))
    return back if is_list and len(back) < 2000 and back.isprintable() else ""
