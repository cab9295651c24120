"""Rows of accounts, and what the recipient of a mail would see."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from portal.accounts import hashing, links
from portal.accounts.models import Credential, Purpose
from portal.core import clock
from portal.core.database import db
from portal.notifications import services as notifications
from portal.notifications.models import OutboxMail

PASSWORD = "herons stand in the marsh"


def password(person: Any, text: str = PASSWORD) -> Credential:
    """Give somebody a password, whatever the rules say of it."""
    row = Credential(person_id=person.id, hash=hashing.hash_password(text), changed_at=clock.now())
    db.session.add(row)
    db.session.flush()
    return row


def link(purpose: Purpose, person: Any = None) -> str:
    """Make a one-time link and return its secret part."""
    made = links.make(purpose, person=person)
    return links.address(made.ref).rpartition("/")[2]


def mails(kind: str = "") -> list[OutboxMail]:
    """Return the outbox, oldest first."""
    rows = db.session.execute(select(OutboxMail).order_by(OutboxMail.id)).scalars()
    return [mail for mail in rows if not kind or mail.kind == kind]


def link_in(mail: OutboxMail) -> str:
    """Return the path of the portal's page that the mail leads to, as its recipient reads it."""
    text, _html = notifications.filled(mail)
    found = re.search(r"https?://[^/\s]+(/(?:reset|invitation|setup)/\S+)", text)
    assert found, text
    return found[1]
