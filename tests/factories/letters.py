"""Mails as people and machines write them, and a way to let them come in."""

from __future__ import annotations

from email.message import EmailMessage
from itertools import count
from typing import Any

from sqlalchemy import select

from portal.core.database import db
from portal.tickets.mail import jobs, taking
from portal.tickets.models import IncomingMail

_numbers = count(1)
TEXT = "The VPN drops every ten minutes.\n"
DESK = "desk@ostreyvale.example"


def letter(sender: str, text: str = TEXT, *, to: str = DESK, **headers: str) -> EmailMessage:
    """Write a mail; headers by keyword, with `_` for `-`."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = headers.pop("Subject", "VPN drops")
    mail["Message-ID"] = headers.pop("Message_ID", f"<letter{next(_numbers)}@mail.ostreyvale.example>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def arrive(mail: EmailMessage | bytes) -> Any:
    """Let a mail come in and be dealt with; returns its row."""
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    taking.take(raw)
    db.session.commit()
    for mail_id in jobs.waiting():
        jobs.deal_now(mail_id)
    key = taking.key_of(raw)
    return db.session.execute(select(IncomingMail).where(IncomingMail.key == key)).scalar_one()


def waiting(queue: Any, sender: str = "someone@elsewhere.example") -> IncomingMail:
    """Let a stranger's mail to a queue wait to be placed."""
    row = taking.take(letter(sender, "Our lorry cannot find your gate.", Subject="Your gate").as_bytes())
    assert row is not None
    row.queue_id, row.outcome, row.reason = queue.id, "triage", "unknown"
    db.session.flush()
    return row
