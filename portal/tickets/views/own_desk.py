"""What somebody of the desk arranges for themselves: when they are away, and replies they have prepared."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone, to_user_timezone
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from portal.core import actor as actors
from portal.core import database
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.tickets import policies
from portal.tickets.desk import agents, away, prepared
from portal.tickets.desk.forms import NOBODY, AwayForm, PreparedForm
from portal.tickets.models import OutOfOffice, SavedReply
from portal.tickets.views.sending import Refused, send

bp = Blueprint("own_desk", __name__, url_prefix="/queue", template_folder="../templates")


def _who() -> Actor:
    who = actors.current()
    if not policies.is_agent(who):
        raise Forbidden(_("The queue is for the people of the service desk."))
    return who


@bp.get("/away")
def absence() -> str:
    """When one is away, and who stands in."""
    who = _who()
    found = away.of(who.person_id)
    form = _away_form(who, formdata=None)
    if found is not None:
        form.starts_on.data = to_user_timezone(found.starts_at).date()
        form.ends_on.data = to_user_timezone(found.ends_at - dt.timedelta(seconds=1)).date()
        form.stand_in.data = found.stand_in_id or NOBODY
    return _absence(form, found)


def _absence(form: AwayForm, found: OutOfOffice | None) -> str:
    return render_template("tickets/desk/away.html", form=form, found=found, is_away=away.is_away(found))


def _away_form(who: Actor, **more: object) -> AwayForm:
    form = AwayForm(**more)
    people = agents.of([one.id for one in agents.queues(who)])
    others = [SelectChoice(one.id, one.name) for one in people if one.id != who.person_id]
    form.stand_in.choices = [SelectChoice(NOBODY, _("Nobody: back to the queue")), *others]
    return form


@bp.post("/away")
def go() -> ResponseReturnValue:
    """Say when one is away."""
    who = _who()
    form = _away_form(who)
    try:
        if form.validate_on_submit():
            first, last = form.starts_on.data, form.ends_on.data
            stand_in = agents.person(form.stand_in.data or NOBODY)
            away.say(who, starts_at=_begins(first), ends_at=_begins(last + dt.timedelta(days=1)), stand_in=stand_in)
            db.session.commit()
            flash(_("Kept. What is answered to you meanwhile goes on without you."), "success")
            return redirect(url_for("own_desk.absence"), 303)
    except (Invalid, OverflowError) as refusal:
        db.session.rollback()
        form.add_error(refusal if isinstance(refusal, Invalid) else Invalid(_("Choose a day."), field="ends_on"))
    database.set_looking(True)
    return _absence(form, away.of(who.person_id)), 422


def _begins(day: dt.date) -> dt.datetime:
    """Return when a day begins where the reader is."""
    return dt.datetime.combine(day, dt.time(), tzinfo=get_timezone()).astimezone(dt.UTC)


@bp.post("/away/back")
def back() -> ResponseReturnValue:
    """One is back."""
    away.back(_who())
    db.session.commit()
    flash(_("Welcome back."), "success")
    return redirect(url_for("own_desk.absence"), 303)


@bp.get("/replies")
def replies() -> str:
    """The replies one has prepared, and the desk's."""
    return _replies(_who(), PreparedForm(formdata=None), None)


@bp.get("/replies/<int:reply_id>")
def reply(reply_id: int) -> str:
    """One of them, to be changed."""
    who = _who()
    found = prepared.get_own(who, reply_id)
    return _replies(who, PreparedForm(formdata=None, title=found.title, body=found.body), found)


@bp.post("/replies")
def add() -> ResponseReturnValue:
    """Prepare one more."""
    return _keep(_who(), None)


@bp.post("/replies/<int:reply_id>")
def change(reply_id: int) -> ResponseReturnValue:
    """Change one of one's own."""
    who = _who()
    return _keep(who, prepared.get_own(who, reply_id))


@bp.post("/replies/<int:reply_id>/remove")
def remove(reply_id: int) -> ResponseReturnValue:
    """Take one of one's own away."""
    db.session.delete(prepared.get_own(_who(), reply_id))
    db.session.commit()
    flash(_("Taken away."), "success")
    return redirect(url_for("own_desk.replies"), 303)


def _keep(who: Actor, found: SavedReply | None) -> ResponseReturnValue:
    form, where = PreparedForm(), url_for("own_desk.replies")

    def do() -> tuple[str, str]:
        prepared.keep(who, found, title=form.title.data or "", body=form.body.data or "")
        return where, _("Kept.")

    answer = send(who, form, do)
    return (_replies(who, form, found), answer.status) if isinstance(answer, Refused) else answer


def _replies(who: Actor, form: PreparedForm, found: SavedReply | None) -> str:
    offered = prepared.offered(who)
    return render_template(
        "tickets/desk/replies.html",
        form=form,
        found=found,
        own=[one for one in offered if one.person_id is not None],
        shared=[one for one in offered if one.person_id is None],
    )
