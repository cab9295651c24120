"""Suggesting: the form for readers, and the desk where it is decided what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import once
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Permission
from portal.kb import policies
from portal.kb.forms.desk import DecisionForm, SuggestForm, WholeForm, choices
from portal.kb.models import Article, Outcome, Proposal, Status, Suggestion
from portal.kb.prose import differences
from portal.kb.reading import services
from portal.kb.writing import suggestions

bp = Blueprint("suggestions", __name__, template_folder="../templates")


@bp.get("/kb/<slug>/suggest")
def new(slug: str) -> str:
    """The form to say what should be otherwise; `whole` gives the whole text to change."""
    found = _load(slug)
    if "whole" in request.args:
        return _page(found, WholeForm(formdata=None, replacement=found.body))
    return _page(found, SuggestForm(formdata=None))


def _load(slug: str) -> Article:
    who = actors.current()
    found = services.get(who, slug)
    if not suggestions.can_offer(who, found):
        raise Forbidden(_("Sign in to suggest a change."))
    return found


def _page(found: Article, form: SuggestForm | WholeForm) -> str:
    if isinstance(form, SuggestForm):
        form.anchor.choices = choices([("", _("The whole article")), *((one[1], one[2]) for one in found.headings)])
    can_edit = policies.can_edit(actors.current(), found)
    return render_template(
        "kb/suggest.html", article=found, form=form, is_whole=isinstance(form, WholeForm), can_edit=can_edit
    )


@bp.post("/kb/<slug>/suggest")
def offer(slug: str) -> ResponseReturnValue:
    """Send a suggestion to who looks after the article."""
    who, found = actors.current(), _load(slug)
    form: SuggestForm | WholeForm = WholeForm() if "whole" in request.args else SuggestForm()
    where = url_for("kb.article", slug=found.slug)
    try:
        if not form.validate():
            return _page(found, form), 422
        once.claim(form.token, person_id=who.person_id, location=where)
        suggestions.offer(who, found, **_sent(form))
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _page(_load(slug), form), 422
    db.session.commit()
    flash(_("Thank you. Whoever looks after this answer reads it, and you hear what becomes of it."), "success")
    return redirect(where, 303)


def _sent(form: SuggestForm | WholeForm) -> dict[str, Any]:
    sent = {"words": form.words.data or "", "replacement": form.replacement.data or ""}
    if isinstance(form, WholeForm):
        return {**sent, "kind": Proposal.WHOLE.value}
    return {**sent, "kind": form.kind.data or "", "quote": form.quote.data or "", "anchor": form.anchor.data or ""}


def mine(context: Mapping[str, Any]) -> str:
    """Draw what somebody suggested and what became of it, among their own things; nothing where there is none."""
    rows = suggestions.made_by(actors.current(), before_id=number("suggested_before"))
    if not rows:
        return ""
    who = actors.current()
    shown = [(row, row.article if suggestions.can_name(who, row.article) else None) for row in rows]
    older = rows[-1].id if len(rows) == suggestions.PAGE else None
    return render_template("kb/_my_suggestions.html", rows=shown, older=older, words=_became)


def _became(row: Suggestion) -> tuple[str, str]:
    """Say in words what became of a suggestion, and in which colour."""
    name = row.decided_by.first_name if row.decided_by else _("An editor")
    if suggestions.is_open(row) and row.article.status != Status.ARCHIVED:
        return _("Waits for an editor"), "neutral"
    if suggestions.is_open(row):
        return _("The article was archived"), "neutral"
    return {
        Outcome.DECLINED: (_("Not taken up"), "neutral"),
        Outcome.CLOSED: (_("The article was archived"), "neutral"),
        Outcome.PUBLISHED: (_("In the article now"), "good"),
        Outcome.REWORDED: (_("%(name)s writes it in other words", name=name), "info"),
    }.get(Outcome(row.outcome), (_("%(name)s is writing it in", name=name), "info"))


# The desk


@bp.get("/desk/suggestions")
def inbox() -> str:
    """What readers suggested and nobody has decided yet; `all` shows what was decided too."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    is_open = request.args.get("state") != "all"
    rows = suggestions.inbox(who, is_open=is_open, before_id=number("before"))
    older = rows[-1].id if len(rows) == suggestions.PAGE else None
    n = suggestions.n_waiting(who)
    return render_template("desk/suggestions.html", rows=rows, is_open=is_open, older=older, n=n)


@bp.get("/desk/suggestions/<int:suggestion_id>")
def one(suggestion_id: int) -> str:
    """One suggestion beside the text as it is."""
    return _one(suggestions.get(actors.current(), suggestion_id), DecisionForm(formdata=None))


def _one(found: Suggestion, form: DecisionForm) -> str:
    article = found.article
    revision, is_whole = article.n_revisions, found.kind == Proposal.WHOLE
    return render_template(
        "desk/suggestion.html",
        suggestion=found,
        article=article,
        heading=next((row[2] for row in article.headings if row[1] == found.anchor), ""),
        is_found=suggestions.is_placed(found, article.body, revision=revision),
        pieces=differences.words(found.quote, found.replacement) if found.kind == Proposal.EDIT else [],
        rows=differences.shortened(differences.rows(article.body, found.replacement)) if is_whole else [],
        is_open=suggestions.is_open(found),
        form=form,
    )


@bp.post("/desk/suggestions/<int:suggestion_id>")
def decide(suggestion_id: int) -> ResponseReturnValue:
    """Take it up, take it up in other words, or say why not."""
    who = actors.current()
    found, form = suggestions.get(who, suggestion_id), DecisionForm()
    answer = form.answer.data or ""
    try:
        if not form.validate():
            return _one(found, form), 422
        if form.decision.data == "decline":
            suggestions.decline(who, found, answer=answer)
            db.session.commit()
            flash(_("%(name)s hears why.", name=found.person.first_name), "success")
            return redirect(url_for("suggestions.inbox"), 303)
        taken = _take_up(found, form.decision.data or "", answer)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _one(suggestions.get(who, suggestion_id), form), 422
    db.session.commit()
    flash(_said(taken, found, is_reworded=form.decision.data == "reword"), "success")
    return redirect(url_for("editing.edit", draft_id=taken.draft.id), 303)


def _take_up(found: Suggestion, decision: str, answer: str) -> suggestions.Taken:
    who = actors.current()
    if decision == "accept":
        return suggestions.accept(who, found, answer=answer)
    if decision == "reword":
        return suggestions.reword(who, found, answer=answer)
    raise Invalid(_("Choose what becomes of it."), field="decision")


def _said(taken: suggestions.Taken, found: Suggestion, *, is_reworded: bool) -> str:
    name = found.person.first_name
    if taken.is_applied:
        return _("It is in the draft. %(name)s hears again when it is published.", name=name)
    if is_reworded or found.kind == Proposal.ERROR:
        return _("Write it in your words. %(name)s hears again when it is published.", name=name)
    return _(
        "The passage is not there any more as it was read, so nothing was put in: “%(text)s”",
        text=found.replacement[:300],
    )
