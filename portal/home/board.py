"""The board: notices as they hang on the home page, among results and above an article.

A notice that a reader put away stays away on that device until it says something new; the cookie holds only numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.core import actor as actors
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.home import policies, queries
from portal.home import put_away as away_here
from portal.home.queries import Shown

PAGES = frozenset({"home.index", "search.results", "kb.article", "kb.solved"})
COOKIE = "notices-away"
KEPT = dt.timedelta(days=7)


def panel(context: Mapping[str, Any]) -> str:
    """Draw the notices that are up on the pages where people look for help; one query."""
    if request.endpoint not in PAGES:
        return ""
    who = actors.current()
    view = request.view_args or {}
    found = queries.notices(
        who,
        slug=view.get("slug", ""),
        topic=request.args.get("category", "").rpartition("/")[2][:64],
        words=request.args.get("q", "")[:300] if request.endpoint == "search.results" else "",
    )
    away = away_here.versions(COOKIE)
    hanging = [shown for shown in found if shown.incident.version not in away]
    if not hanging:
        return ""
    return render_template("home/_board.html", notices=hanging, back=_here(), can_echo=policies.can_echo(who))


def on_the_way(context: Mapping[str, Any]) -> str:
    """Draw the notices that are up where somebody is about to hand over: "me too" instead of a ticket; one query.

    What was put away elsewhere hangs here all the same: it may be what they are about to write.
    """
    who = actors.current()
    found = queries.notices(who, words=str(context.get("words") or "")[:300])
    if not found:
        return ""
    return render_template("home/_on_the_way.html", notices=found, back=_here(), can_echo=policies.can_echo(who))


def beside_ticket(context: Mapping[str, Any]) -> str:
    """Draw beside a ticket at the desk which notice it belongs to, or those that are up to choose from."""
    who, ticket = actors.current(), context["ticket"]
    ref = Ref.parse(ticket.incident) if ticket.incident else None
    notices = queries.notices(who) if ref is None and context["can_work"] else []
    if not notices and ref is None:
        return ""
    known = load_things(who, [ref]).get(ref) if ref is not None else None
    return render_template("home/_belongs.html", notices=notices, known=known, **context)


def one(shown: Shown | None, *, back: str) -> str:
    """Draw one notice; nothing when it is over."""
    if shown is None:
        return ""
    return render_template("home/_notice.html", shown=shown, back=back, can_echo=policies.can_echo(actors.current()))


def put_away(response: Response, shown: Shown, *, is_secure: bool) -> None:
    """Remember on this device that this very text was read."""
    away_here.remember(response, COOKIE, shown.incident.version, kept=KEPT, is_secure=is_secure)


def _here() -> str:
    """Return the address of this page as the browser wrote it; a form that was sent has none to come back to."""
    if request.method != "GET":
        return request.script_root + request.path.rpartition("/")[0]
    query = request.query_string.decode("ascii", "ignore")
    return request.script_root + request.path + (f"?{query}" if query else "")
