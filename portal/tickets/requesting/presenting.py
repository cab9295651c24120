"""What a ticket looks like to who handed it over: where it stands, what happens next, and by when, in plain words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import format_datetime, format_time, to_user_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.actor import Actor
from portal.core.i18n import day, moment
from portal.tickets import policies, queues
from portal.tickets.levels import promises
from portal.tickets.models import Priority, Status, Ticket
from portal.tickets.requesting import pace

DAYS_BY_NAME = 6
"""So far ahead a weekday alone says which day it is."""


STATUSES = {
    Status.NEW: (_l("Handed over"), "neutral", "inbox"),
    Status.OPEN: (_l("Being worked on"), "info", "user"),
    Status.WAITING: (_l("Waits for you"), "warning", "clock"),
    Status.RESOLVED: (_l("Solved"), "good", "check"),
    Status.CLOSED: (_l("Closed"), "neutral", "lock"),
    Status.WITHDRAWN: (_l("Withdrawn"), "neutral", "undo"),
    Status.MERGED: (_l("Went into another ticket"), "neutral", "arrow-right"),
}


def status(ticket: Ticket, *, is_mine: bool = True) -> tuple[str, str, str]:
    """Return the words for where it stands, with the kind and the icon of their badge."""
    words, kind, icon_name = STATUSES[Status(ticket.status)]
    is_others = ticket.status == Status.WAITING and not is_mine
    return _("Waits for an answer") if is_others else str(words), kind, icon_name


def at(value: dt.datetime | None) -> str:
    """Say a time as one says it: "14:00" today, "Monday 14:00" within a week, else with its date."""
    if value is None:
        return ""
    here = to_user_timezone(value)
    days = (here.date() - to_user_timezone(clock.now()).date()).days
    if days == 0:
        return _("today %(time)s", time=format_time(value, "HH:mm"))
    if 0 < days < DAYS_BY_NAME:
        return _("%(weekday)s %(time)s", weekday=format_datetime(value, "EEEE"), time=format_time(value, "HH:mm"))
    return moment(value)


def what_next(ticket: Ticket) -> str:
    """Say in a sentence what happens next, and by when where a time is promised."""
    now = clock.now()
    if ticket.status == Status.WAITING:
        return _("The service desk needs an answer from you to go on.")
    if ticket.status == Status.RESOLVED and ticket.resolved_at is not None:
        until = ticket.resolved_at + policies.REOPEN_WITHIN
        return _("If it is not solved, say so until %(day)s and it goes on where it stood.", day=day(until))
    if ticket.status == Status.CLOSED:
        return _("It is closed. You can still read it.")
    if ticket.status == Status.WITHDRAWN:
        return _("You needed no help any more.")
    if ticket.first_response_at is None:
        due = ticket.first_response_due_at
        if due is None:
            return _("Somebody of the service desk reads it and writes to you.")
        if due < now:
            return _("An answer was due %(time)s. It is late; the service desk sees that.", time=at(due))
        return _("You will hear from the service desk by %(time)s.", time=at(due))
    due = ticket.resolution_due_at
    if due is None:
        return _("The service desk is at work on it.")
    if due < now:
        return _("It was to be solved by %(time)s. It is late; the service desk sees that.", time=at(due))
    return _("It is to be solved by %(time)s.", time=at(due))


def steps(ticket: Ticket) -> list[dict[str, Any]]:
    """Return the story of a ticket for the thread beside it."""
    now = clock.now()
    story = [{"text": _("You handed it over"), "meta": moment(ticket.opened_at), "state": "done"}]
    answered, due = ticket.first_response_at, ticket.first_response_due_at
    if answered is not None:
        story.append({"text": _("First answer"), "meta": moment(answered), "state": "done"})
    elif ticket.is_open:
        late = due is not None and due < now
        text = _("First answer by %(time)s", time=at(due)) if due else _("First answer")
        meta = _("It is late") if late else _("You get a mail")
        story.append({"text": text, "meta": meta, "state": "failed" if late else "now"})
    if ticket.status == Status.WAITING:
        story.append({"text": _("The service desk waits for you"), "meta": _("Answer below"), "state": "now"})
    return story + _ending(ticket, answered)


def _ending(ticket: Ticket, answered: dt.datetime | None) -> list[dict[str, Any]]:
    if ticket.status == Status.WITHDRAWN:
        return [{"text": _("You needed no help any more"), "meta": moment(ticket.closed_at), "state": "done"}]
    if ticket.resolved_at is None:
        due = ticket.resolution_due_at
        late = due is not None and due < clock.now()
        text = _("Solved by %(time)s", time=at(due)) if due else _("Solved")
        state = "failed" if late else "now" if answered is not None and ticket.status == Status.OPEN else "to-come"
        return [
            {"text": text, "meta": _("It is late") if late else "", "state": state},
            {"text": _("You say how it went"), "meta": "", "state": "to-come"},
        ]
    ending = [{"text": _("Solved"), "meta": moment(ticket.resolved_at), "state": "done"}]
    said = {"text": _("You said how it went"), "meta": "", "state": "done"}
    asked = {"text": _("You say how it went"), "meta": "", "state": "now"}
    ending.append(said if ticket.rating is not None else asked)
    closes = ticket.closed_at or ticket.resolved_at + policies.REOPEN_WITHIN
    is_closed = ticket.closed_at is not None
    text = _("Closed") if is_closed else _("Closed on %(day)s", day=day(closes))
    meta = moment(closes) if is_closed else _("Unless you say it is not solved")
    return [*ending, {"text": text, "meta": meta, "state": "done" if is_closed else "to-come"}]


def before(actor: Actor, usual: dt.timedelta | None) -> list[dict[str, Any]]:
    """Return what will happen when the form is sent, for the thread beside it; writes nothing."""
    queue = queues.first()
    due = promises.promised(queue, Priority.NORMAL, clock.now())[0] if queue is not None else None
    first = _("First answer by %(time)s", time=at(due)) if due else _("First answer")
    meta = _("Half of all get one within %(time)s", time=pace.working(usual)) if usual else _("By mail and here")
    take_back = _("“I need no help any more” ends it at any time")
    return [
        {"text": _("You hand it over"), "meta": _("Number and mail at once"), "state": "now"},
        {"text": first, "meta": meta, "state": "happened"},
        {
            "text": _("You can take it back"),
            "meta": take_back,
            "state": "to-come",
        },
        {"text": _("The fix can become an answer"), "meta": _("Then the next person finds it"), "state": "to-come"},
    ]
