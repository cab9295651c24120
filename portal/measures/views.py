"""What finished work changed, for whoever finished it: a page of the editors' desk, and a piece of its front page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from analytics.before_after import Verdict
from portal.core import actor as actors
from portal.core.permissions import Permission
from portal.measures import finished

bp = Blueprint("changed", __name__, url_prefix="/desk/changed", template_folder="templates")
AT_ONCE = 3
"""On the desk's front page."""


@bp.get("/")
def index() -> str:
    """Before and after, text by text."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    return render_template("measures/changed.html", rows=finished.of(who), words=words())


def on_desk(context: Mapping[str, Any]) -> str:
    """Draw what the latest texts of the reader changed; before there is any, only the way there."""
    rows = finished.of(actors.current(), limit=AT_ONCE)
    if not rows:
        return render_template("measures/_way_there.html")
    return render_template("measures/_on_desk.html", rows=rows, words=words())


def words() -> dict[Verdict, str]:
    """Return what can be said of a change, in a few words that claim no more."""
    return {
        Verdict.TOO_EARLY: _("too early to say"),
        Verdict.TOO_FEW: _("too few to say"),
        Verdict.BETTER: _("fewer"),
        Verdict.WORSE: _("more"),
        Verdict.UNCLEAR: _("may be chance"),
    }
