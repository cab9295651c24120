"""What analysts put beside the figures: dates pinned on the charts, assumptions about cost."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import once
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.insights.forms import AssumptionsForm, DateForm
from portal.insights.pages import PAGES
from portal.insights.views.blueprint import insights as bp
from portal.insights.views.blueprint import reader
from portal.measures import changes, fold


def _analyst() -> actors.Actor:
    who = actors.current()
    who.require(Permission.MEASURE_EXPORT)
    return who


@bp.get("/dates")
def dates() -> str:
    """Dates pinned on the charts; analysts pin more and take them off."""
    return _dates(DateForm())


def _dates(form: DateForm) -> str:
    who = reader()
    return render_template(
        "insights/dates.html",
        pages=PAGES,
        form=form,
        rows=changes.dates(),
        can_change=who.can(Permission.MEASURE_EXPORT),
        as_of=fold.as_of(),
    )


@bp.post("/dates")
def pin() -> ResponseReturnValue:
    """Pin a date."""
    who, form = _analyst(), DateForm()
    if form.validate_on_submit() and form.on.data is not None:
        try:
            changes.pin(who, on=form.on.data, text=form.text.data or "")
            once.claim(form.token, person_id=who.person_id, location=url_for("insights.dates"))
            db.session.commit()
            flash(_("Pinned on every chart of that time."), "success")
            return redirect(url_for("insights.dates"), 303)
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
    return _dates(form), 422


@bp.post("/dates/<int:date_id>/remove")
def unpin(date_id: int) -> ResponseReturnValue:
    """Take a date off the charts."""
    who = _analyst()
    changes.unpin(who, changes.get(who, date_id))
    db.session.commit()
    flash(_("Taken off the charts."), "success")
    return redirect(url_for("insights.dates"), 303)


@bp.get("/assumptions")
def assumptions() -> str:
    """What is assumed where figures become money."""
    _analyst()
    return _assumptions(AssumptionsForm(**asdict(changes.assumptions())))


def _assumptions(form: AssumptionsForm) -> str:
    return render_template(
        "insights/assumptions.html", pages=PAGES, form=form, are_own=changes.are_own(), as_of=fold.as_of()
    )


@bp.post("/assumptions")
def assume() -> ResponseReturnValue:
    """Set what is assumed."""
    who, form = _analyst(), AssumptionsForm()
    if form.is_whole():
        try:
            changes.assume(who, **form.values())
            db.session.commit()
            flash(_("Cost is worked out with these from now on."), "success")
            return redirect(url_for("insights.assumptions"), 303)
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
    return _assumptions(form), 422
