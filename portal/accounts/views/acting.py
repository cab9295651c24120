"""The banner above every page while an administrator acts for somebody, and the way out of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import acting
from portal.accounts.views.blueprint import bp, home
from portal.core import actor as actors
from portal.core.database import db


def banner(context: Mapping[str, Any]) -> str:
    """Say whom somebody acts for, until when, and how to end it; nothing for everybody else."""
    who = actors.current()
    return render_template("accounts/_acting.html", who=who) if who.is_acting_for else ""


@bp.post("/account/acting/end")
def stop_acting() -> ResponseReturnValue:
    """Go back to being oneself, under a new name of the session."""
    who = actors.current()
    is_back = acting.finish(who)
    db.session.commit()
    if not is_back:
        return redirect(url_for(".sign_in"), 303)
    flash(_("You act for %(name)s no longer.", name=who.name), "success")
    return redirect(home(), 303)
