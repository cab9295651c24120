"""Programs: whom a request acts for that carries a token.

A token is taken in the header alone, and opens what is made for programs: the API, and the pictures its texts name.
A cookie opens nothing there, so no browser can be made to ask for somebody who does not know of it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from flask import Request, current_app
from flask_babel import gettext as _
from sqlalchemy import update
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from portal.accounts import hashing, queries, tokens
from portal.accounts.models import ApiToken, ServiceToken
from portal.core import clock
from portal.core.actor import Actor
from portal.core.buffer import Buffer
from portal.core.database import db
from portal.core.operations.operation import OutOfScope
from portal.core.scopes import Scope
from portal.people import services as people

BEARER = "bearer "
API = "api"
PICTURES = frozenset({"files.download", "kb.asset"})
"""Endpoints that a token with the scope `read` opens besides the API."""
IGNORED = frozenset({"reference.document"})
"""Endpoints that are the same for everybody, whatever they carry."""


def token_of(request: Request) -> str | None:
    """Return the token a request carries, None when it carries none."""
    header = request.headers.get("Authorization", "")
    return header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else None


def enter(request: Request) -> Actor:
    """Return whom the token stands for. Refuses none, one that does not work (both 401), and one not good for this."""
    text = token_of(request)
    if text is None:
        raise _refusal(_("Send a token, in the header Authorization: Bearer …"))
    actor = _service(text) if text.startswith(tokens.SERVICE) else _owner(text)
    if actor is None:
        raise _refusal(_("This token does not work, or no longer does."), error="invalid_token")
    if request.blueprint != API and Scope.READ not in (actor.scopes or ()):
        raise OutOfScope(_("This token was not made for this."))
    return actor


def opens(request: Request) -> bool:
    """True where a token is looked at: everywhere in the API, and for pictures that are asked for with one."""
    return request.blueprint == API or (request.endpoint in PICTURES and token_of(request) is not None)


def refuse_astray(request: Request) -> None:
    """Refuse (401) a token where people go: a program should hear of it, not be led to a page for signing in."""
    if request.endpoint is None or request.endpoint in IGNORED or token_of(request) is None:
        return
    raise _refusal(_("A token opens the addresses below /api/v1 and nothing else."))


def _refusal(words: str, **more: str) -> Unauthorized:
    return Unauthorized(words, www_authenticate=WWWAuthenticate("bearer", {"realm": "DITY", **more}))


def _owner(text: str) -> Actor | None:
    found = queries.owner_of_token(hashing.digest(text))
    actor = people.actor_for(found.person_id) if found is not None else None
    if found is None or actor is None:
        return None
    if found.last_used_on != clock.today():
        _buffer().add(_write_used, (found.token_id, clock.today()))
    return replace(actor, scopes=_known(found.scopes), visit=f"t{found.token_id}")


def _service(text: str) -> Actor | None:
    found = queries.service_of_token(hashing.digest(text))
    if found is None:
        return None
    if found.last_used_on != clock.today():
        _buffer().add(_write_service_used, (found.id, clock.today()))
    actor = tokens.service_actor(found.id, found.label, found.roles)
    visit = tokens.visit_of_service(found.id)
    return replace(actor, scopes=_known(found.scopes), visit=visit, service_by_id=found.created_by_id)


def _known(scopes: list[str]) -> frozenset[Scope]:
    return frozenset(Scope(one) for one in scopes if one in set(Scope))


def _buffer() -> Buffer:
    buffer: Buffer = current_app.extensions["dity-buffer"]
    return buffer


def _write_used(rows: list[tuple[int, dt.date]]) -> None:
    for token_id, on in dict(rows).items():
        db.session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_on=on))


def _write_service_used(rows: list[tuple[int, dt.date]]) -> None:
    for token_id, on in dict(rows).items():
        db.session.execute(update(ServiceToken).where(ServiceToken.id == token_id).values(last_used_on=on))
