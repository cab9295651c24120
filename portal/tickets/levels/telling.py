"""What is due, in plain words, for the desk: "answer due in 1 h 20 min of working time"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.core import clock
from portal.core.i18n import moment
from portal.tickets.levels import promises
from portal.tickets.models import Promise, Status, Ticket


@dataclass(frozen=True, kw_only=True)
class Due:
    """The next thing that is promised."""

    promise: Promise
    at: dt.datetime
    left: dt.timedelta
    """Working time until then; below nothing when it is late."""

    @property
    def is_late(self) -> bool:
        return self.left < dt.timedelta()


def next_due(ticket: Ticket) -> Due | None:
    """Return what is due next on an open ticket; none while nothing is promised or the clock stands still."""
    if not ticket.is_open or ticket.status == Status.WAITING:
        return None
    is_first = ticket.first_response_at is None and ticket.first_response_due_at is not None
    at = ticket.first_response_due_at if is_first else ticket.resolution_due_at
    if at is None:
        return None
    hours, now = promises.hours_of(ticket.queue), clock.now()
    left = hours.between(now, at) if at >= now else -max(hours.between(at, now), dt.timedelta(minutes=1))
    return Due(promise=Promise.FIRST_RESPONSE if is_first else Promise.RESOLUTION, at=at, left=left)


def due_words(ticket: Ticket) -> str:
    """Say in a sentence what is due next; empty where nothing is."""
    if ticket.status == Status.WAITING:
        return _("The clock stands still while you wait for an answer.")
    due = next_due(ticket)
    if due is None:
        return ""
    time = length(abs(due.left))
    if due.promise == Promise.FIRST_RESPONSE:
        if due.is_late:
            return _("First answer late by %(time)s of working time; it was due %(at)s", time=time, at=moment(due.at))
        return _("First answer due in %(time)s of working time, by %(at)s", time=time, at=moment(due.at))
    if due.is_late:
        return _("Solution late by %(time)s of working time; it was due %(at)s", time=time, at=moment(due.at))
    return _("Solution due in %(time)s of working time, by %(at)s", time=time, at=moment(due.at))


def length(time: dt.timedelta) -> str:
    """Say a length of working time: days of it mean nothing, so hours and minutes."""
    hours, minutes = divmod(int(time.total_seconds()) // 60, 60)
    if not hours:
        return _("%(minutes)s min", minutes=minutes)
    if not minutes or hours >= 10:
        return _("%(hours)s h", hours=hours)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
