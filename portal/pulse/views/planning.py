"""Planning waves: the list, a new one, and the steps of one."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core import once
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.pulse import queries, waves
from portal.pulse.forms import NewWaveForm
from portal.pulse.views.blueprint import bp


@bp.get("/")
def index() -> str:
    """The waves there are, with how far each is."""
    who = actors.current()
    who.require(Permission.SURVEY_READ)
    return render_template("pulse/waves.html", found=queries.overview(who), instrument=waves.asked())


@bp.get("/new")
def new() -> str:
    """A wave to be planned."""
    actors.current().require(Permission.SURVEY_PLAN)
    return _new_page(NewWaveForm(formdata=None))


def _new_page(form: NewWaveForm) -> str:
    instrument = waves.asked()
    form.offer(instrument)
    return render_template("pulse/new.html", form=form, instrument=instrument)


@bp.post("/new")
def plan() -> ResponseReturnValue:
    """Begin a wave."""
    who = actors.current()
    who.require(Permission.SURVEY_PLAN)
    form = NewWaveForm()
    form.offer(waves.asked())
    try:
        if form.validate_on_submit():
            wave = waves.plan(who, name=form.name.data or "", stage=form.stage.data)
            where = url_for("surveys.show", wave_id=wave.id)
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            return redirect(where, 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _new_page(form), 422


@bp.get("/<int:wave_id>")
def show(wave_id: int) -> str:
    """One wave: what is still to be settled, or how far it is."""
    who = actors.current()
    wave = waves.get(who, wave_id)
    return render_template("pulse/wave.html", wave=wave, stage=waves.stage_of(wave))
