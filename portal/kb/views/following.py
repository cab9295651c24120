"""Following articles."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core import registry
from portal.core.database import db
from portal.core.errors import Forbidden
from portal.kb.reading import services
from portal.talk import follows

bp = Blueprint("following", __name__, url_prefix="/kb", template_folder="../templates")


@bp.get("/following")
def index() -> str:
    """What one follows, the last chosen first."""
    who = actors.current()
    if not who.is_signed_in:
        raise Forbidden("")
    refs = follows.own(who)
    found = registry.load_things(who, refs)
    return render_template("following/index.html", things=[found[ref] for ref in refs if ref in found])


@bp.post("/<slug>/follow")
def follow(slug: str) -> ResponseReturnValue:
    """Follow an article, or stop."""
    who = actors.current()
    article = services.get(who, slug)
    turn = follows.unfollow if request.form.get("follow") == "no" else follows.follow
    turn(who, article.ref, topic=article.category.ref)
    db.session.commit()
    if request.form.get("back") == "list":
        return redirect(url_for("following.index"), 303)
    return redirect(url_for("kb.article", slug=slug), 303)
