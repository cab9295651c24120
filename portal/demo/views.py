"""Picking a person instead of signing in, and reading the mail the demo would have sent. Elsewhere nothing is here."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request, url_for
from flask import redirect as lead_to
from flask.typing import ResponseReturnValue

from portal.accounts.access import door
from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import NotFound
from portal.demo import services
from portal.demo.cards import CARDS, card
from portal.notifications import queries as mail_queries
from portal.notifications import services as notifications
from portal.notifications.models import OutboxMail

bp = Blueprint("demo", __name__, url_prefix="/demo", template_folder="templates")


def is_on() -> bool:
    """Whether this portal is the demo. Asked of the settings, which nobody can change from a browser."""
    return bool(current_app.config["DITY"].demo)


@bp.before_request
def only_in_the_demo() -> None:
    if not is_on():
        raise NotFound("")


def instead_of_signing_in() -> str | None:
    """Show the cards where the sign-in would ask for a password. A hook before every request."""
    is_sign_in = request.endpoint == "accounts.sign_in" and request.method == "GET"
    if not (is_sign_in and is_on()) or actors.current().is_signed_in:
        return None
    return render_template("demo/sign_in.html", cards=CARDS)


@bp.post("/be")
@door
def be() -> ResponseReturnValue:
    """Sign in as one of the nine; whoever left the company stays outside."""
    picked = card(request.form.get("person", ""))
    if picked is None:
        raise NotFound("")
    if not services.be(picked.email):
        return render_template("demo/refused.html", card=picked), 403
    db.session.commit()
    return lead_to(url_for("home.index"), 303)


@bp.get("/mail")
@door
def mail() -> str:
    """The outbox as people would have got it."""
    return render_template("demo/mail.html", mails=mail_queries.outbox_page(limit=100))


@bp.get("/mail/<int:mail_id>")
@door
def read_mail(mail_id: int) -> str:
    found = db.session.get(OutboxMail, mail_id)
    if found is None:
        raise NotFound("")
    text, _html = notifications.filled(found)
    return render_template("demo/read_mail.html", mail=found, text=text)
