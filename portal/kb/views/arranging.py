"""One page for everything editors do with a whole article, and the list of old addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from portal.core import actor as actors
from portal.core import once
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.forms import Form
from portal.core.permissions import Permission
from portal.core.trying import trying
from portal.kb import policies
from portal.kb.caring import arranging
from portal.kb.forms.reviewing import MergeForm, MoveForm, RedirectForm, RenameForm, SplitForm
from portal.kb.models import Article, Category
from portal.kb.prose import sections
from portal.kb.reviewing import history
from portal.kb.writing import drafts, listing
from portal.talk import follows


@dataclass(frozen=True)
class Menu:
    """What one may do with an article, as `kb/_tools.html` offers it."""

    is_followed: bool
    can_follow: bool
    can_edit: bool
    can_see_history: bool
    can_arrange: bool
    merged_into: Article | None


bp = Blueprint("arranging", __name__, template_folder="../templates")


@bp.get("/kb/<slug>/manage")
def index(slug: str) -> str:
    """Rename, move, merge, split, archive."""
    return _page(arranging.get(actors.current(), slug))


def _page(article: Article, **sent: Form) -> str:
    who = actors.current()
    forms: dict[str, Form] = {
        "rename": RenameForm(formdata=None, obj=article),
        "move": MoveForm(formdata=None, obj=article),
        "merge": MergeForm(formdata=None, into=request.args.get("into", "")[:200]),
        "split": SplitForm(formdata=None),
        **sent,
    }
    forms["move"]["category_id"].choices, forms["split"]["parts"].choices = _topics(), _parts(article)
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}"
    return render_template(
        "arranging/index.html",
        article=article,
        forms=forms,
        sent=next(iter(sent), ""),
        draft=drafts.open_draft(article),
        offered=arranging.offered(who, article),
        merged=history.merged_into(who, article),
    )


def _topics() -> list[SelectChoice]:
    return [SelectChoice(one.id, one.title) for one in listing.topics_to_write_in(actors.current())]


def _parts(article: Article) -> list[SelectChoice]:
    parts = enumerate(sections.split(article.body))
    return [SelectChoice(n, part.heading) for n, part in parts if part.heading]


def _act(slug: str, name: str, form: Form, act: Callable[[Article], str]) -> ResponseReturnValue:
    """Do one of the things on the page; what is refused comes back with everything that was typed."""
    who = actors.current()
    article = arranging.get(who, slug)
    if isinstance(form, MoveForm):
        form.category_id.choices = _topics()
    if isinstance(form, SplitForm):
        form.parts.choices = _parts(article)
    with trying(form) as found:
        if form.validate_on_submit():
            once.claim(form.token, person_id=who.person_id, location=url_for("kb.article", slug=slug))
            where = act(article)
            db.session.commit()
            return redirect(where, 303)
    return _page(arranging.get(who, slug), **{name: form}), found.status


@bp.post("/kb/<slug>/manage/rename")
def rename(slug: str) -> ResponseReturnValue:
    """Another title, another address."""
    form = RenameForm()

    def act(article: Article) -> str:
        arranging.rename(actors.current(), article, title=form.title.data or "", slug=form.slug.data or "")
        flash(_("Renamed. The old address leads here."), "success")
        return url_for("kb.article", slug=article.slug)

    return _act(slug, "rename", form, act)


@bp.post("/kb/<slug>/manage/move")
def move(slug: str) -> ResponseReturnValue:
    """Another topic."""
    form = MoveForm()

    def act(article: Article) -> str:
        topics = {one.id: one for one in listing.topics_to_write_in(actors.current())}
        arranging.move(actors.current(), article, category=topics[form.category_id.data])
        flash(_("Moved to “%(topic)s”.", topic=article.category.title), "success")
        return url_for("kb.article", slug=article.slug)

    return _act(slug, "move", form, act)


@bp.post("/kb/<slug>/manage/merge")
def merge(slug: str) -> ResponseReturnValue:
    """Let another article take this one's place."""
    form = MergeForm()

    def act(article: Article) -> str:
        who = actors.current()
        into = arranging.find(who, form.into.data or "", field="into")
        draft = arranging.merge(who, article, into=into, carry=form.carry.data == "draft")
        flash(_("“%(title)s” leads here now.", title=article.title), "success")
        return url_for("editing.edit", draft_id=draft.id) if draft else url_for("kb.article", slug=into.slug)

    return _act(slug, "merge", form, act)


@bp.post("/kb/<slug>/manage/split")
def split(slug: str) -> ResponseReturnValue:
    """Make an article of its own from some of its parts."""
    form = SplitForm()

    def act(article: Article) -> str:
        draft = arranging.split(actors.current(), article, parts=form.parts.data or [], title=form.title.data or "")
        flash(_("Two drafts wait now: this new one, and the old article without its parts."), "success")
        return url_for("editing.edit", draft_id=draft.id)

    return _act(slug, "split", form, act)


@bp.post("/kb/<slug>/manage/archive")
def archive(slug: str) -> ResponseReturnValue:
    """Take it off the shelves."""

    def act(article: Article) -> str:
        arranging.archive(actors.current(), article)
        flash(_("Archived. Readers no longer find it; you can bring it back."), "success")
        return url_for("arranging.index", slug=article.slug)

    return _act(slug, "archive", Form(), act)


@bp.post("/kb/<slug>/manage/bring-back")
def bring_back(slug: str) -> ResponseReturnValue:
    """Put it back onto the shelves."""

    def act(article: Article) -> str:
        arranging.bring_back(actors.current(), article)
        flash(_("“%(title)s” is on the shelves again.", title=article.title), "success")
        return url_for("kb.article", slug=article.slug)

    return _act(slug, "bring_back", Form(), act)


# Old addresses


@bp.get("/desk/redirects")
def redirects() -> str:
    """Every old address with where it leads."""
    actors.current().require(Permission.ARTICLE_WRITE)
    return _redirects(RedirectForm(formdata=None))


def _redirects(form: RedirectForm) -> str:
    who = actors.current()
    words, after = request.args.get("q", "")[:120], request.args.get("after", "")[:120]
    rows = arranging.redirects(who, words=words, after=after)
    return render_template(
        "arranging/redirects.html",
        rows=rows,
        words=words,
        next=rows[-1][0].slug if len(rows) == arranging.PAGE else None,
        form=form,
        offered=arranging.offered(who),
    )


@bp.post("/desk/redirects")
def add_redirect() -> ResponseReturnValue:
    """Let one more address lead to an article."""
    who = actors.current()
    who.require(Permission.ARTICLE_PUBLISH)
    form = RedirectForm()
    where = url_for("arranging.redirects")
    try:
        if form.validate_on_submit():
            once.claim(form.token, person_id=who.person_id, location=where)
            article = arranging.find(who, form.article.data or "", field="article")
            arranging.add_redirect(who, slug=form.slug.data or "", article=article)
            db.session.commit()
            flash(_("This address leads to “%(title)s” now.", title=article.title), "success")
            return redirect(where, 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _redirects(form), 422


@bp.app_template_global()
def article_menu(article: Article) -> Menu:
    """Return what the article's one menu offers this reader; asked once a page."""
    kept: dict[int, Menu] = g.setdefault("article_menus", {})
    if article.id not in kept:
        who = actors.current()
        kept[article.id] = Menu(
            is_followed=follows.is_followed(who, article.ref, by_itself=[article.owner_id]),
            can_follow=who.is_signed_in and article.is_published,
            can_edit=article.is_published and policies.can_edit(who, article),
            can_see_history=policies.can_see_history(who, article),
            can_arrange=policies.can_arrange(who, article),
            merged_into=history.merged_into(who, article),
        )
    return kept[article.id]


@bp.app_template_global()
def topic_name(topic: Category) -> str:
    """Return what a topic is called for this reader."""
    return listing.topic_name(actors.current(), topic)
