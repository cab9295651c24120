"""Which variant of an article somebody sees: what they chose last on this device, else what the device looks like."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Request, Response
from flask_babel import gettext as _

KNOWN = ("windows", "macos", "linux", "phone")
ICONS = {"windows": "monitor", "macos": "laptop", "linux": "laptop", "phone": "phone"}
COOKIE = "platform"
YEAR = 365 * 24 * 3600


def names() -> dict[str, str]:
    return {"windows": "Windows", "macos": "macOS", "linux": "Linux", "phone": _("Phone")}


def guess(request: Request) -> str:
    """Return what this device is by its own words, empty when it says nothing we know."""
    agent = (request.user_agent.string or "").lower()
    if any(word in agent for word in ("iphone", "ipad", "android", "mobile")):
        return "phone"
    for word, platform in (("windows", "windows"), ("mac os", "macos"), ("linux", "linux")):
        if word in agent:
            return platform
    return ""


def choose(request: Request, offered: Sequence[str]) -> str:
    """Return the variant to show: asked for, remembered, guessed, else the first; empty when there are none."""
    for wanted in (request.args.get("platform"), request.cookies.get(COOKIE), guess(request)):
        if wanted in offered:
            return str(wanted)
    return offered[0] if offered else ""


def remember(response: Response, platform: str, *, is_secure: bool) -> None:
    # Not hidden from script: the switch writes the same cookie when it changes the page in place.
    response.set_cookie(COOKIE, platform, max_age=YEAR, samesite="Lax", secure=is_secure)


def options(offered: Sequence[str], address: str) -> list[dict[str, str]]:
    """Return the switch's segments, in a fixed order."""
    words = names()
    return [
        {"value": name, "text": words[name], "icon": ICONS[name], "href": f"{address}?platform={name}"}
        for name in KNOWN
        if name in offered
    ]
