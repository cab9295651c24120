"""What notifications keep about people: what they were told, how, and their mail."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select, update

from portal.core.database import db
from portal.core.personal import Erase, PersonColumn, PersonPlace, Subject, private
from portal.notifications.models import OutboxMail

TEXTS = (OutboxMail.subject, OutboxMail.text, OutboxMail.html)


def _naming(subject: Subject) -> list[OutboxMail]:
    """Return mail to others in which this person is named: it says who did what."""
    named = or_(*(text.icontains(word, autoescape=True) for text in TEXTS for word in subject.spelled))
    return list(db.session.execute(select(OutboxMail).where(named)).scalars())


def _forget_names(subject: Subject) -> int:
    mails = _naming(subject)
    for mail in mails:
        for name in ("subject", "text", "html"):
            setattr(mail, name, subject.out_of(getattr(mail, name)))
    elsewhere = update(OutboxMail).where(OutboxMail.to.in_(subject.emails))
    db.session.execute(elsewhere.values(to="", last_error=None))
    return len(mails)


def _letters(subject: Subject) -> Iterator[Path]:
    """Yield the files of mail that names this person, to them or to others, where mail goes into a folder."""
    folder: Path = current_app.config["DITY"].home / "mail"
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.is_file() and subject.is_in(_read(path)):
            yield path


def _read(path: Path) -> str:
    """Return what a mail says, headers included, with nothing encoded any more."""
    letter = message_from_bytes(path.read_bytes(), policy=default)
    texts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*map(str, letter.values()), *texts])


def _remove_letters(subject: Subject) -> int:
    found = list(_letters(subject))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


PERSONAL = (
    private("notification.person_id", _l("News behind the bell")),
    PersonColumn(
        column="notification.by_id",
        label=_l("News that others got by what they did"),
        on_erase=Erase.FORGET,
        given=("kind", "ref", "created_at"),
    ),
    private("notification_preference.person_id", _l("Choices about news")),
    private("quiet_hours.person_id", _l("Hours in which mail waits")),
    private("outbox_mail.person_id", _l("Mail to them"), withheld=("secret_ref", "html")),
    PersonPlace(name="mail-that-names-them", label=_l("Mail to others that names them"), erase=_forget_names),
    PersonPlace(name="mail-folder", label=_l("Mail in the folder"), erase=_remove_letters),
)
