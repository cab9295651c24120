"""The way to the next page: an opaque, signed note of where the last one ended.

It names the last thing shown, not a number of things, so that what is added meanwhile shifts nothing. It is good only
for the same list with the same filters.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from portal.core.operations.operation import Unreadable
from portal.core.operations.shapes import text, whole

MOST = 100
USUAL = 30


def after(of: str, query: Mapping[str, Any]) -> list[Any] | None:
    """Return what the list's last page ended with; None for the first page. Refuses a foreign cursor (Unreadable)."""
    given = query.get("cursor")
    if given is None:
        return None
    try:
        name, end = _signer().loads(given)
    except (BadData, ValueError, TypeError):
        raise Unreadable(_("This cursor is not one of ours.")) from None
    if name != _list(of, query):
        raise Unreadable(_("This cursor belongs to another list.")) from None
    found: list[Any] = end
    return found


def make(of: str, query: Mapping[str, Any], *end: Any) -> str:
    """Return the cursor for the page behind this end."""
    made = _signer().dumps([_list(of, query), list(end)])
    return made if isinstance(made, str) else made.decode()


def _list(of: str, query: Mapping[str, Any]) -> str:
    filters = {name: value for name, value in query.items() if name not in ("cursor", "limit")}
    return f"{of}:{hashlib.sha256(json.dumps(filters, sort_keys=True).encode()).hexdigest()[:16]}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="cursor")


PARAMETERS = {
    "limit": whole("How many at once.", least=1, most=MOST),
    "cursor": text("The `next` of the page before.", least=1, most=1000),
}
"""What every list takes."""
