"""Refusals as pages or as problem JSON, and never a trace.

Whatever goes wrong, the person reads what happened, what is safe and what to do; what they typed comes along.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from portal.core import access, database, rescuing
from portal.core.database import db
from portal.core.errors import Refusal, TooMany, Unavailable
from portal.core.once import AlreadyDone
from portal.core.operations.operation import KIND_BY_STATUS, PROBLEMS, problem_type

log = structlog.get_logger(__name__)

PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503, 507})
NEVER_KEPT = ("csrf_token", "password", "current", "smtp_password", "token")


def install(app: Flask) -> None:
    app.register_error_handler(AlreadyDone, lambda done: redirect(done.location, 303))
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_trouble)
    app.register_error_handler(OSError, _system_trouble)
    app.register_error_handler(Exception, _surprise)


def _refusal(refusal: Refusal) -> ResponseReturnValue:
    for hook in _on_refusal:
        hook(refusal)
    response = answer(refusal.status, refusal.message, kind=refusal.kind, **refusal.members)
    if isinstance(refusal, TooMany | Unavailable):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


_on_refusal: list[Callable[[Refusal], None]] = []


def on_refusal(hook: Callable[[Refusal], None]) -> None:
    """Let a feature know of refusals (the audit log keeps those of permission)."""
    if hook not in _on_refusal:
        _on_refusal.append(hook)


_on_missing: list[Callable[[str], str | None]] = []


def on_missing(hook: Callable[[str], str | None]) -> None:
    """Let a feature say where an address leads that the portal has no page for: an old one of an imported article."""
    if hook not in _on_missing:
        _on_missing.append(hook)


def _lead_on() -> str | None:
    """Return where the address of this request leads by now, if anybody knows and the database can be asked."""
    try:
        return next((target for hook in _on_missing if (target := hook(request.path))), None)
    except SQLAlchemyError:
        log.warning("missing_hook_failed", exc_info=True)
        return None


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    return answer(400, _("This form was open for too long, or in another browser. Nothing was changed."))


def _foreign_host(error: SecurityError) -> ResponseReturnValue:
    """Refuse a Host that is not ours, without a page: its links would need an address, and there is none to trust."""
    return Response(_plain(400, "This portal does not answer to that name."), 400)


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    if error is request.routing_exception and code == 404 and request.method in ("GET", "HEAD") and (to := _lead_on()):
        return redirect(to, 301)
    response = answer(code, "" if error.description == type(error).description else error.description or "")
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            response.headers[name] = value
    return response


def _database_trouble(error: OperationalError) -> ResponseReturnValue:
    text = str(error.orig).lower()
    if "locked" in text or "busy" in text:
        return _refusal(Unavailable(_("The portal is very busy at the moment. Nothing was changed.")))
    if "full" in text or "disk i/o" in text or "readonly" in text:
        log.error("disk_full", detail=text)
        return answer(507, _("There is no room left to keep this. Reading still works; an administrator can see it."))
    return _surprise(error)


def _system_trouble(error: OSError) -> ResponseReturnValue:
    if error.errno == 28:  # ENOSPC
        log.error("disk_full", detail=str(error))
        return answer(507, _("There is no room left to keep this. Reading still works; an administrator can see it."))
    return _surprise(error)


def _surprise(error: Exception) -> ResponseReturnValue:
    if access.is_nameless():
        # The place, without the message: it may repeat what somebody wrote.
        log.error("unexpected", kind=type(error).__name__, place=traceback.format_tb(error.__traceback__)[-3:])
    else:
        log.error("unexpected", exc_info=error)
    return answer(500, "")


def answer(code: int, message: str, *, kind: str = "", **members: Any) -> Response:
    """Return the page (or problem JSON) for a status; ends the transaction, so that nothing half done is kept."""
    try:
        db.session.rollback()
    except Exception:
        log.warning("rollback_failed", exc_info=True)
    database.set_looking(True)  # the page only reads: it must come out while somebody else holds the write lock
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        response = jsonify(problem(code, message, kind) | members)
        response.content_type = "application/problem+json"
    else:
        response = make_response(_page(code, message))
    response.status_code = code
    return response


def problem(code: int, message: str, kind: str = "") -> dict[str, Any]:
    """Return the body of RFC 9457; its type is what programs tell it by."""
    title, kind = HTTPStatus(code).phrase, kind or KIND_BY_STATUS.get(code, "")
    return {
        "type": problem_type(kind) if kind else "about:blank",
        "title": title,
        "status": code,
        "detail": message or PROBLEMS.get(kind, (code, ""))[1],
        "instance": g.get("request_id"),
    }


def _page(code: int, message: str) -> str:
    shown = code if code in PAGES else (500 if code >= 500 else 400)
    context = {"code": code, "message": message, "incident": g.get("request_id", ""), "kept": kept()}
    try:
        if request.headers.get("HX-Request"):
            return render_template("errors/fragment.html", **context)
        return render_template(f"errors/{shown}.html", **context)
    except Exception:  # the database may be away, and pages ask it for the portal's name
        log.error("error_page_failed", exc_info=True)
        return _plain(code, message)


def kept() -> list[tuple[str, str]]:
    """Return what was typed, for a button that sends it again; no secrets, no files, nothing another site sent."""
    origin = request.headers.get("Origin", "")
    is_ours = urlsplit(origin).netloc == request.host
    if not is_ours and not (origin == "null" and access.is_nameless() and _is_same_site()):
        return []
    return [
        (name, value)
        for name, value in _sent()
        if not any(part in name for part in NEVER_KEPT) and len(value) < 200_000
    ]


def _is_same_site() -> bool:
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _sent() -> list[tuple[str, str]]:
    """Return the fields of the form; of one that was too large those before the first file."""
    try:
        return list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        if "rescued" not in g:
            g.rescued = rescuing.typed()
        return list(g.rescued)


def _plain(code: int, message: str) -> str:
    text = message or "Something went wrong on our side. Nothing you did is lost that was confirmed before."
    incident = g.get("request_id", "")
    return "".join(
        (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{code}</title>',
            f"<h1>{escape(HTTPStatus(code).phrase)}</h1><p>{escape(text)}</p>",
            f'<p>Incident {escape(incident)}</p><p><a href="/">Home</a></p></html>',
        )
    )
