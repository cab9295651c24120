"""A page that the receipt of a ticket offered, with a button: a link in a mail never acts by itself."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.community import suggesting
from portal.core import actor as actors
from portal.core import once
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import NotFound
from portal.core.feature import Thing
from portal.core.forms import Form
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.tickets import lifecycle, loading, policies
from portal.tickets.models import Ticket

bp = Blueprint("offered", __name__, url_prefix="/tickets", template_folder="../templates")


def _load(who: Actor, ticket_id: int, kind: str, thing_id: int) -> tuple[Ticket, Thing]:
    """Return the ticket and the page, both as this reader may see them."""
    ticket = loading.get(who, ticket_id)
    ref = Ref(kind, thing_id)
    thing = load_things(who, [ref]).get(ref) if kind in ("article", "question") else None
    if thing is None:
        raise NotFound(_("This page is not there any more."))
    return ticket, thing


@bp.get("/<int:ticket_id>/offers/<kind>/<int:thing_id>")
def show(ticket_id: int, kind: str, thing_id: int) -> str:
    """What may answer the ticket, and the button for taking it back."""
    who = actors.current()
    ticket, thing = _load(who, ticket_id, kind, thing_id)
    return render_template(
        "tickets/offered.html",
        ticket=ticket,
        thing=thing,
        form=Form(formdata=None),
        can_withdraw=policies.can_withdraw(who, ticket),
    )


@bp.post("/<int:ticket_id>/offers/<kind>/<int:thing_id>")
def solved(ticket_id: int, kind: str, thing_id: int) -> ResponseReturnValue:
    """This solved it: the page is marked so, and the ticket is taken back."""
    who, form = actors.current(), Form()
    ticket, thing = _load(who, ticket_id, kind, thing_id)
    where = url_for("tickets.show", ticket_id=ticket_id)
    if form.validate_on_submit():
        lifecycle.withdraw(who, ticket, solved_by=thing.ref)
        suggesting.solved(who, str(thing.ref))
        once.claim(form.token, person_id=who.person_id, location=where)
        db.session.commit()
        flash(_("Withdrawn. If you need help after all, say so here within 14 days."), "success")
    return redirect(where, 303)
