"""Taking a mail in: it lies on the disk and its row stands in the table before anything is done with it."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.database import db
from portal.jobs import services as jobs
from portal.tickets.mail import belonging, reading
from portal.tickets.models import IncomingMail, Outcome

DEAL = "tickets.deal_with_mail"
MOST_ATTEMPTS = 3
_STAYING = frozenset(("message-id", "from", "date", "subject", "content-type"))
_NAME = re.compile(r"[0-9a-f]{40}\.eml")


def folder() -> Path:
    """Return the folder that other programs drop mail into."""
    home: Path = current_app.config["DITY"].home
    return home / "mail" / "in"


def kept() -> Path:
    """Return where mails lie that were taken."""
    return folder() / "kept"


def key_of(raw: bytes) -> str:
    """Return what names a mail however often and by whatever way it is brought.

    The Message-ID alone does not do: scanners and scripts give the same one to everything they send.
    """
    head, gap, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = re.split(rb"\n(?![ \t])", head)
    stays = [line for line in lines if line.partition(b":")[0].strip().lower().decode("latin-1") in _STAYING]
    return hashlib.sha256(b"\n".join(sorted(stays)) + gap + body.rstrip()).hexdigest()


def take(raw: bytes, *, why_not: str = "") -> IncomingMail | None:
    """Keep a mail and plan to deal with it; None for one that was taken before. The caller commits.

    `why_not` says why it is for somebody to look at, and only its beginning came.
    """
    key, mail = key_of(raw), reading.read(raw)  # nobody waits for a lock while it is read
    if db.session.execute(select(IncomingMail.id).where(IncomingMail.key == key)).first() is not None:
        return None
    queue = belonging.queue_of(mail)
    row = IncomingMail(
        key=key,
        message_id=mail.message_id,
        sender=mail.sender,
        sender_name=mail.sender_name,
        recipient=mail.recipients[0] if mail.recipients else "",
        queue_id=queue.id if queue is not None else None,
        subject=mail.subject,
        received_at=clock.now(),
        stored_name=_keep(raw, f"{key[:40]}.eml"),
        outcome=(Outcome.TRIAGE if why_not else Outcome.NEW).value,
        reason=why_not,
        attempts=0,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # somebody else took it at this moment
        return None
    if not why_not:
        jobs.enqueue(DEAL, {"mail": row.id}, key=f"{DEAL}:{row.id}", max_attempts=MOST_ATTEMPTS)
    return row


def _keep(raw: bytes, name: str) -> str:
    """Write the mail: whole, on the disk, or not at all. The same mail lands under the same name."""
    kept().mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=kept(), prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, kept() / name)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return name


def raw_of(row: IncomingMail) -> bytes:
    """Return the mail as it came; empty where it is kept no more."""
    if row.stored_name is None or not _NAME.fullmatch(row.stored_name):
        return b""
    try:
        return (kept() / row.stored_name).read_bytes()
    except FileNotFoundError:
        return b""
