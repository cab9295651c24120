"""Saying that a text should be looked at, and the editors' page on which that is decided."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length, Optional

from portal.community import moderating, presenting
from portal.community.models import Answer, Question, Tip
from portal.community.policies import Post
from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.forms import Form
from portal.core.permissions import Permission
from portal.kb.forms.desk import choices
from portal.talk.flags import LONGEST, Decision, Why
from portal.talk.models import Comment

bp = Blueprint("flags", __name__, template_folder="../templates")

WHY = {
    Why.WRONG: _l("It is wrong"),
    Why.OUT_OF_DATE: _l("It is out of date"),
    Why.RUDE: _l("It is rude"),
    Why.PRIVATE: _l("It says something private"),
    Why.DUPLICATE: _l("It was asked before"),
    Why.OTHER: _l("Something else"),
}
WHAT = {
    Decision.KEPT: _l("It stays as it is"),
    Decision.EDITED: _l("I have put it right"),
    Decision.REMOVED: _l("Take it away"),
}
GONE = {Question: _l("Question"), Answer: _l("Answer"), Tip: _l("Tip"), Comment: _l("Comment")}
bp.add_app_template_global(moderating.can_flag, "community_can_flag")
bp.add_app_template_global(lambda row: GONE[type(row)], "gone_kind")
bp.add_app_template_global(lambda reason: WHY[Why(reason)], "flag_reason")


class FlagForm(Form):
    """What is wrong with it."""

    reason = RadioField(_l("What is wrong?"), choices=choices((one.value, words) for one, words in WHY.items()))
    comment = TextAreaField(_l("Say more"), [Optional(), Length(max=LONGEST)])


class DecisionForm(Form):
    """What is done about it, and what those who flagged it are told."""

    outcome = RadioField(_l("What is done?"), choices=choices((one.value, words) for one, words in WHAT.items()))
    reply = TextAreaField(_l("A word to who flagged it"), [Optional(), Length(max=LONGEST)])


@bp.get("/flag/<kind>/<int:post_id>")
def flag(kind: str, post_id: int) -> str:
    """Ask what is wrong with a text."""
    return _flag_page(_flaggable(kind, post_id), FlagForm(formdata=None))


def _flaggable(kind: str, post_id: int) -> Post:
    who = actors.current()
    one = moderating.post(who, kind, post_id)
    if not moderating.can_flag(who, one):
        who.require_self()
        raise Forbidden(_("You can change or take away your own words yourself."))
    return one


def _flag_page(one: Post, form: FlagForm) -> str:
    return render_template("community/flag.html", post=one, form=form, back=_where(one), title=_title(one))


def _title(one: Post) -> str:
    return one.question.title if isinstance(one, Answer) else one.title


def _where(one: Post) -> str:
    if isinstance(one, Answer):
        return presenting.answer_url(actors.current(), one.question, one)
    return presenting.question_url(one) if isinstance(one, Question) else presenting.tip_url(one)


@bp.post("/flag/<kind>/<int:post_id>")
def send(kind: str, post_id: int) -> ResponseReturnValue:
    """Say what is wrong with a text."""
    who, one, form = actors.current(), _flaggable(kind, post_id), FlagForm()
    try:
        if form.validate_on_submit():
            moderating.flag(who, one, reason=form.reason.data or "", comment=form.comment.data or "")
            db.session.commit()
            flash(_("Thank you. An editor looks at it, and you hear what becomes of it."), "success")
            return redirect(_where(one), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _flag_page(_flaggable(kind, post_id), form), 422


@bp.get("/desk/flags")
def index() -> str:
    """What waits for a decision."""
    return _list()


def _list(refused: tuple[str, DecisionForm] | None = None) -> str:
    who = actors.current()
    who.require(Permission.QUESTION_MODERATE)
    cases = moderating.waiting(who)
    gone = moderating.taken_away(who)
    removed_by = presenting.removers([one.row for one in gone])
    return render_template(
        "community/flags.html", cases=cases, what=WHAT, refused=refused, gone=gone, removed_by=removed_by
    )


@bp.post("/desk/flags/<kind>/<int:post_id>")
def decide(kind: str, post_id: int) -> ResponseReturnValue:
    """Decide about a text, and tell who flagged it."""
    who, form = actors.current(), DecisionForm()
    who.require(Permission.QUESTION_MODERATE)
    moderating.post(who, kind, post_id)
    try:
        if form.validate_on_submit():
            outcome, reply = form.outcome.data or "", form.reply.data or ""
            moderating.decide(who, kind, post_id, outcome=outcome, reply=reply)
            db.session.commit()
            flash(_("Decided. Whoever flagged it hears of it."), "success")
            return redirect(url_for("flags.index"), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _list((f"{kind}:{post_id}", form)), 422
