"""Departments, sites and audiences."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.admin import queries, services
from portal.admin.forms import AudienceForm
from portal.admin.views.blueprint import bp, enter
from portal.core import once
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission


@bp.get("/structure")
def structure() -> str:
    """Where people work."""
    enter(Permission.PERSON_MANAGE)
    return render_template("admin/structure.html", units=queries.units(), sites=queries.sites())


@bp.get("/audiences")
def audiences() -> str:
    """Who articles can be for."""
    enter(Permission.PERSON_MANAGE)
    return _page(AudienceForm(formdata=None))


def _page(form: AudienceForm) -> str:
    found = queries.audiences()
    names = queries.rule_names([audience for audience, _n in found])
    return render_template("admin/audiences.html", audiences=found, names=names, form=form)


@bp.post("/audiences")
def add_audience() -> ResponseReturnValue:
    """Name a group of people."""
    who = enter(Permission.PERSON_MANAGE)
    form = AudienceForm()
    where = url_for("admin.audiences")
    if not form.validate():
        return _page(form), 422
    try:
        once.claim(form.token, person_id=who.person_id, location=where)
        added = services.add_audience(
            who,
            slug=form.slug.data or "",
            name=form.name.data or "",
            departments=form.departments.data or (),
            sites=form.sites.data or (),
            roles=form.roles.data or (),
            addresses=(form.people.data or "").replace(",", "\n").splitlines(),
        )
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _page(form), 422
    db.session.commit()
    flash(_("Articles can now be for “%(name)s”.", name=added.name), "success")
    return redirect(where, 303)
