"""Answering programs: one route for each declared operation, all through the same door.

Who acts was found out before (`accounts.sessions`): by a token and nothing else, so that no browser can be made to do
it for somebody. What is checked here is the same for every operation; what may be done is for the services to say.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import limits
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.limits import ReadingLimit
from portal.core.operations.operation import PREFIX, Call, NoMatch, Operation, OutOfScope, Reply, Unreadable
from portal.core.operations.reading import body_of, query_of
from portal.core.operations.shapes import complaints
from portal.core.scopes import WORDS

LIMITS = "dity-api-limits"
ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]{1,80})"')
KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")


def install(app: Flask, operations: Iterable[Operation]) -> Blueprint:
    """Give every operation its route; returns the blueprint, which takes no forms and so needs none of their tokens."""
    bp = Blueprint("api", __name__, url_prefix=PREFIX)
    for operation in operations:
        rule = re.sub(r"{(\w+)}", lambda found: _converted(operation, found[1]), operation.path)  # noqa: B023
        bp.add_url_rule(rule, operation.name, _view(operation), methods=[operation.method])
    app.register_blueprint(bp)
    return bp


def _converted(operation: Operation, name: str) -> str:
    return f"<int:{name}>" if operation.at[name]["type"] == "integer" else f"<{name}>"


def _view(operation: Operation) -> Callable[..., Response]:
    def view(**at: Any) -> Response:
        who = actors.current()
        _spend(who, operation)
        if operation.scope is not None and operation.scope not in (who.scopes or ()):
            raise OutOfScope(_("This token was not made for this: “%(scope)s”.", scope=WORDS[operation.scope]))
        call = Call(
            actor=who,
            path=at,
            query=query_of(request, operation),
            body=body_of(request, operation),
            if_match=_seen(operation),
            key=_key(operation, who),
        )
        reply = operation.run(call)
        response = _respond(reply, operation)
        if current_app.testing:
            check(operation, response)
        return response

    view.__doc__ = operation.summary
    return view


def _spend(who: Actor, operation: Operation) -> None:
    """Count one request of this token: looking in this process, changes for all of them, whatever becomes of them."""
    settings = current_app.config["DITY"]
    if operation.is_read:
        found: ReadingLimit = current_app.extensions.setdefault(LIMITS, ReadingLimit())
        found.spend(who.visit, settings.api_reads_per_minute)
    else:
        limits.spend("api", who.visit, limit=settings.api_changes_per_minute, seconds=60)
        db.session.commit()


def _seen(operation: Operation) -> str:
    """Return the ETag the caller saw, bare. Refuses none, and the star, which would overwrite unseen (NoMatch)."""
    if not operation.needs_match:
        return ""
    if (found := ETAG.fullmatch(request.headers.get("If-Match", "").strip())) is None:
        raise NoMatch(_("Say which text you saw: send If-Match with the ETag that came with it."))
    return found[1]


def _key(operation: Operation, who: Actor) -> str:
    given = request.headers.get("Idempotency-Key", "") if operation.takes_key else ""
    if given and not KEY.fullmatch(given):
        raise Unreadable(_("An Idempotency-Key is 8 to 40 letters, digits, hyphens and underscores."))
    return f"api-{who.visit}-{given}" if given else ""


def _respond(reply: Reply, operation: Operation) -> Response:
    body = b"" if reply.body is None else json.dumps(reply.body, ensure_ascii=False, allow_nan=False).encode()
    response = current_app.response_class(body, reply.status, content_type="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    if reply.location:
        response.headers["Location"] = reply.location
    if reply.etag or (operation.is_single and reply.status < 300):
        etag = reply.etag or hashlib.sha256(body).hexdigest()[:32]
        response.set_etag(etag)
        # Not `make_conditional`: to a GET with If-Match it would answer 412, which no reading operation declares.
        if operation.is_read and request.if_none_match.contains_weak(etag):
            response.status_code = HTTPStatus.NOT_MODIFIED
            response.set_data(b"")
    return response


class Undeclared(AssertionError):
    """An operation answered what it does not declare; only tests look."""


def check(operation: Operation, response: Response) -> None:
    """Refuse (Undeclared) an answer that the declaration does not know."""
    if response.status_code not in operation.statuses:
        raise Undeclared(f"{operation.name} answered {response.status_code}")
    if response.status_code == operation.status and operation.answer is not None:
        wrong = list(complaints(operation.answer, json.loads(response.get_data())))
        if wrong:
            raise Undeclared(f"{operation.name}: {wrong}")
