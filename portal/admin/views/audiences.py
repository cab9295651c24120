"""Audiences: who articles can be for, who that is at this moment, and where it matters."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.admin import presenting, queries, services
from portal.admin.forms.structure import AudienceForm, RulesForm
from portal.admin.views.blueprint import bp, enter
from portal.core import once
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.people import grouping
from portal.people.models import Audience

SHOWN = 12
"""How many of those who belong are named."""


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
        added = services.add_audience(who, slug=form.slug.data or "", name=form.name.data or "", rules=_rules(form))
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _page(form), 422
    db.session.commit()
    flash(_("Articles can now be for “%(name)s”.", name=added.name), "success")
    return redirect(url_for("admin.audience", audience_id=added.id), 303)


def _rules(form: RulesForm) -> list[grouping.Rule]:
    return services.rules(
        departments=form.departments.data or (),
        sites=form.sites.data or (),
        roles=form.roles.data or (),
        addresses=(form.people.data or "").replace(",", "\n").splitlines(),
    )


@bp.get("/audiences/members")
def audience_members() -> ResponseReturnValue:
    """Who would belong by the rules as they are being chosen; a piece of the page that asks."""
    enter(Permission.PERSON_MANAGE)
    form = RulesForm(request.args, name="…", meta={"csrf": False})
    try:
        rules = _rules(form)
    except Invalid as refusal:
        return render_template("admin/_members.html", n=None, people=(), refusal=refusal.message)
    n, people = grouping.members(rules, limit=SHOWN)
    return render_template("admin/_members.html", n=n, people=people, refusal="")


@bp.get("/audiences/<int:audience_id>")
def audience(audience_id: int) -> str:
    """One audience: its rules, who that is, where it is used."""
    enter(Permission.PERSON_MANAGE)
    found = grouping.get_audience(audience_id)
    return _audience(found, RulesForm(formdata=None, name=found.name, **services.chosen_rules(found)))


def _audience(found: Audience, form: RulesForm) -> str:
    who = enter(Permission.PERSON_MANAGE)
    n, people = grouping.members(grouping.rules_of(found), limit=SHOWN)
    return render_template(
        "admin/audience.html",
        audience=found,
        form=form,
        n=n,
        people=people,
        uses=presenting.uses(who, grouping.uses(found)),
    )


@bp.post("/audiences/<int:audience_id>")
def change_audience(audience_id: int) -> ResponseReturnValue:
    """Give it another name or other rules; it holds with everybody's next click."""
    who = enter(Permission.PERSON_MANAGE)
    found = grouping.get_audience(audience_id)
    form = RulesForm()
    if not form.validate():
        return _audience(found, form), 422
    try:
        services.change_audience(who, found, name=form.name.data or "", rules=_rules(form))
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _audience(grouping.get_audience(audience_id), form), 422
    db.session.commit()
    flash(_("Saved. It holds from now on, everywhere."), "success")
    return redirect(url_for("admin.audience", audience_id=audience_id), 303)


@bp.post("/audiences/<int:audience_id>/remove")
def remove_audience(audience_id: int) -> ResponseReturnValue:
    """Take an audience away that nothing is for."""
    who = enter(Permission.PERSON_MANAGE)
    found = grouping.get_audience(audience_id)
    name = found.name
    grouping.remove_audience(who, found)
    db.session.commit()
    flash(_("“%(name)s” is gone.", name=name), "success")
    return redirect(url_for("admin.audiences"), 303)
