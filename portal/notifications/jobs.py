"""The jobs of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from flask import current_app
from flask_babel import gettext as _

from portal.core import options
from portal.core.database import db, looking
from portal.notifications import links, services
from portal.notifications.mailer import Mailer, Refused, Temporary, mailer, message
from portal.notifications.models import OutboxMail, State

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Answer:
    """What became of one try to send a mail, in the words of whoever took it or did not."""

    is_sent: bool
    words: str


def deliver(payload: dict[str, Any]) -> None:
    """Send one mail. Safe to run twice: what was sent is left alone, what was in doubt goes again as the same mail."""
    send_now(payload["mail"])


def send_now(mail_id: int) -> Answer:
    """Send one mail that waits and say what was answered. The caller commits.

    No transaction is open while the mail server is talked to, or its slowness would stop everybody who writes.
    """
    with looking():
        mail = _waiting(mail_id)
        if mail is None:
            return Answer(False, "")
        opts = options.get()
        text, html = services.filled(mail)
        db.session.expunge(mail)
        db.session.rollback()
    trouble = _send(_mailer(opts), mail, opts, text, html)
    mail = db.session.get_one(OutboxMail, mail_id, with_for_update=True)
    if mail.state != State.WAITING.value:  # a second worker was faster
        return Answer(mail.state == State.SENT.value, mail.last_error or "")
    if trouble is None:
        services.mark_sent(mail)
        return Answer(True, _taken(opts))
    if isinstance(trouble, Refused):
        services.give_up(mail, code=trouble.code, error=str(trouble))
    else:
        services.put_off(mail, str(trouble))
    return Answer(False, str(trouble))


def _taken(opts: options.Options) -> str:
    """Say who took it: a server that takes a mail answers 250 and nothing that helps."""
    if opts.mail_mode == "smtp":
        return _("%(host)s answered 250, accepted", host=opts.smtp_host)
    return _("it lies in the mail folder") if opts.mail_mode == "folder" else _("it stands on the console")


def _waiting(mail_id: int) -> OutboxMail | None:
    mail = db.session.get(OutboxMail, mail_id)
    return mail if mail is not None and mail.state == State.WAITING.value else None


def _mailer(opts: options.Options) -> Mailer:
    home: Path = current_app.config["DITY"].home
    return mailer(opts, folder=home / "mail", helo=links.domain())


def _send(send: Mailer, mail: OutboxMail, opts: options.Options, text: str, html: str) -> Exception | None:
    try:
        home: Path = current_app.config["DITY"].home
        send(message(mail, opts, text=text, html=html, logo=home / "brand" / opts.logo if opts.logo else None))
    except (Temporary, Refused) as trouble:
        log.warning("mail_not_sent", mail=mail.id, reason=type(trouble).__name__, detail=str(trouble))
        return trouble
    except Exception as trouble:  # a header that cannot be built is seen in the outbox, not in a dead job
        log.exception("mail_not_built", mail=mail.id)
        return Temporary(f"{type(trouble).__name__}: {trouble}"[:500])
    return None


def look_after(payload: dict[str, Any]) -> None:
    """Plan forgotten mails again; forget old ones."""
    services.plan_forgotten(str(payload.get("slot", "")))
    services.sweep()
