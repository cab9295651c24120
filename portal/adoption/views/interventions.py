"""Interventions: the list, registering one before its start, one with its effect and its history, telling the end."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.adoption import effects, interventions, planning, presenting, queries, revisions
from portal.adoption.forms import LOT, InterventionForm, ReadoutForm, ReasonForm, days_typed
from portal.adoption.models import Intervention
from portal.adoption.planning import Plan
from portal.adoption.views.blueprint import interventions_bp as bp
from portal.core import actor as actors
from portal.core import once, sheets
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Permission
from portal.core.trying import trying
from portal.measures import people as groups
from surveys import wordings


@bp.get("/")
def index() -> str:
    """What was done to move a figure, and what came of it."""
    who = actors.current()
    who.require(Permission.INSIGHT_READ)
    rows = [presenting.intervention(row) for row in queries.interventions(who)]
    return render_template("adoption/interventions.html", rows=rows)


@bp.get("/new")
def new() -> str:
    """An intervention to be registered; a flaw and the survey it was found in may come along."""
    who = actors.current()
    who.require(Permission.INTERVENTION_MANAGE)
    known = {flaw.code: flaw for flaw in wordings.rules(str(get_locale()))}
    flaw = known.get(request.args.get("flaw", ""))
    wave = request.args.get("wave", "")
    form = InterventionForm(
        formdata=None,
        owner_id=who.person_id,
        flaw=flaw.code if flaw else "",
        wave=wave if flaw and wave.isdigit() and len(wave) < 10 else "",
    )
    return _form_page(form, who)


@bp.post("/new")
def add() -> ResponseReturnValue:
    """Register an intervention, or look what the plan could show before anything is kept."""
    who = actors.current()
    who.require(Permission.INTERVENTION_MANAGE)
    form = _offered(InterventionForm(), who.person_id)
    with trying(form) as found:
        if form.validate_on_submit() and (about := form.about()) is not None:
            plan = _plan(form)
            if request.form.get("look"):
                return _form_page(form, who, plan=plan)
            made = interventions.register(who, about, plan)
            where = url_for("interventions.show", intervention_id=made.id)
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            return redirect(where, 303)
    return _form_page(form, who), found.status


def _plan(form: InterventionForm) -> Plan:
    """Return who starts when: drawn, or as chosen; refuses what cannot be (Invalid)."""
    if form.how.data != LOT:
        return planning.chosen(form.days())
    chosen = [unit for unit in queries.departments() if unit.id in (form.departments.data or ())]
    if not chosen:
        raise Invalid(_("Choose at least one department, and the day on which it starts."), "departments")
    if form.first_on.data is None:
        raise Invalid(_("On which day does the first one start?"), "first_on")
    return planning.drawn(
        chosen, first=form.first_on.data, weeks=form.weeks.data or 0, n_without=form.n_without.data or 0
    )


@bp.get("/<int:intervention_id>")
def show(intervention_id: int) -> str:
    """One intervention: what was expected, what was found, what was changed of it and why."""
    who = actors.current()
    return _page(who, interventions.get(who, intervention_id), ReasonForm(formdata=None), ReadoutForm(formdata=None))


def _page(who: Actor, made: Intervention, form: ReasonForm, readout: ReadoutForm) -> str:
    told = presenting.intervention(made)
    among = planning.compared(made)
    return render_template(
        "adoption/intervention.html",
        made=made,
        told=told,
        flaw=next((flaw for flaw in wordings.rules(str(get_locale())) if flaw.code == made.flaw), None),
        outlook=planning.outlook(made.start_days, among),
        course=presenting.course_picture(told),
        effect=presenting.effect_picture(told),
        history=presenting.history(revisions.of(made.ref)),
        form=form,
        readout=readout,
    )


@bp.get("/<int:intervention_id>/panel.csv")
def panel(intervention_id: int) -> Response:
    """What it was judged from, as `dity measure effect` reads it: the same figures come out."""
    who = actors.current()
    made = interventions.get(who, intervention_id)
    found = effects.read(made)
    if found is None or not found.panel:
        raise NotFound(_("Nothing is counted yet."))
    rows = ([name, period, repr(value), "" if start is None else start] for name, period, value, start in found.panel)
    response = Response("".join(sheets.write(("department", "period", "value", "start"), rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="panel-{made.id}.csv"'
    return response


@bp.get("/<int:intervention_id>/change")
def edit(intervention_id: int) -> str:
    """An intervention to be changed."""
    who = actors.current()
    made = interventions.get(who, intervention_id)
    who.require(Permission.INTERVENTION_MANAGE)
    return _form_page(InterventionForm.of_intervention(made), who, made)


@bp.post("/<int:intervention_id>/change")
def change(intervention_id: int) -> ResponseReturnValue:
    """Change an intervention; after its start with the reason."""
    who = actors.current()
    made = interventions.get(who, intervention_id)
    who.require(Permission.INTERVENTION_MANAGE)
    form = _offered(InterventionForm(), made.owner_id)
    with trying(form) as found:
        if form.validate_on_submit() and (about := form.about()) is not None:
            words = form.reason.data or ""
            if interventions.change(who, made, about, form.days(), reason=words, version=form.seen):
                flash(_("Changed. What was written down first stays to be read below."), "success")
            db.session.commit()
            return redirect(url_for("interventions.show", intervention_id=intervention_id), 303)
    return _form_page(form, who, interventions.get(who, intervention_id)), found.status


@bp.post("/<int:intervention_id>/stop")
def stop(intervention_id: int) -> ResponseReturnValue:
    """End it before its time, or withdraw it, with the reason."""
    who = actors.current()
    made, form = interventions.get(who, intervention_id), ReasonForm()
    who.require(Permission.INTERVENTION_MANAGE)
    with trying(form) as found:
        if form.validate_on_submit():
            interventions.stop(who, made, reason=form.reason.data or "")
            db.session.commit()
            return redirect(url_for("interventions.show", intervention_id=intervention_id), 303)
    return _page(who, interventions.get(who, intervention_id), form, ReadoutForm(formdata=None)), found.status


@bp.post("/<int:intervention_id>/publish")
def publish(intervention_id: int) -> ResponseReturnValue:
    """Tell everybody what came of it."""
    who = actors.current()
    made, form = interventions.get(who, intervention_id), ReadoutForm()
    who.require(Permission.INTERVENTION_MANAGE)
    with trying(form) as found:
        if form.validate_on_submit():
            interventions.publish(who, made, readout=form.readout.data or "")
            db.session.commit()
            flash(_("Told: everybody who is signed in can read it now."), "success")
            return redirect(url_for("interventions.show", intervention_id=intervention_id), 303)
    return _page(who, interventions.get(who, intervention_id), ReasonForm(formdata=None), form), found.status


def _offered(form: InterventionForm, owner: int | None) -> InterventionForm:
    return form.offer(queries.departments(), str(get_locale()), owner=owner)


def _form_page(form: InterventionForm, who: Actor, made: Intervention | None = None, plan: Plan | None = None) -> str:
    owner = made.owner_id if made is not None else who.person_id
    units = queries.departments()
    among = {number for number, _name in plan.lot} if plan and plan.lot else groups.shown_groups()["department"]
    return render_template(
        "adoption/intervention_form.html",
        form=_offered(form, owner),
        made=made,
        state=interventions.state_of(made) if made is not None else None,
        units=units,
        days=days_typed([unit.id for unit in units], made.start_days if made is not None else {}),
        flaw=next((flaw for flaw in wordings.rules(str(get_locale())) if flaw.code == form.flaw.data), None),
        plan=plan,
        outlook=planning.outlook(plan.starts, among) if plan is not None else None,
    )
