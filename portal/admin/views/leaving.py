"""When accounts end: merged into another, given out as a copy, erased. And their beginning: many invited at once."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import erasing, exporting, merging
from portal.accounts import queries as account_queries
from portal.admin import choosing, condition, inviting, presenting
from portal.admin.forms.people import EraseForm, InviteForm
from portal.admin.views.blueprint import bp, enter
from portal.core import clock, once
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.core.forms import Form
from portal.core.permissions import Permission
from portal.people import services as people_services
from portal.people.models import Person


@bp.get("/people/invite")
def invite_form() -> str:
    """The form for several new people."""
    enter(Permission.PERSON_MANAGE)
    return render_template("admin/invite.html", form=InviteForm(formdata=None), mistakes=())


@bp.post("/people/invite")
def invite() -> ResponseReturnValue:
    """Invite everybody who is named, one a line; one line that cannot be read keeps all of them back."""
    who = enter(Permission.PERSON_MANAGE)
    form = InviteForm()
    if not form.validate():
        return render_template("admin/invite.html", form=form, mistakes=()), 422
    mistakes: list[inviting.Mistake] = []
    try:
        once.claim(form.token, person_id=who.person_id, location=url_for("admin.people"))
        wanted, mistakes = inviting.read(form.lines.data or "")
        if mistakes:
            raise Invalid(_("Nobody is invited yet: some lines need another look."), field="lines")
        added = inviting.invite(who, wanted, roles=form.chosen, **form.place)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return render_template("admin/invite.html", form=form, mistakes=mistakes), 422
    db.session.commit()
    flash(_("%(n)s people get a mail with a link to choose a password.", n=len(added)), "success")
    return redirect(url_for("admin.people"), 303)


@bp.get("/people/<int:person_id>/merge")
def merge_form(person_id: int) -> str:
    """Look for the account that goes on; with one chosen, what would move."""
    enter(Permission.PERSON_MANAGE)
    found = people_services.get_person(person_id)
    into = db.session.get(Person, number("into", least=1) or 0)
    return _merge_page(found, into)


def _merge_page(found: Person, into: Person | None, refusal: Invalid | None = None) -> str:
    words = request.values.get("q", "")[:120].replace("\x00", "")
    candidates = [one for one in choosing.candidates(words) if one.id != found.id] if words.strip() else []
    if into is not None and refusal is None:
        try:
            merging.refuse_impossible(found, into)
        except Invalid as trouble:
            refusal = trouble
    return render_template(
        "admin/merge.html",
        person=found,
        into=into if refusal is None else None,
        moves=merging.preview(found, into) if into is not None and refusal is None else (),
        words=words,
        candidates=candidates,
        label=choosing.label,
        refusal=refusal,
        form=Form(formdata=None),
    )


@bp.post("/people/<int:person_id>/merge")
def merge(person_id: int) -> ResponseReturnValue:
    """Move everything to the other account and end this one."""
    who = enter(Permission.PERSON_MANAGE)
    found = people_services.get_person(person_id)
    given = request.form.get("into", "")
    into = db.session.get(Person, int(given)) if given.isascii() and given.isdigit() and len(given) < 10 else None
    try:
        if into is None:
            raise Invalid(_("Choose another account."), field="into")
        n = merging.merge(who, found, into=into)
    except Invalid as refusal:
        db.session.rollback()
        return _merge_page(people_services.get_person(person_id), None, refusal), 422
    db.session.commit()
    flash(_("%(n)s things moved to %(name)s.", n=n, name=into.name), "success")
    return redirect(url_for("admin.person", person_id=into.id), 303)


@bp.post("/people/<int:person_id>/copy")
def copy_of_person(person_id: int) -> Response:
    """A copy of everything kept about somebody, for them."""
    who = enter(Permission.PERSON_ERASE)
    found = people_services.get_person(person_id)
    made = exporting.copy_for(who, found)
    db.session.commit()
    return archive_response(made, f"person-{found.id}-{clock.today():%Y-%m-%d}.zip")


def archive_response(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/people/<int:person_id>/erase")
def erase_form(person_id: int) -> str:
    """What would go, what would stay, and the name to be typed."""
    enter(Permission.PERSON_ERASE)
    return _erase_page(_not_erased(person_id), EraseForm(formdata=None))


def _not_erased(person_id: int) -> Person:
    found = people_services.get_person(person_id)
    if found.is_erased:
        raise NotFound(_("There is no such person."))
    return found


def _erase_page(found: Person, form: EraseForm) -> str:
    home = current_app.config["DITY"].home
    return render_template(
        "admin/erase.html",
        person=found,
        form=form,
        counts=exporting.counts(found),
        n_backups=len(condition.backups(home)),
    )


@bp.post("/people/<int:person_id>/erase")
def erase(person_id: int) -> ResponseReturnValue:
    """End the account and forget whose it was. It cannot be undone."""
    who = enter(Permission.PERSON_ERASE)
    found = _not_erased(person_id)
    form = EraseForm()
    if not form.validate():
        return _erase_page(found, form), 422
    try:
        erasure = erasing.ask(who, found, name=form.name.data or "")
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _erase_page(people_services.get_person(person_id), form), 422
    db.session.commit()
    return redirect(url_for("admin.erasure", erasure_id=erasure.id), 303)


@bp.get("/erasures/<int:erasure_id>")
def erasure(erasure_id: int) -> str:
    """What came of it; counts, never names."""
    enter(Permission.PERSON_ERASE)
    found = account_queries.erasure(erasure_id)
    home = current_app.config["DITY"].home
    return render_template(
        "admin/erasure.html",
        erasure=found,
        named=presenting.tables(found.report.get("named", {})),
        older=[one for one in condition.backups(home) if found.finished_at and one.made_at < found.finished_at],
    )
