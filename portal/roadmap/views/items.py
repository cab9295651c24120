"""Working on an item: what stands on it, what it rests on, its scores, and moving it along."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from analytics.readouts import Comparison
from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.measures import catalogue, people
from portal.measures.catalogue import Unit
from portal.people.models import Person
from portal.roadmap import asking, evidence, ideas, items, presenting, scoring
from portal.roadmap.evidence import Known
from portal.roadmap.forms import WRONG_SIDE, EvidenceForm, ItemForm, MoveForm, ReasonForm, ScoreForm
from portal.roadmap.models import Evidence, Item
from portal.roadmap.views import board, flaws, sheets
from portal.roadmap.views.blueprint import roadmap_bp as bp
from portal.roadmap.views.triage import steering


def _offered(form: ItemForm) -> ItemForm:
    owners = db.session.execute(select(Person).where(Person.is_active).order_by(Person.name).limit(2_000)).scalars()
    return form.offer(ideas.topics_for(actors.current()), list(owners))


@bp.get("/items/new")
def new_item() -> str:
    """An item to be begun; a flaw and the survey it was found in may come along."""
    steering()
    form = _offered(ItemForm(formdata=None, **flaws.suggested()))
    return render_template("roadmap/edit_item.html", form=form, item=None, trouble="")


@bp.post("/items/new")
def make_item() -> ResponseReturnValue:
    """Begin an item in triage."""
    who, form = steering(), _offered(ItemForm())
    return sheets.attempt(
        form,
        lambda: url_for("roadmap.item", item_id=items.make(who, form.about).id),
        draw=lambda: render_template("roadmap/edit_item.html", form=form, item=None, trouble=""),
    )


@bp.get("/items/<int:item_id>/edit")
def edit_item(item_id: int) -> str:
    """What stands on an item, to be put otherwise."""
    item = items.steered(steering(), item_id)
    kept = {name: getattr(item, name) for name in (*items.About.__dataclass_fields__, "version")}
    form = _offered(
        ItemForm(formdata=None, **{**kept, "category_id": item.category_id or 0, "owner_id": item.owner_id or 0})
    )
    return render_template("roadmap/edit_item.html", form=form, item=item, trouble="")


@bp.post("/items/<int:item_id>/edit")
def change_item(item_id: int) -> ResponseReturnValue:
    """Save what stands on an item; never over what was not seen."""
    who, form = steering(), _offered(ItemForm())
    trouble, status = "", 422
    try:
        if form.validate_on_submit():
            items.change(who, items.steered(who, item_id), form.about, version=form.version.data or 0)
            db.session.commit()
            return redirect(url_for("roadmap.item", item_id=item_id), 303)
    except Conflict as refusal:
        db.session.rollback()
        trouble, status = str(refusal), 409
        form.version.data, form.version.raw_data = items.steered(who, item_id).version, None
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    item = items.steered(who, item_id)
    return render_template("roadmap/edit_item.html", form=form, item=item, trouble=trouble), status


# What it rests on


def _asking(form: EvidenceForm) -> EvidenceForm:
    who = actors.current()
    form.measure.choices = [("", _("Choose a figure")), *((each.name, str(each.label)) for each in catalogue.every())]
    topics = [(f"category:{topic.id}", topic.title) for topic in ideas.topics_for(who)]
    shown = people.shown_groups()
    departments, sites = (
        [(f"{kind}:{n}", name) for n, name in people.names(kind).items() if n in shown[kind]]
        for kind in ("department", "site")
    )
    form.slice.choices = {
        _("All"): [("", _("Everybody, about everything"))],
        _("Topics"): topics,
        _("Departments"): departments,
        _("Sites"): sites,
    }
    form.comparison.choices = [
        (WRONG_SIDE, _("on the worse side of")),
        *((each.value, presenting.comparison_words(each.value)) for each in Comparison),
    ]
    form.grade.choices = [(grade, presenting.grade_words(grade)) for grade in "CABD"]
    return form


@bp.get("/items/<int:item_id>/evidence")
def ask(item_id: int) -> str:
    """Evidence to be tied to an item; the figure can be looked at first."""
    item = items.steered(steering(), item_id)
    return _evidence_page(item, _asking(EvidenceForm(formdata=None)))


def _evidence_page(item: Item, form: EvidenceForm, *, looked: Any = None) -> str:
    return render_template(
        "roadmap/evidence.html", item=item, form=form, looked=looked, measures=catalogue.every(), say=presenting
    )


@bp.post("/items/<int:item_id>/evidence")
def tie(item_id: int) -> ResponseReturnValue:
    """Tie evidence to an item; with `look` only show what the figure is now."""
    who, form = steering(), _asking(EvidenceForm())
    item = items.steered(who, item_id)
    if "look" in request.form:
        return _looked(item, form)

    def save() -> str:
        evidence.tie(who, item, **_given(form))
        flash(_("Tied. The figure is read again every night."), "success")
        return url_for("roadmap.item", item_id=item_id, _anchor="evidence")

    return sheets.attempt(form, save, draw=lambda: _evidence_page(items.steered(who, item_id), form))


def _looked(item: Item, form: EvidenceForm) -> ResponseReturnValue:
    try:
        if form.validate_on_submit():
            row = evidence.asked(actors.current(), item, **_given(form))
            return _evidence_page(item, form, looked=_look(row))
    except Invalid as refusal:
        form.add_error(refusal)
    return _evidence_page(item, form), 422


WORSE = {"up": Comparison.BELOW.value, "down": Comparison.ABOVE.value}


def _given(form: EvidenceForm) -> dict[str, Any]:
    """Return what was chosen; shares are written in per cent and kept as shares."""
    threshold = form.threshold.data
    measure = catalogue.find(form.measure.data or "")
    if threshold is not None and measure is not None and measure.unit is Unit.SHARE:
        threshold /= 100
    return {
        "measure": form.measure.data or "",
        "slice": form.slice.data or "",
        "comparison": form.comparison.data or (WORSE.get(measure.better, "") if measure else ""),
        "threshold": threshold,
        "days": form.days.data or 0,
        "minimum_n": form.minimum_n.data or 0,
        "grade": form.grade.data or "",
        "note": form.note.data or "",
        "link": form.link.data or "",
    }


def _look(row: Evidence) -> presenting.Said:
    known = Known(row, catalogue.find(row.measure), asking.read(row))
    return presenting.saying(actors.current(), {row.item_id: [known]})[row.item_id][0]


@bp.post("/items/<int:item_id>/evidence/<int:evidence_id>/untie")
def untie(item_id: int, evidence_id: int) -> ResponseReturnValue:
    """Take evidence off an item, with a reason."""
    who, form = steering(), ReasonForm()
    item = items.steered(who, item_id)
    try:
        if form.validate_on_submit():
            evidence.untie(who, item, evidence_id, reason=form.reason.data or "")
            db.session.commit()
            return redirect(url_for("roadmap.item", item_id=item_id, _anchor="evidence"), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return board.item_page(items.steered(who, item_id), untying=(evidence_id, form)), 422


@bp.post("/items/<int:item_id>/refresh")
def refresh(item_id: int) -> ResponseReturnValue:
    """Ask the figures of an item now."""
    item = items.steered(steering(), item_id)
    asking.refresh(known.row for known in evidence.of([item.id]).get(item.id, []))
    db.session.commit()
    flash(_("Read just now."), "success")
    return redirect(url_for("roadmap.item", item_id=item_id, _anchor="evidence"), 303)


# Scores, and moving along


@bp.get("/items/<int:item_id>/score")
def show_score(item_id: int) -> str:
    """The scores of an item, and what was set by hand."""
    item = items.steered(steering(), item_id)
    kept = {name: getattr(item, name) for name in items.SCORES}
    kept["impact"] = "" if item.impact is None else f"{item.impact:g}"
    kept["confidence"] = None if item.confidence is None else round(100 * item.confidence, 2)
    return _score_page(item, _scoring(ScoreForm(formdata=None, **kept)))


def _scoring(form: ScoreForm) -> ScoreForm:
    form.impact.choices = [("", _("by evidence")), *((f"{n:g}", f"{n:g}") for n in items.IMPACTS)]
    return form


def _score_page(item: Item, form: ScoreForm) -> str:
    known = evidence.of([item.id]).get(item.id, [])
    measured = scoring.measured(known)
    score = scoring.score(item, known)
    return render_template("roadmap/score.html", item=item, form=form, measured=measured, score=score)


@bp.post("/items/<int:item_id>/score")
def set_score(item_id: int) -> ResponseReturnValue:
    """Set scores by hand, with a reason; what is left empty follows from the evidence."""
    who, form = steering(), _scoring(ScoreForm())
    item = items.steered(who, item_id)
    try:
        if form.validate_on_submit():
            values: dict[str, float | None] = {name: form[name].data for name in items.SCORES}
            values["impact"] = float(form.impact.data) if (form.impact.data or "").strip() else None
            values["confidence"] = None if form.confidence.data is None else form.confidence.data / 100
            items.score(who, item, values, reason=form.reason.data or "")
            db.session.commit()
            return redirect(url_for("roadmap.item", item_id=item_id), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _score_page(items.steered(who, item_id), form), 422


@bp.post("/items/<int:item_id>/move")
def move(item_id: int) -> ResponseReturnValue:
    """Move an item along, with a reason everybody reads."""
    who, form = steering(), MoveForm()
    item = items.steered(who, item_id)
    try:
        if form.validate_on_submit():
            items.move(who, item, to=form.to.data or "", reason=form.reason.data or "")
            db.session.commit()
            flash(_("Moved. Who proposed, wants or follows it is told."), "success")
            return redirect(url_for("roadmap.item", item_id=item_id), 303)
    except Invalid as refusal:
        db.session.rollback()
        if refusal.field in ("owner_id", "due_on"):
            form.form_errors.append(refusal.message)
        else:
            form.add_error(refusal)
    return board.item_page(items.steered(who, item_id), move_form=form), 422
