"""Putting a question, an answer or a tip otherwise: the form, its page, and what somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import redirect
from flask.typing import ResponseReturnValue

from portal.community import pictures, presenting, questions
from portal.community.forms import AnswerForm, QuestionForm
from portal.community.models import Question, Tip
from portal.community.policies import Post
from portal.community.texts import Collision
from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import Invalid

F = TypeVar("F", bound=QuestionForm)


def form_of(post: Question | Tip, make: type[F]) -> F:
    """Return the form as it was sent, or with the text that is stored."""
    form = make(**presenting.as_stored(post))
    topics = questions.topics_for(actors.current())
    form.offer(topics if post.category in topics else [*topics, post.category], is_chosen=True)
    return form


def shown(post: Post, form: QuestionForm | AnswerForm, *, is_collision: bool) -> dict[str, Any]:
    """Return what every page for changing a text shows; after a collision also what somebody else has saved."""
    return {
        "form": form,
        "pictures": pictures.of([post.ref]).get(post.ref, []),
        "theirs": presenting.against_theirs(post, form) if is_collision else None,
    }


def save(form: QuestionForm | AnswerForm, put: Callable[[], str], *, again: Callable[..., str]) -> ResponseReturnValue:
    """Save and lead to where `put` says; what is refused, or was saved over, comes back with everything typed."""
    try:
        if form.validate_on_submit():
            where = put()
            db.session.commit()
            return redirect(where, 303)
    except Collision:
        db.session.rollback()
        return again(is_collision=True), 409
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return again(), 422
