"""Departments and sites."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.admin import choosing, queries
from portal.admin.forms.choices import NOWHERE
from portal.admin.forms.structure import DepartmentForm, MergeDepartmentForm, SiteForm
from portal.admin.views.blueprint import bp, enter
from portal.core import once
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.people import queries as people
from portal.people import structure as arranging
from portal.people.models import Department, Person, Site


@bp.get("/structure")
def structure() -> str:
    """Where people work."""
    enter(Permission.PERSON_MANAGE)
    return render_template("admin/structure.html", units=queries.units(), sites=queries.sites())


@bp.get("/people/options")
def people_options() -> str:
    """Names for a field in which somebody is chosen by typing."""
    enter(Permission.PERSON_MANAGE)
    words = next((value for value in request.args.values() if value), "")[:120].replace("\x00", "")
    found = choosing.candidates(words) if len(words.strip()) > 1 else []
    return render_template("admin/_people_options.html", people=found)


@bp.get("/departments/new")
def new_department() -> str:
    """The form for a new department."""
    enter(Permission.PERSON_MANAGE)
    return _new_department(DepartmentForm(formdata=None, parent_id=number("above", default=NOWHERE)))


def _new_department(form: DepartmentForm) -> str:
    return render_template("admin/department.html", form=form, unit=None)


@bp.post("/departments")
def add_department() -> ResponseReturnValue:
    """Add a department."""
    who = enter(Permission.PERSON_MANAGE)
    form = DepartmentForm()
    where = url_for("admin.structure")
    if not form.validate():
        return _new_department(form), 422
    try:
        once.claim(form.token, person_id=who.person_id, location=where)
        manager = _manager(form)
        parent = arranging.get_department(form.parent_id.data) if form.parent_id.data else None
        added = arranging.add_department(
            who, name=form.name.data or "", parent=parent, manager_id=manager.id if manager else None
        )
    except (Invalid, choosing.Several) as trouble:
        _explain(form, trouble)
        return _new_department(form), 422
    db.session.commit()
    flash(_("“%(name)s” is there.", name=added.name), "success")
    return redirect(where, 303)


def _manager(form: DepartmentForm) -> Person | None:
    return choosing.chosen(form.manager.data or "", form.manager_id.data, field="manager")


def _explain(form: DepartmentForm, trouble: Exception) -> None:
    """Say beside its field what was refused, or ask which of several was meant."""
    db.session.rollback()
    if isinstance(trouble, Invalid):
        form.add_error(trouble)
    elif isinstance(trouble, choosing.Several):
        form.manager_id.choices = [(one.id, choosing.label(one)) for one in trouble.people]
        form.add_error(Invalid(_("Several people fit. Which of them?"), field="manager_id"))


@bp.get("/departments/<int:department_id>")
def department(department_id: int) -> str:
    """One department."""
    enter(Permission.PERSON_MANAGE)
    unit = arranging.get_department(department_id)
    manager = db.session.get(Person, unit.manager_id) if unit.manager_id else None
    form = DepartmentForm(
        formdata=None, name=unit.name, parent_id=unit.parent_id or NOWHERE, manager=manager.email if manager else ""
    )
    return _department(unit, form)


def _department(unit: Department, form: DepartmentForm, merging: MergeDepartmentForm | None = None) -> str:
    found = next(one for one in queries.units() if one.department.id == unit.id)
    return render_template(
        "admin/department.html",
        form=form,
        unit=found,
        merging=merging or MergeDepartmentForm(formdata=None, leave_out=unit.id),
        n_below=sum(one.department.parent_id == unit.id for one in queries.units()),
    )


@bp.post("/departments/<int:department_id>")
def change_department(department_id: int) -> ResponseReturnValue:
    """Rename a department, move it, say who leads it."""
    who = enter(Permission.PERSON_MANAGE)
    unit = arranging.get_department(department_id)
    form = DepartmentForm()
    if not form.validate():
        return _department(unit, form), 422
    try:
        manager = _manager(form)
        arranging.change_department(
            who,
            unit,
            name=form.name.data or "",
            parent_id=form.parent_id.data or None,
            manager_id=manager.id if manager else None,
        )
    except (Invalid, choosing.Several) as trouble:
        _explain(form, trouble)
        return _department(arranging.get_department(department_id), form), 422
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for("admin.structure"), 303)


@bp.post("/departments/<int:department_id>/merge")
def merge_department(department_id: int) -> ResponseReturnValue:
    """Move everybody and everything to another department and take this one away."""
    who = enter(Permission.PERSON_MANAGE)
    unit = arranging.get_department(department_id)
    form = MergeDepartmentForm(leave_out=unit.id)
    if not form.validate() or not form.into_id.data:
        form.into_id.errors = [_("Choose another department.")]
        return _department(unit, _form_of(unit), form), 422
    into = arranging.get_department(form.into_id.data)
    name, n = unit.name, arranging.merge_departments(who, unit, into=into)
    db.session.commit()
    flash(_("“%(name)s” went into “%(into)s”, with %(n)s people.", name=name, into=into.name, n=n), "success")
    return redirect(url_for("admin.structure"), 303)


def _form_of(unit: Department) -> DepartmentForm:
    manager = people.names([unit.manager_id]) if unit.manager_id else {}
    return DepartmentForm(
        formdata=None,
        name=unit.name,
        parent_id=unit.parent_id or NOWHERE,
        manager=next(iter(manager.values()), ""),
    )


@bp.post("/departments/<int:department_id>/remove")
def remove_department(department_id: int) -> ResponseReturnValue:
    """Take an empty department away."""
    who = enter(Permission.PERSON_MANAGE)
    unit = arranging.get_department(department_id)
    name = unit.name
    arranging.remove_department(who, unit)
    db.session.commit()
    flash(_("“%(name)s” is gone.", name=name), "success")
    return redirect(url_for("admin.structure"), 303)


@bp.get("/sites/new")
def new_site() -> str:
    """The form for a new site."""
    enter(Permission.PERSON_MANAGE)
    return render_template("admin/site.html", form=SiteForm(formdata=None), site=None)


@bp.post("/sites")
def add_site() -> ResponseReturnValue:
    """Add a site."""
    who = enter(Permission.PERSON_MANAGE)
    form = SiteForm()
    where = url_for("admin.structure")
    if not form.validate():
        return render_template("admin/site.html", form=form, site=None), 422
    try:
        once.claim(form.token, person_id=who.person_id, location=where)
        added = arranging.add_site(who, name=form.name.data or "", timezone=form.timezone.data)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return render_template("admin/site.html", form=form, site=None), 422
    db.session.commit()
    flash(_("“%(name)s” is there.", name=added.name), "success")
    return redirect(where, 303)


@bp.get("/sites/<int:site_id>")
def site(site_id: int) -> str:
    """One site."""
    enter(Permission.PERSON_MANAGE)
    found = arranging.get_site(site_id)
    return _site(found, SiteForm(formdata=None, obj=found))


def _site(found: Site, form: SiteForm) -> str:
    counts = {one.id: n for one, n in queries.sites()}
    return render_template("admin/site.html", form=form, site=found, n_people=counts.get(found.id, 0))


@bp.post("/sites/<int:site_id>")
def change_site(site_id: int) -> ResponseReturnValue:
    """Rename a site, or say in which time zone it lies."""
    who = enter(Permission.PERSON_MANAGE)
    found = arranging.get_site(site_id)
    form = SiteForm()
    if not form.validate():
        return _site(found, form), 422
    try:
        arranging.change_site(who, found, name=form.name.data or "", timezone=form.timezone.data)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _site(arranging.get_site(site_id), form), 422
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for("admin.structure"), 303)


@bp.post("/sites/<int:site_id>/remove")
def remove_site(site_id: int) -> ResponseReturnValue:
    """Take a site away at which nobody works."""
    who = enter(Permission.PERSON_MANAGE)
    found = arranging.get_site(site_id)
    name = found.name
    arranging.remove_site(who, found)
    db.session.commit()
    flash(_("“%(name)s” is gone.", name=name), "success")
    return redirect(url_for("admin.structure"), 303)
