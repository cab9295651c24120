"""Acting on a form that was sent, once, and what is left to say when it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect
from werkzeug.wrappers import Response

from portal.core import database, once
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.forms import Form


@dataclass(frozen=True)
class Refused:
    """Nothing was done; the form has what is wrong with what was typed."""

    status: int
    overtaken: str = ""
    """What happened meanwhile, where that is why."""


def send(who: Actor, form: Form, act: Callable[[], tuple[str, str]]) -> Response | Refused:
    """Act and lead on; `act` returns where to, and what is said there.

    What is refused is undone, and the page that is drawn then only reads.
    """
    try:
        if form.validate_on_submit():
            where, said = act()
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            flash(said, "success")
            return redirect(where, 303)
        refused = Refused(422)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        refused = Refused(refusal.status)
    except Conflict as refusal:
        db.session.rollback()
        refused = Refused(refusal.status, refusal.message)
    database.set_looking(True)
    return refused
