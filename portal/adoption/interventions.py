"""Registering interventions before they start, changing them in sight of everybody, ending them, telling what came of
them. Services flush; who calls commits."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from analytics.effects.judging import Direction
from analytics.events import Name
from portal.adoption import effects, planning, policies, revisions
from portal.adoption.models import Intervention, Sort, Start
from portal.adoption.planning import Plan
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Permission
from portal.ledger import services as ledger
from portal.measures import catalogue, changes
from portal.measures.catalogue import Unit
from portal.people.models import Department, Person
from portal.pulse.models import Wave, WaveState
from surveys import flaws

TITLE, WORDS, READOUT = 160, 4000, 4000
MOST = 1_000_000_000.0
FROZEN = ("measure", "direction", "expected", "flaw", "wave_id")
"""What was expected, of what, and why: settled before the start."""


class State(StrEnum):
    """How far an intervention is; it follows from its days."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"


@dataclass(frozen=True, kw_only=True)
class About:
    """What an intervention says."""

    title: str
    sort: Sort
    what: str
    flaw: str
    wave_id: int | None
    measure: str
    direction: Direction
    expected: float
    stop_on: dt.date
    cost: float | None
    owner_id: int | None


def state_of(intervention: Intervention) -> State:
    """Return how far an intervention is today."""
    if intervention.published_at is not None:
        return State.PUBLISHED
    if intervention.stopped_at is not None:
        has_begun = intervention.stopped_at.date() >= intervention.starts_on
        return State.STOPPED if has_begun else State.WITHDRAWN
    if clock.today() < intervention.starts_on:
        return State.PLANNED
    return State.RUNNING if clock.today() < intervention.stop_on else State.OVER


def get(actor: Actor, intervention_id: int) -> Intervention:
    """Return an intervention this actor may see, or NotFound."""
    query = select(Intervention).where(Intervention.id == intervention_id, policies.seen(actor))
    query = query.options(
        joinedload(Intervention.owner), selectinload(Intervention.starts).joinedload(Start.department)
    )
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(_("There is no such intervention."))
    return found


def register(actor: Actor, about: About, plan: Plan) -> Intervention:
    """Register an intervention before its start, and pin its first day on the charts.

    Records `intervention.registered`; refuses what has begun, or cannot be judged (Invalid).
    """
    actor.require(Permission.INTERVENTION_MANAGE)
    _check(about, plan.starts)
    made = Intervention(
        created_by_id=actor.person_id,
        registered_at=clock.now(),
        is_randomised=plan.is_randomised,
        seed=plan.seed,
        lot=[[number, name] for number, name in plan.lot],
        starts=[Start(department_id=number, starts_on=day) for number, day in plan.starts.items()],
        kept={},
        frozen={},
        **_columns(about),
    )
    db.session.add(made)
    db.session.flush()
    effects.renew(made)
    changes.pin_for(actor, made.ref, on=made.starts_on, text=made.title)
    ledger.record(
        Name.INTERVENTION_REGISTERED,
        actor=actor,
        subject=made.ref,
        measure=made.measure,
        starts_on=made.starts_on.isoformat(),
        n_departments=len(made.starts),
    )
    return made


def change(
    actor: Actor, made: Intervention, about: About, starts: Mapping[int, dt.date], *, reason: str, version: int
) -> bool:
    """Change an intervention; False where nothing is different.

    After its start a change needs a reason (Invalid), what was expected cannot be changed any more, and who has begun
    has begun. Days that were drawn by lot and are moved are drawn no longer, and the effect is told so. Records
    `intervention.changed`; refuses to write over what somebody else changed meanwhile (Conflict).
    """
    if not policies.can_change(actor, made):
        raise Forbidden(_("This intervention cannot be changed by you, or not any more."))
    if version != made.version:
        raise Conflict(_("Somebody changed this intervention meanwhile. Look at it again before you change it."))
    has_begun = clock.today() >= made.starts_on
    changed = _differences(made, about, starts)
    if not changed:
        return False
    if has_begun and (settled := [name for name in FROZEN if name in changed]):
        raise Invalid(
            _("It has started. What was expected of it, and why, was settled before and stays as it was."), settled[0]
        )
    _check(about, starts)
    _check_starts(made, starts, has_begun=has_begun)
    words = revisions.reason_of(reason, is_needed=has_begun)
    for name, value in _columns(about).items():
        setattr(made, name, value)
    if "starts" in changed:
        _put_starts(made, starts)
        if made.is_randomised:
            made.is_randomised = False
            changed["is_randomised"] = ("yes", "no")
    made.version += 1
    db.session.flush()
    revisions.note(actor, made.ref, changed, reason=words)
    effects.renew(made)
    changes.pin_for(actor, made.ref, on=made.starts_on, text=made.title)
    ledger.record(Name.INTERVENTION_CHANGED, actor=actor, subject=made.ref, fields=sorted(changed), reason=words)
    return True


def stop(actor: Actor, made: Intervention, *, reason: str) -> None:
    """End it before its time, or withdraw it before its start. Records `intervention.stopped`."""
    if not policies.can_change(actor, made):
        raise Forbidden(_("This intervention cannot be stopped by you, or not any more."))
    words = revisions.reason_of(reason)
    made.stopped_at = clock.now()
    made.version += 1
    is_withdrawn = state_of(made) is State.WITHDRAWN
    if is_withdrawn:
        changes.unpin_for(made.ref)
    revisions.note(actor, made.ref, {revisions.STATE: ("", "withdrawn" if is_withdrawn else "stopped")}, reason=words)
    effects.renew(made)
    ledger.record(Name.INTERVENTION_STOPPED, actor=actor, subject=made.ref, reason=words)


def publish(actor: Actor, made: Intervention, *, readout: str) -> None:
    """Tell everybody what came of it; the effect is frozen as it stands. Records `intervention.published`.

    Refuses while it runs (Invalid): who publishes when the figure looks best tells a story, not an effect.
    """
    if not policies.can_publish(actor, made):
        raise Forbidden(_("This cannot be published by you, or it is already."))
    if state_of(made) not in (State.OVER, State.STOPPED):
        raise Invalid(_("It is not over yet. What came of it is told when it is."), "readout")
    words = readout.strip()
    if not words:
        raise Invalid(_("Say in a few sentences what came of it, and what follows."), "readout")
    if len(words) > READOUT:
        raise Invalid(_("Please keep it shorter."), "readout")
    effects.renew(made)
    made.readout, made.published_at, made.frozen = words, clock.now(), dict(made.kept)
    made.version += 1
    revisions.note(actor, made.ref, {revisions.STATE: ("", "published")}, reason="")
    verdict = str(made.frozen.get("verdict") or "unknown")
    ledger.record(Name.INTERVENTION_PUBLISHED, actor=actor, subject=made.ref, verdict=verdict)


def about_of(made: Intervention) -> About:
    """Return what an intervention says now."""
    return About(
        title=made.title,
        sort=Sort(made.sort),
        what=made.what,
        flaw=made.flaw,
        wave_id=made.wave_id,
        measure=made.measure,
        direction=Direction(made.direction),
        expected=made.expected,
        stop_on=made.stop_on,
        cost=made.cost,
        owner_id=made.owner_id,
    )


def _differences(made: Intervention, about: About, starts: Mapping[int, dt.date]) -> dict[str, tuple[str, str]]:
    found = revisions.differences(about_of(made), about)
    if made.start_days != dict(starts):
        found["starts"] = (_written_starts(made.start_days), _written_starts(starts))
    return found


def _written_starts(starts: Mapping[int, dt.date]) -> str:
    names = dict(db.session.execute(select(Department.id, Department.name)).all())
    order = sorted(starts.items(), key=lambda item: (item[1], item[0]))
    return "; ".join(f"{names.get(number, number)}: {day.isoformat()}" for number, day in order)


def _put_starts(made: Intervention, starts: Mapping[int, dt.date]) -> None:
    made.starts = [Start(department_id=number, starts_on=day) for number, day in starts.items()]


def _check_starts(made: Intervention, starts: Mapping[int, dt.date], *, has_begun: bool) -> None:
    """Refuse (Invalid) to move the start of who has begun, or to put one where nobody could have written it down."""
    today, before = clock.today(), made.start_days
    for number in {*before, *starts}:
        was, becomes = before.get(number), starts.get(number)
        if was == becomes:
            continue
        if was is not None and was <= today:
            raise Invalid(_("A department that has started has started: its day stays as it was."), "departments")
        if becomes is not None and becomes <= today:
            raise Invalid(_("A department starts tomorrow at the earliest."), "departments")
    if not has_begun:
        planning.chosen(starts)


def _columns(about: About) -> dict[str, object]:
    found = {field.name: getattr(about, field.name) for field in fields(About)}
    return {**found, "title": about.title.strip(), "what": about.what.strip(), "sort": about.sort.value,
            "direction": about.direction.value}  # fmt: skip


def _check(about: About, starts: Mapping[int, dt.date]) -> None:
    if not about.title.strip():
        raise Invalid(_("Give it a name by which people will know it."), "title")
    if len(about.title) > TITLE or len(about.what) > WORDS:
        raise Invalid(_("Please keep it shorter."), "title" if len(about.title) > TITLE else "what")
    try:
        measure = catalogue.get(about.measure)
    except KeyError:
        raise Invalid(_("Choose the figure that is to move."), "measure") from None
    if "department" not in measure.kinds:
        raise Invalid(_("This figure is not counted by department, so nothing could be compared."), "measure")
    if measure.is_for_few:
        raise Invalid(
            _("What a department answered is read by those who lead it; what came of this, by everybody. Choose a "
              "figure of what people do. Whether their answers moved is told by the next survey."),
            "measure",
        )  # fmt: skip
    most = 1.0 if measure.unit is Unit.SHARE else MOST
    if not math.isfinite(about.expected) or not 0 < about.expected <= most:
        raise Invalid(_("Say by how much it is to move: more than nought."), "expected")
    if not starts:
        raise Invalid(_("Choose at least one department, and the day on which it starts."), "departments")
    known = set(db.session.execute(select(Department.id).where(Department.id.in_(starts))).scalars())
    if known != set(starts):
        raise Invalid(_("There is no such department."), "departments")
    if about.stop_on <= max(starts.values()):
        raise Invalid(_("It stops after the last department has started."), "stop_on")
    if about.stop_on > clock.today() + planning.LONGEST:
        raise Invalid(_("Choose days within the next three years."), "stop_on")
    if about.cost is not None and not 0 <= about.cost <= MOST:
        raise Invalid(_("A number from 0 on, please."), "cost")
    if about.owner_id is None or db.session.get(Person, about.owner_id) is None:
        raise Invalid(_("Somebody has to answer for it."), "owner_id")
    if about.flaw and about.flaw not in {flaw.code for flaw in flaws.rules()}:
        raise Invalid(_("There is no such flaw."), "flaw")
    if about.wave_id is not None:
        wave = db.session.get(Wave, about.wave_id)
        if wave is None or wave.state != WaveState.CLOSED:
            raise Invalid(_("A flaw comes from a survey that is closed."), "flaw")
