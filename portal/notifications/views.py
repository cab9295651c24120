"""What is new, and putting it away."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core.arguments import number
from portal.core.database import db
from portal.notifications import queries, services

bp = Blueprint("notifications", __name__, url_prefix="/notifications", template_folder="templates")


@bp.get("/")
def index() -> str:
    """Everything one was told, the newest first."""
    found = queries.news(actors.current(), before_id=number("before"))
    older = url_for(".index", before=found[-1].id) if len(found) == queries.PAGE else None
    return render_template("notifications/index.html", news=found, older=older)


@bp.post("/<int:news_id>/open")
def open_news(news_id: int) -> ResponseReturnValue:
    """Mark one as read and go where it leads."""
    where = services.open_news(actors.current(), news_id)
    db.session.commit()
    return redirect(where or url_for(".index"), 303)


@bp.post("/read")
def read_all() -> ResponseReturnValue:
    """Mark all as read."""
    services.read_all(actors.current())
    db.session.commit()
    return redirect(url_for(".index"), 303)
