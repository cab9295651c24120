"""Signing in and out, a forgotten password, an invitation. Open to everybody by nature."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import attempts, links, services, sessions
from portal.accounts.access import door
from portal.accounts.forms import InvitationForm, NewPasswordForm, ResetRequestForm, SignInForm
from portal.accounts.models import Purpose
from portal.accounts.views.blueprint import bp, home, page, wanted
from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import Invalid, NotFound, TooMany


@bp.route("/sign-in", methods=["GET", "POST"])
@door
def sign_in() -> ResponseReturnValue:
    """Sign in with address and password. A feature may hang other ways in above the form (`sign_in.cards`).

    In the demo somebody signed in may look too, and pick whom to be next.
    """
    where = wanted()
    is_picking = current_app.config["DITY"].demo and request.method == "GET"
    if actors.current().is_signed_in and not is_picking:
        return redirect(where)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            return _signed_in(form, where)
        except Invalid as refusal:
            db.session.commit()  # the failed try is a fact and stays counted
            form.add_error(refusal)
    next_page = where if where != home() else ""
    return page(
        render_template(
            "accounts/sign_in.html",
            form=form,
            next_page=next_page,
            has_acted=sessions.acting_that_ended() is not None,
        ),
        is_refused=form.is_submitted(),
    )


def _signed_in(form: SignInForm, where: str) -> ResponseReturnValue:
    who, email, browser = actors.current(), form.email.data or "", attempts.known(request)
    try:
        attempts.spend(email, browser)
    except TooMany:
        services.note_too_many(who, email=email, browser=browser)
        db.session.commit()
        raise
    db.session.commit()  # counted, whatever comes; and nobody waits for a lock while the password is checked
    services.sign_in(
        who,
        email=email,
        password=form.password.data or "",
        is_remembered=form.is_remembered.data,
        browser=browser,
    )
    db.session.commit()
    response = redirect(where, 303)
    attempts.remember(request, response, email)  # type: ignore[arg-type]
    return response


@bp.post("/sign-out")
@door
def sign_out() -> ResponseReturnValue:
    """End this session."""
    services.sign_out(actors.current())
    db.session.commit()
    flash(_("You have signed out."), "info")
    return redirect(url_for(".sign_in"), 303)


@bp.route("/reset", methods=["GET", "POST"])
@door
def reset_request() -> ResponseReturnValue:
    """Ask for a link to a new password. The answer does not tell whether there is such an account."""
    form = ResetRequestForm()
    if form.validate_on_submit():
        email = form.email.data or ""
        attempts.spend_reset(email)
        services.request_reset(email)
        db.session.commit()
        return redirect(url_for(".reset_sent"), 303)
    return page(render_template("accounts/reset_request.html", form=form), is_refused=form.is_submitted())


@bp.get("/reset-sent")
@door
def reset_sent() -> str:
    """Say what happens next."""
    return render_template("accounts/reset_sent.html", minutes=int(links.LIVES[Purpose.RESET].total_seconds() // 60))


@bp.route("/reset/<token>", methods=["GET", "POST"])
@door
def reset(token: str) -> ResponseReturnValue:
    """Choose a new password by the link from a mail. Opening the link changes nothing: mail scanners open links."""
    form = NewPasswordForm()
    try:
        _link, person = links.find(Purpose.RESET, token)
        if form.validate_on_submit():
            person = services.reset_password(token, password=form.password.data or "")
            services.start_session(person, method="reset")
            db.session.commit()
            flash(_("Your new password is set, and every other device was signed out."), "success")
            return redirect(home(), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        _link, person = links.find(Purpose.RESET, token)
    except NotFound:
        db.session.rollback()
        return render_template("accounts/link_over.html", purpose="reset"), 404
    return page(render_template("accounts/reset.html", form=form, person=person), is_refused=form.is_submitted())


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@door
def invitation(token: str) -> ResponseReturnValue:
    """Answer an invitation: choose name and password."""
    form = InvitationForm()
    try:
        _link, person = links.find(Purpose.INVITATION, token)
        if form.validate_on_submit():
            person = services.accept_invitation(token, name=form.name.data or "", password=form.password.data or "")
            services.start_session(person, method="invitation")
            db.session.commit()
            return redirect(home(), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        _link, person = links.find(Purpose.INVITATION, token)
    except NotFound:
        db.session.rollback()
        return render_template("accounts/link_over.html", purpose="invitation"), 404
    if not form.is_submitted() and person is not None:
        form.name.data = person.name
    return page(render_template("accounts/invitation.html", form=form, person=person), is_refused=form.is_submitted())
