"""What an article once said: the list, two revisions beside each other, one of them, and bringing it back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import once
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.markup import in_reader_language
from portal.core.permissions import Permission
from portal.kb import four_eyes, policies, texts
from portal.kb.forms.reviewing import RestoreForm
from portal.kb.models import Article
from portal.kb.reviewing import filing, history
from portal.kb.writing import drafts
from portal.talk import queries as talk

bp = Blueprint("history", __name__, url_prefix="/kb", template_folder="../templates")


@bp.get("/<slug>/history")
def index(slug: str) -> str:
    """Every text the article had, the newest first."""
    who = actors.current()
    article = history.get(who, slug)
    found = history.page(who, article, before=number("before"))
    return render_template(
        "history/index.html",
        article=article,
        entries=found.entries,
        older=found.older,
        is_all=found.is_all,
        draft=drafts.open_draft(article),
        merged=history.merged_into(who, article),
        merged_from=history.merged_from(who, article),
        notes=talk.notes(article.ref) if not article.is_published else [],
    )


@bp.get("/<slug>/history/compare")
def compare(slug: str) -> str:
    """Two revisions in one column, or side by side."""
    who = actors.current()
    article = history.get(who, slug)
    found = history.compare(who, article, old=number("old"), new=number("new"))
    may_look = who.can(Permission.ARTICLE_REVIEW) and found.new.n == article.n_revisions
    return render_template(
        "history/compare.html",
        article=article,
        found=found,
        view="split" if request.args.get("view") == "split" else "inline",
        is_unseen=may_look and history.is_unseen(article),
    )


@bp.get("/<slug>/history/<int:n>")
def show(slug: str, n: int) -> str:
    """One of its texts, as it was read then."""
    return _revision(history.get(actors.current(), slug), n)


def _revision(article: Article, n: int, form: RestoreForm | None = None) -> str:
    who = actors.current()
    found = history.revision(who, article, n)
    links, files = texts.address_for(who), texts.picture(article)
    return render_template(
        "history/show.html",
        article=article,
        found=found,
        html=in_reader_language(texts.render(found.body, files=files, links=links).html) if found.body.strip() else "",
        form=form or RestoreForm(formdata=None),
        can_publish=policies.can_arrange(who, article) and not four_eyes.is_asked_of(article),
        before=history.around(who, article, found.n)[0],
        filed=filing.told(who, filing.of(found)),
    )


@bp.post("/<slug>/history/<int:n>/restore")
def restore(slug: str, n: int) -> ResponseReturnValue:
    """Bring a text back: as a draft, or published at once."""
    who = actors.current()
    article = history.get(who, slug)
    form = RestoreForm()
    at_once = request.form.get("then") == "publish"
    try:
        if form.validate_on_submit():
            note, change = form.note.data or "", form.change.data or "minor"
            draft = history.restore(who, article, n, change=change, note=note, at_once=at_once)
            where = url_for("kb.article", slug=article.slug)
            where = where if at_once else url_for("editing.edit", draft_id=draft.id)
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            flash(_("The former text is up again.") if at_once else _("The former text is a draft now."), "success")
            return redirect(where, 303)
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        article = history.get(who, slug)
        form.form_errors.append(refusal.message)
        return _revision(article, n, form), refusal.status
    return _revision(article, n, form), 422


@bp.post("/<slug>/history/look")
def look(slug: str) -> ResponseReturnValue:
    """Say that one has looked at what readers changed."""
    who = actors.current()
    article = history.get(who, slug)
    history.look(who, article, n=_n())
    db.session.commit()
    flash(_("Noted. The changes of “%(title)s” are looked at.", title=article.title), "success")
    return redirect(url_for("review.index"), 303)


@bp.post("/<slug>/history/put-back")
def put_back(slug: str) -> ResponseReturnValue:
    """Let the text from before those changes stand again."""
    who = actors.current()
    article = history.get(who, slug)
    history.put_back(who, article, n=_n())
    db.session.commit()
    flash(_("The former text of “%(title)s” is up again. Its authors are told.", title=article.title), "success")
    return redirect(url_for("review.index"), 303)


def _n() -> int:
    found = request.form.get("n", 0, type=int)
    return found if 0 < found < 1_000_000 else 0
