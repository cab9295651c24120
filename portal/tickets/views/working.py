"""A ticket with the desk's tools: reading what was tried, answering, noting, sorting, seeing who else is at it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import database
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.tickets import lifecycle, loading, queries
from portal.tickets.desk import advising, agents, away, prepared, presence, sorting, telling
from portal.tickets.desk.forms import AnswerForm, NoteForm, Seen
from portal.tickets.models import Message, Priority, SavedReply, Ticket
from portal.tickets.requesting import begun
from portal.tickets.requesting.forms import Uploading
from portal.tickets.views.desk_page import act, here, page, piece_beside, place_form

bp = Blueprint("working", __name__, url_prefix="/queue/tickets", template_folder="../templates")

MOST_USED = 5


@bp.get("/<int:ticket_id>")
def show(ticket_id: int) -> ResponseReturnValue:
    """What was handed over, what was tried before, what was said, and what to do about it."""
    who = actors.current()
    ticket = loading.for_desk_page(who, ticket_id)
    if (final := loading.final(ticket)) is not ticket:
        return redirect(url_for("working.show", ticket_id=loading.for_desk(who, final.id).id))
    advice = advising.advise(who, ticket) if "look" in request.args else None
    return page(who, ticket, advice=advice, is_whole="beside" in request.args)


@bp.get("/<int:ticket_id>/beside")
def beside(ticket_id: int) -> str:
    """Whose it is, where it belongs and what is like it, as a piece of the page."""
    who = actors.current()
    return piece_beside(who, loading.for_desk(who, ticket_id))


@bp.get("/<int:ticket_id>/preview")
def preview(ticket_id: int) -> str:
    """A ticket beside the list, as a piece of the page."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    return render_template(
        "tickets/desk/_preview.html",
        ticket=ticket,
        said=queries.conversation(who, ticket),
        tried=queries.trail(who, ticket),
        others=presence.others(who, ticket),
        tell=telling,
    )


@bp.get("/<int:ticket_id>/suggestions")
def suggestions(ticket_id: int) -> str:
    """Pages that fit the ticket's words, as a piece of the page."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    return render_template("tickets/desk/_advice.html", ticket=ticket, advice=advising.advise(who, ticket))


@bp.post("/<int:ticket_id>/reply")
def reply(ticket_id: int) -> ResponseReturnValue:
    """Answer the requester; by the button pressed, wait for them then, or put a link or prepared words into the reply.

    Words that say again what was tried are held back once.
    """
    who, form = actors.current(), AnswerForm()
    then = request.form.get("then", "")
    ticket = loading.for_desk(who, ticket_id)
    if "put" in request.form or then == "insert":
        database.set_looking(True)
        _put(who, ticket, form)
        return page(who, ticket, answer=form)
    if not form.anyway.data and (cautions := advising.cautions(who, ticket, form.body.data or "")):
        database.set_looking(True)
        return page(who, ticket, cautions=cautions, answer=form), 422

    def do(who: Actor, ticket: Ticket) -> str | None:
        is_waiting, words = then == "wait", form.body.data or ""
        message = lifecycle.reply(who, ticket, body=words, wait=is_waiting, lock=form.lock.data)
        hang(who, message, form)
        advising.tie(who, ticket, words)
        prepared.note_use(who, ticket, _used(who, form))
        return _("Sent. The clock stands still until they answer.") if is_waiting else None

    return act(ticket_id, form, "answer", do, _("Sent."), anchor="said-title")


def _put(who: Actor, ticket: Ticket, form: AnswerForm) -> None:
    """Put a link or prepared words behind what is written so far."""
    words = (form.body.data or "").rstrip()
    more = ""
    if advice := advising.named(who, request.form.get("put", "")):
        more = advice.link
    elif (number := request.form.get("insert", "")).isascii() and number.isdigit() and len(number) < 10:
        more = prepared.filled(prepared.get(who, int(number)), ticket)
        form.used.data = ",".join(filter(None, [form.used.data or "", number]))[:60]
    form.body.data = f"{words}\n\n{more}".strip() if more else words


def _used(who: Actor, form: AnswerForm) -> list[SavedReply]:
    numbers = dict.fromkeys((form.used.data or "").split(",")[:MOST_USED])
    found = {one.id: one for one in prepared.offered(who)} if any(numbers) else {}
    return [found[int(one)] for one in numbers if one.isascii() and one.isdigit() and int(one) in found]


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

    return act(ticket_id, form, "note", do, _("Noted. Only the service desk reads it."), anchor="said-title")


@bp.post("/<int:ticket_id>/place")
def place(ticket_id: int) -> ResponseReturnValue:
    """Say whose it is, how pressing, in which queue and topic, in one go."""
    who = actors.current()
    form = place_form(who, loading.for_desk(who, ticket_id))

    def do(who: Actor, ticket: Ticket) -> None:
        before = ticket.assignee_id
        person = agents.person(form.assignee.data or 0)
        sorting.place(
            who,
            ticket,
            assignee=person,
            priority=Priority(form.priority.data),
            queue_id=form.queue.data,
            category_id=form.topic.data or None,
            lock=form.lock.data,
        )
        if person is not None and person.id != before and (found := away.now([person.id])):
            stand_in = found[person.id].stand_in
            whom = stand_in.name if stand_in else _("the queue")
            named = telling.named(person, found[person.id])
            flash(_("%(who)s. What is answered meanwhile goes to %(whom)s.", who=named, whom=whom), "warning")

    return act(ticket_id, form, "place", do, _("Changed."))


@bp.post("/<int:ticket_id>/take")
def take(ticket_id: int) -> ResponseReturnValue:
    """Take it oneself."""

    def do(who: Actor, ticket: Ticket) -> None:
        had = request.form.get("had", "")
        is_number = had.isascii() and had.isdigit() and len(had) <= 10
        sorting.claim(who, ticket, had=int(had) if is_number else None)

    return act(ticket_id, Seen(), "seen", do, _("No. %(number)s is yours.", number=ticket_id), back=here())


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


@bp.post("/<int:ticket_id>/presence")
def seen(ticket_id: int) -> ResponseReturnValue:
    """Say that one has it open, or not any more; answers who else does, as a piece of the page."""
    who = actors.current()
    ticket = loading.for_desk(who, ticket_id)
    if request.form.get("gone"):
        presence.leave(who, ticket)
        db.session.commit()
        return "", 204
    presence.renew(who, ticket, is_writing=bool(request.form.get("writing")))
    db.session.commit()
    database.set_looking(True)
    lock = request.form.get("lock", "")
    is_behind = lock.isascii() and lock.isdigit() and lock != str(ticket.version)
    return render_template(
        "tickets/desk/_presence.html", ticket=ticket, others=presence.others(who, ticket), is_behind=is_behind
    )
