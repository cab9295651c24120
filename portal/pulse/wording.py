"""How waves are spoken of on pages and in mails."""

from __future__ import annotations

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
