"""Putting tickets together, apart, and below the trouble that many report."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.actor import Actor
from portal.core.arguments import ROW
from portal.core.errors import Invalid
from portal.core.refs import Ref
from portal.tickets import lifecycle
from portal.tickets.desk import advising, joining, reports
from portal.tickets.desk.forms import NumberForm, ReportsForm, Seen, SplitForm
from portal.tickets.models import Ticket
from portal.tickets.views.desk_page import act

bp = Blueprint("joining", __name__, url_prefix="/queue/tickets", template_folder="../templates")


def _number(form: NumberForm) -> str:
    """Return the number that was typed, else the one that was picked from those likely the same."""
    said = [one for one in request.form.getlist("number") if one.strip()]
    return said[-1] if said else form.number.data or ""


@bp.post("/<int:ticket_id>/merge")
def merge(ticket_id: int) -> ResponseReturnValue:
    """Let it go into another ticket."""
    form = NumberForm()

    def do(who: Actor, ticket: Ticket) -> str:
        into = joining.find(who, _number(form))
        joining.merge(who, ticket, into=into, lock=form.lock.data)
        return _("It is part of No. %(number)s now. All of them see that one.", number=into.id)

    return act(ticket_id, form, "merge", do, "")


@bp.post("/<int:ticket_id>/split")
def split(ticket_id: int) -> ResponseReturnValue:
    """Let some of what was said become a ticket of its own."""
    form = SplitForm()

    def do(who: Actor, ticket: Ticket) -> str:
        chosen = {
            int(one) for one in request.form.getlist("message") if one.isascii() and one.isdigit() and len(one) < 10
        }
        made = joining.split(who, ticket, chosen, subject=form.subject.data or "", lock=form.lock.data)
        return _("No. %(number)s is a ticket of its own now.", number=made.id)

    return act(ticket_id, form, "split", do, "")


@bp.post("/<int:ticket_id>/parent")
def tie(ticket_id: int) -> ResponseReturnValue:
    """Hang it below the trouble it is one report of."""
    form = NumberForm()

    def do(who: Actor, ticket: Ticket) -> str:
        parent = joining.find(who, _number(form))
        reports.tie(who, ticket, parent=parent, lock=form.lock.data)
        return _("It is a report of No. %(number)s now, and is answered with it.", number=parent.id)

    return act(ticket_id, form, "tie", do, "")


@bp.post("/<int:ticket_id>/parent/remove")
def untie(ticket_id: int) -> ResponseReturnValue:
    """Take it off again."""

    def do(who: Actor, ticket: Ticket) -> None:
        reports.tie(who, ticket, parent=None)

    return act(ticket_id, Seen(), "seen", do, _("It stands for itself again."))


@bp.post("/<int:ticket_id>/incident")
def know(ticket_id: int) -> ResponseReturnValue:
    """Say which notice it belongs to, or none."""

    def do(who: Actor, ticket: Ticket) -> str | None:
        try:
            incident = Ref.parse(request.form.get("incident", "")) if request.form.get("incident") else None
        except ValueError:
            raise Invalid(_("This notice is not there any more.")) from None
        if incident is not None and incident.id > ROW:
            raise Invalid(_("This notice is not there any more."))
        reports.know(who, ticket, incident=incident)
        return _("It belongs to no notice any more.") if incident is None else None

    return act(ticket_id, Seen(), "seen", do, _("It belongs to the notice now."))


@bp.post("/<int:ticket_id>/reports")
def answer(ticket_id: int) -> ResponseReturnValue:
    """Answer the trouble and everybody who reports it, and say by the button pressed that it is solved for all."""
    form = ReportsForm()
    is_solved = request.form.get("then") == "resolve"

    def do(who: Actor, ticket: Ticket) -> str:
        words = form.body.data or ""
        said = lifecycle.reply(who, ticket, body=words, lock=form.lock.data)
        advising.tie(who, ticket, words)
        first = reports.answer(who, ticket, said, resolve=is_solved)
        if is_solved:
            lifecycle.resolve(who, ticket)
        if not first.is_over:
            return _("The first %(n)s have it; the others follow within minutes.", n=first.n_answered)
        return ngettext("Sent to the one who reports it.", "Sent to all %(num)s who report it.", first.n_answered)

    return act(ticket_id, form, "reports", do, "", anchor="said-title")
