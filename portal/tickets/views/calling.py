"""Somebody calls or walks in: find them while they say their name, write down what they want."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Forbidden
from portal.people.models import Person
from portal.tickets import policies
from portal.tickets.desk import agents, calls, telling
from portal.tickets.desk.calls import Call
from portal.tickets.desk.forms import CallForm
from portal.tickets.models import Queue, Source
from portal.tickets.views.sending import Refused, send

bp = Blueprint("calling", __name__, url_prefix="/queue/call", template_folder="../templates")


@bp.get("")
def new() -> str:
    """Who it is, and what is wrong."""
    who, queues = _at_work()
    form = _form(queues, formdata=None)
    chosen = _known(number("person"))
    form.person.data = str(chosen.id) if chosen else ""
    return _page(who, form, chosen, words=request.args.get("q", "").replace("\x00", ""))


@bp.get("/people")
def people() -> str:
    """Whom the words typed so far may mean, as a piece of the page."""
    who, _queues = _at_work()
    words = request.args.get("q", "").replace("\x00", "")[:100]
    found = calls.find(words)
    last = calls.last_tickets(who, [one.id for one in found])
    return render_template("tickets/desk/_callers.html", found=found, last=last, words=words, tell=telling)


@bp.post("")
def log() -> ResponseReturnValue:
    """Write it down, in their name."""
    who, queues = _at_work()
    form = _form(queues)
    digits = form.person.data or ""
    chosen = _known(int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None

    def do() -> tuple[str, str]:
        call = Call(
            subject=form.subject.data or "",
            body=form.body.data or "",
            source=Source(form.source.data),
            requester=chosen,
            name=form.name.data or "",
            email=form.email.data or "",
            queue=calls.of_queue(queues, form.queue.data),
            answer=form.answer.data or "",
            is_solved=bool(form.is_solved.data),
        )
        number = calls.log(who, call).id
        said = _("Written down as No. %(number)s. They have a mail about it.", number=number)
        return url_for("working.show", ticket_id=number), said

    answer = send(who, form, do)
    if not isinstance(answer, Refused):
        return answer
    form.form_errors += filter(None, [answer.overtaken])
    return _page(who, form, _known(chosen.id) if chosen else None), 422


def _at_work() -> tuple[Actor, list[Queue]]:
    who = actors.current()
    if not policies.is_agent(who):
        raise Forbidden(_("Only the service desk opens tickets for others."))
    return who, agents.queues(who)


def _form(queues: list[Queue], **more: object) -> CallForm:
    form = CallForm(**more)
    form.queue.choices = [SelectChoice(one.id, one.name) for one in queues]
    return form


def _known(person_id: int | None) -> Person | None:
    found = db.session.get(Person, person_id) if person_id else None
    return found if found is not None and found.is_active else None


def _page(who: Actor, form: CallForm, chosen: Person | None, *, words: str = "") -> str:
    found = [] if chosen else calls.find(words[:100])
    shown = [chosen] if chosen else found
    return render_template(
        "tickets/desk/call.html",
        form=form,
        chosen=chosen,
        found=found,
        words=words[:100],
        last=calls.last_tickets(who, [one.id for one in shown]),
        tell=telling,
    )
