"""Tips: the list, one of them, writing, changing, thanking."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.community import history, pictures, policies, presenting, queries, questions, removing, things, tips
from portal.community.forms import TipForm, VoiceForm
from portal.community.models import Tip
from portal.community.views import rewriting
from portal.community.views.blueprint import tips_bp as bp
from portal.core import actor as actors
from portal.core import once
from portal.core.access import public
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Permission
from portal.talk import votes


@bp.get("/")
@public
def index() -> str:
    """The tips colleagues wrote, the newest first."""
    who = actors.current()
    who.require(Permission.QUESTION_READ)
    topic, below = presenting.chosen_topic(who, request.args.get("topic", "")[:64])
    tag, page = request.args.get("tag", "")[:40], number("page", default=1, least=1, most=1000)
    return render_template(
        "community/tips.html",
        found=queries.tips(who, topics=below, tag=tag, page=page),
        page=page,
        topic=topic,
        tag=tag,
        topics=queries.topics_with(who, Tip),
    )


@bp.get("/new")
def new() -> str:
    """A tip to be written."""
    actors.current().require(Permission.TIP_WRITE)
    return _page(TipForm(formdata=None, title=" ".join(request.args.get("q", "").split())[:200]))


def _page(form: TipForm) -> str:
    form.offer(questions.topics_for(actors.current()))
    return render_template("community/new_tip.html", form=form)


@bp.post("/new")
def write() -> ResponseReturnValue:
    """Keep a tip."""
    who = actors.current()
    who.require(Permission.TIP_WRITE)
    form = TipForm()
    form.offer(questions.topics_for(who))
    try:
        if form.validate_on_submit():
            tip = tips.write(
                who,
                title=form.title.data or "",
                body=form.body.data or "",
                category_id=form.category_id.data,
                tags=form.tags.data or "",
                uploads=form.uploads(),
            )
            where = presenting.tip_url(tip)
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            flash(_("Thank you. Whoever needs it finds it by searching."), "success")
            return redirect(where, 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _page(form), 422


@bp.get("/<int:tip_id>")
@public
def short(tip_id: int) -> ResponseReturnValue:
    """Lead from the number alone to the full address."""
    return redirect(presenting.tip_url(tips.get(actors.current(), tip_id), **presenting.kept_arguments()), 301)


@bp.get("/<int:tip_id>-<words>")
@public
def show(tip_id: int, words: str) -> ResponseReturnValue:
    """Read a tip; an address with former words leads to the one it has now."""
    who = actors.current()
    tip = tips.get(who, tip_id)
    if words != things.words_of(tip.title):
        return redirect(presenting.tip_url(tip, **presenting.kept_arguments()), 301)
    tips.note_view(who, tip, **presenting.opened_from())
    return render_template(
        "community/tip.html",
        tip=tip,
        voices=votes.own(who, [tip.ref]),
        pictures=pictures.below([tip]),
        article=queries.made_article(who, tip.article_id),
        removed_by=presenting.removers([tip]),
    )


@bp.post("/<int:tip_id>/thanks")
def thank(tip_id: int) -> ResponseReturnValue:
    """Thank for a tip, or take that back."""
    who = actors.current()
    tip = tips.get(who, tip_id)
    tips.thank(who, tip, is_on=VoiceForm().is_on)
    db.session.commit()
    return redirect(presenting.tip_url(tip), 303)


@bp.get("/<int:tip_id>/edit")
def edit(tip_id: int) -> str:
    """The tip as it stands, to be put otherwise."""
    return _edit_page(_editable(tip_id))


def _editable(tip_id: int) -> Tip:
    who = actors.current()
    found = tips.get(who, tip_id)
    if not policies.can_edit(who, found):
        raise Forbidden(_("The author and editors change a tip."))
    return found


def _edit_page(tip: Tip, form: TipForm | None = None, *, is_collision: bool = False) -> str:
    form = form or rewriting.form_of(tip, TipForm)
    return render_template(
        "community/edit_tip.html",
        tip=tip,
        can_move=policies.can_move(actors.current(), tip),
        **rewriting.shown(tip, form, is_collision=is_collision),
    )


@bp.post("/<int:tip_id>/edit")
def change(tip_id: int) -> ResponseReturnValue:
    """Save another text of a tip; over somebody else's only when that was seen."""
    who = actors.current()
    tip = _editable(tip_id)
    form = rewriting.form_of(tip, TipForm)
    may_move = policies.can_move(who, tip)

    def put() -> str:
        tips.edit(who, tip, **form.said(may_move=may_move))
        return presenting.tip_url(tip)

    return rewriting.save(form, put, again=lambda **more: _edit_page(_editable(tip_id), form, **more))


@bp.get("/<int:tip_id>/history")
def show_history(tip_id: int) -> str:
    """What each edit of a tip changed."""
    who = actors.current()
    tip = tips.get(who, tip_id)
    return render_template(
        "community/history.html", title=tip.title, back=presenting.tip_url(tip), changes=history.changes(who, tip)
    )


@bp.post("/<int:tip_id>/remove")
def remove(tip_id: int) -> ResponseReturnValue:
    """Take a tip away."""
    who = actors.current()
    tip = tips.get(who, tip_id)
    removing.remove(who, tip)
    db.session.commit()
    flash(_("Taken away. You can bring it back on its page."), "success")
    return redirect(presenting.tip_url(tip), 303)


@bp.post("/<int:tip_id>/restore")
def restore(tip_id: int) -> ResponseReturnValue:
    """Bring a tip back."""
    who = actors.current()
    tip = tips.get(who, tip_id)
    removing.restore(who, tip)
    db.session.commit()
    return redirect(presenting.tip_url(tip), 303)
