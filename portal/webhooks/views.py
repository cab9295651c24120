"""Pages of webhooks, for administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import once
from portal.core.actor import Actor
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid
from portal.webhooks import policies, presenting, queries, services
from portal.webhooks.events import PUBLIC_EVENTS
from portal.webhooks.forms import WebhookForm
from portal.webhooks.models import Webhook

bp = Blueprint("webhooks", __name__, url_prefix="/admin/webhooks", template_folder="templates")
ONE = "<int:webhook_id>"


@bp.context_processor
def words() -> dict[str, Any]:
    return {"say": presenting, "public_events": PUBLIC_EVENTS}


def _enter() -> Actor:
    who = actors.current()
    policies.require(who)
    return who


@bp.get("/")
def index() -> str:
    """All webhooks, and how each goes."""
    _enter()
    return render_template("webhooks/index.html", lines=queries.lines())


@bp.get("/new")
def new() -> str:
    """The form for one more."""
    _enter()
    return render_template("webhooks/new.html", form=WebhookForm(formdata=None))


@bp.post("/")
def add() -> ResponseReturnValue:
    """Add a webhook; its secret is shown this once."""
    who, form = _enter(), WebhookForm()
    try:
        if form.validate_on_submit():
            once.claim(form.token, person_id=who.person_id, location=url_for(".index"))
            made, secret = services.add(who, **_sent(form))
            db.session.commit()
            return _page(made, secret=secret)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return render_template("webhooks/new.html", form=form), 422


def _sent(form: WebhookForm) -> dict[str, Any]:
    return {"label": form.label.data or "", "url": form.url.data or "", "chosen": form.events.data or ()}


@bp.get(f"/{ONE}")
def webhook(webhook_id: int) -> str:
    """One webhook: what it hears of, and what was sent."""
    return _page(services.get(actors.current(), webhook_id))


def _page(found: Webhook, form: WebhookForm | None = None, *, secret: str = "") -> str:
    rows = queries.deliveries(found, before=number("before"))
    shown = rows[: queries.PAGE]
    return render_template(
        "webhooks/webhook.html",
        webhook=found,
        form=form or WebhookForm(formdata=None, obj=found),
        secret=secret,
        deliveries=shown,
        older=shown[-1].id if len(rows) > queries.PAGE else None,
    )


@bp.post(f"/{ONE}")
def change(webhook_id: int) -> ResponseReturnValue:
    """Change where it goes and what of."""
    who = actors.current()
    found, form = services.get(who, webhook_id), WebhookForm()
    try:
        if form.validate_on_submit():
            services.change(who, found, **_sent(form))
            return _done(found, _("Saved."))
    except Invalid as refusal:
        db.session.rollback()
        found = services.get(who, webhook_id)
        form.add_error(refusal)
    return _page(found, form), 422


@bp.post(f"/{ONE}/on")
def switch_on(webhook_id: int) -> ResponseReturnValue:
    """Let it hear again, of what happens from now on."""
    who = actors.current()
    found = services.get(who, webhook_id)
    services.switch(who, found, on=True)
    return _done(found, _("It hears again, of what happens from now on."))


@bp.post(f"/{ONE}/off")
def switch_off(webhook_id: int) -> ResponseReturnValue:
    """Let it hear of nothing."""
    who = actors.current()
    found = services.get(who, webhook_id)
    services.switch(who, found, on=False)
    return _done(found, _("It is off."))


@bp.post(f"/{ONE}/secret")
def renew_secret(webhook_id: int) -> ResponseReturnValue:
    """Make a new secret, shown this once."""
    who = actors.current()
    found = services.get(who, webhook_id)
    secret = services.renew_secret(who, found)
    db.session.commit()
    return _page(found, secret=secret)


@bp.post(f"/{ONE}/test")
def test(webhook_id: int) -> ResponseReturnValue:
    """Send a test."""
    who = actors.current()
    found = services.get(who, webhook_id)
    services.test(who, found)
    return _done(found, _("A test is on its way. Look again in a moment."))


@bp.post(f"/{ONE}/remove")
def remove(webhook_id: int) -> ResponseReturnValue:
    """Remove it, with the log of what was sent."""
    who = actors.current()
    services.remove(who, services.get(who, webhook_id))
    db.session.commit()
    flash(_("The webhook is removed."), "success")
    return redirect(url_for(".index"), 303)


@bp.get(f"/{ONE}/deliveries/<int:delivery_id>")
def delivery(webhook_id: int, delivery_id: int) -> str:
    """One delivery: what was sent, and what came back."""
    found = services.get_delivery(actors.current(), webhook_id, delivery_id)
    return render_template("webhooks/delivery.html", delivery=found, webhook=found.webhook)


@bp.post(f"/{ONE}/deliveries/<int:delivery_id>/again")
def send_again(webhook_id: int, delivery_id: int) -> ResponseReturnValue:
    """Send it once more."""
    who = actors.current()
    found = services.get_delivery(who, webhook_id, delivery_id)
    services.send_again(who, found)
    db.session.commit()
    flash(_("It is on its way once more. Look again in a moment."), "success")
    return redirect(url_for(".delivery", webhook_id=webhook_id, delivery_id=delivery_id), 303)


def _done(found: Webhook, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for(".webhook", webhook_id=found.id), 303)
