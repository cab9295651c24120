"""What the desk is told of a mail, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.tickets.mail import dealing, triage
from portal.tickets.models import IncomingMail, Outcome


def why(row: IncomingMail) -> str:
    """Say why a mail lies where it lies."""
    words = {
        dealing.UNKNOWN: _("Nobody here has this address."),
        dealing.NOT_THEIRS: _("It answers a ticket that its sender does not see."),
        dealing.NO_KEY: _("It names a ticket, but answers no mail of the portal about it."),
        dealing.FORGED: _("The mail server says that it is not from who it names."),
        dealing.MANY_SENDERS: _("It names nobody as its sender, or several people."),
        dealing.BROKEN: _("It is built so strangely that only its head could be read."),
        dealing.TOO_MANY: _("Too many mails came within an hour."),
        dealing.LOOP: _("The same mail came again and again, as when two machines answer each other."),
        dealing.OWN: _("It came from an address of the portal itself."),
        triage.SPAM: _("Somebody called it spam."),
        "refused": _("Somebody put it aside."),
    }
    if row.reason in words:
        return words[row.reason]
    if row.outcome == Outcome.AUTOMATIC:
        return _machine(row.reason)
    if row.outcome == Outcome.FAILED:
        return _("It could not be dealt with: %(trouble)s.", trouble=row.reason)
    return row.reason


def _machine(sign: str) -> str:
    """Say what kind of machine wrote a mail, by the sign that was found (`signs.automatic`)."""
    name = sign.partition(":")[0].lower()
    if name == "precedence" or name.startswith("list-"):
        return _("A machine wrote it: a newsletter or a mailing list.")
    if name in ("auto-submitted", "subject") or name.startswith("x-auto"):
        return _("A machine wrote it: an automatic answer, as when somebody is away.")
    return _("A machine wrote it: %(sign)s.", sign=sign)


def view(name: str) -> str:
    return {"waiting": _("To place"), "automatic": _("Written by machines"), "refused": _("Put aside")}[name]
