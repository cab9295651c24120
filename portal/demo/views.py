"""Picking a person instead of signing in, and reading the mail the demo would have sent. Elsewhere nothing is here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.access import door
from portal.core.database import db
from portal.core.errors import NotFound
from portal.core.redirects import safe_next
from portal.demo import kept_mail, services
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


def cards(context: Mapping[str, Any]) -> str:
    """Draw the people one can be, above the form that asks for a password."""
    return render_template("demo/cards.html", cards=CARDS, next_page=context["next_page"]) if is_on() else ""


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
    home = url_for("home.index")
    return redirect(safe_next(request.args.get("next"), request.host, home=home), 303)


@bp.get("/mail")
@door
def mail() -> str:
    """The outbox as people would have got it; of everybody, or of one of the nine."""
    whose = card(request.args.get("to", ""))
    to = whose.email if whose else ""
    return render_template(
        "demo/mail.html",
        mails=mail_queries.outbox_page(to=to or None, limit=100),
        survey_mails=kept_mail.latest(to),
        cards=CARDS,
        whose=whose,
    )


@bp.get("/mail/<int:mail_id>")
@door
def read_mail(mail_id: int) -> str:
    found = db.session.get(OutboxMail, mail_id)
    if found is None:
        raise NotFound("")
    text, _html = notifications.filled(found)
    return render_template("demo/read_mail.html", mail=found, text=text)


@bp.get("/mail/surveys/<name>")
@door
def read_survey_mail(name: str) -> str:
    """A mail of a survey, with the link that is its reader's."""
    found = kept_mail.get(name)
    if found is None:
        raise NotFound("")
    return render_template("demo/read_mail.html", mail=found, text=found.text)
