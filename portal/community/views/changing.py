"""Questions put otherwise, their history, and what is taken away and comes back."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.community import answers, history, policies, presenting, questions, removing
from portal.community.forms import QuestionForm
from portal.community.models import Answer, Question
from portal.community.views import rewriting
from portal.community.views.blueprint import questions_bp as bp
from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import Forbidden


@bp.get("/<int:question_id>/edit")
def edit(question_id: int) -> str:
    """The question as it stands, to be put otherwise."""
    return _edit_page(_editable(question_id))


def _editable(question_id: int) -> Question:
    who = actors.current()
    found = questions.get(who, question_id)
    if not policies.can_edit(who, found):
        raise Forbidden(_("The asker and editors change a question."))
    return found


def _edit_page(question: Question, form: QuestionForm | None = None, *, is_collision: bool = False) -> str:
    form = form or rewriting.form_of(question, QuestionForm)
    return render_template(
        "community/edit_question.html",
        question=question,
        can_move=policies.can_move(actors.current(), question),
        **rewriting.shown(question, form, is_collision=is_collision),
    )


@bp.post("/<int:question_id>/edit")
def change(question_id: int) -> ResponseReturnValue:
    """Save another text of a question; over somebody else's only when that was seen."""
    who = actors.current()
    question = _editable(question_id)
    form = rewriting.form_of(question, QuestionForm)
    may_move = policies.can_move(who, question)

    def put() -> str:
        questions.edit(who, question, **form.said(may_move=may_move))
        return presenting.question_url(question)

    return rewriting.save(form, put, again=lambda **more: _edit_page(_editable(question_id), form, **more))


@bp.get("/<int:question_id>/history")
def show_history(question_id: int) -> str:
    """What each edit of a question changed."""
    who = actors.current()
    question = questions.get(who, question_id)
    return render_template(
        "community/history.html",
        title=question.title,
        back=presenting.question_url(question),
        changes=history.changes(who, question),
    )


@bp.get("/<int:question_id>/answers/<int:answer_id>/history")
def show_answer_history(question_id: int, answer_id: int) -> str:
    """What each edit of an answer changed."""
    who = actors.current()
    question = questions.get(who, question_id)
    answer = answers.get(who, question, answer_id)
    return render_template(
        "community/history.html",
        title=question.title,
        back=presenting.answer_url(who, question, answer),
        changes=history.changes(who, answer),
    )


@bp.post("/<int:question_id>/remove")
def remove(question_id: int) -> ResponseReturnValue:
    """Take a question away."""
    who = actors.current()
    question = questions.get(who, question_id)
    removing.remove(who, question)
    db.session.commit()
    flash(_("Taken away. You can bring it back on its page."), "success")
    return redirect(presenting.question_url(question), 303)


@bp.post("/<int:question_id>/restore")
def restore(question_id: int) -> ResponseReturnValue:
    """Bring a question back."""
    who = actors.current()
    question = questions.get(who, question_id)
    removing.restore(who, question)
    db.session.commit()
    return redirect(presenting.question_url(question), 303)


@bp.post("/<int:question_id>/answers/<int:answer_id>/remove")
def remove_answer(question_id: int, answer_id: int) -> ResponseReturnValue:
    """Take an answer away."""
    return _turn_answer(question_id, answer_id, is_there=False)


@bp.post("/<int:question_id>/answers/<int:answer_id>/restore")
def restore_answer(question_id: int, answer_id: int) -> ResponseReturnValue:
    """Bring an answer back."""
    return _turn_answer(question_id, answer_id, is_there=True)


def _turn_answer(question_id: int, answer_id: int, *, is_there: bool) -> ResponseReturnValue:
    who = actors.current()
    question = questions.get(who, question_id)
    answer: Answer = answers.get(who, question, answer_id)
    (removing.restore if is_there else removing.remove)(who, answer)
    where = presenting.answer_url(who, question, answer)
    db.session.commit()
    return redirect(where, 303)
