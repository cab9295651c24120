"""Tokens by which a program acts: as its owner, or as a service that is nobody's. A token can do less, never more."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.accounts import hashing, queries
from portal.accounts.models import ApiToken, ServiceToken
from portal.core import clock, options
from portal.core.actor import Actor, Kind, permissions_of
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.permissions import Permission, Role
from portal.core.refs import Ref
from portal.core.scopes import LEAST, Scope
from portal.ledger import services as ledger
from portal.people import audiences

LIVES_DAYS = (30, 90, 365)
SERVICE_LIVES_DAYS = (90, 365, 0)
"""0: until it is revoked."""
MOST = 20
SERVICE = "ditysvc_"


def make(actor: Actor, *, label: str, days: int, scopes: Collection[Scope] = LEAST) -> tuple[ApiToken, str]:
    """Make a token and return it with its text, which is shown once and stored nowhere."""
    actor.require(Permission.TOKEN_OWN)
    if actor.person_id is None or actor.is_acting_for:
        raise Forbidden("")
    if days not in LIVES_DAYS:
        raise Invalid(_("Choose how long the token works."), field="days")
    if len(queries.tokens_of(actor.person_id)) >= MOST:
        raise Invalid(_("You have %(n)s tokens already. Revoke one first.", n=MOST))
    text = f"dity_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        token_hash=hashing.digest(text),
        prefix=text[:10],
        label=_label(label),
        person_id=actor.person_id,
        scopes=_scopes(scopes, offered_to(actor)),
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
        label=token.label,
        scopes=token.scopes,
        expires_on=token.expires_on.isoformat(),
    )
    return token, text


def offered_to(actor: Actor) -> list[Scope]:
    """Return what a token of this actor could be good for, in the order of the form."""
    needed = {
        Scope.PEOPLE: Permission.PERSON_MANAGE,
        Scope.SURVEYS: Permission.SURVEY_READ,
        Scope.GOALS: Permission.INSIGHT_READ,
    }
    return [scope for scope in Scope if scope not in needed or actor.can(needed[scope])]


def _label(label: str) -> str:
    label = " ".join(label.split())
    if not label or len(label) > 80:
        raise Invalid(_("Please say in a few words what the token is for."), field="label")
    return label


def _scopes(chosen: Collection[Scope], offered: Collection[Scope]) -> list[str]:
    if not chosen or not set(chosen) <= set(offered):
        raise Invalid(_("Choose what the token is good for."), field="scopes")
    return sorted(scope.value for scope in set(chosen))


def revoke(actor: Actor, token_id: int) -> None:
    """Revoke one of the actor's own tokens. Refuses other people's (NotFound)."""
    actor.require_self()
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


def make_service(
    actor: Actor, *, label: str, days: int, roles: Collection[Role], scopes: Collection[Scope]
) -> tuple[ServiceToken, str]:
    """Make a token for a program that is nobody's, and return it with its text, which is shown once."""
    actor.require(Permission.API_SERVICE)
    if actor.is_acting_for:
        raise Forbidden("")
    if days not in SERVICE_LIVES_DAYS:
        raise Invalid(_("Choose how long the token works."), field="days")
    if not set(roles) <= set(Role):
        raise Invalid(_("Choose roles from the list."), field="roles")
    text = f"{SERVICE}{secrets.token_urlsafe(32)}"
    token = ServiceToken(
        token_hash=hashing.digest(text),
        prefix=text[:13],
        label=_label(label),
        roles=sorted(role.value for role in set(roles) - {Role.READER}),
        scopes=_scopes(scopes, list(Scope)),
        created_by_id=actor.person_id,
        created_at=clock.now(),
        expires_on=clock.today() + dt.timedelta(days=days) if days else None,
    )
    db.session.add(token)
    db.session.flush()
    ledger.record(
        Name.SERVICE_TOKEN_CREATED,
        actor=actor,
        subject=token.ref,
        label=token.label,
        roles=token.roles,
        scopes=token.scopes,
        expires_on=token.expires_on.isoformat() if token.expires_on else None,
    )
    return token, text


def revoke_service(actor: Actor, token_id: int) -> ServiceToken:
    """Make a service's token useless, at once."""
    actor.require(Permission.API_SERVICE)
    token = db.session.get(ServiceToken, token_id)
    if token is None or token.revoked_at is not None:
        raise NotFound("")
    _revoke_service(actor, token)
    return token


def revoke_services_of(actor: Actor, person_id: int) -> int:
    """Revoke every service token that somebody made who is shut out: they may know its text. Returns how many."""
    query = select(ServiceToken).where(ServiceToken.created_by_id == person_id, ServiceToken.revoked_at.is_(None))
    found = list(db.session.execute(query.order_by(ServiceToken.id)).scalars())
    for token in found:
        _revoke_service(actor, token)
    return len(found)


def _revoke_service(actor: Actor, token: ServiceToken) -> None:
    token.revoked_at = clock.now()
    db.session.flush()
    ledger.record(Name.SERVICE_TOKEN_REVOKED, actor=actor, subject=token.ref, label=token.label)


def visit_of_service(token_id: int) -> str:
    """Return the visit under which the facts of a service stand."""
    return f"v{token_id}"


def service_of_visit(visit: str | None) -> Ref | None:
    """Return the service behind a visit of the ledger, if there is one.

    >>> service_of_visit("v7"), service_of_visit("s7"), service_of_visit("4f5a6b7c8d9e0f1a")
    (Ref(kind='service_token', id=7), None, None)
    """
    number = (visit or "").removeprefix("v")
    return Ref("service_token", int(number)) if visit and visit[0] == "v" and number.isdecimal() else None


def service_actor(token_id: int, label: str, roles: Collection[str]) -> Actor:
    """Return a service as somebody who acts; free of queries while nothing about people changed."""
    opts, database = options.get(), str(db.engine.url)
    defaults = (opts.default_locale, opts.default_timezone)
    return _cached_service(token_id, label, frozenset(roles), options.stamp("people"), defaults, database)


@lru_cache(maxsize=256)
def _cached_service(
    token_id: int, label: str, roles: frozenset[str], stamp: str, defaults: tuple[str, str], database: str
) -> Actor:
    given = frozenset({Role.READER, *(Role(role) for role in roles)})
    actor = Actor(
        kind=Kind.BOT,
        name=label,
        roles=given,
        permissions=permissions_of(given),
        locale=defaults[0],
        timezone=defaults[1],
        service_id=token_id,
    )
    return replace(actor, keys=audiences.allowed_keys(actor))
