"""How long mail that came in is kept, and whether it comes in at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from portal.core import clock, options
from portal.core.database import db
from portal.core.feature import Health
from portal.core.personal import Record, Subject
from portal.tickets.mail import taking
from portal.tickets.models import IncomingMail, MailSource, Outcome

SILENT = dt.timedelta(minutes=30)
AT_ONCE = 200
_WAITING = tuple(one.value for one in (Outcome.NEW, Outcome.TRIAGE, Outcome.FAILED))


def _old(before: dt.datetime) -> ColumnElement[bool]:
    """What waits for somebody is kept, however old."""
    return (IncomingMail.received_at < before) & IncomingMail.outcome.not_in(_WAITING)


def count(before: dt.datetime) -> int:
    return db.session.execute(select(func.count()).select_from(IncomingMail).where(_old(before))).scalar_one()


def forget(before: dt.datetime) -> int:
    """Forget mails that came before and were dealt with, as they came; what they said stays on their tickets."""
    rows = list(db.session.execute(select(IncomingMail).where(_old(before)).limit(AT_ONCE)).scalars())
    for row in rows:
        if row.stored_name:
            (taking.kept() / row.stored_name).unlink(missing_ok=True)
        db.session.delete(row)
    db.session.flush()
    return len(rows)


# Of one person


def _from(subject: Subject) -> list[IncomingMail]:
    query = select(IncomingMail).where(IncomingMail.sender.in_(subject.emails)).order_by(IncomingMail.id)
    return list(db.session.execute(query).scalars())


def told(subject: Subject) -> Iterator[Record]:
    """Give what is known of the mails that came from somebody's address, for their copy."""
    for row in _from(subject):
        names = ("id", "subject", "sender_name", "recipient", "received_at", "outcome", "ticket_id")
        yield {name: getattr(row, name) for name in names}


def n_from(subject: Subject) -> int:
    query = select(func.count()).select_from(IncomingMail).where(IncomingMail.sender.in_(subject.emails))
    return db.session.execute(query).scalar_one()


def letters(subject: Subject) -> Iterator[tuple[str, bytes]]:
    """Give those mails as they came, as far as they are still kept."""
    for row in _from(subject):
        if raw := taking.raw_of(row):
            yield f"{row.id}.eml", raw


def forget_from(subject: Subject) -> int:
    """Forget the mails of somebody as they came, waiting or not; what they said stays on their tickets, unsigned.

    The row stays with nothing in it, so that the same mail is not taken again.
    """
    rows = _from(subject)
    for row in rows:
        if row.stored_name:
            (taking.kept() / row.stored_name).unlink(missing_ok=True)
        row.stored_name = None
        row.sender = row.sender_name = row.subject = row.message_id = row.reason = ""
        if row.outcome in _WAITING:
            row.outcome = Outcome.REFUSED.value
    db.session.flush()
    return len(rows)


def check() -> Health:
    """Mail that comes in is in trouble when its server was not reached for half an hour, or some cannot be placed."""
    failed = db.session.execute(
        select(func.count()).select_from(IncomingMail).where(IncomingMail.outcome == Outcome.FAILED)
    ).scalar_one()
    if failed:
        advice = _("See Queue, Mail to place.")
        return Health(is_ok=False, detail=_("mails that could not be dealt with: %(n)s", n=failed), advice=advice)
    source = db.session.get(MailSource, "server") if options.get().imap_host else None
    if source is not None and source.trouble:
        reached = source.reached_at
        if reached is None or clock.now() - reached > SILENT:
            advice = _("See Administration, Settings, and try `dity tickets fetch`.")
            return Health(is_ok=False, detail=source.trouble, advice=advice)
    return Health(is_ok=True, detail=_("mail to the service desk comes in"))
