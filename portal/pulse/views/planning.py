"""Waves: the list, a new one, and one of them with what is still to be settled or how far it is."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import once
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.pulse import launching, queries, roster, waves
from portal.pulse.forms import NewWaveForm, RunningForm, StepForm
from portal.pulse.models import Wave, WaveState
from portal.pulse.views.blueprint import bp
from portal.pulse.waves import Collision


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
    form.offer(waves.asked())
    return render_template("pulse/new.html", form=form, instrument=waves.asked())


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
def show(wave_id: int) -> ResponseReturnValue:
    """One wave: what is still to be settled, how far it is, or what it says."""
    wave = waves.get(actors.current(), wave_id)
    if wave.state == WaveState.CLOSED:
        return redirect(url_for("surveys.reading", wave_id=wave.id), 303)
    if wave.state == WaveState.CANCELLED:
        return render_template("pulse/cancelled.html", wave=wave)
    if wave.state == WaveState.DRAFT:
        checks = launching.checks(wave, roster.of(wave.departments))
        return render_template("pulse/draft.html", wave=wave, stage=waves.stage_of(wave), checks=checks)
    if request.headers.get("HX-Request"):
        return _progress(wave)
    return running_page(wave, RunningForm.of(wave))


def _progress(wave: Wave) -> ResponseReturnValue:
    mails = queries.mailings(wave)
    if not any(mail.is_under_way for mail in mails):
        return "", 200, {"HX-Refresh": "true"}
    return render_template("pulse/_sending.html", wave=wave, mails=mails)


def running_page(wave: Wave, form: RunningForm, *, is_collision: bool = False) -> str:
    form.version.data = str(wave.version)
    return render_template(
        "pulse/running.html",
        wave=wave,
        stage=waves.stage_of(wave),
        counts=queries.counts([wave.id]).get(wave.id, queries.Counts()),
        mails=queries.mailings(wave),
        form=form,
        is_collision=is_collision,
    )


@bp.post("/<int:wave_id>/adjust")
def adjust(wave_id: int) -> ResponseReturnValue:
    """Change what may still be changed of a wave that runs."""
    who = actors.current()
    wave = waves.get_to_plan(who, wave_id)
    form = RunningForm()
    try:
        if form.validate_on_submit():
            waves.adjust(who, wave, version=form.seen, **form.values())
            db.session.commit()
            flash(_("Kept."), "good")
            return redirect(url_for("surveys.show", wave_id=wave_id), 303)
    except Collision:
        db.session.rollback()
        return running_page(waves.get_to_plan(who, wave_id), form, is_collision=True), 409
    except Invalid as refusal:
        db.session.rollback()
        for_field = Invalid(refusal.message, "first_reminder" if refusal.field == "reminder_days" else refusal.field)
        form.add_error(for_field)
    return running_page(waves.get_to_plan(who, wave_id), form), 422


@bp.get("/<int:wave_id>/end")
def ask_to_end(wave_id: int) -> str:
    """Whether a draft is to be thrown away, or a running wave ended unread."""
    wave = waves.get_to_plan(actors.current(), wave_id)
    return _end_page(wave)


def _end_page(wave: Wave, *, is_collision: bool = False) -> str:
    counted = queries.counts([wave.id]).get(wave.id, queries.Counts())
    form = StepForm(formdata=None, version=str(wave.version))
    return render_template("pulse/end.html", wave=wave, counts=counted, form=form, is_collision=is_collision)


@bp.post("/<int:wave_id>/end")
def end(wave_id: int) -> ResponseReturnValue:
    """Throw a draft away, or end a running wave unread and delete what was answered."""
    who = actors.current()
    wave, form = waves.get_to_plan(who, wave_id), StepForm()
    if not form.validate_on_submit():
        return _end_page(wave), 422
    try:
        if wave.state == WaveState.DRAFT:
            waves.drop(who, wave)
            flash(_("The draft is gone."), "good")
        else:
            waves.cancel(who, wave, version=form.seen)
            flash(_("The survey is cancelled, and every answer deleted."), "good")
        db.session.commit()
    except Collision:
        db.session.rollback()
        return _end_page(waves.get_to_plan(who, wave_id), is_collision=True), 409
    return redirect(url_for("surveys.index"), 303)
