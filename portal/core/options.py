"""What an administrator changes while the portal runs. Fixed things are settings (`config.py`)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from typing import Any

from flask import g, has_request_context
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, db
from portal.core.errors import Invalid


class OptionRow(Base):
    """One changed option; what was never changed has no row and keeps its default."""

    __tablename__ = "option"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


def usual_weights() -> dict[str, int]:
    """Return each rule's usual weight."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Options:
    """The portal's options with their defaults."""

    is_set_up: bool = False
    """True once the first administrator exists; until then every page leads to the set-up."""
    portal_name: str = "Our organisation"
    """Name of the organisation, shown in the header and in mail."""
    public_reading: bool = False
    """Everybody may read and search what is marked `public`, without signing in."""
    default_locale: str = "en"
    """Language for people who chose none."""
    default_timezone: str = "UTC"
    """Time zone for people who chose none, and for schedules."""
    desk_mail: str = ""
    """Address of the service desk, offered where a problem cannot be handed over in the portal."""
    desk_phone: str = ""
    """Telephone of the service desk, offered beside its address."""
    mail_mode: str = "console"
    """`smtp`, `folder` (files below the home folder) or `console`."""
    mail_from: str = "portal@localhost"
    """Sender address of the portal's mail."""
    smtp_host: str = ""
    """Name of the mail server."""
    smtp_port: int = 587
    """Port of the mail server."""
    smtp_user: str = ""
    """Account at the mail server; empty for none."""
    smtp_password: str = ""
    """Password of that account."""
    smtp_tls: bool = True
    """Encrypt the connection to the mail server (STARTTLS, or TLS from the start on port 465)."""
    imap_host: str = ""
    """Name of the server from which mail to the service desk is fetched; empty: only the folder `mail/in` is read."""
    imap_port: int = 993
    """Port of that server."""
    imap_tls: bool = True
    """Encrypt the connection to it (TLS from the start on port 993, else STARTTLS)."""
    imap_user: str = ""
    """Account at that server; its password is the setting `imap_password`."""
    imap_folder: str = "INBOX"
    """Folder of the mailbox that is read."""
    imap_minutes: int = 1
    """Minutes from one fetching of mail to the next."""
    mail_judge: str = ""
    """Name by which your own mail server signs `Authentication-Results`; empty: nobody's verdict is believed."""
    mails_per_hour: int = 20
    """Mails an hour from one sender, or on one ticket, from which on they are taken for a machine's."""
    survey_mails_per_minute: int = 600
    """Mails of a survey that leave in a minute at most; 0 sends them as fast as the mail server takes them."""
    check_outside_links: bool = False
    """Follow the links of articles to other sites at night; off, the portal speaks to nobody outside."""
    read_logs: bool = True
    """Count lines of web servers' logs; off, nothing of them is read (where a works council has not agreed)."""
    intent_share: float = 0.25
    """Share of "this solved it" answers after which one question asks whether the person would have called."""
    review_days_low: int = 365
    """Days until an article in which a mistake does little harm is to be checked again."""
    review_days_normal: int = 180
    """Days until an article is to be checked again."""
    review_days_high: int = 90
    """Days until an article in which a mistake does much harm is to be checked again."""
    keep_looking_days: int = 395
    """Days after which facts of looking (searched, viewed, shown) no longer tell who looked; counts stay."""
    keep_sessions_days: int = 30
    """Days after which sessions, and links from mails, are forgotten once they are over."""
    keep_mail_days: int = 90
    """Days after which mail that was sent is forgotten."""
    keep_incoming_days: int = 90
    """Days after which mail that came in and was dealt with is forgotten as it came."""
    keep_news_days: int = 90
    """Days after which news behind the bell is forgotten once it was read."""
    keep_survey_days: int = 730
    """Days after which answers of surveys that are over, and who was asked, are deleted; what was released stays."""
    keep_leavers_days: int = 0
    """Days after which people who have left are erased for good; 0 keeps them until somebody decides otherwise."""
    keep_backups_days: int = 0
    """Days after which backups in the home folder are deleted; 0 keeps them until somebody deletes them."""
    brand_light: str = ""
    """Colour of links and buttons on light pages, as `#0f6b5c`; empty: the portal's own."""
    brand_dark: str = ""
    """The same on dark pages."""
    logo: str = ""
    """Name of the logo's file below `brand/` in the home folder; empty: the portal's own."""
    logo_alt: str = ""
    """What the logo says, for those who cannot see it."""
    checklist_weights: dict[str, int] = field(default_factory=usual_weights)
    """How much each rule of the checklist for articles counts, from 0 (off) to 5; rules not named keep their weight."""


SECRET_OPTIONS = frozenset({"smtp_password"})
"""Never shown, never written to the ledger."""

STAMP = "stamp:"

_on_change: list[Callable[[Any, dict[str, list[Any]]], None]] = []


def on_change(hook: Callable[[Any, dict[str, list[Any]]], None]) -> None:
    """Let `hook(actor, {name: [before, after]})` run inside the transaction of every change (the audit log does)."""
    if hook not in _on_change:
        _on_change.append(hook)


def get() -> Options:
    """Return the options as they are now; read once a request."""
    return _rows()[0]


def stamp(name: str) -> str:
    """Return the stamp of something cached in processes; a new one after every `touch(name)` that was committed."""
    return _rows()[1].get(name, "")


def touch(name: str) -> None:
    """Give a new stamp, in the transaction of the change, so that every process drops what it had cached."""
    row = db.session.get(OptionRow, STAMP + name) or OptionRow(name=STAMP + name)
    row.value = secrets.token_hex(8)
    db.session.add(row)
    _forget()


def _rows() -> tuple[Options, dict[str, str]]:
    if not has_request_context():
        return _read()
    if "options" not in g:
        g.options = _read()
    found: tuple[Options, dict[str, str]] = g.options
    return found


def _read() -> tuple[Options, dict[str, str]]:
    rows: dict[str, Any] = dict(db.session.execute(select(OptionRow.name, OptionRow.value)).all())
    known = _known()
    stamps = {name.removeprefix(STAMP): value for name, value in rows.items() if name.startswith(STAMP)}
    values: dict[str, Any] = {name: known[name](value) for name, value in rows.items() if name in known}
    return replace(Options(), **values), stamps


@cache
def _known() -> dict[str, Callable[[Any], Any]]:
    """Return what makes a stored value an option again: SQLite keeps the number 1.0 in a JSON column as 1."""
    return {f.name: float if isinstance(f.default, float) else lambda value: value for f in fields(Options)}


def _forget() -> None:
    if has_request_context():
        g.pop("options", None)


def change(actor: Any, **values: Any) -> Options:
    """Change options and record before and after; the caller has checked the permission.

    Refuses unknown names and values of another type (Invalid).
    """
    before = asdict(_read()[0])
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        if name not in before:
            raise Invalid(f"There is no option {name!r}.", field=name)
        if type(value) is not type(before[name]):
            raise Invalid(f"The option {name} needs {type(before[name]).__name__}.", field=name)
        if value == before[name]:
            continue
        row = db.session.get(OptionRow, name) or OptionRow(name=name)
        row.value = value
        db.session.add(row)
        changes[name] = ["…", "…"] if name in SECRET_OPTIONS else [before[name], value]
    db.session.flush()
    _forget()
    if changes:
        for hook in _on_change:
            hook(actor, changes)
    return get()
