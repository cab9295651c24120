"""What a reader put away on this device. The cookie holds only numbers; what says something new comes back."""

from __future__ import annotations

import datetime as dt
import re

from flask import request
from werkzeug.wrappers import Response

MOST = 20
_VERSIONS = re.compile(r"\d{1,10}\.\d{1,10}(?:-\d{1,10}\.\d{1,10})*")


def versions(cookie: str) -> list[str]:
    """Return the very texts that were put away here."""
    value = request.cookies.get(cookie, "")
    return value.split("-") if len(value) < 1000 and _VERSIONS.fullmatch(value) else []


def remember(response: Response, cookie: str, version: str, *, kept: dt.timedelta, is_secure: bool) -> None:
    """Note on this device that this very text was read."""
    earlier = [one for one in versions(cookie) if one != version]
    value = "-".join([*earlier, version][-MOST:])
    response.set_cookie(cookie, value, max_age=kept, httponly=True, samesite="Lax", secure=is_secure)
