"""The set-up: once, by somebody who can read the console."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import services, setup
from portal.accounts.access import door
from portal.accounts.forms import SetUpForm
from portal.accounts.views.blueprint import bp, home, page
from portal.core import options
from portal.core.database import db
from portal.core.errors import Invalid, NotFound


@bp.get("/setup")
@door
def setup_start() -> ResponseReturnValue:
    """Say where the link to the set-up is found; nothing once it is done."""
    if options.get().is_set_up:
        return redirect(home())
    return render_template("accounts/setup_start.html")


@bp.route("/setup/<token>", methods=["GET", "POST"], endpoint="setup")
@door
def first_setup(token: str) -> ResponseReturnValue:
    """Make the first administrator and name the portal."""
    form = SetUpForm()
    try:
        setup.check(token)
        if form.validate_on_submit():
            person = setup.complete(token, form.answers())
            services.start_session(person, method="setup")
            db.session.commit()
            if form.wants_test_mail.data:
                flash(_("A test mail to %(email)s is on its way.", email=person.email), "info")
            return redirect(home(), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    except NotFound:
        db.session.rollback()
        if options.get().is_set_up:
            return redirect(url_for(".sign_in"))
        return render_template("accounts/link_over.html", purpose="setup"), 404
    return page(render_template("accounts/setup.html", form=form), is_refused=form.is_submitted())
