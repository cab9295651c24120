"""Ideas: the lists, proposing, one of them with its comments."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.community import presenting as posts
from portal.core import actor as actors
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.permissions import Permission
from portal.kb.presenting import on_page
from portal.roadmap import answering, ideas, policies, queries, similar
from portal.roadmap.forms import CommentForm, IdeaForm, VoiceForm
from portal.roadmap.models import Idea, Item
from portal.roadmap.queries import Shelf
from portal.roadmap.views import sheets
from portal.roadmap.views.blueprint import ideas_bp as bp
from portal.search import pace
from portal.talk import follows, votes
from portal.talk import policies as talk_policies
from portal.talk import queries as talk
from portal.talk.models import Voice

SHORTEST = 3
"""Letters from which on something is looked up."""


def _reader() -> actors.Actor:
    who = actors.current()
    who.require(Permission.ROADMAP_READ)
    return who


@bp.get("/")
def index() -> str:
    """Ideas: what is on people's minds, what most want, the newest, what was answered; and a search among them."""
    who = _reader()
    named = request.args.get("show", "")
    shelf = Shelf(named) if named in set(Shelf) else Shelf.TRENDING
    topic, below = posts.chosen_topic(who, request.args.get("topic", "")[:64])
    words, page = " ".join(request.args.get("q", "").split())[:200], number("page", default=1, least=1, most=1000)
    found = queries.ideas(who, shelf=Shelf.NEW if words else shelf, topics=below, words=words, page=page)
    return render_template(
        "roadmap/ideas.html",
        shelf=shelf.value,
        found=found,
        page=page,
        topic=topic,
        words=words,
        topics=queries.topics_with(who),
        median_days=answering.median_days(),
        voices=votes.own(who, [idea.ref for idea in found.rows]),
    )


@bp.get("/new")
def new() -> str:
    """An idea to be proposed: what was proposed before is shown while one types."""
    words = " ".join(request.args.get("q", "").split())[:200]
    form = IdeaForm(formdata=None, title=words)
    topic = posts.chosen_topic(_reader(), request.args.get("topic", "")[:64])[0]
    if topic is not None:
        form.category_id.data = topic.id
    return _writing(form)


def _writing(form: IdeaForm) -> str:
    who = actors.current()
    who.require(Permission.IDEA_PROPOSE)
    form.offer(ideas.topics_for(who))
    words = (form.title.data or "").strip()
    found = similar.look(who, words) if len(words) >= SHORTEST else []
    return render_template("roadmap/new_idea.html", form=form, found=found)


@bp.get("/similar")
def alike() -> str:
    """Ideas like the words typed so far, as a piece of the page."""
    who = _reader()
    words = request.args.get("q", "").strip()
    if len(words) < SHORTEST:
        return ""
    pace.spend("suggestions", who)
    return render_template("roadmap/_similar.html", found=similar.look(who, words))


@bp.post("/new")
def propose() -> ResponseReturnValue:
    """Propose; with `look` only show what there is already."""
    who = actors.current()
    who.require(Permission.IDEA_PROPOSE)
    form = IdeaForm()
    form.offer(ideas.topics_for(who))
    if "look" in request.form:
        return _writing(form)

    def save() -> str:
        idea = ideas.propose(
            who, title=form.title.data or "", body=form.body.data or "", category_id=form.category_id.data
        )
        flash(_("Thank you. Every idea gets an answer, and you are told of it."), "success")
        return url_for("ideas.show", idea_id=idea.id)

    return sheets.attempt(form, save, draw=lambda: _writing(form))


@bp.get("/<int:idea_id>")
def show(idea_id: int) -> str:
    """An idea with what became of it and what colleagues say."""
    return _page(ideas.get(_reader(), idea_id))


def _page(idea: Idea, *, refused: CommentForm | None = None) -> str:
    who = actors.current()
    item = db.session.get(Item, idea.item_id) if idea.item_id else None
    if item is not None and not policies.can_see_item(who, item):
        item = None
    original = db.session.get(Idea, idea.duplicate_of_id) if idea.duplicate_of_id else None
    if original is not None and not policies.can_see(who, original):
        original = None
    context: dict[str, Any] = {
        "idea": idea,
        "html": on_page(idea.html),
        "item": item,
        "card": queries.cards(who, [item])[0] if item is not None else None,
        "original": original,
        "same": queries.same_as(who, idea),
        "notes": talk.notes(idea.ref),
        "is_wanted": (idea.ref, Voice.WANTED) in votes.own(who, [idea.ref]),
        "is_followed": follows.is_followed(who, idea.ref, by_itself=[idea.person_id]),
        "can_comment": talk_policies.can_comment(who),
        "may_remove": lambda note: talk_policies.can_remove(who, note),
        "comment_form": refused or CommentForm(formdata=None),
        "median_days": answering.median_days(),
    }
    return render_template("roadmap/idea.html", **context)


@bp.get("/<int:idea_id>/edit")
def edit(idea_id: int) -> str:
    """An idea to be put otherwise."""
    idea = _editable(idea_id)
    form = IdeaForm(formdata=None, title=idea.title, body=idea.body, category_id=idea.category_id, version=idea.version)
    return _edit_page(idea, form)


def _editable(idea_id: int) -> Idea:
    who = _reader()
    idea = ideas.get(who, idea_id)
    if not policies.can_edit(who, idea):
        raise Forbidden(_("Who proposed it changes it, until it is answered."))
    return idea


def _edit_page(idea: Idea, form: IdeaForm, *, trouble: str = "") -> str:
    form.offer(ideas.topics_for(actors.current()))
    return render_template("roadmap/edit_idea.html", idea=idea, form=form, trouble=trouble)


@bp.post("/<int:idea_id>/edit")
def change(idea_id: int) -> ResponseReturnValue:
    """Save another text of an idea; never over one that was not seen."""
    idea, form = _editable(idea_id), IdeaForm()
    form.offer(ideas.topics_for(actors.current()))
    try:
        if form.validate_on_submit():
            ideas.edit(
                actors.current(),
                idea,
                version=form.version.data or 0,
                title=form.title.data or "",
                body=form.body.data or "",
                category_id=form.category_id.data,
            )
            db.session.commit()
            return redirect(url_for("ideas.show", idea_id=idea_id), 303)
    except Conflict as refusal:
        db.session.rollback()
        idea = _editable(idea_id)
        form.version.data, form.version.raw_data = idea.version, None
        return _edit_page(idea, form, trouble=str(refusal)), 409
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _edit_page(_editable(idea_id), form), 422


@bp.post("/<int:idea_id>/withdraw")
def withdraw(idea_id: int) -> ResponseReturnValue:
    """Take an idea back."""
    who = _reader()
    ideas.withdraw(who, ideas.get(who, idea_id))
    db.session.commit()
    flash(_("Taken back. You can bring it back on its page."), "success")
    return redirect(url_for("ideas.show", idea_id=idea_id), 303)


@bp.post("/<int:idea_id>/restore")
def restore(idea_id: int) -> ResponseReturnValue:
    """Bring an idea back."""
    who = _reader()
    ideas.restore(who, ideas.get(who, idea_id))
    db.session.commit()
    return redirect(url_for("ideas.show", idea_id=idea_id), 303)


@bp.post("/<int:idea_id>/want")
def want(idea_id: int) -> ResponseReturnValue:
    """Say that one would like it too, or take that back."""
    who = _reader()
    idea = ideas.get(who, idea_id)
    ideas.want(who, idea, is_on=VoiceForm().is_on)
    db.session.commit()
    return redirect(url_for("ideas.show", idea_id=idea_id), 303)


@bp.post("/<int:idea_id>/follow")
def follow(idea_id: int) -> ResponseReturnValue:
    """Hear of what becomes of it, or not."""
    who = _reader()
    ideas.follow(who, ideas.get(who, idea_id), is_on=VoiceForm().is_on)
    db.session.commit()
    return redirect(url_for("ideas.show", idea_id=idea_id), 303)


@bp.post("/<int:idea_id>/comments")
def comment(idea_id: int) -> ResponseReturnValue:
    """Leave a comment."""
    who, form = _reader(), CommentForm()
    idea = ideas.get(who, idea_id)

    def save() -> str:
        note = ideas.comment(who, idea, body=form.body.data or "")
        return url_for("ideas.show", idea_id=idea_id, _anchor=f"comment-{note.id}")

    return sheets.attempt(form, save, draw=lambda: _page(ideas.get(who, idea_id), refused=form))


@bp.post("/<int:idea_id>/comments/<int:comment_id>/remove")
def remove_comment(idea_id: int, comment_id: int) -> ResponseReturnValue:
    """Take a comment away."""
    who = _reader()
    ideas.remove_comment(who, ideas.get(who, idea_id), comment_id)
    db.session.commit()
    return redirect(url_for("ideas.show", idea_id=idea_id), 303)
