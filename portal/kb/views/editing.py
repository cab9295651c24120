"""Writing: the form of a draft. Everything here works without script; script only saves sooner."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from portal.core import actor as actors
from portal.core import once
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import at_time
from portal.core.permissions import Permission
from portal.kb.forms.reviewing import FinishForm
from portal.kb.forms.writing import DraftForm, StartForm
from portal.kb.models import Draft
from portal.kb.prose import merging
from portal.kb.prose.starting_points import POINTS, body_of
from portal.kb.reading import services
from portal.kb.writing import drafts, editor, listing, pictures, presence, publishing
from portal.kb.writing.drafts import Collision
from portal.kb.writing.previews import only_looking, preview

bp = Blueprint("editing", __name__, url_prefix="/desk/drafts", template_folder="../templates")

MOST_QUERIES = 5


@bp.get("/new")
def new() -> str:
    """What it is to be called, where it belongs, what it begins with."""
    form = StartForm(title=str(request.args.get("title", ""))[:200], category=request.args.get("topic", ""))
    return _start(form, request.args.getlist("query"))


def _start(form: StartForm, asked: list[str]) -> str:
    who = actors.current()
    who.require(Permission.ARTICLE_SUGGEST)
    topics = listing.topics_to_write_in(who)
    if not topics and not who.can(Permission.ARTICLE_WRITE):
        raise Forbidden(_("Only editors write new articles."))
    form.category.choices = [SelectChoice(topic.slug, topic.title) for topic in topics]
    return render_template("editing/new.html", form=form, points=POINTS, topics=topics, asked=_asked(asked))


def _asked(words: list[str]) -> list[str]:
    return [" ".join(one.split())[:200] for one in words if one.strip()][:MOST_QUERIES]


@bp.post("/")
def begin() -> ResponseReturnValue:
    """Begin a new article; `query` are searches it is to answer."""
    who = actors.current()
    who.require(Permission.ARTICLE_SUGGEST)
    form, asked = StartForm(), request.form.getlist("query")
    topics = {topic.slug: topic for topic in listing.topics_to_write_in(who)}
    if not topics and not who.can(Permission.ARTICLE_WRITE):
        raise Forbidden(_("Only editors write new articles."))
    form.category.choices = [SelectChoice(slug, topic.title) for slug, topic in topics.items()]
    try:
        if form.validate_on_submit():
            text = drafts.cleaned({"title": form.title.data or ""})
            body = body_of(form.point.data or "")
            draft = drafts.begin(who, category=topics[form.category.data], body=body, queries=_asked(asked), **text)
            address = url_for("editing.edit", draft_id=draft.id)
            once.claim(form.token, person_id=who.person_id, location=address)
            db.session.commit()
            return redirect(address, 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _start(form, asked), 422


@bp.post("/of/<slug>")
def of(slug: str) -> ResponseReturnValue:
    """Open the draft of a published article; with a text, carry that into it, and never over what others wrote."""
    who = actors.current()
    draft = drafts.edit(who, services.get(who, slug))
    db.session.commit()
    if "body" not in request.form:
        return redirect(url_for("editing.edit", draft_id=draft.id), 303)
    form = _form(draft)
    form.lock.data = draft.lock
    return _collision(draft, form, form.text()), 409


@bp.get("/<int:draft_id>")
def edit(draft_id: int) -> str:
    """The form with the text as it was saved last."""
    draft = drafts.get(actors.current(), draft_id)
    return _page(draft) if draft.is_open else render_template("editing/closed.html", draft=draft, form=None)


@bp.post("/<int:draft_id>")
def save(draft_id: int) -> ResponseReturnValue:
    """Save; with `preview` only show. What was typed comes back whatever happens.

    A picture that was chosen comes along, at the end of the text. With `then`, what is to become of the text, only a
    whole one is taken.
    """
    who = actors.current()
    draft = drafts.get(who, draft_id)
    form = _form(draft)
    if "preview" in request.form:
        return _page(draft, form)
    if request.form.get("take") == merging.Pick.THEIRS:
        return redirect(url_for("editing.edit", draft_id=draft.id), 303)
    text = form.text()
    try:
        if form.validate_on_submit():
            drafts.save(who, draft, _merged(draft, form) if "merge" in request.form else text, lock=form.lock.data or 0)
            _take_picture(draft, form)
            if "then" in request.form:  # `review.finish` goes on from here; what is not whole is stored all the same
                db.session.commit()
                _has_seen(form, draft)
                publishing.complete(draft)
            db.session.commit()
            return _saved(draft)
    except Collision as collision:
        db.session.rollback()
        if _is_script():
            return _told(409, collision.message, who=_saver(draft))
        return _collision(draft, form, text), 409
    except _Unchosen as refusal:
        db.session.rollback()
        return _collision(draft, form, text, refusal=refusal.message), 422
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    except Conflict as conflict:
        db.session.rollback()
        if _is_script():
            return _told(409, conflict.message, is_closed=True)
        return render_template("editing/closed.html", draft=draft, form=form), 409
    if _is_script():
        return _told(422, " ".join(str(one) for errors in form.errors.values() for one in errors))
    return _page(draft, form), 422


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _told(status: int, detail: str, **more: Any) -> ResponseReturnValue:
    return jsonify(detail=detail, **more), status


def _saved(draft: Draft) -> ResponseReturnValue:
    if _is_script():
        saved = _("Saved %(time)s", time=at_time(draft.saved_at))
        return jsonify(lock=draft.lock, saved=saved, state=editor.state_words(draft))
    anchor = "pictures" if "add_picture" in request.form else None
    return redirect(url_for("editing.edit", draft_id=draft.id, _anchor=anchor), 303)


def _take_picture(draft: Draft, form: DraftForm) -> None:
    """Put a chosen picture into the text; one without words is kept with the text until they are there (Invalid)."""
    who, upload = actors.current(), form.picture.data
    has_upload = bool(upload and upload.filename)
    kept = pictures.kept(draft, form.kept_picture.data) if form.kept_picture.data and not has_upload else None
    if kept is None and not has_upload:
        if "add_picture" in request.form:
            raise Invalid(_("Choose a picture first."), field="picture")
        return
    picture = kept or pictures.receive(who, draft, upload.stream, upload.filename)
    try:
        pictures.put_in(who, draft, picture, alt=form.alt.data or "", is_decoration=bool(form.is_decoration.data))
    except Invalid:
        db.session.commit()
        _has_seen(form, draft)
        form.kept_picture.data, form.kept_picture.raw_data = picture.id, None
        raise
    once.claim(form.token, person_id=who.person_id, location=url_for("editing.edit", draft_id=draft.id))
    flash(_("The picture stands at the end of the text. Move its line to where it belongs."), "success")


def _saver(draft: Draft) -> str:
    return draft.saved_by.first_name if draft.saved_by else _("Somebody")


# The page


def _form(draft: Draft) -> DraftForm:
    """Return the form as it was sent, or with the text that is stored."""
    who = actors.current()
    form = DraftForm(obj=draft, words=" ".join(draft.tags), base=json.dumps(_seen(draft), ensure_ascii=False))
    form.category_id.choices = [SelectChoice(topic_id, name) for topic_id, name in listing.topics_for(who, draft)]
    form.audience.choices = [SelectChoice(slug, name) for slug, name in editor.audiences_to_choose(draft)]
    if not editor.can_choose_audience(who):
        form.has_audience.data = False
    return form


def _has_seen(form: DraftForm, draft: Draft) -> None:
    """Let the form say that it knows the text as it is stored now."""
    form.lock.data, form.lock.raw_data = draft.lock, None
    form.base.data = json.dumps(_seen(draft), ensure_ascii=False)


def _seen(draft: Draft) -> dict[str, Any]:
    text = draft.text()
    return {name: text[name] for name in ("title", "summary", "category_id", "tags", "audience", "body")}


def again(draft: Draft, finish_form: FinishForm) -> str:
    """Return the editor with the text as it was just saved, and with what was refused of its finishing."""
    form = _form(draft)
    _has_seen(form, draft)
    return _page(draft, form, finish_form)


def _page(draft: Draft, form: DraftForm | None = None, finish_form: FinishForm | None = None) -> str:
    who = actors.current()
    form = form or _form(draft)
    only_looking()
    context = {
        "others": presence.others(who, draft),
        "pictures": pictures.of(who, draft),
        "comes_from": editor.comes_from(who, draft),
        "may_choose_audience": editor.can_choose_audience(who),
        "state": editor.state_words(draft),
        "finish_form": finish_form or (FinishForm() if "note" in request.form else None),
        "preview": preview(
            who,
            draft,
            title=form.title.data or "",
            summary=form.summary.data or "",
            body=(form.body.data or "").replace("\r\n", "\n"),
        ),
    }
    return render_template("editing/edit.html", draft=draft, form=form, **context)


# Two people at once


class _Unchosen(Invalid):
    """A merged text was to be saved before every conflict was decided."""


def _merged(draft: Draft, form: DraftForm) -> dict[str, Any]:
    text = form.text()
    merge = merging.merge(form.seen(), text, draft.text())
    try:
        return text | merge.text({name: request.form.get(f"pick-{name}", "") for name in merge.open_choices})
    except (KeyError, ValueError):
        raise _Unchosen(_("Say for each place which words stay.")) from None


def _collision(draft: Draft, form: DraftForm, text: dict[str, Any], *, refusal: str = "") -> str:
    """Show both texts and what they make together; what is sent from there names the save that it has seen."""
    only_looking()
    merge = merging.merge(form.seen(), text, draft.text())
    titles = dict(listing.topics_for(actors.current(), draft))
    return render_template(
        "editing/collision.html",
        draft=draft,
        form=form,
        mine=text,
        merge=merge,
        rows=editor.rows(merge, titles),
        passages=editor.passages(merge),
        saver=_saver(draft),
        refusal=refusal,
    )
