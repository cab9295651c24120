"""What the portal keeps about oneself, and a copy of it."""

from __future__ import annotations

from flask import Response, render_template

from portal.accounts import exporting
from portal.accounts.views.blueprint import bp
from portal.core import actor as actors
from portal.core import clock
from portal.core.access import in_person
from portal.core.database import db
from portal.core.forms import Form
from portal.people import services as people


@bp.get("/account/data")
@in_person
def own_data() -> str:
    """How much of what there is."""
    person = people.get_person(actors.current().person_id)
    return render_template("accounts/data.html", counts=exporting.counts(person), form=Form(formdata=None))


@bp.post("/account/data")
@in_person
def own_copy() -> Response:
    """The copy itself, as one archive."""
    who = actors.current()
    made = exporting.copy_for(who, people.get_person(who.person_id))
    db.session.commit()
    response = Response(made, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{clock.today():%Y-%m-%d}.zip"'
    return response
