"""What the pages of increments say in words."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.i18n import day
from portal.measures.presenting import number
from portal.roadmap.increments.models import Increment, SessionKind, Signer, State
from portal.roadmap.increments.slips import Slip, Step


def session_kinds() -> dict[str, str]:
    return {
        SessionKind.DEMO.value: _("Demo"),
        SessionKind.WORKSHOP.value: _("Workshop"),
        SessionKind.STAKEHOLDER.value: _("Meeting with stakeholders"),
    }


def signers() -> dict[str, str]:
    """Return in whose name people can be told, HR and the line first."""
    return {
        Signer.HR.value: _("HR"),
        Signer.LINE.value: _("The line: who leads a department"),
        Signer.COMMUNICATIONS.value: _("Communications"),
        Signer.IT.value: _("IT"),
    }


def state(value: str) -> tuple[str, str, str]:
    """Return the words, look and icon of a state."""
    return {
        State.PLANNED.value: (_("Planned"), "neutral", "calendar"),
        State.STARTED.value: (_("Started"), "info", "arrow-right"),
        State.DELIVERED.value: (_("Delivered"), "good", "check"),
        State.STOPPED.value: (_("Stopped"), "outline", "close"),
    }[value]


def slip(found: Slip) -> str:
    """Say by how much a date moved; empty where it did not."""
    late = found.days
    if late == 0:
        return ""
    weeks, days = divmod(abs(late), 7)
    span = (
        ngettext("%(num)s week", "%(num)s weeks", weeks)
        if weeks and not days
        else ngettext("%(num)s day", "%(num)s days", abs(late))
    )
    if late < 0:
        return _("%(span)s earlier than planned first", span=span)
    if found.is_overdue:
        return _("%(span)s behind what was planned first, and counting", span=span)
    return _("%(span)s later than planned first", span=span)


def date_line(found: Slip) -> str:
    """Say when something is or was, in words."""
    if found.is_done:
        return _("reached on %(day)s", day=day(found.now))
    if found.is_overdue:
        return _("overdue")
    return _("planned for %(day)s", day=day(found.now))


def delivery(increment: Increment, end: Slip) -> str:
    """Say in a sentence when an increment comes."""
    if increment.state == State.STOPPED:
        return _("It was stopped and does not come.")
    if end.is_done:
        return _("It was delivered on %(day)s.", day=day(end.now))
    if end.is_overdue:
        return _("It was to be there on %(day)s and is not.", day=day(increment.ends_on))
    return _("It is to be there on %(day)s.", day=day(end.now))


def step(found: Step) -> str:
    """Say what changed in a step of the history."""
    note = found.note
    if note.field == "state":
        return state(note.after)[0]
    before, after = (day(dt.date.fromisoformat(value)) for value in (note.before, note.after))
    if found.what:
        return _("“%(what)s” moves from %(before)s to %(after)s", what=found.what, before=before, after=after)
    if note.field == "starts_on":
        return _("The start moves from %(before)s to %(after)s", before=before, after=after)
    return _("Delivery moves from %(before)s to %(after)s", before=before, after=after)


def money(value: int | None) -> str:
    """Write an amount; none is a dash, never a nought."""
    return "–" if value is None else number(value, 0)
