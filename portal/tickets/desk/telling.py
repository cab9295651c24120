"""Tickets as the desk reads them: what is due and when, how they came, what was tried, in few words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from flask_babel import format_datetime, get_locale, get_timezone, ngettext, to_user_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

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

VIEWS = {
    "mine": _l("Mine"),
    "unassigned": _l("Nobody’s yet"),
    "queues": _l("My queues"),
    "waiting": _l("Waiting for them"),
    "due": _l("Due today"),
    "resolved": _l("Resolved this week"),
    "all": _l("All"),
}
SORTS = {
    "due": _l("Due first"),
    "priority": _l("Most pressing first"),
    "oldest": _l("Oldest first"),
    "newest": _l("Newest first"),
    "changed": _l("Last changed first"),
}
PRIORITIES = {
    Priority.URGENT: _l("Urgent"),
    Priority.HIGH: _l("High"),
    Priority.NORMAL: _l("Normal"),
    Priority.LOW: _l("Low"),
}
SOURCES_SAID = {
    Source.PORTAL: _l("Handed over here"),
    Source.MAIL: _l("Came by mail"),
    Source.CALL: _l("Called"),
    Source.WALK_IN: _l("Walked in"),
    Source.API: _l("Came from a program"),
    Source.IMPORT: _l("Came from a file"),
}
STATUSES = {
    Status.NEW: (_l("New"), "info", "inbox"),
    Status.OPEN: (_l("Open"), "neutral", "user"),
    Status.WAITING: (_l("Waiting for them"), "warning", "clock"),
    Status.RESOLVED: (_l("Resolved"), "good", "check"),
    Status.CLOSED: (_l("Closed"), "neutral", "lock"),
    Status.WITHDRAWN: (_l("Withdrawn"), "neutral", "undo"),
    Status.MERGED: (_l("Went into another"), "neutral", "arrow-right"),
}


def view(name: str) -> str:
    return str(VIEWS[name])


def sort(name: str) -> str:
    return str(SORTS[name])


def priority(name: str) -> str:
    return str(PRIORITIES[Priority(name)])


def source(name: str) -> str:
    return str(SOURCES_SAID[Source(name)])


def source_icon(ticket: Ticket) -> str:
    return SOURCES[Source(ticket.source)]


def status(ticket: Ticket) -> tuple[str, str, str]:
    """Return the words for where it stands as the desk says it, with kind and icon of their badge."""
    words, kind, icon_name = STATUSES[Status(ticket.status)]
    return str(words), kind, icon_name


def requester(ticket: Ticket) -> str:
    return ticket.requester.name if ticket.requester else ticket.sender_email or _("somebody")


def named(person: Person, absence: OutOfOffice | None) -> str:
    """Return a name, and until when somebody is away."""
    if absence is None:
        return person.name
    return _("%(name)s (away until %(day)s)", name=person.name, day=day(absence.ends_at))


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
    minute = clock.now().replace(second=0, microsecond=0)
    return _due(at, minute, is_first=is_first, locale=str(get_locale()), timezone=str(get_timezone()))


@lru_cache(maxsize=4096)
def _due(at: dt.datetime, now: dt.datetime, *, is_first: bool, locale: str, timezone: str) -> tuple[str, str, str]:
    """Return what is said of an instant at a minute, to somebody of this language and place."""
    what = _("first answer") if is_first else _("solution")
    left = at - now
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


def tried(found: Tried) -> str:
    """Say in a few words what the requester did before."""
    return _tried(found, locale=str(get_locale()))


@lru_cache(maxsize=4096)
def _tried(found: Tried, *, locale: str) -> str:
    """Return what is said to somebody of this language; many tickets say the same."""
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
