"""How waves are spoken of on pages and in mails."""

from __future__ import annotations

import datetime as dt

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.pulse.models import Breakdown, MailKind, WaveState

STATES = {
    WaveState.DRAFT: _l("being planned"),
    WaveState.OPEN: _l("running"),
    WaveState.CLOSED: _l("closed"),
    WaveState.CANCELLED: _l("cancelled"),
}
LOOKS = {
    WaveState.DRAFT: "neutral",
    WaveState.OPEN: "info",
    WaveState.CLOSED: "good",
    WaveState.CANCELLED: "outline",
}
BREAKDOWNS = {
    Breakdown.DEPARTMENT: _l("Departments"),
    Breakdown.SITE: _l("Sites"),
    Breakdown.NONE: _l("Nothing: the total only"),
}
SENDERS = {"hr": _l("HR"), "communications": _l("Communications")}
"""Who may ask. IT is not among them: what IT asks about its own service, people answer to IT."""
MAILS = {
    MailKind.INVITATION: _l("Invitation"),
    MailKind.FIRST: _l("First reminder"),
    MailKind.SECOND: _l("Second reminder"),
}

GAP = "[…]"
"""Stands in the reason until somebody says what belongs there."""
FIRST_WORDS = _l(
    "Soon you will be able to settle many IT problems yourself, at any hour. Before we decide how, we want to know "
    "what you expect of it.\n\nThe task force of users, HR and IT reads the figures. By […] you will hear what we do "
    "about what you say."
)
LATER_WORDS = _l(
    "You can now settle many IT problems yourself. We want to know what helps you and what does not.\n\nThe task "
    "force of users, HR and IT reads the figures. By […] you will hear what we do about what you say."
)


def long_day(value: dt.date | None) -> str:
    """Tell a day with its name, as mails do: "Tuesday, 12 December"."""
    return format_date(value, _("EEEE, d MMMM")) if value is not None else ""
