"""What every request goes through: a name for the log, the mode of its transaction, protection, headers.

A GET only looks: its transaction is a reader's, so it waits for nobody and can write nothing.
"""

from __future__ import annotations

import re
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, g, request
from flask_babel import gettext as _

from portal.core import access, database
from portal.core import actor as actors
from portal.core.arguments import RowNumber
from portal.core.errors import Invalid
from portal.core.metrics import REQUEST_SECONDS

READING = frozenset({"GET", "HEAD", "OPTIONS"})
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

log = structlog.get_logger("request")


def install(app: Flask, *, is_secure: bool) -> None:
    """Hook the beginning and the end of every request; numbers in addresses are ones that rows can have."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_begin)
    app.before_request(_refuse_foreign_writes)

    @app.after_request
    def finish(response: Response) -> Response:
        _protect(response, is_secure=is_secure)
        _tell(response)
        return response


def _begin() -> None:
    structlog.contextvars.clear_contextvars()
    g.pop("request_id", None)  # an app context around several requests is shared by them
    if not access.is_nameless():
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if re.fullmatch(r"[A-Za-z0-9-]{8,32}", given) else secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request_id=g.request_id)
    g.started = time.perf_counter()
    database.set_looking(request.method in READING)
    if request.method not in METHODS:
        abort(405)
    # PostgreSQL keeps no NUL in text, and no person types one.
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)
    if request.method not in READING and any("\0" in name + value for name, value in request.form.items(multi=True)):
        raise Invalid(_("Please remove the invisible NUL character."))


def _refuse_foreign_writes() -> None:
    """Refuse a change that another site sent on somebody's behalf, before any token is looked at."""
    if request.method in READING:
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(400, _("This form was sent from another site."))
    origin = request.headers.get("Origin")
    if origin == "null" and access.is_nameless():
        return  # what browsers say of a page that sends no referrer
    if origin and urlsplit(origin).netloc != request.host:
        abort(400, _("This form was sent from another site."))


def _protect(response: Response, *, is_secure: bool) -> None:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
    if is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    headers.setdefault("Cache-Control", "no-store" if actors.current().is_signed_in else "no-cache, private")
    if (request_id := g.get("request_id")) is not None:
        headers["X-Request-ID"] = request_id


def _tell(response: Response) -> None:
    if access.is_nameless():
        return
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    endpoint = request.endpoint or "none"
    REQUEST_SECONDS.labels(endpoint, request.method, str(response.status_code // 100) + "xx").observe(seconds)
    # The address without its query: what people search for is nobody's business in a log file.
    log.info(
        "request",
        method=request.method,
        path=loggable(request.path),
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        person=actors.current().person_id,
    )


def loggable(path: str) -> str:
    """Return a path without what opens something: links from mails carry their secret in it.

    >>> loggable("/reset/Zk3v_pYd0cR-8sTq1mXw7nJb5hLf2gAeU4iOoQyBtCk")
    '/reset/…'
    """
    return _SECRET.sub("…", path).translate(_CONTROL)


class MountedAt:
    """Lets the app live under a path; requests for any other path are not found."""

    def __init__(self, app: Any, prefix: str) -> None:
        self._app, self._prefix = app, "/" + prefix.strip("/")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        if path == self._prefix or path.startswith(self._prefix + "/"):
            environ["PATH_INFO"] = path[len(self._prefix) :] or "/"
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self._prefix
            return self._app(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"Not found"]


_SECRET = re.compile(r"(?<=/)(?=[^/]*[A-Z])[A-Za-z0-9_-]{40,}")
_CONTROL = {n: f"\\x{n:02x}" for n in (*range(32), 127)}
