"""Saying that a question was asked before, and taking that back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from portal.community import duplicates, presenting, questions
from portal.community.models import Question
from portal.community.views.blueprint import questions_bp as bp
from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.forms import Form
from portal.search import pace


class DuplicateForm(Form):
    """Which question asks the same."""

    of = StringField(_l("Its address or number"), [Length(max=400)])


def _pointable(question_id: int) -> Question:
    who = actors.current()
    found = questions.get(who, question_id)
    if not duplicates.can_point(who, found):
        raise Forbidden(_("The asker, who answered, and editors say that it was asked before."))
    return found


@bp.get("/<int:question_id>/duplicate")
def choose_original(question_id: int) -> str:
    """Look for the question that asks the same."""
    question = _pointable(question_id)
    pace.spend("searches", actors.current())
    return _page(question)


def _page(question: Question, form: DuplicateForm | None = None) -> str:
    words = " ".join(request.args.get("q", "").split())[:200] or question.title
    context: dict[str, Any] = {
        "question": question,
        "form": form or DuplicateForm(formdata=None),
        "words": words,
        "found": duplicates.candidates(actors.current(), question, words),
    }
    return render_template("community/duplicate.html", **context)


@bp.post("/<int:question_id>/duplicate")
def point(question_id: int) -> ResponseReturnValue:
    """Point a question to the one that asks the same."""
    who, question, form = actors.current(), _pointable(question_id), DuplicateForm()
    try:
        if form.validate_on_submit():
            duplicates.point(who, question, to=duplicates.named(who, form.of.data or ""))
            db.session.commit()
            flash(_("Noted. The answers of the other question stand here now."), "success")
            return redirect(presenting.question_url(question), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _page(_pointable(question_id), form), 422


@bp.post("/<int:question_id>/duplicate/undo")
def take_back_duplicate(question_id: int) -> ResponseReturnValue:
    """Say that it is a question of its own after all."""
    question = _pointable(question_id)
    duplicates.take_back(actors.current(), question)
    db.session.commit()
    return redirect(presenting.question_url(question), 303)
