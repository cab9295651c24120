"""One-time links: made, found, used exactly once.

The text of a link is computed from the installation's secret key and a random seed, and its hash is stored to be found
by. A copy of the database therefore opens nothing, and a mail in the outbox need not hold the link: it is filled in
when the mail leaves (`notifications.kinds.Kind.secret_link`).
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update

from portal.accounts import hashing, queries
from portal.accounts.models import OneTimeLink, Purpose
from portal.core import clock
from portal.core.database import db
from portal.core.errors import NotFound
from portal.core.refs import Ref
from portal.notifications import links as addresses
from portal.people.models import Person

LIVES = {
    # Codes that a person types should live ten minutes; a link of 256 bits cannot be guessed, and mail may be slow.
    Purpose.RESET: dt.timedelta(minutes=60),
    Purpose.INVITATION: dt.timedelta(days=7),
    Purpose.SETUP: dt.timedelta(days=7),
}
ENDPOINTS = {
    Purpose.RESET: "accounts.reset",
    Purpose.INVITATION: "accounts.invitation",
    Purpose.SETUP: "accounts.setup",
}


def make(purpose: Purpose, *, person: Person | None = None) -> OneTimeLink:
    """Store a new link; earlier ones stay good until one of them is used."""
    seed = secrets.token_hex(24)
    now = clock.now()
    link = OneTimeLink(
        purpose=purpose.value,
        seed=seed,
        token_hash=hashing.digest(_token(purpose, seed)),
        person_id=person.id if person else None,
        email=person.email if person else "",
        created_at=now,
        expires_at=now + LIVES[purpose],
    )
    db.session.add(link)
    db.session.flush()
    return link


def _token(purpose: Purpose, seed: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    made = hmac.new(key, f"one-time:{purpose.value}:{seed}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def address(ref: Ref) -> str:
    """Return the full address of a link, for the mail that is leaving or the console; empty for one that is gone."""
    link = db.session.get(OneTimeLink, ref.id)
    if link is None:
        return ""
    purpose = Purpose(link.purpose)
    return addresses.to(ENDPOINTS[purpose], token=_token(purpose, link.seed))


def find(purpose: Purpose, token: str) -> tuple[OneTimeLink, Person | None]:
    """Return a link that can still be used, and whom it is for.

    Refuses (NotFound, always in the same words) one that is unknown, used, too old, or for an address or account that
    is no longer the person's.
    """
    link = queries.link(hashing.digest(token), purpose)
    person = db.session.get(Person, link.person_id) if link is not None and link.person_id else None
    is_for_nobody = link is not None and purpose is not Purpose.SETUP and (person is None or not person.is_active)
    if (
        link is None
        or link.used_at is not None
        or clock.now() >= link.expires_at
        or is_for_nobody
        or (person is not None and person.email != link.email)
    ):
        raise _no_longer()
    return link, person


def use(link: OneTimeLink) -> None:
    """Use the link up in this transaction. Of many who try at once, one gets through (NotFound for the others)."""
    unused = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
    if db.session.execute(unused.values(used_at=clock.now())).rowcount != 1:  # type: ignore[attr-defined]
        raise _no_longer()


def void_all(person_id: int) -> None:
    """Make every link of a person useless: the password was set, or the person was shut out."""
    open_ones = update(OneTimeLink).where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
    db.session.execute(open_ones.values(used_at=clock.now()))


def _no_longer() -> NotFound:
    return NotFound(_("This link was used already, or it is too old."))
