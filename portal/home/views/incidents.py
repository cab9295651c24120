"""Notices of known trouble: the page for those who tend them, "me too", and putting one away."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import once, options
from portal.core.access import public
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.core.redirects import safe_next
from portal.core.trying import trying
from portal.home import board, forms, queries, services
from portal.home.forms import NoticeForm
from portal.home.models import Incident
from portal.tickets.requesting import begun

bp = Blueprint("incidents", __name__, url_prefix="/incidents", template_folder="../templates")

ONE = "<int(max=2147483647):incident_id>"


@bp.get("/")
def index() -> str:
    """What is up now, a form for a new one, what is over."""
    who = actors.current()
    who.require(Permission.INCIDENT_DECLARE)
    again = number("again", most=2**31 - 1)
    like = services.get(who, again) if again else None
    return _index(forms.fresh(_zone(), like))


def _index(form: NoticeForm, choices: list[Thing] | None = None) -> str:
    who = actors.current()
    before_id = number("before")
    past = queries.past_notices(who, before_id=before_id)
    return render_template(
        "home/incidents.html",
        form=_offered(form),
        choices=choices or [],
        zone=_zone().replace("_", " "),
        up=queries.all_notices(who),
        past=past,
        older=past[-1].incident.id if len(past) == queries.HISTORY_PAGE else None,
    )


@bp.post("/")
def declare() -> ResponseReturnValue:
    """Put up a notice."""
    who = actors.current()
    who.require(Permission.INCIDENT_DECLARE)
    form = _offered(NoticeForm())
    choices: list[Thing] = []
    if form.validate():
        try:
            article_id = forms.article_named(who, form, choices)
            once.claim(form.token, person_id=who.person_id, location=url_for(".index"))
            services.declare(who, form.notice(_zone(), article_id=article_id))
            db.session.commit()
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
        else:
            flash(_("The notice is up. It goes down by itself when its time is over."), "success")
            return redirect(url_for(".index"), 303)
    return _index(form, choices), 422


@bp.get(f"/{ONE}")
def edit(incident_id: int) -> ResponseReturnValue:
    """Change a notice that is up, or add a word to it."""
    incident = services.get(actors.current(), incident_id)
    if not incident.is_up:
        return redirect(url_for(".index", again=incident_id))
    return _edit(incident, forms.filled(_zone(), incident, article_slug=_slug_of(incident)))


def _edit(incident: Incident, form: NoticeForm, choices: list[Thing] | None = None) -> str:
    return render_template(
        "home/incident.html",
        form=_offered(form),
        choices=choices or [],
        zone=_zone().replace("_", " "),
        incident=incident,
        shown=queries.notice(actors.current(), incident.id),
    )


@bp.post(f"/{ONE}")
def change(incident_id: int) -> ResponseReturnValue:
    """Change a notice; what was typed stays when a colleague was faster."""
    who = actors.current()
    incident = services.get(who, incident_id)
    form = _offered(NoticeForm())
    choices: list[Thing] = []
    with trying(form) as found:
        if form.validate():
            notice = form.notice(_zone(), article_id=forms.article_named(who, form, choices))
            services.change(who, incident, notice, seen=_number(form.seen.data))
            db.session.commit()
            flash(_("Changed. Everybody sees it from now on."), "success")
            return redirect(url_for(".index"), 303)
    incident = services.get(who, incident_id)
    form.seen.data = str(incident.n_changes)  # the words of the colleague are on the page now: sending again is meant
    return _edit(incident, form, choices), found.status


@bp.post(f"/{ONE}/end")
def end(incident_id: int) -> ResponseReturnValue:
    """Take a notice down."""
    who = actors.current()
    services.end(who, services.get(who, incident_id))
    db.session.commit()
    flash(_("The notice is down. It stands below, in case the problem comes back."), "success")
    return redirect(url_for(".index"), 303)


@bp.post(f"/{ONE}/echo")
def echo(incident_id: int) -> ResponseReturnValue:
    """Say "me too", or take it back."""
    who = actors.current()
    is_mine = request.form.get("mine") != "no"
    incident = services.echo(who, incident_id, is_mine=is_mine)
    where = safe_next(request.form.get("next"), request.host, home=url_for("home.index"))
    is_instead = is_mine and where.partition("?")[0] == url_for("handing_over.new")
    if is_instead:  # they were about to open a ticket
        begun.known(who, None, incident.ref)
    db.session.commit()
    if request.headers.get("HX-Request"):
        return board.one(queries.notice(who, incident_id), back=where)
    if is_instead:
        flash(_("Noted: you have it too. No ticket is needed."), "success")
        return redirect(url_for("home.index", _anchor=f"notice-{incident_id}"), 303)
    return redirect(f"{where.partition('#')[0]}#notice-{incident_id}", 303)


@bp.post(f"/{ONE}/away")
@public
def away(incident_id: int) -> ResponseReturnValue:
    """Put a notice away on this device, until it says something new."""
    where = safe_next(request.args.get("next"), request.host, home=url_for("home.index"))
    response = redirect(where, 303)
    if (shown := queries.notice(actors.current(), incident_id)) is not None:
        board.put_away(response, shown, is_secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response


def _offered(form: NoticeForm) -> NoticeForm:
    is_open = options.get().public_reading
    return form.offer(queries.topics(actors.current()), is_public_possible=is_open)


def _slug_of(incident: Incident) -> str:
    shown = queries.notice(actors.current(), incident.id)
    return shown.article_slug if shown else ""


def _zone() -> str:
    return str(get_timezone())


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1
