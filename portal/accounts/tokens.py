"""Tokens by which a program reads as its owner."""

from __future__ import annotations

import datetime as dt
import secrets

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.accounts import hashing, queries
from portal.accounts.models import ApiToken
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.ledger import services as ledger

LIVES_DAYS = (30, 90, 365)
MOST = 20


def make(actor: Actor, *, label: str, days: int) -> tuple[ApiToken, str]:
    """Make a token and return it with its text, which is shown once and stored nowhere."""
    actor.require(Permission.TOKEN_OWN)
    if actor.person_id is None:
        raise Forbidden("")
    label = " ".join(label.split())
    if not label or len(label) > 80:
        raise Invalid(_("Please say in a few words what the token is for."), field="label")
    if days not in LIVES_DAYS:
        raise Invalid(_("Choose how long the token works."), field="days")
    if len(queries.tokens_of(actor.person_id)) >= MOST:
        raise Invalid(_("You have %(n)s tokens already. Revoke one first.", n=MOST))
    text = f"dity_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        token_hash=hashing.digest(text),
        prefix=text[:10],
        label=label,
        person_id=actor.person_id,
        created_at=clock.now(),
        expires_on=clock.today() + dt.timedelta(days=days),
    )
    db.session.add(token)
    db.session.flush()
    ledger.record(
        Name.TOKEN_CREATED,
        actor=actor,
        subject=Ref("person", actor.person_id),
        token=token.id,
        label=label,
        expires_on=token.expires_on.isoformat(),
    )
    return token, text


def revoke(actor: Actor, token_id: int) -> None:
    """Revoke one of the actor's own tokens. Refuses other people's (NotFound)."""
    token = db.session.get(ApiToken, token_id)
    if token is None or token.person_id != actor.person_id or token.revoked_at is not None:
        raise NotFound("")
    _revoke(actor, token)


def revoke_all(actor: Actor, person_id: int) -> int:
    """Revoke all tokens of a person who is shut out; returns how many."""
    query = select(ApiToken).where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
    found = list(db.session.execute(query).scalars())
    for token in found:
        _revoke(actor, token)
    return len(found)


def _revoke(actor: Actor, token: ApiToken) -> None:
    token.revoked_at = clock.now()
    db.session.flush()
    ledger.record(Name.TOKEN_REVOKED, actor=actor, subject=Ref("person", token.person_id), token=token.id)
