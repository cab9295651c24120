"""The shelf as those see it who look after it: every article, one in figures, handing over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.arguments import ROW, number
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Permission
from portal.kb import policies
from portal.kb.caring import insight
from portal.kb.forms.desk import RISKS, BulkForm, CareForm, PlainForm, choices
from portal.kb.models import Article
from portal.kb.reading import queries, services
from portal.kb.shelving import inventory, menus, ownership
from portal.kb.shelving.inventory import Filter
from portal.kb.writing import listing, suggestions
from portal.people import services as people
from portal.people.models import Person
from portal.talk import queries as talk
from portal.talk.forms import ReplyForm

bp = Blueprint("shelf", __name__, url_prefix="/desk", template_folder="../templates")


@bp.get("/articles")
def articles() -> str:
    """Every article this editor may see, by filter and page."""
    actors.current().require(Permission.ARTICLE_WRITE)
    return _list(Filter.of(request.args), number("page", default=1, least=1, most=100_000))


def _list(chosen: Filter, page: int, form: BulkForm | None = None, ticked: Sequence[int] = ()) -> str:
    who = actors.current()
    rows, n = inventory.find(who, chosen, page=page)
    form = form or BulkForm(formdata=None)
    form.owner.choices = choices(_owners())
    return render_template(
        "desk/articles.html",
        rows=rows,
        n=n,
        page=page,
        last=max(1, -(-n // inventory.PAGE)),
        chosen=chosen,
        form=form,
        ticked=set(ticked),
        address=menus.address,
        menus=menus.menus(
            chosen,
            topics=listing.topics_to_write_in(who),
            keepers=ownership.keepers(who),
            languages=inventory.languages(who),
            risks=RISKS,
        ),
    )


def _owners() -> list[tuple[str, str]]:
    return [("", _("Nobody")), *((str(one.id), one.name) for one in ownership.heirs())]


@bp.post("/articles")
def change_articles() -> ResponseReturnValue:
    """Verify, give or rate the articles that are ticked, or the one whose button was pressed."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    form, chosen = BulkForm(), Filter.of(request.args)
    page = number("page", default=1, least=1, most=100_000)
    ids = _numbers([form.one.data or ""] if form.one.data else request.form.getlist("id"))
    rows = ownership.chosen(who, ids[: inventory.PAGE])
    try:
        if not rows:
            raise Invalid(_("Tick the articles first."), field="action")
        flash(_change(who, rows, form), "success")
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _list(chosen, page, form, ids), 422
    db.session.commit()
    return redirect(url_for("shelf.articles", page=page if page > 1 else None, **chosen.arguments()), 303)


def _change(who: Actor, rows: list[Article], form: BulkForm) -> str:
    """Do it and say what was done."""
    if form.one.data or form.action.data == "verify":
        able = [row for row in rows if policies.can_verify(who, row)]
        for row in able:
            services.verify(who, row)
        return ngettext(
            "%(num)s article is right as it stands.", "%(num)s articles are right as they stand.", len(able)
        )
    if form.action.data == "owner":
        owner = _person(form.owner.data)
        n = ownership.give(who, rows, owner)
        name = owner.name if owner else _("Nobody")
        return ngettext(
            "%(name)s looks after %(num)s article more.", "%(name)s looks after %(num)s articles more.", n, name=name
        )
    if form.action.data == "risk":
        for row in rows:
            ownership.plan(who, row, risk=form.risk.data or "")
        return ngettext("Planned the check of %(num)s article.", "Planned the checks of %(num)s articles.", len(rows))
    raise Invalid(_("Choose what to do with them."), field="action")


def _person(text: str | None) -> Person | None:
    """Return the person of a form's choice, None for nobody; refuses what is no choice (Invalid)."""
    if not text:
        return None
    found = _numbers([text])
    person = db.session.get(Person, found[0]) if found else None
    if person is None:
        raise Invalid(_("Choose somebody from the list."), field="owner")
    return person


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 11 and int(one) <= ROW]


# One article


def _load(slug: str) -> Article:
    """Return the article for who looks after it: hidden and gone look the same, readers are refused (Forbidden)."""
    who = actors.current()
    found = services.get(who, slug)
    if not policies.can_answer_feedback(who, found):
        raise Forbidden(_("Editors and the owner of an article see how it does."))
    return found


@bp.get("/articles/<slug>")
def article(slug: str) -> str:
    """One article in figures, with what waits for an answer."""
    return _article(_load(slug))


def _article(found: Article, form: CareForm | None = None) -> str:
    who = actors.current()
    form = form or CareForm(formdata=None, owner=str(found.owner_id or ""), risk=found.risk, review_by=found.review_by)
    owners = _owners()
    if found.owner is not None and str(found.owner_id) not in dict(owners):
        owners.append((str(found.owner_id), found.owner.name))
    form.owner.choices = choices(owners)
    said = talk.feedback([found.ref])
    return render_template(
        "desk/article.html",
        article=found,
        thing=queries.thing_of(found),
        insight=insight.of(found),
        step_words=_steps_of(found),
        form=form,
        said=said,
        reply_forms={row.id: _reply_form(row.id) for row in said},
        suggested=suggestions.inbox(who, article_id=found.id),
        can_plan=ownership.can_look_after(who, found),
        can_verify=policies.can_verify(who, found),
        can_edit=policies.can_edit(who, found),
    )


def _steps_of(found: Article) -> dict[int, str]:
    """Return the words of the steps by number, where every device has the same ones."""
    own = [html for platform, html in found.steps if not platform]
    return dict(enumerate(own, start=1)) if len(own) == len(found.steps) else {}


def _reply_form(solution_id: int) -> ReplyForm:
    form = ReplyForm(formdata=None)
    form.reply.id = f"reply-{solution_id}"
    return form


@bp.post("/articles/<slug>")
def care(slug: str) -> ResponseReturnValue:
    """Say who looks after an article, how much harm a mistake does and when it is to be checked again."""
    who, found, form = actors.current(), _load(slug), CareForm()
    form.owner.choices = choices(_owners())
    try:
        if not form.validate():
            return _article(found, form), 422
        owner = _person(form.owner.data)
        if (owner.id if owner else None) != found.owner_id:
            ownership.give(who, [found], owner)
        is_day_named = form.review_by.data is not None and form.review_by.data != found.review_by
        is_rated = form.risk.data != found.risk
        if is_rated or is_day_named or form.review_by.data is None:
            ownership.plan(
                who, found, risk=form.risk.data or "", review_by=form.review_by.data if is_day_named else None
            )
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _article(_load(slug), form), 422
    db.session.commit()
    flash(_("Kept."), "success")
    return redirect(url_for("shelf.article", slug=slug), 303)


def mine(context: Mapping[str, Any]) -> str:
    """Draw what somebody looks after without being an editor, among their own things; editors have the desk."""
    who = actors.current()
    if who.can(Permission.ARTICLE_WRITE):
        return ""
    rows, n = inventory.find(who, Filter(owner=inventory.ME))
    return render_template("kb/_my_shelf.html", rows=rows, n=n) if rows else ""


# Handing over


@bp.get("/hand-over")
def keepers() -> str:
    """Who looks after how many articles, those who have left first."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    return render_template("desk/keepers.html", keepers=ownership.keepers(who))


@bp.get("/hand-over/<int:person_id>")
def hand_over(person_id: int) -> str:
    """Choose who takes over which topic; with everybody chosen, what would happen."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    return _hand_over(people.get_person(person_id), _heirs(request.args))


def _heirs(sent: Any) -> dict[int, str]:
    """Return the choices of the form by topic; one for all stands where a topic has none of its own."""
    shelf = ownership.shelf_of(actors.current(), int((request.view_args or {})["person_id"]))
    everybody = sent.get("heir", "")
    return {topic.id: sent.get(f"heir-{topic.id}", "") or everybody for topic in shelf}


def _hand_over(person: Person, given: dict[int, str], refusal: Invalid | None = None) -> str:
    who = actors.current()
    shelf = ownership.shelf_of(who, person.id)
    names = {str(one.id): one.name for one in ownership.heirs() if one.id != person.id}
    counts: dict[str, int] = {}
    for topic, rows in shelf.items():
        if given.get(topic.id) in names:
            counts[given[topic.id]] = counts.get(given[topic.id], 0) + len(rows)
    is_complete = all(given.get(topic.id) in names for topic in shelf)
    return render_template(
        "desk/hand_over.html",
        person=person,
        shelf=shelf,
        names=names,
        given=given,
        counts=[(names[heir], n) for heir, n in counts.items()] if is_complete else [],
        n=sum(len(rows) for rows in shelf.values()),
        refusal=refusal,
        form=PlainForm(formdata=None),
    )


@bp.post("/hand-over/<int:person_id>")
def give(person_id: int) -> ResponseReturnValue:
    """Hand everything over, all of it or nothing."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    person, given = people.get_person(person_id), _heirs(request.form)
    try:
        heirs = {topic_id: heir for topic_id, text in given.items() if (heir := _person(text)) is not None}
        n = ownership.hand_over(who, person, heirs)
    except Invalid as refusal:
        db.session.rollback()
        return _hand_over(person, given, refusal), 422
    db.session.commit()
    flash(ngettext("%(num)s article is in other hands.", "%(num)s articles are in other hands.", n), "success")
    return redirect(url_for("shelf.keepers"), 303)
