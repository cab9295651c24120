"""Pages for the words that the search is told, and the questions by which a change is tried first."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import once
from portal.core.actor import Actor
from portal.core.arguments import ROW, number
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.feature import Thing
from portal.core.forms import Form
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.search import judging, maintenance, synonyms, trying, words
from portal.search.analyzers import STOPPED
from portal.search.documents import SearchRequest
from portal.search.engine import IndexUnusable
from portal.search.forms import ChangeForm
from portal.search.trying import Trial
from portal.search.words import Change, WordList

bp = Blueprint("words", __name__, url_prefix="/desk/words", template_folder="../templates")

TRIED = 8
"""Results among which an editor chooses the right one."""


def _who() -> Actor:
    who = actors.current()
    who.require(Permission.WORDS_MANAGE)
    return who


@bp.get("/")
def index() -> str:
    """All words the search was told, and a form for more."""
    _who()
    return _index(ChangeForm(formdata=None))


def _index(form: ChangeForm) -> str:
    listed = words.listed()
    shipped = synonyms.shipped()
    return render_template(
        "words/index.html",
        form=form,
        own=listed.own,
        off=[group for group in shipped if group.key in listed.off],
        shipped=[group for group in shipped if group.key not in listed.off],
        stops=sorted(listed.stops),
        small=sorted(STOPPED),
    )


@bp.get("/try")
def preview() -> ResponseReturnValue:
    """Show which questions a change would answer otherwise. Nothing is written."""
    who = _who()
    form = ChangeForm.typed()
    if form.op.data == "change" and "words" not in request.args:
        return _edit(form)
    try:
        change = form.change()
        before = words.listed()
        after = before.with_change(change)
    except Invalid as refusal:
        form.add_error(refusal)
        return _index(form), 422
    if after == before:
        flash(_("That is so already."), "info")
        return redirect(url_for(".index"), 303)
    return render_template(
        "words/try.html",
        form=form,
        change=change,
        told=_told(before, after, change),
        trial=_trial(who, before, after),
    )


def _edit(form: ChangeForm) -> str:
    """Fill the form with a group as it is."""
    group = words.listed().own.get(form.change_id)
    if group is not None:
        form.kind.data, form.words.data = group.kind, ", ".join(group.all_words)
        form.sought.data = ", ".join(group.sought)
    return _index(form if group is not None else ChangeForm(formdata=None))


def _told(before: WordList, after: WordList, change: Change) -> tuple[str, str]:
    """Return what stands there before and after; what is new gets its number only when it is kept."""
    return before.told(change), after.told(change)


def _trial(who: Actor, before: WordList, after: WordList) -> Trial | None:
    try:
        return trying.compare(who, before.synonyms, after.synonyms)
    except IndexUnusable:
        return None


@bp.post("/keep")
def keep() -> ResponseReturnValue:
    """Make a change hold, for everybody at once."""
    who = _who()
    form = ChangeForm()
    try:
        change = form.change()
        once.claim(form.token, person_id=who.person_id, location=url_for(".index"))
        seen = {name: _seen(name) for name in ("n_better", "n_worse")}
        words.keep(who, change, **seen)
        db.session.commit()
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _index(form), 422
    flash(_("Kept. The search knows it from now on."), "success")
    return redirect(url_for(".index"), 303)


def _seen(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


@bp.get("/questions")
def questions() -> str:
    """The questions with their right answers; with `question` what the search answers now, to choose from."""
    _who()
    return _questions()


def _questions(refusal: Invalid | None = None, *, choices: list[Thing] | None = None, other: str = "") -> str:
    who = actors.current()
    asked = (request.values.get("question") or "")[: judging.LONGEST]
    known = judging.judged(who)
    is_known = {row.query.casefold() for row, _right in known}
    last = max(1, -(-len(known) // judging.PAGE))
    page = min(number("page", default=1, least=1), last)
    return render_template(
        "words/questions.html",
        form=Form(formdata=None),
        asked=asked,
        choices=choices or (_answers(who, asked) if asked else []),
        other=other,
        refusal=refusal,
        judged=known[(page - 1) * judging.PAGE : page * judging.PAGE],
        n_judged=len(known),
        page=page,
        last=last,
        frequent=[(text, n) for text, n in judging.frequent(limit=40) if text not in is_known][:12],
    )


def _answers(who: Actor, asked: str) -> list[Thing]:
    try:
        found = maintenance.engine().search(SearchRequest(text=asked, size=TRIED), who.allowed_keys)
    except IndexUnusable:
        return []
    refs = [hit.ref for hit in (*found.hits, *found.close)]
    things = load_things(who, refs)
    return [things[ref] for ref in refs if ref in things]


@bp.post("/questions")
def judge() -> ResponseReturnValue:
    """Note the right answer to a question."""
    who = _who()
    form, asked = Form(), request.form.get("question", "")
    answer, other = request.form.get("answer", "")[:64], request.form.get("other", "")[:300]
    choices: list[Thing] = []
    try:
        if not asked.strip():
            raise Invalid(_("Type a question as a colleague would."), field="question")
        once.claim(form.token, person_id=who.person_id, location=url_for(".questions"))
        judging.judge(who, asked, _chosen(who, answer, other, choices))
        db.session.commit()
    except Invalid as refusal:
        db.session.rollback()
        return _questions(refusal, choices=choices, other=other), 422
    flash(_("Noted. Changes of words are tried with this question from now on."), "success")
    return redirect(url_for(".questions"), 303)


def _chosen(who: Actor, answer: str, other: str, choices: list[Thing]) -> Ref:
    """Return what was chosen, of the results or by its address or words; several that fit are offered (Invalid)."""
    if other.strip() and not answer:
        found = judging.find(who, other)
        if len(found) == 1:
            return found[0].ref
        choices += found
        if not found:
            raise Invalid(_("Nothing has these words. Try others, or paste an address."), field="other")
        raise Invalid(_("Several things have these words. Which one do you mean?"), field="other")
    try:
        ref = Ref.parse(answer)
    except ValueError:
        raise Invalid(_("Choose the right answer."), field="answer") from None
    if ref.id > ROW or not load_things(who, [ref]):
        raise Invalid(_("Choose the right answer."), field="answer")
    return ref


@bp.post("/questions/<int:question_id>/forget")
def forget(question_id: int) -> ResponseReturnValue:
    """Take a question off the list."""
    judging.forget(_who(), question_id)
    db.session.commit()
    return redirect(url_for(".questions"), 303)
