"""Lists of questions, and asking one: what is there already is offered while one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.community import presenting, queries, questions, suggesting
from portal.community.forms import QuestionForm
from portal.community.models import Question
from portal.community.queries import Shelf
from portal.community.views.blueprint import questions_bp as bp
from portal.core import actor as actors
from portal.core import once
from portal.core.access import public
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.search import pace

SHORTEST = 3
"""Letters from which on something is suggested."""


@bp.get("/")
@public
def index() -> str:
    """Questions: the newest, those nobody has answered, those this reader might know, the solved ones."""
    who = actors.current()
    who.require(Permission.QUESTION_READ)
    named = request.args.get("show", "")
    shelf = Shelf(named) if named in set(Shelf) else Shelf.NEWEST
    if not who.is_signed_in and shelf in (Shelf.FOR_ME, Shelf.OWN):
        shelf = Shelf.NEWEST
    topic, below = presenting.chosen_topic(who, request.args.get("topic", "")[:64])
    tag, page = request.args.get("tag", "")[:40], number("page", default=1, least=1, most=1000)
    return render_template(
        "community/index.html",
        shelf=shelf.value,
        found=queries.listing(who, shelf=shelf, topics=below, tag=tag, page=page),
        page=page,
        topic=topic,
        tag=tag,
        topics=queries.topics_with(who, Question),
        tips=queries.latest_tips(who, limit=4),
    )


@bp.get("/new")
def new() -> str:
    """Ask: the words somebody searched for come along, and what answers them is shown first."""
    form = QuestionForm(
        formdata=None,
        title=" ".join(request.args.get("q", "").split())[:200],
        search=request.args.get("s", "")[:16],
    )
    topic = presenting.chosen_topic(actors.current(), request.args.get("topic", "")[:64])[0]
    if topic is not None:
        form.category_id.data = topic.id
    return _page(form, looks=bool(form.title.data))


def _page(form: QuestionForm, *, looks: bool) -> str:
    who = actors.current()
    form.offer(questions.topics_for(who))
    words = (form.title.data or "").strip()
    found = suggesting.look(who, words) if looks and len(words) >= SHORTEST else None
    return render_template("community/new.html", form=form, found=found, say=suggesting)


@bp.post("/new")
def ask() -> ResponseReturnValue:
    """Ask; with `look` only show what there is already, with `solved_it` say that one of those solved it."""
    who = actors.current()
    who.require(Permission.QUESTION_ASK)
    form = QuestionForm()
    form.offer(questions.topics_for(who))
    if "look" in request.form:
        return _page(form, looks=True)
    if solved_it := request.form.get("solved_it", ""):
        thing = suggesting.solved(who, solved_it)
        db.session.commit()
        flash(_("Good. Glad it works. Nothing was asked."), "success")
        return redirect(thing.url, 303)
    try:
        if form.validate_on_submit():
            question = questions.ask(
                who,
                title=form.title.data or "",
                body=form.body.data or "",
                category_id=form.category_id.data,
                tags=form.tags.data or "",
                uploads=form.uploads(),
                search=form.search.data if presenting.KEY.fullmatch(form.search.data or "") else None,
            )
            where = presenting.question_url(question)
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            flash(_("Asked. You hear as soon as somebody answers."), "success")
            return redirect(where, 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _page(form, looks=True), 422


@bp.get("/suggestions")
def suggestions() -> str:
    """What answers the words typed so far, as a piece of the page; nothing while search is down."""
    who = actors.current()
    who.require(Permission.QUESTION_ASK)
    words = request.args.get("q", "").strip()
    if len(words) < SHORTEST:
        return ""
    pace.spend("suggestions", who)
    return render_template("community/_before.html", found=suggesting.suggest(who, words), say=suggesting)


OWN_SHOWN = 5


def in_my_things(context: Mapping[str, Any]) -> str:
    """Draw the questions this person asked among their things, with the way to all of them."""
    found = queries.listing(actors.current(), shelf=Shelf.OWN).rows[:OWN_SHOWN]
    return render_template("community/_mine.html", questions=found) if found else ""


def might_know(context: Mapping[str, Any]) -> str:
    """Draw the questions nobody has answered and this person might know about, for the home page."""
    who = actors.current()
    found = queries.might_know(who)
    return render_template("community/_might_know.html", questions=found) if found else ""
