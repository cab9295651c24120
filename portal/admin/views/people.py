"""Who there is, and what an administrator may change about them. Nobody sets somebody else's password."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import acting
from portal.accounts import queries as account_queries
from portal.accounts import services as accounts
from portal.admin import presenting, queries, services, wording
from portal.admin.forms.people import ActingForm, NewPersonForm, PersonForm, RolesForm
from portal.admin.queries import PAGE, PeopleFilter
from portal.admin.services import Somebody
from portal.admin.views.blueprint import bp, enter
from portal.core import actor as actors
from portal.core import once
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.forms import Form
from portal.core.permissions import Permission, Role
from portal.people import queries as people_queries
from portal.people import services as people_services
from portal.people.models import Person

STATES = ("active", "left", "all")
LAST_PAGE = 10_000


@bp.get("/people")
def people() -> str:
    """Everybody, or those who fit."""
    enter(Permission.PERSON_MANAGE)
    wanted = _filter()
    page = number("page", default=1, least=1, most=LAST_PAGE)
    found, n = queries.find_people(wanted, page=page)
    kept = {name: request.args[name] for name in ("q", "department", "role", "state") if request.args.get(name)}
    departments = ((str(d.id), d.name) for d in people_queries.departments())
    roles = ((role.value, str(word)) for role, word in wording.ROLES.items())
    return render_template(
        "admin/people.html",
        people=found,
        n=n,
        page=page,
        last=max(1, -(-n // PAGE)),
        wanted=wanted,
        kept=kept,
        department_choices=presenting.choices("admin.people", kept, "department", departments),
        role_choices=presenting.choices("admin.people", kept, "role", roles),
    )


def _filter() -> PeopleFilter:
    role, state = request.args.get("role", ""), request.args.get("state", "")
    return PeopleFilter(
        words=request.args.get("q", "").replace("\x00", "")[:120],
        department_id=number("department", least=1),
        role=role if role in list(Role) else "",
        state=state if state in STATES else "active",
    )


@bp.get("/people/new")
def new_person() -> str:
    """The form for somebody new."""
    enter(Permission.PERSON_MANAGE)
    return render_template("admin/new_person.html", form=NewPersonForm(formdata=None))


@bp.post("/people")
def add_person() -> ResponseReturnValue:
    """Add somebody and invite them by mail."""
    who = enter(Permission.PERSON_MANAGE)
    form = NewPersonForm()
    if not form.validate():
        return render_template("admin/new_person.html", form=form), 422
    try:
        # Sent twice, the form leads to whoever it made; their number is not known before.
        once.claim(form.token, person_id=who.person_id, location=url_for("admin.people", q=form.email.data))
        person = services.invite(who, _somebody(form), roles=form.chosen)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return render_template("admin/new_person.html", form=form), 422
    db.session.commit()
    flash(_("%(name)s gets a mail with a link to choose a password.", name=person.name), "success")
    return redirect(url_for("admin.person", person_id=person.id), 303)


def _somebody(form: PersonForm) -> Somebody:
    return Somebody(name=form.name.data or "", email=form.email.data or "", **form.place)


@bp.get("/people/<int:person_id>")
def person(person_id: int) -> str:
    """One person."""
    enter(Permission.PERSON_MANAGE)
    found = people_services.get_person(person_id)
    if found.is_erased:
        return render_template("admin/erased.html", person=found, erasures=account_queries.erasures_of(found.id))
    return render_template("admin/person.html", **_person_page(found))


def _person_page(
    found: Person, form: PersonForm | None = None, *, acting_form: ActingForm | None = None
) -> dict[str, Any]:
    """Return everything the person's page shows; a fixed number of queries."""
    return {
        "person": found,
        "form": form or PersonForm(formdata=None, obj=found),
        "roles_form": RolesForm(formdata=None, roles=[row.role for row in found.roles]),
        "sessions": account_queries.sessions_of(found.id),
        "n_tokens": len(account_queries.tokens_of(found.id)),
        "has_password": account_queries.has_password(found.id),
        "invitation": account_queries.open_invitation(found.id),
        "acting_form": acting_form or ActingForm(formdata=None),
        "can_act_for": acting.can_act_for(actors.current(), found),
        "owned": queries.owned_by(found.id),
        "goes_on": people_queries.names([found.merged_into_id]) if found.merged_into_id else {},
        "plain_form": Form(formdata=None),
    }


@bp.post("/people/<int:person_id>")
def change_person(person_id: int) -> ResponseReturnValue:
    """Change name, mail address, department, site."""
    who = enter(Permission.PERSON_MANAGE)
    found = people_services.get_person(person_id)
    form = PersonForm()
    if not form.validate():
        return render_template("admin/person.html", **_person_page(found, form)), 422
    try:
        people_services.change_person(who, found, name=form.name.data, email=form.email.data, **form.place)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return render_template("admin/person.html", **_person_page(people_services.get_person(person_id), form)), 422
    return _done(found, _("Saved."))


@bp.post("/people/<int:person_id>/roles")
def set_roles(person_id: int) -> ResponseReturnValue:
    """Give somebody exactly the chosen roles."""
    who = enter(Permission.PERSON_MANAGE)
    found = people_services.get_person(person_id)
    form = RolesForm()
    if not form.validate():
        return render_template("admin/person.html", **_person_page(found)), 422
    accounts.set_roles(who, found, form.chosen)
    return _done(found, _("The roles are changed."))


@bp.post("/people/<int:person_id>/deactivate")
def deactivate(person_id: int) -> ResponseReturnValue:
    """Shut somebody out, at once and everywhere."""
    who = enter(Permission.PERSON_MANAGE)
    found = people_services.get_person(person_id)
    accounts.deactivate(who, found)
    return _done(found, _("%(name)s is signed out everywhere and cannot enter any more.", name=found.name))


@bp.post("/people/<int:person_id>/reactivate")
def reactivate(person_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    who = enter(Permission.PERSON_MANAGE)
    found = people_services.get_person(person_id)
    people_services.reactivate(who, found)
    return _done(found, _("%(name)s may enter again.", name=found.name))


@bp.post("/people/<int:person_id>/act")
def act_for(person_id: int) -> ResponseReturnValue:
    """Act for somebody, with a reason they are told."""
    who = enter(Permission.PERSON_ACT_FOR)
    found = people_services.get_person(person_id)
    form = ActingForm()
    if not form.validate():
        return render_template("admin/person.html", **_person_page(found, acting_form=form)), 422
    try:
        acting.start(who, found, why=form.why.data or "")
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        page = _person_page(people_services.get_person(person_id), acting_form=form)
        return render_template("admin/person.html", **page), 422
    db.session.commit()
    return redirect(url_for("home.index"), 303)


@bp.post("/people/<int:person_id>/link")
def send_link(person_id: int) -> ResponseReturnValue:
    """Send the invitation again, or to somebody who has a password a link to a new one."""
    who = enter(Permission.PERSON_MANAGE)
    found = people_services.get_person(person_id)
    if not found.is_active:
        raise Invalid(_("Let %(name)s in again first.", name=found.name))
    if account_queries.has_password(found.id):
        accounts.start_reset(who, found)
    else:
        accounts.invite(who, found)
    return _done(found, _("A mail with the link is on its way to %(email)s.", email=found.email))


def _done(found: Person, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("admin.person", person_id=found.id), 303)
