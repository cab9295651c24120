"""What programs may read of goals and interventions: where each stands, by the same rules as on the pages."""

from __future__ import annotations

import math
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from analytics.adoption.goals import Status
from analytics.effects.judging import Direction, Verdict
from portal.adoption import effects, goals, interventions, policies, queries, tracking
from portal.adoption.interventions import State
from portal.adoption.models import Goal, Intervention, Sort, Start
from portal.core.database import db
from portal.core.operations import cursors
from portal.core.operations.operation import Call, Operation, Reply
from portal.core.operations.shapes import (
    Schema,
    choice,
    day,
    many,
    maybe,
    moment,
    number,
    page_of,
    text,
    thing,
    whole,
    yes_no,
)
from portal.core.permissions import Permission
from portal.core.scopes import Scope
from portal.notifications.links import absolute

GROUP = "Goals"
AT = {"number": whole("Its number.", least=1, example=3)}
RANGE = thing(
    "Range",
    "A figure with the range that holds the true one in 95 of 100 such cases; an end that is null has no bound.",
    needed={"point": number(), "low": maybe(number()), "high": maybe(number())},
)
_GOAL: dict[str, Schema] = {
    "number": whole(),
    "title": text(),
    "measure": text("Name of the figure, as in the list of measures."),
    "whose": text("Everybody, a department or a site."),
    "target": number("In the unit of the figure; a share between 0 and 1."),
    "set_on": day(),
    "due_on": day(),
    "owner": maybe(text("Who answers for it.")),
    "status": choice(*(status.value for status in Status), about="From the range of the forecast, not its middle."),
    "now": maybe(number("Lately; null while there is too little.")),
    "forecast": maybe(RANGE),
    "as_of": maybe(day("Counted up to the day before.")),
    "dropped_at": maybe(moment("When it was given up.")),
    "url": text("Its page in the portal."),
}
GOAL = thing("Goal", needed=_GOAL)
START = thing("InterventionStart", needed={"department": text(), "starts_on": day()})
_INTERVENTION: dict[str, Schema] = {
    "number": whole(),
    "title": text(),
    "sort": choice(*(sort.value for sort in Sort)),
    "state": choice(*(state.value for state in State)),
    "measure": text("Name of the figure it is to move."),
    "direction": choice(*(way.value for way in Direction)),
    "expected": number("By how much at least, as registered."),
    "is_randomised": yes_no("Who starts when was drawn by lot."),
    "registered_at": moment(),
    "starts": many(START, "Departments that start; all others are what they are compared with."),
    "stop_on": day(),
    "owner": maybe(text("Who answers for it.")),
    "verdict": maybe(choice(*(verdict.value for verdict in Verdict), about="Null: it is too early.")),
    "effect": maybe(RANGE),
    "share_as_far": maybe(
        number("Ways to hand out the same starts that show as much: p where starts were drawn, else the placebo rank.")
    ),
    "readout": text("What was told of it; empty while nothing is."),
    "published_at": maybe(moment()),
    "url": text("Its page in the portal."),
}
INTERVENTION = thing("Intervention", needed=_INTERVENTION)


def list_goals(call: Call) -> Reply:
    call.actor.require(Permission.INSIGHT_READ)
    limit, after = call.query.get("limit", cursors.USUAL), cursors.after("goals", call.query)
    query = select(Goal).options(joinedload(Goal.owner)).order_by(Goal.id.desc())
    if after is not None:
        query = query.where(Goal.id < after[0])
    rows = list(db.session.execute(query.limit(limit + 1)).scalars())
    more = cursors.make("goals", call.query, rows[limit - 1].id) if len(rows) > limit else None
    return Reply(body={"items": [_goal(row) for row in rows[:limit]], "next": more})


def goal(call: Call) -> Reply:
    return Reply(body=_goal(goals.get(call.actor, call.path["number"])))


def list_interventions(call: Call) -> Reply:
    call.actor.require(Permission.INSIGHT_READ)
    limit, after = call.query.get("limit", cursors.USUAL), cursors.after("interventions", call.query)
    query = select(Intervention).where(policies.seen(call.actor)).order_by(Intervention.id.desc())
    if after is not None:
        query = query.where(Intervention.id < after[0])
    query = query.options(
        joinedload(Intervention.owner), selectinload(Intervention.starts).joinedload(Start.department)
    )
    rows = list(db.session.execute(query.limit(limit + 1)).scalars())
    more = cursors.make("interventions", call.query, rows[limit - 1].id) if len(rows) > limit else None
    return Reply(body={"items": [_intervention(row) for row in rows[:limit]], "next": more})


def intervention(call: Call) -> Reply:
    return Reply(body=_intervention(interventions.get(call.actor, call.path["number"])))


def _goal(row: Goal) -> dict[str, Any]:
    track = tracking.read(row)
    ahead = track.told.forecast if track is not None else None
    return {
        "number": row.id,
        "title": row.title,
        "measure": row.measure,
        "whose": queries.group_name(row),
        "target": row.target,
        "set_on": row.set_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "owner": row.owner.name if row.owner else None,
        "status": tracking.status(row).value,
        "now": track.now.value if track else None,
        "forecast": {"point": ahead.point, "low": ahead.low, "high": ahead.high} if ahead else None,
        "as_of": track.as_of.isoformat() if track else None,
        "dropped_at": row.dropped_at.isoformat() if row.dropped_at else None,
        "url": absolute(url_for("goals.show", goal_id=row.id)),
    }


def _intervention(row: Intervention) -> dict[str, Any]:
    found = effects.read(row)
    mean = found.mean if found is not None else None
    return {
        "number": row.id,
        "title": row.title,
        "sort": row.sort,
        "state": interventions.state_of(row).value,
        "measure": row.measure,
        "direction": row.direction,
        "expected": row.expected,
        "is_randomised": row.is_randomised,
        "registered_at": row.registered_at.isoformat(),
        "starts": [
            {"department": start.department.name, "starts_on": start.starts_on.isoformat()} for start in row.starts
        ],
        "stop_on": row.stop_on.isoformat(),
        "owner": row.owner.name if row.owner else None,
        "verdict": found.verdict.value if found is not None and found.verdict else None,
        "effect": {"point": mean.point, "low": _finite(mean.low), "high": _finite(mean.high)} if mean else None,
        "share_as_far": found.share_as_far if found is not None else None,
        "readout": row.readout,
        "published_at": row.published_at.isoformat() if row.published_at else None,
        "url": absolute(url_for("interventions.show", intervention_id=row.id)),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


OPERATIONS = (
    Operation(
        name="goals", method="GET", path="/goals", group=GROUP, summary="Goals, the newest first, and how each stands",
        scope=Scope.GOALS, run=list_goals, query=dict(cursors.PARAMETERS), answer=page_of(GOAL),
    ),
    Operation(
        name="goal", method="GET", path="/goals/{number}", group=GROUP, summary="One goal",
        scope=Scope.GOALS, run=goal, at=AT, answer=GOAL, is_single=True,
    ),
    Operation(
        name="interventions", method="GET", path="/interventions", group=GROUP,
        summary="Interventions, the newest first, and what each did",
        about="With its range, or that no effect can be detected.",
        scope=Scope.GOALS, run=list_interventions, query=dict(cursors.PARAMETERS), answer=page_of(INTERVENTION),
    ),
    Operation(
        name="intervention", method="GET", path="/interventions/{number}", group=GROUP, summary="One intervention",
        scope=Scope.GOALS, run=intervention, at=AT, answer=INTERVENTION, is_single=True,
    ),
)  # fmt: skip
