"""Pages for tending topics and tags. All of them work without script."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from portal.core import actor as actors
from portal.core import once
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb.forms.topics import MergeForm, TagForm, TopicForm
from portal.kb.models import Article, Category, Status
from portal.kb.shelving import tags, topics, tree
from portal.kb.shelving.topics import Effect, NotSure
from portal.people.audiences import visible
from portal.search import maintenance
from portal.search.engine import IndexBusy, IndexUnusable

bp = Blueprint("topics", __name__, url_prefix="/desk/topics", template_folder="../templates")
tags_bp = Blueprint("tags", __name__, url_prefix="/desk/tags", template_folder="../templates")

ONE = "<int(max=2147483647):topic_id>"
SHOWN = 50
AT_ONCE = 300
"""Articles that the index follows while the editor waits; more of them are the job's business."""


@bp.get("/")
def index() -> str:
    """The whole tree, and a form for a new topic."""
    who = actors.current()
    who.require(Permission.TOPIC_MANAGE)
    return _index(TopicForm(formdata=None, data={"parent_id": request.args.get("below", 0, type=int)}))


def _index(form: TopicForm) -> str:
    who = actors.current()
    return render_template("topics/index.html", branches=tree.branches(who), form=form.offer(who))


@bp.post("/")
def add() -> ResponseReturnValue:
    """Add a topic."""
    who = actors.current()
    who.require(Permission.TOPIC_MANAGE)
    form = TopicForm().offer(who)
    if form.validate():
        try:
            once.claim(form.token, person_id=who.person_id, location=url_for(".index"))
            topic = topics.add(who, form.wanted())
            db.session.commit()
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
        else:
            flash(_("“%(title)s” is there now.", title=topic.title), "success")
            return redirect(url_for(".index", _anchor=f"topic-{topic.id}"), 303)
    return _index(form), 422


@bp.get(f"/{ONE}")
def edit(topic_id: int) -> str:
    """One topic: what it is, who reads it, what is in it, and how it goes."""
    who = actors.current()
    topic = topics.get(who, topic_id)
    form = TopicForm(formdata=None, obj=topic)
    form.parent_id.data = topic.parent_id or 0
    return _edit(topic, form)


def _edit(topic: Category, form: TopicForm, **more: Any) -> str:
    who = actors.current()
    query = select(Article.slug, Article.title, Article.status).where(
        Article.category_id == topic.id, visible(Article.access_key, who), Article.status != Status.ARCHIVED.value
    )
    inside = list(db.session.execute(query.order_by(Article.title).limit(SHOWN + 1)))
    return render_template(
        "topics/edit.html",
        topic=topic,
        form=form.offer(who, topic),
        merge_form=more.pop("merge_form", None) or MergeForm(formdata=None).offer(who, topic),
        inside=inside[:SHOWN],
        has_more=len(inside) > SHOWN,
        way=topics.in_the_way(who, topic),
        says=_says_above(topic),
        effect_words=effect_words,
        **{"effect": None, "merge_effect": None} | more,
    )


def _says_above(topic: Category) -> list[str]:
    """Return the names of the topics above that say for whom they are."""
    found, at = [], topic.parent_id
    while at is not None:
        above = db.session.get_one(Category, at)
        if above.audience:
            found.append(above.title)
        at = above.parent_id
    return found


def effect_words(effect: Effect) -> list[str]:
    """Say what a change would do to who may read what."""
    said = []
    if effect.n_articles:
        n = effect.n_articles
        said.append(ngettext("%(num)s article gets other readers.", "%(num)s articles get other readers.", n))
    if effect.opens:
        said.append(_("Some people may then read what they may not read now."))
    if effect.closes:
        said.append(_("Some people may then not read any more what they may read now."))
    if effect.loses_sight:
        said.append(_("You will not see this topic any more yourself: you are in none of these audiences."))
    return said


@bp.post(f"/{ONE}")
def change(topic_id: int) -> ResponseReturnValue:
    """Change a topic; what decides who reads is asked twice."""
    who = actors.current()
    topic = topics.get(who, topic_id)
    form = TopicForm().offer(who, topic)
    effect = None
    if form.validate():
        try:
            touched = topics.change(who, topic, form.wanted(), is_sure=bool(form.is_sure.data))
            db.session.commit()
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
            effect = refusal.effect if isinstance(refusal, NotSure) else None
        else:
            _catch_up(touched)
            flash(_("Saved."), "success")
            return redirect(url_for(".index"), 303)
    return _edit(topics.get(who, topic_id), form, effect=effect), 422


def _catch_up(refs: Collection[Ref]) -> None:
    """Bring the index in step at once, so that no count tells of what was just closed; else the job soon does."""
    if not 0 < len(refs) <= AT_ONCE:
        return
    try:
        maintenance.update(refs)
        db.session.commit()
    except (IndexBusy, IndexUnusable):
        db.session.rollback()


@bp.post(f"/{ONE}/move")
def move(topic_id: int) -> ResponseReturnValue:
    """Move a topic one place up or down."""
    who = actors.current()
    topic = topics.get(who, topic_id)
    topics.move(who, topic, up=request.form.get("to") == "up")
    db.session.commit()
    return redirect(url_for(".index", _anchor=f"topic-{topic_id}"), 303)


@bp.post(f"/{ONE}/merge")
def merge(topic_id: int) -> ResponseReturnValue:
    """Put everything of a topic into another one."""
    who = actors.current()
    topic = topics.get(who, topic_id)
    form = MergeForm().offer(who, topic)
    effect = None
    if form.validate():
        try:
            into = topics.get(who, form.into.data)
            touched = topics.merge(who, topic, into, is_sure=bool(form.is_sure.data))
            db.session.commit()
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
            effect = refusal.effect if isinstance(refusal, NotSure) else None
        else:
            _catch_up(touched)
            flash(_("Everything is in “%(title)s” now, and the old address leads there.", title=into.title), "success")
            return redirect(url_for(".index", _anchor=f"topic-{into.id}"), 303)
    topic = topics.get(who, topic_id)
    plain = TopicForm(formdata=None, obj=topic)
    plain.parent_id.data = topic.parent_id or 0
    return _edit(topic, plain, merge_form=form, merge_effect=effect), 422


@bp.post(f"/{ONE}/delete")
def remove(topic_id: int) -> ResponseReturnValue:
    """Delete an empty topic."""
    who = actors.current()
    topic = topics.get(who, topic_id)
    title = topic.title
    try:
        topics.remove(who, topic)
        db.session.commit()
    except Conflict as refusal:
        db.session.rollback()
        flash(refusal.message, "error")
        return redirect(url_for(".edit", topic_id=topic_id, _anchor="goes"), 303)
    flash(_("“%(title)s” is deleted.", title=title), "success")
    return redirect(url_for(".index"), 303)


@tags_bp.get("/")
def index_of_tags() -> str:
    """All tags, those that are likely the same, and those that are called otherwise now."""
    actors.current().require(Permission.TOPIC_MANAGE)
    return _tags(TagForm(formdata=None, data={"tag": request.args.get("tag", ""), "to": request.args.get("tag", "")}))


def _tags(form: TagForm) -> str:
    who = actors.current()
    found = tags.used(who)
    chosen = form.tag.data if form.tag.data in dict(found) else ""
    return render_template(
        "topics/tags.html", tags=found, chosen=chosen, pairs=tags.alike(found), aliases=tags.aliases(who), form=form
    )


@tags_bp.post("/rename")
def rename() -> ResponseReturnValue:
    """Rename a tag, or merge it into another one."""
    who = actors.current()
    who.require(Permission.TOPIC_MANAGE)
    form = TagForm()
    if form.validate():
        try:
            n = tags.rename(who, form.tag.data or "", to=form.to.data or "")
            db.session.commit()
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
        else:
            flash(ngettext("Done, in %(num)s place.", "Done, in %(num)s places.", n), "success")
            return redirect(url_for(".index_of_tags"), 303)
    return _tags(form), 422


@tags_bp.post("/give-up")
def give_up() -> ResponseReturnValue:
    """Take a tag off everything."""
    who = actors.current()
    n = tags.give_up(who, request.form.get("tag", "")[:40])
    db.session.commit()
    flash(ngettext("Taken off in %(num)s place.", "Taken off in %(num)s places.", n), "success")
    return redirect(url_for(".index_of_tags"), 303)


@tags_bp.post("/allow")
def allow() -> ResponseReturnValue:
    """Let a tag be used again."""
    tags.allow(actors.current(), request.form.get("tag", "")[:40])
    db.session.commit()
    return redirect(url_for(".index_of_tags"), 303)
