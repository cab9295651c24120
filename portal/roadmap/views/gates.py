"""Gates: how each stands, what it asks for, who signed, what was decided on which evidence."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import clock
from portal.core.database import db
from portal.core.errors import Forbidden
from portal.core.forms import Form
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.measures import catalogue
from portal.measures.catalogue import Unit
from portal.people import queries as people_queries
from portal.roadmap import notes, policies
from portal.roadmap.gates import decisions, reading, wording
from portal.roadmap.gates.decisions import Follow
from portal.roadmap.gates.forms import AskForm, BarForm, DecideForm, GateForm, LookForm, ReasonForm
from portal.roadmap.gates.models import Condition, Gate, Kind
from portal.roadmap.increments import plans
from portal.roadmap.increments.models import Increment
from portal.roadmap.taskforce import actions, membership
from portal.roadmap.views import sheets
from portal.roadmap.views.sheets import Sheet

bp = Blueprint("gates", __name__, url_prefix="/roadmap/gates", template_folder="../templates")
bp.record_once(lambda state: state.app.jinja_env.globals.update(gate_say=wording))
CURRENT = "taskforce.index"
SHARES = (Kind.RESPONSE, Kind.TOPICS, Kind.TRACED)


def _require_steering() -> None:
    if not policies.may_steer(actors.current()):
        raise Forbidden(_("Gates are set up by the task force."))


@bp.get("/")
def index() -> str:
    """Every gate, with what was decided last."""
    who = actors.current()
    if not decisions.can_see(who):
        raise Forbidden(_("Gates are seen by the task force and the steering group."))
    return render_template(
        "gates/index.html",
        gates=decisions.listing(),
        increments={one.id: one for one in plans.listing(who)},
        may_steer=policies.may_steer(who),
    )


def _new_sheet() -> Sheet:
    return Sheet(
        title=_("Set up a gate"),
        lead=_("A point at which somebody decides whether it goes on. What such a step usually takes comes along."),
        action=url_for("gates.new"),
        trail=[(_("Task force"), url_for("taskforce.index")), (_("Gates"), url_for("gates.index"))],
        current=CURRENT,
        submit=_("Set it up"),
        optional=("increment_id", "due_on"),
    )


@bp.get("/new")
def new() -> str:
    """A gate to be set up."""
    _require_steering()
    asked = request.args.get("increment", "")
    chosen = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    form = GateForm(formdata=None, increment_id=chosen).offer(plans.listing(actors.current()))
    return _new_sheet().draw(form)


@bp.post("/new")
def open_gate() -> ResponseReturnValue:
    """Set it up."""
    _require_steering()
    who = actors.current()
    form = GateForm().offer(plans.listing(who))

    def save() -> str:
        increment: Increment | None = plans.get(who, form.increment_id.data) if form.increment_id.data else None
        name, step = form.name.data or "", form.step.data or ""
        gate = decisions.open_gate(who, name=name, step=step, increment=increment, due_on=form.due_on.data)
        return url_for("gates.show", gate_id=gate.id)

    return _new_sheet().keep_to(form, save)


@bp.get("/<int:gate_id>")
def show(gate_id: int) -> str:
    """How a gate stands now, and what was decided."""
    gate = decisions.get(actors.current(), gate_id)
    made = decisions.decisions(gate)
    form = DecideForm(formdata=None, seen=made[0].id if made else 0)
    return _page(gate, form)


def _page(gate: Gate, form: DecideForm) -> str:
    who = actors.current()
    return render_template(
        "gates/show.html",
        gate=gate,
        stands=decisions.standing(gate),
        increment=db.session.get(Increment, gate.increment_id) if gate.increment_id else None,
        made=decisions.decisions(gate),
        follow=actions.open_ones(source=gate.ref),
        changes=notes.of(gate.ref, fields=("condition",)),
        may_steer=policies.may_steer(who),
        may_decide=decisions.can_decide(who),
        may_sign=decisions.can_sign(who, gate),
        form=form.offer(membership.people_in()),
        press=Form(formdata=None),
    )


@bp.post("/<int:gate_id>/decide")
def decide(gate_id: int) -> ResponseReturnValue:
    """Decide, with the evidence as it stands."""
    who = actors.current()
    gate, form = decisions.get(who, gate_id), DecideForm().offer(membership.people_in())
    by = form.follow_by.data or clock.today() + dt.timedelta(days=decisions.DAYS_TO_FOLLOW)

    def save() -> str:
        owner_id = form.follow_owner.data or None
        follow = [Follow(title=line, due_on=by, owner_id=owner_id) for line in form.lines]
        made = decisions.decide(
            who, gate, form.verdict.data or "", why=form.why.data or "", follow=follow, seen=form.seen.data
        )
        return url_for("gates.decision", gate_id=gate_id, decision_id=made.id)

    return sheets.attempt(form, save, draw=lambda: _page(decisions.get(who, gate_id), form))


@bp.get("/<int:gate_id>/decisions/<int:decision_id>")
def decision(gate_id: int, decision_id: int) -> str:
    """One decision with the evidence as it stood then, whatever it says today."""
    who = actors.current()
    gate = decisions.get(who, gate_id)
    made = decisions.get_decision(gate, decision_id)
    now = {one.condition_id: one for one in decisions.standing(gate).found}
    seen = {ref.id for ref in load_things(who, [Ref("item", one["id"]) for one in made.frozen["items"]])}
    return render_template(
        "gates/decision.html",
        gate=gate,
        made=made,
        found=wording.thawed(made.frozen),
        now=now,
        items=[one for one in made.frozen["items"] if one["id"] in seen],
        names=people_queries.names([one["person"] for one in made.frozen["signed"]]),
    )


@bp.post("/<int:gate_id>/sign")
def sign(gate_id: int) -> ResponseReturnValue:
    """Sign for a seat one holds, or take that back."""
    who = actors.current()
    gate = decisions.get(who, gate_id)
    seat, is_on = request.form.get("seat", ""), request.form.get("on") == "yes"
    where = url_for("gates.show", gate_id=gate_id, _anchor="signatures")
    return sheets.act(where, lambda: decisions.sign(who, gate, seat, is_on=is_on))


# What it asks for


def _sheet(gate: Gate, title: str, action: str, **more: object) -> Sheet:
    trail = [(_("Gates"), url_for("gates.index")), (gate.name, url_for("gates.show", gate_id=gate.id))]
    return Sheet(title=title, action=action, trail=trail, current=CURRENT, **more)  # type: ignore[arg-type]


def _words(gate: Gate, row: Condition) -> str:
    return wording.asked(reading.read(gate, [row])[0])


def _is_share(row: Condition) -> bool:
    measure = catalogue.find(row.subject)
    is_of_measure = row.kind == Kind.MEASURE and measure is not None and measure.unit is Unit.SHARE
    return is_of_measure or row.kind in SHARES


def _typed(row: Condition, value: float | None) -> float | None:
    return value / 100 if value is not None and _is_share(row) else value


def _bar_sheet(gate: Gate, row: Condition) -> Sheet:
    return _sheet(
        gate,
        _words(gate, row),
        url_for("gates.bar", gate_id=gate.id, condition_id=row.id),
        lead=_("Ask for more or less. Decisions that were made keep what was asked for then."),
        hints={"threshold": _("In per cent.")} if _is_share(row) else {},
    )


@bp.get("/<int:gate_id>/conditions/<int:condition_id>")
def bar(gate_id: int, condition_id: int) -> str:
    """What a condition takes to be met; what is looked at by hand, to be looked at."""
    _require_steering()
    gate = decisions.get(actors.current(), gate_id)
    row = decisions.get_condition(gate, condition_id)
    if row.kind == Kind.HAND:
        answer = {True: "yes", False: "no", None: None}[row.is_met]
        return _look_sheet(gate, row).draw(LookForm(formdata=None, is_met=answer, seen=row.seen).offer())
    shown = round(100 * row.threshold, 6) if row.threshold is not None and _is_share(row) else row.threshold
    return _bar_sheet(gate, row).draw(BarForm(formdata=None, threshold=shown))


@bp.post("/<int:gate_id>/conditions/<int:condition_id>")
def set_bar(gate_id: int, condition_id: int) -> ResponseReturnValue:
    """Ask for more or less, or say what one saw."""
    _require_steering()
    who = actors.current()
    gate = decisions.get(who, gate_id)
    row = decisions.get_condition(gate, condition_id)
    if row.kind == Kind.HAND:
        looked = LookForm().offer()
        return _look_sheet(gate, row).keep(
            looked, lambda: decisions.look(who, gate, row, is_met=looked.answer, seen=looked.seen.data or "")
        )
    form = BarForm()

    def set_it() -> None:
        threshold = _typed(row, form.threshold.data)
        decisions.set_bar(who, gate, row, threshold=threshold, reason=form.reason.data or "")

    return _bar_sheet(gate, row).keep(form, set_it)


def _look_sheet(gate: Gate, row: Condition) -> Sheet:
    action = url_for("gates.set_bar", gate_id=gate.id, condition_id=row.id)
    lead = _("No figure tells this. Your name and the day stand beside what you say.")
    return _sheet(gate, _words(gate, row), action, lead=lead, optional=())


def _ask_sheet(gate: Gate) -> Sheet:
    return _sheet(
        gate,
        _("Ask for one thing more"),
        url_for("gates.ask", gate_id=gate.id),
        submit=_("Ask for it"),
        hints={"threshold": _("Shares in per cent."), "words": _("Only where no figure tells.")},
        optional=("subject", "threshold", "words"),
    )


@bp.get("/<int:gate_id>/conditions/new")
def ask(gate_id: int) -> str:
    """One thing more to be asked for."""
    _require_steering()
    return _ask_sheet(decisions.get(actors.current(), gate_id)).draw(AskForm(formdata=None).offer())


@bp.post("/<int:gate_id>/conditions/new")
def ask_for(gate_id: int) -> ResponseReturnValue:
    """Ask for it."""
    _require_steering()
    who = actors.current()
    gate, form = decisions.get(who, gate_id), AskForm().offer()

    def ask_it() -> None:
        subject = form.subject.data or ""
        measure = catalogue.find(subject)
        threshold = form.threshold.data
        if threshold is not None and measure is not None and measure.unit is Unit.SHARE:
            threshold /= 100
        kind = Kind.MEASURE if subject else Kind.HAND
        decisions.ask_for(
            who, gate, kind=kind.value, subject=subject, words=form.words.data or "", threshold=threshold,
            comparison=form.comparison.data or "", days=form.days.data or 28, reason=form.reason.data or "",
        )  # fmt: skip

    return _ask_sheet(gate).keep(form, ask_it)


def _drop_sheet(gate: Gate, row: Condition) -> Sheet:
    return _sheet(
        gate,
        _("Ask for this no more"),
        url_for("gates.drop", gate_id=gate.id, condition_id=row.id),
        lead=_words(gate, row),
        submit=_("Ask for it no more"),
    )


@bp.get("/<int:gate_id>/conditions/<int:condition_id>/drop")
def drop(gate_id: int, condition_id: int) -> str:
    """Something that is not to be asked for any more, with the reason."""
    _require_steering()
    gate = decisions.get(actors.current(), gate_id)
    return _drop_sheet(gate, decisions.get_condition(gate, condition_id)).draw(ReasonForm(formdata=None))


@bp.post("/<int:gate_id>/conditions/<int:condition_id>/drop")
def ask_no_more(gate_id: int, condition_id: int) -> ResponseReturnValue:
    """Ask for it no more."""
    _require_steering()
    who, form = actors.current(), ReasonForm()
    gate = decisions.get(who, gate_id)
    row = decisions.get_condition(gate, condition_id)
    return _drop_sheet(gate, row).keep(
        form, lambda: decisions.ask_no_more(who, gate, row, reason=form.reason.data or "")
    )
