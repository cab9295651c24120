"""Giving files out. Whatever a file contains, a browser neither runs nor frames it."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, send_file

from portal.core import actor as actors
from portal.core.access import public
from portal.core.errors import NotFound
from portal.files import services

bp = Blueprint("files", __name__, url_prefix="/files")

CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"

log = structlog.get_logger(__name__)


@bp.get("/<int:attachment_id>/<name>")
@public
def download(attachment_id: int, name: str) -> Response:
    """A picture we drew is shown, everything else is saved."""
    attachment, path = services.fetch(actors.current(), attachment_id, name=name)
    try:
        response = send_file(
            path,
            mimetype=attachment.media_type,
            as_attachment=not attachment.is_picture,
            download_name=attachment.download_name,
            etag=attachment.sha256,
            last_modified=attachment.created_at,
        )
    except FileNotFoundError:
        log.error("file_missing", attachment=attachment_id)
        raise NotFound("") from None
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Kept by the browser, but asked for again each time: who may see it can change.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
