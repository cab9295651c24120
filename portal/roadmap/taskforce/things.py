"""Increments, gates, minutes and actions as others may show them."""

from __future__ import annotations

from collections.abc import Collection

from flask import url_for
from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.roadmap import policies
from portal.roadmap.gates import decisions
from portal.roadmap.gates.models import Gate
from portal.roadmap.increments import plans
from portal.roadmap.increments.models import Increment
from portal.roadmap.taskforce.models import Action, Minutes


def increments(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the increments this actor may see, in one query."""
    rows = db.session.execute(select(Increment).where(Increment.id.in_(ids))).scalars()
    return {
        row.id: Thing(
            ref=row.ref,
            title=row.name,
            url=url_for("increments.show", increment_id=row.id),
            summary=row.purpose[:200],
        )
        for row in rows
        if plans.can_see(actor, row)
    }


def gates(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return gates to those who work at them, in one query."""
    if not decisions.can_see(actor):
        return {}
    rows = db.session.execute(select(Gate).where(Gate.id.in_(ids))).scalars()
    return {row.id: Thing(ref=row.ref, title=row.name, url=url_for("gates.show", gate_id=row.id)) for row in rows}


def minutes(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return minutes to the task force, in one query."""
    if not policies.may_steer(actor):
        return {}
    rows = db.session.execute(select(Minutes).where(Minutes.id.in_(ids))).scalars()
    return {
        row.id: Thing(ref=row.ref, title=row.title, url=url_for("taskforce.minutes", minutes_id=row.id)) for row in rows
    }


def actions(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return actions to the task force and to whose they are, in one query."""
    may_steer = policies.may_steer(actor)
    rows = db.session.execute(select(Action).where(Action.id.in_(ids))).scalars()
    return {
        row.id: Thing(ref=row.ref, title=row.title, url=url_for("taskforce.done", action_id=row.id))
        for row in rows
        if may_steer or (actor.person_id is not None and row.owner_id == actor.person_id)
    }
