"""The page of a question, and what readers say there: same here, follow, did this solve it, comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.community import answers, commenting, policies, presenting, questions, removing, things
from portal.community.forms import CommentForm, VoiceForm
from portal.community.models import Answer, Question
from portal.community.presenting import Said
from portal.community.views.blueprint import questions_bp as bp
from portal.core import actor as actors
from portal.core import once
from portal.core.access import public
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.talk import follows, solutions
from portal.talk import policies as talk_policies
from portal.talk.forms import IntentForm, SolvedForm


@bp.get("/<int:question_id>")
@public
def short(question_id: int) -> ResponseReturnValue:
    """Lead from the number alone to the full address."""
    found = questions.get(actors.current(), question_id)
    return redirect(presenting.question_url(found, **presenting.kept_arguments()), 301)


@bp.get("/<int:question_id>-<words>")
@public
def show(question_id: int, words: str) -> ResponseReturnValue:
    """Read a question with its answers; an address with former words leads to the one it has now."""
    who = actors.current()
    found = questions.get(who, question_id)
    if words != things.words_of(found.title):
        return redirect(presenting.question_url(found, **presenting.kept_arguments()), 301)
    questions.note_view(who, found, **presenting.opened_from())
    return page(found)


def page(question: Question, said: Said | None = None) -> str:
    return render_template("community/question.html", **presenting.question_page(actors.current(), question, said=said))


@bp.post("/<int:question_id>/same")
def same(question_id: int) -> ResponseReturnValue:
    """Say "same problem here", or take it back."""
    who = actors.current()
    found = questions.get(who, question_id)
    questions.same_here(who, found, is_on=VoiceForm().is_on)
    db.session.commit()
    return redirect(presenting.question_url(found), 303)


@bp.post("/<int:question_id>/follow")
def follow(question_id: int) -> ResponseReturnValue:
    """Follow, or stop following."""
    who = actors.current()
    found = questions.get(who, question_id)
    turn = follows.follow if VoiceForm().is_on else follows.unfollow
    turn(who, found.ref, topic=questions.about(found))
    db.session.commit()
    return redirect(presenting.question_url(found), 303)


@bp.post("/<int:question_id>/solved")
def solved(question_id: int) -> ResponseReturnValue:
    """Say whether the answers solved it, or say it differently."""
    who = actors.current()
    found = questions.get(who, question_id)
    form = SolvedForm()
    if form.solved.data not in ("yes", "no"):
        raise Invalid(_("Say yes or not yet."), field="solved")
    try:
        questions.solved(
            who,
            found,
            is_solved=form.solved.data == "yes",
            reason=form.reason.data or None,
            comment=form.comment.data if "comment" in request.form else None,
            via="search" if form.via.data == "search" else "article",
        )
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return page(questions.get(who, question_id), Said(solved=form)), 422
    db.session.commit()
    if request.headers.get("HX-Request"):
        return render_template("community/_solved.html", **presenting.solved_context(who, found))
    return redirect(presenting.question_url(found, _anchor="solved"), 303)


@bp.post("/<int:question_id>/intent")
def intent(question_id: int) -> ResponseReturnValue:
    """Answer the one further question."""
    who = actors.current()
    found = questions.get(who, question_id)
    said = questions.said(who, found)
    if said is None:
        raise NotFound("")
    solutions.state_intent(who, said, would_have_called=IntentForm().would_have_called.data == "yes")
    db.session.commit()
    return redirect(presenting.question_url(found, _anchor="solved"), 303)


def confirm(context: Mapping[str, Any]) -> str:
    """Draw "This solved it" for a question that is the strong answer of a result page."""
    thing, who = context["thing"], actors.current()
    if thing.ref.kind != "question" or not thing.meta["n_answers"] or not talk_policies.can_answer(who):
        return ""
    if policies.is_own(who, db.session.get_one(Question, thing.ref.id)):
        return ""
    return render_template("community/_confirm.html", question_id=thing.ref.id)


@bp.post("/<int:question_id>/comments")
def add_comment(question_id: int) -> ResponseReturnValue:
    """Comment on a question."""
    return _add_comment(question_id, None)


@bp.post("/<int:question_id>/answers/<int:answer_id>/comments")
def add_answer_comment(question_id: int, answer_id: int) -> ResponseReturnValue:
    """Comment on an answer."""
    return _add_comment(question_id, answer_id)


def _add_comment(question_id: int, answer_id: int | None) -> ResponseReturnValue:
    who = actors.current()
    question, post = _about(question_id, answer_id)
    form, where = CommentForm(), _place(question, post)
    try:
        once.claim(form.token, person_id=who.person_id, location=where)
        commenting.add(who, post, body=form.body.data or "")
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        question, post = _about(question_id, answer_id)
        return page(question, Said(comment=(post.ref, form))), 422
    db.session.commit()
    return redirect(where, 303)


@bp.post("/<int:question_id>/comments/<int:comment_id>/remove")
def remove_comment(question_id: int, comment_id: int) -> ResponseReturnValue:
    """Take a comment on a question away."""
    return _turn_comment(removing.remove_comment, question_id, None, comment_id)


@bp.post("/<int:question_id>/answers/<int:answer_id>/comments/<int:comment_id>/remove")
def remove_answer_comment(question_id: int, answer_id: int, comment_id: int) -> ResponseReturnValue:
    """Take a comment on an answer away."""
    return _turn_comment(removing.remove_comment, question_id, answer_id, comment_id)


@bp.post("/<int:question_id>/comments/<int:comment_id>/restore")
def restore_comment(question_id: int, comment_id: int) -> ResponseReturnValue:
    """Bring a comment on a question back."""
    return _turn_comment(removing.restore_comment, question_id, None, comment_id)


@bp.post("/<int:question_id>/answers/<int:answer_id>/comments/<int:comment_id>/restore")
def restore_answer_comment(question_id: int, answer_id: int, comment_id: int) -> ResponseReturnValue:
    """Bring a comment on an answer back."""
    return _turn_comment(removing.restore_comment, question_id, answer_id, comment_id)


def _turn_comment(
    act: Callable[[Actor, Question | Answer, int], object], question_id: int, answer_id: int | None, comment_id: int
) -> ResponseReturnValue:
    """Take a comment away or bring it back."""
    question, post = _about(question_id, answer_id)
    act(actors.current(), post, comment_id)
    db.session.commit()
    return redirect(_place(question, post), 303)


def _about(question_id: int, answer_id: int | None) -> tuple[Question, Question | Answer]:
    who = actors.current()
    question = questions.get(who, question_id)
    return question, question if answer_id is None else answers.get(who, question, answer_id)


def _place(question: Question, post: Question | Answer) -> str:
    if isinstance(post, Answer):
        return presenting.answer_url(actors.current(), question, post)
    return presenting.question_url(question, _anchor="question")
