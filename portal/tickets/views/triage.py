"""Mail that waits for somebody of the desk to say where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.forms import Form
from portal.people import naming
from portal.tickets import policies
from portal.tickets.mail import plain, telling, triage
from portal.tickets.mail.forms import MakeForm, TieForm
from portal.tickets.mail.triage import Opened
from portal.tickets.models import IncomingMail, Queue, Ticket
from portal.tickets.views.sending import Refused, send

bp = Blueprint("triage", __name__, url_prefix="/queue/triage", template_folder="../templates")


@bp.before_request
def only_the_desk() -> None:
    who = actors.current()
    if who.is_signed_in:
        triage.require(who)


@bp.get("")
def index() -> str:
    """What waits, what machines wrote, what was put aside."""
    who = actors.current()
    view = request.args.get("view", "")
    view = view if view in triage.VIEWS else "waiting"
    rows = triage.listing(who, view, before=number("before"))
    return render_template(
        "tickets/triage/index.html",
        rows=rows,
        view=view,
        views=[(name, telling.view(name)) for name in triage.VIEWS],
        older=rows[-1].id if len(rows) == triage.PAGE else None,
        tell=telling,
    )


@bp.get("/<int:mail_id>")
def show(mail_id: int) -> ResponseReturnValue:
    """One mail, as plain text, with what can be done about it."""
    who = actors.current()
    row = triage.get(who, mail_id)
    if row.outcome not in triage.OPEN and row.ticket_id is not None:
        return redirect(url_for("working.show", ticket_id=row.ticket_id))
    return _page(who, row)


def _page(who: Actor, row: IncomingMail, *, overtaken: str = "", **typed: Form) -> str:
    found = triage.opened(row)
    meant = triage.meant(who, found.mail) if found.mail is not None else None
    tie = TieForm(formdata=None, number=meant.id if meant is not None else None)
    forms: dict[str, Form] = {"make": _make_form(who, found, formdata=None), "tie": tie, **typed}
    return render_template(
        "tickets/triage/show.html",
        row=row,
        mail=found.mail,
        person=found.person,
        meant=meant,
        said=Markup(plain.html(found.mail.said)) if found.mail else "",  # noqa: S704 - escaped there
        rest=Markup(plain.html(found.mail.rest)) if found.mail else "",  # noqa: S704
        forms=forms,
        overtaken=overtaken,
        can_place=row.outcome in triage.OPEN and found.mail is not None,
        tell=telling,
    )


def _make_form(who: Actor, found: Opened, **more: Any) -> MakeForm:
    subject = (found.row.subject or _("Mail without a subject"))[:200]
    queues = list(triage.working(who))
    form = MakeForm(
        subject=subject,
        person=found.person.email if found.person is not None else "",
        queue=found.row.queue_id or next((queue.id for queue in queues if queue.is_default), None),
        **more,
    )
    form.offer(queues)
    return form


def _act(mail_id: int, name: str, form: Form, act: Callable[[Actor, IncomingMail], Ticket | None], said: str) -> Any:
    """Place a mail and lead to where it went; what is refused comes back with what was typed."""
    who = actors.current()
    row = triage.get(who, mail_id)

    def do() -> tuple[str, str]:
        ticket = act(who, row)
        can_see = ticket is not None and policies.is_desk(who, ticket)
        return url_for("working.show", ticket_id=ticket.id) if ticket and can_see else url_for("triage.index"), said

    answer = send(who, form, do)
    if not isinstance(answer, Refused):
        return answer
    return _page(who, triage.get(who, mail_id), overtaken=answer.overtaken, **{name: form}), answer.status


@bp.post("/<int:mail_id>/ticket")
def make_ticket(mail_id: int) -> ResponseReturnValue:
    """Make a ticket of it, for a colleague or for its sender."""
    who = actors.current()
    form = _make_form(who, triage.opened(triage.get(who, mail_id)))

    def act(who: Actor, row: IncomingMail) -> Ticket:
        meant = naming.meant(Actor(), form.person.data or "", field="person")
        if len(meant) > 1:
            raise Invalid(_("A ticket is one person’s. Others can be added to it afterwards."), field="person")
        queue = db.session.get(Queue, form.queue.data)
        return triage.make_ticket(
            who, row, person=meant[0] if meant else None, queue=queue, subject=form.subject.data or ""
        )

    return _act(mail_id, "make", form, act, _("It is a ticket now."))


@bp.post("/<int:mail_id>/tie")
def tie(mail_id: int) -> ResponseReturnValue:
    """Put it onto a ticket that is there."""
    form = TieForm()

    def act(who: Actor, row: IncomingMail) -> Ticket:
        return triage.tie(who, row, form.number.data or 0)

    return _act(mail_id, "tie", form, act, _("It stands on the ticket now."))


@bp.post("/<int:mail_id>/refuse")
def refuse(mail_id: int) -> ResponseReturnValue:
    """Put it aside, as spam or without a word."""
    is_spam = request.form.get("as") == "spam"

    def act(who: Actor, row: IncomingMail) -> None:
        triage.refuse(who, row, is_spam=is_spam)

    return _act(mail_id, "refuse", Form(), act, _("Put aside. Nothing was answered."))


def in_queue(context: Mapping[str, Any]) -> str:
    """Say at the head of the queue how many mails wait to be placed."""
    who = actors.current()
    n = triage.n_waiting(who) if policies.is_agent(who) else 0
    if not n:
        return ""
    words = ngettext("One mail waits to be placed", "%(num)s mails wait to be placed", n)
    return str(Markup('<p class="meta"><a href="{}">{}</a></p>').format(url_for("triage.index"), words))
