"""The page of results and the list below the box while somebody types. Both only look."""

from __future__ import annotations

import re

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from analytics.vocabulary.searching import SURFACES
from portal.core import actor as actors
from portal.core.access import public
from portal.core.arguments import number
from portal.core.permissions import Permission
from portal.search import pace, presenting, services
from portal.search.documents import LAST_PAGE, SearchRequest

bp = Blueprint("search", __name__, url_prefix="/search", template_folder="../templates")

LONGEST_FILTER = 120
SHORTEST = 3
"""Letters from which on something is suggested."""
KEY = re.compile(r"[0-9a-f]{16}")


@bp.get("")
@public
def results() -> ResponseReturnValue:
    """Show what answers a question; without one, the box alone."""
    who = actors.current()
    who.require(Permission.SEARCH_USE)
    asked = _asked()
    if not asked.text and not asked.filters:
        return render_template("search/start.html")
    pace.spend("searches", who)
    found = services.search(
        who, asked, surface=_surface("search"), of=_of(asked), is_relaxed=bool(request.args.get("relaxed"))
    )
    template = "search/results.html" if found.rows else "search/nothing.html"
    return render_template(template, found=found, results=found.results, asked=found.results.request, say=presenting)


@bp.get("/suggest")
@public
def suggest() -> ResponseReturnValue:
    """Answer a piece of a page: the best few for what was typed so far, and the ways out."""
    who = actors.current()
    who.require(Permission.SEARCH_USE)
    text = request.args.get("q", "").strip()
    if len(text) < SHORTEST:
        return ""
    pace.spend("suggestions", who)
    found = services.suggest(who, text, surface=_surface("search"))
    return render_template("search/_hits.html", found=found, results=found.results, say=presenting)


def _asked() -> SearchRequest:
    def word(name: str) -> str:
        return request.args.get(name, "").strip()[:LONGEST_FILTER]

    return SearchRequest(
        text=request.args.get("q", ""),
        kind=word("kind"),
        category=word("category"),
        tag=word("tag"),
        platform=word("platform"),
        page=number("page", default=1, least=1, most=LAST_PAGE),
        is_exact=request.args.get("exact") == "1",
    )


def _of(asked: SearchRequest) -> str | None:
    """Return the search this one goes on from, when it only turns the page or filters."""
    given = request.args.get("of", "")
    return given if KEY.fullmatch(given) and (asked.page > 1 or asked.filters) else None


def _surface(otherwise: str) -> str:
    given = request.args.get("from", "")
    return given if given in SURFACES else otherwise
