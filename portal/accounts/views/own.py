"""One's own account: profile, password, devices, what one is told, tokens."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import attempts, queries, services, tokens
from portal.accounts.access import door
from portal.accounts.forms import ChangePasswordForm, ProfileForm, QuietForm, TokenForm
from portal.accounts.views.blueprint import bp, page, wanted
from portal.core import actor as actors
from portal.core import clock, once
from portal.core.access import in_person
from portal.core.database import db
from portal.core.errors import Invalid
from portal.notifications import choices, kinds
from portal.notifications import queries as telling
from portal.notifications.models import Channel
from portal.people import queries as people_queries
from portal.people import services as people

THEME_SECONDS = 365 * attempts.DAY


@bp.route("/account", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    """Name, language, time zone and theme."""
    who = actors.current()
    person = people.get_person(who.person_id)
    form = ProfileForm(obj=person)
    if form.validate_on_submit():
        try:
            people.change_profile(
                who,
                name=form.name.data or "",
                locale=form.locale.data or "",
                timezone=form.timezone.data or "",
                theme=form.theme.data or "auto",
            )
        except Invalid as refusal:
            form.add_error(refusal)
        else:
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".profile"), 303)
    return page(render_template("accounts/profile.html", form=form, person=person), is_refused=form.is_submitted())


@bp.post("/account/theme")
@door
def set_theme() -> ResponseReturnValue:
    """Light, dark or as the device: kept for the person, and in the browser for the pages before the sign-in."""
    who, theme = actors.current(), request.form.get("theme", "")
    response = redirect(wanted(), 303)
    if theme in people.THEMES:
        if who.is_signed_in:
            services.choose_theme(who, theme)
            db.session.commit()
        response.set_cookie(
            "theme",
            theme,
            max_age=THEME_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"] or request.is_secure,
            path=current_app.config["SESSION_COOKIE_PATH"],
        )
    return response


@bp.route("/account/password", methods=["GET", "POST"])
@in_person
def password() -> ResponseReturnValue:
    """Choose a new password; the current one is asked for."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            n = services.change_password(
                actors.current(), current=form.current_password.data or "", new=form.new_password.data or ""
            )
        except Invalid as refusal:
            db.session.commit()  # a wrong try stays counted
            form.add_error(refusal)
        else:
            db.session.commit()
            more = _("%(n)s other devices were signed out.", n=n) if n else ""
            flash(_("Your new password is set.") + " " + more, "success")
            return redirect(url_for(".password"), 303)
    return page(render_template("accounts/password.html", form=form), is_refused=form.is_submitted())


@bp.get("/account/sessions")
def sessions() -> str:
    """The browsers one is signed in with."""
    person_id = actors.current().person_id or 0
    acted = queries.acted_for(person_id)
    helpers = people_queries.names({row.acted_by_id for row in acted if row.acted_by_id})
    own = queries.sessions_of(person_id)
    return render_template("accounts/sessions.html", sessions=own, acted=acted, helpers=helpers, now=clock.now())


@bp.post("/account/sessions/<int:session_id>/end")
@in_person
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one browser out; it may be this one."""
    services.end_session(actors.current(), session_id)
    db.session.commit()
    flash(_("That device is signed out."), "success")
    return redirect(url_for(".sessions"), 303)


@bp.post("/account/sessions/end-others")
@in_person
def end_other_sessions() -> ResponseReturnValue:
    """Sign every other browser out."""
    services.end_other_sessions(actors.current())
    db.session.commit()
    flash(_("Every other device is signed out."), "success")
    return redirect(url_for(".sessions"), 303)


@bp.route("/account/notifications", methods=["GET", "POST"])
def preferences() -> ResponseReturnValue:
    """What one is told, how, and the hours in which mail waits."""
    who = actors.current()
    hours = telling.quiet_hours(who.person_id or 0)
    given = {"quiet_from": hours.starts, "quiet_until": hours.ends} if hours else {}
    form = QuietForm(data=given)
    if form.validate_on_submit():
        try:
            choices.choose(who, wanted=_ticked(), quiet_from=form.quiet_from.data, quiet_until=form.quiet_until.data)
        except Invalid as refusal:
            form.add_error(refusal)
        else:
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".preferences"), 303)
    html = render_template(
        "accounts/preferences.html",
        form=form,
        kinds=kinds.chosen(),
        channels=list(Channel),
        chosen=telling.preferences(who.person_id or 0),
    )
    return page(html, is_refused=form.is_submitted())


def _ticked() -> set[tuple[str, Channel]]:
    known = {f"{kind.key}.{channel}": (kind.key, channel) for kind in kinds.chosen() for channel in Channel}
    return {known[name] for name in request.form.getlist("tell") if name in known}


@bp.route("/account/tokens", methods=["GET", "POST"])
@in_person
def api_tokens() -> ResponseReturnValue:
    """The tokens one has; a new one is shown this once."""
    who = actors.current()
    form = TokenForm()
    text = ""
    if form.validate_on_submit():
        try:
            once.claim(form.token, person_id=who.person_id, location=url_for(".api_tokens"))
            _row, text = tokens.make(who, label=form.label.data or "", days=form.days.data, scopes=form.chosen)
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
        else:
            db.session.commit()
            form = TokenForm(formdata=None)
    own = queries.tokens_of(who.person_id or 0)
    html = render_template("accounts/tokens.html", form=form, tokens=own, text=text)
    return page(html, is_refused=form.is_submitted() and not text)


@bp.post("/account/tokens/<int:token_id>/revoke")
@in_person
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Make a token useless."""
    tokens.revoke(actors.current(), token_id)
    db.session.commit()
    flash(_("The token no longer works."), "success")
    return redirect(url_for(".api_tokens"), 303)
