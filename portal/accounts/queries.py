"""Reads about sessions, tokens and links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from flask import url_for
from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import ApiToken, Credential, Erasure, OneTimeLink, Purpose, ServiceToken, SignInSession
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import NotFound
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.notifications import queries as notifications
from portal.people.models import Person


@dataclass(frozen=True)
class Entered:
    """What one query finds about the session a request came with."""

    session_id: int
    person_id: int
    created_at: dt.datetime
    last_seen_at: dt.datetime
    expires_at: dt.datetime
    idle_seconds: int
    n_new: int
    """News behind the bell; counted here, so that no page pays a query for it."""
    acted_by_id: int | None
    """The administrator who acts for the person in it."""

    def is_over(self, now: dt.datetime) -> bool:
        return now >= self.expires_at or now >= self.last_seen_at + dt.timedelta(seconds=self.idle_seconds)


def entered(token_hash: str) -> Entered | None:
    """Return the session of this name, unless it was ended or its person is shut out; one query."""
    row = db.session.execute(_entered(), {"token_hash": token_hash}).first()
    return Entered(*row) if row else None


@cache
def _entered() -> Select:
    """Return the query of every request, put together once."""
    return (
        select(
            SignInSession.id,
            SignInSession.person_id,
            SignInSession.created_at,
            SignInSession.last_seen_at,
            SignInSession.expires_at,
            SignInSession.idle_seconds,
            notifications.unread(SignInSession.person_id),
            SignInSession.acted_by_id,
        )
        .join(Person, Person.id == SignInSession.person_id)
        .where(SignInSession.token_hash == bindparam("token_hash"), SignInSession.ended_at.is_(None), Person.is_active)
    )


def sessions_of(person_id: int) -> list[SignInSession]:
    """Return the sessions somebody can still use, the latest seen first."""
    query = select(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    now = clock.now()
    rows = db.session.execute(query.order_by(SignInSession.last_seen_at.desc())).scalars()
    return [row for row in rows if now < min(row.expires_at, row.last_seen_at + dt.timedelta(seconds=row.idle_seconds))]


def erasure(erasure_id: int) -> Erasure:
    """Return what was asked and came of it; refuses (NotFound) a number nobody was given."""
    found = db.session.get(Erasure, erasure_id)
    if found is None:
        raise NotFound("")
    return found


def erasures_of(person_id: int) -> list[Erasure]:
    """Return what was done about one person, the latest first."""
    query = select(Erasure).where(Erasure.person_id == person_id)
    return list(db.session.execute(query.order_by(Erasure.id.desc())).scalars())


def erasures() -> list[Erasure]:
    """Return everybody who was forgotten, the latest first."""
    return list(db.session.execute(select(Erasure).order_by(Erasure.id.desc()).limit(50)).scalars())


def acted_for(person_id: int) -> list[SignInSession]:
    """Return when somebody acted for this person, the latest first, as far back as sessions are kept."""
    query = select(SignInSession).where(SignInSession.person_id == person_id, SignInSession.acted_by_id.is_not(None))
    return list(db.session.execute(query.order_by(SignInSession.id.desc()).limit(20)).scalars())


def credential(person_id: int) -> Credential | None:
    return db.session.get(Credential, person_id)


def has_password(person_id: int) -> bool:
    return db.session.execute(select(Credential.person_id).where(Credential.person_id == person_id)).first() is not None


def link(token_hash: str, purpose: Purpose) -> OneTimeLink | None:
    query = select(OneTimeLink).where(OneTimeLink.token_hash == token_hash, OneTimeLink.purpose == purpose.value)
    return db.session.execute(query).scalar_one_or_none()


def open_invitation(person_id: int) -> OneTimeLink | None:
    """Return the invitation somebody has not answered yet."""
    query = select(OneTimeLink).where(
        OneTimeLink.person_id == person_id,
        OneTimeLink.purpose == Purpose.INVITATION.value,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > clock.now(),
    )
    return db.session.execute(query.order_by(OneTimeLink.id.desc())).scalars().first()


def tokens_of(person_id: int) -> list[ApiToken]:
    """Return somebody's tokens that work, the newest first."""
    query = select(ApiToken).where(
        ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None), ApiToken.expires_on >= clock.today()
    )
    return list(db.session.execute(query.order_by(ApiToken.id.desc())).scalars())


@dataclass(frozen=True)
class Held:
    """What one query finds about the token a request came with."""

    token_id: int
    person_id: int
    scopes: list[str]
    last_used_on: dt.date | None


def owner_of_token(token_hash: str) -> Held | None:
    """Return what a token that works stands for; one query."""
    query = (
        select(ApiToken.id, ApiToken.person_id, ApiToken.scopes, ApiToken.last_used_on)
        .join(Person, Person.id == ApiToken.person_id)
        .where(
            ApiToken.token_hash == token_hash,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_on >= clock.today(),
            Person.is_active,
        )
    )
    row = db.session.execute(query).first()
    return Held(*row) if row else None


def service_of_token(token_hash: str) -> ServiceToken | None:
    """Return the service whose token this is and works; one query."""
    query = select(ServiceToken).where(ServiceToken.token_hash == token_hash, _service_works())
    return db.session.execute(query).scalar_one_or_none()


def services() -> list[ServiceToken]:
    """Return the services that may enter, by name; one query."""
    query = select(ServiceToken).where(_service_works()).options(joinedload(ServiceToken.created_by))
    return list(db.session.execute(query.order_by(ServiceToken.label, ServiceToken.id)).scalars())


def service_things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return programs that are or were let in, for those who do so; one query."""
    if not actor.can(Permission.API_SERVICE):
        return {}
    rows = db.session.execute(select(ServiceToken).where(ServiceToken.id.in_(ids))).scalars()
    return {row.id: Thing(ref=row.ref, title=row.label, url=url_for("accounts.programs")) for row in rows}


def _service_works() -> ColumnElement[bool]:
    last = ServiceToken.expires_on
    return ServiceToken.revoked_at.is_(None) & (last.is_(None) | (last >= clock.today()))
