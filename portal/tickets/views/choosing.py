"""Two ways to be helped by people, well explained."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from portal.core import actor as actors
from portal.tickets import policies
from portal.tickets.requesting import pace, prepared

bp = Blueprint("helping", __name__, url_prefix="/help-me", template_folder="../templates")


@bp.get("")
def choose() -> str:
    """Ask colleagues, or hand it over: who sees it, and how long each usually takes."""
    words = " ".join(request.args.get("q", "").split())[:200]
    usual = pace.usual()
    return render_template(
        "tickets/choose.html",
        words=words,
        ask_url=url_for("home.ask", q=words or None),
        hand_over_url=url_for("handing_over.new", q=words or None),
        colleagues=pace.words(usual.colleagues),
        desk=pace.working(usual.desk),
        requests=prepared.offered() if policies.can_open(actors.current()) else [],
    )
