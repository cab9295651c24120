"""The page of a ticket at the desk, drawn by every view that acts on it, and how they act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.forms import Form
from portal.files import queries as files
from portal.tickets import companions, loading, policies, queries
from portal.tickets.desk import advising, agents, away, keeping, prepared, presence, reports, telling
from portal.tickets.desk.advising import Advice
from portal.tickets.desk.forms import AnswerForm, NoteForm, NumberForm, PlaceForm, ReportsForm, Seen, SplitForm
from portal.tickets.models import Message, Ticket
from portal.tickets.views.sending import Refused, send

BESIDE = {"merge": NumberForm, "tie": NumberForm, "split": SplitForm}
"""Forms that stand beside a ticket, with the one that says where it belongs."""


def page(
    who: Actor,
    ticket: Ticket,
    *,
    overtaken: str = "",
    since: int = 0,
    cautions: Sequence[str] = (),
    advice: Sequence[Advice] | None = None,
    is_whole: bool = False,
    **typed: Form,
) -> str:
    """Draw the ticket; `typed` are forms that were sent and not taken, with their words.

    `overtaken` says what happened meanwhile, `since` names the last message the writer had seen, `cautions` what
    speaks against sending. `advice` are pages that may help; without it they are looked up when the page is there, and
    so is what stands beside the ticket, unless the page is to be whole or a form there was refused.
    """
    said = queries.conversation(who, ticket)
    n_reports, has_keys = reports.n_open(ticket), keeping.has_keys(who)
    forms: dict[str, Form] = {"answer": AnswerForm(formdata=None), "note": NoteForm(formdata=None)}
    if n_reports:
        forms["reports"] = ReportsForm(formdata=None)
    is_whole = is_whole or not typed.keys().isdisjoint({"place", "seen", *BESIDE})
    forms |= {**(_forms_beside(who, ticket) if is_whole else {}), **typed}
    _lock(forms, ticket)
    return render_template(
        "tickets/desk/show.html",
        ticket=ticket,
        said=said,
        last=said[-1].id if said else 0,
        attached=files.on([message.ref for message in said]),
        tried=queries.trail(who, ticket),
        forms=forms,
        overtaken=overtaken,
        since=since,
        cautions=cautions,
        advice=advice,
        replies=prepared.offered(who),
        others=presence.others(who, ticket),
        n_reports=n_reports,
        has_keys=has_keys,
        beside=_beside(who, ticket, said) if is_whole else None,
        **_allowed(who, ticket),
    )


def piece_beside(who: Actor, ticket: Ticket) -> str:
    """Draw what stands beside a ticket, as a piece of its page."""
    forms = _forms_beside(who, ticket)
    _lock(forms, ticket)
    beside = _beside(who, ticket, queries.conversation(who, ticket))
    allowed = _allowed(who, ticket)
    return render_template("tickets/desk/_beside.html", ticket=ticket, forms=forms, beside=beside, **allowed)


def _allowed(who: Actor, ticket: Ticket) -> dict[str, Any]:
    return {
        "tell": telling,
        "can_reply": policies.can_reply(who, ticket),
        "can_work": policies.can_work(who, ticket),
        "can_reopen": policies.can_reopen(who, ticket),
        "can_note": policies.can_note(who, ticket),
        "is_mine": ticket.assignee_id == who.person_id,
    }


def _forms_beside(who: Actor, ticket: Ticket) -> dict[str, Form]:
    made: dict[str, Form] = {name: form(formdata=None) for name, form in BESIDE.items()}
    return {"place": place_form(who, ticket, formdata=None), "seen": Seen(formdata=None), **made}


def _lock(forms: Mapping[str, Form], ticket: Ticket) -> None:
    """Let every form say which state of the ticket it was drawn for."""
    for form in forms.values():
        if "lock" in form:
            form["lock"].data = ticket.version


def _beside(who: Actor, ticket: Ticket, said: Sequence[Message]) -> dict[str, Any]:
    similar = advising.similar(who, ticket) if ticket.is_open else []
    same_person = advising.others_of(who, ticket)
    return {
        "said": said,
        "people": companions.of(ticket),
        "reports": reports.of(ticket),
        "similar": similar,
        "same_person": same_person,
        "likely": advising.likely_same(similar, same_person),
    }


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

    def done() -> tuple[str, str]:
        words = do(who, ticket) or said
        is_in_sight = policies.is_desk(who, ticket)  # not when it went to a queue of others
        return where if is_in_sight else url_for("queue.index"), words

    answer = send(who, form, done)
    if not isinstance(answer, Refused):
        return answer
    seen = request.form.get("last", "")
    since = int(seen) if answer.overtaken and seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    still = loading.for_desk(who, ticket_id)
    return page(who, still, overtaken=answer.overtaken, since=since, **{name: form}), answer.status


def here() -> str:
    """Return the list somebody acted from, if it was one."""
    back = request.form.get("back", "")
    path = url_for("queue.index")
    is_list = back == path or back.startswith((f"{path}?", f"{path}#"))
    return back if is_list and len(back) < 2000 and back.isprintable() else ""
