"""You said, we did: read by everybody, written by who runs surveys."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import actor as actors
from portal.core import arguments, once
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.forms import Form
from portal.pulse import outcomes, reading, scores
from portal.pulse.models import SaidDone, Wave
from portal.pulse.outcome_forms import SentenceForm, filled
from portal.pulse.views.blueprint import bp

PER_PAGE = 5


@bp.get("/outcomes", endpoint="outcomes")
def read_outcomes() -> str:
    """What came of the surveys, for everybody."""
    who, page = actors.current(), max(1, arguments.number("page", most=10_000) or 1)
    found = outcomes.published(most=PER_PAGE + 1, after=(page - 1) * PER_PAGE)
    some = found[:PER_PAGE]
    rows = [row for outcome in some for row in outcome.sentences]
    return render_template(
        "pulse/outcomes.html",
        outcomes=[(outcome, scores.standings(outcome.seen, since="")) for outcome in some],
        links=outcomes.linked(who, rows),
        page=page,
        has_more=len(found) > PER_PAGE,
    )


@bp.get("/<int:wave_id>/outcome")
def outcome(wave_id: int) -> str:
    """What is written of one wave, to add to and to publish."""
    return _page(outcomes.get(actors.current(), wave_id), SentenceForm(formdata=None))


@bp.post("/<int:wave_id>/outcome")
def say(wave_id: int) -> ResponseReturnValue:
    """Write a sentence."""
    who = actors.current()
    wave, form = outcomes.get(who, wave_id), SentenceForm()
    form.offer(outcomes.shown_groups(wave))
    where = url_for("surveys.outcome", wave_id=wave.id)
    try:
        if form.validate_on_submit():
            outcomes.write(who, wave, form.wanted())
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            return redirect(where, 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _page(wave, form), 422


def _page(wave: Wave, form: SentenceForm) -> str:
    who = actors.current()
    form.offer(outcomes.shown_groups(wave))
    rows = outcomes.sentences([wave.id], is_whole=True)
    return render_template(
        "pulse/outcome.html",
        seen=reading.get(who, wave.id),
        form=form,
        plain=Form(formdata=None),
        rows=rows,
        links=outcomes.linked(who, rows),
        n_new=sum(row.published_at is None for row in rows),
    )


@bp.get("/<int:wave_id>/outcome/<int:sentence_id>")
def sentence(wave_id: int, sentence_id: int) -> str:
    """One sentence, to be changed."""
    who = actors.current()
    wave = outcomes.get(who, wave_id)
    row = outcomes.get_sentence(who, wave, sentence_id)
    thing = outcomes.linked(who, [row]).get(row.link)
    return _sentence_page(wave, row, filled(row, link=thing.url if thing else ""))


@bp.post("/<int:wave_id>/outcome/<int:sentence_id>")
def change_sentence(wave_id: int, sentence_id: int) -> ResponseReturnValue:
    """Change it."""
    who = actors.current()
    wave = outcomes.get(who, wave_id)
    row, form = outcomes.get_sentence(who, wave, sentence_id), SentenceForm()
    form.offer(outcomes.shown_groups(wave))
    try:
        if form.validate_on_submit():
            outcomes.change(who, wave, row, form.wanted())
            db.session.commit()
            return redirect(url_for("surveys.outcome", wave_id=wave.id), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _sentence_page(wave, row, form), 422


def _sentence_page(wave: Wave, row: SaidDone, form: SentenceForm) -> str:
    form.offer(outcomes.shown_groups(wave))
    seen = reading.get(actors.current(), wave.id)
    return render_template("pulse/sentence.html", seen=seen, wave=wave, row=row, form=form)


@bp.post("/<int:wave_id>/outcome/<int:sentence_id>/remove")
def remove_sentence(wave_id: int, sentence_id: int) -> ResponseReturnValue:
    """Take it away."""
    who, form = actors.current(), Form()
    wave = outcomes.get(who, wave_id)
    row = outcomes.get_sentence(who, wave, sentence_id)
    if form.validate_on_submit():
        outcomes.remove(who, wave, row)
        db.session.commit()
    return redirect(url_for("surveys.outcome", wave_id=wave.id), 303)


@bp.post("/<int:wave_id>/outcome/publish")
def publish(wave_id: int) -> ResponseReturnValue:
    """Show everybody how many answered, what all said together, and these sentences."""
    who, form = actors.current(), Form()
    wave = outcomes.get(who, wave_id)
    if form.validate_on_submit():
        try:
            n = outcomes.publish(who, wave)
        except Invalid as refusal:
            flash(refusal.message, "warning")
            return redirect(url_for("surveys.outcome", wave_id=wave.id), 303)
        db.session.commit()
        if n:
            flash(ngettext("%(num)s sentence is published.", "%(num)s sentences are published.", n), "success")
        else:
            flash(_("Everything was published before."), "info")
    return redirect(url_for("surveys.outcome", wave_id=wave.id), 303)
