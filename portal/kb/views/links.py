"""Links that lead nowhere, for those who mend them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import options
from portal.core.database import db
from portal.core.permissions import Permission
from portal.jobs import services as jobs
from portal.kb import presenting
from portal.kb.caring import links
from portal.kb.models import LinkState

bp = Blueprint("links", __name__, url_prefix="/desk/links", template_folder="../templates")


@bp.get("/")
def index() -> str:
    """What is broken, what is doubtful, and how many links are fine."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    found = links.overview(who)
    return render_template(
        "desk/links.html",
        rows=found.rows,
        n_broken=sum(row.state == LinkState.BROKEN for row in found.rows),
        n_inside=sum(n for (is_outside, _state), n in found.counts.items() if not is_outside),
        n_outside=sum(n for (is_outside, _state), n in found.counts.items() if is_outside),
        n_unasked=found.counts.get((True, LinkState.NEW.value), 0),
        is_on=options.get().check_outside_links,
        can_switch=who.can(Permission.OPTION_CHANGE),
        why=presenting.link_words,
    )


@bp.post("/check")
def check() -> ResponseReturnValue:
    """Follow the inside links now, and let the outside ones be followed by the runner."""
    actors.current().require(Permission.ARTICLE_WRITE)
    links.collect()
    if options.get().check_outside_links:
        jobs.enqueue("kb.links.follow", {})
    db.session.commit()
    flash(_("Links between articles were followed just now. Those to other sites follow within minutes."), "success")
    return redirect(url_for("links.index"), 303)


@bp.post("/outside/<any(on, off):state>")
def outside(state: str) -> ResponseReturnValue:
    """Let the portal follow links to other sites, or not."""
    who = actors.current()
    who.require(Permission.OPTION_CHANGE)
    options.change(who, check_outside_links=state == "on")
    if state == "off":
        links.forget_outside()
    db.session.commit()
    return redirect(url_for("links.index"), 303)
