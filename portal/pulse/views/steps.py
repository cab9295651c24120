"""The steps of planning a wave, each kept by itself: what is asked, whom, by whom and when, a trial, the launch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import actor as actors
from portal.core import options
from portal.core.actor import Actor
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid
from portal.pulse import asking, inviting, launching, letters, outlook, policies, queries, roster, waves
from portal.pulse.forms import MailForm, PeopleForm, QuestionsForm, StepForm, TryForm
from portal.pulse.models import MailKind, Wave
from portal.pulse.views.blueprint import bp
from portal.pulse.waves import Collision, Settled

AnyForm = TypeVar("AnyForm", bound=StepForm)
AT = {"reminder_days": "first_reminder"}
"""Fields of a form that stand for those of the wave under another name."""
NEXT = {
    "surveys.questions": "surveys.people",
    "surveys.people": "surveys.mail",
    "surveys.mail": "surveys.try_out",
}
"""Where “Keep, and on to …” leads."""


def _keep(
    wave_id: int, form: AnyForm, page: Callable[[Wave, AnyForm, bool], str], *, after: str
) -> ResponseReturnValue:
    """Keep a step and show it again, or go on where the button says so; what was typed survives every refusal."""
    who = actors.current()
    wave = _draft(who, wave_id)
    try:
        if form.validate_on_submit():
            waves.change(who, wave, version=form.seen, **form.values())
            db.session.commit()
            flash(_("Kept."), "good")
            there = NEXT[after] if "on" in request.form else after
            return redirect(url_for(there, wave_id=wave_id), 303)
    except Collision:
        db.session.rollback()
        return page(_draft(who, wave_id), form, True), 409
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(Invalid(refusal.message, AT.get(refusal.field, refusal.field)))
    return page(_draft(who, wave_id), form, False), 422


def _draft(who: Actor, wave_id: int) -> Wave:
    """Return a wave that may still be changed; refuses (Settled) one that was launched."""
    wave = waves.get_to_plan(who, wave_id)
    if not policies.can_edit(who, wave):
        raise Settled
    return wave


def _step(name: str, wave: Wave, form: StepForm | None, is_collision: bool, **more: Any) -> str:
    if form is not None and (is_collision or not form.version.data):
        form.version.data = str(wave.version)
    return render_template(
        f"pulse/{name}.html",
        wave=wave,
        stage=waves.stage_of(wave),
        form=form if policies.can_edit(actors.current(), wave) else None,
        is_collision=is_collision,
        **more,
    )


@bp.get("/<int:wave_id>/questions")
def questions(wave_id: int) -> str:
    """What is asked, and why."""
    wave = waves.get_to_plan(actors.current(), wave_id)
    return _questions_page(wave, QuestionsForm.of(wave), False)


def _questions_page(wave: Wave, form: QuestionsForm, is_collision: bool) -> str:
    earlier = queries.comparable(wave)
    form.offer(waves.instrument_of(wave), earlier)
    before = next((one for one in earlier if one.id == wave.before_id), None)
    return _step("questions", wave, form, is_collision, instrument=waves.instrument_of(wave), before=before)


@bp.post("/<int:wave_id>/questions")
def keep_questions(wave_id: int) -> ResponseReturnValue:
    form, wave = QuestionsForm(), _draft(actors.current(), wave_id)
    form.offer(waves.instrument_of(wave), queries.comparable(wave))
    return _keep(wave_id, form, _questions_page, after="surveys.questions")


@bp.get("/<int:wave_id>/preview")
def preview(wave_id: int) -> str:
    """The questions as people will see them, on a phone and on a desk."""
    wave = waves.get_to_plan(actors.current(), wave_id)
    kept_by = asking.groups_kept(wave)
    on = "phone" if request.args.get("on") == "phone" else "desk"
    return _step("preview", wave, None, False, questions=asking.questions(wave), kept_by=kept_by, on=on)


@bp.get("/<int:wave_id>/people")
def people(wave_id: int) -> str:
    """Who is asked, and how sure the figures will be."""
    wave = waves.get_to_plan(actors.current(), wave_id)
    return _people_page(wave, PeopleForm(formdata=None, obj=wave), False)


def _people_page(wave: Wave, form: PeopleForm, is_collision: bool) -> str:
    form.offer(roster.departments())
    response = number("response", default=outlook.USUAL_RESPONSE, least=1, most=100)
    found = outlook.prospect(wave, roster.of(wave.departments), response)
    return _step("people", wave, form, is_collision, found=found, responses=outlook.RESPONSES)


@bp.post("/<int:wave_id>/people")
def keep_people(wave_id: int) -> ResponseReturnValue:
    form = PeopleForm()
    form.offer(roster.departments())
    return _keep(wave_id, form, _people_page, after="surveys.people")


@bp.get("/<int:wave_id>/mail")
def mail(wave_id: int) -> str:
    """Who asks, why and when, and the mail that says so."""
    wave = waves.get_to_plan(actors.current(), wave_id)
    return _mail_page(wave, MailForm.of(wave), False)


def _mail_page(wave: Wave, form: MailForm, is_collision: bool) -> str:
    who = actors.current()
    reader = letters.Reader(who.email, who.first_name, who.locale)
    kinds = [MailKind.INVITATION, *([MailKind.FIRST] if wave.reminder_days else [])]
    shown = [(kind, letters.Writer(wave, kind, options.get()).shown(reader)) for kind in kinds]
    return _step("mail", wave, form, is_collision, shown=shown)


@bp.post("/<int:wave_id>/mail")
def keep_mail(wave_id: int) -> ResponseReturnValue:
    return _keep(wave_id, MailForm(), _mail_page, after="surveys.mail")


@bp.get("/<int:wave_id>/try")
def try_out(wave_id: int) -> str:
    """Whom the draft is tried on."""
    wave = waves.get_to_plan(actors.current(), wave_id)
    return _try_page(wave, TryForm(formdata=None, is_me=True), False)


def _try_page(wave: Wave, form: TryForm, is_collision: bool) -> str:
    return _step("try", wave, form, is_collision, n_tried=queries.n_trials(wave))


@bp.post("/<int:wave_id>/try")
def send_to_try(wave_id: int) -> ResponseReturnValue:
    """Send a trial; answers to it are not kept."""
    who = actors.current()
    wave, form = _draft(who, wave_id), TryForm()
    try:
        if form.validate_on_submit():
            asked = inviting.invite_to_try(who, wave, emails=form.emails(who.email))
            inviting.send_to_try(wave, asked)
            db.session.commit()
            n = len(asked)
            flash(ngettext("A trial is on its way.", "%(num)s trials are on their way.", n), "good")
            return redirect(url_for("surveys.try_out", wave_id=wave_id), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(Invalid(refusal.message, "first" if refusal.field == "emails" else refusal.field))
    return _try_page(_draft(who, wave_id), form, False), 422


@bp.get("/<int:wave_id>/launch")
def ask_to_launch(wave_id: int) -> str:
    """What the launch settles, once and for all."""
    wave = _draft(actors.current(), wave_id)
    return _launch_page(wave, StepForm(formdata=None), False)


def _launch_page(wave: Wave, form: StepForm, is_collision: bool) -> str:
    asked = roster.of(wave.departments)
    form.version.data = str(wave.version)
    checks = launching.checks(wave, asked)
    is_ready = all(check.is_met for check in checks if check.is_needed)
    return _step("launch", wave, form, is_collision, checks=checks, is_ready=is_ready, n_people=len(asked.people))


@bp.post("/<int:wave_id>/launch")
def launch(wave_id: int) -> ResponseReturnValue:
    """Launch it."""
    who = actors.current()
    wave, form = waves.get_to_plan(who, wave_id), StepForm()
    try:
        if form.validate_on_submit():
            n = launching.launch(who, wave, version=form.seen)
            db.session.commit()
            flash(ngettext("Launched: %(num)s person is invited.", "Launched: %(num)s people are invited.", n), "good")
            return redirect(url_for("surveys.show", wave_id=wave_id), 303)
    except Collision:
        db.session.rollback()
        return _launch_page(_draft(who, wave_id), form, True), 409
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _launch_page(_draft(who, wave_id), form, False), 422
