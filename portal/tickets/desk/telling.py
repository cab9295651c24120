"""Tickets as the desk reads them: what is due and when, how they came, what was tried, in few words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from flask_babel import format_datetime, ngettext, to_user_timezone
from flask_babel import gettext as _

from portal.core import clock
from portal.core.i18n import day
from portal.people.models import Person
from portal.tickets.desk import scopes
from portal.tickets.desk.listing import Tried
from portal.tickets.models import OutOfOffice, Priority, Source, Status, Ticket
from portal.tickets.requesting import presenting

LONG = dt.timedelta(hours=2)
"""Later than this, one says since when."""
SOURCES = {
    Source.PORTAL: "hand-over",
    Source.MAIL: "mail",
    Source.CALL: "phone",
    Source.WALK_IN: "user",
    Source.API: "copy",
    Source.IMPORT: "download",
}


def view(name: str) -> str:
    return {
        "mine": _("Mine"),
        "unassigned": _("Nobody’s yet"),
        "queues": _("My queues"),
        "waiting": _("Waiting for them"),
        "due": _("Due today"),
        "resolved": _("Resolved this week"),
        "all": _("All"),
    }[name]


def sort(name: str) -> str:
    return {
        "due": _("Due first"),
        "priority": _("Most pressing first"),
        "oldest": _("Oldest first"),
        "newest": _("Newest first"),
        "changed": _("Last changed first"),
    }[name]


def priority(name: str) -> str:
    return {
        Priority.URGENT: _("Urgent"),
        Priority.HIGH: _("High"),
        Priority.NORMAL: _("Normal"),
        Priority.LOW: _("Low"),
    }[Priority(name)]


def source(name: str) -> str:
    return {
        Source.PORTAL: _("Handed over here"),
        Source.MAIL: _("Came by mail"),
        Source.CALL: _("Called"),
        Source.WALK_IN: _("Walked in"),
        Source.API: _("Came from a program"),
        Source.IMPORT: _("Came from a file"),
    }[Source(name)]


def source_icon(ticket: Ticket) -> str:
    return SOURCES[Source(ticket.source)]


def status(ticket: Ticket) -> tuple[str, str, str]:
    """Return the words for where it stands as the desk says it, with kind and icon of their badge."""
    words = {
        Status.NEW: (_("New"), "info", "inbox"),
        Status.OPEN: (_("Open"), "neutral", "user"),
        Status.WAITING: (_("Waiting for them"), "warning", "clock"),
        Status.RESOLVED: (_("Resolved"), "good", "check"),
        Status.CLOSED: (_("Closed"), "neutral", "lock"),
        Status.WITHDRAWN: (_("Withdrawn"), "neutral", "undo"),
        Status.MERGED: (_("Went into another"), "neutral", "arrow-right"),
    }
    return words[Status(ticket.status)]


def requester(ticket: Ticket) -> str:
    return ticket.requester.name if ticket.requester else ticket.sender_email or _("somebody")


def named(person: Person, absence: OutOfOffice | None) -> str:
    """Return a name, and until when somebody is away."""
    if absence is None:
        return person.name
    return _("%(name)s (away until %(day)s)", name=person.name, day=day(absence.ends_at))


def initials(name: str) -> str:
    """Return the first letters of the first and the last name.

    >>> initials("Ana Maria Ruiz")
    'AR'
    """
    words = name.split() or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def due(ticket: Ticket) -> tuple[str, str, str]:
    """Return when the next thing is due, what it is, and how pressing: `late`, `soon` or nothing."""
    if ticket.status == Status.WAITING:
        return _("clock stopped"), _("waiting for them"), "still"
    if not ticket.is_open:
        return presenting.at(ticket.resolved_at or ticket.closed_at), status(ticket)[0], "still"
    at = scopes.due_at(ticket)
    if at is None:
        return _("no time promised"), "", "still"
    is_first = ticket.first_response_at is None and ticket.first_response_due_at is not None
    what = _("first answer") if is_first else _("solution")
    left = at - clock.now()
    if left < -LONG:
        return _("late since %(time)s", time=_since(at)), what, "late"
    if left < dt.timedelta():
        return _("late by %(time)s", time=span(-left)), what, "late"
    if left <= scopes.SOON:
        return _("due in %(time)s", time=span(left)), what, "late" if left < dt.timedelta(hours=1) else "soon"
    return _("due %(time)s", time=_when(at)), what, ""


def _when(at: dt.datetime) -> str:
    """Say when, without the day where it is this one, with the weekday alone within a week."""
    here, today = to_user_timezone(at), to_user_timezone(clock.now()).date()
    days = (here.date() - today).days
    if days == 0:
        return here.strftime("%H:%M")
    return format_datetime(at, "EEE HH:mm") if 0 < days < 6 else day(at)


def _since(at: dt.datetime) -> str:
    """Say since when: the weekday within a week, else the day."""
    return format_datetime(at, "EEE HH:mm") if clock.now() - at < dt.timedelta(days=6) else day(at)


def span(length: dt.timedelta) -> str:
    """Say how long: minutes below two hours, then hours, then days."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(num)s min", "%(num)s min", minutes)
    if minutes < 600:
        hours, rest = divmod(minutes, 60)
        return (
            _("%(hours)s h %(minutes)s", hours=hours, minutes=f"{rest:02d}") if rest else _("%(hours)s h", hours=hours)
        )
    if minutes < 48 * 60:
        return _("%(hours)s h", hours=minutes // 60)
    return ngettext("%(num)s day", "%(num)s days", minutes // 1440)


def tried(found: Tried | None, ticket: Ticket) -> str:
    """Say in a few words what the requester did before."""
    if found is None or not any((found.n_searches, found.n_read, found.n_not_yet, found.steps)):
        return source(ticket.source) if ticket.source != Source.PORTAL else _("nothing tried")
    said = []
    if found.n_read:
        said.append(ngettext("read one page", "read %(num)s pages", found.n_read))
    if found.steps:
        said.append(found.steps)
    if found.n_not_yet:
        said.append(ngettext("said “not yet” once", "said “not yet” %(num)s times", found.n_not_yet))
    if not said:
        said.append(ngettext("searched once", "searched %(num)s times", found.n_searches))
    return ", ".join(said)


def groups(tickets: Iterable[Ticket], *, is_by_due: bool) -> list[tuple[str, list[Ticket]]]:
    """Return the tickets under what says how near they are, where they stand in that order; else all under nothing."""
    if not is_by_due:
        return [("", list(tickets))]
    tonight, soon = scopes.end_of_today(), clock.now() + scopes.SOON

    def near(ticket: Ticket) -> int:
        at = scopes.due_at(ticket)
        return 2 if at is None or at > tonight else 1 if at > soon else 0

    words = (_("Late, or in the next two hours"), _("Later today"), _("No hurry, or not on us"))
    return [(words[place], list(some)) for place, some in groupby(tickets, key=near)]
