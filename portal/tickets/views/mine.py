"""The requester's pages: my tickets in one place, and one of them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.tickets import loading, queries

bp = Blueprint("tickets", __name__, url_prefix="/tickets", template_folder="../templates")


@bp.get("/<int:ticket_id>")
def show(ticket_id: int) -> ResponseReturnValue:
    """What was handed over, what was said since, and where it stands."""
    who = actors.current()
    ticket = loading.get(who, ticket_id)
    if (final := loading.final(ticket)) is not ticket:
        return redirect(url_for("tickets.show", ticket_id=loading.get(who, final.id).id))
    return render_template("tickets/show.html", ticket=ticket, messages=queries.conversation(who, ticket))
