"""The jobs of waves: sending their mails in slices that leave other work its turn, and looking after what was left.

A slice sends what may leave in some seconds and plans the next; a worker that dies in the middle is followed by
another, which begins where the last note ends. No transaction is open while a mail server is spoken to.
"""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import structlog
from flask import current_app

from portal.core import options
from portal.core.database import db, looking
from portal.notifications import links
from portal.notifications.mailer import Mailer, Refused, Temporary, kept_open
from portal.people.models import Person
from portal.pulse import inviting, keys, letters, sending
from portal.pulse.models import Invitation, MailKind, Wave
from portal.pulse.sending import Batch, Outcome

SLICE = dt.timedelta(seconds=10)
AWAY = 3
"""So many in a row that a server puts off mean that it is the server."""

log = structlog.get_logger(__name__)


def send(payload: dict[str, Any]) -> None:
    """Send one slice of a mailing. Safe to run twice: what was sent is left alone, what was in doubt goes as it was."""
    mailing = sending.get(payload["mailing"])
    if mailing is None:
        sending.end(payload["mailing"])
        return
    if mailing.step != payload["step"]:  # an older job of the same mailing, worked after its lease had run out
        return
    sending.begin(mailing)
    db.session.commit()
    opts = options.get()
    with kept_open(opts, folder=_home() / "mail", helo=links.domain()) as mailer:
        _slice(mailer, payload["mailing"], per_minute=opts.survey_mails_per_minute)


def _slice(mailer: Mailer, mailing_id: int, *, per_minute: int) -> None:
    """Send for some seconds or so many mails; the runner commits the last step together with the job."""
    began = time.monotonic()
    most = max(1, round(per_minute * SLICE.total_seconds() / 60)) if per_minute else 0
    n_sent = n_tried = 0
    while True:
        with looking():
            mailing = sending.get(mailing_id)
            wanted = min(sending.BATCH, most - n_tried) if most else sending.BATCH
            batch = sending.next_batch(mailing, most=wanted) if mailing is not None else None
            db.session.rollback()
        if batch is not None:
            _renew(batch)
            outcome = _work(mailer, batch)
            n_sent, n_tried = n_sent + len(outcome.sent), n_tried + len(batch.letters)
        mailing = sending.get(mailing_id)
        if mailing is None:
            sending.end(mailing_id)
            return
        if batch is None:
            sending.end_round(mailing)
            if mailing.ended_at is None:
                sending.go_on(mailing, after=dt.timedelta())
            return
        sending.note(mailing, batch, outcome)
        if outcome.sent:
            mailing.n_rounds = 0
        if outcome.is_away:
            sending.put_off(mailing)
            sending.go_on(mailing, after=dt.timedelta())
            return
        spent = dt.timedelta(seconds=time.monotonic() - began)
        if (most and n_tried >= most) or spent >= SLICE:
            sending.go_on(mailing, after=max(SLICE - spent, dt.timedelta()) if most else dt.timedelta())
            return
        db.session.commit()


def _renew(batch: Batch) -> None:
    if batch.renewed:
        sending.renew(batch)
        db.session.commit()


def _work(mailer: Mailer, batch: Batch) -> Outcome:
    """Hand over a batch; what a server says of each is kept apart."""
    outcome, in_a_row = Outcome(), 0
    for letter in batch.letters:
        try:
            mailer(batch.writer.write(letter.reader, token=letter.token, message_id=letter.message_id))
        except (Refused, Temporary) as trouble:
            if isinstance(trouble, Refused) and trouble.is_of_address:
                outcome.refused[letter.invitation_id] = (trouble.code, str(trouble))
                in_a_row = 0
                continue
            outcome.put_off, outcome.trouble, in_a_row = outcome.put_off + 1, str(trouble), in_a_row + 1
            if in_a_row == AWAY:
                outcome.is_away = True
                break
        except Exception as trouble:  # an address that makes no header is one that takes no mail
            log.warning("survey_mail_not_built", invitation=letter.invitation_id, reason=type(trouble).__name__)
            outcome.refused[letter.invitation_id] = (553, type(trouble).__name__)
        else:
            outcome.sent.append(letter.invitation_id)
            in_a_row = 0
    return outcome


def try_out(payload: dict[str, Any]) -> None:
    """Send a draft to somebody who tries it; a server that is away is asked again by the runner."""
    with looking():
        wave = db.session.get(Wave, payload["wave"])
        row = db.session.get(Invitation, payload["invitation"])
        key = keys.of(payload["wave"])
        if wave is None or row is None or key is None or not row.is_test:
            db.session.rollback()
            return
        opts, person = options.get(), db.session.get_one(Person, row.person_id)
        reader, writer = sending.reader_of(person), letters.Writer(wave, MailKind.INVITATION, opts, is_test=True)
        writer.prepare(reader.locale)
        name = f"<survey-test.{payload['name']}@{links.domain()}>"
        mail = writer.write(reader, token=keys.token_of(key, row), message_id=name)
        db.session.rollback()
    with kept_open(opts, folder=_home() / "mail", helo=links.domain()) as mailer:
        try:
            mailer(mail)
        except Refused as refusal:
            log.warning("survey_test_refused", wave=payload["wave"], detail=str(refusal))


def look_after(payload: dict[str, Any]) -> None:
    """Plan forgotten mailings again; take away what was left to people who are gone."""
    sending.plan_forgotten(str(payload.get("slot", "")))
    inviting.uninvite_leavers()


def _home() -> Path:
    home: Path = current_app.config["DITY"].home
    return home
