"""Mail of surveys in the demo: it is kept in no outbox, so it is read in the folder that stands for the world."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email import message_from_binary_file
from email.message import EmailMessage
from email.policy import default
from itertools import islice
from pathlib import Path

from flask import current_app

NAME = re.compile(r"survey(?:-test)?\.[0-9a-z.-]{1,80}")
MOST = 50


@dataclass(frozen=True)
class Kept:
    """A mail as it lies there."""

    name: str
    to: str
    subject: str
    created_at: dt.datetime
    text: str


def latest(to: str = "") -> list[Kept]:
    """Return the newest mails of surveys, to everybody or to one address."""
    found = [path for path in _folder().glob("survey*.eml") if NAME.fullmatch(path.stem)]
    found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    mails = (mail for path in found if (mail := _read(path)).to == to or not to)
    return list(islice(mails, MOST))


def get(name: str) -> Kept | None:
    path = _folder() / f"{name}.eml"
    return _read(path) if NAME.fullmatch(name) and path.is_file() else None


def _read(path: Path) -> Kept:
    with path.open("rb") as file:
        mail = message_from_binary_file(file, policy=default)
    body = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
    return Kept(
        name=path.stem,
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        created_at=dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC),
        text=str(body.get_content()) if body is not None else "",
    )


def _folder() -> Path:
    home: Path = current_app.config["DITY"].home
    return home / "mail"
