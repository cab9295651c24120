"""Asking a colleague by name to answer, and saying that one cannot."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from portal.community import inviting, presenting, questions
from portal.community.models import Question
from portal.community.views.blueprint import questions_bp as bp
from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.forms import Form


class InviteForm(Form):
    """Who is asked."""

    who = StringField(_l("Somebody else"), [Length(max=200)])


class DeclineForm(Form):
    """Why not, if one likes."""

    reason = TextAreaField(_l("Why not?"), [Length(max=inviting.REASON)])


def _open(question_id: int) -> Question:
    who = actors.current()
    found = questions.get(who, question_id)
    if not inviting.can_invite(who, found):
        raise Forbidden(_("The asker and editors ask somebody by name, while nobody has solved it."))
    return found


@bp.get("/<int:question_id>/experts")
def choose_expert(question_id: int) -> str:
    """Who may know, and who was asked."""
    return _page(_open(question_id), InviteForm(formdata=None))


def _page(question: Question, form: InviteForm) -> str:
    return render_template(
        "community/experts.html",
        question=question,
        form=form,
        offered=inviting.offered(question),
        asked=inviting.of(question),
    )


@bp.post("/<int:question_id>/experts")
def invite(question_id: int) -> ResponseReturnValue:
    """Ask somebody by name to answer."""
    who, question, form = actors.current(), _open(question_id), InviteForm()
    try:
        if form.validate_on_submit():
            person = inviting.invite(who, question, form.who.data or "")
            db.session.commit()
            flash(_("%(name)s is asked.", name=person.name), "success")
            return redirect(url_for("questions.choose_expert", question_id=question.id), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _page(_open(question_id), form), 422


@bp.post("/<int:question_id>/decline")
def decline(question_id: int) -> ResponseReturnValue:
    """Say that one cannot help."""
    who, form = actors.current(), DeclineForm()
    question = questions.get(who, question_id)
    inviting.decline(who, question, reason=form.reason.data or "")
    db.session.commit()
    flash(_("Thank you for saying so. You are not asked again."), "success")
    return redirect(presenting.question_url(question), 303)
