"""Finishing a text and looking at others' before it is published. Everything works without script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import database, once
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import moment
from portal.core.markup import in_reader_language
from portal.core.permissions import Permission
from portal.core.trying import trying
from portal.kb import policies, texts
from portal.kb.forms.reviewing import DecideForm, FinishForm, RemarkForm, next_morning, zone_of
from portal.kb.models import Draft, ReviewComment, State
from portal.kb.prose import differences, paragraphs
from portal.kb.prose.paragraphs import Paragraph
from portal.kb.reading import platforms
from portal.kb.reviewing import filing, reviews, waiting
from portal.kb.views import editing
from portal.kb.writing import drafts, objections, publishing
from portal.kb.writing.objections import Objections

bp = Blueprint("review", __name__, url_prefix="/desk/reviews", template_folder="../templates")


@bp.get("/")
def index() -> str:
    """What waits for me, and what waits at all."""
    who = actors.current()
    who.require(Permission.ARTICLE_SUGGEST)
    may_look = who.can(Permission.ARTICLE_REVIEW)
    return render_template(
        "review/index.html",
        waiting=waiting.drafts(who),
        unseen=waiting.unseen(who) if may_look else [],
        may_look=may_look,
    )


# Finishing one's own text


@dataclass(frozen=True)
class Finishing:
    """What the fields and buttons of `editing/_finish.html` need to know."""

    form: FinishForm
    draft: Draft
    can_publish: bool
    why_not: str
    can_submit: bool
    reviewers: list[Any]
    is_new: bool
    is_overtaken: bool
    objections: Objections
    zone: str


@bp.app_template_global()
def finishing(draft: Draft, form: FinishForm | None = None) -> Finishing:
    """Return what `editing/_finish.html` shows of a draft: who may publish it now, and whom one can ask."""
    who = actors.current()
    zone = zone_of(who)
    if form is None:
        form = FinishForm(formdata=None, change=draft.change, note=draft.note, publish_at=next_morning(zone))
        form.seen.data = draft.article.n_revisions
        form.reviewer.data = draft.reviewer.email if draft.reviewer else ""
    can_publish = policies.can_publish(who, draft)
    found = objections.of(draft)
    form.although.label.text = found.agreement
    return Finishing(
        form=form,
        draft=draft,
        can_publish=can_publish,
        why_not="" if can_publish else publishing.why_not(who, draft),
        can_submit=draft.may_become(State.IN_REVIEW),
        reviewers=reviews.reviewers(who),
        is_new=not draft.article.is_published,
        is_overtaken=publishing.is_overtaken(draft),
        objections=found,
        zone=zone,
    )


@bp.route("/<int:draft_id>/finish", methods=["GET", "POST"])
def finish(draft_id: int) -> ResponseReturnValue:
    """Publish now, at a time, or ask for a look. Sent by the editor's form, its text is saved first.

    What is refused is asked again with everything that was typed: in the editor where it comes from there, else on a
    page of its own.
    """
    who = actors.current()
    draft = drafts.get(who, draft_id)
    if request.method == "GET":
        if not draft.is_open:
            return redirect(url_for("review.show", draft_id=draft.id))
        return render_template("review/finish.html", draft=draft, form=None)
    is_editor = "body" in request.form
    if is_editor:
        answer = make_response(editing.save(draft_id))
        if answer.status_code != 303:
            return answer
        draft = drafts.get(who, draft_id)
    form = FinishForm()
    with trying(form) as found:
        if form.validate_on_submit():
            return _finish(who, draft, form)
    draft = drafts.get(who, draft_id)
    form.seen.data, form.seen.raw_data = draft.article.n_revisions, None
    if is_editor and draft.is_open:
        return editing.again(draft, form), found.status
    database.set_looking(True)
    return render_template("review/finish.html", draft=draft, form=form), found.status


def _finish(who: Actor, draft: Draft, form: FinishForm) -> ResponseReturnValue:
    then = request.form.get("then", "")
    once.claim(form.token, person_id=who.person_id, location=url_for("review.show", draft_id=draft.id))
    said = {"note": form.note.data or ""} if "note" in request.form else {}
    drafts.save(who, draft, said | ({"change": form.change.data} if form.change.data else {}), lock=draft.lock)
    if then == "publish":
        article = publishing.publish(who, draft, seen=form.seen.data, although=bool(form.although.data))
        db.session.commit()
        flash(_("Published."), "success")
        return redirect(url_for("kb.article", slug=article.slug), 303)
    if then == "schedule":
        at = form.instant(zone_of(who))
        publishing.schedule(who, draft, at, seen=form.seen.data, although=bool(form.although.data))
        flash(_("It will be published on %(time)s.", time=moment(draft.publish_at)), "success")
    elif then == "review":
        asked = reviews.meant(who, draft, form.reviewer.data or "")
        reviews.submit(who, draft, reviewer_id=asked.id if asked else None)
        flash(_("Sent to review. You hear what becomes of it."), "success")
    else:
        raise Invalid(_("Say what is to become of it: publish it, set a time, or send it to review."))
    db.session.commit()
    return redirect(url_for("review.show", draft_id=draft.id), 303)


@bp.post("/<int:draft_id>/call-off")
def call_off(draft_id: int) -> ResponseReturnValue:
    """Take a text back: from review, or from its time."""
    who = actors.current()
    draft = drafts.get(who, draft_id)
    if draft.state == State.SCHEDULED:
        publishing.unschedule(who, draft)
        flash(_("No time is set any more."), "success")
    else:
        reviews.withdraw(who, draft)
        flash(_("Taken back. You can go on writing."), "success")
    db.session.commit()
    return redirect(url_for("review.show", draft_id=draft.id), 303)


# Looking at a text


@bp.get("/<int:draft_id>")
def show(draft_id: int) -> str:
    """The text by paragraph with remarks, what is different from the published one, and the decision."""
    return _page(reviews.get(actors.current(), draft_id))


def _page(draft: Draft, **forms: Any) -> str:
    who = actors.current()
    made = _paragraphs(draft)
    said, loose = _placed(reviews.comments(draft), made)
    former = draft.article if draft.article.is_published and draft.is_open else None
    return render_template(
        "review/show.html",
        draft=draft,
        paragraphs=[replace(one, html=in_reader_language(one.html)) for one in made],
        said=said,
        loose=loose,
        n_open=sum(one.resolved_at is None for one in [*loose, *(one for many in said.values() for one in many)]),
        changed=_changed(draft, former) if former else None,
        can_edit=policies.can_edit(who, draft.article),
        is_author=who.person_id in publishing.authors(draft),
        can_review=policies.can_review(who, draft),
        why_not_review=reviews.why_not(who, draft),
        decide_form=forms.get("decide_form") or DecideForm(formdata=None, lock=draft.lock),
        fresh_remark=RemarkForm(formdata=None),
        remark_form=forms.get("remark_form") or RemarkForm(formdata=None),
        failed=forms.get("failed"),
        platform_name=platforms.names().get,
        view="split" if request.args.get("view") == "split" else "inline",
    )


def _paragraphs(draft: Draft) -> list[Paragraph]:
    if not draft.body.strip():
        return []
    return paragraphs.split(
        texts.render(
            draft.body,
            files=texts.picture(draft.article, draft),
            links=texts.address_for(actors.current(), draft.article),
        ).html
    )


def _placed(
    found: list[ReviewComment], made: list[Paragraph]
) -> tuple[dict[int, list[ReviewComment]], list[ReviewComment]]:
    """Put remarks beside the paragraphs they mean; those about the whole, or about what is gone, stay loose."""
    said: dict[int, list[ReviewComment]] = {}
    loose: list[ReviewComment] = []
    for one in found:
        place = None if one.paragraph is None else paragraphs.find(made, number=one.paragraph, quote=one.quote)
        (loose if place is None else said.setdefault(place.number, [])).append(one)
    return said, loose


def _changed(draft: Draft, former: Any) -> dict[str, Any]:
    rows = differences.rows(former.body, draft.body)
    return {
        "title": differences.words(former.title, draft.title) if former.title != draft.title else None,
        "summary": differences.words(former.summary, draft.summary) if former.summary != draft.summary else None,
        "rows": differences.shortened(rows),
        "n": differences.n_changed(rows),
        "filed": filing.differences(actors.current(), filing.of(former), filing.of(draft)),
    }


@bp.post("/<int:draft_id>/remarks")
def remark(draft_id: int) -> ResponseReturnValue:
    """Say something about a paragraph, or about the whole text."""
    who = actors.current()
    draft = reviews.get(who, draft_id)
    form = RemarkForm()
    number = form.paragraph.data
    about = next((one for one in _paragraphs(draft) if one.number == number), None)
    where = url_for("review.show", draft_id=draft.id, _anchor=f"paragraph-{about.number}" if about else "remarks")
    try:
        if form.validate_on_submit():
            once.claim(form.token, person_id=who.person_id, location=where)
            reviews.comment(who, draft, words=form.words.data or "", paragraph=about)
            db.session.commit()
            return redirect(where, 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _page(reviews.get(who, draft_id), remark_form=form, failed=about.number if about else 0), 422


@bp.post("/<int:draft_id>/remarks/<int:comment_id>")
def resolve(draft_id: int, comment_id: int) -> ResponseReturnValue:
    """Say that a remark is settled, or that it is not after all."""
    who = actors.current()
    draft = reviews.get(who, draft_id)
    reviews.resolve(who, draft, comment_id, is_done=request.form.get("done") != "no")
    db.session.commit()
    return redirect(url_for("review.show", draft_id=draft.id, _anchor=f"remark-{comment_id}"), 303)


@bp.post("/<int:draft_id>/decide")
def decide(draft_id: int) -> ResponseReturnValue:
    """Approve, or send back with words."""
    who = actors.current()
    draft = reviews.get(who, draft_id)
    form = DecideForm()
    try:
        if form.validate_on_submit():
            if request.form.get("decision") == "approve":
                reviews.approve(who, draft, lock=form.lock.data, is_checked=bool(form.is_checked.data))
                flash(_("Approved. Its authors are told."), "success")
            else:
                reviews.request_changes(who, draft, words=form.words.data or "", lock=form.lock.data)
                flash(_("Sent back. Its authors are told what you wrote."), "success")
            db.session.commit()
            return redirect(url_for("review.show", draft_id=draft.id), 303)
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        draft = reviews.get(who, draft_id)
        if isinstance(refusal, Invalid):
            form.add_error(refusal)
        else:
            form.form_errors.append(refusal.message)
            form.lock.data, form.lock.raw_data = draft.lock, None
        return _page(draft, decide_form=form), refusal.status
    return _page(reviews.get(who, draft_id), decide_form=form), 422
