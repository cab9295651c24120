"""Writing: the form of a draft. Everything here works without script; script only saves sooner."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Permission
from portal.kb import drafts, publishing, queries, services
from portal.kb.forms import DraftForm
from portal.kb.models import Category, Draft

bp = Blueprint("editing", __name__, url_prefix="/desk/drafts", template_folder="../templates")


@bp.post("/")
def begin() -> ResponseReturnValue:
    """Begin a new article in the first topic the writer may write in."""
    who = actors.current()
    who.require(Permission.ARTICLE_SUGGEST)
    draft = drafts.begin(who, category=_topic(request.form.get("category", "")))
    db.session.commit()
    return redirect(url_for("editing.edit", draft_id=draft.id), 303)


def _topic(slug: str) -> Category:
    who = actors.current()
    topics = queries.topics_to_write_in(who)
    found = next((one for one in topics if one.slug == slug), None) or next(iter(topics), None)
    if found is None and not who.can(Permission.ARTICLE_WRITE):
        raise Forbidden(_("Only editors write new articles."))
    if found is None:
        raise Invalid(_("There is no topic yet in which you may write."))
    return found


@bp.post("/of/<slug>")
def of(slug: str) -> ResponseReturnValue:
    """Open the draft of a published article."""
    who = actors.current()
    draft = drafts.edit(who, services.get(who, slug))
    db.session.commit()
    return redirect(url_for("editing.edit", draft_id=draft.id), 303)


@bp.get("/<int:draft_id>")
def edit(draft_id: int) -> str:
    """The form with the text as it was saved last."""
    return _page(drafts.get(actors.current(), draft_id))


def _page(draft: Draft, form: DraftForm | None = None) -> str:
    return render_template("editing/edit.html", draft=draft, form=form or _form(draft))


def _form(draft: Draft, **how: object) -> DraftForm:
    form = DraftForm(obj=draft, **how)
    form.category_id.choices = [(one.id, one.title) for one in queries.topics_to_write_in(actors.current())]
    return form


@bp.post("/<int:draft_id>")
def save(draft_id: int) -> ResponseReturnValue:
    """Save; with `publish` also publish. What was typed comes back whatever happens."""
    who = actors.current()
    draft = drafts.get(who, draft_id)
    form = _form(draft)
    try:
        if form.validate_on_submit():
            drafts.save(who, draft, form.text(), lock=form.lock.data or 0)
            if "publish" in request.form:
                article = publishing.publish(who, draft)
                db.session.commit()
                flash(_("Published."), "success")
                return redirect(url_for("kb.article", slug=article.slug), 303)
            db.session.commit()
            return redirect(url_for("editing.edit", draft_id=draft.id), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _page(draft, form), 422
