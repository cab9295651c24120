"""The task force's desk: what waits for an answer, what is in triage, and in which order things are worth doing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.kb.presenting import on_page
from portal.roadmap import (
    answering,
    checking,
    ideas,
    items,
    notes,
    ordering,
    policies,
    presenting,
    queries,
    scoring,
    similar,
    voters,
)
from portal.roadmap.forms import AnswerForm, PointsForm
from portal.roadmap.models import Idea
from portal.roadmap.views import sheets
from portal.roadmap.views.blueprint import roadmap_bp as bp
from portal.talk import queries as talk


def steering() -> actors.Actor:
    """Return who asks; refuses (Forbidden) whoever does not steer."""
    who = actors.current()
    if not policies.may_steer(who):
        raise Forbidden(_("The task force looks after the roadmap."))
    return who


@bp.get("/triage")
def triage() -> str:
    """Ideas without an answer, items that cannot leave triage yet, and what they wait for."""
    who = steering()
    drafts, waiting = queries.drafts(who), queries.waiting(who)
    return render_template(
        "roadmap/triage.html",
        waiting=waiting,
        voters=voters.by_department(waiting.rows),
        drafts=drafts,
        said=presenting.saying(who, {card.item.id: card.known for card in drafts}),
        median_days=answering.median_days(),
    )


@bp.get("/triage/ideas/<int:idea_id>")
def answer(idea_id: int) -> str:
    """An idea to be answered."""
    return _answering(_answerable(idea_id), AnswerForm(formdata=None))


def _answerable(idea_id: int) -> Idea:
    who = steering()
    idea = ideas.get(who, idea_id)
    if not policies.can_answer(who, idea):
        raise Forbidden(_("What was taken back needs no answer."))
    return idea


def _answering(idea: Idea, form: AnswerForm) -> str:
    who = actors.current()
    form.offer(queries.choosable(who))
    return render_template(
        "roadmap/answer.html",
        idea=idea,
        html=on_page(idea.html),
        form=form,
        voters=voters.by_department([idea]),
        notes=talk.notes(idea.ref),
        alike=[thing for thing in similar.look(who, idea.title) if thing.ref != idea.ref],
    )


@bp.post("/triage/ideas/<int:idea_id>")
def give_answer(idea_id: int) -> ResponseReturnValue:
    """Answer an idea; a new item begins in triage with the words of the idea."""
    idea, form = _answerable(idea_id), AnswerForm()
    form.offer(queries.choosable(actors.current()))

    def save() -> str:
        where = _give(idea, form)
        flash(_("Answered. Who proposed it, wants it or follows it is told."), "success")
        return where

    return sheets.attempt(form, save, draw=lambda: _answering(_answerable(idea_id), form))


def _give(idea: Idea, form: AnswerForm) -> str:
    who, words = actors.current(), form.words.data or ""
    if form.outcome.data == "new":
        made = items.make(who, items.About(title=idea.title, summary=idea.excerpt, category_id=idea.category_id))
        answering.take_up(who, idea, made, words=words)
        return url_for("roadmap.item", item_id=made.id)
    if form.outcome.data == "item":
        if not form.item_id.data:
            raise Invalid(_("Choose an item from the list."), field="item_id")
        answering.take_up(who, idea, items.get(who, form.item_id.data), words=words)
    elif form.outcome.data == "declined":
        answering.decline(who, idea, words=words)
    elif form.outcome.data == "duplicate":
        answering.point(who, idea, of=form.original, words=words)
    else:
        raise Invalid(_("Choose what becomes of it."), field="outcome")
    return url_for("roadmap.triage")


@bp.get("/order")
def order() -> str:
    """In which order things are worth doing, by evidence or as the steering group weighed them; and how they stand."""
    who = steering()
    named = request.args.get("by", "")
    context: dict[str, Any] = {"by": named if named in ("wsjf", "hand") else "rice"}
    if context["by"] == "wsjf":
        context["weighed"], context["rest"] = scoring.by_wsjf(who)
        context["form"] = PointsForm(formdata=None).offer()
    elif context["by"] == "hand":
        columns = ordering.standing(who)
        refs = [one.item.ref for column in columns.values() for one in column if one.item.position]
        context |= {"columns": columns, "placed": notes.latest(refs, fields=(ordering.FIELD,)), "rest": []}
    else:
        context["ties"], context["rest"] = scoring.by_rice(who)
    return render_template("roadmap/order.html", **context)


@bp.post("/items/<int:item_id>/points")
def weigh(item_id: int) -> ResponseReturnValue:
    """Set what the steering group gave an item."""
    who, form = steering(), PointsForm().offer()
    found = items.steered(who, item_id)
    if form.validate_on_submit():
        items.weigh(who, found, form.points)
        db.session.commit()
    else:
        flash(_("Choose from the list."), "warning")
    return redirect(url_for("roadmap.order", by="wsjf"), 303)


@bp.get("/calibration")
def calibration() -> str:
    """What was foretold beside what was measured: how far the task force's expectations can be trusted."""
    whole, told = checking.foretold(steering())
    return render_template("roadmap/calibration.html", whole=whole, told=told)
