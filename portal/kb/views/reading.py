"""Pages of the knowledge base. A GET only looks; what it observes is written a moment later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import once
from portal.core.access import public
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Permission
from portal.kb import policies, presenting
from portal.kb.models import Article
from portal.kb.presenting import doors_after, reasons
from portal.kb.reading import arrivals, outline, platforms, queries, services
from portal.kb.reading.feedback import reasons_chosen, with_their_articles
from portal.kb.shelving import tree
from portal.talk import comments, solutions
from portal.talk import policies as talk_policies
from portal.talk import queries as talk
from portal.talk.forms import IntentForm, NoteForm, ReplyForm, SolvedForm
from portal.talk.models import Solution

bp = Blueprint("kb", __name__, url_prefix="/kb", template_folder="../templates")

bp.add_app_template_global(presenting.checked_words)
bp.add_app_template_global(presenting.solved_words)
bp.add_app_template_global(presenting.article_headings)
bp.add_app_template_global(presenting.reason_words)
bp.add_app_template_global(presenting.article_html)

VIAS = frozenset({"search", "suggestion", "form", "home", "category", "article", "mail", "incident"})


@bp.get("/")
@public
def index() -> str:
    """All topics, and what is new."""
    who = actors.current()
    who.require(Permission.ARTICLE_READ)
    latest = arrivals.lines(outline.latest(who, limit=6), via="category")
    return render_template("kb/index.html", shelves=queries.shelves(who), latest=latest)


@bp.get("/topics/<slug>")
@public
def category(slug: str) -> ResponseReturnValue:
    """The articles of one topic."""
    who = actors.current()
    who.require(Permission.ARTICLE_READ)
    found = queries.get_category(slug)
    if found is None and (moved := tree.moved_to(slug)) is not None and who.sees(moved.access_key):
        return redirect(url_for("kb.category", slug=moved.slug), 301)
    if found is None:
        raise NotFound("")
    page = number("page", default=1, least=1)
    articles, n = queries.in_category(who, found, page=min(page, 1000))
    below = queries.shelves(who, found.id)
    # Whoever may read something in a topic may see the topic: public articles stand in topics that state nothing.
    if not (who.sees(found.access_key) or n or below):
        raise NotFound("")
    return render_template(
        "kb/category.html", category=found, articles=articles, n=n, page=page, per_page=queries.PAGE, below=below
    )


@bp.get("/<slug>")
@public
def article(slug: str) -> ResponseReturnValue:
    """Read one article."""
    who = actors.current()
    try:
        found = services.get(who, slug)
    except NotFound:
        if (moved := services.moved_to(who, slug)) is not None:
            return redirect(url_for("kb.article", slug=moved.slug), 301)
        raise
    via = request.args.get("via", "")
    services.note_view(
        who,
        found,
        via=via if via in VIAS else None,
        search=request.args.get("s", "")[:40] or None,
        rank=number("rank"),
    )
    chosen = platforms.choose(request, found.platforms)
    response = make_response(render_template("kb/article.html", **_article_page(found, chosen)))
    if request.args.get("platform") in platforms.KNOWN:
        platforms.remember(response, request.args["platform"], is_secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response


def _article_page(found: Article, chosen: str, **forms: Any) -> dict[str, Any]:
    """Return everything the article's page shows; a fixed number of queries."""
    who = actors.current()
    return {
        "article": found,
        "thing": queries.thing_of(found),
        "platform": chosen,
        "platform_options": platforms.options(found.platforms, url_for("kb.article", slug=found.slug)),
        "own_platform": platforms.guess(request),
        "platform_names": platforms.names(),
        "related": queries.related(who, found),
        "notes": talk.notes(found.ref),
        "note_form": forms.get("note_form") or NoteForm(formdata=None),
        "can_note": talk_policies.can_comment(who),
        "can_remove": lambda note: talk_policies.can_remove(who, note),
        "can_verify": policies.can_verify(who, found),
        **_solved_context(found, forms.get("solved_form")),
    }


def _solved_context(found: Article, form: SolvedForm | None = None) -> dict[str, Any]:
    who = actors.current()
    said = solutions.of(who, found.ref, version=found.version)
    return {
        "article": found,
        "said": said,
        "can_answer": talk_policies.can_answer(who),
        "solved_form": form or _words_form(said),
        "reasons": reasons(),
        "doors": _doors(found, said) if said is not None and not said.is_solved else [],
    }


def _doors(found: Article, said: Solution) -> list[dict[str, str]]:
    """Return the ways on after a "not yet", with what the reader wrote."""
    near = queries.related(actors.current(), found, limit=1)
    return doors_after(found, said.comment or request.args.get("q", ""), near)


def _words_form(said: Solution | None) -> SolvedForm | None:
    """Return the form for words after a "not yet"; the other states need no field, and forms cost time."""
    return SolvedForm(formdata=None, comment=said.comment) if said is not None and not said.is_solved else None


@bp.post("/<slug>/solved")
def solved(slug: str) -> ResponseReturnValue:
    """Say whether it solved it, or say it differently."""
    who = actors.current()
    found = services.get(who, slug)
    form = SolvedForm()
    if form.solved.data not in ("yes", "no"):
        raise Invalid(_("Say yes or not yet."), field="solved")
    try:
        services.answer(
            who,
            found,
            solved=form.solved.data == "yes",
            reason=form.reason.data or None,
            comment=form.comment.data if "comment" in request.form else None,
            via="search" if form.via.data == "search" else "article",
        )
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        context = _article_page(services.get(who, slug), platforms.choose(request, found.platforms), solved_form=form)
        return render_template("kb/article.html", **context), 422
    db.session.commit()
    if request.headers.get("HX-Request"):
        return render_template("kb/_solved.html", **_solved_context(found))
    return redirect(url_for("kb.article", slug=slug, _anchor="solved"), 303)


def confirm(context: Mapping[str, Any]) -> str:
    """Draw "This solved it" for the strong answer of a result page."""
    thing = context["thing"]
    if thing.ref.kind != "article" or not talk_policies.can_answer(actors.current()):
        return ""
    return render_template("kb/_confirm.html", action=f"{thing.url}/solved")


@bp.post("/<slug>/intent")
def intent(slug: str) -> ResponseReturnValue:
    """Answer the one further question."""
    who = actors.current()
    found = services.get(who, slug)
    said = solutions.of(who, found.ref, version=found.version)
    if said is None:
        raise NotFound("")
    solutions.state_intent(who, said, would_have_called=IntentForm().would_have_called.data == "yes")
    db.session.commit()
    if request.headers.get("HX-Request"):
        return render_template("kb/_solved.html", **_solved_context(found))
    return redirect(url_for("kb.article", slug=slug, _anchor="solved"), 303)


@bp.post("/<slug>/notes")
def add_note(slug: str) -> ResponseReturnValue:
    """Add a colleague's note."""
    who = actors.current()
    found = services.get(who, slug)
    form = NoteForm()
    where = url_for("kb.article", slug=slug, _anchor="notes")
    try:
        once.claim(form.token, person_id=who.person_id, location=where)
        services.add_note(who, found, body=form.body.data or "")
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        found = services.get(who, slug)
        context = _article_page(found, platforms.choose(request, found.platforms), note_form=form)
        return render_template("kb/article.html", **context), 422
    db.session.commit()
    return redirect(where, 303)


@bp.post("/<slug>/notes/<int:note_id>/remove")
def remove_note(slug: str, note_id: int) -> ResponseReturnValue:
    """Take a note off the page."""
    who = actors.current()
    found = services.get(who, slug)
    comments.remove(who, found.ref, note_id)
    db.session.commit()
    return redirect(url_for("kb.article", slug=slug, _anchor="notes"), 303)


@bp.post("/<slug>/read")
@public
def reading(slug: str) -> ResponseReturnValue:
    """Take note of how long the page was on the screen and how far its steps were ticked; sent when it is left."""
    who = actors.current()
    told = {name: request.form.get(name, 0, type=int) or 0 for name in ("seconds", "ticked", "n_steps")}
    services.note_reading(who, services.get(who, slug), **told)
    return Response(status=204)


@bp.post("/<slug>/verify")
def verify(slug: str) -> ResponseReturnValue:
    """Say the article is right as it stands."""
    who = actors.current()
    services.verify(who, services.get(who, slug))
    db.session.commit()
    where = url_for("desk.index") if request.form.get("back") == "desk" else url_for("kb.article", slug=slug)
    return redirect(where, 303)


@bp.get("/assets/<path:name>")
@public
def asset(name: str) -> Response:
    """A picture of an article; names and types as the content folder has them, never outside it."""
    if not name.lower().endswith((".png", ".jpg", ".jpeg", ".webp")):
        raise NotFound("")
    return send_from_directory(current_app.config["DITY"].kb_path.absolute() / "assets", name)


@bp.get("/feedback")
def feedback() -> str:
    """What readers said: of one's own articles, for editors also of all."""
    state = "all" if request.args.get("state") == "all" else "open"
    return render_template("kb/feedback.html", failed=None, **_desk(state))


def _desk(state: str) -> dict[str, Any]:
    """Return what the desk shows; refuses people who neither edit nor own an article (Forbidden)."""
    who = actors.current()
    own = queries.owned_by(who.person_id or 0)
    is_editor = who.can(Permission.FEEDBACK_REPLY)
    if not own:
        who.require(Permission.FEEDBACK_REPLY)
    scope = "all" if is_editor and request.args.get("scope") == "all" else "mine"
    subjects, before = own if scope == "mine" else None, number("before")
    rows = talk.feedback(subjects, only_open=state == "open", before_id=before)
    return {
        "scope": scope,
        "state": state,
        "is_editor": is_editor,
        "n_mine": talk.n_open(own),
        "n_all": talk.n_open(None) if is_editor else 0,
        "chosen": reasons_chosen(who, subjects) if before is None else [],
        "reply_forms": {row.id: _reply_form(row.id, formdata=None) for row in rows},
        **with_their_articles(who, rows),
    }


def _reply_form(solution_id: int, **kw: Any) -> ReplyForm:
    """Return the form of one row; its field has an id of its own, since many stand on one page."""
    form = ReplyForm(**kw)
    form.reply.id = f"reply-{solution_id}"
    return form


@bp.post("/feedback/<int:solution_id>/reply")
def reply(solution_id: int) -> ResponseReturnValue:
    """Answer a reader."""
    who = actors.current()
    form = _reply_form(solution_id)
    where = url_for("kb.feedback", scope=request.args.get("scope"))
    if request.args.get("next") == "article":
        where = url_for("shelf.article", slug=services.get_feedback(who, solution_id)[1].slug)
    try:
        once.claim(form.token, person_id=who.person_id, location=where)
        said = services.reply(who, solution_id, text=form.reply.data or "")
        flash(_("Your answer is on its way to %(name)s.", name=said.person.first_name), "success")
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        context = _desk("open")
        context["reply_forms"][solution_id] = form
        return render_template("kb/feedback.html", failed=solution_id, **context), 422
    db.session.commit()
    return redirect(where, 303)
