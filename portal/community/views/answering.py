"""Answers: giving, changing, finding useful, accepting."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.community import answers, policies, presenting, questions
from portal.community.forms import AnswerForm, VoiceForm
from portal.community.models import Answer
from portal.community.presenting import Said
from portal.community.views import reading, rewriting
from portal.community.views.blueprint import questions_bp as bp
from portal.core import actor as actors
from portal.core import once
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid


@bp.post("/<int:question_id>/answers")
def answer(question_id: int) -> ResponseReturnValue:
    """Answer a question."""
    who = actors.current()
    question, form = questions.get(who, question_id), AnswerForm()
    try:
        if form.validate_on_submit():
            made = answers.give(who, question, body=form.body.data or "", uploads=form.uploads())
            where = presenting.answer_url(who, question, made)
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            flash(_("Thank you. The asker hears of it now."), "success")
            return redirect(where, 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return reading.page(questions.get(who, question_id), Said(answer=form)), 422


@bp.get("/<int:question_id>/answers/<int:answer_id>/edit")
def edit_answer(question_id: int, answer_id: int) -> str:
    """The answer as it stands, to be put otherwise."""
    return _edit_page(_editable(question_id, answer_id))


def _editable(question_id: int, answer_id: int) -> Answer:
    who = actors.current()
    found = answers.get(who, questions.get(who, question_id), answer_id)
    if not policies.can_edit(who, found):
        raise Forbidden(_("The author and editors change an answer."))
    return found


def _edit_page(found: Answer, form: AnswerForm | None = None, *, is_collision: bool = False) -> str:
    form = form or AnswerForm(formdata=None, body=found.body, version=found.version)
    return render_template(
        "community/edit_answer.html",
        answer=found,
        question=found.question,
        **rewriting.shown(found, form, is_collision=is_collision),
    )


@bp.post("/<int:question_id>/answers/<int:answer_id>/edit")
def change_answer(question_id: int, answer_id: int) -> ResponseReturnValue:
    """Save another text of an answer; over somebody else's only when that was seen."""
    who, form = actors.current(), AnswerForm()
    found = _editable(question_id, answer_id)

    def put() -> str:
        said = form.body.data or ""
        answers.edit(who, found, version=form.seen, body=said, uploads=form.uploads(), gone=form.gone())
        return presenting.answer_url(who, found.question, found)

    return rewriting.save(form, put, again=lambda **more: _edit_page(_editable(question_id, answer_id), form, **more))


@bp.post("/<int:question_id>/answers/<int:answer_id>/useful")
def find_useful(question_id: int, answer_id: int) -> ResponseReturnValue:
    """Say that an answer is useful, or take that back."""
    who = actors.current()
    question = questions.get(who, question_id)
    found = answers.get(who, question, answer_id)
    answers.find_useful(who, found, is_on=VoiceForm().is_on)
    db.session.commit()
    return redirect(presenting.answer_url(who, question, found), 303)


@bp.post("/<int:question_id>/answers/<int:answer_id>/accept")
def accept(question_id: int, answer_id: int) -> ResponseReturnValue:
    """Say that this answer solved it, or take that back."""
    who = actors.current()
    question = questions.get(who, question_id)
    found = answers.get(who, question, answer_id)
    answers.accept(who, found, is_on=VoiceForm().is_on)
    db.session.commit()
    return redirect(presenting.answer_url(who, question, found), 303)
