"""The page of a ticket at the desk, drawn by every view that acts on it, and how they act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core import database, once
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.forms import Form
from portal.files import queries as files
from portal.tickets import companions, loading, policies, queries
from portal.tickets.desk import advising, agents, away, keeping, prepared, presence, reports, telling
from portal.tickets.desk.advising import Advice
from portal.tickets.desk.forms import AnswerForm, NoteForm, NumberForm, PlaceForm, ReportsForm, Seen, SplitForm
from portal.tickets.models import Ticket
from portal.tickets.requesting import trail


def page(
    who: Actor,
    ticket: Ticket,
    *,
    overtaken: str = "",
    since: int = 0,
    cautions: Sequence[str] = (),
    advice: Sequence[Advice] | None = None,
    **typed: Form,
) -> str:
    """Draw the ticket; `typed` are forms that were sent and not taken, with their words.

    `overtaken` says what happened meanwhile, `since` names the last message the writer had seen, `cautions` what
    speaks against sending. `advice` are pages that may help; without it they are looked up when the page is there.
    """
    said = queries.conversation(who, ticket)
    forms: dict[str, Form] = {
        "answer": AnswerForm(formdata=None),
        "note": NoteForm(formdata=None),
        "place": place_form(who, ticket, formdata=None),
        "merge": NumberForm(formdata=None),
        "tie": NumberForm(formdata=None),
        "split": SplitForm(formdata=None),
        "reports": ReportsForm(formdata=None),
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
        cautions=cautions,
        advice=advice,
        replies=prepared.offered(who),
        others=presence.others(who, ticket),
        similar=advising.similar(who, ticket) if ticket.is_open else [],
        same_person=advising.others_of(who, ticket),
        reports=reports.of(ticket),
        n_reports=reports.n_open(ticket),
        has_keys=keeping.has_keys(who),
        tell=telling,
        can_reply=policies.can_reply(who, ticket),
        can_work=policies.can_work(who, ticket),
        can_reopen=policies.can_reopen(who, ticket),
        can_note=policies.can_note(who, ticket),
        is_mine=ticket.assignee_id == who.person_id,
    )


def place_form(who: Actor, ticket: Ticket, **more: Any) -> PlaceForm:
    form = PlaceForm(
        assignee=ticket.assignee_id or 0,
        priority=ticket.priority,
        queue=ticket.queue_id,
        topic=ticket.category_id or 0,
        **more,
    )
    people = agents.of([ticket.queue_id])
    form.offer(
        ticket,
        people=people,
        queues=agents.queues(who),
        topics=queries.topics_for(who),
        away=away.now([one.id for one in people]),
    )
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
    since = int(seen) if overtaken and seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    return page(who, ticket, overtaken=overtaken, since=since, **{name: form}), status


def _landing(who: Actor, ticket_id: int, where: str) -> str:
    """Return where to go on; a ticket that went to a queue of others is out of sight."""
    ticket = db.session.get(Ticket, ticket_id)
    return where if ticket is not None and policies.is_desk(who, ticket) else url_for("queue.index")


def here() -> str:
    """Return the list somebody acted from, if it was one."""
    back = request.form.get("back", "")
    path = url_for("queue.index")
    is_list = back == path or back.startswith((f"{path}?", f"{path}#"))
    return back if is_list and len(back) < 2000 and back.isprintable() else ""
