"""Tokens of programs that are nobody's, for administrators."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import forms, queries, tokens
from portal.accounts.forms import ServiceForm
from portal.accounts.views.blueprint import bp, page
from portal.core import actor as actors
from portal.core import once, scopes
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.core.scopes import Scope


@bp.app_template_global()
def scope_words(given: Iterable[str]) -> str:
    """Return what a token is good for, in words."""
    return "; ".join(str(scopes.WORDS[one]) for one in Scope if one in given)


@bp.app_template_global()
def service_role_words(given: Iterable[str]) -> str:
    return "; ".join(str(words) for role, words in forms.ROLES.items() if role in given) or _("Reader")


@bp.get("/admin/programs")
def programs() -> str:
    """The programs that may enter, and the form for one more."""
    return _page(ServiceForm(formdata=None))


def _page(form: ServiceForm, text: str = "") -> str:
    actors.current().require(Permission.API_SERVICE)
    return render_template("accounts/programs.html", form=form, services=queries.services(), text=text)


@bp.post("/admin/programs")
def add_program() -> ResponseReturnValue:
    """Make a token for a program; its text is shown this once."""
    who, form, text = actors.current(), ServiceForm(), ""
    who.require(Permission.API_SERVICE)
    if form.validate_on_submit():
        try:
            once.claim(form.token, person_id=who.person_id, location=url_for(".programs"))
            _row, text = tokens.make_service(
                who,
                label=form.label.data or "",
                days=form.days.data,
                roles=form.chosen_roles,
                scopes=form.chosen_scopes,
            )
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
        else:
            db.session.commit()
            form = ServiceForm(formdata=None)
    return page(_page(form, text), is_refused=not text)


@bp.post("/admin/programs/<int:token_id>/revoke")
def revoke_program(token_id: int) -> ResponseReturnValue:
    """Shut a program out."""
    row = tokens.revoke_service(actors.current(), token_id)
    db.session.commit()
    flash(_("%(name)s cannot enter any more.", name=row.label), "success")
    return redirect(url_for(".programs"), 303)
