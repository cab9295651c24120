"""Fetching mail and dealing with it, apart from requests. Each step is committed before the next begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from portal.core import clock, options
from portal.core.database import db
from portal.core.errors import Refusal
from portal.tickets.mail import dealing, reading, sources, taking
from portal.tickets.mail.sources import Fetched, NotReached
from portal.tickets.models import IncomingMail, MailSource, Outcome

log = structlog.get_logger(__name__)

FETCH = "tickets.fetch_mail"
SERVER, FOLDER = "server", "folder"


@dataclass
class Told:
    """What a fetching came to."""

    n_taken: int = 0
    n_known: int = 0
    trouble: str = ""


def fetch(payload: dict[str, Any]) -> None:
    """Fetch by schedule: from the folder always, from the server at the chosen pace."""
    opts = options.get()
    source = db.session.get(MailSource, SERVER)
    tried_at = source.tried_at if source is not None else None
    pace = dt.timedelta(minutes=max(1, opts.imap_minutes)) - dt.timedelta(seconds=30)
    is_due = tried_at is None or clock.now() - tried_at >= pace
    db.session.rollback()
    fetch_now(with_server=bool(opts.imap_host) and is_due)


def fetch_now(*, with_server: bool) -> Told:
    """Take everything that has come, from both places. What went wrong is noted, and tried again the next time."""
    told = Told()
    _from(FOLDER, told, _from_folder)
    if with_server:
        _from(SERVER, told, _from_server)
    return told


def _from(name: str, told: Told, read: Any) -> None:
    trouble = ""
    try:
        read(told)
    except (NotReached, OSError) as reason:
        db.session.rollback()
        trouble = str(reason)[:500] or type(reason).__name__
        log.warning("mail_not_fetched", source=name, detail=trouble)
    row = _source(name)
    row.tried_at, row.trouble = clock.now(), trouble
    row.reached_at = row.reached_at if trouble else clock.now()
    db.session.commit()
    told.trouble = told.trouble or trouble


def _source(name: str) -> MailSource:
    row = db.session.get(MailSource, name)
    if row is None:
        row = MailSource(name=name, mailbox="", last_uid=0, trouble="")
        db.session.add(row)
    return row


def _from_folder(told: Told) -> None:
    for _uid in _take_all(sources.dropped(), told):
        pass


def _from_server(told: Told) -> None:
    opts, password = options.get(), current_app.config["DITY"].mailbox_password()
    db.session.rollback()  # nothing is held while the server is talked to
    with sources.mailbox(opts, password) as box:
        row = _source(SERVER)
        if row.mailbox != box.name:
            row.mailbox, row.last_uid = box.name, 0
        after = row.last_uid
        db.session.commit()
        for uid in _take_all(box.mails(after=after), told):
            if uid > after:
                after = uid
                _source(SERVER).last_uid = uid
                db.session.commit()


def _take_all(mails: Iterable[Fetched], told: Told) -> Iterator[int]:
    """Take each mail, commit, and only then mark it at its place; yields its number there."""
    for fetched in mails:
        why_not = _("Too large to be taken: it lies where it came to.") if fetched.is_too_large else ""
        row = taking.take(fetched.raw, why_not=why_not)
        db.session.commit()
        fetched.done()
        told.n_taken += row is not None
        told.n_known += row is None
        yield fetched.uid


def deal(payload: dict[str, Any]) -> None:
    """Deal with one mail; safe to run twice."""
    deal_now(payload["mail"], is_patient=True)


def deal_now(mail_id: int, *, is_patient: bool = False) -> str:
    """Deal with one mail and say what became of it. What cannot be dealt with after some tries is somebody's to see.

    A patient caller is told of the trouble (raises) and comes again.
    """
    row = db.session.get(IncomingMail, mail_id, with_for_update=True)
    if row is None or row.outcome != Outcome.NEW:
        db.session.rollback()
        return row.outcome if row is not None else ""
    row.attempts += 1  # counted beforehand: one that kills its worker must not kill every other
    is_last = row.attempts >= taking.MOST_ATTEMPTS
    raw = taking.raw_of(row)
    db.session.commit()
    try:
        mail = reading.read(raw)  # nobody waits for a lock while it is read
        row = db.session.get_one(IncomingMail, mail_id, with_for_update=True, populate_existing=True)
        dealing.deal(row, mail)
        db.session.commit()
        return row.outcome
    except Exception as trouble:
        db.session.rollback()
        log.exception("mail_not_dealt_with", mail=mail_id)
        if is_patient and not is_last:
            raise
        words = trouble.message if isinstance(trouble, Refusal) else type(trouble).__name__
        row = db.session.get_one(IncomingMail, mail_id, with_for_update=True)
        row.outcome, row.reason = Outcome.FAILED.value, words
        db.session.commit()
        return row.outcome


def waiting() -> list[int]:
    """Return the mails that nobody has dealt with, the oldest first."""
    query = select(IncomingMail.id).where(IncomingMail.outcome == Outcome.NEW).order_by(IncomingMail.id)
    found = list(db.session.execute(query.limit(1000)).scalars())
    db.session.rollback()
    return found
